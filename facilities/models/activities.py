"""What a campaign does besides inspecting: trainings, forums, visits, and which homes took part."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import AreaColumns, Office
from campaign_portal.campaigns.models import Campaign, Task
from campaign_portal.files.models import StoredFile

from .homes import Facility


class ActivityQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What was organised by the user's office or in an area that it oversees, what a home took part in that the user
        sees, and all of the campaigns that the office leads.

        Each way is a query by an index and gives a county's few hundred rows; joined by OR none of the indexes would
        serve. Above the county, where one way gives everything, only the area counts.
        """
        scope = access.scope_of(user)
        if not scope.office:
            return self.none()
        if not scope.is_within_county:
            return self.filter(scope.areas_q())
        everything = Activity.objects.order_by().values("pk")
        took_part = ActivityHome.objects.filter(facility__in=Facility.objects.visible_to(user).values("pk"))
        ways = [
            everything.filter(scope.areas_q()),
            everything.filter(campaign__in=Campaign.objects.filter(lead=scope.office).values("pk")),
            took_part.order_by().values("activity"),
        ]
        return self.filter(pk__in=everything.filter(organiser=scope.office).union(*ways))

    def current(self):
        """Without what was cancelled or corrected: the list as it stands."""
        return self.filter(status__in=Activity.CURRENT)

    def counted(self, *, on):
        """What counted at the end of a day: held by then, recorded by then, neither voided nor corrected by then.

        A record that was voided or corrected later still counts for the days before, so that a figure as of a past day
        comes out the same whenever it is asked for.
        """
        end = clock.start_of(on + clock.ONE_DAY)
        still = Q(voided_at__isnull=True) | Q(voided_at__gte=end)
        return self.filter(still, counts_from__lt=end, held_on__lte=on)

    def of_no_home(self):
        """What a township organised that names no home: it counts for the township itself."""
        return self.filter(organiser__kind=Role.TOWNSHIP, homes__isnull=True)

    def at_place(self, office):
        """Those in which homes took part that an office answered for then, and its own that name no home."""
        with_homes = ActivityHome.objects.filter(supervisor=office).values("activity")
        own = Activity.objects.of_no_home().filter(organiser=office).order_by()
        return self.filter(Q(pk__in=with_homes) | Q(pk__in=own.values("pk")))

    def with_home(self, facility):
        return self.filter(pk__in=ActivityHome.objects.filter(facility=facility).values("activity"))

    def to_be_told(self, *, on):
        """Plans whose last day has come, and that may still be recorded. With `due_on`, that day; the oldest first."""
        plans = self.filter(status=Activity.Status.PLANNED, campaign__status=Campaign.Status.RUNNING)
        return plans.annotate(due_on=Coalesce("until_on", "held_on")).filter(due_on__lte=on).order_by("due_on", "pk")

    def locked(self, pk):
        rows = self.select_related("organiser", "campaign", "task")
        return rows.select_for_update(of=("self",), no_key=True).get(pk=pk)


class Activity(AreaColumns):
    """One activity of a campaign: planned, then recorded with what became of it.

    A recorded one is never overwritten where figures count it. A correction leaves the row as it stood behind, as a row
    of its own with status 已更正 that names the present one in `edition_of`: pages show it there, lists only as of a
    past day. The area columns are the organiser's.
    """

    class Kind(models.TextChoices):
        TRAINING = "training", "培训"
        FORUM = "forum", "论坛"
        PUBLICITY = "publicity", "宣传"
        EXCHANGE = "exchange", "安全交流"
        MUTUAL_CHECK = "mutual_check", "互查"
        PAIRING = "pairing", "结对走访"
        OATH = "oath", "入职宣誓"
        CONTEST = "contest", "技能竞赛"
        SCHOOL = "school", "校企合作"
        STANDARD = "standard", "标准发布"
        GUIDANCE = "guidance", "指导走访"
        OTHER = "other", "其他活动"

    class Status(models.TextChoices):
        PLANNED = "planned", "计划中"
        RECORDED = "recorded", "已开展"
        VOID = "void", "已作废"
        CORRECTED = "corrected", "已更正"

    CURRENT = (Status.PLANNED, Status.RECORDED)

    # What figures count: changing one of these in a recorded activity leaves an edition behind.
    COUNTED = ("campaign", "task", "kind", "held_on", "until_on", "organiser", "people", "attendances")

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="activities", verbose_name="专项行动")
    task = models.ForeignKey(
        Task, models.SET_NULL, null=True, blank=True, related_name="activities", verbose_name="服务的任务"
    )
    kind = models.CharField("类别", max_length=12, choices=Kind)
    title = models.CharField("活动名称", max_length=80)
    held_on = models.DateField("日期")
    until_on = models.DateField("至", null=True, blank=True, help_text="只有一天的不填。")
    place = models.CharField("地点", max_length=80, blank=True)
    organiser = models.ForeignKey(Office, models.PROTECT, related_name="activities", verbose_name="主办单位")
    organiser_text = models.CharField(
        "协办单位", max_length=200, blank=True, help_text="如：县消防救援大队、县人民医院。"
    )
    people = models.PositiveIntegerField("人数", null=True, blank=True)
    attendances = models.PositiveIntegerField("人次", null=True, blank=True)
    result = models.TextField("开展情况", max_length=2000, blank=True)

    status = models.CharField("状态", max_length=10, choices=Status, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", editable=False, verbose_name="登记人"
    )
    recorded_at = models.DateTimeField("登记时间", default=clock.now, editable=False)
    counts_from = models.DateTimeField(null=True, editable=False)  # since when it counts as it stands now
    voided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False, verbose_name="作废人"
    )
    voided_at = models.DateTimeField("作废时间", null=True, editable=False)
    void_reason = models.CharField("作废原因", max_length=300, blank=True, editable=False)
    edition_of = models.ForeignKey("self", models.PROTECT, null=True, related_name="editions", editable=False)
    sent_key = models.UUIDField(null=True, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = ActivityQuerySet.as_manager()

    class Meta:
        verbose_name = "活动"
        ordering = ["-held_on", "-pk"]
        indexes = [
            models.Index(fields=["county_code", "held_on", "id"], name="activity_of_county"),
            models.Index(fields=["city_code", "held_on", "id"], name="activity_of_city"),
            models.Index(fields=["province_code", "held_on", "id"], name="activity_of_province"),
            models.Index(fields=["town_code", "held_on", "id"], name="activity_of_town"),
            models.Index(fields=["campaign", "kind", "held_on"], name="activity_of_campaign"),
        ]
        constraints = [
            models.CheckConstraint(
                name="activity_ends_after_start",
                condition=Q(until_on__isnull=True) | Q(until_on__gte=F("held_on")),
                violation_error_message="结束日期不能早于开始日期。",
            ),
            models.CheckConstraint(
                name="activity_attendances_not_below_people",
                condition=Q(people__isnull=True) | Q(attendances__isnull=True) | Q(attendances__gte=F("people")),
                violation_error_message="人次不能少于人数：同一个人来几次算几个人次。",
            ),
            models.CheckConstraint(
                name="activity_planned_has_no_counts",
                condition=~Q(status="planned") | Q(people__isnull=True, attendances__isnull=True),
                violation_error_message="还没有开展的活动不填人数和人次。",
            ),
            models.CheckConstraint(
                name="activity_counts_once_recorded",
                condition=Q(status="planned", counts_from__isnull=True)
                | Q(status__in=["recorded", "corrected"], counts_from__isnull=False)
                | Q(status="void"),
            ),
            models.CheckConstraint(
                name="activity_void_means_who_when_and_why",
                condition=Q(status__in=["void", "corrected"], voided_by__isnull=False, voided_at__isnull=False)
                & ~Q(void_reason="")
                | Q(status__in=["planned", "recorded"], voided_by__isnull=True, voided_at__isnull=True, void_reason=""),
            ),
            models.CheckConstraint(
                name="activity_corrected_names_the_present_one",
                condition=Q(status="corrected", edition_of__isnull=False)
                | ~Q(status="corrected") & Q(edition_of__isnull=True),
            ),
            models.UniqueConstraint(fields=["sent_key"], name="activity_sent_once"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("activities:activity", args=[self.edition_of_id or self.pk])

    @property
    def last_day(self):
        return self.until_on or self.held_on

    def is_waiting(self, *, on=None):
        """Planned, its day has passed, and nobody has said how it went."""
        return self.status == self.Status.PLANNED and self.last_day < (on or clock.today())


class ActivityHome(models.Model):
    """A home that took part. `supervisor` is who answered for it then, so that the parts of a figure stay as they were."""

    class Side(models.TextChoices):
        HELPS = "helps", "帮扶"
        HELPED = "helped", "受帮扶"

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="homes")
    facility = models.ForeignKey(Facility, models.PROTECT, related_name="activities", verbose_name="机构")
    supervisor = models.ForeignKey(Office, models.PROTECT, related_name="+", verbose_name="监管单位")
    attendances = models.PositiveIntegerField("人次", null=True, blank=True)
    side = models.CharField("结对分工", max_length=6, choices=Side, blank=True)

    class Meta:
        verbose_name = "参加机构"
        ordering = ["facility__town_code", "facility_id"]
        constraints = [models.UniqueConstraint(fields=["activity", "facility"], name="activity_home_once")]

    def __str__(self):
        return str(self.facility)


class ActivityFile(models.Model):
    """A photo or document of an activity. Who sees the activity sees it, until it is taken away; the row stays."""

    activity = models.ForeignKey(Activity, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    added_at = models.DateTimeField(default=clock.now)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = "活动材料"
        ordering = ["pk"]

    def __str__(self):
        return self.file.name
