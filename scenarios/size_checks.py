"""Whether a year can be simulated: opportunities and calls that fit into memory, amounts into cents."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scenarios.errors import Problem
from scenarios.partial import found_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scenarios.scenario import Scenario
    from scenarios.shocks import Shock

MOST_EVENTS = 50_000_000
"""Opportunities, and calls, of a year; some twenty gigabytes."""

MOST_MONEY = (2**53 - 1) / 100
"""Largest amount that is exact to the cent."""

SPREAD = 8.0
"""Standard deviations: no number of 52 bits lies further out."""

LUCKY = 3.0
"""Standard deviations by which the market's level may lie above the usual one in a thousand years."""

PLACE = "scenario.toml, market"


def problems_of_size(scenario: Scenario, more: Sequence[Shock] = ()) -> list[Problem]:
    """List what is too large to be simulated.

    Parameters
    ----------
    more
        Shocks on top of those of the scenario.
    """
    checks = (_opportunities_can_be_counted, _calls_can_be_counted, _orders_fit_into_cents, _sales_fit)
    return found_by(checks, scenario, (*scenario.market.shocks, *more))


def _opportunities_can_be_counted(scenario: Scenario, shocks: Sequence[Shock]) -> list[Problem]:
    market = scenario.market
    orders = scenario.line_mix[list(scenario.lines)] / [market.order_values[n] for n in scenario.lines]
    yearly = float((scenario.customers["potential"] * orders.sum(axis=1)).sum()) * (1 + market.growth)
    times = _market_at_its_best(scenario) * math.prod(max(shock.demand, 1.0) for shock in shocks)
    count = (yearly + market.new_customers_per_year) / max(market.win_rate, 1e-300) * times
    if count <= MOST_EVENTS:
        return []
    remedy = (
        f"so many opportunities may arise in a year, more than {MOST_EVENTS:,} cannot be simulated; look at "
        "potential, growth, order_values, new_customers_per_year, demand_noise, seasonality, conversions of "
        "stages and demand of shocks"
    )
    return [Problem(PLACE, f"{count:,.0f}" if count < 1e15 else f"{count:.0e}", remedy)]


def _market_at_its_best(scenario: Scenario) -> float:
    """Give demand on the best day of a lucky year over that of an even one."""
    noise = scenario.market.demand_noise
    return 12 * max(scenario.market.seasonality) * math.exp(LUCKY * noise - noise**2 / 2)


def _calls_can_be_counted(scenario: Scenario, shocks: Sequence[Shock]) -> list[Problem]:
    usual = scenario.market.service.calls_per_year
    calls = float(scenario.customers["service_calls_per_year"].astype("float64").fillna(usual).sum())
    if calls <= MOST_EVENTS:
        return []
    remedy = (
        f"so many calls are expected in a year, more than {MOST_EVENTS:,} cannot be simulated; give fewer"
    )
    return [Problem(f"{PLACE}.service.calls_per_year", f"{calls:,.0f}", remedy)]


def _orders_fit_into_cents(scenario: Scenario, shocks: Sequence[Shock]) -> list[Problem]:
    """Refuse order values whose luckiest order, with all shocks on price, is no longer exact to the cent."""
    market = scenario.market
    spread = math.exp(SPREAD * math.sqrt(math.log1p(market.order_value_cv**2)))
    most = MOST_MONEY / (spread * _prices(shocks))
    usual = {f"order_values.{line}": value for line, value in market.order_values.items()}
    remedy = (
        f"a single order may then be more than {MOST_MONEY:,.0f}; give at most {most:,.0f}, or all amounts "
        "in thousands"
    )
    return [
        Problem(f"{PLACE}.{name}", f"{value:g}", remedy)
        for name, value in {**usual, "new_customer_value": market.new_customer_value}.items()
        if value > most
    ]


def _sales_fit(scenario: Scenario, shocks: Sequence[Shock]) -> list[Problem]:
    market = scenario.market
    demand = math.prod(max(shock.demand, 1.0) for shock in shocks)
    sales = float(scenario.customers["potential"].sum()) * (1 + market.growth)
    sales += market.new_customers_per_year * market.new_customer_value
    sales *= _prices(shocks) * demand * _market_at_its_best(scenario)
    if sales <= MOST_MONEY:
        return []
    remedy = (
        f"sales of a year may come to so much, more than {MOST_MONEY:,.0f} is not exact to the cent; give "
        "all amounts in thousands"
    )
    return [Problem(PLACE, f"{sales:.3g}", remedy)]


def _prices(shocks: Sequence[Shock]) -> float:
    return math.prod(max(shock.price, 1.0) for shock in shocks)
