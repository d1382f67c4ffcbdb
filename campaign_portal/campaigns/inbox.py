"""What has been handed in to the office that leads a campaign: to be decided, to be answered, and all the rest."""

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.shortcuts import render

from campaign_portal.accounts import access
from campaign_portal.accounts.models import Office
from campaign_portal.lists.paging import Order, page_of

from .edges import LEADERS, leads
from .models import Progress
from .progress import HANDED_IN
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
    rows = Progress.objects.filter(task__campaign=campaign, status__in=HANDED_IN)
    counts = rows.aggregate(**{name: Count("pk", filter=which) for name, _, which in VIEWS[:2]})
    view = request.GET.get("state")
    view = view if view in {name for name, *_ in VIEWS} else "submitted"
    found = rows.filter(next(which for name, _, which in VIEWS if name == view))
    chosen = {name: _number(request.GET.get(name, "")) for name in ("office", "task")}
    for name, value in chosen.items():
        if value is not None:
            found = found.filter(**{name: value})
    found = found.for_page().prefetch_related("figures__indicator")
    page = page_of(found, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=30)
    context = {
        "campaign": campaign,
        "view": view,
        "views": [(name, label, counts.get(name)) for name, label, _ in VIEWS],
        "page": page,
        "offices": Office.objects.filter(pk__in=rows.values("office")).order_by("kind", "area__code", "pk"),
        "tasks": campaign.tasks.filter(pk__in=rows.values("task")),
        "chosen": chosen,
        "is_filtered": any(value is not None for value in chosen.values()),
    }
    return render(request, "campaigns/inbox.html", context)


def _number(text):
    """A pk in a query string; one that no row can have finds nothing."""
    if not text:
        return None
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0
