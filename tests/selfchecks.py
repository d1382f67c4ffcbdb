"""Rounds of self-checks and what homes answer, made by the portal's own services."""

import base64
import io
from datetime import date

from PIL import Image, ImageDraw

from campaign_portal import clock
from campaign_portal.campaigns.services import routine_campaign
from inspections import starter_checklist
from inspections.models import CheckItem, CheckList, CheckSection, SelfCheck, SelfCheckRound
from inspections.selfchecks import Sheet
from inspections.services import selfcheck as services
from inspections.services.selfcheck import Entry

from . import builders, hazards
from .builders import in_days


def check_list():
    """The starter list; put back if a test with real transactions emptied the tables."""
    starter = CheckList.objects.filter(owner=None).first()
    return starter or starter_checklist.load(CheckList, CheckSection, CheckItem, since=date(2026, 1, 1))


def short_list(bureau, *, sections=2, items=2):
    """A list of the bureau's own with few items, where thirty would only be in the way."""
    own = CheckList.objects.create(
        owner=bureau, title="短清单", edition="1", source="本县自拟", valid_from=date(2020, 1, 1)
    )
    for order in range(1, sections + 1):
        section = CheckSection.objects.create(check_list=own, order=order, title=f"第{order}部分")
        for number in range(1, items + 1):
            CheckItem.objects.create(
                section=section, order=number, text=f"检查{order}-{number}", category="fire", place="走廊和疏散通道"
            )
    return own


def draft_round(clerk, **columns):
    """An unsaved round as a filled-in form would give it."""
    defaults = {"title": "第四季度自查", "opens_on": clock.today(), "due_on": in_days(10)}
    if "check_list" not in columns:
        columns["check_list"] = short_list(clerk.office)
    if "campaign" not in columns:
        columns["campaign"] = routine_campaign(clerk.office, year=clock.today().year)
    return SelfCheckRound(**(defaults | columns))


def opened_round(clerk, **columns):
    return services.open_round(draft_round(clerk, **columns), by=clerk)


def check_of(check_round, home):
    return SelfCheck.objects.get(round=check_round, facility=home)


def answer_all(check, *, by, not_met=(), **finding):
    """Answer every item: those whose number stands in `not_met` with a finding, the others 符合."""
    entries = []
    for line in Sheet(check).lines:
        if line.number in not_met:
            said = {"note": "通道堆物", "measure": "清空", "photos": [hazards.picture(by)]} | finding
            entries.append(Entry(line.item, "not_met", place=line.item.place, **said))
        else:
            entries.append(Entry(line.item, "met"))
    return services.save_answers(check=check, by=by, entries=entries)


def submitted(check, *, by, not_met=(), **rest):
    """A check gone through and signed; a zero report unless something is not met."""
    answer_all(check, by=by, not_met=not_met)
    rest = {"signer": "王建国", "is_zero": not not_met} | rest
    return services.submit_check(check=check, by=by, **rest)


def add_home(cast, name=None, **columns):
    """One more home of the cast's township, with somebody who works there: (home, manager)."""
    home = builders.make_facility(name, supervisor=cast.township, **columns)
    return home, builders.make_home_user(home)


def drawn(*, blank=False):
    """What signature.js sends: a PNG as a data: address."""
    image = Image.new("RGB", (640, 340), "white")
    if not blank:
        ImageDraw.Draw(image).line((100, 100, 500, 240), fill="#111111", width=6)
    out = io.BytesIO()
    image.save(out, "PNG")
    return f"data:image/png;base64,{base64.b64encode(out.getvalue()).decode()}"
