"""Two counties may have the same initials, and every bureau its own routine campaign: codes are unique for their lead."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("campaigns", "0001_initial"),
    ]

    operations = [
        migrations.AlterField(
            model_name="campaign",
            name="code",
            field=models.CharField(help_text="隐患编号的开头，如 YX26。", max_length=10, verbose_name="编号代码"),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.UniqueConstraint(
                fields=("lead", "code"),
                name="campaign_code_unique_for_lead",
                violation_error_message="本单位已有专项行动使用这个编号代码。",
            ),
        ),
    ]
