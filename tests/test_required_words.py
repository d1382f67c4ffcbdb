"""A field that was left empty is named in the sentence that says so, in every form of the portal."""

import pytest
from django import forms

from campaign_portal.fields import DAY


class Asked(forms.Form):
    text = forms.CharField(label="进展情况")
    on = forms.DateField(label="截至日期", widget=DAY)
    kind = forms.ChoiceField(label="类别", choices=[("a", "甲")])
    several = forms.MultipleChoiceField(label="报送单位", choices=[("a", "甲")])
    sheet = forms.FileField(label="表格文件")
    agreed = forms.BooleanField(label="已经核对")
    own = forms.CharField(label="名称", error_messages={"required": "请给视图起个名称。"})
    version = forms.IntegerField(widget=forms.HiddenInput)
    note = forms.CharField(label="备注", required=False)


@pytest.mark.parametrize(
    "name, sentence",
    [
        ("text", "请填写“进展情况”。"),
        ("on", "请填写“截至日期”。"),
        ("kind", "请选择“类别”。"),
        ("several", "请选择“报送单位”。"),
        ("sheet", "请选择“表格文件”。"),
        ("agreed", "请勾选“已经核对”。"),
        ("own", "请给视图起个名称。"),
        ("version", "页面不完整，请重新打开再填。"),
    ],
)
def test_an_empty_field_is_named(name, sentence):
    form = Asked({}, {})
    assert form.errors[name] == [sentence]
    assert sentence in str(form)


def test_what_is_filled_in_or_may_be_empty_is_not_complained_about():
    form = Asked({"text": "已开班", "kind": "b"}, {})
    assert "text" not in form.errors and "note" not in form.errors
    assert "有效的选项" in form.errors["kind"][0]


def test_a_field_added_to_one_form_takes_its_own_name_and_leaves_the_others_theirs():
    first, second = Asked({}, {}), Asked({}, {})
    first.fields["text"].label = "填报数"
    assert first.errors["text"] == ["请填写“填报数”。"]
    assert second.errors["text"] == ["请填写“进展情况”。"]
