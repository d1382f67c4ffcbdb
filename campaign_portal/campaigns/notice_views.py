"""From a notice to a campaign, page by page: take in, go through, confirm."""

import uuid
from collections import Counter
from typing import NamedTuple

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.edges import Refused
from campaign_portal.files.responses import send_file

from . import drafting
from .edges import LEADERS
from .highlights import segments
from .models import Campaign, DraftItem, Notice
from .notice_forms import FORMS, ConfirmForm, NoticeForm, OfficesForm, objections
from .parts import part_at, parts_of
from .stepping import refused
from .submissions.reading import number_of

Kind = DraftItem.Kind
Decision = DraftItem.Decision
SHOWN = 50


@access.allow(*LEADERS)
def notices(request):
    """The notices that the office has taken in, newest first."""
    rows = Notice.objects.filter(office=request.user.office).select_related("read_by").prefetch_related("campaigns")
    return render(request, "campaigns/notices.html", {"notices": rows[:SHOWN]})


@access.allow(*LEADERS)
def notice_new(request):
    """Paste or upload; the rules read it at once."""
    form = NoticeForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            notice = drafting.take_in(data["text"], by=request.user, file=form.file(), sent_key=data["sent_key"])
        except Refused as error:
            form.add_error(None, str(error))
            form.data = form.data.copy()
            form.data["sent_key"] = uuid.uuid4()
            return render(request, "campaigns/notice_new.html", {"form": form}, status=409)
        return redirect("campaigns:notice", notice.pk)
    return render(request, "campaigns/notice_new.html", {"form": form}, status=422 if form.is_bound else 200)


def _notice(request, pk):
    return get_object_or_404(Notice.objects.visible_to(request.user).defer("reading"), pk=pk)


def _draft(request, pk):
    """A notice of the user's own office: only it works on the draft."""
    notice = _notice(request, pk)
    if notice.office_id != request.user.office_id:
        raise PermissionDenied("这份通知由录入它的单位整理。")
    return notice


@access.allow(*Role)
def notice_page(request, pk):
    """The notice beside what was read out of it. Everybody who sees its campaign may read; its office may decide.

    A long one comes in parts: ?part= by number, ?item= and ?at= the one with an item or a place of the text.
    """
    notice = _notice(request, pk)
    return _review(request, notice, **{name: number_of(request.GET.get(name)) for name in ("part", "item", "at")})


def _review(request, notice, *, part=None, item=None, at=None):
    campaign = notice.campaigns.first()
    every = list(notice.items.values_list("pk", "kind", "decision", "start", "end", "data__is_work", named=True))
    parts = parts_of(notice.shown, [(row.start, row.end) for row in every if row.start is not None])
    shown = _part(parts, every, part=part, item=item, at=at)
    here = [row.pk for row in every if part_at(parts, row.start) == shown]
    items = list(notice.items.filter(pk__in=here).select_related("parent"))
    for one in items:
        one.notice = notice
    is_own = notice.office_id == request.user.office_id
    findings, relative = _said_of(notice, shown)
    context = {
        "notice": notice,
        "campaign": campaign,
        "may_decide": is_own and not campaign and not notice.dropped_at,
        "segments": segments(notice, items, shown),
        "groups": _groups(every, items),
        "findings": findings if is_own else None,
        "relative": relative,
        "pending": sum(row.decision == Decision.PENDING for row in every),
        "part": shown,
        "parts": _parts_to_choose(parts, every) if len(parts) > 1 else [],
    }
    return render(request, "campaigns/notice.html", context)


def _part(parts, every, *, part, item, at):
    """The part that is asked for, else the first."""
    if item is not None:
        return next((part_at(parts, row.start) for row in every if row.pk == item), parts[0])
    if at is not None:
        return part_at(parts, at)
    return parts[min(max(part or 1, 1), len(parts)) - 1]


def _parts_to_choose(parts, every):
    """[(Part, how many of its items wait for a decision)]"""
    waiting = Counter(part_at(parts, row.start).number for row in every if row.decision == Decision.PENDING)
    return [(part, waiting[part.number]) for part in parts]


def _groups(every, items):
    """By kind: how many items there are in the notice, how many wait for a decision, and those that the page shows."""
    count = Counter(row.kind for row in every)
    pending = Counter(row.kind for row in every if row.decision == Decision.PENDING)
    headings = Counter(row.kind for row in every if row.kind == Kind.TASK and not row.data__is_work)
    return [
        {
            "kind": kind.value,
            "label": kind.label,
            "items": [item for item in items if item.kind == kind],
            "count": count[kind],
            "pending": pending[kind],
            "headings": headings[kind],
        }
        for kind in Kind
    ]


# What the rules say about many lines alike is folded under one of these; conflicts stand by themselves, on top.
ROUTINE = {
    "year_resolved": "日期没有写年份，已推定",
    "task_without_owner": "任务没有写明责任单位",
    "target_without_date": "指标没有写明完成日期",
    "cited_unknown": "引用的文件不在文件库",
}


class Findings(NamedTuple):
    """What the rules object to in a part: `urgent` need a look, `alike` are [(words, those alike)]; `count` in the notice."""

    urgent: list
    alike: list
    count: int


def _said_of(notice, part):
    """(the Findings of a part, the limits in it that have no day of their own). One query."""
    keys = ("reading__findings", "reading__relative_deadlines")
    findings, relative = (rows or [] for rows in Notice.objects.values_list(*keys).get(pk=notice.pk))
    here = [f | {"phrase": notice.shown[f["from"] : f["to"]][:120]} for f in findings if _is_in(f, part)]
    alike = [(words, [f for f in here if f["code"] == code]) for code, words in ROUTINE.items()]
    urgent = [f for f in here if f["code"] not in ROUTINE]
    return Findings(urgent, [pair for pair in alike if pair[1]], len(findings)), [
        r for r in relative if _is_in(r, part)
    ]


def _is_in(said, part):
    return part.start <= said["from"] < part.end


@access.allow(*Role)
def notice_file(request, pk):
    """The document that the notice came in."""
    notice = _notice(request, pk)
    if notice.file is None:
        return HttpResponse("这份通知是粘贴的文字，没有文件。", status=404, content_type="text/plain; charset=utf-8")
    return send_file(request, notice.file)


# Items


def _item(request, pk, item_pk):
    notice = _draft(request, pk)
    item = get_object_or_404(notice.items.select_related("parent"), pk=item_pk)
    item.notice = notice
    return item


@access.allow(*LEADERS)
@require_POST
def item_decide(request, pk, item_pk):
    """One press: accept, leave out, or take that back. Answers htmx with the card, others with the page at the card."""
    item = _item(request, pk, item_pk)
    decision = request.POST.get("decision")
    if decision not in Decision.values:
        return HttpResponse("处理方式不对，请刷新页面再试。", status=422, content_type="text/plain; charset=utf-8")
    try:
        item = drafting.decide(item, decision, by=request.user)
    except Refused as error:
        return _refused(request, item.notice, error, item=item.pk)
    if request.htmx:
        return render(request, "campaigns/_draft_item.html", {"item": item, "may_decide": True})
    return redirect(_at(item))


def _at(item):
    return f"{reverse('campaigns:notice', args=[item.notice_id])}?item={item.pk}#item-{item.pk}"


def _refused(request, notice, error, **place):
    if request.htmx:
        messages.error(request, str(error))
        return HttpResponse(status=204, headers={"HX-Redirect": reverse("campaigns:notice", args=[notice.pk])})
    return refused(request, error, lambda: _review(request, notice, **place))


@access.allow(*LEADERS)
@require_POST
def items_accept(request, pk, kind):
    """Accept whatever of a kind nobody has decided about, in all parts."""
    notice = _draft(request, pk)
    if kind not in Kind.values:
        return HttpResponse(status=404)
    part = number_of(request.POST.get("part"))
    try:
        count = drafting.accept_rest(notice, kind, by=request.user)
    except Refused as error:
        return _refused(request, notice, error, part=part)
    messages.success(request, f"{Kind(kind).label}：采用了 {count} 条。")
    return redirect(f"{reverse('campaigns:notice', args=[pk])}?part={part or 1}#{kind}")


@access.allow(*LEADERS)
def item_edit(request, pk, item_pk):
    item = _item(request, pk, item_pk)
    form_class = FORMS[Kind(item.kind)]
    if request.method != "POST":
        return _item_form(request, item.notice, item.kind, form_class.of(item), item=item)
    form = form_class(request.POST, notice=item.notice, item=item)
    if form.is_valid():
        try:
            drafting.change(
                item,
                item.data | form.data_kept(),
                by=request.user,
                version=form.cleaned_data["version"],
                parent=form.cleaned_data.get("task"),
            )
        except Refused as error:
            form.add_error(None, str(error))
            item.refresh_from_db()
            return _item_form(request, item.notice, item.kind, form, item=item, status=409)
        return redirect(_at(item))
    return _item_form(request, item.notice, item.kind, form, item=item, status=422)


@access.allow(*LEADERS)
def item_add(request, pk, kind):
    """An item that the rules did not find, with the phrase that was marked in the text (?start=&end=)."""
    notice = _draft(request, pk)
    if kind not in Kind.values:
        return HttpResponse(status=404)
    start, end = _marked(request, notice)
    phrase = notice.shown[start:end] if start is not None else ""
    field = "title" if kind == Kind.TASK else "name"
    initial = {field: " ".join(phrase.split())[:60], "is_work": True, "task": _task_at(notice, start)}
    form = FORMS[Kind(kind)](request.POST or None, notice=notice, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            item = drafting.add(
                notice,
                kind,
                form.data_kept(),
                by=request.user,
                parent=form.cleaned_data.get("task"),
                start=start,
                end=end,
                sent_key=form.cleaned_data["sent_key"],
            )
        except Refused as error:
            form.add_error(None, str(error))
            form.data = form.data.copy()
            form.data["sent_key"] = uuid.uuid4()
            return _item_form(request, notice, kind, form, phrase=phrase, status=409)
        return redirect(_at(item))
    return _item_form(request, notice, kind, form, phrase=phrase, status=422 if form.is_bound else 200)


def _marked(request, notice):
    """The offsets of a marked phrase, if they lie in the text; else (None, None)."""
    start, end = (request.GET.get(name, "") for name in ("start", "end"))
    if not (start.isdecimal() and end.isdecimal() and len(start) < 9 and len(end) < 9):
        return None, None
    start, end = int(start), int(end)
    return (start, end) if start < end <= len(notice.text) and end - start <= 300 else (None, None)


def _task_at(notice, place):
    """The innermost task in whose stretch a place of the text stands, passing over those that were left out."""
    if place is None:
        return None
    tasks = Notice.objects.values_list("reading__tasks", flat=True).get(pk=notice.pk) or []
    around = [number for number, task in enumerate(tasks) if task["from"] <= place < max(task["to"], task["body_end"])]
    items = notice.items.filter(kind=Kind.TASK, is_added=False, order__in=around).exclude(decision=Decision.DROPPED)
    return items.order_by("-order").first()


def _item_form(request, notice, kind, form, *, item=None, phrase="", status=200):
    if item is not None and item.start is not None:
        phrase = notice.shown[item.start : item.end]
    context = {
        "notice": notice,
        "item": item,
        "form": form,
        "label": Kind(kind).label,
        "phrase": phrase,
        "around": notice.shown[max(0, item.start - 120) : item.end + 120]
        if item is not None and item.start is not None
        else "",
    }
    return render(request, "campaigns/notice_item.html", context, status=status)


@access.allow(*LEADERS)
@require_POST
def notice_drop(request, pk):
    notice = _draft(request, pk)
    try:
        drafting.drop(notice, by=request.user)
    except Refused as error:
        return _refused(request, notice, error)
    messages.success(request, "草案已放弃，通知原文还留着。")
    return redirect("campaigns:notices")


# Confirming


@access.allow(*LEADERS)
def notice_confirm(request, pk):
    """Head of the campaign and who is meant by the names; then it is made, as a draft."""
    notice = _draft(request, pk)
    accepted = list(notice.items.filter(decision=Decision.ACCEPTED))
    head, overlap = drafting.propose_head(notice, request.user)
    form = ConfirmForm(request.POST or None, instance=Campaign(), initial=head, user=request.user, overlap=overlap)
    offices = OfficesForm(
        request.POST or None,
        names=drafting.names_told(accepted),
        offices=drafting.offices_of(request.user.office),
        guess=drafting.guess_offices,
    )
    unsound = objections(notice, accepted)  # that nobody has looked at closely
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid() and offices.is_valid() and not unsound:
            campaign, status = _confirmed(notice, form, offices, request.user)
            if campaign:
                return _made(request, notice, campaign)
    context = {
        "notice": notice,
        "form": form,
        "offices": offices,
        "counts": [(kind.label, sum(item.kind == kind for item in accepted)) for kind in Kind],
        "pending": notice.items.filter(decision=Decision.PENDING).count(),
        "gaps": drafting.gaps(notice, offices.offices()),
        "unsound": unsound[:SHOWN],
        "more_unsound": max(0, len(unsound) - SHOWN),
    }
    return render(request, "campaigns/notice_confirm.html", context, status=status)


def _made(request, notice, campaign):
    """To the draft; or back to the notice where another office leads, which alone sees the draft."""
    if campaign.lead_id == request.user.office_id:
        messages.success(request, "方案已生成，还是草案：核对任务和分工后点“启动”。")
        return redirect("campaigns:campaign", campaign.pk)
    messages.success(request, f"方案已生成，交{campaign.lead.name}核对；由它启动后，您就能看到。")
    return redirect("campaigns:notice", notice.pk)


def _confirmed(notice, form, offices, user):
    """(the campaign, 200), or (None, status) with the reason on the form."""
    try:
        with transaction.atomic():
            campaign = drafting.confirm(notice, form.instance, offices.offices(), by=user)
            campaign.previous.set(form.cleaned_data.get("previous") or [])
    except Refused as error:
        form.add_error(None, str(error))
        return None, 409
    except IntegrityError:
        form.add_error("code", "本单位已有专项行动使用这个编号代码，请换一个。")
        return None, 422
    return campaign, 200
