"""A home is found by its short name too, which is the one that lists show."""

from django.db import migrations

from facilities.search import search_key


def refresh(apps, schema_editor):
    Facility = apps.get_model("facilities", "Facility")
    for home in Facility.objects.exclude(short_name="").prefetch_related("former_names"):
        names = [home.name, home.short_name, *(former.name for former in home.former_names.all())]
        home.search_key = search_key(names, pinyin=home.pinyin)
        home.save(update_fields=["search_key"])


class Migration(migrations.Migration):
    dependencies = [("facilities", "0001_initial")]
    operations = [migrations.RunPython(refresh, migrations.RunPython.noop)]
