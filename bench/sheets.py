"""Measure an export of 100,000 ledger rows, against django-import-export on the same rows.

    python tests/services.py -- sh -c "python -m bench.make_data 200000 && python -m bench.sheets export"

Each way runs in a process of its own, so that its peak of memory is its own. A province of the bench data sees half of the
hazards. Both ways get the same queryset, with its joins and prefetches, and write all columns of the ledger.
"""

import os
import resource
import subprocess
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
OUT = "/tmp/bench-ledger.xlsx"


def ours(user, query):
    from campaign_portal.sheets.writing import export
    from inspections.sheets import LEDGER

    with open(OUT, "wb") as out:
        return export(LEDGER, user=user, query=query, out=out)


def import_export(user, query):
    from import_export import fields, resources

    from inspections.models import Hazard
    from inspections.sheets import COLUMNS, rows

    class Computed(fields.Field):
        def __init__(self, column):
            super().__init__(attribute=column.name, column_name=column.label)
            self.read = column.value

        def get_value(self, instance):
            return self.read(instance)

    class LedgerResource(resources.ModelResource):
        class Meta:
            model = Hazard
            fields = ()
            chunk_size = 2000  # its usual 100 asks for a thousand pages by number, each slower than the one before

    resource_ = LedgerResource()
    resource_.fields = {column.name: Computed(column) for column in COLUMNS}
    resource_._meta.export_order = [column.name for column in COLUMNS]
    dataset = resource_.export(queryset=rows(user, query))
    with open(OUT, "wb") as out:
        out.write(dataset.export("xlsx"))
    return len(dataset)


WAYS = {"ours": ours, "import_export": import_export}


def measure(way):
    from django.http import QueryDict

    from campaign_portal.accounts.models import User

    user = User.objects.select_related("office__area").get(username="bench_province")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    start, cpu = time.perf_counter(), time.process_time()
    rows = WAYS[way](user, QueryDict("state=all"))
    took, cpu = time.perf_counter() - start, time.process_time() - cpu  # the second on a shared machine
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    size = os.path.getsize(OUT)
    print(
        f"{way:<14}{rows:>9,} rows {took:>8.1f} s ({cpu:.1f} s of a core)  peak {peak / 1024:>6.0f} MB (before {before / 1024:.0f})  {size / 1e6:.1f} MB"
    )


def main(what):
    if what == "export":
        for way in WAYS:
            subprocess.run([sys.executable, "-m", "bench.sheets", way], check=True)
    else:
        django.setup()
        measure(what)


if __name__ == "__main__":
    main(sys.argv[1])
