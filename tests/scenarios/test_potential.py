"""What a customer may buy a year, with the arithmetic visible."""

from datetime import date

import pandas as pd
import pytest

from scenarios.market import Market
from scenarios.potential import (
    CREDIBILITIES,
    UNTOLD_CREDIBILITY,
    Likeness,
    credibility_orders,
    growth,
    potential,
    under_normal_service,
)

START = date(2026, 1, 1)
ALL_ALIKE = Likeness(orders_by=(), amounts_by=())


def company(*customers):
    """Make customers of (key, site, segment)."""
    rows = pd.DataFrame(customers, columns=["customer", "site", "segment"])
    return rows.set_index("customer")


def orders(*bought):
    """Make a history of (year, customer, amounts)."""
    rows = [(f"{year}-06-15", customer, amount) for year, customer, amounts in bought for amount in amounts]
    history = pd.DataFrame(rows, columns=["date", "customer", "amount"])
    return history.assign(date=pd.to_datetime(history["date"]), amount=history["amount"].astype(float))


def test_small_counts_are_lessened_and_own_sales_drawn_towards_the_model():
    customers = company(("a", "", ""), ("b", "", ""), ("c", "", ""))
    history = orders((2025, "a", [100]), (2025, "b", [100]), (2025, "c", [100, 100]))
    # Two ordered once, one twice: d = 2 / (2 + 2 x 1) = .5 orders less each. So 50, 50 and 150 are believed,
    # 250 / 3 on average. With k = 1, own sales count 1/2 (one order) or 2/3 (two).
    one, two = 50 / 2 + 250 / 3 / 2, 150 * 2 / 3 + 250 / 3 / 3
    scale = 250 / (2 * one + two)
    made = potential(customers, history, START, ALL_ALIKE, credibility=1)
    assert made.to_dict() == pytest.approx({"a": one * scale, "b": one * scale, "c": two * scale})
    assert made.sum() == pytest.approx(250)


def test_the_model_multiplies_city_and_segment():
    customers = company(("Ps", "P", "s"), ("Pt", "P", "t"), ("Qs", "Q", "s"), ("Qt", "Q", "t"))
    history = orders(
        (2025, "Ps", [10] * 4), (2025, "Pt", [10] * 2), (2025, "Qs", [10] * 2), (2025, "Qt", [10])
    )
    # One ordered once, two twice: d = 1 / (1 + 4) = .2. Left: P 3.8 + 1.8 = 5.6, Q 1.8 + .8 = 2.6; s, t too.
    made = potential(customers, history, START, credibility=1e12)
    assert made["Ps"] == pytest.approx(10 * 5.6 * 5.6 / 8.2)
    assert made["Pt"] == pytest.approx(10 * 5.6 * 2.6 / 8.2)
    assert made["Qt"] == pytest.approx(10 * 2.6 * 2.6 / 8.2)


def test_sales_are_of_a_year():
    customers = company(("a", "", ""))
    history = orders((2023, "a", [100, 100, 100]), (2025, "a", [100, 100, 100]))
    assert potential(customers, history, START, ALL_ALIKE).tolist() == pytest.approx([200])
    last_only = Likeness((), (), years=1)
    assert potential(customers, history, START, last_only).tolist() == pytest.approx([300])


def test_growth_is_what_the_last_year_brought_against_the_estimate_before_it():
    customers = company(("a", "", ""), ("b", "", ""))
    history = orders((2024, "a", [100]), (2025, "a", [80]), (2025, "b", [1000]))
    assert growth(customers, history, START, ALL_ALIKE) == pytest.approx(-0.2)


def test_who_has_no_past_gets_what_such_customers_brought_the_last_time():
    customers = company(("a", "", ""), ("b", "", ""), ("c", "", ""))
    history = orders((2024, "a", [100]), (2025, "a", [80]), (2025, "b", [60]))
    like = Likeness((), (), years=1)
    # In 2025, b and c had no past and brought 30 each. Growth of -20 % comes on top, so it is taken out.
    made = potential(customers, history, START, like)
    assert made["c"] * (1 + growth(customers, history, START, like)) == pytest.approx(30)


def test_without_an_earlier_year_the_model_is_taken_as_it_is():
    customers = company(("a", "", ""), ("b", "", ""))
    history = orders((2025, "a", [80]))
    assert potential(customers, history, START, ALL_ALIKE).tolist() == pytest.approx([80, 80])
    assert growth(customers, history, START, ALL_ALIKE) == 0
    assert credibility_orders(customers, history, START, ALL_ALIKE) == UNTOLD_CREDIBILITY


def test_an_attribute_nobody_had_before_changes_nothing():
    customers = company(("Ps", "P", "s"), ("Rs", "R", "s"))
    history = orders((2025, "Ps", [80]))
    assert potential(customers, history, START).tolist() == pytest.approx([80, 80])


def test_own_sales_are_believed_where_they_repeat():
    customers = company(*((f"c{i}", "P", "s") for i in range(4)))
    steady = [(2024, f"c{i}", [10 * 3**i] * 5) for i in range(4)] + [
        (2025, f"c{i}", [10 * 3**i] * 5) for i in range(4)
    ]
    swapped = steady[:4] + [(2025, f"c{i}", [10 * 3 ** (3 - i)] * 5) for i in range(4)]
    assert credibility_orders(customers, orders(*steady), START) == CREDIBILITIES[0]
    assert credibility_orders(customers, orders(*swapped), START) == CREDIBILITIES[-1]


def test_the_plan_year_does_not_enter():
    customers = company(("a", "P", "s"), ("b", "Q", "s"), ("c", "Q", "t"))
    known = orders(
        (2023, "a", [5, 7]), (2024, "a", [9]), (2024, "b", [20]), (2025, "a", [4]), (2025, "b", [1, 2])
    )
    both = pd.concat([known, orders((2026, "a", [999]), (2026, "c", [999] * 9))])
    assert potential(customers, both, START).equals(potential(customers, known, START))
    assert growth(customers, both, START) == growth(customers, known, START)


def test_a_company_without_any_past_has_no_potential():
    customers = company(("a", "P", "s"))
    assert potential(customers, orders(), START).tolist() == [0]


def test_normal_service_adds_what_vacancies_ramps_and_lacking_skills_cost():
    market = Market.model_validate(
        {
            "order_values": {"": 1.0},
            "stages": [{"name": "deal", "hours": 1, "conversion": 1, "days": 0}],
            "skill_gap": 0.2,
            "unattended_share": 0.5,
            "turnover": {
                "yearly_quit_rate": 0.25,
                "vacancy_days": 73,
                "ramp_months": 6,
                "starting_productivity": 0.6,
            },
        }
    )
    # a quit costs .2 years x .5 + .5 years x .4 / 2 = .2 years of sales; a quarter quits: 5 %
    lacking = pd.Series({"a": 0.0, "b": 0.5})
    made = under_normal_service(pd.Series({"a": 95.0, "b": 85.5}), market, lacking)
    assert made.to_dict() == pytest.approx({"a": 100.0, "b": 100.0})
