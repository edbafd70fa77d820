"""Specialists beside the reps, on the two towns: who supports whom is settled with who serves whom."""

import contextlib
import copy
import itertools
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from optimizer.core.engines import assign
from optimizer.overlays import settling
from optimizer.overlays.settling import Joint
from optimizer.overlays.support import specialist_loads, supports
from optimizer.planning import optimize
from optimizer.rules import violations
from optimizer.score import duplicate_visits, loads, score
from scenarios import Change, InputError, NoPlanExists, NoPlanFoundInTime
from scenarios.building import build

# A specialist at home in the other town: 111.195 km at 50 km/h there and back, 4.448 h a visit at 1 an hour.
WAY = 2 * 111.195 / 50


def with_two_specialists(towns, hours="1000", **team):
    """Give each town a specialist who goes to every customer twice a year, an hour each."""
    towns.tables["reps"]["hours_per_year"] = "1000"
    towns.tables["specialists"] = pd.DataFrame(
        {
            "specialist": ["Sam", "Eva"],
            "overlay": ["Pumps"] * 2,
            "latitude": ["0", "0"],
            "longitude": ["0", "1"],
            "hours_per_year": [hours, hours],
            "pay": ["70", "80"],
        },
        dtype="str",
    )
    team = {"name": "Pumps", "visits_per_year": 2.0, "hours_per_visit": 1.0, **team}
    towns.settings["overlays"] = {"teams": [team]}
    return towns


def test_each_specialist_supports_the_rep_next_door(towns):
    scenario = build(with_two_specialists(towns))
    plan = optimize(scenario, gap=0.0)
    assert plan.owner.to_dict() == dict.fromkeys(("W1", "W2", "W3"), "West") | dict.fromkeys(
        ("E1", "E2", "E3"), "East"
    )
    assert plan.support["Pumps"].to_dict() == dict.fromkeys(("W1", "W2", "W3"), "Sam") | dict.fromkeys(
        ("E1", "E2", "E3"), "Eva"
    )
    assert violations(scenario, plan) == []
    assert plan.result.status == "optimal"
    loads = specialist_loads(scenario, plan.owner, plan.support)
    assert loads["hours"].tolist() == pytest.approx([6.0, 6.0])  # three customers, two visits of an hour
    assert loads["reps"].tolist() == [1, 1]
    assert loads["pay"].tolist() == [70, 80]


def test_a_rep_deals_with_one_specialist_even_where_ways_are_longer(towns):
    towns.tables["customers"]["owner"] = ["West", "West", "West", "East", "East", "West"]
    towns.tables["customers"]["lock"] = "true"  # West keeps a customer in East
    scenario = build(with_two_specialists(towns))
    plan = optimize(scenario, gap=0.0)
    assert plan.support.loc["E3", "Pumps"] == "Sam"
    # Two visits by Sam from the other town; Eva would have none of that way.
    assert score(scenario, plan.owner, plan.support).terms["specialists"] == pytest.approx(2 * WAY, abs=1e-3)
    each = build(with_two_specialists(towns, one_per="customer"))
    free = optimize(each, gap=0.0)
    assert free.support.loc["E3", "Pumps"] == "Eva"
    assert score(each, free.owner, free.support).terms["specialists"] == 0.0


def test_owners_follow_the_specialists_where_that_costs_less(towns):
    """Moving E3 loses little; that its specialist need not travel decides. Alone, the reps would leave it."""
    towns.settings["travel"]["cost_per_hour"] = 1.0
    customers = towns.tables["customers"]
    customers["owner"] = ["West", "West", "West", "East", "East", "West"]
    customers["potential"] = ["100", "100", "100", "100", "100", "2000"]  # moving E3 loses 100
    customers["visits_per_year"] = ["12", "12", "12", "12", "12", "0"]
    alone = optimize(build(towns), gap=0.0)
    assert alone.owner["E3"] == "West"  # no visits: staying costs nothing, moving 2,000 x .1 x .5 = 100
    scenario = build(with_two_specialists(towns, visits_per_year=20.0))
    plan = optimize(scenario, gap=0.0)
    # Eva saves Sam 20 trips of 4.448 hours: 89. So E3 stays; with 30 visits, 133, it moves.
    assert plan.owner["E3"] == "West"
    scenario = build(with_two_specialists(towns, visits_per_year=30.0))
    assert optimize(scenario, gap=0.0).owner["E3"] == "East"


def test_hours_of_specialists_are_hard(towns):
    scenario = build(with_two_specialists(towns, hours="6"))  # room for three customers at home, no more
    plan = optimize(scenario, gap=0.0)
    assert violations(scenario, plan) == []
    with pytest.raises(
        NoPlanExists, match=r"overlay Pumps: customers take at least 12 hours .* 10 are allowed"
    ):
        optimize(build(with_two_specialists(towns, hours="5")))
    with pytest.raises(NoPlanExists, match="overlay Pumps: 6 customers take at least 12 hours"):
        optimize(build(with_two_specialists(towns, hours="5", one_per="customer")))


def test_what_breaks_the_rules_of_an_overlay_is_said(towns):
    scenario = build(with_two_specialists(towns, hours="6", customers_at_most=3))
    plan = optimize(scenario, gap=0.0)
    plan.support.loc["E1", "Pumps"] = "Sam"
    plan.support.loc["E2", "Pumps"] = ""
    said = [str(v) for v in violations(scenario, plan)]
    assert said == [
        "overlay Pumps: 1 of 6 customers have no specialist: E2",
        "overlay Pumps: Sam needs 17 hours, 6 are allowed",  # 4 customers of 2 hours, 2 trips of 4.4
        "overlay Pumps: Sam supports 4 customers, 3 may be",
        "overlay Pumps: customers of rep East have 2 specialists (Eva, Sam), one is asked for",
    ]


def test_only_some_customers_are_supported_and_only_by_those_who_may(towns):
    towns.tables["customers"]["segment"] = ["Big", "Small", "Small", "Big", "Small", "Small"]
    towns.tables["customers"]["region"] = ["W", "W", "W", "E", "E", "E"]
    towns = with_two_specialists(
        towns,
        where={"segment": ["Big"]},
        eligibility=[{"customer": "region", "rep": "regions"}],
        one_per="customer",
    )
    towns.tables["specialists"]["regions"] = ["E", "W"]  # each in the other town
    plan = optimize(build(towns), gap=0.0)
    assert plan.support["Pumps"].to_dict() == {
        "W1": "Eva",
        "W2": "",
        "W3": "",
        "E1": "Sam",
        "E2": "",
        "E3": "",
    }
    towns.tables["specialists"]["regions"] = ["E", "E"]
    with pytest.raises(NoPlanExists, match="overlay Pumps: no specialist may support 1 customers: W1"):
        optimize(build(towns))


def test_visits_of_specialists_are_visits_a_rep_could_have_spared(towns):
    scenario = build(with_two_specialists(towns, visits_per_year=1.0, visits_share=0.25))
    plan = optimize(scenario, gap=0.0)
    assert duplicate_visits(scenario, plan.owner) == 0
    # Each of six customers sees its rep twelve times, and its specialist 1 + 12 / 4 times.
    assert duplicate_visits(scenario, plan.owner, plan.support) == 24


def test_specialists_make_good_what_reps_do_not_know(towns):
    towns.tables["products"] = pd.DataFrame({"product": ["p", "q"], "line": ["Pipes", "Quilts"]}, dtype="str")
    towns.settings["market"] |= {"order_values": {"Pipes": 50.0, "Quilts": 50.0}, "skill_gap": 0.2}
    towns.tables["order_lines"] = pd.DataFrame(
        {"order": ["1", "2", "3"], "product": ["p", "p", "p"], "amount": ["80", "120", "999"]}, dtype="str"
    )
    towns.tables["reps"]["skills"] = "Quilts"
    without = build(towns)
    scenario = build(with_two_specialists(towns, lines=["Pipes"], makes_good=0.75))
    lost = score(without, without.customers["owner"]).terms["fit"]
    assert lost > 0
    assert score(scenario, scenario.customers["owner"]).terms["fit"] == pytest.approx(lost / 4)


def test_a_what_if_takes_the_overlay_out(towns):
    plain = optimize(build(towns), gap=0.0)
    scenario = build(with_two_specialists(towns))
    towns.tables.pop("specialists")
    towns.settings.pop("overlays")
    change = Change.model_validate({"name": "x", "title": "X", "set": {"overlays": {"teams": []}}})
    gone = optimize(change.apply(scenario), gap=0.0)
    assert list(gone.support.columns) == []
    assert gone.owner.to_dict() == plain.owner.to_dict()


def test_goals_in_strict_order_and_overlays_do_not_go_together(towns):
    towns.settings["rules"] = {"objective": "priority", "priority": ["moves"]}
    with pytest.raises(InputError, match=r"rules\.objective: specialists are planned by cost"):
        optimize(build(with_two_specialists(towns)))


def best_by_brute_force(scenario):
    """Try every owner of every customer and every specialist of every rep."""
    part = supports(scenario)[0]
    reps, people = list(scenario.reps.index), list(part.people)
    best = float("inf")
    for owners in itertools.product(reps, repeat=len(scenario.customers)):
        owner = pd.Series(owners, scenario.customers.index)
        for chosen in itertools.product(people, repeat=len(reps)):
            support = pd.DataFrame({"Pumps": owner.map(dict(zip(reps, chosen, strict=True)))})
            plan_like = PlanLike(owner, support)
            if not violations_of_books(scenario, plan_like):
                best = min(best, score(scenario, owner, support).objective)
    return best


class PlanLike:
    """What the rules of books look at."""

    def __init__(self, owner, support):
        self.owner, self.support = owner, support


def violations_of_books(scenario, plan):
    hours = specialist_loads(scenario, plan.owner, plan.support)
    if (hours["hours"] > hours["capacity_hours"] + 1e-6).any():
        return True
    mine = loads(scenario, plan.owner)
    return bool((mine["hours"] > mine["capacity_hours"] + 1e-6).any())


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.integers(1, 40), min_size=4, max_size=4),
    st.lists(st.floats(-1, 2), min_size=4, max_size=4),
    st.integers(18, 60),
)
def test_no_plan_is_better_than_the_one_found(towns, potentials, places, hours):
    """Four customers and two reps with two specialists: 16 x 4 plans, all looked at."""
    world = copy.deepcopy(towns)
    customers = world.tables["customers"].iloc[:4].copy()
    customers["potential"] = [str(50 * p) for p in potentials]
    customers["longitude"] = [f"{p:.3f}" for p in places]
    world.tables["customers"] = customers
    world.tables["history"] = world.tables["history"]
    scenario = build(with_two_specialists(world, hours=str(hours), visits_per_year=3.0))
    best = best_by_brute_force(scenario)
    if best == float("inf"):
        with pytest.raises(NoPlanExists):
            optimize(scenario, gap=0.0)
        return
    plan = optimize(scenario, gap=0.0)
    assert plan.result.objective == pytest.approx(best, rel=1e-6, abs=1e-4)
    assert score(scenario, plan.owner, plan.support).objective == pytest.approx(best, rel=1e-6, abs=1e-4)
    assert plan.result.bound == pytest.approx(best, rel=1e-4, abs=1e-2)


def test_a_large_company_is_planned_by_turns_with_the_bound_of_its_reps(towns, monkeypatch):
    scenario = build(with_two_specialists(towns, visits_per_year=30.0))
    best = optimize(scenario, gap=0.0)
    monkeypatch.setattr("optimizer.overlays.settling.MOST_COPIES", 0)
    turns = optimize(scenario, gap=0.0)
    assert violations(scenario, turns) == []
    assert turns.result.bound <= best.result.objective + 1e-6
    assert turns.result.objective >= best.result.objective - 1e-6


def test_specialists_of_a_region_and_two_overlays_at_once(towns):
    towns.tables["reps"]["team"] = "Both"
    towns = with_two_specialists(towns, one_per="team", visits_per_year=1.0)
    people = towns.tables["specialists"]
    towns.tables["specialists"] = pd.concat(
        [people, people.assign(specialist=["Tom", "Ina"], overlay="Valves")], ignore_index=True
    )
    towns.settings["overlays"]["teams"].append({"name": "Valves", "visits_per_year": 1.0})
    scenario = build(towns)
    plan = optimize(scenario, gap=0.0)
    assert len(set(plan.support["Pumps"])) == 1  # the whole team deals with one of them
    assert plan.support["Valves"].tolist() == ["Tom"] * 3 + ["Ina"] * 3
    # Three customers are visited once from the other town.
    terms = score(scenario, plan.owner, plan.support).terms
    assert terms["specialists"] == pytest.approx(3 * WAY, abs=1e-3)
    assert plan.result.objective == pytest.approx(3 * WAY, abs=1e-3)
    assert plan.result.bound == pytest.approx(3 * WAY, rel=1e-4)
    assert violations(scenario, plan) == []


@pytest.fixture
def scattered(towns):
    """Give two specialists short of hours, so that more than one settlement has to be looked at."""
    customers = towns.tables["customers"]
    customers["potential"] = ["1400", "100", "450", "1500", "1100", "1850"]
    customers["longitude"] = ["-0.8", "1.0", "0.1", "0.8", "1.0", "1.0"]
    return build(with_two_specialists(towns, hours="48", visits_per_year=3.0))


def stop_at_call(monkeypatch, name, number):
    """Have people ask to stop in the middle of the call of that number."""
    plain, calls = getattr(Joint, name), itertools.count(1)

    def stopped(self, *given):
        if next(calls) == number:
            raise KeyboardInterrupt
        return plain(self, *given)

    monkeypatch.setattr(Joint, name, stopped)


@pytest.mark.parametrize(
    ("name", "number"), [*(("_bound", n) for n in range(2, 6)), *(("_evaluate", n) for n in (1, 2, 3))]
)
def test_a_bound_holds_whenever_people_ask_to_stop(scattered, monkeypatch, name, number):
    best = optimize(scattered, gap=0.0).result.objective
    stop_at_call(monkeypatch, name, number)
    try:
        stopped = optimize(scattered, gap=0.0)
    except NoPlanFoundInTime:
        assert (name, number) == ("_evaluate", 1)  # before there was any plan
        return
    assert stopped.result.bound <= best + 1e-4 * abs(best)
    assert violations(scattered, stopped) == []


@pytest.mark.parametrize("number", range(2, 6))
def test_who_stops_early_is_not_told_that_no_plan_exists(scattered, monkeypatch, number):
    """Specialists who follow the books find nothing here, and the branches are stopped before a plan."""
    monkeypatch.setattr(Joint, "_follow", lambda *_: float("inf"))
    stop_at_call(monkeypatch, "_bound", number)
    with contextlib.suppress(NoPlanFoundInTime):
        assert violations(scattered, optimize(scattered, gap=0.0)) == []


def test_an_interrupt_while_books_are_planned_ends_the_search(scattered, monkeypatch):
    asked = []

    def interrupted(problem, **options):
        asked.append(problem)
        return replace(assign(problem, **options), status="interrupted", bound=-float("inf"))

    full = optimize(scattered, gap=0.0).result
    monkeypatch.setattr(settling, "assign", interrupted)
    monkeypatch.setattr(settling, "shared_out", shared_out_without_stopping(settling.shared_out, monkeypatch))
    result = optimize(scattered, gap=0.0).result
    assert result.status == "interrupted"
    assert len(asked) == 1
    assert 0 <= result.bound <= full.objective + 1e-6  # the reps' plan alone costs nothing less


def shared_out_without_stopping(plain, monkeypatch):
    def shared(*given):
        with monkeypatch.context() as inner:
            inner.setattr(settling, "assign", assign)
            return plain(*given)

    return shared


def test_a_settlement_without_a_plan_in_time_keeps_the_bound_of_its_branch(scattered, monkeypatch):
    full = optimize(scattered, gap=0.0).result
    plain, calls = assign, itertools.count(1)

    def none_in_time(problem, **options):
        if problem.units == len(scattered.customers) and next(calls) == 1:
            raise NoPlanFoundInTime("no plan found in 1.0 seconds")
        return plain(problem, **options)

    monkeypatch.setattr(settling, "assign", none_in_time)
    result = optimize(scattered, gap=0.0).result
    assert next(calls) > 2
    assert 0 <= result.bound <= full.objective + 1e-6
