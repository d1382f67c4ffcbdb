from django.apps import AppConfig


class OperationsConfig(AppConfig):
    name = "campaign_portal.operations"
    label = "operations"
    verbose_name = "运行维护"
