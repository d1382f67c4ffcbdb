"""From the posts of a ladder to people: users with an account, or somebody whom an office reaches by phone."""

from typing import NamedTuple

from campaign_portal.accounts.models import User
from campaign_portal.deadlines.registry import Post, Rung

from .phones import mobile


class Recipient(NamedTuple):
    """`who` is the key of a Reminder; `user` the pk of an account or None; `office` a pk."""

    who: str
    user: int | None
    office: int
    name: str
    phone: str


class People:
    """The people of offices, looked up once for all the entries of a plan. `ready()` reads those of many offices at once."""

    def __init__(self, bureau):
        self.bureau = bureau
        self.of = {}

    def ready(self, offices):
        """Read the people of the offices that are not known yet: one query."""
        missing = set(offices) - set(self.of)
        if not missing:
            return
        self.of |= {office: [] for office in missing}
        users = User.objects.filter(office__in=missing, office__is_active=True, is_active=True)
        for user in users.only("name", "phone", "office_id", "is_clerk", "is_approver").order_by("pk"):
            self.of[user.office_id].append(user)

    def ladder(self, entry):
        """The posts of an entry, with the county's on top."""
        return (*entry.posts, (Rung.COUNTY, Post(self.bureau.pk, "is_approver")))

    def on(self, rung, entry):
        """(rung, recipients): who stands on a rung. Where nobody does, as in a home without an account, the next above."""
        ladder = self.ladder(entry)
        for step in range(rung, Rung.COUNTY + 1):
            found = {one.who: one for at, post in ladder if at == step for one in self._holding(post)}
            if found:
                return Rung(step), list(found.values())
        return Rung(rung), []

    def _holding(self, post):
        people = self.of[post.office]
        if post.person:
            return [self._reached(post.person, post.office)]
        holders = [user for user in people if getattr(user, post.needs)]
        return [_account(user) for user in holders or [user for user in people if user.is_caseworker]]

    def _reached(self, person, office):
        """A person who turns out to have an account in that office, or one to be reached through it."""
        for user in self.of[office]:
            if user.is_caseworker and _is_same(user, person):
                return _account(user)
        return Recipient(f"p{office}:{person.phone}:{person.name}"[:80], None, office, person.name, person.phone)


def _is_same(user, person):
    """By number, however it is written; by name where no number is known."""
    if not person.phone:
        return user.name == person.name
    return (mobile(user.phone) or user.phone) == (mobile(person.phone) or person.phone)


def _account(user):
    return Recipient(f"u{user.pk}", user.pk, user.office_id, "", "")
