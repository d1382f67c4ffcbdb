"""A rule may speak of major hazards only: the county hears of those at once, of others after some days."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("reminders", "0002_retired_rules")]
    operations = [
        migrations.AddField(
            model_name="reminderrule",
            name="is_major_only",
            field=models.BooleanField(default=False, verbose_name="只限重大隐患"),
        )
    ]
