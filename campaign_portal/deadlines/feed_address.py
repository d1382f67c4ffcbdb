"""The secret address under which somebody's own calendar reads his deadlines."""

from hashlib import sha256

from django.conf import settings
from django.db import models

from campaign_portal import clock


def hash_of(token):
    return sha256(token.encode()).hexdigest()


class FeedAddressQuerySet(models.QuerySet):
    def of_token(self, token):
        """The address with this token, while its owner and the owner's office are active; None otherwise."""
        active = self.filter(user__is_active=True, user__office__is_active=True)
        return active.select_related("user__office__area").filter(token_hash=hash_of(token)).first()


class FeedAddress(models.Model):
    """Of the secret itself only the hash is kept: it is shown once, when it is made."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed_address", verbose_name="人员"
    )
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("生成时间", default=clock.now)

    objects = FeedAddressQuerySet.as_manager()

    class Meta:
        verbose_name = "日历订阅地址"

    def __str__(self):
        return f"{self.user.name}的日历订阅地址"
