"""The Celery application. Tasks are late-acknowledged: one whose process is killed runs again, so each may run twice."""

import logging.config
import os

from celery import Celery
from celery.schedules import crontab
from celery.signals import setup_logging
from django.conf import settings

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign_portal.settings")

app = Celery("campaign_portal", task_cls="campaign_portal.audit.carrying:CarryingTask")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add("campaign_portal.operations.beating:BeatingWorker")
app.conf.beat_schedule = {
    "figures-count-days": {"task": "inspections.count_days", "schedule": crontab(hour=0, minute=10)},
    "indicators-count-days": {"task": "campaigns.count_days", "schedule": crontab(hour=0, minute=30)},
    "files-sweep-unattached": {"task": "files.sweep_unattached", "schedule": crontab(hour=3, minute=20)},
    "reminders-run": {"task": "reminders.run", "schedule": crontab()},
    "messages-sweep": {"task": "reminders.sweep", "schedule": crontab()},
    "jobs-requeue-lost": {"task": "jobs.requeue_lost", "schedule": crontab(minute="*/10")},
}


@setup_logging.connect
def log_as_the_web_does(**kwargs):
    """Celery leaves the log alone once somebody answers this signal."""
    logging.config.dictConfig(settings.LOGGING)
