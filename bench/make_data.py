"""Fill an empty PostgreSQL database with a nation: 2 provinces, 2,000 towns, 40,000 homes and N hazards.

    python tests/services.py -- python -m bench.make_data 1000000

One row of each kind is made by the portal's own services; the rest are copies of it with other places, states and days,
written by INSERT … SELECT, so that a million takes minutes rather than a day. Only for measuring: the copies have no
events and no files, and the daily figures of three months are those of yesterday.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")

TOWNS, HOMES_A_TOWN = 2000, 20
HOMES = TOWNS * HOMES_A_TOWN

# Town t (0…1999) lies in county t/10, city t/100, province t/1000; codes are cut by level as in Area.codes().
PROVINCE, CITY, COUNTY, TOWN = (
    "lpad((50 + t/1000)::text || '0000000000', 12, '0')",
    "(50 + t/1000)::text || lpad((1 + t/100%10)::text, 2, '0') || '00000000'",
    "(50 + t/1000)::text || lpad((1 + t/100%10)::text, 2, '0') || lpad((1 + t/10%10)::text, 2, '0') || '000000'",
    "(50 + t/1000)::text || lpad((1 + t/100%10)::text, 2, '0') || lpad((1 + t/10%10)::text, 2, '0')"
    " || lpad((1 + t%10)::text, 3, '0') || '000'",
)
AREA = {"province_code": PROVINCE, "city_code": CITY, "county_code": COUNTY, "town_code": TOWN}


def copy(cursor, model, template, count, overrides, *, t):
    """Copy a row `count` times (g = 0 … count-1). `overrides` maps columns to SQL in g and t; `t` is the town of g."""
    table = model._meta.db_table
    columns = [f.column for f in model._meta.concrete_fields if not f.primary_key]
    values = ", ".join(overrides.get(column, f'row."{column}"') for column in columns)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(f'{c!r}'.replace(chr(39), chr(34)) for c in columns)}) "
        f"SELECT {values} FROM {table} row, (SELECT g, ({t}) AS t FROM generate_series(0, {count - 1}) g) n "
        f"WHERE row.id = {template.pk} ORDER BY g RETURNING id"
    )
    return cursor.fetchone()[0]


def main(hazards):
    from django.db import connection

    from inspections.models import Hazard
    from tests.hazards import Cast, reported

    cast = Cast()
    template = reported(cast)
    with connection.cursor() as cursor:
        home = nation(cursor, cast)
        ledger(cursor, cast, template, hazards, home)
        cursor.execute("ANALYZE")
        figures(cursor)
        cursor.execute("VACUUM ANALYZE")  # as a database in use is, by itself
    grants(home["first"])
    print(f"{Hazard.objects.count():,} hazards in {HOMES:,} homes")


def nation(cursor, cast):
    """Towns, their offices, homes and the homes' offices. Returns the first pk of homes and of township offices."""
    from django.contrib.auth.models import Group

    from campaign_portal.accounts.models import Area, Office
    from facilities.models import Facility

    of_home = f"g/{HOMES_A_TOWN}"
    group = copy(cursor, Group, cast.township.group, TOWNS + HOMES, {"name": "'bench ' || g"}, t="0")
    county = {"code": COUNTY, "name": "'县' || g", "level": "'county'"}
    copy(cursor, Area, cast.county.area, TOWNS // 10, county, t="g*10")
    town = copy(cursor, Area, cast.county.town, TOWNS, {"code": TOWN, "name": "'镇' || t", "level": "'town'"}, t="g")
    place = {"area_id": f"{town} + t"} | AREA
    names = {"name": "'民政办' || t", "group_id": f"{group} + g", "number_code": "'T' || t"}
    office = copy(cursor, Office, cast.township, TOWNS, names | place, t="g")
    names = {"name": "'院' || g", "group_id": f"{group + TOWNS} + g"}
    home_office = copy(cursor, Office, cast.home.office, HOMES, names | place, t=of_home)
    people(cursor, cast, first={"town": office, "home": home_office})
    names = {
        "name": "'示例' || g || '养老院'",
        "search_key": "'示例' || g || '养老院 shili' || g || 'yanglaoyuan sl' || g || 'yly'",
        "office_id": f"{home_office} + g",
        "supervisor_id": f"{office} + t",
    }
    return {"first": copy(cursor, Facility, cast.home, HOMES, names | place, t=of_home), "office": office}


def people(cursor, cast, *, first):
    """A user for each township and each home, as a nation has them: the planner should not think them a handful."""
    from campaign_portal.accounts.models import User

    of = {"town": (cast.officer, TOWNS), "home": (cast.manager, HOMES)}
    for kind, (template, count) in of.items():
        names = {"username": f"'{kind} ' || g", "office_id": f"{first[kind]} + g"}
        copy(cursor, User, template, count, names, t="0")


def ledger(cursor, cast, template, hazards, home):
    """The hazards, about four in five struck off, one in 41 major, found over 320 days, each with one part."""
    from inspections.models import Hazard, MajorCriterion, Part

    found = "((g%320)*97%320)"
    ended = f"DATE '2026-01-17' + {found}"
    closed = f"(g%10 < 8 AND {ended} < CURRENT_DATE)"
    criterion = MajorCriterion.objects.values_list("pk", flat=True)[0]
    values = {
        "facility_id": f"{home['first']} + g%{HOMES}",
        "supervisor_id": f"{home['office']} + t",
        "number": f"1 + g%{HOMES_A_TOWN} + {HOMES_A_TOWN}*(g/{HOMES})",
        "code": "'B26-' || t || '-' || g",
        "sent_key": "NULL",
        "summary": "(ARRAY['疏散通道堆放杂物','扶手松动','留样不足','灭火器过期','配电箱未上锁'])[1 + g%5] || ' ' || g",
        "grade": "CASE WHEN g%41 = 0 THEN 'major' ELSE 'normal' END",
        "criterion_id": f"CASE WHEN g%41 = 0 THEN {criterion} END",
        "plan": "'专人看守'",
        "funds": "0.5",
        "found_on": f"DATE '2026-01-01' + {found}",
        "due_on": f"DATE '2026-01-16' + {found}",
        "status": f"CASE WHEN {closed} THEN 'closed' WHEN g%10 < 9 THEN 'open' ELSE 'submitted' END",
        "verified_at": "now()",
        "submitted_at": "now()",
        "submitted_by_id": str(cast.manager.pk),
        "rectified_on": f"DATE '2026-01-16' + {found}",
        "recheck_due_on": f"CASE WHEN {closed} THEN NULL ELSE DATE '2026-01-21' + {found} END",
        "closed_at": f"CASE WHEN {closed} THEN {ended} END",
        "closed_by_id": f"CASE WHEN {closed} THEN {cast.officer.pk} END",
    }
    first = copy(cursor, Hazard, template, hazards, values | AREA, t=f"(g%{HOMES})/{HOMES_A_TOWN}")
    cursor.execute(
        f"INSERT INTO {Part._meta.db_table} (hazard_id, office_id, acting_office_id, status, note, done_at, done_by_id) "
        "SELECT id, supervisor_id, supervisor_id, CASE WHEN status = 'closed' THEN 'done' ELSE 'open' END, '', "
        f"closed_at, closed_by_id FROM {Hazard._meta.db_table} WHERE id >= {first}"
    )
    history(cursor, first)


def history(cursor, first):
    """How each hazard stood: unfinished from the day it was found; struck off from the day it was, till now."""
    from inspections.models import Hazard, HazardHistory

    table = HazardHistory._meta.db_table
    kept = [field.column for field in HazardHistory._meta.concrete_fields]
    kept = [
        name
        for name in kept
        if name not in ("id", "hazard_id", "valid_from", "valid_to", "status", "departments", "is_planned")
    ]
    for status, begins, ends, which in [
        ("CASE WHEN closed_at IS NULL THEN status ELSE 'open' END", "found_on", "closed_at", "true"),
        ("status", "closed_at", "NULL::timestamptz", "closed_at IS NOT NULL"),
    ]:
        cursor.execute(
            f"INSERT INTO {table} (hazard_id, valid_from, valid_to, status, departments, is_planned, {', '.join(kept)}) "
            f"SELECT id, {begins}, {ends}, {status}, ',' || supervisor_id || ',', grade = 'major', {', '.join(kept)} "
            f"FROM {Hazard._meta.db_table} WHERE id >= {first} AND {which}"
        )


DAYS = 90


def figures(cursor):
    """The figures of yesterday, counted as every night, and copies of them for the days before."""
    from campaign_portal import clock
    from inspections import daily
    from inspections.models import CountedDay, DailyFigure

    yesterday = clock.today() - clock.ONE_DAY
    daily.count_day(yesterday)
    names = [field.column for field in DailyFigure._meta.concrete_fields if field.column not in ("id", "day")]
    cursor.execute(
        f"INSERT INTO {DailyFigure._meta.db_table} (day, {', '.join(names)}) SELECT day - n, {', '.join(names)} "
        f"FROM {DailyFigure._meta.db_table}, generate_series(1, {DAYS}) n"
    )
    before = [CountedDay(day=yesterday - n * clock.ONE_DAY, counted_at=clock.now()) for n in range(1, DAYS + 1)]
    CountedDay.objects.bulk_create(before)


def grants(home):
    """A user for each size of scope: province, county, township, home."""
    from campaign_portal.accounts import access
    from campaign_portal.accounts.access import Role
    from campaign_portal.accounts.models import Area, Level, Office
    from campaign_portal.accounts.services import create_office
    from facilities.models import Facility
    from tests.builders import make_area, make_user

    province = make_area("示例省", level=Level.PROVINCE, code="500000000000")
    county = Area.objects.get(code="500101000000")
    for name, area in (("province", province), ("county", county)):
        office = create_office(name=f"{name}局", short_name=name, kind=Role.BUREAU, area=area)
        access.grant(office, "oversee_area", area)
        make_user(office, username=f"bench_{name}")
    town = Office.objects.filter(name="民政办0").get()
    access.grant(town, "oversee_area", town.area)
    make_user(town, username="bench_town")
    facility = Facility.objects.select_related("office").get(pk=home)
    access.grant(facility.office, "run_facility", facility)
    make_user(facility.office, username="bench_home")


if __name__ == "__main__":
    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    main(int(sys.argv[1]))
