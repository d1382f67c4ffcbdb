"""The Celery application. Tasks are late-acknowledged: one whose process is killed runs again, so each may run twice."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "campaign_portal.settings")

app = Celery("campaign_portal")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "figures-count-days": {"task": "inspections.count_days", "schedule": crontab(hour=0, minute=10)},
    "files-sweep-unattached": {"task": "files.sweep_unattached", "schedule": crontab(hour=3, minute=20)},
    "jobs-requeue-lost": {"task": "jobs.requeue_lost", "schedule": crontab(minute="*/10")},
}
