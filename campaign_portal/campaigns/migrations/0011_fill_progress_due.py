"""Returns that wait keep the day they had: three days after they were handed in or sent back."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

DAYS = timedelta(days=3)


def fill(apps, schema_editor):
    Progress = apps.get_model("campaigns", "Progress")
    for progress in Progress.objects.filter(status__in=["submitted", "returned"]).iterator():
        since = progress.submitted_at if progress.status == "submitted" else progress.decided_at
        progress.due_on = timezone.localtime(since).date() + DAYS
        progress.save(update_fields=["due_on"])


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0010_progress_due")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
