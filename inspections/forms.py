"""What people type about a hazard. A form checks input; the services check state and rights."""

import uuid
from datetime import date

from django import forms

from campaign_portal import clock
from campaign_portal.accounts import access
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.bureaus import bureau_of
from campaign_portal.accounts.models import Office
from campaign_portal.campaigns.models import Campaign
from campaign_portal.deadlines import workdays
from campaign_portal.fields import DAY, PlainText
from campaign_portal.files.forms import PicturesField
from facilities.models import Facility

from .models import Category, Hazard, Limits, MajorCriterion, Photo
from .starter_rules import PLACES

DAYS_ANEW = 7  # proposed after a re-check that failed
REASON = {"max_length": 300, "widget": forms.Textarea(attrs={"rows": 3})}


PLAIN = dict.fromkeys(("finders", "responsible", "responsible_phone", "liaison", "liaison_phone"), PlainText)


def date_field(label, *, initial=None, required=True, help_text=""):
    return forms.DateField(label=label, initial=initial, required=required, help_text=help_text, widget=DAY)


def until_today(field):
    """Let the browser refuse a day that has not come yet; the form itself refuses it in any case."""
    field.widget.attrs["max"] = f"{clock.today():%Y-%m-%d}"


def needed_sometimes(field):
    """Mark a field that another answer may make required, so that its label does not call it optional."""
    field.needed_sometimes = True
    return field


def proxy_reason_field():
    """Why an officer fills this in for the home (代填)."""
    return PlainText(label="代填原因", max_length=200, help_text="例如：院长外出，电话口述。机构会看到。")


def pictures_in(form):
    return (field for field in form.fields.values() if isinstance(field, PicturesField))


class CountyRules:
    """The categories, criteria, limits and offices that hold for one county today. Three queries."""

    def __init__(self, row):
        self.bureau, today = bureau_of(row), clock.today()
        self.categories = Category.objects.in_force(bureau=self.bureau, on=today)
        self.criteria = MajorCriterion.objects.in_force(bureau=self.bureau, on=today)
        self.limits = Limits.objects.in_force(bureau=self.bureau, on=today).order_by("-valid_from").first() or Limits()
        self.county = row.county_code

    def categories_with(self, hazard):
        """The categories in force and the hazard's own, which may be of an earlier set."""
        return self.categories | Category.objects.filter(pk=hazard.category_id)

    def departments(self):
        """Offices that may hold a part of any hazard of the county."""
        kinds = [Role.DEPARTMENT, Role.BUREAU]
        return Office.objects.filter(county_code=self.county, is_active=True, kind__in=kinds).order_by("kind", "pk")

    def holders(self, supervisor):
        """Offices that may hold a part of one hazard: those, and its supervisor."""
        return self.departments() | Office.objects.filter(pk=supervisor.pk).order_by("kind", "pk")


class DepartmentsField(forms.ModelMultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def clean(self, value):
        for pk in value or ():  # SQLite fails on a number beyond its range
            if not str(pk).isdecimal() or len(str(pk)) > 18:
                raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": str(pk)[:20]})
        return super().clean(value)

    def label_from_instance(self, office):
        return office.label


def criterion_field():
    field = forms.ModelChoiceField(
        MajorCriterion.objects.none(), label="判定依据", required=False, empty_label="请选择判定情形"
    )
    return needed_sometimes(field)


class GradeMixin:
    """Grade and criterion go together: a criterion for 重大, none for 一般."""

    def clean(self):
        data = super().clean()
        if data.get("grade") == Hazard.Grade.MAJOR and not data.get("criterion"):
            self.add_error("criterion", "定为重大隐患，请选择判定依据。")
        if data.get("grade") == Hazard.Grade.NORMAL:
            data["criterion"] = None
        return data


class EntryForm(forms.ModelForm):
    """What a report and a finding share. `facility` is chosen beforehand, so that the rules of its county are known."""

    place = forms.ChoiceField(label="隐患部位", choices=[("", "请选择"), *((p, p) for p in PLACES)])
    summary = PlainText(label="隐患描述", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    measure = PlainText(label="整改措施", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    responsible = PlainText(label="责任人", max_length=30)
    before = PicturesField(label="隐患照片")
    sent_key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid.uuid4)

    def __init__(self, *args, user, facility, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.user, self.facility, self.rules = user, facility, rules
        self.instance.facility = facility
        for field in pictures_in(self):
            field.user = user
        until_today(self.fields["found_on"])
        self.fields["category"].queryset = rules.categories
        self.fields["category"].empty_label = "请选择"
        self.fields["previous"].queryset = struck_off_before(facility)
        self.fields["previous"].label_from_instance = lambda old: f"{old.code} {old.summary[:24]}"
        self.fields["previous"].empty_label = "不是，第一次发现"
        if not self.fields["previous"].queryset:
            del self.fields["previous"]

    def clean(self):
        data = super().clean()
        if data.get("found_on") and data["found_on"] > clock.today():
            self.add_error("found_on", f"{self['found_on'].label}不能晚于今天。")
        if data.get("due_on") and data["due_on"] < clock.today():
            self.add_error("due_on", "整改期限不能早于今天。")
        return data

    def _post_clean(self):
        """Constraints that need what only the service knows (supervisor, number, status) are left to it."""
        self.instance.sent_key = self.cleaned_data.get("sent_key")
        super()._post_clean()


def struck_off_before(facility):
    """Hazards of this home that were closed in the last two years, for naming the one that has come back."""
    since = workdays.after(clock.today(), -730, in_workdays=False)
    old = Hazard.objects.filter(facility=facility, status=Hazard.Status.CLOSED, found_on__gte=since)
    shown = list(old.order_by("-found_on", "-pk").values_list("pk", flat=True)[:60])
    return Hazard.objects.filter(pk__in=shown).order_by("-found_on", "-pk")


class ReportForm(EntryForm):
    """A home's own report, made for a phone: where, photos, what, how and by whom."""

    after = needed_sometimes(PicturesField(label="整改后照片", required=False))
    proxy_reason = proxy_reason_field()

    class Meta:
        model = Hazard
        fields = [
            "found_on", "place", "category", "summary", "previous", "fixed_on_spot",
            "measure", "responsible", "responsible_phone", "due_on",
        ]  # fmt: skip
        widgets = {"found_on": DAY, "due_on": DAY}
        field_classes = PLAIN
        labels = {"found_on": "发现日期", "previous": "以前销过号、又出现的", "fixed_on_spot": "已经当场整改好了"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = clock.today()
        self.fields["found_on"].initial = today
        self.fields["due_on"].initial = self.rules.limits.day_for(Hazard.Grade.NORMAL, since=today)
        needed_sometimes(self.fields["due_on"]).required = False
        self.fields["responsible"].initial = self.facility.director
        self.fields["responsible_phone"].initial = self.facility.director_phone
        if self.user.office.kind == Role.HOME:
            del self.fields["proxy_reason"]

    def clean(self):
        data = super().clean()
        if data.get("fixed_on_spot"):
            if not data.get("after") and "after" not in self.errors:
                self.add_error("after", "当场整改好的，请附一张整改后的照片。")
            data["due_on"] = max(filter(None, [data.get("due_on"), data.get("found_on"), clock.today()]))
        elif not data.get("due_on") and "due_on" not in self.errors:
            self.add_error("due_on", "请填写计划哪天整改好。")
        return data


class RegisterForm(GradeMixin, EntryForm):
    """What an officer found on a visit. It starts at open."""

    criterion = criterion_field()
    departments = DepartmentsField(
        Office.objects.none(), label="责任部门", required=False, help_text="每个部门各自复查办结，全部办结才销号。"
    )
    measure = PlainText(label="整改措施", max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 2}))
    responsible = PlainText(label="责任人", max_length=30, required=False, help_text="可由机构在整改方案中补充。")

    class Meta:
        model = Hazard
        fields = [
            "source", "found_on", "finders", "place", "category", "summary", "grade", "criterion", "previous",
            "due_on", "measure", "responsible", "responsible_phone", "liaison", "liaison_phone",
        ]  # fmt: skip
        widgets = {"found_on": DAY, "due_on": DAY, "grade": forms.RadioSelect}
        field_classes = PLAIN
        labels = {"previous": "以前销过号、又出现的"}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today, rules = clock.today(), self.rules
        self.fields["source"].choices = [c for c in Hazard.Source.choices if c[0] != Hazard.Source.SELF]
        self.fields["criterion"].queryset = rules.criteria
        self.fields["departments"].queryset = rules.holders(self.facility.supervisor).order_by("kind", "pk")
        mine = self.user.office if self.user.office.kind == Role.DEPARTMENT else self.facility.supervisor
        self.fields["departments"].initial = [mine.pk]
        self.fields["found_on"].initial = today
        self.fields["finders"].initial = self.user.name
        self.fields["due_on"].initial = rules.limits.day_for(Hazard.Grade.NORMAL, since=today)
        self.fields["liaison"].initial = self.facility.liaison
        self.fields["liaison_phone"].initial = self.facility.liaison_phone


class FacilityPick(forms.Form):
    """Which home it is about, when that is not given."""

    facility = forms.ModelChoiceField(Facility.objects.none(), label="养老机构", empty_label="请选择机构")

    def __init__(self, *args, homes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["facility"].queryset = homes


# Steps of a hazard


class ActForm(forms.Form):
    """A step of one hazard. Carries the version that the page showed; officers acting for a home say why."""

    for_home = False  # a step of the home's side, which its supervisor may enter for it (代填)

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, hazard, user, rules, **kwargs):
        super().__init__(*args, **kwargs)
        self.hazard, self.user, self.rules = hazard, user, rules
        self.fields["version"].initial = hazard.version
        if self.for_home and user.office.kind != Role.HOME:
            self.fields["proxy_reason"] = proxy_reason_field()
        self.prepare()
        for field in pictures_in(self):
            field.user = user

    def prepare(self):
        """Initial values and choices that depend on the hazard."""


class VerifyForm(GradeMixin, ActForm):
    category = forms.ModelChoiceField(Category.objects.none(), label="类别", empty_label=None)
    grade = forms.ChoiceField(label="等级", choices=Hazard.Grade.choices, widget=forms.RadioSelect)
    criterion = criterion_field()
    due_on = date_field("整改期限")
    liaison = PlainText(label="包联责任人", max_length=30, required=False)
    liaison_phone = PlainText(label="包联责任人电话", max_length=20, required=False)
    departments = DepartmentsField(
        Office.objects.none(), label="责任部门", help_text="每个部门各自复查办结，全部办结才销号。"
    )

    def prepare(self):
        hazard = self.hazard
        self.fields["category"].queryset = self.rules.categories_with(hazard)
        self.fields["criterion"].queryset = self.rules.criteria
        self.fields["departments"].queryset = self.rules.holders(hazard.supervisor).order_by("kind", "pk")
        self.initial = {
            "category": hazard.category_id,
            "grade": hazard.grade,
            "due_on": max(hazard.due_on, clock.today()),
            "liaison": hazard.liaison,
            "liaison_phone": hazard.liaison_phone,
            "departments": [part.office_id for part in hazard.parts.all()],
        } | self.initial


class NoteForm(ActForm):
    note = PlainText(label="核实意见", initial="已核对整改前后照片，整改到位。", **REASON)


class ReasonForm(ActForm):
    reason = PlainText(label="原因", **REASON)


class CompleteForm(ActForm):
    """The returned report again, filled in as it stands."""

    for_home = True

    place = forms.ChoiceField(label="隐患部位", choices=[(p, p) for p in PLACES])
    category = forms.ModelChoiceField(Category.objects.none(), label="类别", empty_label=None)
    summary = PlainText(label="隐患描述", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))
    measure = PlainText(label="整改措施", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    responsible = PlainText(label="责任人", max_length=30)
    responsible_phone = PlainText(label="责任人电话", max_length=20, required=False)
    due_on = date_field("整改期限")
    fixed_on_spot = forms.BooleanField(label="已经当场整改好了", required=False)
    before = PicturesField(label="补充隐患照片", required=False)
    after = PicturesField(label="补充整改后照片", required=False)

    FIELDS = (
        "place", "category", "summary", "measure", "responsible", "responsible_phone", "due_on", "fixed_on_spot",
    )  # fmt: skip

    def prepare(self):
        self.fields["category"].queryset = self.rules.categories_with(self.hazard)
        self.initial = {name: getattr(self.hazard, name) for name in self.FIELDS} | self.initial


class PlanForm(ActForm):
    for_home = True

    measure = PlainText(label="整改措施", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))
    responsible = PlainText(label="责任人", max_length=30)
    responsible_phone = PlainText(label="责任人电话", max_length=20, required=False)
    funds = forms.DecimalField(
        label="整改资金（万元）", min_value=0, max_digits=8, decimal_places=2, required=False, help_text="不花钱填 0。"
    )
    plan = PlainText(
        label="临时防控措施和应急预案", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )

    def prepare(self):
        names = ("measure", "responsible", "responsible_phone", "funds", "plan")
        self.initial = {name: getattr(self.hazard, name) for name in names} | self.initial
        if self.hazard.is_major:
            self.fields["funds"].required = self.fields["plan"].required = True


class SubmitForm(ActForm):
    """The rectification, with an after-photo beside each before-photo where there is one."""

    for_home = True

    rectified_on = date_field("整改完成日期")
    rectification = PlainText(label="整改情况", max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def prepare(self):
        self.fields["rectified_on"].initial = clock.today()
        until_today(self.fields["rectified_on"])
        self.befores = [photo for photo in self.hazard.photos.all() if photo.stage == Photo.Stage.BEFORE]
        for photo in self.befores:
            self.fields[f"after_{photo.pk}"] = needed_sometimes(PicturesField(label="整改后", required=False, most=3))
        self.fields["after"] = PicturesField(label="其他整改后照片" if self.befores else "整改后照片", required=False)
        if not self.befores:
            needed_sometimes(self.fields["after"])
        self.order_fields([*(f"after_{photo.pk}" for photo in self.befores), "after", "rectified_on", "rectification"])

    def pairs(self):
        """(before-photo, field for its after-photos), for the template."""
        return [(photo, self[f"after_{photo.pk}"]) for photo in self.befores]

    def clean(self):
        data = super().clean()
        answers = {file.pk: photo for photo in self.befores for file in data.get(f"after_{photo.pk}") or []}
        answered = [file for photo in self.befores for file in data.get(f"after_{photo.pk}") or []]
        data["all_after"], data["answers"] = answered + list(data.get("after") or []), answers
        if not data["all_after"] and not self.errors:
            first = f"after_{self.befores[0].pk}" if self.befores else "after"
            self.add_error(first, "请至少附一张整改后的照片，最好和整改前同一角度。")
        if data.get("rectified_on") and data["rectified_on"] > clock.today():
            self.add_error("rectified_on", "整改完成日期不能晚于今天。")
        return data


class CloseForm(ActForm):
    rechecked_on = date_field("现场复查日期")
    note = PlainText(label="复查结论", initial="现场复查，整改到位。", **REASON)
    photos = PicturesField(label="复查照片", required=False)

    def prepare(self):
        self.fields["rechecked_on"].initial = clock.today()
        until_today(self.fields["rechecked_on"])


class SendBackForm(ActForm):
    rechecked_on = date_field("现场复查日期")
    reason = PlainText(label="不合格的地方", **REASON)
    due_on = date_field("新的整改期限")
    photos = PicturesField(label="复查照片", required=False)

    def prepare(self):
        self.fields["rechecked_on"].initial = clock.today()
        until_today(self.fields["rechecked_on"])
        self.fields["due_on"].initial = workdays.after(clock.today(), DAYS_ANEW, in_workdays=False)


class ExtensionForm(ActForm):
    for_home = True

    new_due_on = date_field("申请延至")
    reason = PlainText(label="延期理由", **REASON)
    interim = PlainText(label="延期期间的防控措施", **REASON)

    def clean_new_due_on(self):
        day = self.cleaned_data["new_due_on"]
        if day <= self.hazard.due_on:
            raise forms.ValidationError(f"延期后的日期要晚于原期限 {self.hazard.due_on:%Y-%m-%d}。")
        return day


class RegradeForm(GradeMixin, ActForm):
    grade = forms.ChoiceField(label="等级", choices=Hazard.Grade.choices, widget=forms.RadioSelect)
    criterion = criterion_field()
    reason = PlainText(label="调整理由", **REASON)

    def prepare(self):
        self.fields["criterion"].queryset = self.rules.criteria
        self.initial = {"grade": self.hazard.grade, "criterion": self.hazard.criterion_id} | self.initial


class ShareForm(ActForm):
    departments = DepartmentsField(
        Office.objects.none(),
        label="责任部门",
        help_text="已经办结的部门会保留。每个部门各自复查办结，全部办结才销号。",
    )
    reason = PlainText(label="调整理由", **REASON)

    def prepare(self):
        self.fields["departments"].queryset = self.rules.holders(self.hazard.supervisor).order_by("kind", "pk")
        self.initial = {"departments": [part.office_id for part in self.hazard.parts.all()]} | self.initial


class LiaisonForm(ActForm):
    liaison = PlainText(label="包联责任人", max_length=30, help_text="不需要账号，填姓名和电话即可。")
    liaison_phone = PlainText(label="包联责任人电话", max_length=20, required=False)

    def prepare(self):
        names = ("liaison", "liaison_phone")
        self.initial = {name: getattr(self.hazard, name) for name in names} | self.initial


class DecideForm(forms.Form):
    version = forms.IntegerField(widget=forms.HiddenInput)
    granted = forms.ChoiceField(label="审批结果", choices=[("yes", "同意"), ("no", "不同意")], widget=forms.RadioSelect)
    decision = PlainText(label="审批意见", required=False, **REASON)

    def clean(self):
        data = super().clean()
        if data.get("granted") == "no" and not data.get("decision"):
            self.add_error("decision", "不同意的，请写明原因，申请人会看到。")
        return data


class CommentForm(forms.Form):
    text = PlainText(label="留言", max_length=500, widget=forms.Textarea(attrs={"rows": 2}))


class FiguresForm(forms.Form):
    """What the page of figures shows: of which campaign, as of the end of which day, and the official form's period.

    `cleaned_data["on"]` is None for now; a supervisor narrows the table of homes.
    """

    campaign = forms.ModelChoiceField(Campaign.objects.none(), label="专项行动", required=False, empty_label="全部")
    on = date_field("截至", required=False)
    days = forms.TypedChoiceField(label="趋势", choices=[(30, "30 天"), (90, "90 天")], coerce=int, required=False)
    start = date_field("统计期自", required=False)
    end = date_field("至", required=False)
    supervisor = forms.ModelChoiceField(Office.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, data, *, user, campaign):
        data = data.copy()
        data.setdefault("campaign", campaign.pk if campaign else "")
        data.setdefault("days", 30)
        super().__init__(data)
        self.fields["campaign"].queryset = Campaign.objects.visible_to(user)
        self.fields["campaign"].error_messages["invalid_choice"] = "没有这个专项行动，请重新选择。"
        self.fields["supervisor"].error_messages["invalid_choice"] = "没有这个监管单位，请从表里重新点选。"
        areas = access.scope_of(user).areas_q()
        self.fields["supervisor"].queryset = Office.objects.filter(areas, kind__in=[Role.BUREAU, Role.TOWNSHIP])

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on and on > clock.today():
            raise forms.ValidationError("截至日期不能晚于今天。")
        return None if on == clock.today() else on

    def clean(self):
        data = super().clean()
        if self.errors:
            return data
        data["days"] = data["days"] or 30
        data["end"] = data["end"] or data["on"] or clock.today()
        data["start"] = data["start"] or (
            data["campaign"].starts_on if data["campaign"] else date(data["end"].year, 1, 1)
        )
        if data["start"] > data["end"]:
            self.add_error("start", "统计期的开始日期不能晚于结束日期。")
        return data
