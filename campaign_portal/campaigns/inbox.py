"""What has been handed in to the office that leads a campaign: to be decided, to be answered, and all the rest."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.urls import reverse

from campaign_portal.accounts import access
from campaign_portal.accounts.models import Office
from campaign_portal.edges import Refused
from campaign_portal.lists.paging import Order, page_of

from . import progress as services
from .edges import LEADERS, leads
from .models import Progress
from .progress import HANDED_IN
from .progress_forms import AnswerForm
from .sharing_views import visible_campaign

S = Progress.Status
OPEN_PROBLEM = Q(problem__gt="", answer="")
VIEWS = [  # name, label, which
    ("submitted", "待审核", Q(status=S.SUBMITTED)),
    ("problems", "问题待答复", OPEN_PROBLEM),
    ("answered", "问题已答复", Q(answer__gt="")),
    ("returned", "已退回", Q(status=S.RETURNED)),
    ("accepted", "已采纳", Q(status=S.ACCEPTED)),
    ("all", "全部", Q()),
]
NEWEST = Order("at", "报送时间", ("submitted_at",), is_descending=True)


@access.allow(*LEADERS)
def progress_inbox(request, pk):
    """Returns by state, office and task; the problems with a box for the answer."""
    campaign = visible_campaign(request, pk)
    if not leads(campaign, request.user):
        raise PermissionDenied("进展由牵头单位审核。")
    return _page(request, campaign)


def _page(request, campaign, *, typed=None, wrong=None, status=200):
    """The inbox. `typed` are answers that have not been sent ({pk of a return: text}), `wrong` (pk, sentence) of one."""
    rows = Progress.objects.filter(task__campaign=campaign, status__in=HANDED_IN)
    counts = rows.aggregate(**{name: Count("pk", filter=which) for name, _, which in VIEWS[:2]})
    view = request.GET.get("state")
    view = view if view in {name for name, *_ in VIEWS} else "submitted" if typed is None else "problems"
    found = rows.filter(next(which for name, _, which in VIEWS if name == view))
    chosen = {name: _number(request.GET.get(name, "")) for name in ("office", "task")}
    for name, value in chosen.items():
        if value is not None:
            found = found.filter(**{name: value})
    found = found.for_page().prefetch_related("figures__indicator")
    page = page_of(found, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=30)
    left = _put_back(page.rows, typed or {}, wrong)
    context = {
        "campaign": campaign,
        "view": view,
        "views": [(name, label, counts.get(name)) for name, label, _ in VIEWS],
        "page": page,
        "unsent": [(row, left[row.pk]) for row in rows.filter(pk__in=left).select_related("office")] if left else [],
        "offices": Office.objects.filter(pk__in=rows.values("office")).order_by("kind", "area__code", "pk"),
        "tasks": campaign.tasks.filter(pk__in=rows.values("task")),
        "chosen": chosen,
        "is_filtered": any(value is not None for value in chosen.values()),
    }
    return render(request, "campaigns/inbox.html", context, status=status)


def _put_back(rows, typed, wrong):
    """Give each row the answer that was typed for it. Returns what was typed for returns that are on the page no more."""
    for row in rows:
        row.typed = typed.get(row.pk, "")
        row.wrong = wrong[1] if wrong and wrong[0] == row.pk else ""
    here = {row.pk for row in rows}
    return {pk: text for pk, text in typed.items() if pk not in here}


def answer_there(request, progress):
    """Send the answer whose button was pressed; the others that have been typed stay in their boxes."""
    typed = _typed(request.POST)
    form = AnswerForm({"text": typed.get(progress.pk, "")})
    if not form.is_valid():
        wrong = progress.pk, form.errors["text"][0]
        return _page(request, progress.task.campaign, typed=typed, wrong=wrong, status=422)
    status = _answer(request, progress, form.cleaned_data["text"])
    if status == 200:
        del typed[progress.pk]
    if not typed:
        query = request.GET.urlencode()
        return redirect(
            reverse("campaigns:progress", args=[progress.task.campaign_id]) + f"?{query or 'state=problems'}"
        )
    return _page(request, progress.task.campaign, typed=typed, status=status)


def _answer(request, progress, text):
    try:
        services.answer(progress, by=request.user, text=text)
    except Refused as error:
        fresh = Progress.objects.get(pk=progress.pk)
        if (fresh.answer, fresh.answered_by_id) != (text, request.user.pk):
            messages.error(request, str(error))
            return 409
    messages.success(request, f"给{progress.office.short_name}的答复已发出。")
    return 200


def _typed(data):
    """{pk of a return: what was typed in its box}, without the empty boxes."""
    boxes = {_number(name.removeprefix("text_")): text for name, text in data.items() if name.startswith("text_")}
    return {pk: text for pk, text in boxes.items() if pk and text.strip()}


def _number(text):
    """A pk in a query string; one that no row can have finds nothing."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
