"""Pages of the activities: the list, one of them, recording, correcting, voiding; their photos and documents."""

import uuid
from copy import copy

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import OFFICERS, Role
from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused
from campaign_portal.files.outbox import form_page
from campaign_portal.files.responses import send_file
from campaign_portal.files.services import BadDocument, store_document
from campaign_portal.lists.paging import page_of
from campaign_portal.sheets.views import export_response

from . import activities as services
from .activity_edges import ACTIVITY_EDGES, RECORDERS, may_record
from .activity_filters import HELD, ActivityFilter, counts_by_kind, for_list
from .activity_forms import ActivityForm, VoidForm
from .activity_sheet import ACTIVITIES
from .models import Activity, ActivityFile

# The list


@access.allow(*Role)
def activities(request):
    """The activities in the user's sight, counted by kind."""
    form = ActivityFilter(request.GET, user=request.user)
    query = request.GET
    page = page_of(for_list(form.found), HELD, after=query.get("after", ""), before=query.get("before", ""))
    kinds = counts_by_kind(form.found_of_any_kind())
    shown = [line for line in kinds if form.chosen.get("kind") in (None, line.kind)]
    planned = sum(line.planned for line in shown)
    context = {
        "form": form,
        "page": page,
        "kinds": kinds,
        "number": sum(line.number for line in kinds),
        "count": sum(line.number for line in shown) - planned,
        "planned": planned,
        "attendances": sum(line.attendances for line in shown),
        "may_record": may_record(request.user),
        "kind": form.data["kind"],
    }
    return render(request, "facilities/activities.html", context)


@access.allow(*Role)
@require_POST
def activities_export(request):
    """The filtered list as .xlsx."""
    return export_response(request, ACTIVITIES)


# One activity


def _visible(request, pk):
    rows = Activity.objects.visible_to(request.user).select_related(
        "campaign", "task", "organiser", "recorded_by__office", "voided_by__office"
    )
    return get_object_or_404(rows, pk=pk)


@access.allow(*Role)
def activity_page(request, pk):
    activity = _visible(request, pk)
    if activity.edition_of_id:
        return redirect(activity)
    user = request.user
    files = list(activity.files.filter(removed_at=None).select_related("file", "added_by"))
    is_insider = user.office.kind in OFFICERS or user.office_id == activity.organiser_id
    context = {
        "activity": activity,
        "homes": activity.homes.select_related("facility", "supervisor"),
        "photos": [row for row in files if row.file.is_picture],
        "documents": [row for row in files if not row.file.is_picture],
        "editions": activity.editions.select_related("voided_by").order_by("-pk"),
        "events": Event.objects.about(activity) if is_insider else None,
        "verbs": ACTIVITY_EDGES.verbs_for(activity, by=user),
        "is_waiting": activity.is_waiting(),
    }
    return render(request, "facilities/activity.html", context)


@access.allow(*RECORDERS)
def activity_new(request):
    """Record what has taken place, or plan what will."""
    user = request.user
    if not may_record(user):
        raise services.NotYours("您的岗位不能登记活动。")
    form = ActivityForm(request.POST or None, request.FILES or None, user=user, prefill=request.GET)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, "登记活动")
    data = form.cleaned_data
    activity = Activity(sent_key=data["sent_key"], **form.changes())
    try:
        activity = services.record_activity(activity, by=user, homes=data["homes"] or (), photos=data["photos"])
    except Refused as error:
        form.add_error(None, str(error))
        form.data = form.data.copy()
        form.data["sent_key"] = uuid.uuid4()  # nothing was saved under the old one, or something else was
        return _form_page(request, form, "登记活动", status=409)
    planned = activity.status == Activity.Status.PLANNED
    messages.success(request, "已存为计划，开展后请来登记情况。" if planned else "活动已登记。")
    return redirect(activity)


@access.allow(*RECORDERS)
def activity_edit(request, pk):
    return _change(request, pk, "edit", "修改活动", services.edit_activity, "修改已保存。")


@access.allow(*RECORDERS)
def activity_hold(request, pk):
    return _change(request, pk, "hold", "登记开展情况", services.hold_activity, "开展情况已登记。")


def _change(request, pk, verb, title, service, done):
    """Correct an activity, or say how a planned one went."""
    activity, refusal = _ready_for(request, pk, verb)
    if refusal:
        return refusal
    user, is_held = request.user, verb == "hold"
    data = (request.POST or None, request.FILES or None)
    form = ActivityForm(*data, instance=copy(activity), user=user, is_held=is_held)
    if request.method != "POST" or not form.is_valid():
        return _form_page(request, form, title, activity)
    cleaned = form.cleaned_data
    rest = {name: cleaned[name] for name in ("homes", "photos", "version")}
    rest |= {} if is_held else {"removed": cleaned["removed"]}
    try:
        service(activity=activity, by=user, changes=form.changes(), **rest)
    except Refused as error:
        form.add_error(None, str(error))
        form.data = form.data.copy()
        form.data["version"] = Activity.objects.get(pk=pk).version  # the page now shows the present one
        return _form_page(request, form, title, activity, status=409)
    messages.success(request, done)
    return redirect(activity)


def _ready_for(request, pk, verb):
    """The activity and, where its state or a rule refuses the step, the answer that says so. 403 for who may not."""
    activity = _visible(request, pk)
    try:
        ACTIVITY_EDGES.check(activity, verb, by=request.user)
    except Refused as error:
        messages.error(request, str(error))
        return activity, redirect(activity)
    return activity, None


def _form_page(request, form, title, activity=None, status=None):
    name = "-".join(["activity", *(request.GET.get(key, "") for key in ("campaign", "task", "kind"))])
    context = {
        "form": form,
        "title": title,
        "activity": activity,
        "draft": f"activity-{activity.pk}-{activity.version}" if activity else name,
        "task_fields": [(campaign, form[f"task_{campaign.pk}"]) for campaign in form.tasks],
    }
    return form_page(request, "facilities/activity_form.html", context, status=status)


@access.allow(*RECORDERS)
def activity_void(request, pk):
    activity, refusal = _ready_for(request, pk, "void")
    if refusal:
        return refusal
    form = VoidForm(request.POST or None, initial={"version": activity.version})
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        try:
            services.void_activity(activity=activity, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.add_error(None, str(error))
            status = 409
        else:
            messages.success(request, "活动已作废，从今天起不再计入数字。")
            return redirect(activity)
    return render(request, "facilities/activity_void.html", {"form": form, "activity": activity}, status=status)


# Its files


@access.allow(*RECORDERS)
@require_POST
def activity_attach(request, pk):
    activity, refusal = _ready_for(request, pk, "attach")
    if refusal:
        return refusal
    upload = request.FILES.get("document")
    if upload is None:
        messages.error(request, "请先选择要上传的文件（PDF、Word 或 Excel）。")
        return redirect(activity)
    try:
        stored = store_document(upload, by=request.user)
        services.attach_document(activity=activity, by=request.user, file=stored)
    except (BadDocument, Refused) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"“{stored.name}”已上传。")
    return redirect(activity)


@access.allow(*Role)
def activity_file(request, pk, file_pk, thumbnail=False):
    """A photo or document, for whoever sees the activity, until it is taken away."""
    shown = ActivityFile.objects.filter(activity__in=Activity.objects.visible_to(request.user).filter(pk=pk))
    row = get_object_or_404(shown.select_related("file"), Q(removed_at=None), pk=file_pk)
    return send_file(request, row.file, thumbnail=thumbnail and row.file.is_picture)
