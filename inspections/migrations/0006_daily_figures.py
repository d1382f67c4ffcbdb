import django.db.models.deletion
from django.db import migrations, models

import campaign_portal.clock


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("campaigns", "0001_initial"),
        ("facilities", "0001_initial"),
        ("inspections", "0005_starter_check_list"),
    ]

    operations = [
        migrations.CreateModel(
            name="CountedDay",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False)),
                ("counted_at", models.DateTimeField(default=campaign_portal.clock.now)),
            ],
            options={
                "verbose_name": "已统计的日期",
            },
        ),
        migrations.CreateModel(
            name="DailyFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("province_code", models.CharField(blank=True, default="", editable=False, max_length=12)),
                ("city_code", models.CharField(blank=True, default="", editable=False, max_length=12)),
                ("county_code", models.CharField(blank=True, default="", editable=False, max_length=12)),
                ("town_code", models.CharField(blank=True, default="", editable=False, max_length=12)),
                ("day", models.DateField()),
                ("grade", models.CharField(choices=[("normal", "一般"), ("major", "重大")], max_length=10)),
                ("reported", models.PositiveIntegerField()),
                ("returned", models.PositiveIntegerField()),
                ("open", models.PositiveIntegerField()),
                ("submitted", models.PositiveIntegerField()),
                ("closed", models.PositiveIntegerField()),
                ("void", models.PositiveIntegerField()),
                ("overdue", models.PositiveIntegerField()),
                ("due_today", models.PositiveIntegerField()),
                ("recheck_overdue", models.PositiveIntegerField()),
                ("recheck_due_today", models.PositiveIntegerField()),
                ("on_time", models.PositiveIntegerField()),
                ("recurring", models.PositiveIntegerField()),
                ("arrived", models.PositiveIntegerField()),
                ("struck_off", models.PositiveIntegerField()),
            ],
            options={
                "verbose_name": "每日统计",
            },
        ),
        migrations.AddIndex(
            model_name="hazardhistory",
            index=models.Index(fields=["valid_from"], name="history_begun"),
        ),
        migrations.AddIndex(
            model_name="hazardhistory",
            index=models.Index(fields=["valid_to"], name="history_ended"),
        ),
        migrations.AddField(
            model_name="dailyfigure",
            name="campaign",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.campaign"
            ),
        ),
        migrations.AddField(
            model_name="dailyfigure",
            name="supervisor",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="accounts.office"
            ),
        ),
        migrations.AddIndex(
            model_name="dailyfigure",
            index=models.Index(fields=["province_code", "day"], name="daily_of_province"),
        ),
        migrations.AddIndex(
            model_name="dailyfigure",
            index=models.Index(fields=["city_code", "day"], name="daily_of_city"),
        ),
        migrations.AddIndex(
            model_name="dailyfigure",
            index=models.Index(fields=["county_code", "day"], name="daily_of_county"),
        ),
        migrations.AddIndex(
            model_name="dailyfigure",
            index=models.Index(fields=["town_code", "day"], name="daily_of_town"),
        ),
        migrations.AddConstraint(
            model_name="dailyfigure",
            constraint=models.UniqueConstraint(
                fields=(
                    "day",
                    "supervisor",
                    "campaign",
                    "grade",
                    "province_code",
                    "city_code",
                    "county_code",
                    "town_code",
                ),
                name="daily_figure_unique",
            ),
        ),
    ]
