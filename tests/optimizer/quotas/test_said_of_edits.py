"""What people are told of edits: totals that could not be held, lines nobody there may sell, what is left.

The year's target of the two towns is 1,200: West 540 and East 660.
"""

import numpy as np
import pandas as pd
import pytest

from optimizer.quotas import apply_edits, make_quotas
from optimizer.quotas.departure import Model
from optimizer.quotas.feasibility import fits, shortfall
from optimizer.quotas.totals import Total, Totals
from scenarios.building import build
from scenarios.quota_edits import QuotaEdits

HOME = ["West", "West", "West", "East", "East", "East"]


def made(edits):
    return QuotaEdits.model_validate(edits).named()


def quotas(source, edits):
    scenario = build(source)
    return make_quotas(scenario, pd.Series(HOME, index=scenario.customers.index), made(edits))


def test_a_total_that_could_not_be_held_is_known(company):
    # 3,500 for 2,800 would be 1,500 for the East, which takes 10 % more only: 1,320
    limits = [{"node": name, "most_change": 0.1} for name in ("Ann", "Bob")]
    found = apply_edits(company, made({"pin": [{"node": "Company", "amount": 3500}], "limit": limits}))
    assert {company.people.names[node]: units for node, units in found.given_up.items()} == {"East": -180}
    assert found.cube.total(company.people.find("East", "")) == 1320
    alone = apply_edits(company, made({"pin": [{"node": "Company", "amount": 3000}]}))
    assert not alone.given_up


def test_a_total_that_could_not_be_held_is_a_notice(towns):
    towns.tables["reps"]["region"] = ["W", "E"]
    towns.settings["quotas"] = {"hierarchy": ["region"]}
    pins = [{"node": "Company", "amount": 1500}]
    found = quotas(towns, {"pin": pins, "limit": [{"node": "West", "most": 600}]})
    notice = found.notices.set_index("kind").loc["not held"]
    # 1,500 for 1,200 would be 675 for the West
    assert (notice["node"], notice["amount"]) == ("W", 75)
    assert notice["words"].startswith("less than edits above it leave")


@pytest.mark.parametrize(("skills", "told"), [("Y", [("East", "X", 40)]), ("X", [])])
def test_a_transfer_of_a_line_the_taker_may_not_sell_is_a_notice(towns, skills, told):
    # only X was ever bought, so what West gives is X
    towns.tables["products"] = pd.DataFrame({"product": ["x", "y"], "line": ["X", "Y"]})
    orders = towns.tables["history"]
    towns.tables["order_lines"] = pd.DataFrame(
        {"order": orders["order"], "product": "x", "amount": orders["amount"]}
    )
    towns.settings["market"]["order_values"] = {"X": 10.0, "Y": 10.0}
    blend = {"history": 1.0}
    towns.settings["quotas"] = {"lines": "product_line", "blend": blend, "entitled_by_skills": True}
    towns.tables["reps"]["skills"] = ["", skills]
    found = quotas(towns, {"transfer": [{"from": "West", "to": "East", "amount": 40}]})
    listed = found.notices[found.notices["kind"] == "not entitled"]
    assert list(listed[["node", "line", "amount"]].itertuples(index=False, name=None)) == told


@pytest.mark.parametrize("skills", ["Y", ""])
def test_a_new_hire_has_no_quota_of_a_line_he_or_she_may_not_sell(towns, skills):
    towns.tables["products"] = pd.DataFrame({"product": ["x", "y"], "line": ["X", "Y"]})
    towns.settings["market"]["order_values"] = {"X": 10.0, "Y": 10.0}
    towns.settings["quotas"] = {"lines": "product_line", "entitled_by_skills": True, "new_hires": 0.5}
    start = str(build(towns).year.start)
    towns.tables["reps"]["skills"], towns.tables["reps"]["start"] = ["", skills], ["", start]
    found = quotas(towns, {})
    of_x = found.cube.of_node(found.cube.people.find("East", ""))[0].sum()
    assert (of_x > 0) == (skills == "")


def test_who_has_no_driver_but_a_pin_has_a_quota_and_no_notice(towns):
    scenario = build(towns)
    owner = pd.Series("West", index=scenario.customers.index)
    nothing = make_quotas(scenario, owner, {})
    assert "zero driver" in set(nothing.notices["kind"])
    pinned = make_quotas(scenario, owner, made({"pin": [{"node": "East", "amount": 100}]}))
    assert pinned.cube.by_leaf(0).iloc[:, 0]["East"] == 100
    assert "zero driver" not in set(pinned.notices["kind"])


def test_what_edits_do_together_is_the_rest(towns):
    # each of two alike does nothing beside the other; together they bring West from 540 to 600
    twice = {"limit": [{"node": "West", "least": 600}, {"node": "West", "least": 600, "name": "again"}]}
    why = quotas(towns, twice).why("West")
    assert (why.edits, why.together, why.base) == ({}, 60, 600)
    why = quotas(towns, {"limit": twice["limit"][:1]}).why("East")
    assert (why.edits, why.together, why.base) == ({"limit 1": -60}, 0, 600)


@pytest.mark.parametrize(("asked", "fit"), [(12.0, True), (13.0, False)])
def test_limits_fit_or_give_what_is_too_much(asked, fit):
    def total(people, units):
        limit = np.array([units])
        return Total(np.array(people), np.ones((1, 1), dtype=bool), limit, limit, each=False)

    # two people of at most 6 each; 12 is all there is
    base = np.full((2, 1, 1), 5.0)
    totals = Totals((total([True, True], asked),), base.shape)
    model = Model(base, 0 * base, base + 1, totals)
    assert fits(model) is fit
    assert shortfall(model).tolist() == [12.0 - asked]
    assert shortfall(model, np.zeros(1, dtype=bool)) is None or fit
