"""What people type about self-checks. A form checks input; the services check state and rights."""

import base64
import binascii
import io
from dataclasses import dataclass

from django import forms
from PIL import Image

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.bureaus import bureau_of
from campaign_portal.campaigns.models import Campaign
from campaign_portal.fields import DAY, PlainText
from campaign_portal.files.forms import PicturesField
from campaign_portal.files.pictures import BadPicture
from campaign_portal.files.services import store_picture

from .forms import date_field, needed_sometimes, pictures_in
from .models import Answer, CheckList, SelfCheckRound
from .selfchecks import Line
from .services.selfcheck import Entry
from .starter_rules import PLACES


class RoundForm(forms.ModelForm):
    class Meta:
        model = SelfCheckRound
        fields = ["campaign", "check_list", "title", "opens_on", "due_on"]
        field_classes = {"title": PlainText}
        widgets = {"opens_on": DAY, "due_on": DAY}
        help_texts = {"title": "如 2026年第四季度安全自查。机构在手机上看到的就是这个名称。"}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        today = clock.today()
        running = Campaign.objects.visible_to(user).filter(status=Campaign.Status.RUNNING, ends_on__gte=today)
        self.fields["campaign"].queryset = running.order_by("-kind", "-starts_on")
        self.fields["check_list"].queryset = CheckList.objects.in_force(bureau=bureau_of(user.office), on=today)
        for name in ("campaign", "check_list"):
            first = self.fields[name].queryset.first()
            self.fields[name].initial, self.fields[name].empty_label = first and first.pk, "请选择"
        self.fields["opens_on"].initial = today

    def clean_due_on(self):
        if self.cleaned_data["due_on"] < clock.today():
            raise forms.ValidationError("截止日期不能早于今天。")
        return self.cleaned_data["due_on"]


@dataclass
class Row:
    """An item on the page: its line and its bound fields."""

    line: Line
    answer: forms.BoundField
    place: forms.BoundField
    note: forms.BoundField
    photos: forms.BoundField
    measure: forms.BoundField
    responsible: forms.BoundField
    rectify_by: forms.BoundField
    hazard: forms.BoundField | None

    @property
    def saved_photos(self):
        return self.line.answer.photos.all() if self.line.answer else []


class PartForm(forms.Form):
    """One part of the list: an answer for each item, and for 不符合 what is wrong. Nothing is required: what is there
    is kept, what is missing is said afterwards."""

    def __init__(self, *args, check, part, hazards, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.check, self.part = check, part
        self.hazards = {str(hazard.pk): hazard for hazard in hazards}
        for line in part.lines:
            self._add(line)
        for field in pictures_in(self):
            field.user = user

    def _add(self, line):
        key, saved = line.item.pk, line.answer or Answer()
        text = {"required": False, "max_length": 500}
        self.fields |= {
            f"answer_{key}": forms.ChoiceField(
                label=line.item.text,
                choices=Answer.Kind.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=saved.answer,
            ),
            f"place_{key}": forms.ChoiceField(
                label="部位",
                choices=[(place, place) for place in PLACES],
                required=False,
                initial=saved.place or line.item.place,
            ),
            f"note_{key}": PlainText(
                label="哪里不符合", widget=forms.Textarea(attrs={"rows": 2}), initial=saved.note, **text
            ),
            f"photos_{key}": PicturesField(label="照片", required=False),
            f"measure_{key}": PlainText(
                label="怎么整改", widget=forms.Textarea(attrs={"rows": 2}), initial=saved.measure, **text
            ),
            f"responsible_{key}": PlainText(
                label="责任人",
                max_length=30,
                required=False,
                initial=saved.responsible or self.check.facility.director,
            ),
            f"rectify_by_{key}": date_field("哪天整改好", initial=saved.rectify_by, required=False),
        }
        if self.hazards:
            choices = [("", "没有，这次新发现的"), *((pk, _in_short(hazard)) for pk, hazard in self.hazards.items())]
            self.fields[f"hazard_{key}"] = forms.ChoiceField(
                label="台账里已经有这条隐患？",
                choices=choices,
                required=False,
                initial=str(saved.hazard_id or ""),
            )
        for name in ("place", "note", "photos", "measure", "responsible", "rectify_by", "hazard"):
            if f"{name}_{key}" in self.fields:
                needed_sometimes(self.fields[f"{name}_{key}"])

    def rows(self):
        """The items with their fields, for the template."""
        names = ("answer", "place", "note", "photos", "measure", "responsible", "rectify_by")
        for line in self.part.lines:
            key = line.item.pk
            hazard = self[f"hazard_{key}"] if self.hazards else None
            yield Row(line, **{name: self[f"{name}_{key}"] for name in names}, hazard=hazard)

    def entries(self):
        """What was said, item by item; items without an answer are left as they stand."""
        for line in self.part.lines:
            said = {name: self.cleaned_data.get(f"{name}_{line.item.pk}") for name in SAID}
            if said["answer"]:
                hazard = self.hazards.get(said.pop("hazard") or "")
                dropped = [photo.pk for photo in _photos(line) if f"drop_{photo.pk}" in self.data]
                yield Entry(line.item, hazard=hazard, dropped=dropped, **said)


SAID = ("answer", "place", "note", "photos", "measure", "responsible", "rectify_by", "hazard")


def _photos(line):
    return line.answer.photos.all() if line.answer else []


def _in_short(hazard):
    return f"{hazard.code} {hazard.summary[:24]}"


MAX_SIGNATURE = 400_000  # characters of a data: address; a drawn name has some 20,000
PNG = "data:image/png;base64,"
INK = 200  # of 255: darker than this is a stroke


class SignForm(forms.Form):
    """The last page: zero report, name, signature on the glass or, instead, a confirmation."""

    is_zero = forms.BooleanField(label="零报告：本次自查未发现隐患", required=False)
    signer = PlainText(label="负责人姓名", max_length=30)
    signature = forms.CharField(required=False, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(
        label="本人确认", required=False, help_text="不方便手写签名时勾选：以上内容由本人核对，与实际相符。"
    )
    proxy_reason = PlainText(label="代填原因", max_length=200, help_text="例如：院长住院，电话口述。机构会看到。")
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args, check, user, has_findings, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        self.fields["version"].initial = check.version
        self.fields["signer"].initial = check.facility.director
        if user.office.kind == Role.HOME:
            del self.fields["proxy_reason"]
        else:
            self.fields["signer"].label = "填报人姓名"
            self.fields["signer"].initial = user.name
        if has_findings:
            del self.fields["is_zero"]

    def clean_signature(self):
        """The drawn name as a stored picture, decoded and written anew like every picture; None if nothing was drawn."""
        text = self.cleaned_data["signature"]
        if not text:
            return None
        try:
            if not text.startswith(PNG) or len(text) > MAX_SIGNATURE:
                raise ValueError
            drawn = io.BytesIO(base64.b64decode(text.removeprefix(PNG), validate=True))
            drawn.name = "签名.png"
            stored = store_picture(drawn, by=self.user)
        except (ValueError, binascii.Error, BadPicture):
            raise forms.ValidationError("签名没有传好，请点“清除重签”后再签一次。") from None
        with stored.open() as clean, Image.open(clean) as image:
            darkest, _ = image.convert("L").getextrema()
        if darkest > INK:
            raise forms.ValidationError("签名框里还没有字，请在框内签名。")
        return stored

    def clean(self):
        data = super().clean()
        if not data.get("signature") and not data.get("confirmed") and "signature" not in self.errors:
            self.add_error("confirmed", "请在上面的框里签名；不方便手写的，勾选“本人确认”。")
        return data
