from django.apps import AppConfig


class CircularsConfig(AppConfig):
    name = "campaign_portal.circulars"
    label = "circulars"
    verbose_name = "通报"
