"""电话通知单: whom an office has to phone, and whom it has phoned."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal.accounts import access
from campaign_portal.edges import Refused
from campaign_portal.lists.paging import Order, page_of

from . import calls as services
from .forms import ToldForm
from .inbox import cards_of_many
from .models import Delivery

OLDEST = Order("old", "时间", ())
LATEST = Order("ended", "通知时间", ("ended_at",), is_descending=True)


@access.allow(*services.CALLERS)
def calls(request):
    return _page(request)


def _page(request, *, form=None, wrong=None, status=200):
    """The list. `form` is one that was refused, of the call `wrong`."""
    rows = services.visible_to(request.user)
    is_done = request.GET.get("show") == "done"
    rows = rows.filter(status=Delivery.Status.SENT if is_done else Delivery.Status.WAITING)
    order = LATEST if is_done else OLDEST
    page = page_of(rows, order, after=request.GET.get("after", ""), before=request.GET.get("before", ""))
    cards = cards_of_many([row.message for row in page.rows])
    context = {
        "page": page,
        "rows": [(row, cards[row.message_id], services.is_needless(cards[row.message_id])) for row in page.rows],
        "is_done": is_done,
        "may_tell": request.user.is_caseworker,
        "form": form,
        "wrong": wrong,
    }
    return render(request, "reminders/calls.html", context, status=status)


@access.allow(*services.CALLERS)
@require_POST
def call_told(request, pk):
    row = get_object_or_404(services.visible_to(request.user), pk=pk)
    form = ToldForm(request.POST)
    if not form.is_valid():
        return _page(request, form=form, wrong=row.pk, status=422)
    who, note = row.message.name or row.message.phone, form.cleaned_data["note"]
    try:
        if "spare" in request.POST:
            services.spare(row, by=request.user)
            messages.success(request, f"{who}已移出通知单。")
        else:
            services.told(row, by=request.user, note=note)
            messages.success(request, f"已登记：{who}已电话通知。")
    except Refused as error:
        messages.error(request, str(error))
    return redirect("reminders:calls")
