"""Making and ending the secret address of somebody's calendar feed."""

import secrets

from django.db import transaction

from campaign_portal import clock
from campaign_portal.accounts.models import User
from campaign_portal.audit.recording import name_verbs, record
from campaign_portal.edges import Refused

from .feed_address import FeedAddress, hash_of

name_verbs(feed_made="生成日历订阅地址", feed_ended="停用日历订阅地址")


@transaction.atomic
def make_feed_address(*, by):
    """A new address for the user's calendar; an earlier one ends with it. Returns the token, which nobody can read again."""
    _lock(by)
    token = secrets.token_urlsafe(32)
    address, _ = FeedAddress.objects.update_or_create(
        user=by, defaults={"token_hash": hash_of(token), "made_at": clock.now()}
    )
    record("feed.made", address, by=by)
    return token


@transaction.atomic
def end_feed_address(*, by):
    """Whoever still reads the address finds nothing from now on."""
    _lock(by)
    address = FeedAddress.objects.filter(user=by).first()
    if address is None:
        raise Refused("没有正在使用的订阅地址。")
    record("feed.ended", address, by=by)
    address.delete()


def _lock(user):
    """Two clicks at once make one after the other."""
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=user.pk)
