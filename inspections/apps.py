from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "隐患与检查"

    def ready(self):
        from facilities.services import FOLLOWERS

        from . import packs, panels  # noqa: F401 - they register a kind of job, and the charts of first pages
        from .services.moving import follow_home

        FOLLOWERS.append(follow_home)
