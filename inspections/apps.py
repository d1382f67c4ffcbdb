from django.apps import AppConfig


class InspectionsConfig(AppConfig):
    name = "inspections"
    verbose_name = "隐患与检查"

    def ready(self):
        from facilities.services import FOLLOWERS, FORGETTERS, STARTERS

        from . import packs, panels  # noqa: F401 - they register a kind of job, and the charts of first pages
        from .services import selfcheck
        from .services.moving import follow_home

        FOLLOWERS.extend([follow_home, selfcheck.follow_home])
        STARTERS.append(selfcheck.ask_newcomer)
        FORGETTERS.append(selfcheck.forget_newcomer)
