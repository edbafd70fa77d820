"""What all are to have together, what edits do to others, shares and growth of parts, and padded pins.

The year's target of the two towns is 1,200: West 540 and East 660.
"""

import numpy as np
import pandas as pd
import pytest

from optimizer.quotas import make_quotas
from optimizer.quotas.padding import padded_units
from optimizer.quotas.reconciling import unreconciled
from scenarios import NoPlanExists
from scenarios.building import build
from scenarios.quota_edits import QuotaEdits

HOME = ["West", "West", "West", "East", "East", "East"]


def quotas(source, edits=None, **settings):
    source.tables["reps"]["region"] = "all"
    source.settings["quotas"] = {"hierarchy": ["region"]} | settings
    scenario = build(source)
    made = QuotaEdits.model_validate(edits or {}).named()
    return make_quotas(scenario, pd.Series(HOME, index=scenario.customers.index), made)


def loose(kind, node="West", **edit):
    return {kind: [{"node": node, "absorb": "nobody", **edit}]}


ALL_1300 = {"node": "all", "amount": 1300, "absorb": "nobody"}
WEST_600 = {"node": "West", "amount": 600, "absorb": "nobody"}


@pytest.mark.parametrize(
    ("edits", "asked"),
    [
        # a pin inside a pin, none of which anybody makes up for: 100 beyond 1,200, not 100 + 60
        ({"pin": [ALL_1300, WEST_600]}, 1300),
        ({"pin": [WEST_600, WEST_600 | {"name": "again"}]}, 1260),
        ({"limit": [{"node": "Company", "least": 1300}, ALL_1300 | {"least": 1250}]}, 1300),
        (loose("limit", most=10_000) | {"pin": [{"node": "East", "amount": 700}]}, 1200),
        (loose("limit", most=10_000) | {"pin": [{"node": "Company", "amount": 1500}]}, 1500),
        (loose("limit", most=10_000) | {"transfer": [{"from": "West", "to": "East", "amount": 40}]}, 1200),
        (loose("limit", least=600) | {"pin": [{"node": "East", "amount": 650}]}, 1260),
        ({"gate": [{"node": "West", "rest": "strand"}], "pin": [ALL_1300 | {"amount": 1000}]}, 1000),
    ],
)
def test_what_all_are_to_have_counts_once_what_nobody_makes_up_for(towns, edits, asked):
    for pin in edits.get("limit", []):
        pin.pop("amount", None)
    found = quotas(towns, edits)
    assert (found.asked, found.edited.wanted, unreconciled(found.checks)) == (asked, asked, 0)
    beyond = found.notices.set_index("kind")["amount"].get("beyond the target", 0.0)
    assert beyond == max(0, asked - 1200)


def test_the_proof_finds_a_company_that_lost_money(towns):
    found = quotas(towns, {"pin": [WEST_600]})
    found.cube.units[0, 0, 0] -= 1
    assert found.checks.loc[~found.checks["ok"], "node"].tolist() == ["Company"]


def test_what_is_stranded_twice_is_said_once(towns):
    gates = [{"node": "West", "rest": "strand"}, {"node": "all", "periods": ["Q1"], "rest": "strand"}]
    found = quotas(towns, {"gate": gates})
    # West's 540, and of the quarter's 300 the 165 of East
    assert found.notices["amount"].tolist() == [540, 165]
    assert found.unassigned == 705


def test_a_padded_pin_that_nobody_makes_up_for_counts_as_base(towns):
    pin = WEST_600 | {"amount": 660, "basis": "padded"}
    found = quotas(towns, {"pin": [pin]}, padding={"rep": 0.1})
    # 660 padded is 600, 60 more than West's 540
    assert (found.asked, unreconciled(found.checks)) == (1260, 0)
    assert found.notices["amount"].tolist() == [60]


def test_what_an_edit_does_to_others_leaves_out_whom_it_is_about(towns):
    effect = quotas(towns, {"pin": [{"node": "West", "amount": 600}]}).effects().iloc[0]
    assert (effect["moves"], effect["most"], effect["by"]) == (60, "East", -60)


def test_a_largest_change_is_rounded_down(towns):
    found = quotas(towns, {"limit": [{"node": "East", "most_change": -0.001}]})
    # 660 less .1 % is 659.34
    assert found.cube.total(found.cube.people.find("East", "")) == 659


# padded pins


def test_padded_pins_that_overlap_are_met_together(towns):
    pins = [{"node": "West", "amount": 605}, {"node": "West", "amount": 150, "periods": ["Q1"]}]
    found = quotas(towns, {"pin": [pin | {"basis": "padded"} for pin in pins]}, padding={"rep": 0.1})
    west = found.padded[found.cube.people.find("West", "")].sum(axis=0)
    assert (west.sum(), west[0], unreconciled(found.checks)) == (605, 150, 0)


def test_padded_pins_that_cannot_be_met_together_are_refused(company):
    factor = np.full(len(company.people), 3.0)
    ann, everything = company.people.find("Ann", ""), np.ones((2, 2), dtype=bool)
    first = np.array([[True, True], [False, False]])
    pins = [(everything, 1000), (first, 500), (~first, 499)]
    exact = {(ann, cells.tobytes()): (cells, units) for cells, units in pins}
    with pytest.raises(NoPlanExists, match="meet all pins of Ann in the padded layer"):
        padded_units(company, factor, exact)


# targets of parts


@pytest.mark.parametrize("amount", [1000, 1001, 1002, 1003])
def test_four_quarters_of_a_quarter_each_are_any_target(towns, amount):
    parts = [{"period": f"Q{k}", "share": 0.25} for k in (1, 2, 3, 4)]
    towns.settings["target"] = {"amount": float(amount), "parts": parts}
    found = quotas(towns)
    by_quarter = found.cube.by_leaf(1).sum()
    assert by_quarter.sum() == found.asked == amount
    assert (abs(by_quarter - amount / 4) < 1).all()
    assert unreconciled(found.checks) == 0


def growing(towns, parts):
    towns.tables["reps"]["start"] = ["", "2026-07-01"]
    towns.tables["customers"]["owner"] = HOME
    towns.settings["target"] = {"growth": 0.2, "parts": parts}
    return quotas(towns)


def test_growth_of_a_part_is_growth_on_all_that_its_customers_bought(towns):
    # East's customers bought for 120, whoever serves them from when on
    found = growing(towns, [{"node": "East", "growth": 0.2}])
    assert found.plan.demands["target of East"] == 144
    assert found.cube.total(found.cube.people.find("East", "")) == 144


def test_a_company_and_its_parts_can_grow_alike(towns):
    found = growing(towns, [{"node": "West", "growth": 0.2}, {"node": "East", "growth": 0.2}])
    assert found.cube.by_leaf(0).iloc[:, 0].to_dict() == {"West": 96, "East": 144}


def test_odds_are_made_fair_under_growth_of_a_part(towns):
    towns.tables["customers"]["owner"] = HOME
    towns.settings["target"] = {"amount": 1200.0, "parts": [{"node": "East", "growth": 4.0}]}
    found = quotas(towns, blend={"odds": 1.0})
    # East's 120 five times
    assert found.plan.base.shares.sum(axis=(1, 2)).tolist() == pytest.approx([0.5, 0.5], abs=1e-3)


def test_targets_of_parts_that_clash_come_with_ways_out(towns):
    parts = [{"node": "West", "amount": 900.0}, {"node": "East", "amount": 500.0}]
    towns.settings["target"] = {"amount": 1200.0, "parts": [*parts, {"period": "Q1", "share": 0.3}]}
    with pytest.raises(NoPlanExists) as refused:
        quotas(towns)
    # 900 and 500 are 1,400; each way leaves the others as they are
    assert list(refused.value.reasons)[1:] == [
        "way out: target of the company: 1,400 instead of 1,200",
        "way out: target of West: 700 instead of 900",
        "way out: target of East: 300 instead of 500",
    ]
