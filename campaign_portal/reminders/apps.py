from django.apps import AppConfig


class RemindersConfig(AppConfig):
    name = "campaign_portal.reminders"
    label = "reminders"
    verbose_name = "提醒"

    def ready(self):
        """Every page says how many messages its user has not read."""
        from django.db.models import Count, OuterRef, Subquery
        from django.db.models.functions import Coalesce

        from campaign_portal.accounts.backends import SAID_OF_USER

        from .models import Message

        unread = Message.objects.filter(user=OuterRef("pk"), read_at__isnull=True).order_by().values("user")
        SAID_OF_USER["unread"] = Coalesce(Subquery(unread.annotate(count=Count("pk")).values("count")), 0)
