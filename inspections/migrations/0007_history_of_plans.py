import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0006_daily_figures")]

    operations = [
        migrations.AddField(
            model_name="hazardhistory",
            name="category",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="inspections.category"
            ),
        ),
        migrations.AddField(
            model_name="hazardhistory",
            name="funds",
            field=models.DecimalField(decimal_places=2, max_digits=8, null=True),
        ),
        migrations.AddField(
            model_name="hazardhistory",
            name="is_planned",
            field=models.BooleanField(db_default=False, default=False),
        ),
    ]
