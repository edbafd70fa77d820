"""What keyed luck saves."""

import numpy as np
import pandas as pd
import pytest

from benchmarks import luck_saves
from benchmarks.companies import everything
from benchmarks.luck_saves import FIGURES, Saving, changed_plans, savings


def figures(values):
    return pd.DataFrame(dict.fromkeys(FIGURES, values), dtype="float64")


def test_savings_are_the_ratio_of_variances():
    base = figures([10, 20, 30, 40])
    same = figures([11, 23, 31, 43])  # differ by 1, 3, 1, 3: sum of squares 4
    other = figures([30, 20, 50, 40])  # differ by 20, 0, 20, 0: sum of squares 400
    found = savings("a change", base, same, other)
    assert [saving.figure for saving in found] == list(FIGURES)
    assert found[0].saved == pytest.approx(100)
    assert found[0].difference == 2
    assert found[0].apart ** 2 == pytest.approx(400 / 3)
    assert found[0].low <= 100 <= found[0].high


def test_control_variates_save_what_they_explain():
    luck, years = np.random.default_rng(1), 100
    base, seen, rest = luck.normal(100, 10, years), luck.normal(0, 3, years), luck.normal(0, 1, years)
    found = savings("a change", figures(base), figures(base + seen + rest), figures(-base), seen[:, None])
    # of a difference with variance 9 + 1 the controls leave 1
    assert found[0].saved_corrected / found[0].saved == pytest.approx(10, rel=0.3)


def test_where_the_same_luck_leaves_nothing_to_chance_all_years_but_one_are_saved():
    base = figures([10, 20, 30])
    found = savings("a constant", base, base + 5, figures([30, 20, 10]))
    assert found[0].saved == found[0].low == np.inf


def test_customers_move_to_the_nearest_other_rep_and_quotas_rise():
    scenario, plan = everything(40, 4)
    changed = changed_plans(scenario, plan)
    assert (changed["quota +5 %"].quota / plan.quota).to_numpy() == pytest.approx(1.05)
    some = changed["10 % of customers moved"].owner
    moved = some.index[some != plan.owner]
    assert len(moved) == 4
    one = changed["one customer moved"].owner
    assert (one != plan.owner).sum() == 1
    places, homes = scenario.customers, scenario.reps
    for customer in moved:
        at = places.loc[customer, ["latitude", "longitude"]].to_numpy(dtype=float)
        away = np.hypot(*(homes[["latitude", "longitude"]].to_numpy(dtype=float) - at).T)
        away[homes.index.get_loc(plan.owner[customer])] = np.inf
        assert some[customer] == homes.index[away.argmin()]


def test_the_same_luck_saves_years():
    found = {(s.comparison, s.figure): s for s in luck_saves.measure(6, 60, 3)}
    assert len(found) == 4 * len(FIGURES)
    assert found["one customer moved", "bookings"].saved > 1


def test_the_table_says_what_was_reached():
    rows = [
        Saving("quota +5 %", "pay", -1234.5, 100.0, 10.0, 100.0, 80.0, 120.0, 5.0),
        Saving("quota +5 %", "share_at_quota", -0.05, 0.2, 0.1, 4.0, 3.0, np.inf, 0.1),
    ]
    text = luck_saves.report(rows, 400)
    assert "| quota +5 % | pay | -1,234 | 100 | 10 | 100.0 | 80 to 120 | 50 reached | 400.0 |" in text
    assert (
        "| quota +5 % | share at quota | -0.05 | 0.2 | 0.1 | 4.0 | 3 to inf | 10 **missed** | 4.0 |" in text
    )
