"""Telling the administrators of a bureau that messages do not get out: once a day for each channel."""

from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts.bureaus import bureau_of
from campaign_portal.accounts.models import User

from .models import Message


def raise_alarm(delivery):
    """A dead letter has come in."""
    from .messages import tell  # which arranges deliveries, as this module's callers do

    office = delivery.message.office
    bureau = bureau_of(office) or office
    channel = delivery.get_channel_display()
    for user in User.objects.select_related("office").filter(office=bureau, is_administrator=True, is_active=True):
        tell(
            f"dead:{delivery.channel}:{clock.today()}:u{user.pk}",
            kind=Message.Kind.SYSTEM,
            title=f"有{channel}发送失败",
            user=user,
            text=f"{delivery.note}。请查看发送记录，处理后可以重新发送。今天同一渠道再有失败的，不另行通知。",
            url=f"{reverse('deliveries:deliveries')}?status=dead",
        )
