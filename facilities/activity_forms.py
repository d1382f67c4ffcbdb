"""What people type about an activity. The form checks input; facilities/activities.py checks state and rights."""

import uuid
from itertools import groupby

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.text import Truncator

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.models import Office
from campaign_portal.campaigns.models import Campaign, Task
from campaign_portal.campaigns.services import campaigns_at_hand
from campaign_portal.fields import PlainText
from campaign_portal.files.forms import PicturesField

from .activities import TakingPart, homes_offered_to
from .activity_days import DayField
from .activity_edges import HOME_KINDS, RECORDERS
from .models import Activity, ActivityHome, Facility

MOST_HOMES = 600  # a county has tens; whoever oversees more does not tick them one by one
MOST_COUNTED = 1_000_000
ROUTINE = "日常监管（不属于专项行动）"
LONGEST_TASK = 40  # of a title of up to 120; a choice that long does not fit on a phone


class HomesWidget(forms.Widget):
    """A line for each home: a tick, its attendances, its side of a pairing visit."""

    template_name = "forms/homes.html"
    use_fieldset = True
    homes = ()

    def value_from_datadict(self, data, files, name):
        ticked = data.getlist(name)
        return [(pk, data.get(f"{name}-{pk}-count", ""), data.get(f"{name}-{pk}-side", "")) for pk in ticked]

    def value_omitted_from_data(self, data, files, name):
        return False

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        given = {str(pk): (count, side) for pk, count, side in value or ()}
        lines = [self._line(home, given.get(str(home.pk))) for home in self.homes]
        places = groupby(lines, lambda line: line["home"].supervisor)
        context["widget"]["groups"] = [(office, list(of_place)) for office, of_place in places]
        context["widget"]["sides"] = ActivityHome.Side.choices
        context["widget"]["number"] = len(lines)
        return context

    @staticmethod
    def _line(home, given):
        count, side = given or ("", "")
        return {"home": home, "is_ticked": given is not None, "count": count, "side": side}


class HomesField(forms.Field):
    """Cleans to a list of TakingPart. `offer(homes)` says which may be chosen."""

    widget = HomesWidget

    def offer(self, homes):
        self.homes = self.widget.homes = list(homes)

    def prepare_value(self, value):
        """TakingPart of the activity as (pk, count, side); what was typed stays as it is."""
        parts = [(p.facility.pk, p.attendances, p.side) if isinstance(p, TakingPart) else p for p in value or ()]
        return [(pk, "" if count is None else count, side) for pk, count, side in parts]

    def clean(self, value):
        offered = {str(home.pk): home for home in self.homes}
        if any(pk not in offered for pk, _, _ in value):
            raise ValidationError("所选机构里有不在您范围内的，请重新选择。")
        parts = [TakingPart(offered[pk], _number(offered[pk], count), _side(side)) for pk, count, side in value]
        if self.required and not parts:
            raise ValidationError("请选择参加的机构。")
        return parts


def _number(home, text):
    text = text.strip()
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > 7 or int(text) > MOST_COUNTED:
        raise ValidationError(f"{home}的人次请只写数字，没有统计的不填。")
    return int(text)


def _side(text):
    return text if text in ActivityHome.Side.values else ""


class ActivityForm(forms.ModelForm):
    """An activity as its organiser tells it. `cleaned_data["homes"]` are TakingPart, `photos` stored pictures.

    `prefill` (a QueryDict) may name campaign, task and kind of a new one.
    """

    title = PlainText(label="活动名称", max_length=80)
    place = PlainText(label="地点", max_length=80, required=False)
    organiser_text = PlainText(
        label="协办单位", max_length=200, required=False, help_text="如：县消防救援大队、县人民医院。"
    )
    people = forms.IntegerField(
        label="人数", required=False, min_value=0, max_value=MOST_COUNTED, help_text="同一个人来几次，只算一个。"
    )
    attendances = forms.IntegerField(
        label="人次", required=False, min_value=0, max_value=MOST_COUNTED, help_text="同一个人来几次，算几次。"
    )
    result = PlainText(label="开展情况", max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 4}))
    homes = HomesField(label="参加的机构", required=False)
    photos = PicturesField(label="照片", required=False)
    removed = forms.MultipleChoiceField(label="不再显示的材料", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput)
    sent_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    class Meta:
        model = Activity
        fields = [
            "kind", "campaign", "title", "held_on", "until_on", "place", "organiser", "organiser_text",
            "people", "attendances", "result",
        ]  # fmt: skip
        field_classes = {"held_on": DayField, "until_on": DayField}

    def __init__(self, *args, user, prefill=None, is_held=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.is_held = user, is_held
        self.fields["photos"].user = user
        self._offer_kinds()
        self._offer_campaigns()
        self._offer_organisers()
        self._offer_homes()
        self._keep_what_fits()
        if prefill is not None and not self.instance.pk:
            self._prefill(prefill)

    # What is offered

    def _offer_kinds(self):
        is_of_home = self.user.office.kind == Role.HOME
        kinds = [kind for kind in Activity.Kind if not is_of_home or kind in (*HOME_KINDS, self.instance.kind)]
        self.fields["kind"].choices = [("", "请选择"), *((kind.value, kind.label) for kind in kinds)]

    def _offer_campaigns(self):
        """Running campaigns that the user sees; of each that has tasks, a field for the task."""
        running = [c.pk for c in campaigns_at_hand(self.user) if c.status == Campaign.Status.RUNNING]
        offered = Campaign.objects.filter(
            Q(pk__in=running, kind=Campaign.Kind.SPECIAL) | Q(pk=self.instance.campaign_id)
        )
        field = self.fields["campaign"]
        field.queryset = offered
        field.required = not self.user.office.county_code  # within a county the routine supervision takes the rest
        field.empty_label, field.needed_sometimes = "请选择" if field.required else ROUTINE, True
        self.tasks = {}
        tasks = Task.objects.filter(Q(is_work=True) | Q(pk=self.instance.task_id), campaign__in=offered)
        for task in tasks.select_related("campaign"):
            self.tasks.setdefault(task.campaign, []).append(task)
        for campaign, tasks in self.tasks.items():
            choices = [("", "不属于某一项"), *((str(task.pk), _short(task)) for task in tasks)]
            label = f"服务的任务（{campaign}）" if len(self.tasks) > 1 else "服务的任务"
            self.fields[task_field(campaign)] = forms.ChoiceField(label=label, choices=choices, required=False)
        if self.instance.task_id:
            self.initial.setdefault(task_field(self.instance.campaign), str(self.instance.task_id))

    def _offer_organisers(self):
        """A bureau may enter what another office of its county has organised."""
        office, present = self.user.office, self.instance.organiser_id or self.user.office_id
        if office.kind != Role.BUREAU or not office.county_code:
            del self.fields["organiser"]
            return
        others = Q(county_code=office.county_code, is_active=True, kind__in=RECORDERS - {Role.HOME})
        self.fields["organiser"].queryset = Office.objects.filter(others | Q(pk=present))
        self.fields["organiser"].empty_label = None
        self.initial.setdefault("organiser", office.pk)

    def _offer_homes(self):
        """The running homes in the user's sight, and those named already. A single home need not be asked."""
        field, named = self.fields["homes"], list(self.instance.homes.all()) if self.instance.pk else []
        offered = homes_offered_to(self.user).filter(status=Facility.Status.RUNNING)
        seen = list(offered.values_list("pk", flat=True)[: MOST_HOMES + 1])
        self.has_too_many_homes = len(seen) > MOST_HOMES
        pks = {row.facility_id for row in named} | ({*seen} if not self.has_too_many_homes else set())
        homes = Facility.objects.filter(pk__in=pks).select_related("supervisor")
        field.offer(homes.order_by("supervisor__area__code", "supervisor", "pk"))
        field.initial = [TakingPart(row.facility, row.attendances, row.side) for row in self._with_homes(named)]
        self.running = {*seen}
        if not named and len(field.homes) > 1:
            self.fields["all_homes"] = forms.BooleanField(
                label=f"范围内正常运营的机构全部参加（{len(seen)} 家）", required=False
            )
        if self.user.office.kind == Role.HOME and len(field.homes) == 1:
            self.only_home = field.homes[0]
            del self.fields["homes"]
        elif not field.homes:
            del self.fields["homes"]

    def _with_homes(self, named):
        by_pk = {home.pk: home for home in self.fields["homes"].homes}
        for row in named:
            row.facility = by_pk[row.facility_id]
        return named

    only_home = None

    def _keep_what_fits(self):
        """A new one has neither version nor files; a plan has no counts until it has been held."""
        activity = self.instance
        if activity.pk:
            del self.fields["sent_key"]
            self.fields["version"].initial = activity.version
        else:
            del self.fields["version"]
        self.kept_files = list(activity.files.filter(removed_at=None).select_related("file")) if activity.pk else []
        self.fields["removed"].choices = [(str(row.pk), str(row)) for row in self.kept_files]
        if activity.pk and activity.status == Activity.Status.PLANNED and not self.is_held:
            del self.fields["people"], self.fields["attendances"]

    def _prefill(self, query):
        """What a link from the plan names, as far as it is offered; else the campaign that is going on."""
        task = next((t for tasks in self.tasks.values() for t in tasks if str(t.pk) == query.get("task")), None)
        offered = list(self.fields["campaign"].queryset)
        campaign = next((c for c in offered if str(c.pk) == query.get("campaign")), None)
        campaign = task.campaign if task else campaign or self._usual(offered)
        if campaign:
            self.initial["campaign"] = campaign.pk
        if task:
            self.initial[task_field(campaign)] = str(task.pk)
        self.initial["held_on"] = clock.today()
        if query.get("kind") in Activity.Kind.values:
            self.initial["kind"] = query.get("kind")

    def _usual(self, offered):
        """The campaign that is running in the office's county, the one that takes records first; else the only one offered."""
        county, today = self.user.office.county_code, clock.today()
        own = [one for one in offered if one.county_code == county and one.is_running(on=today)]
        if not own:
            return offered[0] if len(offered) == 1 else None
        return max(own, key=lambda one: (one.takes_records, one.starts_on, one.pk))

    # What is checked

    def clean(self):
        data = super().clean()
        if self.only_home:
            data["homes"] = [TakingPart(self.only_home)]
        if data.get("all_homes") and "homes" in data:
            data["homes"] = self._all_homes(data["homes"])
        data.setdefault("homes", None)
        data["task"] = self._task(data.get("campaign"))
        data["removed"] = [row for row in self.kept_files if str(row.pk) in data.get("removed", ())]
        self._add_up(data)
        self._check_plan(data)
        return data

    def _all_homes(self, ticked):
        said = {part.facility.pk: part for part in ticked}
        everyone = [home for home in self.fields["homes"].homes if home.pk in self.running]
        return [said.get(home.pk, TakingPart(home)) for home in everyone]

    def _task(self, campaign):
        chosen = self.cleaned_data.get(task_field(campaign)) if campaign else ""
        return next((task for task in self.tasks.get(campaign, ()) if str(task.pk) == chosen), None)

    def _add_up(self, data):
        """Where every home's attendances were counted and the whole was not, the whole is their sum."""
        counts = [part.attendances for part in data["homes"] or ()]
        if "attendances" in self.fields and data.get("attendances") is None and counts and None not in counts:
            data["attendances"] = sum(counts)

    def _check_plan(self, data):
        last = data.get("until_on") or data.get("held_on")
        if not last or last <= clock.today():
            return
        if self.is_held or self.instance.status == Activity.Status.RECORDED:
            self.add_error("until_on" if data.get("until_on") else "held_on", "活动还没有结束，日期不能晚于今天。")
        for name in ("people", "attendances"):
            if data.get(name) is not None:
                self.add_error(name, "日期在今天以后的先存为计划，开展后再填。")

    def changes(self):
        """What the services take: {field: value} of everything that stood on the form."""
        names = [*self._meta.fields, "task"]
        return {name: self.cleaned_data[name] for name in names if name in self.cleaned_data}


def _short(task):
    return Truncator(task).chars(LONGEST_TASK, truncate="…")


def task_field(campaign):
    return f"task_{campaign.pk}"


class VoidForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    reason = PlainText(
        label="作废原因",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="如：重复登记；因暴雨取消。",
    )
