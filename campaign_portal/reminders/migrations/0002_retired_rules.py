"""A rule that was changed stays as it was, for the reminders that were made by it; it is only retired."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reminders", "0001_reminders")]
    operations = [
        migrations.AddField(
            model_name="reminderrule",
            name="retired_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="停止使用"),
        )
    ]
