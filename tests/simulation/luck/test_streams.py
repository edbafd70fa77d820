"""Where demand comes from."""

import numpy as np
import pytest

from scenarios.structure import split_by_line
from simulation.luck.fate import draw
from simulation.luck.streams import streams_of
from simulation.world.world import world_of

LINES = {"order_values": {"Bolts": 50.0, "Nuts": 200.0}}


def test_a_stream_brings_the_customers_potential(company):
    # 1,000 a year in orders of 100, every second opportunity won: 20 opportunities.
    streams = streams_of(company({"Ames": {}}, ["ann"]))
    assert streams.yearly.tolist() == [20]
    assert streams.amount.tolist() == [100]


def test_growth_is_a_factor_on_customers_but_not_on_newcomers(company):
    market = {"growth": 0.1, "new_customers_per_year": 3.0, "new_customer_value": 70.0}
    streams = streams_of(company(["Ames", "Boone"], ["ann"], market))
    assert streams.growth.tolist() == [1.1, 1.0, 1.1, 1.0]
    assert streams.is_new.tolist() == [False, True, False, True]
    # 3 newcomers a year near 2 customers, every second prospect won: 3 prospects a year near each.
    assert streams.yearly[1::2].tolist() == [3, 3]
    assert streams.amount[1::2].tolist() == [70, 70]


def test_without_a_past_lines_share_evenly(company):
    streams = streams_of(company(["Ames"], ["ann"], LINES, lines=("Bolts", "Nuts")))
    # 500 in orders of 50 and of 200; every second one won.
    assert streams.yearly.tolist() == [20, 5]


def test_splitting_a_customer_by_line_keeps_its_streams(company):
    market = {**LINES, "new_customers_per_year": 3.0, "new_customer_value": 70.0}
    whole = company({"Ames": {}, "Boone": {"potential": 400}}, ["ann"], market, lines=("Bolts", "Nuts"))
    before, after = streams_of(whole), streams_of(split_by_line(whole))
    assert sorted(before.ids.tolist()) == sorted(after.ids.tolist())
    rates = dict(zip(after.ids.tolist(), after.yearly.tolist(), strict=True))
    assert [rates[i] for i in before.ids.tolist()] == pytest.approx(before.yearly.tolist())


def test_rows_in_another_order_have_the_same_streams(company):
    one, other = (streams_of(company(names, ["ann"])) for names in (["Ames", "Boone"], ["Boone", "Ames"]))
    assert one.ids.tolist() == other.ids.tolist()[::-1]


def test_a_customer_without_potential_has_no_stream(company):
    assert len(streams_of(company({"Ames": {"potential": 0}, "Boone": {}}, ["ann"])).ids) == 1


def test_newcomers_come_even_where_nobody_has_potential(company):
    market = {"new_customers_per_year": 3.0, "new_customer_value": 70.0}
    streams = streams_of(company({"Ames": {"potential": 0}, "Boone": {"potential": 0}}, ["ann"], market))
    assert np.allclose(streams.yearly, 3)


def test_one_customer_more_leaves_fewer_newcomers_near_each_and_those_the_same(company, plan_for):
    # 120 newcomers a year are 60 near each of 2 customers, 40 near each of 3; every second prospect is won.
    market = {"new_customers_per_year": 120.0, "new_customer_value": 70.0, "order_value_cv": 1.0}
    years = []
    for names in (["Ames", "Boone"], ["Ames", "Boone", "Clive"]):
        scenario = company({name: {"potential": 0, "owner": "ann"} for name in names}, ["ann"], market)
        world = world_of(scenario, plan_for(scenario))
        assert world.streams.yearly.tolist() == pytest.approx([240 / len(names)] * len(names))
        years.append(draw(world, 1, 0).opportunities)
    before, after = (_near_ames(year) for year in years)
    assert after < before
    assert len(after) / len(before) == pytest.approx(2 / 3, abs=0.2)


def _near_ames(deals):
    near = slice(deals.first[0], deals.first[1])
    return set(zip(deals.arises[near].tolist(), deals.amount[near].tolist(), strict=True))
