"""The list of activities from a query string: the page, its Excel file and the figures' links find the same rows."""

from datetime import date
from operator import attrgetter
from typing import NamedTuple
from urllib.parse import urlencode

from django import forms
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.campaigns.models import Campaign, Task
from campaign_portal.campaigns.services import campaigns_at_hand
from campaign_portal.files.models import StoredFile
from campaign_portal.lists.paging import Order

from .activity_days import DayField
from .activity_forms import MOST_HOMES
from .models import Activity, ActivityFile, ActivityHome, Facility

HELD = Order("held", "活动日期", ("held_on",), is_descending=True)
SHORT_NAME = attrgetter("short_name")
STATES = [("recorded", "已开展"), ("planned", "计划中"), ("void", "已作废")]


def list_url(**params):
    """The list with what a figure counted; parameters without a value are left out."""
    query = urlencode({name: value for name, value in params.items() if value})
    return reverse("activities:activities") + (f"?{query}" if query else "")


def _select(label, choices=(), *, name):
    widget = forms.Select(attrs={"aria-label": name})
    return forms.ChoiceField(label=name, choices=[("", label), *choices], required=False, widget=widget)


class ActivityFilter(forms.Form):
    """What is chosen and the rows it leaves. What cannot be read leaves nothing: a figure's link is never wider than it."""

    kind = _select("全部类别", Activity.Kind.choices, name="类别")
    campaign = _select("全部专项行动", name="专项行动")
    task = _select("全部任务", name="任务")
    state = _select("已开展和计划中", STATES, name="状态")
    place = _select("全部监管单位", name="监管单位")
    home = _select("全部机构", name="机构")
    organiser = _select("全部主办单位", name="主办单位")
    since = DayField(label="从", required=False)
    until = DayField(label="至", required=False)
    on = DayField(label="截至", required=False, widget=forms.HiddenInput)

    def __init__(self, query, *, user):
        super().__init__({name: query.get(name, "") for name in self.base_fields})
        self.user = user
        self._offer()
        self.is_readable = self.is_valid()
        self.chosen = {name: value for name, value in self.cleaned_data.items() if value}
        for name in self.chosen:
            self.fields[name].widget.attrs["class"] = "is-set"

    def _offer(self):
        """Choices in the user's sight. A list too long to offer holds only what the link names."""
        self._offer_rows("campaign", self._campaigns())
        task = self.data.get("task")
        campaign = self.data.get("campaign")
        tasks = Task.objects.filter(campaign__in=self._campaigns())
        shown = tasks.filter(campaign=_pk(campaign)) if campaign else tasks.filter(pk=_pk(task))
        self._offer_rows("task", shown.to_be_done() | tasks.filter(pk=_pk(task)))
        homes = Facility.objects.visible_to(self.user)
        by_town = homes.only("name", "short_name").order_by("town_code", "pk")
        self._offer_rows("home", self._short(by_town, "home"))
        organisers = Office.objects.filter(pk__in=Activity.objects.visible_to(self.user).order_by().values("organiser"))
        self._offer_rows("organiser", self._short(organisers, "organiser"), label=SHORT_NAME)
        self._offer_rows("place", self._short(self._places(homes), "place"), label=SHORT_NAME)

    def _places(self, homes):
        """Who answers for a home now or did when it took part, and townships with activities of their own."""
        homes, activities = homes.order_by(), Activity.objects.visible_to(self.user).order_by()
        then = ActivityHome.objects.order_by().filter(facility__in=homes.values("pk")).values("supervisor")
        return Office.objects.filter(
            Q(pk__in=homes.values("supervisor"))
            | Q(pk__in=then)
            | Q(pk__in=activities.values("organiser"), kind=Role.TOWNSHIP)
        )

    def _campaigns(self):
        at_hand = [campaign.pk for campaign in campaigns_at_hand(self.user)]
        return Campaign.objects.visible_to(self.user).filter(pk__in=[*at_hand, _pk(self.data.get("campaign"))])

    def _short(self, rows, name):
        is_wide = not access.scope_of(self.user).is_within_county
        return rows.filter(pk=_pk(self.data.get(name))) if is_wide else rows[:MOST_HOMES]

    def _offer_rows(self, name, rows, label=str):
        field = self.fields[name]
        field.choices = [field.choices[0], *((str(row.pk), label(row)) for row in rows)]
        if len(field.choices) == 1:
            field.widget = forms.HiddenInput()

    # What it leaves

    @property
    def found(self):
        """The user's activities that meet every choice, in no order."""
        return self._narrowed(self.chosen)

    def found_of_any_kind(self):
        """The same, whatever kind is chosen: what the counts beside the kinds are of."""
        return self._narrowed({name: value for name, value in self.chosen.items() if name != "kind"})

    def _narrowed(self, chosen):
        rows = Activity.objects.visible_to(self.user)
        if not self.is_readable:
            return rows.none()
        rows = self._in_state(rows)
        for name in ("kind", "campaign", "task", "organiser"):
            if name in chosen:
                rows = rows.filter(**{name: chosen[name]})
        if "since" in chosen:
            rows = rows.filter(held_on__gte=chosen["since"])
        if "until" in chosen:
            rows = rows.filter(held_on__lte=chosen["until"])
        if "home" in chosen:
            rows = rows.with_home(chosen["home"])
        return rows.at_place(chosen["place"]) if "place" in chosen else rows

    def _in_state(self, rows):
        if on := self.chosen.get("on"):
            return rows.counted(on=on)
        state = self.chosen.get("state")
        return rows.filter(status=state) if state else rows.current()

    # As the page shows it

    MORE = ("home", "place", "organiser")

    def first_fields(self):
        with_task = ("task",) if "campaign" in self.chosen or "task" in self.chosen else ()
        return [self[name] for name in ("campaign", *with_task, "state", "on")]

    def more_fields(self):
        return [self[name] for name in self.MORE]

    def more_is_set(self):
        return any(name in self.chosen for name in (*self.MORE, "since", "until"))

    def wrong_days(self):
        """Why the days that were asked for cannot be, as sentences."""
        return list(dict.fromkeys(error for name in ("since", "until", "on") for error in self[name].errors))

    def in_words(self):
        """The choices as words, for the head of what leaves the portal."""
        said = {self.fields[name].label: self._word(name, value) for name, value in self.chosen.items()}
        return "；".join(f"{label}：{word}" for label, word in said.items())

    def _word(self, name, value):
        return dict(getattr(self.fields[name], "choices", ())).get(value, value)

    def periods(self):
        """This quarter, the one before and this year, as (label, first day, last day)."""
        today = clock.today()
        this = quarter_of(today)
        year = (date(today.year, 1, 1), date(today.year, 12, 31))
        return [
            ("本季度", *this),
            ("上季度", *quarter_of(this[0] - clock.ONE_DAY)),
            ("今年", *year),
        ]


def quarter_of(day):
    """The first and last day of the quarter of a day."""
    first = date(day.year, 3 * ((day.month - 1) // 3) + 1, 1)
    after = date(first.year + first.month // 10, (first.month + 2) % 12 + 1, 1)
    return first, after - clock.ONE_DAY


def _pk(text):
    return int(text) if text and text.isdecimal() and text.isascii() and len(text) < 19 else 0


class KindCount(NamedTuple):
    """How many activities of a kind there are, how many of them are only planned, and the attendances of the others."""

    kind: str
    label: str
    number: int
    planned: int
    attendances: int


def counts_by_kind(rows):
    """A KindCount for each kind that occurs, in the order of kinds. One query."""
    sums = {
        "number": Count("pk"),
        "planned": Count("pk", filter=Q(status=Activity.Status.PLANNED)),
        "sum": Sum("attendances", default=0),
    }
    counts = rows.order_by().values("kind").annotate(**sums).values_list("kind", *sums)
    found = {kind: rest for kind, *rest in counts}
    return [KindCount(kind.value, kind.label, *found[kind]) for kind in Activity.Kind if kind in found]


def for_list(rows):
    """All that a line of the list needs, without further queries."""
    homes = ActivityHome.objects.filter(activity=OuterRef("pk")).order_by()
    number = homes.values("activity").annotate(number=Count("pk")).values("number")
    first = homes.order_by("facility__town_code", "facility")
    return rows.select_related("campaign", "task", "organiser").annotate(
        home_number=Coalesce(Subquery(number), 0),
        first_home=Subquery(first.values("facility__name")[:1]),
        photo_number=_files_of(StoredFile.Kind.PICTURE),
        file_number=_files_of(StoredFile.Kind.DOCUMENT),
    )


def _files_of(kind):
    """How many files of a kind an activity has."""
    files = ActivityFile.objects.filter(activity=OuterRef("pk"), removed_at=None, file__kind=kind).order_by()
    return Coalesce(Subquery(files.values("activity").annotate(number=Count("pk")).values("number")), 0)
