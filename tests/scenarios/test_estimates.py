"""What the past says, with the arithmetic visible."""

import math
from datetime import date

import pandas as pd
import pytest

from scenarios.estimates import (
    line_mix,
    new_customers,
    order_value_cv,
    order_values,
    rounded,
    seasonality,
    yearly_noise,
    years_back,
)

START = date(2026, 1, 1)
NO_LINES = pd.DataFrame({"order": [], "product": [], "amount": []})
NO_PRODUCTS = pd.DataFrame({"line": []}, dtype="str")
PRODUCTS = pd.DataFrame({"line": ["Pipes", "Quilts"]}, index=["p", "q"])


def past(*orders):
    """Make a history of (date, customer, amount)."""
    return pd.DataFrame(
        {
            "date": pd.to_datetime([d for d, _, _ in orders]),
            "customer": [c for _, c, _ in orders],
            "amount": [float(a) for _, _, a in orders],
        },
        index=[f"o{i}" for i in range(len(orders))],
    )


def buyers(**bought):
    """Make customers of one segment who bought as many pipes and quilts, at 10 each, one an order."""
    customers = pd.DataFrame({"segment": "s", "product_line": ""}, index=list(bought))
    orders = [(c, kind) for c, (p, q) in bought.items() for kind in ["p"] * p + ["q"] * q]
    history = past(*[("2025-05-05", c, 10) for c, _ in orders])
    lines = pd.DataFrame({"order": history.index, "product": [k for _, k in orders], "amount": 10.0})
    return customers, history, lines, PRODUCTS


class TestLineMix:
    def test_without_lines_there_is_one_unnamed(self):
        customers, history, _, _ = buyers(a=(1, 0))
        mix = line_mix(customers, history, NO_LINES, NO_PRODUCTS)
        assert mix.to_dict("index") == {"a": {"": 1.0}}

    def test_customers_who_differ_by_chance_only_have_the_mix_of_their_segment(self):
        # Shares 3:1 and 1:3 around 1:1: scatter 2 x .25^2 / .5 = .25, what four orders scatter by chance.
        mix = line_mix(*buyers(a=(3, 1), b=(1, 3)))
        assert mix.loc["a"].tolist() == pytest.approx([0.5, 0.5])

    def test_customers_who_differ_for_good_keep_their_own(self):
        mix = line_mix(*buyers(a=(4, 0), b=(0, 4)))
        assert mix.loc["a"].tolist() == pytest.approx([1.0, 0.0])

    def test_between_these_each_counts_in_part(self):
        # Scatter 1, 1, 0, 0; by chance .25 each: r = (2 - 1) / (4 - 1) = 1/3, k = 2, so weight 4 / (4 + 2).
        mix = line_mix(*buyers(a=(4, 0), b=(0, 4), c=(2, 2), d=(2, 2)))
        assert mix.loc["a", "Pipes"] == pytest.approx(2 / 3 * 1 + 1 / 3 * 0.5)
        assert mix.loc["c", "Pipes"] == pytest.approx(0.5)

    def test_who_never_bought_is_like_the_segment(self):
        customers, history, lines, products = buyers(a=(3, 1), b=(3, 1))
        customers.loc["new"] = ["s", ""]
        customers.loc["other segment"] = ["t", ""]
        mix = line_mix(customers, history, lines, products)
        assert mix.loc["new"].tolist() == pytest.approx([0.75, 0.25])
        assert mix.loc["other segment"].tolist() == pytest.approx([0.75, 0.25])

    def test_a_part_buys_its_line_only(self):
        customers, history, lines, products = buyers(a=(3, 1))
        customers.loc["a|Quilts"] = ["s", "Quilts"]
        mix = line_mix(customers, history, lines, products)
        assert mix.loc["a|Quilts"].tolist() == [0.0, 1.0]

    def test_without_any_order_lines_are_even(self):
        customers, _, _, products = buyers(a=(0, 0))
        mix = line_mix(customers, past(), NO_LINES, products)
        assert mix.loc["a"].tolist() == [0.5, 0.5]


class TestSeasonality:
    def test_the_first_share_is_of_the_month_the_plan_year_begins_with(self):
        july = past(*[("2025-07-15", "a", 25)] * 4)
        # Chance alone makes four equal orders scatter a quarter as much, so three quarters are believed.
        shares = seasonality(july, date(2026, 7, 1))
        assert shares[0] == pytest.approx(0.75 + 0.25 / 12)
        assert shares[1:] == pytest.approx([0.25 / 12] * 11)

    def test_one_order_says_nothing_about_seasons(self):
        assert seasonality(past(("2025-07-15", "a", 25)), START) == pytest.approx([1 / 12] * 12)

    def test_no_past_means_even_months(self):
        assert seasonality(past(), START) == pytest.approx([1 / 12] * 12)


class TestOrderValues:
    def test_what_an_order_holds_of_a_line_counts_once(self):
        history = past(("2025-01-05", "a", 60), ("2025-02-05", "a", 30))
        lines = pd.DataFrame(
            {"order": ["o0", "o0", "o0", "o1"], "product": ["p", "p", "q", "p"], "amount": [10, 20, 30, 30]}
        )
        values = order_values(history, lines, PRODUCTS, START)
        assert values == {"Pipes": (30 + 30) / 2, "Quilts": 30.0}

    def test_without_lines_it_is_the_whole_order(self):
        history = past(("2025-01-05", "a", 10), ("2025-02-05", "a", 30), ("2025-03-05", "a", -5))
        assert order_values(history, NO_LINES, NO_PRODUCTS, START) == {"": 20.0}

    def test_scatter(self):
        history = past(("2025-01-05", "a", 10), ("2025-02-05", "a", 30))
        # 10^2 + 30^2 = 1000 = 2 x 20^2 x (1 + .25)
        assert order_value_cv(history, NO_LINES, NO_PRODUCTS, START) == pytest.approx(0.5)


class TestNewCustomers:
    def test_the_first_year_says_nothing_the_others_are_averaged(self):
        history = past(
            ("2023-03-01", "a", 500),
            ("2024-03-01", "a", 500),
            ("2024-03-01", "b", 20),
            ("2024-09-01", "b", 10),
            ("2025-03-01", "b", 500),
            ("2025-03-01", "c", 50),
            ("2025-09-01", "d", 10),
        )
        # b, c and d in two years; in their first years they bought 30 + 50 + 10.
        fresh = new_customers(history, START)
        assert fresh.per_year == 1.5
        assert fresh.first_year_amount == 30

    def test_one_year_tells_nothing(self):
        assert new_customers(past(("2025-03-01", "a", 500)), START).per_year == 0


class TestYearlyNoise:
    def test_steady_growth_is_no_noise(self):
        orders = [(f"{year}-03-01", "a", 100 * 1.5 ** (year - 2022)) for year in (2023, 2024, 2025)]
        assert yearly_noise(past(*orders), START) == 0

    def test_what_single_orders_cause_is_taken_off(self):
        # Logs 0, x, 0 lie -x/3, 2x/3, -x/3 off their trend: variance 6/9 x^2 with one degree of freedom.
        x = math.log(1.5)
        many = [
            (f"{y}-03-01", "a", amount / 1000)
            for y, amount in ((2023, 2), (2024, 3), (2025, 2))
            for _ in range(1000)
        ]
        assert yearly_noise(past(*many), START) == pytest.approx(math.sqrt(6 / 9 * x**2 - 1 / 1000))

    def test_two_years_are_too_few(self):
        assert math.isnan(yearly_noise(past(("2024-03-01", "a", 1), ("2025-03-01", "a", 1)), START))


def test_years_are_counted_back_from_the_plan_year():
    dates = pd.Series(pd.to_datetime(["2026-06-30", "2025-07-01", "2025-06-30", "2024-07-01", "2024-06-30"]))
    assert years_back(dates, date(2026, 7, 1)).tolist() == [1, 1, 2, 2, 3]


def test_rounded_shares_still_add_up():
    assert rounded((1 / 3, 1 / 3, 1 / 3), 2) == (0.34, 0.33, 0.33)


def test_the_plan_year_does_not_enter():
    known = past(("2023-03-01", "a", 100), ("2024-05-01", "b", 50), ("2025-07-01", "a", 70))
    future = past(("2026-01-01", "a", 9999), ("2026-05-01", "z", 9999)).set_axis(["f0", "f1"])
    both = pd.concat([known, future])
    for estimate in (seasonality, new_customers, yearly_noise):
        assert estimate(both, START) == estimate(known, START)
    for estimate in (order_values, order_value_cv):
        assert estimate(both, NO_LINES, NO_PRODUCTS, START) == estimate(known, NO_LINES, NO_PRODUCTS, START)
