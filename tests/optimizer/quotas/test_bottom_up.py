"""The plan from below: customers' forecasts, commitments instead of them, whose part of the gap."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from optimizer.quotas.bottom_up import compare, customer_forecasts, from_below, roll_up
from optimizer.quotas.laws import fitted
from optimizer.quotas.tree import tree_of
from scenarios import InputError
from scenarios.building import build

PEOPLE, _ = tree_of(
    [("East", "Ann"), ("East", "Bob"), ("West", "Cleo"), ("West", "Dan")],
    ("company", "region", "rep"),
    "company",
)
HALVES = ("H1", "H2")
FORECAST = np.array([[50.0, 50], [20, 60], [30, 30], [40, 40]])  # 100, 80, 60, 80 a year
ASKED = np.array([[60.0, 60], [40, 40], [50, 50], [45, 45]])  # 120, 80, 100, 90


def committed(*rows):
    return pd.DataFrame(rows, columns=["node", "amount", "period"]).astype({"amount": "float64"})


NOBODY = committed()


def test_without_commitments_the_gap_is_that_of_the_reps():
    table = compare(PEOPLE, HALVES, ASKED, FORECAST, NOBODY).set_index("node")
    assert table["gap"].to_dict() == {
        "company": 70, "East": 20, "Ann": 20, "Bob": 0, "West": 50, "Cleo": 40, "Dan": 10,
    }  # fmt: skip
    assert table["part"].to_dict() == {
        "company": 0, "East": 0, "Ann": 20, "Bob": 0, "West": 0, "Cleo": 40, "Dan": 10,
    }  # fmt: skip
    assert table["rank"][["Cleo", "Ann", "Dan"]].tolist() == [1, 2, 3]
    assert table["share"]["Cleo"] == pytest.approx(4 / 7)
    assert table["of_gap"][["East", "West"]].tolist() == pytest.approx([2 / 7, 5 / 7])
    assert table["say"]["Cleo"] == "Cleo is asked for 40 more than promised"
    assert table["level"]["West"] == "region"


def test_a_manager_who_commits_to_less_has_a_part_of_his_own():
    rows = committed(("East", 150, ""), ("Cleo", 75, ""))
    table = compare(PEOPLE, HALVES, ASKED, FORECAST, rows).set_index("node")
    # Ann and Bob forecast 180, their manager commits to 150; Cleo commits to 75 instead of 60
    assert table["from_below"][["East", "Cleo", "West", "company"]].tolist() == [150, 75, 155, 305]
    assert table["part"][["East", "Ann", "Cleo", "Dan"]].tolist() == [30, 20, 25, 10]
    assert table["committed"]["East"] == 150
    assert np.isnan(table["committed"]["Ann"])
    assert table["say"]["East"] == "East commits to 30 less than those below promise"
    assert table["rank"]["East"] == 1


def test_a_year_scales_the_quarters_nobody_committed_to():
    rows = committed(("Bob", 30, "H1"), ("East", 260, ""), ("East", 100, "H1"))
    below = from_below(PEOPLE, HALVES, FORECAST, rows)
    assert below[PEOPLE.find("Bob", "")].tolist() == [30, 60]
    assert below[PEOPLE.find("East", "")].tolist() == [100, 160]
    assert below[0].tolist() == [170, 230]
    first = compare(PEOPLE, HALVES, ASKED, FORECAST, rows, "H1").set_index("node")
    assert first["gap"]["Bob"] == 10
    assert first["committed"]["East"] == 100
    # of H1, Ann and Bob promise 50 + 30 and East commits to 100
    assert first["part"]["East"] == -20


def test_something_out_of_nothing_is_spread_alike():
    below = from_below(PEOPLE, HALVES, FORECAST * 0, committed(("Ann", 40, "")))
    assert below[PEOPLE.find("Ann", "")].tolist() == [20, 20]


def test_all_that_is_wrong_with_commitments_is_said():
    rows = committed(("Zoe", 1, ""), ("Ann", 1, "H9"), ("Bob", 1, "H1"), ("East/Bob", 2, "H1"))
    with pytest.raises(InputError) as error:
        compare(PEOPLE, HALVES, ASKED, FORECAST, rows)
    places = [p.place for p in error.value.problems]
    assert places == [f"commitments.csv row {k}, {c}" for k, c in ((2, "node"), (3, "period"), (5, "node"))]
    contradicting = committed(
        ("Ann", 10, "H1"), ("Ann", 10, "H2"), ("Ann", 21, ""), ("Bob", 5, "H1"), ("Bob", 4, "")
    )
    with pytest.raises(InputError, match=r"add up to 20\.00, so its year cannot be 21\.00") as error:
        from_below(PEOPLE, HALVES, FORECAST, contradicting)
    assert len(error.value.problems) == 2
    with pytest.raises(InputError, match="name one of H1, H2"):
        compare(PEOPLE, HALVES, ASKED, FORECAST, NOBODY, "Q7")


@given(
    st.lists(st.floats(0, 100), min_size=8, max_size=8),
    st.dictionaries(st.sampled_from(PEOPLE.names), st.floats(0, 500), max_size=5),
)
def test_parts_add_up_to_the_gap_of_every_branch(asked, promises):
    rows = committed(*((name, amount, "") for name, amount in promises.items()))
    table = compare(PEOPLE, HALVES, np.array(asked).reshape(4, 2), FORECAST, rows)
    for node in range(len(PEOPLE)):
        below = [k for k in range(len(PEOPLE)) if PEOPLE.holds(node, k)]
        assert table["part"][below].sum() == pytest.approx(table["gap"][node], abs=0.05)
    assert sorted(table["rank"]) == list(range(1, 8))


def test_roll_up_adds_leaves():
    assert roll_up(PEOPLE, np.array([1.0, 2, 3, 4])).tolist() == [10, 3, 1, 2, 7, 3, 4]


def test_forecasts_by_customer_add_up_to_what_reps_expect(towns):
    towns.tables["reps"]["start"] = ["", "2026-07-01"]
    towns.settings["market"]["turnover"] = {"ramp_months": 0}
    scenario = build(towns)
    owner = pd.Series(["West", "West", "West", "East", "East", ""], index=scenario.customers.index)
    table = customer_forecasts(scenario, owner)
    assert len(table) == 7  # E1 and E2 are West's until July; E3 is nobody's
    east = table[(table["customer"] == "E2") & (table["rep"] == "East")]["forecast"]
    assert east.tolist() == pytest.approx([200 * 184 / 365])
    by_rep = table.groupby("rep")["forecast"].sum()[["West", "East"]]
    assert by_rep.to_numpy() == pytest.approx(fitted(scenario, owner).mean)
