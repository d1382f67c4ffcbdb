"""Parts of a target always add up to it, and stand to each other as the weights do."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign_portal.campaigns.sharing import CENT, ONE, plain, split

steps = st.sampled_from([ONE, CENT])
weights = st.lists(st.integers(0, 10**6) | st.decimals(0, 10**6, places=2), min_size=1, max_size=60)


@st.composite
def totals(draw):
    step = draw(steps)
    return draw(st.integers(0, 10**9)) * step, step


@given(totals(), weights)
def test_the_parts_add_up_to_the_whole_in_whole_steps(total_and_step, weights):
    total, step = total_and_step
    parts = split(total, weights, step=step)
    assert sum(parts) == total
    assert len(parts) == len(weights)
    assert all(part >= 0 and part % step == 0 for part in parts)


@given(totals(), weights)
def test_no_part_is_a_step_or_more_away_from_its_exact_share(total_and_step, weights):
    total, step = total_and_step
    shares = [Fraction(weight) for weight in weights]
    shares = shares if any(shares) else [Fraction(1)] * len(shares)
    for part, share in zip(split(total, weights, step=step), shares, strict=True):
        assert abs(Fraction(part) - Fraction(total) * share / sum(shares)) < Fraction(step)


@given(totals(), weights)
def test_who_weighs_more_never_gets_less(total_and_step, weights):
    total, step = total_and_step
    pairs = sorted(zip(map(Fraction, weights), split(total, weights, step=step), strict=True), key=lambda pair: pair[0])
    parts = [part for _, part in pairs]
    for (lighter, less), (heavier, more) in zip(pairs, pairs[1:], strict=False):
        assert lighter == heavier or less <= more, parts


@given(totals(), weights)
def test_who_weighs_nothing_gets_nothing_unless_nobody_weighs_anything(total_and_step, weights):
    total, step = total_and_step
    parts = split(total, weights, step=step)
    if any(weights):
        assert all(part == 0 for part, weight in zip(parts, weights, strict=True) if weight == 0)
    else:
        assert max(parts) - min(parts) <= step


@given(totals(), st.integers(1, 60), st.integers(1, 10**6))
def test_equal_weights_are_an_even_split_with_the_surplus_to_the_first(total_and_step, number, weight):
    total, step = total_and_step
    parts = split(total, [weight] * number, step=step)
    assert parts == sorted(parts, reverse=True)
    assert parts[0] - parts[-1] <= step


@pytest.mark.parametrize(
    "total, weights, step, parts",
    [
        (40, [1, 1, 1], 1, [14, 13, 13]),
        (10, [1, 2, 3], 1, [2, 3, 5]),
        (7, [0, 0], 1, [4, 3]),
        (1, [120, 80, 60], 1, [1, 0, 0]),
        (Decimal("1.00"), [1, 1, 1], CENT, [Decimal("0.34"), Decimal("0.33"), Decimal("0.33")]),
        (0, [5, 5], 1, [0, 0]),
    ],
)
def test_a_clerk_would_split_it_the_same_way(total, weights, step, parts):
    assert split(total, weights, step=step) == parts


@pytest.mark.parametrize("total, weights", [(Decimal("1.5"), [1, 1]), (-1, [1]), (3, []), (3, [1, -1])])
def test_what_cannot_be_split_is_an_error_of_the_caller(total, weights):
    with pytest.raises(ValueError):
        split(total, weights, step=1)


def test_figures_are_written_as_people_write_them():
    assert [plain(Decimal(text)) for text in ("40.00", "12.50", "0.00", "100", "0.05")] == [
        "40", "12.5", "0", "100", "0.05",
    ]  # fmt: skip
