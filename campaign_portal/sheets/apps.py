from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "campaign_portal.sheets"
    label = "sheets"
    verbose_name = "表格"
