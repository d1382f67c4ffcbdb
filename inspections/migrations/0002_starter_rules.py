"""The starter set of categories, criteria for major hazards and limits, valid from the 2023 criteria on."""

from datetime import date

from django.db import migrations

from inspections import starter_rules

SINCE = date(2017, 1, 1)  # the first campaign year that a four-year review looks back on


def load(apps, schema_editor):
    models = [apps.get_model("inspections", name) for name in ("Category", "MajorCriterion", "Limits")]
    starter_rules.load(*models, since=SINCE)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0001_initial")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
