"""How often to call: closed forms and a book one can weigh by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from optimizer.frequencies import best_frequencies, frequencies, hours_for_visits
from scenarios import NoPlanExists
from scenarios.building import build

OWNER = pd.Series("West", index=[f"{town}{n}" for town in "WE" for n in (1, 2, 3)])


@pytest.mark.parametrize(("variation", "gain"), [(0.6, 0.0825), (1.0, 0.1955)])
def test_best_calls_gain_over_equal_ones_what_the_closed_form_says(variation, gain):
    # Sales a x calls^0.34 with a lognormal of coefficient of variation c: best calls follow a^(1 / 0.66), and
    # gain (1 + c^2)^(0.34 / (2 x 0.66)) - 1 over equal calls.
    power = 0.34
    assert (1 + variation**2) ** (power / (2 * (1 - power))) - 1 == pytest.approx(gain, abs=2e-4)
    sigma = np.sqrt(np.log(1 + variation**2))
    quantiles = (np.arange(400) + 0.5) / 400
    worth = np.exp(sigma * norm.ppf(quantiles))
    levels = np.tile(np.arange(0, 600.0), (len(worth), 1))
    mean = 20
    chosen = best_frequencies(levels, worth[:, None] * levels**power, np.ones(len(worth)), mean * len(worth))
    assert chosen.sum() <= mean * len(worth)
    found = (worth * chosen.astype(float) ** power).sum() / (worth * float(mean) ** power).sum() - 1
    assert found == pytest.approx(gain, rel=0.03)


def test_an_s_shaped_response_is_climbed_in_one_step_or_not_at_all():
    # One call brings 1, two bring 10: the first step goes to two calls. Three hours hold one such customer,
    # and the third hour a single call on nobody, since half of a step is worth little ... to the greedy.
    levels = np.tile([0.0, 1.0, 2.0], (2, 1))
    worth = np.tile([0.0, 1.0, 10.0], (2, 1))
    assert best_frequencies(levels, worth, np.ones(2), 3.0).tolist() == [2, 0]
    assert best_frequencies(levels, worth, np.ones(2), 4.0).tolist() == [2, 2]


def test_calls_that_cost_more_than_they_bring_are_not_made():
    levels = np.array([[0.0, 1.0, 2.0]])
    assert best_frequencies(levels, np.array([[0.0, 5.0, 4.0]]), np.ones(1), 10.0).tolist() == [1]
    assert best_frequencies(levels, np.array([[0.0, -1.0, -2.0]]), np.ones(1), 10.0).tolist() == [0]


def test_it_finds_the_best_of_all_where_steps_are_small():
    rng = np.random.default_rng(1)
    levels = np.tile(np.arange(4.0), (4, 1))
    for _ in range(20):
        worth = rng.lognormal(0, 1, 4)[:, None] * levels**0.5
        chosen = best_frequencies(levels, worth, np.ones(4), 6.0)
        everything = np.stack(np.meshgrid(*[np.arange(4)] * 4), axis=-1).reshape(-1, 4)
        allowed = everything[everything.sum(axis=1) <= 6]
        best = max(worth[np.arange(4), plan].sum() for plan in allowed)
        assert worth[np.arange(4), chosen].sum() == pytest.approx(best)  # steps of one hour fit exactly


def test_hours_go_where_calls_bring_most(towns):
    # West's three customers, an hour a call and no travel: 36 hours promised, potentials 100, 200, 300.
    towns.tables["reps"]["hours_per_year"] = "36"
    scenario = build(towns)
    mine = OWNER.where(OWNER.index.str.startswith("W"), "East")
    often = frequencies(scenario, mine, "West", keep=())
    assert often["hours"].sum() <= hours_for_visits(scenario, mine, "West") + 1e-9
    assert often["visits"].tolist() == sorted(often["visits"])
    assert often["sales"].sum() > often["sales_promised"].sum()


def test_promised_floors_are_kept(towns):
    towns.tables["customers"]["tier"] = ["A", "C", "C", "A", "C", "C"]
    towns.tables["reps"]["hours_per_year"] = "36"
    mine = OWNER.where(OWNER.index.str.startswith("W"), "East")
    often = frequencies(build(towns), mine, "West", keep=("A",))
    assert often.loc["W1", "visits"] >= 12
    towns.tables["reps"]["hours_per_year"] = "11"
    with pytest.raises(NoPlanExists, match=r"tier A need 12 hours a year, 11 are left"):
        frequencies(build(towns), mine, "West", keep=("A",))
