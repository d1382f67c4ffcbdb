from django.db import models

from campaign_portal import clock
from campaign_portal.accounts.models import AreaColumns, Office
from campaign_portal.campaigns.models import Campaign

from .hazards import Hazard


class CountedDay(models.Model):
    """A day whose daily figures are complete. A day without hazards has no figures, but it has been counted."""

    day = models.DateField(primary_key=True)
    counted_at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = "已统计的日期"

    def __str__(self):
        return f"{self.day}"


class DailyFigure(AreaColumns):
    """How many hazards stood where at the end of a day: one row a place, supervisor, campaign and grade.

    Written by `inspections.daily` from HazardHistory, so that neither a chart nor a past day's figure scans the ledger.
    """

    day = models.DateField()
    supervisor = models.ForeignKey(Office, models.PROTECT, related_name="+")
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="+")
    grade = models.CharField(max_length=10, choices=Hazard.Grade)

    # The stock by status
    reported = models.PositiveIntegerField()
    returned = models.PositiveIntegerField()
    open = models.PositiveIntegerField()
    submitted = models.PositiveIntegerField()
    closed = models.PositiveIntegerField()
    void = models.PositiveIntegerField()

    # Of that stock
    overdue = models.PositiveIntegerField()
    due_today = models.PositiveIntegerField()  # open and due on this very day: overdue tomorrow if nobody acts
    recheck_overdue = models.PositiveIntegerField()
    recheck_due_today = models.PositiveIntegerField()
    on_time = models.PositiveIntegerField()  # closed, and rectified within the limit of that time
    recurring = models.PositiveIntegerField()  # in the register, and naming an earlier one

    # What the day brought
    arrived = models.PositiveIntegerField()
    struck_off = models.PositiveIntegerField()

    class Meta:
        verbose_name = "每日统计"
        indexes = [
            models.Index(fields=["province_code", "day"], name="daily_of_province"),
            models.Index(fields=["city_code", "day"], name="daily_of_city"),
            models.Index(fields=["county_code", "day"], name="daily_of_county"),
            models.Index(fields=["town_code", "day"], name="daily_of_town"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["day", "supervisor", "campaign", "grade", *AreaColumns.AREA_COLUMNS], name="daily_figure_unique"
            )
        ]
