"""Hazards, their pictures and their people, made by the portal's own services."""

import copy
import io
from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from campaign_portal import clock
from campaign_portal.files.services import store_picture
from facilities.models import Facility
from inspections import services
from inspections.models import Category, Hazard, MajorCriterion, Part

from . import builders


def jpeg(colour="#8899aa", size=(64, 48)):
    """The bytes of a small picture."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def upload(name="IMG.jpg", data=None):
    return SimpleUploadedFile(name, data or jpeg(), content_type="image/jpeg")


def picture(by):
    """A stored picture that waits for its hazard."""
    return store_picture(upload(), by=by)


class Cast:
    """The people of one county, as the stories need them.

    `manager` runs `home`, which the township of `officer` (clerk) and `leader` (approver, administrator) supervises;
    `clerk` and `approver` are the bureau's; `fire` and `housing` the departments'.
    """

    def __init__(self, **home):
        self.county = builders.make_county()
        self.township = self.county.township
        self.bureau = self.county.bureau
        self.home = builders.make_facility(
            supervisor=self.township, liaison="周敏", liaison_phone="13800009999", **home
        )
        self.manager = builders.make_home_user(self.home)
        self.officer = builders.make_user(self.township)
        self.leader = builders.make_user(self.township, is_approver=True, is_administrator=True)
        self.clerk = builders.make_user(self.bureau)
        self.approver = builders.make_user(self.bureau, is_clerk=False, is_approver=True)
        self.fire = builders.make_user(self.county.departments["fire"])
        self.housing = builders.make_user(self.county.departments["housing"])


def draft(facility, **columns):
    """An unsaved hazard as a filled-in form would give it."""
    today = clock.today()
    defaults = {
        "facility": Facility.objects.select_related("supervisor", "office").get(pk=facility.pk),
        "category": Category.objects.get(code="fire", owner=None),
        "place": "走廊和疏散通道",
        "summary": "二楼疏散通道堆放杂物",
        "measure": "清空通道，每日巡查",
        "responsible": "王建国",
        "found_on": today,
        "due_on": today + timedelta(days=10),
    }
    return Hazard(**(defaults | columns))


def reported(cast, *, by=None, **columns):
    """A report of the home, waiting to be verified."""
    by = by or cast.manager
    reason = "" if by == cast.manager else "院长外出"
    after = [picture(by)] if columns.get("fixed_on_spot") else []
    return services.report_hazard(
        draft(cast.home, **columns), by=by, before=[picture(by)], after=after, proxy_reason=reason
    )


def opened(cast, **columns):
    """A confirmed report, waiting to be rectified."""
    hazard = reported(cast, **columns)
    return services.verify_hazard(hazard=hazard, by=cast.officer, grade="normal", due_on=hazard.due_on)


def submitted(cast, *, by=None, **columns):
    """A rectified hazard, waiting for its re-check."""
    return submit(opened(cast, **columns), by=by or cast.manager)


def submit(hazard, *, by):
    reason = "" if by.office.kind == "home" else "院长外出"
    return services.submit_rectification(
        hazard=hazard,
        by=by,
        rectification="已清空",
        rectified_on=clock.today(),
        after=[picture(by)],
        proxy_reason=reason,
    )


def closed(cast, **columns):
    """A hazard struck off."""
    return close(submitted(cast, **columns), by=cast.officer)


def close(hazard, *, by, **rest):
    return services.close_part(hazard=hazard, by=by, note="现场复查合格", rechecked_on=clock.today(), **rest)


def finding(cast, *, by=None, departments=(), **columns):
    """What an officer found on a visit. It is open at once."""
    by = by or cast.officer
    hazard = draft(cast.home, **({"source": "joint"} | columns))
    return services.register_finding(hazard, by=by, departments=departments, before=[picture(by)])


def major(cast, *, by=None, departments=None, **columns):
    """A major hazard that the fire officer found, shared with housing, its five assurances still missing."""
    departments = departments or [cast.fire.office, cast.housing.office]
    columns = {"grade": "major", "criterion": criterion(), "measure": "", "responsible": ""} | columns
    return finding(cast, by=by or cast.fire, departments=departments, **columns)


def whole(ledger):
    """All rows that a ledger (inspections.ledger) finds, in its order, not cut into pages."""
    return ledger.order.sort(ledger.flat())


def criterion():
    return MajorCriterion.objects.filter(owner=None).first()


PLAN = {
    "measure": "清空并更换闭门器",
    "responsible": "王建国",
    "responsible_phone": "13800000001",
    "funds": 1,
    "plan": "专人值守，火情先疏散再报 119",
}


def copies(hazard, number, *, first=5000, **columns):
    """So many rows like this one, as a ledger that has grown: `columns` are values, or functions of 0, 1, 2 …"""
    rows = []
    for index in range(number):
        row = copy.copy(hazard)
        row._state = copy.copy(hazard._state)
        row.pk, row._state.adding, row.sent_key = None, True, None
        row.number, row.code = first + index, f"X-{first + index}"
        for name, value in columns.items():
            setattr(row, name, value(index) if callable(value) else value)
        rows.append(row)
    rows = Hazard.objects.bulk_create(rows)
    for part in hazard.parts.all():
        Part.objects.bulk_create(
            Part(hazard=row, office_id=part.office_id, acting_office_id=part.acting_office_id, status=part.status,
                 done_at=part.done_at, done_by_id=part.done_by_id)
            for row in rows
        )  # fmt: skip
    return rows
