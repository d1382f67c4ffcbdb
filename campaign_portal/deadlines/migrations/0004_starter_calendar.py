from django.db import migrations

from campaign_portal.deadlines import starter_calendar


def fill(apps, schema_editor):
    """The holiday notices of the years that are known; a calendar that somebody loaded before stays as it is."""
    CalendarYear = apps.get_model("deadlines", "CalendarYear")
    if not CalendarYear.objects.exists():
        starter_calendar.load(CalendarYear, apps.get_model("deadlines", "Workday"))


class Migration(migrations.Migration):
    dependencies = [("deadlines", "0003_due_changes")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
