from django.apps import AppConfig


class DeadlinesConfig(AppConfig):
    name = "campaign_portal.deadlines"
    label = "deadlines"
    verbose_name = "期限与待办"

    def ready(self):
        """A first page says to whom it matters which year's calendar is the last one loaded."""
        from django.db.models import Max, Subquery, Value

        from campaign_portal.accounts.backends import SAID_OF_USER

        from .models import CalendarYear

        years = CalendarYear.objects.order_by().annotate(all=Value(1)).values("all")
        SAID_OF_USER["calendar_until"] = Subquery(years.annotate(last=Max("year")).values("last"))
