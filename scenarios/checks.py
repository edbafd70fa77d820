"""Whether the tables and settings of a scenario fit together; every problem found, not only the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scenarios.errors import InputError, Problem, row_of
from scenarios.naming import SHOWN, cells_told, near, no_such, unknown_keys
from scenarios.partial import found_by, unless_broken, whole_rows
from scenarios.pay_checks import problems_of_pay
from scenarios.quota_checks import problems_of_quotas
from scenarios.reps import listed
from scenarios.rule_checks import (
    problems_of_allowances,
    problems_of_overlays,
    problems_of_rules,
)
from scenarios.size_checks import problems_of_size
from scenarios.year_checks import problems_of_the_year

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from scenarios.scenario import Scenario


def check(scenario: Scenario) -> None:
    """Refuse a scenario whose parts contradict each other.

    Raises
    ------
    InputError
        With all problems found.
    """
    problems = problems_of(scenario)
    if problems:
        raise InputError(problems)


def problems_of(scenario: Scenario) -> list[Problem]:
    """List what does not fit together in a scenario; a check that needs what is wrong says nothing.

    Whether it is too large to be simulated is asked where all else fits.
    """
    problems = [
        *found_by(CHECKS_OF_TABLES, scenario),
        *problems_of_rules(scenario),
        *unless_broken(problems_of_overlays, scenario),
        *unless_broken(problems_of_allowances, scenario),
        *problems_of_the_year(scenario),
        *found_by(CHECKS_OF_SETTINGS, scenario),
        *problems_of_quotas(scenario),
        *unless_broken(_ways_are_between_customers_and_reps, scenario),
        *unless_broken(problems_of_pay, scenario),
    ]
    return problems or unless_broken(problems_of_size, scenario)


def _ways_are_between_customers_and_reps(scenario: Scenario) -> list[Problem]:
    return problems_of_ways(scenario.travel_times, scenario.customers.index, scenario.reps.index)


def problems_of_ways(
    pairs: pd.DataFrame, customers: Iterable[str], reps: Iterable[str], place: str = "travel.csv"
) -> list[Problem]:
    """List what is wrong with the pairs of a table of travel times: who is not known, what comes twice.

    Parameters
    ----------
    pairs
        Columns customer and rep, among others.
    customers, reps
        Those there are.
    """
    problems = []
    for column, known in (("customer", customers), ("rep", reps)):
        remedy = f"no such {column} in {column}s.csv; correct or remove the row"
        problems += unknown_keys(pairs, column, known, place, remedy)
    pairs = whole_rows(pairs, "customer", "rep")
    twice = pairs.index[pairs.duplicated()]
    remedy = "this pair of customer and rep has a row already; keep one"
    found = [(int(r), ", ".join(pairs.loc[r])) for r in twice[:SHOWN]]
    problems += [Problem(row_of(place, r, "customer, rep"), pair, remedy) for r, pair in found]
    if len(twice) > SHOWN:
        problems.append(Problem(f"{place}, customer, rep", f"{len(twice) - SHOWN} more rows", remedy))
    return problems


def _somebody_and_somewhere(scenario: Scenario) -> list[Problem]:
    tables = {"customers": lambda: scenario.customers, "reps": lambda: scenario.reps}
    return [problem for name, table in tables.items() for problem in unless_broken(_has_a_row, name, table)]


def _has_a_row(name: str, table: Callable[[], pd.DataFrame]) -> list[Problem]:
    remedy = f"a scenario needs at least one of its {name}; add a row"
    return [] if len(table()) else [Problem(f"{name}.csv", "no rows", remedy)]


def _owners_are_reps(scenario: Scenario) -> list[Problem]:
    remedy = "no such rep in reps.csv; name one or leave the cell empty"
    reps = scenario.reps.index
    return unknown_keys(scenario.customers, "owner", reps, "customers.csv", remedy, empty_ok=True)


def _orders_are_of_reps(scenario: Scenario) -> list[Problem]:
    remedy = "no such rep in reps.csv; name one or leave the cell empty"
    return unknown_keys(scenario.history, "rep", scenario.reps.index, "history.csv", remedy, empty_ok=True)


def _locked_customers_have_an_owner(scenario: Scenario) -> list[Problem]:
    table = whole_rows(scenario.customers, "lock", "owner")
    remedy = "a locked customer needs an owner; name one or unlock it"
    wrong = table.index[table["lock"] & (table["owner"] == "")]
    return [Problem(row_of("customers.csv", int(r), "lock"), "true", remedy) for r in wrong]


def _orders_belong_to_customers(scenario: Scenario) -> list[Problem]:
    remedy = "no such customer in customers.csv; add the customer or correct the order"
    return unknown_keys(scenario.history, "customer", scenario.customers.index, "history.csv", remedy)


def _orders_belong_to_the_past(scenario: Scenario) -> list[Problem]:
    dates, start = whole_rows(scenario.history, "date")["date"], scenario.year.start
    remedy = f"history must end before the plan year begins on {start}; move later orders elsewhere"
    return cells_told(dates[dates >= pd.Timestamp(start)], "history.csv", "date", remedy)


def _lines_add_up_to_orders(scenario: Scenario) -> list[Problem]:
    lines, history = scenario.order_lines, scenario.history
    if lines.empty:
        return []
    remedy = "no such order in history.csv; add the order or remove the line"
    problems = unknown_keys(lines, "order", history.index, "order_lines.csv", remedy)
    return problems + unless_broken(_amounts_add_up, lines, history)


def _amounts_add_up(lines: pd.DataFrame, history: pd.DataFrame) -> list[Problem]:
    """Hold orders against their lines; one that lacks just what lines of no order hold is passed over."""
    of_lines = lines.groupby("order")["amount"].sum()
    sums = of_lines.reindex(history.index, fill_value=0.0)
    lacks = (history["amount"] - sums).to_numpy()
    lost = of_lines[~of_lines.index.isin(history.index)].to_numpy()
    apart = (abs(lacks) > 0.005) & ~np.isclose(lacks[:, None], lost, rtol=0, atol=0.005).any(axis=1)
    return [
        Problem(
            row_of("history.csv", int(r), "amount"),
            f"{history['amount'].iloc[r]:.2f}",
            f"the lines of order {history.index[r]} in order_lines.csv add up to {sums.iloc[r]:.2f}; make "
            "them equal",
        )
        for r in np.flatnonzero(apart)[:SHOWN]
    ]


def _products_are_known(scenario: Scenario) -> list[Problem]:
    remedy = "no such product in products.csv; add it or correct the name"
    known = scenario.products.index
    return unknown_keys(scenario.order_lines, "product", known, "order_lines.csv", remedy)


def _lines_of_customers_are_known(scenario: Scenario) -> list[Problem]:
    remedy = "no such line in products.csv; add it or correct the name"
    known = scenario.lines
    return unknown_keys(scenario.customers, "product_line", known, "customers.csv", remedy, empty_ok=True)


def _opportunities_have_a_customer(scenario: Scenario) -> list[Problem]:
    remedy = "no such customer in customers.csv; add the customer or correct the opportunity"
    known = scenario.customers.index
    return unknown_keys(scenario.opportunities, "customer", known, "opportunities.csv", remedy)


def _opportunities_have_a_chance(scenario: Scenario) -> list[Problem]:
    stages = [stage.name for stage in scenario.market.stages]
    table = whole_rows(scenario.opportunities, "probability", "stage")
    unclear = table["stage"][table["probability"].isna() & ~table["stage"].isin(stages)]
    remedy = f"give a probability, or one of the stages of [market]: {', '.join(stages)}"
    return cells_told(unclear, "opportunities.csv", "stage", remedy, stages)


def _commitments_have_a_period(scenario: Scenario) -> list[Problem]:
    quarters = [q.name for q in scenario.year.quarters]
    remedy = f"name a quarter, {', '.join(quarters)}, or leave the cell empty for the whole year"
    return unknown_keys(scenario.commitments, "period", quarters, "commitments.csv", remedy, empty_ok=True)


def _commitments_are_made_once(scenario: Scenario) -> list[Problem]:
    table = whole_rows(scenario.commitments, "node", "period")
    remedy = "this node has a commitment for this period already; keep one"
    twice = table[table.duplicated()]
    return [
        Problem(row_of("commitments.csv", int(row), "node, period"), f"{node}, {period or 'year'}", remedy)
        for row, node, period in list(twice.itertuples(name=None))[:SHOWN]
    ]


def _every_line_has_an_order_value(scenario: Scenario) -> list[Problem]:
    values = scenario.market.order_values
    place = "scenario.toml, market.order_values"
    missing = [
        Problem(place, line, f"give the mean order amount of product line '{line}'")
        for line in scenario.lines
        if line not in values
    ]
    unknown = [
        Problem(place, line, no_such("product line", "products.csv", line, scenario.lines))
        for line in values
        if line not in scenario.lines
    ]
    return [
        *missing,
        *unknown,
        *(
            Problem(f"{place}.{line}", str(value), "must be 0.01 or more, the least amount there is")
            for line, value in values.items()
            if value < 0.01
        ),
    ]


def _stages_ask_pools_there_are(scenario: Scenario) -> list[Problem]:
    """Find stages that need a pool which market.pools does not have."""
    pools = [pool.name for pool in scenario.market.pools]
    return [
        Problem(
            f"scenario.toml, market.stages '{stage.name}', pool",
            stage.pool,
            f"no such pool in market.pools{near(stage.pool, pools) or '; add it or leave pool out'}",
        )
        for stage in scenario.market.stages
        if stage.pool and stage.pool not in pools
    ]


def _skills_are_lines(scenario: Scenario) -> list[Problem]:
    lines = scenario.lines
    return [
        Problem(
            row_of("reps.csv", int(str(row)), "skills"),
            skill,
            no_such("product line", "products.csv", skill, lines),
        )
        for row, cell in whole_rows(scenario.reps, "skills")["skills"].items()
        for skill in listed(cell)
        if skill not in lines
    ]


def _growth_has_something_to_grow_from(scenario: Scenario) -> list[Problem]:
    if scenario.target.growth is None or scenario.last_year_sales.sum() > 0:
        return []
    remedy = "history.csv has no sales in the last twelve months; give target.amount instead"
    return [Problem("scenario.toml, target.growth", str(scenario.target.growth), remedy)]


def _the_target_is_a_unit_or_more(scenario: Scenario) -> list[Problem]:
    unit, target = scenario.target.rounding_unit, scenario.target_amount
    if target >= unit or _growth_has_something_to_grow_from(scenario):
        return []
    remedy = f"the target comes to {target:g} when rounded to this; give a smaller unit or a larger target"
    return [Problem("scenario.toml, target.rounding_unit", f"{unit:g}", remedy)]


def _parts_divide_their_customer_by_line(scenario: Scenario) -> list[Problem]:
    parts = whole_rows(scenario.customers, "part_of", "product_line")
    parts = parts[parts["part_of"] != ""]
    unclear = parts.index[parts["product_line"] == ""]
    twice = parts.index[parts.duplicated() & (parts["product_line"] != "")]
    found = [(r, "a part of a customer needs its product line") for r in unclear]
    found += [(r, "another part of this customer has the same product line; keep one") for r in twice]
    return [
        Problem(row_of("customers.csv", int(row), "part_of, product_line"), ", ".join(parts.loc[row]), remedy)
        for row, remedy in found[:SHOWN]
    ]


CHECKS_OF_TABLES = (
    _somebody_and_somewhere,
    _owners_are_reps,
    _orders_are_of_reps,
    _locked_customers_have_an_owner,
    _orders_belong_to_customers,
    _orders_belong_to_the_past,
    _lines_add_up_to_orders,
    _products_are_known,
    _lines_of_customers_are_known,
    _opportunities_have_a_customer,
    _opportunities_have_a_chance,
    _commitments_have_a_period,
    _commitments_are_made_once,
)

CHECKS_OF_SETTINGS = (
    _every_line_has_an_order_value,
    _stages_ask_pools_there_are,
    _skills_are_lines,
    _growth_has_something_to_grow_from,
    _the_target_is_a_unit_or_more,
    _parts_divide_their_customer_by_line,
)
