"""Over-assignment: the arithmetic of lognormal attainment, commitments, and the price in odds."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from optimizer.quotas.laws import Lognormal, Sample
from optimizer.quotas.over_assignment import cost_in_odds, over_assignment


def alike(reps, cv):
    mean = np.full(reps, 100.0)
    return Lognormal(tuple(map(str, range(reps))), mean, (mean * cv) ** 2, 0.0)


def test_what_over_assignment_does_to_the_share_at_quota():
    # Lognormal, CV .25, quotas that add up to expected sales: 45 %; with 5, 10, 20 % more 37, 30.5, 19 %.
    table = cost_in_odds(alike(40, 0.25), 4000.0, steps=(0.0, 0.05, 0.10, 0.20))
    assert table["at_quota"].tolist() == pytest.approx([0.451, 0.374, 0.305, 0.194], abs=5e-4)
    assert table["odds"].tolist() == pytest.approx(table["at_quota"].tolist())
    assert table["field"].tolist() == [4000, 4200, 4400, 4800]


@given(st.floats(0.05, 0.8), st.floats(0.0, 0.5))
def test_odds_follow_the_closed_form(cv, step):
    sigma2 = np.log1p(cv**2)
    expected = stats.norm.cdf((-np.log1p(step) - sigma2 / 2) / np.sqrt(sigma2))
    assert cost_in_odds(alike(3, cv), 300.0, steps=(step,))["odds"][0] == pytest.approx(expected)


def test_the_committed_number_is_reached_with_the_wanted_chance():
    # five years of 100, 90, 80, 70, 60 stand for 9/10, 7/10, ...: 66 is passed with a chance of .8
    # (.2 lies halfway between 1/10 and 3/10: 65)
    law = Sample(("A",), np.array([[60.0], [70], [80], [90], [100]]))
    found = over_assignment(law, np.array([78.0]), target=80.0, wanted=0.8)
    assert found.committed == pytest.approx(65)
    assert found.chance == pytest.approx(0.5)
    assert found.implied == pytest.approx(0.2)
    assert found.against_target == pytest.approx(-0.025)
    assert "chance of 80% the company reaches 65; quotas add up to 78, 20.0% more." in found.say


def test_wanting_more_certainty_commits_to_less():
    law, quotas = alike(10, 0.3), np.full(10, 110.0)
    committed = [over_assignment(law, quotas, 1000.0, wanted).committed for wanted in (0.5, 0.8, 0.95)]
    assert committed == sorted(committed, reverse=True)
    assert law.chance_of_total(committed[2]) == pytest.approx(0.95)
