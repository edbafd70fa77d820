"""What years are held against: reps, teams, company."""

import numpy as np
import pandas as pd
import pytest

from simulation.accounting.yardstick import yardstick


def test_units_are_reps_teams_and_the_company(company, plan_for):
    reps = {"ann": {"team": "west"}, "bob": {"team": ""}, "eve": {"team": "west"}}
    quota = {"ann": [100.0, 200, 300, 400], "bob": [0.0] * 4, "eve": [300.0, 200, 100, 400]}
    scenario = company({"Ames": {"owner": "ann"}}, reps, target=1000.0)
    held = yardstick(scenario, plan_for(scenario, quota=quota))
    assert held.units == (
        ("rep", "ann"),
        ("rep", "bob"),
        ("rep", "eve"),
        ("team", "west"),
        ("company", "company"),
    )
    assert held.asked[3].tolist() == [400, 400, 400, 800]
    assert held.asked[4].tolist() == pytest.approx([200, 200, 200, 400])  # of the target, as of the quotas
    assert held.target_pay.tolist() == [100_000, 100_000, 100_000, 200_000, 300_000]
    sums = held.of_units(np.array([[1.0, 2.0, 4.0]]))
    assert sums.tolist() == [[1, 2, 4, 5, 7]]


def test_without_quotas_the_target_is_divided_by_days(company, plan_for):
    scenario = company({"Ames": {"owner": "ann"}}, ["ann"], target=365.0)
    held = yardstick(scenario, plan_for(scenario, quota={"ann": [0.0] * 4}))
    assert held.asked[-1].tolist() == pytest.approx([90, 91, 92, 92])


def test_pay_at_quota_and_the_budget_are_what_the_scheme_says_a_role_earns(company, plan_for):
    # 200,000 on target, half of it base pay, for two reps; nobody travels
    scheme = {"pay": {"rep": {"on_target_earnings": 200_000.0, "base_share": 0.5}}}
    scenario = company({"Ames": {"owner": "ann"}}, ["ann", "bob"], scheme=scheme)
    held = yardstick(scenario, plan_for(scenario))
    assert held.target_pay.tolist() == [200_000, 200_000, 400_000]
    assert held.budget.tolist() == pytest.approx([200_000, 200_000, 400_000])
    people = held.roll.people
    assert sum(people.base) + sum(people.incentive) == 400_000_00


def test_the_budget_is_pay_travel_and_rates(company, plan_for):
    # Ann is there from 1 October: 92 of 365 days
    settings = {"budget": {"per_rep": 3650.0, "share_of_sales": 0.1, "fixed": 7.0}}
    scenario = company({"Ames": {}}, {"ann": {"start": "2026-10-01"}}, **settings)
    held = yardstick(scenario, plan_for(scenario, quota={"ann": [0.0, 0, 0, 1000]}))
    assert held.budget.tolist() == pytest.approx([103_650 * 92 / 365 + 100, 103_650 * 92 / 365 + 107])


def test_the_year_before_is_what_orders_were_credited_to_reps_then(company, plan_for):
    reps = {"ann": {"team": "west"}, "bob": {"team": "west"}}
    scenario = company({"Ames": {"owner": "ann"}}, reps)
    orders = [
        ("2024-12-31", "ann", 1000.0),  # the year before that
        ("2025-01-01", "ann", 1.0),
        ("2025-03-31", "bob", 2.0),
        ("2025-04-01", "", 4.0),
        ("2025-12-31", "ann", 8.0),
    ]
    history = pd.DataFrame(orders, columns=["date", "rep", "amount"]).assign(customer="Ames", paid=pd.NaT)
    history["date"] = pd.to_datetime(history["date"])
    history.index = pd.Index(map(str, range(len(history))), name="order")

    def before(some):
        made = scenario.replace(history=some)
        return yardstick(made, plan_for(made)).before

    assert before(history).tolist() == [
        [1, 0, 0, 8],
        [2, 0, 0, 0],
        [3, 0, 0, 8],
        [3, 4, 0, 8],
    ]
    assert np.isnan(before(history.iloc[3:])).all()  # from April on only: no whole year
