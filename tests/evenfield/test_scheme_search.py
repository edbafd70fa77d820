"""Scheme design by search: candidates, weights that give way, the budget, the best and the frontier."""

import json

import numpy as np
import pandas as pd
import pytest

from evenfield.scheme_search import (
    OBJECTIVE,
    candidates_of,
    gaming,
    listed,
    read_range,
    search_schemes,
    usual_ranges,
)
from optimizer import todays_book
from scenarios import InputError, read
from scenarios.market import Effort
from scenarios.scheme import Bonus, Commission, Scheme, Tier
from simulation.paying.outlook import Outlook

STEEP = Scheme(
    elements={
        "commission": Commission(weight=0.6, tiers=(Tier(at=0, rate=1), Tier(at=1, rate=2))),
        "quarterly": Bonus(weight=0.3),
        "yearly": Bonus(weight=0.1, period="year"),
    }
)


@pytest.fixture(scope="module")
def towns():
    plain = read("two_towns")
    market = plain.market.model_copy(update={"effort": Effort(reference_commission=0.1)})
    return plain.replace(market=market)


def test_weights_that_are_not_varied_give_way_in_proportion():
    [(_, one)] = candidates_of(STEEP, [read_range("commission.weight=0.8", STEEP)])
    assert [element.weight for element in one.elements.values()] == pytest.approx([0.8, 0.15, 0.05])


def test_every_combination_is_a_candidate():
    ranges = [
        read_range("commission.tiers.2.rate=1.5,2,3", STEEP),
        read_range("commission.cap=1.2,none", STEEP),
    ]
    found = candidates_of(STEEP, ranges)
    assert len(found) == 6
    assert found[0][1].elements["commission"].tiers[1].rate == 1.5
    assert found[1][1].elements["commission"].cap is None


def test_without_ranges_the_commission_is_varied():
    assert [one.name for one in usual_ranges(STEEP)] == [
        "commission.tiers.2.rate",
        "commission.weight",
        "commission.cap",
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        "commision.cap=1,2",
        "commission.cap",
        "commission.cap=",
        "commission.tiers.9.rate=1",
        "commission.cup=1",
    ],
)
def test_what_cannot_be_varied_is_refused(wrong):
    with pytest.raises(InputError, match="--vary"):
        candidates_of(STEEP, [read_range(wrong, STEEP)])


def test_linear_pay_invites_nobody_to_move_deals_and_a_bonus_does():
    line = Outlook(np.array([]), np.array([0.1]), np.array([]))
    assert gaming([[line]]) == pytest.approx(0)
    bonus = Outlook(np.array([100.0]), np.array([0.1, 0.1]), np.array([10.0]))
    # Who is ten short takes ten from a quarter that is lost, or safe: one bonus of 10 on 20 that the quarter
    # pays.
    assert gaming([[bonus]]) == pytest.approx(0.5)


def test_a_search_finds_the_best_within_the_budget(towns):
    ranges = [read_range("commission.tiers.2.rate=1,2,4", STEEP)]
    plan = todays_book(towns)
    free = search_schemes(towns, plan, candidates_of(STEEP, ranges), most=64)
    table = free.candidates
    assert (table["within"] == "yes").all()
    assert table["best"].sum() == 1
    assert table["on_frontier"].any()
    assert (np.diff(table["pay"]) > 0).all()
    tight = search_schemes(
        towns, plan, candidates_of(STEEP, ranges), pay_budget=float(table["pay"][0]) * 1.001, most=64
    )
    assert tight.best == 0 or tight.candidates["within"][tight.best] == "unsure"
    none = search_schemes(towns, plan, candidates_of(STEEP, ranges), pay_budget=1.0, most=64)
    assert none.best is None
    assert not none.candidates["best"].any()


def test_candidates_are_listed_by_the_years_that_all_have():
    pay = {0: [10.0, 20.0], 1: [11.0, 21.0, 90.0, 90.0]}
    names = ("bookings", "pay", "pay_for_territory", "gaming", OBJECTIVE)
    tables = {n: pd.DataFrame(dict.fromkeys(names, values)) for n, values in pay.items()}
    table = listed([({"a.cap": n}, STEEP) for n in pay], tables, None, 1)
    assert list(table["years"]) == [2, 4]
    assert list(table["pay"]) == [15.0, 16.0]


def test_the_command_searches_and_saves(run, tmp_path):
    vary = ["--vary", "commission.cap=1.2,none", "--replications", "64", "--workers", "1"]
    named = ["--scheme", "straight-commission", "--search", *vary]
    code, out, _ = run("schemes", "two_towns", *named, "--json", "--out", str(tmp_path))
    assert code == 0
    words = json.loads(out)
    assert len(words["candidates"]) == 2
    assert words["best"]["elements"]["commission"]["kind"] == "commission"
    assert (tmp_path / "search.html").exists()
    code, _, err = run("schemes", "two_towns", "--scheme", "straight-commission", *vary)
    assert code == 2
    assert "--search" in err
