"""The inbox of everybody: messages, their lines, reading and muting."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.edges import Refused
from campaign_portal.lists.paging import Order, page_of

from . import inbox as services
from .forms import MuteForm
from .models import Message

NEWEST = Order("new", "时间", (), is_descending=True)
SIZE = 30


@access.allow(*Role)
def inbox(request):
    """The user's messages, newest first; all, or those that he has not read."""
    is_unread = request.GET.get("show") == "unread"
    rows = Message.objects.visible_to(request.user)
    rows = rows.unread() if is_unread else rows
    page = page_of(rows, NEWEST, after=request.GET.get("after", ""), before=request.GET.get("before", ""), size=SIZE)
    newest = page.rows[0].pk if page.rows else 0
    context = {"page": page, "is_unread": is_unread, "upto": newest, "is_first": not page.before}
    return render(request, "reminders/inbox.html", context)


@access.allow(*Role)
@require_POST
def inbox_read(request):
    upto = request.POST.get("upto", "")
    count = services.read_all(request.user, upto=int(upto) if _is_number(upto) else 0)
    messages.success(request, f"已把 {count} 条标为已读。" if count else "没有未读的消息。")
    return redirect("reminders:inbox")


def _is_number(text):
    return text.isascii() and text.isdecimal() and len(text) < 19


def _message(request, pk):
    return get_object_or_404(Message.objects.visible_to(request.user), pk=pk)


@access.allow(*Role)
def message(request, pk):
    """One message. It is marked as read by the page itself once it is shown, or by its button."""
    return _page(request, _message(request, pk))


def _page(request, row, *, form=None, status=200):
    cards = services.cards_of(row)
    context = {
        "message": row,
        "url": services.own_path(row.url),
        "lines": [(card, services.why_not_muted(row, card)) for card in cards],
        "form": form,
        "wrong_line": form["line"].value() if form else None,
        "latest": clock.today() + services.DAYS_QUIET * clock.ONE_DAY,
    }
    return render(request, "reminders/message.html", context, status=status)


@access.allow(*Role)
@require_POST
def message_read(request, pk):
    row = _message(request, pk)
    services.read(row)
    if not request.htmx:
        return redirect(row)
    row.refresh_from_db(fields=["read_at"])
    unread = Message.objects.visible_to(request.user).unread().count()
    return render(request, "reminders/_read.html", {"message": row, "unread": unread})


@access.allow(*Role)
@require_POST
def message_mute(request, pk):
    """暂不提醒 for one line of the message."""
    row = _message(request, pk)
    form = MuteForm(request.POST)
    if not form.is_valid():
        return _page(request, row, form=form, status=422)
    cards, number = services.cards_of(row), form.cleaned_data["line"]
    if number >= len(cards):
        form.add_error(None, "这条消息里没有这一项，请重新打开。")
        return _page(request, row, form=form, status=422)
    try:
        services.mute(message=row, card=cards[number], until=form.cleaned_data["until"], by=request.user)
    except Refused as error:
        messages.error(request, str(error))
    else:
        day = form.cleaned_data["until"]
        messages.success(request, f"{day} 以前不再提醒这一项（逾期的照常提醒）。要恢复，到“接收设置”里办。")
    return redirect(row)
