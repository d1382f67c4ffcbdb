from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "campaign_portal.accounts"
    label = "accounts"
    verbose_name = "单位与人员"

    def ready(self):
        from campaign_portal import checks  # noqa: F401 - registers them
