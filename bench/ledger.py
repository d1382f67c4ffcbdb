"""Measure the ledger through gunicorn: each page, its floor, and Django admin's list of the same rows.

    python tests/services.py -- sh -c "python -m bench.make_data 1000000 && python -m bench.ledger"     (… bench.ledger crowd: that alone)

Prints a table: p50 and p95 in milliseconds of ROUNDS requests after two that warm up, queries and bytes of the page, the
ratio to the floor (the same page with its rows in memory), and how many times faster it is than admin. Then 200 users at once.
"""

import os
import statistics
import sys
import threading
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
ROUNDS = 20
CROWD, REQUESTS = 200, 5  # users at once, pages each asks for

# Our query and admin's: the same rows. A page of admin far down is asked for by number, as its pager does.
PAGES = [
    ("first page", "?state=all", ""),
    ("deep page", "?state=all&after={deep}", "?p={far}"),
    ("filtered", "?state=open&grade=normal&source=self", "?status__exact=open&grade__exact=normal&source__exact=self"),
    ("text, two characters", "?state=all&q=扶手", "?q=扶手"),
    ("text, rare", "?state=all&q=4711", "?q=4711"),
]


def timed(*asks):
    """(p50, p95) in milliseconds of each. In turns, so that a slow moment of the machine strikes all of them alike."""
    took = [[] for _ in asks]
    for _ in range(ROUNDS + 2):
        for ask, times in zip(asks, took, strict=True):
            start = time.perf_counter()
            ask()
            times.append(1000 * (time.perf_counter() - start))
    took = [sorted(times[2:]) for times in took]
    return [(statistics.median(times), times[int(len(times) * 0.95)]) for times in took]


def asking(port, path, cookie, **headers):
    from .server import get

    def ask():
        status, body = get(port, path, cookie, **headers)
        assert status == 200, (status, path)
        return body

    return ask


def measure(port, scope, cookie):
    from urllib.parse import quote

    deep, far = deep_page(scope)
    for name, ours, admins in PAGES:
        path = "/hazards/" + quote(ours.format(deep=deep), safe="?=&-:_")
        admins = admins.format(far=far)
        body = asking(port, path, cookie)()
        (p50, p95), (base, _), (admin, _) = timed(
            asking(port, path, cookie),
            asking(port, path, cookie, **{"X-Bench-Floor": "1"}),
            asking(port, "/admin/inspections/hazard/" + quote(admins, safe="?=&"), cookie),
        )
        queries = queries_of(scope, path)
        print(
            f"| {scope} | {name} | {p50:.0f} / {p95:.0f} | {base:.0f} | {p50 / base:.1f} | {admin:.0f} | {admin / p50:.0f} × "
            f"| {queries} | {len(body) / 1000:.0f} |",
            flush=True,
        )


def user_of(scope):
    from campaign_portal.accounts.models import User

    return User.objects.select_related("office__area").get(username=f"bench_{scope}")


FIRST_PAGES = [
    ("/", "first page"),
    ("/todo/", "to-do"),
    ("/figures/", "figures"),
    ("/figures/?on={yesterday}", "figures of a past day"),
]


def first_pages(port):
    """p50 of the pages with figures, which read the daily figures and what today has changed."""
    from campaign_portal import clock

    from .server import cookie_of

    print("\n| scope | page | p50 / p95 ms | queries | kB |\n|---|---|---|---|---|")
    for scope in ("town", "county", "province"):
        cookie = cookie_of(f"bench_{scope}")
        for path, name in FIRST_PAGES:
            path = path.format(yesterday=clock.today() - clock.ONE_DAY)
            ask = asking(port, path, cookie)
            ((p50, p95),) = timed(ask)
            print(
                f"| {scope} | {name} | {p50:.0f} / {p95:.0f} | {queries_of(scope, path)} | {len(ask()) / 1000:.0f} |",
                flush=True,
            )


def deep_page(scope):
    """A page far down, at most the hundredth (half way down a list of one page): our cursor, and admin's number of it."""
    from campaign_portal.lists.paging import _cursor
    from inspections.models import Hazard
    from inspections.orders import DUE

    rows = DUE.sort(Hazard.objects.visible_to(user_of(scope)))
    count = rows.count()
    before = max(1, min(50 * 100, (count - 1) // 50 * 50 or count // 2))
    return _cursor(rows[before - 1], DUE), before // 50 + 1


def queries_of(scope, path):
    from tests.builders import browser, count_queries

    client = browser(user_of(scope))
    client.get(path)
    return count_queries(lambda: client.get(path))


def crowd(port):
    """CROWD users at once, each asking for REQUESTS pages of the ledger: errors, p50, p95 and pages a second."""
    from .server import cookie_of

    cookies = [cookie_of(f"bench_{scope}") for scope in ("home", "town", "county", "province")]
    paths = ["/hazards/", "/hazards/?state=all", "/hazards/?due=overdue", "/"]
    took, errors, gate = [], [], threading.Barrier(CROWD + 1)

    def user(number):
        gate.wait()
        for turn in range(REQUESTS):
            start = time.perf_counter()
            try:
                asking(port, paths[(number + turn) % len(paths)], cookies[number % len(cookies)])()
            except Exception as error:
                errors.append(error)
            took.append(time.perf_counter() - start)

    threads = [threading.Thread(target=user, args=(number,)) for number in range(CROWD)]
    for thread in threads:
        thread.start()
    gate.wait()
    start = time.perf_counter()
    for thread in threads:
        thread.join()
    whole, took = time.perf_counter() - start, sorted(took)
    print(
        f"\n{CROWD} users at once, {len(took)} pages: {len(errors)} errors, {len(took) / whole:.0f} pages a second, "
        f"p50 {took[len(took) // 2]:.1f} s, p95 {took[int(len(took) * 0.95)]:.1f} s"
    )
    for error in errors[:3]:
        print(repr(error))


def main():
    from inspections.models import Hazard

    from .server import gunicorn

    print(f"{Hazard.objects.count():,} hazards\n")
    if sys.argv[1:] != ["crowd"]:
        table()
    with gunicorn(workers=3) as port:
        crowd(port)


def table():
    from .server import cookie_of, gunicorn

    print("| scope | page | p50 / p95 ms | floor | ratio | admin | faster | queries | kB |")
    print("|---|---|---|---|---|---|---|---|---|")
    with gunicorn(workers=1) as port:  # one process answers, so that what the floor remembers is at hand
        for scope in ("home", "town", "county", "province"):
            measure(port, scope, cookie_of(f"bench_{scope}"))
        first_pages(port)


if __name__ == "__main__":
    django.setup()
    main()
