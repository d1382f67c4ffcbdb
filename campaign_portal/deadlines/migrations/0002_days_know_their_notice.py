from django.db import migrations, models


class Migration(migrations.Migration):
    """New Year's Day may reach into the December before: a day knows whose year's notice named it."""

    dependencies = [("deadlines", "0001_calendar")]

    operations = [
        migrations.AddField(
            model_name="workday",
            name="of_year",
            field=models.PositiveSmallIntegerField(default=0, verbose_name="通知年份"),
            preserve_default=False,
        ),
    ]
