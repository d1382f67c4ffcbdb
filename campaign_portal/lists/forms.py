from django import forms

from .models import SavedView
from .registry import LISTS

LONGEST = SavedView._meta.get_field("name").max_length
WORDS = {"required": "请给视图起个名称。", "max_length": f"名称最多 {LONGEST} 个字。"}


class NameForm(forms.Form):
    """The name of a view. Whether it is taken is for the service to say: the same name may be meant."""

    name = forms.CharField(max_length=LONGEST, error_messages=WORDS)

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    @property
    def sentence(self):
        """The first thing that is wrong."""
        return next(iter(self.errors.values()))[0]


class SaveForm(NameForm):
    """The list and its query come from the page; if they are no good, the page is too old."""

    OUTDATED = {
        "required": "页面已过时，请重新打开列表再保存视图。",
        "invalid_choice": "没有这个列表，请重新打开再保存视图。",
    }

    list = forms.ChoiceField(error_messages=OUTDATED)
    query = forms.CharField(max_length=4000, required=False, error_messages={"max_length": "筛选条件太长，存不下。"})
    share = forms.BooleanField(required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["list"].choices = [(code, some_list.label) for code, some_list in LISTS.items()]
