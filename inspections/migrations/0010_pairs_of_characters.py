"""An index for searching text that no county bounds. PostgreSQL only: SQLite carries one county and needs none.

It holds each pair of neighbouring characters of a line's own words, since a trigram index cannot serve the two
characters that a Chinese word mostly is.
"""

from django.db import migrations

FUNCTION = """
CREATE FUNCTION inspections_pairs(text, text, text, text) RETURNS text[]
LANGUAGE sql IMMUTABLE PARALLEL SAFE COST 1000 AS $$
    SELECT coalesce(array_agg(DISTINCT substr(words, place, 2)), '{}')
    FROM unnest(ARRAY[lower($1), lower($2), lower($3), lower($4)]) words, generate_series(1, length(words) - 1) place
$$
"""
INDEX = """
CREATE INDEX hazard_pairs ON inspections_hazard
USING gin (inspections_pairs(summary, code, responsible, liaison))
"""


def add(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(FUNCTION)
        schema_editor.execute(INDEX)


def remove(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP INDEX hazard_pairs")
        schema_editor.execute("DROP FUNCTION inspections_pairs(text, text, text, text)")


class Migration(migrations.Migration):
    dependencies = [("inspections", "0009_hazard_imported")]
    operations = [migrations.RunPython(add, remove)]
