"""What history did not keep until now is taken from the hazard as it stands: the best that is known of the past."""

from django.db import migrations
from django.db.models import OuterRef, Q, Subquery


def fill(apps, schema_editor):
    Hazard, History = (apps.get_model("inspections", name) for name in ("Hazard", "HazardHistory"))
    own = Hazard.objects.filter(pk=OuterRef("hazard"))
    History.objects.filter(category__isnull=True).update(
        category=Subquery(own.values("category")[:1]), funds=Subquery(own.values("funds")[:1])
    )
    planned = Hazard.objects.filter(grade="major", funds__isnull=False)
    planned = planned.exclude(Q(responsible="") | Q(measure="") | Q(plan=""))
    History.objects.filter(grade="major", hazard__in=planned).update(is_planned=True)


class Migration(migrations.Migration):
    dependencies = [("inspections", "0007_history_of_plans")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
