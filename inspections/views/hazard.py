from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.formats import date_format
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.accounts.access import EVERYONE, OFFICERS, Role
from campaign_portal.audit.models import Event
from campaign_portal.edges import Refused
from campaign_portal.files.responses import send_file
from campaign_portal.files.services import BadDocument, store_document

from .. import services
from ..acts import ACTS
from ..edges import EDGES, REQUEST_EDGES, runs
from ..forms import CommentForm
from ..models import Attachment, Hazard, Photo
from .acts import photo_rows, visible_hazard

READERS = EVERYONE - {Role.ASSOCIATION}
SPEAKERS = OFFICERS | {Role.HOME}


@access.allow(*READERS)
def hazard_page(request, pk):
    """One line of the ledger with everything about it: facts, photos in pairs, next steps, words, history."""
    return _page(request, visible_hazard(request, pk), CommentForm())


def _page(request, hazard, comment_form, status=200):
    user = request.user
    prefetch_related_objects(
        [hazard],
        "photos__file",
        "attachments__file",
        "attachments__added_by",
        "comments__by__office",
        "requests__asked_by__office",
        "requests__decided_by__office",
        "proxy_entries__entered_by__office",
        "recurrences",
    )
    unread = [entry for entry in hazard.proxy_entries.all() if entry.read_at is None]
    pending = hazard.pending_request()
    context = {
        "hazard": hazard,
        "photos": photo_rows(hazard),
        "acts": next_steps(hazard, user),
        "pending": pending,
        "may_decide": bool(pending) and REQUEST_EDGES.allows(pending, "decide", by=user),
        "waiting_words": waiting_words(hazard),
        "is_tentative": services.is_tentative(hazard),
        "request_is_tentative": bool(pending) and services.is_tentative(hazard, pending),
        "unread": unread,
        "may_confirm_read": bool(unread) and runs(hazard, user),
        "missing": hazard.missing_assurances() if not hazard.is_over else [],
        "events": (events := list(Event.objects.about(hazard))),
        "is_moved": is_moved(events),
        "may_speak": user.office.kind in SPEAKERS,
        "comment_form": comment_form,
    }
    return render(request, "inspections/hazard.html", context, status=status)


def is_moved(events):
    """Whether its limit was another one before, going by what was recorded of it."""
    label = str(Hazard._meta.get_field("due_on").verbose_name)
    return any(event.changes.get(label, ["—"])[0] != "—" for event in events)


@access.allow(*READERS)
def hazard_panel(request, pk):
    """The same hazard in short, for the panel beside the ledger. Asked for in any other way, its page comes."""
    hazard = visible_hazard(request, pk)
    if not request.htmx:
        return redirect(hazard)
    prefetch_related_objects([hazard], "photos__file", "requests")
    context = {
        "hazard": hazard,
        "photos": list(hazard.photos.all()),
        "acts": next_steps(hazard, request.user),
        "pending": hazard.pending_request(),
        "waiting_words": waiting_words(hazard, named="short_name"),
        "events": list(Event.objects.about(hazard)),
    }
    return render(request, "inspections/hazard_panel.html", context)


def next_steps(hazard, user):
    """What the user may do with it now: (act, label, class of its button), the step that moves it on first."""
    verbs = EDGES.verbs_for(hazard, by=user)
    acts = sorted((ACTS[verb] for verb in ORDER if verb in verbs), key=lambda act: act.is_entered_by(user))
    return [(act, _label(act, hazard, user), _button(act, hazard, user, verbs)) for act in acts]


# The order of buttons: the step that moves the hazard on comes first.
ORDER = [
    "verify_fixed", "verify", "close", "submit", "complete", "plan", "send_back", "take_over", "send_for_completion",
    "ask_extension", "set_liaison", "share", "regrade", "void", "ask_void",
]  # fmt: skip


# Steps that move the hazard on: blue for whoever they wait for.
MAIN = {"verify_fixed", "verify", "close", "submit", "complete"}


def _label(act, hazard, user):
    if act.verb == "verify" and hazard.fixed_on_spot:
        return "没有整改到位，转待整改"
    return act.label_for(user)


def _button(act, hazard, user, verbs):
    if act.is_grave:
        return "btn-outline-danger"
    if act.verb == "verify" and hazard.fixed_on_spot:
        return "btn-outline-secondary"
    is_next = act.verb in MAIN or (act.verb == "plan" and "submit" not in verbs)  # a plan first, where one is due
    is_next = is_next and not act.is_entered_by(user)
    return "btn-primary" if is_next else "btn-outline-secondary"


def waiting_words(hazard, *, named="name"):
    """Who has to do what next, in a sentence; "" when it is over. Offices by full name, or `named="short_name"`."""
    S = Hazard.Status
    if hazard.status == S.REPORTED:
        return f"等待{getattr(hazard.supervisor, named)}在 {date_format(hazard.verify_due_on)}前核实。"
    if hazard.status == S.RETURNED:
        return f"等待{hazard.facility}补正重报。"
    if hazard.status == S.OPEN:
        return f"等待{hazard.facility}在 {date_format(hazard.due_on)}前整改。"
    if hazard.status == S.SUBMITTED:
        offices = {getattr(part.acting_office, named) for part in hazard.parts.all() if not part.is_done}
        return f"等待{'、'.join(sorted(offices))}在 {date_format(hazard.recheck_due_on)}前现场复查。"
    return ""


@access.allow(*SPEAKERS)
@require_POST
def hazard_comment(request, pk):
    hazard = visible_hazard(request, pk)
    form = CommentForm(request.POST)
    if not form.is_valid():
        return _page(request, hazard, form, status=422)
    services.say(hazard=hazard, by=request.user, text=form.cleaned_data["text"])
    messages.success(request, "留言已发送。")
    return redirect(f"{hazard.get_absolute_url()}#talk")


@access.allow(*SPEAKERS)
@require_POST
def hazard_attach(request, pk):
    hazard = visible_hazard(request, pk)
    upload = request.FILES.get("document")
    if upload is None:
        messages.error(request, "请先选择要上传的文件（PDF、Word 或 Excel）。")
        return redirect(hazard)
    try:
        stored = store_document(upload, by=request.user)
    except BadDocument as error:
        messages.error(request, str(error))
    else:
        services.attach_document(hazard=hazard, by=request.user, file=stored)
        messages.success(request, f"附件“{stored.name}”已上传。")
    return redirect(hazard)


@access.allow(Role.HOME)
@require_POST
def hazard_proxy_read(request, pk):
    """The home confirms that it has read what was entered for it."""
    hazard = visible_hazard(request, pk)
    try:
        shown = [int(pk) for pk in request.POST.getlist("shown") if pk.isdecimal() and len(pk) < 19]
        services.confirm_proxy_read(hazard=hazard, by=request.user, shown=shown)
    except Refused as error:
        messages.error(request, str(error))
    else:
        messages.success(request, "已确认知晓。如与实际不符，请在留言中说明。")
    return redirect(hazard)


def _visible_file(request, model, pk, owned_pk):
    """A file's owner row, through the hazard that the user may see."""
    hazards = Hazard.objects.visible_to(request.user).filter(pk=pk)
    return get_object_or_404(model.objects.select_related("file"), pk=owned_pk, hazard__in=hazards)


@access.allow(*READERS)
def photo(request, pk, photo_pk, thumbnail=False):
    return send_file(request, _visible_file(request, Photo, pk, photo_pk).file, thumbnail=thumbnail)


@access.allow(*READERS)
def attachment(request, pk, attachment_pk):
    return send_file(request, _visible_file(request, Attachment, pk, attachment_pk).file)
