"""Writing a circular, choosing whom it is for, sending it."""

import uuid
from collections import Counter
from copy import copy

from django.contrib import messages
from django.http import QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.edges import NotYours, Refused

from . import services
from .choosing import Choice
from .edges import CIRCULAR_EDGES, WRITERS
from .forms import CircularForm
from .models import Circular
from .registry import MOST, audiences_of
from .views import refused


def _own(request, pk):
    """A circular of the user's office; one of another office that he sees is 403, any other 404."""
    rows = Circular.objects.visible_to(request.user).select_related("office", "corrects", "made_by")
    circular = get_object_or_404(rows, pk=pk)
    if circular.office_id != request.user.office_id:
        raise NotYours("这份文件由发文单位办理。")
    return circular


def _draft_for(request, pk, verb):
    """(draft, None), or (circular, the answer that says why the step is refused)."""
    circular = _own(request, pk)
    try:
        CIRCULAR_EDGES.check(circular, verb, by=request.user)
    except Refused as error:
        return circular, refused(request, circular, error)
    return circular, None


@access.allow(*WRITERS)
def circular_new(request):
    """A new draft; `?audience=…` with filters says whom it is for, `?corrects=` which circular it puts right."""
    user = request.user
    if not services.may_write(user):
        raise NotYours("您的岗位不能发通报。")
    old = _corrected(request)
    data = (request.POST or None, request.FILES or None)
    form = CircularForm(*data, user=user, initial=_initial(request.GET, old))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, corrects=old)
    cleaned, circular = form.cleaned_data, form.instance
    circular.sent_key, circular.corrects = cleaned["sent_key"], cleaned["corrects"]
    circular.choice = _choice_of(user, cleaned)
    try:
        circular = services.draft(circular, by=user, files=cleaned["files"])
    except Refused as error:
        form.add_error(None, str(error))
        form.data = form.data.copy()
        form.data["sent_key"] = uuid.uuid4()
        return _form_page(request, form, corrects=old, status=409)
    messages.success(request, "草稿已保存。请选择发给谁。")
    return redirect("circulars:recipients", circular.pk)


def _corrected(request):
    """The circular that the new one puts right, if it names one that the office has sent."""
    pk = request.POST.get("corrects") or request.GET.get("corrects") or ""
    own = Circular.objects.sent().filter(office=request.user.office_id)
    return own.filter(pk=int(pk)).first() if pk.isascii() and pk.isdecimal() and len(pk) < 19 else None


def _initial(query, old):
    """What the link says; a correction goes to whom the old one went."""
    if old:
        choice = old.choice
        copied = {"kind": old.kind, "title": f"更正：{old.title}"[:80], "text": old.text, "corrects": old.pk}
        return copied | {"audience": choice["audience"], "query": choice["query"]}
    rest = query.copy()
    audience = rest.pop("audience", [""])[-1]
    return {"kind": Circular.Kind.NOTICE, "audience": audience, "query": rest.urlencode()[:500]}


def _choice_of(user, cleaned):
    """What a new draft remembers of its recipients; tidied, so that only known filters stay."""
    if cleaned["audience"] not in {one.code for one in audiences_of(user)}:
        return {}
    data = QueryDict(cleaned["query"], mutable=True)
    data["audience"] = cleaned["audience"]
    choice = Choice(Circular(), user, data)
    left_out = cleaned["corrects"].choice["left_out"] if cleaned["corrects"] else []
    return choice.remembered(choice.found) | {"left_out": left_out}


@access.allow(*WRITERS)
def circular_edit(request, pk):
    circular, answer = _draft_for(request, pk, "edit")
    if answer:
        return answer
    data = (request.POST or None, request.FILES or None)
    form = CircularForm(*data, user=request.user, instance=copy(circular))
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, circular)
    cleaned = form.cleaned_data
    rest = {"files": cleaned["files"], "dropped": cleaned["dropped"], "version": cleaned["version"]}
    try:
        services.edit(form.instance, by=request.user, **rest)
    except Refused as error:
        form.add_error(None, str(error))
        form.data = form.data.copy()
        form.data["version"] = Circular.objects.get(pk=pk).version  # the page has said who was faster
        return _form_page(request, form, circular, status=409)
    messages.success(request, "草稿已保存。")
    return redirect("circulars:recipients", pk)


def _form_page(request, form, circular=None, *, corrects=None, status=None):
    status = status or (422 if form.errors else 200)
    context = {"form": form, "circular": circular, "corrects": corrects or (circular and circular.corrects)}
    return render(request, "circulars/circular_form.html", context, status=status)


@access.allow(*WRITERS)
@require_POST
def circular_drop(request, pk):
    circular, answer = _draft_for(request, pk, "drop")
    if answer:
        return answer
    services.drop(circular, by=request.user)
    messages.success(request, "草稿已删除。")
    return redirect("circulars:circulars")


@access.allow(*WRITERS)
def recipients(request, pk):
    """The list before sending. Pressed: 发出 sends to those ticked, 保存名单 remembers them."""
    circular, answer = _draft_for(request, pk, "edit")
    if answer:
        return answer
    return _recipients_page(request, circular, Choice(circular, request.user, request.GET))


def _recipients_page(request, circular, choice, *, ticked=None, status=200):
    lines = choice.lines(circular)
    if ticked is not None:
        lines = [line._replace(is_ticked=str(line.addressee.office) in ticked) for line in lines]
    context = {
        "circular": circular,
        "audiences": audiences_of(request.user),
        "choice": choice,
        "form": choice.form,
        "lines": lines,
        "ticked": sum(line.is_ticked for line in lines),
        "places": list(Counter(line.addressee.place for line in lines).items()),
        "files": circular.files.count(),
        "most": MOST,
    }
    return render(request, "circulars/recipients.html", context, status=status)


@access.allow(*WRITERS)
@require_POST
def circular_send(request, pk):
    circular, user = _own(request, pk), request.user
    data = QueryDict(request.POST.get("query", "")[:500], mutable=True)
    data["audience"] = request.POST.get("audience", "")
    choice, ticked = Choice(circular, user, data), request.POST.getlist("picked")
    version = request.POST.get("version", "")
    version = int(version) if version.isascii() and version.isdecimal() and len(version) < 10 else 0
    try:
        picked = choice.picked(ticked)
        return _take(request, circular, choice, picked, version)
    except Refused as error:
        circular = Circular.objects.select_related("office").get(pk=pk)
        if not circular.is_draft:
            return refused(request, circular, error)
        messages.error(request, str(error))
        return _recipients_page(request, circular, choice, ticked=set(ticked), status=409 if ticked else 422)


def _take(request, circular, choice, picked, version):
    given = {"by": request.user, "choice": choice.remembered(picked), "version": version}
    if "keep" in request.POST:
        services.keep_choice(circular, **given)
        messages.success(request, "名单已保存在草稿里，还没有发出。")
        return redirect("circulars:recipients", circular.pk)
    services.send(circular, addressees=picked, **given)
    messages.success(request, f"已发给 {len(picked)} {choice.audience.unit}{choice.audience.label}。")
    return redirect(circular)
