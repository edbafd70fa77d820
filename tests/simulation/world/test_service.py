"""Seats, and who serves whom: first, from some day on, and perhaps."""

import numpy as np
import pytest

from scenarios import InputError
from simulation.world.service import hands_of, seats_of

OWNED = {"Ames": {"owner": "ann"}, "Boone": {"owner": "bob"}, "Clive": {}}
ANN, BOB, HOUSE = 0, 1, 2


@pytest.fixture
def served(company, plan_for):
    def serve(reps=("ann", "bob"), owner=None, customers=OWNED, market=None, **others):
        scenario = company(customers, reps, market, **others)
        return hands_of(scenario, plan_for(scenario, owner), seats_of(scenario))

    return serve


def test_todays_book_has_lost_nobody_anything(served):
    hands = served(market={"relationship_risk": 0.3})
    assert hands.seat.tolist() == [[ANN, ANN], [BOB, BOB], [HOUSE, HOUSE]]
    assert not hands.loss.any()
    assert len(hands.day) == 0


def test_a_customer_has_something_to_lose_if_somebody_else_had_it(served):
    hands = served(owner={"Ames": "bob", "Clive": "bob"}, market={"relationship_risk": 0.3})
    assert hands.loss.tolist() == [[0.3, 0.3], [0, 0], [0, 0]]


def test_until_a_new_rep_starts_customers_stay_with_todays_owner(served):
    reps = {"ann": {}, "bob": {}, "cleo": {"start": "2026-07-01"}}
    hands = served(reps, {"Ames": "cleo", "Clive": "cleo"}, market={"relationship_risk": 0.3})
    assert hands.seat.tolist() == [[ANN, 2], [BOB, BOB], [2, 2]]
    # 31 + 28 + 31 + 30 + 31 + 30
    assert [c.tolist() for c in (hands.day, hands.customer, hands.hand)] == [[181], [0], [1]]
    assert hands.loss.tolist() == [[0, 0.3], [0, 0], [0, 0]]
    both = np.array([0, 1])
    assert [hands.at(both, day).tolist() for day in (180.9, 181.0)] == [[0, 0], [1, 0]]


def test_dated_moves_follow_in_order_of_days(served):
    moves = [("2026-05-01", "Boone", "ann"), ("2026-03-01", "Boone", "bob"), ("2026-02-01", "Ames", "bob")]
    hands = served(moves=moves, market={"relationship_risk": 0.3})
    assert hands.day.tolist() == [31, 59, 120]
    seats = hands.seat[hands.customer, hands.hand]
    assert list(zip(hands.customer.tolist(), seats.tolist(), strict=True)) == [(0, BOB), (1, BOB), (1, ANN)]
    assert hands.loss[hands.customer, hands.hand].tolist() == [0.3, 0, 0.3]  # back to bob costs nothing


def test_colleagues_of_the_team_may_take_over_and_the_nearest_of_all_where_there_are_none(served):
    # Four colleagues a degree apart; the three nearest may take over, or those of the team alone.
    places = {"bob": 1, "cleo": 2, "dan": 3, "eve": 4}
    reps = {"ann": {}, **{rep: {"longitude": longitude} for rep, longitude in places.items()}}
    turnover = {"turnover": {"reassign": True}}
    alone = served(reps, customers={"Ames": {"owner": "ann"}}, market=turnover)
    assert alone.seat[0, alone.alternates :].tolist() == [1, 2, 3]
    for rep in ("ann", "dan", "eve"):
        reps[rep] = {**reps[rep], "team": "north"}
    team = served(reps, customers={"Ames": {"owner": "ann"}}, market=turnover)
    assert team.seat[0, team.alternates :].tolist() == [3, 4, 5]  # 5: nobody


def test_without_reassigning_nobody_else_may_take_over(served):
    hands = served()
    assert hands.alternates == hands.seat.shape[1]


def test_a_visit_takes_the_road_of_whoever_serves(served):
    # A degree of the equator is 111.195 km: there and back, roads 1.25 as long, 60 km/h, nobody on the way.
    hands = served(customers={**OWNED, "Ames": {"owner": "ann", "longitude": 1}})
    assert hands.road_hours[0] == pytest.approx([2 * 111.195 * 1.25 / 60] * 2, abs=1e-4)
    assert hands.road_hours[1:].tolist() == [[0, 0], [0, 0]]


def test_who_lacks_a_skill_sells_less_of_the_line(served):
    # Ann names no skill and masters all; bob masters nuts; where nobody serves, nobody lacks anything.
    market = {"order_values": {"Bolts": 50.0, "Nuts": 200.0}, "skill_gap": 0.2}
    hands = served({"ann": {}, "bob": {"skills": "Nuts"}}, market=market, lines=("Bolts", "Nuts"))
    assert hands.skill[:, 1].tolist() == [[1, 1], [0.8, 1], [1, 1]]


def test_less_is_at_stake_with_a_young_relationship_a_colleague_and_more_with_somebody_new(served):
    # Of a risk of .4: two years of four are half of it; within the team a half again; somebody new costs 1.5.
    since = {"Ames": {"owner": "ann", "owner_since": "2023-12-31"}, "Boone": {"owner": "ann"}}
    beliefs = {"full_after_years": 4.0, "same_team": 0.5, "new_hire": 1.5}
    market = {"relationship_risk": 0.4, "relationships": beliefs}
    reps = {"ann": {"team": "x"}, "bob": {"team": "x"}, "new": {"start": "2026-02-01"}}
    half = 732 / 365.25 / 4
    to_bob = served(reps, {"Ames": "bob", "Boone": "bob"}, since, market)
    assert to_bob.loss[:, 1] == pytest.approx([0.4 * half * 0.5, 0.4 * 0.5])
    to_new = served(reps, {"Ames": "new", "Boone": "new"}, since, market)
    assert to_new.loss[:, 1] == pytest.approx([0.4 * half * 1.5, 0.4 * 1.5])
    assert to_bob.new_hire_loss == pytest.approx([0.4 * half * 1.5 * 0.5, 0.4 * 1.5 * 0.5])


def test_the_ramp_depends_on_the_seniority_of_the_seat(company):
    turnover = {"ramp_months": 4.0, "ramp_months_by_seniority": {"junior": 8.0, "senior": 2.0}}
    reps = {rep: {"seniority": rep} for rep in ("junior", "middle", "senior")}
    seats = seats_of(company(["Ames"], reps, {"turnover": turnover}))
    assert seats.ramp_days[:-1] == pytest.approx([8 * 365.25 / 12, 4 * 365.25 / 12, 2 * 365.25 / 12])


def test_a_plan_for_another_company_is_refused_with_all_its_problems(company, plan_for):
    scenario = company(OWNED, ["ann", "bob"])
    plan = plan_for(company({"Ames": {"owner": "zoe"}, "Boone": {}}, ["ann", "zoe"]))
    with pytest.raises(InputError) as refused:
        hands_of(scenario, plan, seats_of(scenario))
    assert [p.value for p in refused.value.problems] == ["Clive", "zoe", "bob"]
