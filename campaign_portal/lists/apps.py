from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class ListsConfig(AppConfig):
    name = "campaign_portal.lists"
    label = "lists"
    verbose_name = "列表视图"

    def ready(self):
        """Find the lists that apps register in their `lists.py`."""
        autodiscover_modules("lists")
