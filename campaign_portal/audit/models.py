from django.conf import settings
from django.db import models

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.models import AreaColumns


class EventQuerySet(models.QuerySet):
    def visible_to(self, user):
        """A bureau's administrators read what happened in the bureau's area."""
        return self.filter(access.scope_of(user).areas_q())

    def about(self, obj):
        """The timeline of one object, oldest first."""
        return self.filter(target_model=obj._meta.label_lower, target_pk=obj.pk).order_by("pk")


class Event(AreaColumns):
    """Something that happened: who, when, from where, to what, and what changed. Written once, never again.

    PostgreSQL and SQLite refuse UPDATE and DELETE by trigger (migration 0002). Names are copied, so that the line
    still reads right after a person has moved. Figures never come from here (HazardHistory is for that).
    """

    at = models.DateTimeField("时间", default=clock.now)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField("操作人", max_length=30)
    office_name = models.CharField("单位", max_length=80, blank=True)
    address = models.CharField("来源地址", max_length=45, blank=True)
    request_id = models.CharField("请求编号", max_length=36, blank=True)
    verb = models.CharField("动作", max_length=60)
    target_model = models.CharField(max_length=60)
    target_pk = models.BigIntegerField()
    target_label = models.CharField("对象", max_length=120)
    changes = models.JSONField("变更", default=dict)  # {field label: [before, after]}, both as shown to people
    reason = models.TextField("说明", blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = "操作记录"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["target_model", "target_pk", "id"], name="event_of_target"),
            models.Index(fields=["county_code", "id"], name="event_of_county"),
            models.Index(fields=["actor", "id"], name="event_of_actor"),
        ]

    def __str__(self):
        return f"{self.actor_name} {self.label} {self.target_label}"

    @property
    def label(self):
        """The verb in Chinese, as its app named it."""
        from .recording import VERBS

        return VERBS.get(self.verb, self.verb)
