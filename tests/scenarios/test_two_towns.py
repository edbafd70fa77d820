"""The teaching case of the library: every number of its README."""

import pytest

import scenarios


@pytest.fixture(scope="module")
def two_towns():
    return scenarios.read("two_towns")


def test_six_customers_two_reps_no_lines(two_towns):
    assert list(two_towns.customers.index) == ["W1", "W2", "W3", "E1", "E2", "E3"]
    assert list(two_towns.reps.index) == ["west", "east"]
    assert two_towns.lines == ("",)


def test_today_wanda_serves_both_towns(two_towns):
    assert (two_towns.customers["owner"] == "west").all()
    assert two_towns.eligible.all().all()


def test_last_year_was_four_fifths_of_potential(two_towns):
    assert two_towns.customers["potential"].sum() == 1_200_000
    assert two_towns.last_year_sales.to_dict() == (two_towns.customers["potential"] * 0.8).to_dict()
    assert two_towns.target_amount == 960_000 * 1.25


def test_half_an_hour_for_each_of_240_opportunities(two_towns):
    market = two_towns.market
    orders = two_towns.customers["potential"].sum() / market.order_values[""]
    opportunities = orders / market.win_rate
    assert (orders, opportunities) == (120, 240)
    assert opportunities * market.hours_per_opportunity == 120


def test_nothing_is_left_to_luck_but_orders(two_towns):
    market = two_towns.market
    assert (market.demand_noise, market.turnover.yearly_quit_rate, market.satisfaction.sensitivity) == (
        0,
        0,
        0,
    )
    assert (market.new_customers_per_year, market.shocks, market.effort.mode) == (0, (), "constant")
