"""What the confirming form shows first: the head of the campaign as the notice gives it, with nothing that would be refused."""

import re
from datetime import date

from campaign_portal import clock
from campaign_portal.accounts.access import Role
from campaign_portal.accounts.bureaus import bureau_of

from ..models import Campaign, DraftItem
from ..services import overlap_of

Kind, Decision = DraftItem.Kind, DraftItem.Decision
SUFFIXES = "ABCDEFGHJKLMNPQSTUVWXYZ"  # no I and O beside digits, and R is that of the yearly routine supervision
YEAR = re.compile(r"20\d\d(?=\D)")


def propose_head(notice, user):
    """({field: value} of the campaign, why it may not take new records or None)."""
    header, office = notice.header, user.office
    stated, ends_on = _days(notice)
    starts_on = stated or header["issued_on"]
    overlap = _overlap(office, starts_on, ends_on)
    head = {
        "title": header["title"][:80],
        "code": free_code(office, _year(stated, header)),
        "lead": office,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "document_number": header["document_number"][:40],
        "issued_on": header["issued_on"],
        "goal": _goal(notice),
        "takes_records": office.kind == Role.BUREAU and overlap is None,
    }
    return head, overlap


def _days(notice):
    """First and last day: of the head of the notice, else of its phases; "" where neither says."""
    phases = notice.items.filter(kind=Kind.PHASE, decision=Decision.ACCEPTED)
    days = [(item.data["starts_on"], item.data["ends_on"]) for item in phases]
    days = [(first, last) for first, last in days if first and last]
    starts_on = notice.header["starts_on"] or min((first for first, _ in days), default="")
    return starts_on, notice.header["ends_on"] or max((last for _, last in days), default="")


def _year(stated, header):
    """The year in which it starts: stated, else that of the title (issued in December for the next), else of the issue."""
    named = YEAR.search(header["title"] + " ")
    return (stated or (named[0] if named else "") or header["issued_on"] or f"{clock.today()}")[:4]


def free_code(office, year):
    """Initials and two digits of the year, with a letter more where a campaign of the area has that code already."""
    bureau = bureau_of(office)
    initials = office.number_code or (bureau.number_code if bureau else "") or "ZX"
    column = office.area.column if office.county_code == "" else "county_code"
    taken = set(Campaign.objects.filter(**{column: getattr(office, column)}).values_list("code", flat=True))
    code = f"{initials}{year[2:]}"
    return next((one for one in [code, *(code + letter for letter in SUFFIXES)] if one not in taken), "")


def _overlap(office, starts_on, ends_on):
    if office.kind != Role.BUREAU or not starts_on or not ends_on:
        return None
    return overlap_of(office.area, date.fromisoformat(starts_on), date.fromisoformat(ends_on))


def _goal(notice):
    """What stands under the heading of the goals, whether or not the heading was taken over."""
    for item in notice.items.filter(kind=Kind.TASK):
        if "目标" in item.data["title"] and not item.data["is_work"]:
            return item.data["content"][:2000]
    return ""


# The name of the campaign

LIES_IN = re.compile(r"(?:在|对)(?P<place>.{2,20}?)(?:组织|深入|全面|广泛)?(?:开展|实施)(?P<core>.{2,40})")
GOES_ON = re.compile(r"(?:专项)?(?:活动|行动)")
QUOTED = re.compile(r"[“\"]([^“”\"\n]{4,40}?(?:活动|行动))[”\"]")


def campaign_title(name, title, text):
    """The name of a campaign as a plan is called by: “在全市养老机构开展提质增效年” is the clause of a title, not a name.

    `name` is what the rules read, `title` the notice's, `text` all of it: there the name may stand in quotes.
    """
    further = GOES_ON.match(title, title.find(name) + len(name)) if name and name in title else None
    clause = LIES_IN.fullmatch(name)
    if not clause and not further:
        return name
    core = clause["core"] if clause else name
    quoted = next((match[1] for match in QUOTED.finditer(text) if core in match[1]), "")
    return quoted or (clause["place"] if clause else "") + core + (further[0] if further else "")
