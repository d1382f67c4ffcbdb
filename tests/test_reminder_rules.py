"""Rules of reminding: inherited kind by kind, changed by the bureau's administrator, never rewritten under a reminder."""

import pytest
from django.urls import reverse

from campaign_portal.accounts.access import Role
from campaign_portal.audit.models import Event
from campaign_portal.deadlines.registry import Rung, planned_kinds
from campaign_portal.edges import NotYours
from campaign_portal.reminders import rules, starter_rules
from campaign_portal.reminders.forms import initial_of
from campaign_portal.reminders.models import ReminderRule

from . import builders
from .builders import browser, count_queries

pytestmark = pytest.mark.django_db

PAGE = reverse("reminders:rules")
EDIT = reverse("reminders:rules-edit", args=["rectify"])
RESTORE = reverse("reminders:rules-restore", args=["rectify"])


@pytest.fixture
def bureau():
    return builders.make_county().bureau


@pytest.fixture
def administrator(bureau):
    return builders.make_user(bureau, is_administrator=True)


def typed(shown, *, changes=None, new=None, seen=None):
    """The page as it comes back: the rules that stood on it with `changes` by number, and a `new` one."""
    lines = initial_of(shown.rules)
    for number, change in (changes or {}).items():
        lines[number] |= change
    data = {"seen": shown.stamp if seen is None else seen, "form-INITIAL_FORMS": len(lines)}
    lines += [new] if new else []
    for number, line in enumerate(lines):
        data |= {
            f"form-{number}-{name}": value for name, value in line.items() if value is not False and value is not None
        }
    return data | {"form-TOTAL_FORMS": len(lines)}


NEW = {"moment": "after", "days": 9, "in_workdays": "0", "rung": 3, "every": 0, "times": 1, "urgent": "", "is_on": "on"}


def words(bureau, code="rectify"):
    return [rule.words for rule in ReminderRule.objects.in_force(bureau)[code]]


def last_event():
    return Event.objects.order_by("-pk").first()


def test_the_starter_set_speaks_of_every_kind_and_breaks_no_constraint(bureau):
    codes = {kind.code for kind in planned_kinds()}
    assert codes <= set(starter_rules.RULES)
    for rule in ReminderRule.objects.filter(owner=None):
        rule.full_clean()
    assert words(bureau)[:4] == [
        "到期前 5 个工作日提醒责任人",
        "到期前 1 个工作日提醒责任人",
        "到期当天提醒责任人",
        "逾期 1 个工作日后提醒责任人，以后每 3 个工作日一次，最多 10 次",
    ]


def test_the_first_change_gives_the_bureau_its_own_set_and_leaves_the_default_alone(bureau, administrator):
    before, default = words(bureau), ReminderRule.objects.filter(owner=None).count()
    shown = rules.set_of(bureau, "rectify")
    assert browser(administrator).post(EDIT, typed(shown, changes={0: {"days": 7}}, new=NEW)).url == PAGE
    after = words(bureau)
    assert after[0] == "到期前 7 个工作日提醒责任人" and after[-1] == "逾期 9 天后提醒县民政局"
    assert after[1:-1] == before[1:]
    assert ReminderRule.objects.filter(owner=None).count() == default
    event = last_event()
    assert event.verb == "reminderrules.changed" and event.target_pk == bureau.pk
    assert "到期前 5 个工作日" in event.changes["整改"][0] and "到期前 7 个工作日" in event.changes["整改"][1]
    assert "本局" in browser(administrator).get(PAGE).content.decode()
    assert words(builders.make_county().bureau) == before  # another county keeps the default


def test_a_changed_rule_is_replaced_so_that_what_it_has_sent_still_says_why(bureau, administrator):
    browser(administrator).post(EDIT, typed(rules.set_of(bureau, "rectify"), changes={0: {"days": 7}}))
    first, *rest = rules.set_of(bureau, "rectify").rules
    shown = rules.set_of(bureau, "rectify")
    browser(administrator).post(EDIT, typed(shown, changes={0: {"days": 8}, 1: {"DELETE": "on"}}))
    first.refresh_from_db()
    assert (first.days, first.retired_at is not None) == (7, True)
    now = rules.set_of(bureau, "rectify").rules
    assert now[0].days == 8 and now[0].pk != first.pk
    assert [rule.pk for rule in now[1:]] == [rule.pk for rule in rest[1:]]  # what did not change is the same row


def test_restoring_gives_the_default_back_and_only_an_own_set_can_be_given_up(bureau, administrator):
    before, client = words(bureau), browser(administrator)
    seen = {"seen": rules.set_of(bureau, "rectify").stamp}
    assert "已经是默认规则" in client.post(RESTORE, seen, follow=True).content.decode()
    client.post(EDIT, typed(rules.set_of(bureau, "rectify"), changes={0: {"days": 7}}))
    assert "没有变化" in client.post(EDIT, typed(rules.set_of(bureau, "rectify")), follow=True).content.decode()
    client.post(RESTORE, {"seen": rules.set_of(bureau, "rectify").stamp})
    assert words(bureau) == before
    assert last_event().verb == "reminderrules.restored"


def test_a_kind_whose_rules_are_all_off_is_not_inherited(bureau, administrator):
    shown = rules.set_of(bureau, "activity_held")
    off = {number: {"is_on": None} for number in range(len(shown.rules))}
    browser(administrator).post(reverse("reminders:rules-edit", args=["activity_held"]), typed(shown, changes=off))
    assert words(bureau, "activity_held") == []
    assert rules.set_of(bureau, "activity_held").owner == bureau.pk


def test_the_rules_of_the_bureau_above_come_before_the_default(bureau):
    city = builders.make_office(Role.BUREAU, area=bureau.area.parent, name="市民政局")
    bureau.parent = city
    bureau.save(update_fields=["parent"])
    ReminderRule.objects.create(owner=city, kind="rectify", moment="at", rung=Rung.RESPONSIBLE)
    assert words(bureau) == ["到期当天提醒责任人"]
    page = browser(builders.make_user(bureau)).get(PAGE).content.decode()
    assert "上级：市民政局" in page
    assert EDIT not in page  # no administrator: read only


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"moment": "at"}, "到期当天的提醒不填天数"),
        ({"days": 0}, "至少 1 天"),
        ({"times": 3}, "要填每隔几天"),
        ({"rung": 2}, "上一级只在逾期后提醒"),
        ({"days": 366}, "365"),
        ({"days": 1}, "有两条规则在同一天提醒同一级"),
        ({"days": 7, "every": 3, "times": 4}, "提前 7 天、每隔 3 天，到期前最多提醒 3 次。"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused_with_a_sentence_and_stays_as_typed(
    bureau, administrator, change, sentence
):
    new = {"moment": "before", "days": 33, "in_workdays": "1", "rung": 0, "every": 0, "times": 1, "is_on": "on"}
    page = browser(administrator).post(EDIT, typed(rules.set_of(bureau, "rectify"), new=new | change))
    assert page.status_code == 422 and sentence in page.content.decode()
    assert page.context["formset"].forms[-1]["days"].value() == str((new | change)["days"])
    assert not ReminderRule.objects.filter(owner=bureau).exists()


def test_a_set_without_a_rule_is_refused(bureau, administrator):
    shown = rules.set_of(bureau, "activity_held")
    gone = {number: {"DELETE": "on"} for number in range(len(shown.rules))}
    url = reverse("reminders:rules-edit", args=["activity_held"])
    page = browser(administrator).post(url, typed(shown, changes=gone))
    assert page.status_code == 422 and "至少留一条规则" in page.content.decode()


def test_of_two_who_edit_at_once_the_second_sees_what_the_first_has_saved(bureau, administrator):
    shown, client = rules.set_of(bureau, "rectify"), browser(administrator)
    client.post(EDIT, typed(shown, changes={0: {"days": 7}}))
    page = client.post(EDIT, typed(shown, changes={0: {"days": 4}}))
    assert page.status_code == 409
    assert "规则已经改过" in page.content.decode() and "到期前 7 个工作日" in page.content.decode()
    assert page.context["formset"].forms[0]["days"].value() == "4"
    assert words(bureau)[0].startswith("到期前 7 ")
    client.post(EDIT, typed(shown, changes={0: {"days": 4}}, seen=page.context["seen"]))
    assert words(bureau)[0].startswith("到期前 4 ")


def test_another_bureaus_administrator_writes_none_of_ours(bureau):
    stranger = builders.make_user(builders.make_county().bureau, is_administrator=True)
    with pytest.raises(NotYours):
        rules.write_rules(bureau=bureau, code="rectify", wanted=[], seen="", by=stranger)


def test_the_page_of_rules_costs_the_same_for_a_long_set(bureau, administrator):
    client = browser(administrator)
    client.get(PAGE)
    few = count_queries(lambda: client.get(PAGE))
    ReminderRule.objects.bulk_create(
        ReminderRule(owner=bureau, kind=kind.code, moment="before", days=day)
        for kind in planned_kinds()
        for day in range(1, 15)
    )
    assert count_queries(lambda: client.get(PAGE)) == few
