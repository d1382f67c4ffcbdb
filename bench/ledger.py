"""Measure the ledger: p50 and p95 of the page by scope and kind, against the same page with its rows in memory.

    python tests/services.py -- sh -c "python -m bench.make_data 1000000 && python -m bench.ledger"

Requests go through the whole Django stack (middleware, session, templates) without a network. The floor is the same
view, template and fifty rows with every query of the ledger answered from memory.
"""

import os
import statistics
import sys
import time

import django
from django.core import signing

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
ROUNDS = 40

PAGES = [
    ("first page", "?state=unfinished"),
    ("all states", "?state=all"),
    ("deep page", "?state=all&after={deep}"),
    ("filtered", "?state=open&grade=normal&source=self"),
    ("overdue", "?due=overdue"),
    ("text, two characters", "?state=all&q=扶手"),
]


def timed(client, url):
    """(p50, p95) in milliseconds of ROUNDS requests after two that warm up."""
    took = []
    for _ in range(ROUNDS + 2):
        start = time.perf_counter()
        response = client.get(url)
        took.append(1000 * (time.perf_counter() - start))
        assert response.status_code == 200, response.status_code
    took = sorted(took[2:])
    return statistics.median(took), took[int(len(took) * 0.95)]


def floor(client, url):
    """The same page when its rows, counts and filter need no query: each answers from its first time."""
    from unittest import mock

    import inspections.views.ledger  # noqa: F401 - the name in the package is the view, the module is in sys.modules

    module = sys.modules["inspections.views.ledger"]
    patches = [mock.patch.object(module, name, once(getattr(module, name))) for name in REMEMBERED]
    for patch in patches:
        patch.start()
    try:
        return timed(client, url)
    finally:
        for patch in patches:
            patch.stop()


REMEMBERED = ("page_of", "capped_counts", "ledger_of")


def once(function):
    """The function, answering every later call as it did its first."""
    answers = []

    def remembered(*args, **kwargs):
        if not answers:
            answers.append(function(*args, **kwargs))
        return answers[0]

    return remembered


def main():
    from campaign_portal.accounts.models import User
    from campaign_portal.lists.paging import SALT
    from inspections.models import Hazard
    from tests.builders import browser

    deep = signing.dumps(["due", "2026-08-30", "1"], salt=SALT)
    print(f"{Hazard.objects.count():,} hazards")
    print(f"{'scope':<10}{'page':<24}{'p50 ms':>8}{'p95 ms':>8}{'floor':>8}{'ratio':>7}")
    for scope in ("home", "town", "county", "province"):
        client = browser(User.objects.select_related("office__area").get(username=f"bench_{scope}"))
        for name, query in PAGES:
            query = query.format(deep=deep)
            p50, p95 = timed(client, f"/hazards/{query}")
            base, _ = floor(client, f"/hazards/{query}")
            print(f"{scope:<10}{name:<24}{p50:>8.1f}{p95:>8.1f}{base:>8.1f}{p50 / base:>7.1f}")


if __name__ == "__main__":
    django.setup()
    main()
