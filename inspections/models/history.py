from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import AreaColumns, Office
from campaign_portal.campaigns.models import Campaign
from facilities.models import Facility

from .hazards import Hazard
from .rules import Category


class HazardHistoryQuerySet(models.QuerySet):
    def visible_to(self, user):
        """As Hazard.visible_to, by where the hazard belonged then."""
        scope = access.scope_of(user)
        if scope.role == Role.ASSOCIATION:
            return self.none()
        seen = self.filter(scope.as_q())
        if scope.role == Role.DEPARTMENT:
            seen = seen.filter(departments__contains=f",{scope.office},")
        return seen

    def as_of(self, moment):
        """Each hazard as it stood just before a moment: one row a hazard that existed then."""
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=moment), valid_from__lt=moment)

    def in_register(self):
        return self.filter(status__in=Hazard.COUNTED)

    def overdue(self, *, on):
        return self.filter(status=Hazard.Status.OPEN, due_on__lt=on)

    def recheck_overdue(self, *, on):
        return self.filter(status=Hazard.Status.SUBMITTED, recheck_due_on__lt=on)


class HazardHistory(AreaColumns):
    """How a hazard stood from when to when, by recording time. Every figure as of a past day is counted here."""

    hazard = models.ForeignKey(Hazard, models.CASCADE, related_name="history")
    valid_from = models.DateTimeField()
    valid_to = models.DateTimeField(null=True)
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="+")
    supervisor = models.ForeignKey(Office, models.PROTECT, related_name="+")
    status = models.CharField(max_length=10, choices=Hazard.Status)
    grade = models.CharField(max_length=10, choices=Hazard.Grade)
    due_on = models.DateField()
    recheck_due_on = models.DateField(null=True)
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    funds = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    is_planned = models.BooleanField(default=False, db_default=False)  # a major one whose five assurances are complete
    departments = models.CharField(max_length=200)  # ids of the offices that hold a part, ",3,17,"

    objects = HazardHistoryQuerySet.as_manager()

    class Meta:
        verbose_name = "隐患沿革"
        indexes = [
            models.Index(fields=["county_code", "valid_from"], name="history_of_county"),
            models.Index(fields=["town_code", "valid_from"], name="history_of_town"),
            models.Index(fields=["hazard", "valid_from"], name="history_of_hazard"),
            models.Index(fields=["valid_from"], name="history_begun"),  # what today brought, in a scope of any size
            models.Index(fields=["valid_to"], name="history_ended"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["hazard"], condition=Q(valid_to__isnull=True), name="history_one_present"),
            models.CheckConstraint(
                name="history_ends_after_start", condition=Q(valid_to__isnull=True) | Q(valid_to__gte=F("valid_from"))
            ),
        ]

    FIELDS = (
        "campaign_id",
        "facility_id",
        "supervisor_id",
        "status",
        "grade",
        "due_on",
        "recheck_due_on",
        "category_id",
        "funds",
        "is_planned",
    )

    @property
    def first_day(self):
        return timezone.localdate(self.valid_from)

    @property
    def last_day(self):
        """The last day at whose end the hazard stood so; before `first_day` if it did not last a day, None if it still does."""
        return self.valid_to and timezone.localdate(self.valid_to) - clock.ONE_DAY
