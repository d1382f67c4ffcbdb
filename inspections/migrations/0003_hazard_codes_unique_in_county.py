"""Campaign and office codes are chosen within a county, so that is where a hazard's code is unique."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("campaigns", "0002_codes_unique_for_their_lead"),
        ("facilities", "0001_initial"),
        ("inspections", "0002_starter_rules"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            model_name="hazard",
            name="code",
            field=models.CharField(editable=False, max_length=30, verbose_name="隐患编号"),
        ),
        migrations.AddConstraint(
            model_name="hazard",
            constraint=models.UniqueConstraint(
                fields=("county_code", "code"),
                name="hazard_code_unique_in_county",
                violation_error_message="隐患编号重复：专项行动或监管单位的编号代码与别的相同，请联系县民政局核对。",
            ),
        ),
    ]
