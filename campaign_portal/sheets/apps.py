from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "campaign_portal.sheets"
    label = "sheets"
    verbose_name = "表格"

    def ready(self):
        from . import importing, jobs  # noqa: F401 - they register their kinds of job
