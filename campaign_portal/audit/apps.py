from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "campaign_portal.audit"
    label = "audit"
    verbose_name = "操作日志"
