from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0011_fill_progress_due")]

    operations = [
        migrations.AddConstraint(
            model_name="progress",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("due_on__isnull", False), ("status__in", ["submitted", "returned"])),
                    models.Q(("due_on__isnull", True), ("status__in", ["draft", "accepted"])),
                    _connector="OR",
                ),
                name="progress_waits_up_to_a_day",
            ),
        ),
    ]
