from django.contrib.auth.models import AbstractUser, Group, UserManager
from django.db import models
from django.db.models import Q

from . import access
from .access import Role, RootGrant


class Level(models.TextChoices):
    PROVINCE = "province", "省"
    CITY = "city", "市"
    COUNTY = "county", "县（市、区）"
    TOWN = "town", "乡镇（街道）"
    VILLAGE = "village", "村（社区）"


# How many digits of the national 12-digit code name each level (GB/T 2260, GB/T 10114).
DIGITS = {Level.PROVINCE: 2, Level.CITY: 4, Level.COUNTY: 6, Level.TOWN: 9, Level.VILLAGE: 12}


class Area(models.Model):
    """An administrative division with its national 12-digit code."""

    code = models.CharField("区划代码", max_length=12, unique=True)
    name = models.CharField("名称", max_length=40)
    level = models.CharField("级别", max_length=10, choices=Level)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")

    class Meta:
        verbose_name = "行政区划"
        ordering = ["code"]
        permissions = [("oversee_area", "可查看辖区")]
        constraints = [models.CheckConstraint(name="area_code_12_digits", condition=Q(code__regex=r"^\d{12}$"))]

    def __str__(self):
        return self.name

    @property
    def column(self):
        """The column that rows listed by area carry for this area's level, e.g. "county_code"."""
        return f"{self.level}_code"

    def codes(self):
        """The codes of this area and of those above it, by column; "" for the levels below it.

        Codes are cut by level, never by stripping zeros: 431000000000 is a city whose own digits end in zeros.
        """
        own = DIGITS[Level(self.level)]
        return {
            f"{level}_code": self.code[: DIGITS[level]].ljust(12, "0") if DIGITS[level] <= own else ""
            for level in (Level.PROVINCE, Level.CITY, Level.COUNTY, Level.TOWN)
        }


class AreaColumns(models.Model):
    """What a row that is listed by area carries, so that lists filter by equality on one indexed column."""

    province_code = models.CharField(max_length=12, blank=True, default="", editable=False)
    city_code = models.CharField(max_length=12, blank=True, default="", editable=False)
    county_code = models.CharField(max_length=12, blank=True, default="", editable=False)
    town_code = models.CharField(max_length=12, blank=True, default="", editable=False)

    AREA_COLUMNS = ("province_code", "city_code", "county_code", "town_code")

    class Meta:
        abstract = True

    def copy_area(self, source):
        """Take the area columns from an Area or from another row that has them."""
        codes = source.codes() if isinstance(source, Area) else {c: getattr(source, c) for c in self.AREA_COLUMNS}
        for column, code in codes.items():
            setattr(self, column, code)


@access.area_root
class AreaGrant(RootGrant):
    content_object = models.ForeignKey(Area, models.CASCADE)

    class Meta(RootGrant.Meta):
        verbose_name = "辖区授权"


class OfficeQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Offices whose accounts this user looks after: the own one as its administrator, and those it answers for.

        A township's clerk looks after the accounts of its homes too, since homes have nobody else to ask.
        """
        if user.is_administrator:
            return self.filter(Q(pk=user.office_id) | Q(parent=user.office_id))
        if user.office.kind in (Role.TOWNSHIP, Role.BUREAU):
            return self.filter(parent=user.office_id, kind=Role.HOME)
        return self.none()


class Office(AreaColumns):
    """Any body that has people: bureau, department, township office, association, evaluator, home."""

    class Field(models.TextChoices):
        CIVIL = "civil", "民政"
        FIRE = "fire", "消防"
        HOUSING = "housing", "住建"
        EMERGENCY = "emergency", "应急"
        MARKET = "market", "市监"
        HEALTH = "health", "卫健"

    name = models.CharField("名称", max_length=80)
    short_name = models.CharField("简称", max_length=20)
    kind = models.CharField("类别", max_length=12, choices=Role)
    field = models.CharField("领域", max_length=12, choices=Field, blank=True)
    area = models.ForeignKey(Area, models.PROTECT, verbose_name="所在行政区")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="上级（代管）单位"
    )
    group = models.OneToOneField(Group, models.PROTECT, editable=False)
    number_code = models.CharField("编号代码", max_length=6, blank=True, help_text="用于隐患编号，如 BL。")
    is_active = models.BooleanField("启用", default=True)

    objects = OfficeQuerySet.as_manager()

    class Meta:
        verbose_name = "单位"
        ordering = ["kind", "area__code", "pk"]
        indexes = [
            models.Index(fields=["county_code", "kind"], name="office_by_county"),
            models.Index(fields=["town_code", "kind"], name="office_by_town"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["county_code", "number_code"],
                condition=~Q(number_code=""),
                name="office_number_code_unique_in_county",
                violation_error_message="本县已有单位使用这个编号代码。",
            ),
            models.UniqueConstraint(fields=["area", "kind", "name"], name="office_name_unique"),
        ]

    def __str__(self):
        return self.name

    @property
    def label(self):
        """One or two characters for a column of departments: 消防, 住建, or the township's own short name."""
        return self.labelled(self.kind, self.field, self.short_name)

    LABELLED_BY = ("kind", "field", "short_name")

    @classmethod
    def labelled(cls, kind, field, short_name):
        """The label of an office of which only these columns (LABELLED_BY) have been read."""
        return dict(cls.Field.choices)[field] if field and kind != Role.TOWNSHIP else short_name


class PortalUserManager(UserManager):
    def get_by_natural_key(self, username):
        return self.select_related("office__area").get(username=username)


class User(AbstractUser):
    """A person with an account. The office decides the role; the three duties decide the verbs that need one."""

    first_name = last_name = email = None
    name = models.CharField("姓名", max_length=30)
    phone = models.CharField("手机", max_length=20, blank=True)
    office = models.ForeignKey(Office, models.PROTECT, related_name="users", verbose_name="单位")
    is_clerk = models.BooleanField("经办", default=True)
    is_approver = models.BooleanField("审批", default=False)
    is_administrator = models.BooleanField("管理员", default=False)
    password_set_by = models.ForeignKey("self", models.SET_NULL, null=True, editable=False, related_name="+")
    password_set_at = models.DateTimeField(null=True, editable=False)  # both until the owner changes it
    must_change_password = models.BooleanField("下次登录须改密码", default=False)

    objects = PortalUserManager()

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = "人员"
        ordering = ["office_id", "pk"]
        constraints = [
            models.CheckConstraint(
                name="user_active_has_a_duty",
                condition=Q(is_active=False) | Q(is_clerk=True) | Q(is_approver=True) | Q(is_administrator=True),
                violation_error_message="在岗人员至少要有一项岗位（经办、审批或管理员）。",
            )
        ]

    def __str__(self):
        return self.name

    def get_full_name(self):
        return self.name

    get_short_name = get_full_name

    @property
    def role(self):
        return Role(self.office.kind)

    @property
    def is_caseworker(self):
        """Works on hazards: 经办 or 审批. An administrator alone looks after accounts and rules."""
        return self.is_clerk or self.is_approver

    @property
    def duties(self):
        """The duties as words, e.g. "经办、审批"."""
        held = [(self.is_clerk, "经办"), (self.is_approver, "审批"), (self.is_administrator, "管理员")]
        return "、".join(word for has, word in held if has)
