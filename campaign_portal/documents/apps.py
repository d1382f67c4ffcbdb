from django.apps import AppConfig


class DocumentsConfig(AppConfig):
    name = "campaign_portal.documents"
    label = "documents"
    verbose_name = "文书"
