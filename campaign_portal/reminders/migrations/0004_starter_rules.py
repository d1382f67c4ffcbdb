"""The rules of reminding that every bureau starts with."""

from django.db import migrations

from campaign_portal.reminders import starter_rules


def load(apps, schema_editor):
    starter_rules.load(apps.get_model("reminders", "ReminderRule"))


class Migration(migrations.Migration):
    dependencies = [("reminders", "0003_rules_for_major")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
