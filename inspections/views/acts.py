"""One page for every step of a hazard, made from the table in acts.py."""

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render

from campaign_portal.accounts import access
from campaign_portal.edges import Refused
from campaign_portal.files.outbox import form_page

from .. import services
from ..acts import ACTS
from ..edges import EDGES, REQUEST_EDGES
from ..forms import CountyRules, DecideForm
from ..models import Hazard, Photo, Request


def visible_hazard(request, pk):
    return get_object_or_404(Hazard.objects.visible_to(request.user).for_page(), pk=pk)


def _act_view(act):
    @access.allow(*EDGES[act.verb].roles)
    def view(request, pk):
        hazard = visible_hazard(request, pk)
        try:
            EDGES.check(hazard, act.verb, by=request.user)
        except Refused as error:
            return _already_moved_on(request, hazard, act, str(error))
        form = act.form(
            request.POST or None, request.FILES or None, hazard=hazard, user=request.user, rules=CountyRules(hazard)
        )
        if request.method != "POST" or not form.is_valid():
            return _act_page(request, act, hazard, form)
        try:
            act.do(hazard, request.user, form.cleaned_data)
        except services.Stale as error:
            return _stale(request, act, hazard, form, error)
        except Refused as error:
            form.add_error(None, str(error))
            return _act_page(request, act, hazard, form, status=409)
        messages.success(request, f"{hazard.code} {act.success}")
        return redirect(hazard)

    view.__name__ = f"hazard_{act.verb}"
    return view


def _already_moved_on(request, hazard, act, sentence):
    """A second press of one's own finds the step done: that is good news, not an error."""
    last = services.last_event(hazard)
    if request.method == "POST" and last and last.actor_id == request.user.pk and last.label == act.label:
        messages.info(request, f"{hazard.code} 您刚才已经办理“{act.label}”，不用再提交。")
    else:
        messages.error(request, f"{hazard.code} {sentence}{_who_was_faster(request, last)}")
    return redirect(hazard)


def _who_was_faster(request, last):
    if request.method != "POST" or last is None:
        return ""
    who = "您" if last.actor_id == request.user.pk else f"{last.office_name}{last.actor_name}"
    return f"{who}已办理“{last.label}”。"


def _stale(request, act, hazard, form, error):
    """Somebody was faster. Show where it stands; keep what was typed if the step still makes sense."""
    fresh = visible_hazard(request, hazard.pk)
    try:
        EDGES.check(fresh, act.verb, by=request.user)
    except Refused:
        return _already_moved_on(request, fresh, act, str(error))
    form.data = _with_version(form.data, fresh)
    form.add_error(None, str(error))
    return _act_page(request, act, fresh, form, status=409)


def _with_version(data, hazard):
    """What was typed, beside the version that the page now shows."""
    data = data.copy()
    data["version"] = hazard.version
    return data


def _act_page(request, act, hazard, form, status=None):
    prefetch_related_objects([hazard], "photos__file", "requests")
    context = {
        "act": act,
        "label": act.label_for(request.user),
        "hazard": hazard,
        "form": form,
        "photos": photo_rows(hazard),
        "cancel_url": hazard.get_absolute_url(),
    }
    return form_page(request, act.template, context, status=status)


def photo_rows(hazard):
    """Before- and after-photos in pairs: [(before or None, [after, …])], unpaired afters last."""
    photos = list(hazard.photos.all())
    befores = [photo for photo in photos if photo.stage == Photo.Stage.BEFORE]
    afters = [photo for photo in photos if photo.stage == Photo.Stage.AFTER]
    pairs = [(before, [after for after in afters if after.answers_id == before.pk]) for before in befores]
    loose = [after for after in afters if after.answers_id is None]
    # An unpaired after-photo stands beside the first before-photo that has none: people look for it there.
    for index, (before, its_afters) in enumerate(pairs):
        if loose and not its_afters:
            pairs[index] = (before, [loose.pop(0)])
    return pairs + [(None, [after]) for after in loose]


act_views = [(act, _act_view(act)) for act in ACTS.values()]


@access.allow(*REQUEST_EDGES["decide"].roles, duty="is_approver")
def request_decide(request, pk, request_pk):
    """Grant or refuse an extension or a voiding."""
    hazard = visible_hazard(request, pk)
    asked = get_object_or_404(
        Request.objects.select_related("asked_by__office", "office"), pk=request_pk, hazard=hazard
    )
    try:
        REQUEST_EDGES.check(asked, "decide", by=request.user)
    except Refused as error:
        messages.error(request, f"{hazard.code} {error}")
        return redirect(hazard)
    form = DecideForm(request.POST or None, initial={"version": hazard.version})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            services.decide_request(
                request=asked,
                by=request.user,
                granted=data["granted"] == "yes",
                decision=data["decision"],
                version=data["version"],
            )
        except Refused as error:
            hazard = visible_hazard(request, pk)
            form.data = _with_version(form.data, hazard)
            form.add_error(None, str(error))
            status = 409
        else:
            word = "已同意" if data["granted"] == "yes" else "不同意"
            until = f"，期限延至 {asked.new_due_on:%Y-%m-%d}" if asked.new_due_on and word == "已同意" else ""
            messages.success(request, f"{hazard.code} {word}{asked.get_kind_display()}{until}。")
            return redirect(hazard)
    context = {"hazard": hazard, "asked": asked, "form": form}
    return render(request, "inspections/request_decide.html", context, status=status)
