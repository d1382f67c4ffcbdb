from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "隐患与检查"

    def ready(self):
        from facilities.services import FOLLOWERS

        from . import packs  # noqa: F401 - registers its kind of job
        from .services.moving import follow_home

        FOLLOWERS.append(follow_home)
