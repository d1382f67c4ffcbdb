"""What PostgreSQL believes that a call of inspections_pairs costs.

At 1000 it took the index for words that every fifth line has, and two workers to read it; at 10 it reads the lines in
their order until a page is full. Rare words are answered by the index either way (bench/README.md).
"""

from django.db import migrations


def cost(units):
    def change(apps, schema_editor):
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER FUNCTION inspections_pairs(text, text, text, text) COST {units}")

    return change


class Migration(migrations.Migration):
    dependencies = [("inspections", "0010_pairs_of_characters")]
    operations = [migrations.RunPython(cost(10), cost(1000))]
