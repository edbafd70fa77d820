"""How often to call: closed forms and a book one can weigh by hand."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm

from optimizer.calling.frequencies import (
    MORE_ELSEWHERE,
    NOT_WORTH_THE_WAY,
    TOO_FEW_HOURS,
    best_frequencies,
    frequencies,
    hours_for_visits,
)
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


def test_promises_are_held_and_the_best_distributes_what_is_left(towns):
    # 36 hours are promised, 48 are there: all keep their 12 visits, twelve more go where they bring most.
    towns.tables["reps"]["hours_per_year"] = "48"
    scenario = build(towns)
    mine = OWNER.where(OWNER.index.str.startswith("W"), "East")
    held = frequencies(scenario, mine, "West")
    assert (held["visits"] >= 12).all()
    assert held["visits"].sum() <= 48
    assert held["visits"]["W3"] > 12
    assert set(held["why"]) == {""}
    free = frequencies(scenario, mine, "West", keep=())
    assert free["sales"].sum() >= held["sales"].sum()
    exactly = frequencies(scenario, mine, "West", keep="exactly")
    assert exactly["visits"].tolist() == [12, 12, 12]


def test_whoever_gets_less_than_promised_is_told_why(towns):
    # W1 buys 20 a year, half of it margin: twelve visits bring 10. An hour at W3 brings more.
    towns.tables["customers"]["potential"] = ["20", "200", "3000", "100", "200", "300"]
    towns.tables["reps"]["hours_per_year"] = "36"
    scenario = build(towns)
    mine = OWNER.where(OWNER.index.str.startswith("W"), "East")
    free = frequencies(scenario, mine, "West", keep=())
    fewer = free[free["visits"] < free["promised"]]
    assert "W1" in fewer.index
    assert (fewer["why"] == MORE_ELSEWHERE).all()
    lost = free["sales_promised"]["W1"] - free["sales"]["W1"]
    assert fewer["worth_left_out"]["W1"] == pytest.approx(0.5 * lost)
    assert (free["why"][free["visits"] >= free["promised"]] == "").all()


def test_a_way_that_costs_more_than_the_visits_bring_is_said(towns):
    # East is 2.2 hours away, there and back 4.4, at 1000 an hour; what it buys is worth 50, 100 and 150.
    towns.settings["travel"]["cost_per_hour"] = 1000.0
    towns.tables["reps"]["hours_per_year"] = "1000"
    free = frequencies(build(towns), OWNER, "West", keep=())
    assert free["visits"][["E1", "E2", "E3"]].tolist() == [0, 0, 0]
    assert set(free["why"][["E1", "E2", "E3"]]) == {NOT_WORTH_THE_WAY}
    assert (free["worth_left_out"][["E1", "E2", "E3"]] < 0).all()


def test_hours_that_hold_not_all_promises_go_to_top_tiers_first(towns):
    # 36 hours are promised, 24 are there; tier A keeps its twelve, nobody gets more than promised.
    towns.tables["customers"]["tier"] = ["A", "C", "C", "C", "C", "C"]
    towns.tables["reps"]["hours_per_year"] = "24"
    mine = OWNER.where(OWNER.index.str.startswith("W"), "East")
    often = frequencies(build(towns), mine, "West")
    assert often["visits"]["W1"] == 12
    assert (often["visits"] <= 12).all()
    assert often["hours"].sum() <= 24
    assert set(often["why"][often["visits"] < 12]) == {TOO_FEW_HOURS}
    towns.tables["reps"]["hours_per_year"] = "6"
    often = frequencies(build(towns), mine, "West")
    assert often["hours"].sum() <= 6
    assert often["visits"].sum() > 0
