from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class CampaignsConfig(AppConfig):
    name = "campaign_portal.campaigns"
    label = "campaigns"
    verbose_name = "专项行动"

    def ready(self):
        """Find what the apps hand to the registries below them."""
        autodiscover_modules("metrics", "deadlines", "sheets", "imports", "sections", "sharing", "audiences")
        from .reports import services  # noqa: F401 - registers its kind of job
