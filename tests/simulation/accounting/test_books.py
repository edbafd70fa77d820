"""The books of a simulated year and of the past."""

import numpy as np
import pandas as pd
import pytest

from scenarios import InputError
from simulation import simulate
from simulation.accounting.books import books_of_past, books_of_year, unknown_of_past
from simulation.paying.results import Account
from simulation.paying.tracing import Tracer

CUSTOMERS = {f"c{i}": {"owner": "ann" if i % 2 else "bob", "visits_per_year": 6, "payment_days": 40}
             for i in range(12)}  # fmt: skip
SCHEME = {
    "elements": {
        "commission": {
            "kind": "commission", "weight": 0.7,
            "multipliers": [{"measure": "visits_kept", "steps": [{"at": 0.5, "times": 1.1}]}],
        },
        "content": {
            "kind": "bonus", "weight": 0.3, "measure": "satisfaction", "goal": 0.8,
            "gates": [{"measure": "cost", "at_most": 1.2}], "period": "year",
        },
        "lead": {"kind": "bonus", "roles": ["manager"], "of": "team", "weight": 1.0},
    },
    "clawback": {},
}  # fmt: skip
MARKET = {"turnover": {"yearly_quit_rate": 0.5}, "bad_debt": 0.2, "demand_noise": 0.2}
STAFF = {"name": "", "role": "manager", "teams": "west", "supports": "", "start": pd.NaT, "end": pd.NaT,
         "base_pay": 90_000.0, "target_incentive": 10_000.0}  # fmt: skip


@pytest.fixture
def case(company, plan_for):
    reps = {"ann": {"team": "west"}, "bob": {"team": "west"}}
    scenario = company(CUSTOMERS, reps, MARKET, SCHEME)
    scenario = scenario.replace(staff=pd.DataFrame(STAFF, index=pd.Index(["mia"], name="person")))
    return scenario, plan_for(scenario)


def test_a_year_lived_again_pays_what_it_paid(case):
    rows = simulate(*case, seed=7, replications=5, rows=True)
    for replication in (0, 4):
        made = Tracer(books_of_year(*case, 7, replication)).pay
        assert (made.total[:2] / 100).tolist() == rows.rows.pay[replication].tolist()
        assert made.total.sum() / 100 == pytest.approx(rows.years["pay"][replication], abs=0.001)


def test_a_manager_s_orders_are_the_team_s(case):
    tracer = Tracer(books_of_year(*case, 7, 0))
    found = tracer.statement(2)
    assert found.counted["team"] == ("ann", "bob")
    lines = found.lines
    assert set(lines["person"]) == {0, 1}
    booked = found.accounts[Account("bookings"), "team"].sum()
    assert lines["credited"][lines["accounts"] == "bookings"].sum() == booked
    assert found.total == found.base + sum(payment.amount for payment in found.payments)


def past(case, *orders):
    scenario, plan = case
    columns = ["order", "date", "customer", "rep", "amount", "paid"]
    table = pd.DataFrame(orders, columns=columns).set_index("order")
    table[["date", "paid"]] = table[["date", "paid"]].apply(pd.to_datetime)
    scenario = scenario.replace(history=table)
    return scenario, type(plan)(plan.name, scenario.digest, plan.owner, plan.quota)


def test_orders_of_the_past_are_paid_as_the_scheme_says(case):
    then = past(
        case,
        ("o1", "2025-02-10", "c1", "ann", 8000.0, "2025-05-03"),
        ("o2", "2025-12-20", "c2", "bob", 500.0, None),
        ("o3", "2024-12-20", "c2", "bob", 700.0, None),
        ("o4", "2025-03-01", "c3", "", 900.0, None),
    )
    books = books_of_past(*then)
    booked = books.results.accounts[Account("bookings")]
    assert (booked[0, 1], booked[1, 11], booked.sum()) == (800_000, 50_000, 850_000)
    # 8,000 of a quota of 10,000 in the first quarter of a year that is worth 28,000
    found = Tracer(books).statement(0)
    commission = [p.amount for p in found.payments if p.name == "commission"]
    assert commission == [8000 * 70, 0, 0, 0]  # 70 cents a dollar; visits are not known
    assert unknown_of_past(then[0]) == ("visits_kept", "satisfaction", "cost")


def test_what_was_paid_on_a_known_day_is_collected_on_it(case):
    scenario, plan = case
    scheme = {"elements": {"c": {"kind": "commission", "measure": "collections",
                                 "tiers": [{"at": 0, "rate": 0.1}], "tiers_in": "amount"}}}  # fmt: skip
    scenario = scenario.replace(scheme=type(scenario.scheme).model_validate(scheme))
    then = past(
        (scenario, plan),
        ("o1", "2025-02-10", "c1", "ann", 8000.0, "2025-05-03"),
        ("o2", "2025-02-10", "c1", "ann", 100.0, None),  # after 40 days
        ("o3", "2025-12-20", "c1", "ann", 100.0, None),  # in the year after
        ("o4", "2024-12-20", "c1", "ann", 10.0, "2025-01-02"),
    )
    collected = books_of_past(*then).results.accounts[Account("collections")][0]
    assert np.flatnonzero(collected).tolist() == [0, 2, 4]
    assert collected[[0, 2, 4]].tolist() == [10_00, 100_00, 8000_00]


def test_without_orders_there_is_nothing_to_pay(case):
    then = past(case, ("o3", "2023-12-20", "c2", "bob", 700.0, None))
    with pytest.raises(InputError, match="no orders from 2025-01-01 on"):
        books_of_past(*then)
