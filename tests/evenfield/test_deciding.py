"""How sure a comparison of schemes is: years that would decide, and what holds under other assumptions."""

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from evenfield.deciding import holdings, without_rounding, years_for_yes_or_no, years_needed

Z, REACH = 2.5758293035489004, 0.8416212335729143


def test_years_needed_grow_with_the_square_of_the_noise():
    # 2.576 standard errors decide, 0.842 more do so with a chance of 80 %.
    assert years_needed(1.0, 1.0, 100) == math.ceil(100 * (Z + REACH) ** 2)
    assert years_needed(0.1, 1.0, 100) == math.ceil(10_000 * (Z + REACH) ** 2)
    assert years_needed(0.0, 1.0, 100) == 0


def test_what_adding_up_in_another_order_leaves_is_no_difference():
    assert years_needed(7e-17, 0.007, 40) == 0
    left = without_rounding(pd.Series([7e-17, -0.001, 5.0]), pd.Series([0.007, 0.007, 0.0]))
    assert list(left) == [0.0, -0.001, 5.0]


def test_the_years_said_decide_in_four_of_five_cases():
    years = years_needed(0.2, 0.1, 100)  # a scatter of 1 between years
    drawn = np.random.default_rng(0).normal(0.2, 1.0, (4000, years))
    reach = stats.t.ppf(0.995, years - 1) * drawn.std(axis=1, ddof=1) / math.sqrt(years)
    share = (np.abs(drawn.mean(axis=1)) > reach).mean()
    assert 0.76 < share < 0.84  # 4 standard errors of 4,000 draws are 0.025; t instead of z takes a little


@pytest.mark.parametrize(("up", "down"), [(1, 0), (6, 1), (12, 6)])
def test_of_yes_or_no_the_sign_test_decides_in_four_of_five_cases(up, down):
    pairs = np.array([1.0] * up + [-1.0] * down + [0.0] * (100 - up - down))
    years = years_for_yes_or_no(pairs)
    rng = np.random.default_rng(1)
    drawn = rng.multinomial(years, [up / 100, down / 100, 1 - (up + down) / 100], 3000)
    known = {}
    for more, less in {(int(a), int(b)) for a, b, _ in drawn}:
        known[more, less] = bool(more + less) and stats.binomtest(more, more + less).pvalue < 0.01
    share = np.mean([known[int(a), int(b)] for a, b, _ in drawn])
    assert 0.76 < share < 0.85


def test_eight_years_all_on_one_side_are_the_fewest_that_decide():
    # 2 x 0.5^8 = 0.008: where every year differs, the eighth decides for sure.
    assert years_for_yes_or_no(np.ones(3)) == 8


def test_as_many_on_both_sides_never_decide():
    assert years_for_yes_or_no(np.array([1.0, -1.0, 0.0])) == 0


def held(verdict, difference, *others):
    rows = pd.DataFrame(
        {"scheme": ["a"], "figure": ["pay"], "difference": [difference], "verdict": [verdict]}
    )
    table = pd.DataFrame(others, columns=["assumption", "value", "difference", "verdict"])
    return holdings(table.assign(scheme="a", figure="pay", years=2), rows)["a", "pay"]


def test_a_verdict_turns_where_the_other_way_round_is_sure():
    found = held("worse", 3.0, ("least", 0.3, 2.0, "worse"), ("least", 0.8, -1.0, "better"))
    assert (found.word, found.turns) == ("turns", ("least = 0.8",))


def test_it_is_unsure_where_the_other_way_round_is_not_sure():
    found = held("worse", 3.0, ("least", 0.3, -2.0, "not distinguishable yet"))
    assert (found.word, found.said) == ("unsure", "unsure where least = 0.3")


def test_it_is_unsure_where_there_is_no_verdict_at_all():
    found = held("not distinguishable yet", 3.0, ("least", 0.3, -2.0, "better"))
    assert (found.word, found.turns) == ("unsure", ())


def test_it_holds_only_where_every_assumption_decides_the_same():
    sure, unsure = ("least", 0.3, 1.0, "worse"), ("least", 0.8, 1.0, "not distinguishable yet")
    assert (held("worse", 3.0, sure).word, held("worse", 3.0, sure).said) == (
        "holds",
        "holds: decided in all 1",
    )
    found = held("worse", 3.0, sure, unsure)
    assert (found.word, found.alike, found.years) == ("same sign", ("least = 0.8",), 2)
    assert found.said == "same sign in all 2, decided in 1"
    assert held("the same", 0.0, ("least", 0.3, 0.0, "the same")).word == "holds"
