"""Two people change a plan at the same moment: one is told, nothing is half done."""

import uuid
from copy import copy

import pytest

from campaign_portal.campaigns import drafting, planning
from campaign_portal.campaigns.models import Campaign, DateChange, Indicator, Milestone, Notice, Task

from .builders import fresh, in_days, make_county, make_user
from .notices import WHOLE
from .plans import make_campaign, make_indicator, make_milestone, make_task
from .test_concurrency import at_once, refusals

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_campaigns_that_take_hazards_one_starts():
    county = make_county()
    drafts = [make_campaign(county.bureau, status=Campaign.Status.DRAFT) for _ in range(2)]
    people = [make_user(county.bureau) for _ in range(2)]
    for one in drafts:
        make_task(one)
    at_once(
        *(lambda draft=draft, by=by: planning.start(draft, by=by) for draft, by in zip(drafts, people, strict=True))
    )
    assert Campaign.objects.filter(status=Campaign.Status.RUNNING).count() == 1


def test_of_two_who_move_one_date_the_second_hears_from_what_to_what():
    county = make_county()
    milestone = make_milestone(make_task(make_campaign(county.bureau)), due_on=in_days(10))
    people = [make_user(county.bureau) for _ in range(2)]

    def move(by, day):
        return lambda: planning.move_dates(milestone, None, day, by=by, reason="汛期", version=0)

    (sentence,) = refusals(at_once(*(move(by, in_days(20 + n)) for n, by in enumerate(people))))
    change = DateChange.objects.get()
    milestone.refresh_from_db()
    assert milestone.due_on == in_days(20 + people.index(change.by))
    assert f"{change.by.name}已于" in str(sentence)
    assert f"完成时限由“{in_days(10)}”改为“{milestone.due_on}”" in str(sentence)


@pytest.mark.parametrize("kind", ["task", "milestone", "indicator"])
def test_of_eight_who_edit_one_row_one_saves_and_the_others_hear_who(kind):
    county = make_county()
    campaign = make_campaign(county.bureau)
    task = make_task(campaign)
    make = {
        "task": lambda: task,
        "milestone": lambda: make_milestone(task),
        "indicator": lambda: make_indicator(campaign),
    }
    row, save = make[kind](), getattr(planning, f"save_{kind}")
    column = "title" if kind == "task" else "name"
    people = [make_user(county.bureau) for _ in range(8)]

    def edit(by):
        mine = copy(row)
        setattr(mine, column, f"{by.name}写的")
        return lambda: save(mine, by=by, version=0)

    refused = refusals(at_once(*map(edit, people)))
    row.refresh_from_db()
    [winner] = [by for by in people if getattr(row, column) == f"{by.name}写的"]
    assert (len(refused), row.version) == (7, 1)
    assert all(f"{winner.name}已于" in str(sentence) for sentence in refused)


@pytest.mark.parametrize("kind", ["task", "milestone", "indicator"])
def test_a_form_that_arrives_eight_times_at_once_is_one_row(kind):
    county = make_county()
    campaign, by, key = make_campaign(county.bureau), make_user(county.bureau), uuid.uuid4()
    make = {
        "task": lambda: Task(campaign=campaign, title="结对帮扶", sent_key=key),
        "milestone": lambda: Milestone(campaign=campaign, name="报送总结", due_on=in_days(30), sent_key=key),
        "indicator": lambda: Indicator(campaign=campaign, name="结对", value=5, unit="对", sent_key=key),
    }
    save = getattr(planning, f"save_{kind}")
    made = at_once(*(lambda: save(make[kind](), by=fresh(by)) for _ in range(8)))
    assert len({row.pk for row in made}) == 1
    assert getattr(campaign, f"{kind}s").count() == 1


def test_a_notice_that_arrives_four_times_at_once_is_one():
    county = make_county()
    by, key = make_user(county.bureau), uuid.uuid4()
    made = at_once(*(lambda: drafting.take_in(WHOLE, by=fresh(by), sent_key=key) for _ in range(4)))
    assert {row.pk for row in made} == {Notice.objects.get().pk}
