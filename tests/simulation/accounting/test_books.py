"""The books of a simulated year and of the past."""

import dataclasses

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


def past_paying(case, elements, *orders):
    scenario, plan = past(case, *orders)
    scenario = scenario.replace(scheme=type(scenario.scheme).model_validate({"elements": elements}))
    return scenario, type(plan)(plan.name, scenario.digest, plan.owner, plan.quota)


RATE = {"kind": "commission", "tiers": [{"at": 0, "rate": 0.1}], "tiers_in": "amount"}
MORE = {"kind": "bonus", "amount": 1000.0, "period": "year", "goal": "last year", "goal_share": 1.1}
TWO_YEARS = [
    ("o1", "2025-02-10", "c1", "ann", 8000.0, None),
    ("o2", "2024-01-20", "c1", "ann", 5000.0, None),
    ("o3", "2025-02-10", "c2", "bob", 5000.0, None),
    ("o4", "2024-01-20", "c2", "bob", 8000.0, None),
]


def test_a_goal_of_last_year_is_the_twelve_months_before_the_past(case):
    # Ann sold 8,000 after 5,000, Bob 5,000 after 8,000: ten per cent more is reached by Ann alone.
    books = books_of_past(*past_paying(case, {"rate": RATE, "more": MORE}, *TWO_YEARS))
    assert books.results.before[Account("bookings")].sum(axis=1).tolist()[:2] == [5000_00, 8000_00]
    assert (Tracer(books).pay.elements["more"].sum(axis=-1)[:2] / 100).tolist() == [1000, 0]


def test_where_orders_do_not_reach_back_there_is_no_goal_of_last_year(case):
    later = ("o2", "2024-06-20", "c1", "ann", 5.0, None)
    books = books_of_past(*past_paying(case, {"rate": RATE, "more": MORE}, TWO_YEARS[0], later))
    assert books.results.before == {}
    assert not Tracer(books).pay.elements["more"].any()


def test_days_of_a_spiff_are_those_of_the_year_before(case):
    spiff = {"kind": "spiff", "share": 0.05, "first_day": "2026-02-01", "last_day": "2026-02-28"}
    books = books_of_past(*past_paying(case, {"rate": RATE, "push": spiff}, *TWO_YEARS))
    assert books.results.spiffs["push"].sum() == 650_00  # 5 % of 8,000 and of 5,000 in February 2025


def test_orders_of_the_past_count_for_the_owners_of_a_plan_where_asked(case):
    scenario, plan = past_paying(case, {"rate": RATE, "more": MORE}, *TWO_YEARS)
    owner = plan.owner.replace({"ann": "bob", "bob": "ann"})
    books = books_of_past(scenario, plan, owner)
    assert books.results.accounts[Account("bookings")].sum(axis=1).tolist()[:2] == [5000_00, 8000_00]
    assert books.results.before[Account("bookings")].sum(axis=1).tolist()[:2] == [8000_00, 5000_00]


def test_what_nobody_knows_of_the_past_may_be_taken_as_kept(case):
    then = past(case, *TWO_YEARS)
    assumed, kept = (books_of_past(*then, all_kept=all_kept).results.shares for all_kept in (False, True))
    assert not assumed["visits_kept"][1].any()
    assert (kept["visits_kept"][0] == 1_000_000).all()
    assert (kept["satisfaction"][0] == round(1e6 * then[0].market.satisfaction.start)).all()


def test_a_new_customer_counts_once_however_many_lines_its_order_has(case):
    won = {**MORE, "measure": "new_customers", "goal": 1.0, "goal_share": 1.0}
    orders = [("o1", "2025-02-10", "c1", "ann", 8000.0, None), ("o2", "2025-03-10", "c1", "ann", 10.0, None)]
    scenario, plan = past_paying(case, {"won": won}, *orders)
    lines = pd.DataFrame({"order": ["o1", "o1"], "product": ["p", "q"], "amount": [5000.0, 3000.0]})
    products = pd.DataFrame({"line": ["a", "b"]}, index=pd.Index(["p", "q"], name="product"))
    books = books_of_past(dataclasses.replace(scenario, order_lines=lines, products=products), plan)
    assert books.results.accounts[Account("new_customers")].sum() == 1
