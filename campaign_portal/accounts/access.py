"""Who may see what, and who may call a view. The only module that imports django-guardian.

django-guardian grants *rows* (an area to oversee, a home to run or to look at) to the group of an office. Roles, the
kinds of office, grant *verbs*. Grants are resolved once per request into a `Scope`; every list then filters on its own
indexed columns. Nothing ever asks guardian about single rows: on 200,000 hazards that was 26 to 73 times slower.
"""

from functools import wraps
from typing import NamedTuple

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import models
from django.db.models import Q
from django.db.models.functions import Cast
from guardian.models import GroupObjectPermissionBase
from guardian.shortcuts import assign_perm

from campaign_portal import clock


class Role(models.TextChoices):
    """The kind of a user's office. Decides which verbs its people have."""

    BUREAU = "bureau", "民政局"
    DEPARTMENT = "department", "部门"
    TOWNSHIP = "township", "乡镇（街道）"
    ASSOCIATION = "association", "协会"
    EVALUATOR = "evaluator", "评估机构"
    HOME = "home", "养老机构"


EVERYONE = frozenset(Role.values)
OFFICERS = frozenset({Role.BUREAU, Role.DEPARTMENT, Role.TOWNSHIP})


class RootGrant(GroupObjectPermissionBase):
    """A grant on a root row that begins and ends. Both days count; no end means until revoked."""

    valid_from = models.DateField("开始日期", default=clock.today)
    valid_until = models.DateField("结束日期", null=True, blank=True)

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = True

    @classmethod
    def in_force(cls, group_id, *, on):
        return cls.objects.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=on), group_id=group_id, valid_from__lte=on
        )


class Scope(NamedTuple):
    """What one user may see, resolved once per request from unexpired grants."""

    office: int
    role: str
    areas: tuple[tuple[str, str], ...]  # (column of the level, code), e.g. (("county_code", "431023000000"),)
    runs: tuple[int, ...]  # facilities
    inspects: tuple[int, ...]

    def as_q(self, facility="facility_id", *, path=""):
        """A filter on plain indexed columns: equality per area, never a range. An empty scope matches nothing.

        `path` leads to the row that has the area columns, e.g. "hazard__".
        """
        homes = self.runs + self.inspects
        parts = [Q(**{f"{facility}__in": homes})] if homes else []
        parts += [Q(**{f"{path}{column}": code}) for column, code in self.areas]
        if not parts:
            return Q(pk__in=())
        whole = parts[0]
        for part in parts[1:]:
            whole |= part
        return whole

    @property
    def is_within_county(self):
        """Whether it lies within counties or is a few homes: no area of a city, a province or the country."""
        return all(column in ("county_code", "town_code") for column, _ in self.areas)

    def areas_q(self):
        """The same for rows that only know an area."""
        return self._replace(runs=(), inspects=()).as_q()


NOWHERE = Scope(office=0, role="", areas=(), runs=(), inspects=())

_area_grants: type[RootGrant] | None = None
_home_grants: type[RootGrant] | None = None


def area_root(model):
    """Class decorator: this model holds grants on areas (permission `oversee_area`)."""
    global _area_grants
    _area_grants = model
    return model


def home_root(model):
    """Class decorator: this model holds grants on homes (permissions `run_facility` and `inspect_facility`)."""
    global _home_grants
    _home_grants = model
    return model


def scope_of(user) -> Scope:
    """The user's scope, kept on the user for the length of the request. One query."""
    if not user.is_authenticated or not user.is_active:
        return NOWHERE
    if not hasattr(user, "_scope"):
        user._scope = _resolve(user, on=clock.today())
    return user._scope


def forget_scope(user):
    """After a change of grants within a request: resolve the user's scope anew when it is next asked for."""
    if hasattr(user, "_scope"):
        del user._scope


HOME_GRANTS = ("run_facility", "inspect_facility")


def _resolve(user, *, on):
    group = user.office.group_id
    areas = _area_grants.in_force(group, on=on).values_list("content_object__level", "content_object__code")
    as_text = Cast("content_object_id", models.CharField())
    homes = _home_grants.in_force(group, on=on).values_list("permission__codename", as_text)
    found = sorted(areas.union(homes, all=True))
    runs, inspects = (tuple(int(root) for of, root in found if of == codename) for codename in HOME_GRANTS)
    return Scope(
        office=user.office_id,
        role=user.office.kind,
        areas=tuple((f"{of}_code", root) for of, root in found if of not in HOME_GRANTS),
        runs=runs,
        inspects=inspects,
    )


class Overseer:
    """Nobody's eyes on an area: sees what a bureau that oversees it sees. Figures that are counted without a user (at
    night, or of a campaign's whole area) are counted with these."""

    is_authenticated = is_active = True

    def __init__(self, area, office):
        self.pk = f"overseer of {area.code}"
        self.office, self.office_id = office, office.pk
        self._scope = Scope(office.pk, Role.BUREAU, areas=((area.column, area.code),), runs=(), inspects=())


def grant(office, permission, root, *, valid_from=None, valid_until=None):
    """Give an office a root row. `permission` is "oversee_area", "run_facility" or "inspect_facility"."""
    row = assign_perm(permission, office.group, root)
    row.valid_from = valid_from or clock.today()
    row.valid_until = valid_until
    row.save(update_fields=["valid_from", "valid_until"])
    return row


def revoke(office, permission, root):
    """Take a grant back. It ends yesterday rather than vanishing, so that the past can still be explained."""
    day_before = clock.today() - clock.ONE_DAY
    grants = _area_grants if permission == "oversee_area" else _home_grants
    rows = grants.objects.filter(group=office.group, permission__codename=permission, content_object=root)
    rows.exclude(valid_until__lt=clock.today()).update(valid_until=day_before)  # an ended one keeps its own last day


def allow(*roles, duty=""):
    """View decorator: only users whose office has one of `roles` (and who hold `duty`, a boolean of User) get in.

    Others get 403. The roles stay on the view as `allowed_roles`, where the sweep in tests/test_access.py reads them.
    """
    allowed = frozenset(roles)

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            user = request.user
            if user.office.kind not in allowed or (duty and not getattr(user, duty)):
                raise PermissionDenied("您的岗位没有使用这个页面的权限。")
            return view(request, *args, **kwargs)

        guarded.allowed_roles = allowed
        guarded.allowed_duty = duty
        return guarded

    return decorate


def open_to_all(view):
    """View decorator: no sign-in needed."""
    view = login_not_required(view)
    view.allowed_roles = EVERYONE | {"anonymous"}
    view.allowed_duty = ""
    return view
