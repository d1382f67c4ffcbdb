from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("inspections", "0015_fill_verify_due")]

    operations = [
        migrations.AddConstraint(
            model_name="hazard",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("status", "reported"), _negated=True), ("verify_due_on__isnull", False), _connector="OR"
                ),
                name="hazard_reported_means_verified_by_when",
            ),
        ),
    ]
