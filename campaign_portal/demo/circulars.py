"""A warning that the bureau sent to all homes: some have answered, some have read it, some have not."""

import random
import uuid
from datetime import datetime, time, timedelta

from django.http import QueryDict
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts.models import User
from campaign_portal.circulars import receipts, services
from campaign_portal.circulars.choosing import Choice
from campaign_portal.circulars.models import Circular

SENT = 4  # days ago
TO_REPLY = 7  # days
TEXT = """近日，外县一养老机构因电热毯使用不当发生火灾。请各机构立即排查：
一、居室内的电热毯、取暖器等大功率电器；
二、疏散通道和安全出口；
三、夜间值班和巡查。
发现问题立即整改，按期回复排查情况。"""
ANSWERS = [
    "已逐室排查，收回电热毯 4 床，更换老化插线板 2 个。",
    "已排查，未发现违规用电。夜间增加一次巡查。",
    "已召开全员会，清理疏散通道杂物一处。",
]


def warning(world):
    """One life for lives.live(): written and sent, then read and answered by one home after the other."""
    clerk = User.objects.select_related("office__area").get(pk=world.county.people["bureau"].pk)
    yield _at(world, SENT, 15)
    circular = _sent(clerk)
    dice = random.Random(SENT)
    recipients = list(circular.recipients.select_related("office").order_by("pk"))
    for number, recipient in enumerate(recipients):
        yield _at(world, SENT - 1 - number * (SENT - 1) // len(recipients), 9, number)
        reader = User.objects.select_related("office").filter(office=recipient.office, is_active=True).first()
        if reader is None or (chance := dice.random()) < 0.3:
            continue
        if chance < 0.5:
            receipts.confirm_read(recipient, by=reader)
        else:
            receipts.reply(recipient, by=reader, text=dice.choice(ANSWERS))


def _at(world, days_ago, hour, minute=0):
    day = timezone.localtime(world.now).date() - timedelta(days=days_ago)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _sent(by):
    draft = Circular(
        kind=Circular.Kind.WARNING,
        title="关于外县养老机构火灾事故的风险提示",
        text=TEXT,
        asks_reply=True,
        reply_by=clock.today() + timedelta(days=TO_REPLY),
        sent_key=uuid.uuid4(),
    )
    circular = services.draft(draft, by=by)
    choice = Choice(circular, by, QueryDict("audience=homes"))
    addressees = choice.found
    return services.send(
        circular, by=by, choice=choice.remembered(addressees), addressees=addressees, version=circular.version
    )
