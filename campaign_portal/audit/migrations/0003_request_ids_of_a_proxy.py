"""A proxy's request id may be a UUID. SQLite keeps texts of any length, and rebuilding the table there would lose the
triggers that guard it, so only PostgreSQL is told."""

from django.db import migrations, models


def widen(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("ALTER TABLE audit_event ALTER COLUMN request_id TYPE varchar(36)")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_events_are_never_changed")]
    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[migrations.RunPython(widen, migrations.RunPython.noop)],
            state_operations=[
                migrations.AlterField(
                    model_name="event",
                    name="request_id",
                    field=models.CharField("请求编号", max_length=36, blank=True),
                )
            ],
        )
    ]
