"""What recurs has a milestone for each period within the campaign, on the day that the notice names."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_portal.campaigns.drafting.recurring import MONTHS, occurrences
from campaign_portal.campaigns.drafting.taking_in import _day_in_period
from campaign_portal.campaigns.models import Campaign

pytestmark = pytest.mark.sqlite
YEAR = Campaign(starts_on=datetime.date(2021, 10, 1), ends_on=datetime.date(2022, 9, 30))


def days(recurrence, phrase="", campaign=YEAR):
    data = {"name": "报送", "starts_on": "", "due_on": "", "recurrence": recurrence} | _day_in_period(phrase)
    return [due.isoformat() for _, _, due in occurrences(data, campaign)]


def test_without_a_day_it_is_the_last_of_the_period():
    assert days("quarterly") == ["2021-12-31", "2022-03-31", "2022-06-30", "2022-09-30"]
    assert days("half_yearly") == ["2021-12-31", "2022-06-30", "2022-09-30"]
    assert len(days("monthly")) == 12


@pytest.mark.parametrize(
    ("recurrence", "phrase", "first", "count"),
    [
        ("monthly", "每月25日前报送", "2021-10-25", 12),
        ("monthly", "每月31日前报送", "2021-10-31", 12),
        ("quarterly", "每季度末月20日前", "2021-12-20", 4),
        ("quarterly", "每季度第一个月10日前", "2021-10-10", 4),
        ("yearly", "每年6月15日前", "2022-06-15", 1),
    ],
)
def test_a_day_that_the_notice_names_is_kept(recurrence, phrase, first, count):
    found = days(recurrence, phrase)
    assert (found[0], len(found)) == (first, count)


def test_a_short_month_has_its_last_day():
    assert "2022-02-28" in days("monthly", "每月30日前")


DAYS = st.dates(datetime.date(2020, 1, 1), datetime.date(2030, 12, 31))


@given(st.sampled_from(sorted(MONTHS)), DAYS, st.integers(0, 1500), st.integers(0, 31))
def test_every_occurrence_lies_within_the_campaign_in_order(recurrence, start, length, day):
    campaign = Campaign(starts_on=start, ends_on=start + datetime.timedelta(length))
    found = days(recurrence, f"每月{day}日前" if day else "", campaign)
    assert found == sorted(set(found))
    assert all(campaign.starts_on.isoformat() <= due <= campaign.ends_on.isoformat() for due in found)
