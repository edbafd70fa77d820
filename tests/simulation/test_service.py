"""Who serves whom, and until when."""

import pytest

from scenarios import InputError
from simulation.service import seats_of, service_of

OWNED = {"Ames": {"owner": "ann"}, "Boone": {"owner": "bob"}, "Clive": {}}
ANN, BOB, HOUSE = 0, 1, 2


def served(company, plan_for, reps, owner=None, customers=OWNED):
    scenario = company(customers, reps)
    return service_of(scenario, plan_for(scenario, owner), seats_of(scenario))


def test_todays_book_has_moved_nobody(company, plan_for):
    service = served(company, plan_for, ["ann", "bob"])
    assert service.seat.tolist() == [[ANN, ANN], [BOB, BOB], [HOUSE, HOUSE]]
    assert not service.moved.any()
    assert service.from_day.tolist() == [0, 0, 0]


def test_a_customer_has_moved_if_somebody_else_had_it(company, plan_for):
    service = served(company, plan_for, ["ann", "bob"], {"Ames": "bob", "Clive": "bob"})
    assert service.moved.tolist() == [[True, True], [False, False], [False, False]]


def test_until_a_new_rep_starts_customers_stay_with_todays_owner(company, plan_for):
    reps = {"ann": {}, "bob": {}, "cleo": {"start": "2026-07-01"}}
    service = served(company, plan_for, reps, {"Ames": "cleo", "Clive": "cleo"})
    assert service.seat.tolist() == [[ANN, 2], [BOB, BOB], [2, 2]]
    assert service.from_day.tolist() == [181, 0, 0]  # 31 + 28 + 31 + 30 + 31 + 30
    assert service.moved.tolist() == [[False, True], [False, False], [False, False]]


def test_a_visit_takes_the_call_and_the_travel_of_whoever_serves(company, plan_for):
    # A degree of the equator is 111.195 km: there and back, roads 1.25 as long, 60 km/h, nobody on the way.
    far = {**OWNED, "Ames": {"owner": "ann", "longitude": 1, "hours_per_visit": 0.5}}
    service = served(company, plan_for, ["ann", "bob"], customers=far)
    assert service.visit_hours[0] == pytest.approx([0.5 + 2 * 111.195 * 1.25 / 60] * 2, abs=1e-4)
    assert service.visit_hours[1].tolist() == [1, 1]


def test_who_lacks_a_skill_sells_less_of_the_line(company, plan_for):
    # Ann names no skill and masters all; bob masters nuts; where nobody serves, nobody lacks anything.
    reps = {"ann": {}, "bob": {"skills": "Nuts"}}
    market = {"order_values": {"Bolts": 50.0, "Nuts": 200.0}, "skill_gap": 0.2}
    scenario = company(OWNED, reps, market, lines=("Bolts", "Nuts"))
    service = service_of(scenario, plan_for(scenario), seats_of(scenario))
    assert service.skill[:, 1].tolist() == [[1, 1], [0.8, 1], [1, 1]]


def test_the_years_hours_are_spread_over_its_days(company):
    assert seats_of(company(OWNED, {"ann": {"hours_per_year": 1460}, "bob": {}})).days_per_hour[0] == 0.25


def test_a_plan_for_another_company_is_refused_with_all_its_problems(company, plan_for):
    scenario = company(OWNED, ["ann", "bob"])
    plan = plan_for(company({"Ames": {"owner": "zoe"}, "Boone": {}}, ["ann", "zoe"]))
    with pytest.raises(InputError) as refused:
        service_of(scenario, plan, seats_of(scenario))
    assert [p.value for p in refused.value.problems] == ["Clive", "zoe", "bob"]
