from django import forms
from django.contrib.auth.forms import AuthenticationForm, SetPasswordForm
from django.core.exceptions import ValidationError

from .models import Office, User


class SignInForm(AuthenticationForm):
    error_messages = {
        "invalid_login": "账号或密码不对。注意区分大小写；连续 5 次不对会锁定 10 分钟。",
        "inactive": "这个账号已停用，请联系本单位管理员（养老机构请联系乡镇民政办）。",
    }
    username = forms.CharField(
        label="账号", widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "username"})
    )


class CodeForm(forms.Form):
    """Six digits of the app, or a recovery code; blanks as people write them are fine."""

    code = forms.CharField(
        label="验证码",
        max_length=20,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "one-time-code", "inputmode": "text"}),
    )

    def clean_code(self):
        return "".join(self.cleaned_data["code"].split()).lower()


class ChangePasswordForm(SetPasswordForm):
    old_password = forms.CharField(
        label="现在的密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    field_order = ["old_password", "new_password1", "new_password2"]

    def clean_old_password(self):
        old = self.cleaned_data["old_password"]
        if not self.user.check_password(old):
            raise ValidationError("现在的密码不对。")
        return old


class UserForm(forms.ModelForm):
    """Name, phone and duties of an account."""

    class Meta:
        model = User
        fields = ["name", "phone", "is_clerk", "is_approver", "is_administrator"]
        help_texts = {
            "is_clerk": "日常办理：登记、核实、复查、填报。",
            "is_approver": "审批他人提出的延期、作废等申请。",
            "is_administrator": "管理本单位和下级单位的账号。",
        }

    def _get_validation_exclusions(self):
        """Somebody at work has a duty, a rule that also reads is_active."""
        return super()._get_validation_exclusions() - {"is_active"}


class NewUserForm(UserForm):
    """A new account in one of the offices that the user looks after."""

    class Meta(UserForm.Meta):
        fields = ["office", "username", *UserForm.Meta.fields]
        help_texts = UserForm.Meta.help_texts | {"username": "登录用，建议用姓名拼音，只含字母、数字和 _ 。"}
        labels = {"username": "账号"}
        error_messages = {"username": {"unique": "这个账号已有人使用，请换一个，如在后面加数字。"}}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["office"].queryset = Office.objects.managed_by(user).filter(is_active=True)
        self.fields["office"].empty_label = "请选择"


class MoveForm(forms.Form):
    office = forms.ModelChoiceField(Office.objects.none(), label="调往单位", empty_label="请选择")

    def __init__(self, *args, user, person, **kwargs):
        super().__init__(*args, **kwargs)
        others = Office.objects.managed_by(user).filter(is_active=True).exclude(pk=person.office_id)
        self.fields["office"].queryset = others


class HandOverForm(forms.Form):
    taker = forms.ModelChoiceField(User.objects.none(), label="接手人", empty_label="请选择")
    disable = forms.BooleanField(label="同时停用原账号", required=False)

    def __init__(self, *args, giver, **kwargs):
        super().__init__(*args, **kwargs)
        colleagues = User.objects.filter(office=giver.office_id, is_active=True).exclude(pk=giver.pk)
        self.fields["taker"].queryset = colleagues
