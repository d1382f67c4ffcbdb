from django.apps import AppConfig


class FilesConfig(AppConfig):
    name = "campaign_portal.files"
    label = "files"
    verbose_name = "文件"
