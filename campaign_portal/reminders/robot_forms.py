from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError

from campaign_portal.fields import PlainText

from .channels import Failed, safe_http
from .models import Robot

HOW = {
    "wecom": "在企业微信群里添加群机器人后，复制它的 Webhook 地址。",
    "dingtalk": "在钉钉群里添加自定义机器人，安全设置选“加签”，复制 Webhook 地址和密钥。",
}
KEYS = {"wecom": "key", "dingtalk": "access_token"}  # what in an address says which group it is


class RobotForm(forms.ModelForm):
    """Address and secret of a robot are never shown again: left empty, those that are kept stay."""

    name = PlainText(label="群名称", max_length=40, help_text="例如“全县养老机构工作群”。")
    url = PlainText(label="机器人地址", max_length=300, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    secret = PlainText(
        label="加签密钥", max_length=120, required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}), help_text="只有钉钉需要，以 SEC 开头。",
    )  # fmt: skip

    class Meta:
        model = Robot
        fields = ["kind", "name", "url", "secret"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.kept = (self.instance.url, self.instance.secret)
        self.fields["kind"].choices = [("", "请选择"), *Robot.Kind.choices]
        self.fields["url"].help_text = "".join(HOW.values())
        if self.instance.pk:
            self.initial["url"] = ""
            self.fields["url"].required = False
            self.fields["url"].help_text = f"现在是 {masked(self.instance.url)}，不更换就留空。"
            self.fields["secret"].help_text += "不更换就留空。"

    def clean_url(self):
        url = self.cleaned_data["url"] or self.kept[0]
        try:
            target = safe_http.check(url)
        except Failed as error:
            raise ValidationError(str(error)) from None
        if target.host == urlsplit(settings.SMS_URL).hostname:  # allowed, but not for whoever has a robot
            raise ValidationError("这是短信网关的地址，不是群机器人的。")
        return url

    def clean_secret(self):
        return self.cleaned_data["secret"] or self.kept[1]

    def clean(self):
        given = super().clean()
        kind, url = given.get("kind"), given.get("url")
        if kind and url and not self.errors:
            host = safe_http.check(url).host
            belongs_to = next((one for one, own in settings.ROBOT_HOSTS.items() if own == host), kind)
            if belongs_to != kind:
                self.add_error("url", f"这是{Robot.Kind(belongs_to).label}的地址，请核对类别。")
            elif host == settings.ROBOT_HOSTS[kind] and f"{KEYS[kind]}=" not in url:
                self.add_error("url", f"地址不完整，里面应有“{KEYS[kind]}=”，请从群里重新复制。")
            elif host == settings.ROBOT_HOSTS[kind] and kind == Robot.Kind.DINGTALK and not given.get("secret"):
                self.add_error("secret", "钉钉群机器人请选“加签”，把密钥填在这里。")
        return given

    def _get_validation_exclusions(self):
        """A name is unique in its office, which is not a field."""
        return super()._get_validation_exclusions() - {"office"}


def masked(url):
    """A robot's address as a page may show it: whose it is, and the end of its key."""
    host, _, rest = url.partition("//")[2].partition("/")
    return f"{host}/…{rest[-4:]}"
