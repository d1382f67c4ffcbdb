from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "campaign_portal.deadlines"
    label = "deadlines"
    verbose_name = "期限与待办"
