"""Reports that wait keep the day they had: so many days after they came in, by the limits of their county."""

from datetime import timedelta

from django.db import migrations
from django.utils import timezone

DEFAULT = 3


def fill(apps, schema_editor):
    Hazard, Limits = (apps.get_model("inspections", name) for name in ("Hazard", "Limits"))
    own = Limits.objects.filter(owner__isnull=False, valid_until=None).order_by("valid_from")
    days = dict(own.values_list("owner__county_code", "verify_days"))
    shared = Limits.objects.filter(owner=None).order_by("-valid_from").values_list("verify_days", flat=True).first()
    for hazard in Hazard.objects.filter(status="reported").only("reported_at", "county_code").iterator():
        limit = days.get(hazard.county_code, DEFAULT if shared is None else shared)
        hazard.verify_due_on = timezone.localtime(hazard.reported_at).date() + timedelta(days=limit)
        hazard.save(update_fields=["verify_due_on"])


class Migration(migrations.Migration):
    dependencies = [("inspections", "0014_verify_due")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
