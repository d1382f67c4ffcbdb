"""Reading circulars: the lists, one of them, what a recipient answers, and what the sender sees of it."""

from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, OFFICERS, Role
from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused
from campaign_portal.files.responses import send_file
from campaign_portal.lists.paging import Order, page_of
from campaign_portal.sheets import writing

from . import receipts, services, telling
from .edges import CIRCULAR_EDGES, RECIPIENT_EDGES, WRITERS
from .forms import CallForm, ReplyForm
from .models import Circular, Recipient
from .sheets import RECEIPTS, STATES, states_of

NEWEST = Order("at", "时间", (), is_descending=True)
AS_CHOSEN = Order("as", "名单顺序", ())
PAGE = 30
RECIPIENTS_PAGE = 100


# The lists


@access.allow(*EVERYONE)
def circulars(request):
    """What the office has been sent, has sent, is writing; for a bureau, what others in its area have sent."""
    tabs = _tabs(request.user)
    codes = [code for code, *_ in tabs]
    tab = request.GET.get("tab")
    tab = tab if tab in codes else "sent" if request.user.office.kind == Role.BUREAU else "received"
    query = request.GET
    rows = {code: rows for code, _, rows, _ in tabs}[tab]
    page = page_of(rows, NEWEST, after=query.get("after", ""), before=query.get("before", ""), size=PAGE)
    context = {
        "lists": [(code, label, number) for code, label, _, number in tabs],
        "tab": tab,
        "page": page,
        "may_write": services.may_write(request.user),
    }
    return render(request, "circulars/circulars.html", context)


def _tabs(user):
    """(code, label, rows, number beside the label or 0)"""
    received = Recipient.objects.filter(office=user.office_id)
    waiting = received.waiting().count()
    tabs = [("received", "收到的", received.select_related("circular__office"), waiting)]
    if user.office.kind in WRITERS:
        own = Circular.objects.filter(office=user.office_id).select_related("office", "sent_by", "made_by")
        drafts = own.filter(status=Circular.Status.DRAFT)
        sent = ("sent", "发出的", own.sent().with_counts(), 0)
        tabs = [*tabs, sent, ("drafts", "草稿", drafts, drafts.count())]
    if user.office.kind == Role.BUREAU:
        others = Circular.objects.overseen_by(user).sent().exclude(office=user.office_id)
        tabs.append(("area", "辖区单位发出的", others.select_related("office", "sent_by").with_counts(), 0))
    return tabs


# One circular


def _visible(request, pk):
    rows = Circular.objects.visible_to(request.user).select_related("office", "sent_by", "made_by", "corrects")
    return get_object_or_404(rows, pk=pk)


@access.allow(*EVERYONE)
def circular_page(request, pk):
    return _page(request, _visible(request, pk))


def refused(request, circular, error):
    """The circular's page with the sentence of a refusal, as 409."""
    messages.error(request, str(error))
    return _page(request, _visible(request, circular.pk), status=409)


def _page(request, circular, *, reply_form=None, status=200):
    user = request.user
    mine = circular.recipients.filter(office=user.office_id).select_related("read_by", "replied_by").first()
    files = list(circular.files.filter(recipient=None).select_related("file"))
    seen = Circular.objects.visible_to(user)
    context = {
        "circular": circular,
        "pictures": [row for row in files if row.file.is_picture],
        "documents": [row for row in files if not row.file.is_picture],
        "corrects": circular.corrects,
        "may_open_old": circular.corrects_id and seen.filter(pk=circular.corrects_id).exists(),
        "corrections": list(seen.sent().filter(corrects=circular)),
        "mine": mine,
        "own_files": list(mine.files.select_related("file")) if mine else [],
        "verbs": CIRCULAR_EDGES.verbs_for(circular, by=user),
        "oversight": _oversight(request, circular),
        **_answering(mine, circular, user, reply_form),
    }
    return render(request, "circulars/circular.html", context, status=status)


def _answering(mine, circular, user, reply_form):
    """What the user's office may answer."""
    if mine is None:
        return {"may_read": False, "reply_form": None}
    mine.circular = circular
    may_reply = circular.asks_reply and RECIPIENT_EDGES.allows(mine, "reply", by=user)
    form = reply_form or (ReplyForm(user=user) if may_reply else None)
    return {"may_read": RECIPIENT_EDGES.allows(mine, "read", by=user), "reply_form": form}


def _oversight(request, circular):
    """What every recipient made of it, for the sender and the bureau above; None for others and of a draft."""
    user = request.user
    if circular.is_draft or not Circular.objects.overseen_by(user).filter(pk=circular.pk).exists():
        return None
    query, states = request.GET, states_of(circular)
    counts = circular.recipients.aggregate(
        all=Count("pk"), **{code: Count("pk", filter=STATES[code].q) for code in states}
    )
    state = query.get("state") if query.get("state") in states else ""
    rows = circular.recipients.filter(STATES[state].q) if state else circular.recipients.all()
    rows = rows.select_related("read_by__office", "replied_by__office").prefetch_related("files__file")
    page = page_of(rows, AS_CHOSEN, after=query.get("after", ""), before=query.get("before", ""), size=RECIPIENTS_PAGE)
    is_mine = circular.office_id == user.office_id
    _give_contacts(page.rows, circular, user)
    return {
        "page": page,
        "state": state,
        "number": counts["all"],
        "states": [(code, STATES[code].label(circular), counts[code]) for code in states],
        "is_mine": is_mine,
        "hindrance": _hindrance(circular, user) if is_mine else "",
        "may_export": user.office.kind in OFFICERS,
        "may_phone": is_mine and user.is_caseworker,
        "events": Event.objects.about(circular).order_by("-pk")[:20] if is_mine else None,
    }


def _hindrance(circular, user):
    """Why nobody can be nudged now, or ""."""
    return CIRCULAR_EDGES["nudge"].unless(circular, user) or ""


def _give_contacts(rows, circular, user):
    """Each row that waits gets whom to call. Only officers see the number in full."""
    for row in rows:
        row.circular = circular
    waiting = [row.office_id for row in rows if row.is_waiting]
    people = telling.contacts_of(circular, waiting) if waiting else {}
    for row in rows:
        row.person = people.get(row.office_id)
        row.shows_phone = user.office.kind in OFFICERS


@access.allow(*EVERYONE)
def circular_file(request, pk, file_pk):
    return send_file(request, _file(request, pk, file_pk).file)


@access.allow(*EVERYONE)
def circular_thumbnail(request, pk, file_pk):
    row = _file(request, pk, file_pk)
    return send_file(request, row.file, thumbnail=row.file.is_picture)


def _file(request, pk, file_pk):
    """A file of the circular for whoever sees it; one of a reply only for who wrote it and who reads the replies."""
    circular = _visible(request, pk)
    row = get_object_or_404(circular.files.select_related("file", "recipient"), pk=file_pk)
    if row.recipient and row.recipient.office_id != request.user.office_id:
        get_object_or_404(Circular.objects.overseen_by(request.user), pk=pk)
    return row


# The recipient's answer


def _mine(request, pk):
    """What the user's office has been sent; 404 where it has not."""
    rows = Recipient.objects.select_related("circular__office", "circular__corrects", "circular__sent_by")
    return get_object_or_404(rows, circular=pk, office=request.user.office_id)


@access.allow(*EVERYONE)
@require_POST
def circular_read(request, pk):
    recipient = _mine(request, pk)
    try:
        receipts.confirm_read(recipient, by=request.user)
    except Refused as error:
        return refused(request, recipient.circular, error)
    messages.success(request, f"已告诉{recipient.circular.office.short_name}：您已阅读。")
    return redirect(recipient)


@access.allow(*EVERYONE)
@require_POST
def circular_reply(request, pk):
    recipient = _mine(request, pk)
    form = ReplyForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return _page(request, _visible(request, pk), reply_form=form, status=422)
    data = form.cleaned_data
    try:
        receipts.reply(recipient, by=request.user, text=data["text"], files=data.get("photos", ()))
    except Refused as error:
        form.add_error(None, str(error))
        return _page(request, _visible(request, pk), reply_form=form, status=409)
    messages.success(request, f"已回复{recipient.circular.office.short_name}。")
    return redirect(recipient)


# The sender's side


@access.allow(*WRITERS)
@require_POST
def circular_nudge(request, pk):
    circular = _visible(request, pk)
    try:
        number = receipts.nudge(circular, by=request.user)
    except Refused as error:
        return refused(request, circular, error)
    messages.success(request, f"已催 {number} 个单位。")
    return redirect(circular)


@access.allow(*WRITERS)
def circular_phone(request, pk, recipient_pk):
    """The sender has called a recipient: what was said."""
    circular = _visible(request, pk)
    recipient = get_object_or_404(circular.recipients.select_related("circular__office"), pk=recipient_pk)
    try:
        RECIPIENT_EDGES.check(recipient, "phone", by=request.user)
    except Refused as error:
        return refused(request, circular, error)
    form = CallForm(request.POST if request.method == "POST" else None, asks_reply=circular.asks_reply)
    if form.is_valid():
        try:
            receipts.register_call(recipient, by=request.user, text=form.cleaned_data.get("text", ""))
        except Refused as error:
            return refused(request, circular, error)
        messages.success(request, f"已登记：{recipient.label}已电话告知。")
        return redirect(circular)
    person = telling.contacts_of(circular, [recipient.office_id]).get(recipient.office_id)
    context = {
        "circular": circular,
        "recipient": recipient,
        "form": form,
        "person": person,
        "shows_phone": request.user.office.kind in OFFICERS,
    }
    return render(request, "circulars/phone.html", context, status=422 if form.errors else 200)


@access.allow(Role.BUREAU, Role.TOWNSHIP)
@require_POST
def circular_export(request, pk):
    """The receipts as .xlsx, filtered as the page is."""
    circular = get_object_or_404(Circular.objects.overseen_by(request.user).sent(), pk=pk)
    query = request.GET.copy()
    query["circular"] = circular.pk
    with transaction.atomic():
        response, number = writing.download(RECEIPTS, user=request.user, query=query)
        writing.recorded(RECEIPTS, user=request.user, query=query, rows=number)
    return response
