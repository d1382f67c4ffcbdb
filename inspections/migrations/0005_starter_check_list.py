"""The starter list for self-checks (本县试行清单 2026-1), inherited by every bureau that has none of its own."""

from datetime import date

from django.db import migrations

from inspections import starter_checklist

SINCE = date(2026, 1, 1)


def load(apps, schema_editor):
    models = [apps.get_model("inspections", name) for name in ("CheckList", "CheckSection", "CheckItem")]
    starter_checklist.load(*models, since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0004_self_checks")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
