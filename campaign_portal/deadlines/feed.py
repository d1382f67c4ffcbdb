"""Somebody's duties as a calendar that phones and computers subscribe to (RFC 5545).

It leaves the portal, so it says less than the portal's own pages: what, by when and on which rule, and the way there.
The notes of a duty stay behind: they hold people's names and words.
"""

from hashlib import sha256
from urllib.parse import urljoin

from icalendar import Calendar, Event, vDuration

from campaign_portal import clock

from .mine import HORIZON, horizon, upcoming

REFRESH = clock.ONE_DAY / 4
DOMAIN = "campaign-portal"  # a part of what never changes about an event: hosts do


def feed_of(user, *, root):
    """The calendar of a user with his rights of this moment, as bytes. `root` is the portal's address."""
    calendar = Calendar()
    calendar.add("prodid", "-//campaign-portal//deadlines//ZH")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"{user.office.short_name}期限")
    calendar.add("x-wr-caldesc", f"逾期未办的和今后 {HORIZON} 天到期的事项")
    calendar.add("x-wr-timezone", "Asia/Shanghai")
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for item in upcoming(user, until=horizon()).items:
        calendar.add_component(_event(item, root))
    return calendar.to_ical()


def _event(item, root):
    kind, duty, today = item.kind, item.duty, clock.today()
    late = "【逾期】" if duty.due_on < today else ""
    tentative = "（暂定）" if item.is_tentative else ""
    link = urljoin(root, duty.url)
    event = Event()
    event.add("uid", f"{kind.code}-{item.pk}@{DOMAIN}")
    event.add("dtstamp", clock.start_of(today))  # the same all day: an unchanged calendar stays the same file
    event.add("dtstart", duty.due_on)
    event.add("dtend", duty.due_on + clock.ONE_DAY)
    event.add("summary", f"{late}{item.words}{tentative}")
    event.add("description", "\n".join(filter(None, [kind.basis and f"依据：{kind.basis}", link])))
    event.add("url", link)
    event.add("transp", "TRANSPARENT")  # a day to keep in mind, not one that is taken
    return event


def tag_of(content):
    return f'"{sha256(content).hexdigest()[:32]}"'
