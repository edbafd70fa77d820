"""Whether the tables and settings of a scenario fit together; every problem found, not only the first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scenarios.errors import InputError, Problem
from scenarios.naming import SHOWN, no_such, unknown_keys
from scenarios.pay_checks import problems_of_pay
from scenarios.quota_checks import problems_of_quotas
from scenarios.reps import listed
from scenarios.rule_checks import (
    problems_of_allowances,
    problems_of_overlays,
    problems_of_rules,
)
from scenarios.table import row_of
from scenarios.year_checks import problems_of_the_year

if TYPE_CHECKING:
    from collections.abc import Iterable

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
    """List what does not fit together in a scenario."""
    return [
        *_somebody_and_somewhere(scenario),
        *_owners_are_reps(scenario),
        *_locked_customers_have_an_owner(scenario),
        *_orders_belong_to_customers_and_the_past(scenario),
        *_lines_add_up_to_orders(scenario),
        *_products_are_known(scenario),
        *_opportunities_have_a_customer_and_a_chance(scenario),
        *_commitments_are_made_once(scenario),
        *problems_of_rules(scenario),
        *problems_of_overlays(scenario),
        *problems_of_allowances(scenario),
        *problems_of_the_year(scenario),
        *_every_line_has_an_order_value(scenario),
        *_skills_are_lines(scenario),
        *_growth_has_something_to_grow_from(scenario),
        *_the_target_is_a_unit_or_more(scenario),
        *_parts_divide_their_customer_by_line(scenario),
        *problems_of_quotas(scenario),
        *problems_of_pay(scenario),
        *problems_of_ways(
            scenario.travel_times[["customer", "rep"]], scenario.customers.index, scenario.reps.index
        ),
    ]


def problems_of_ways(
    pairs: pd.DataFrame, customers: Iterable[str], reps: Iterable[str], place: str = "travel.csv"
) -> list[Problem]:
    """List what is wrong with the pairs of a table of travel times: who is not known, what comes twice.

    Parameters
    ----------
    pairs
        Columns customer and rep.
    customers, reps
        Those there are.
    """
    problems = []
    for column, known in (("customer", customers), ("rep", reps)):
        remedy = f"no such {column} in {column}s.csv; correct or remove the row"
        problems += unknown_keys(pairs[column], known, place, column, remedy)
    twice = np.flatnonzero(pairs.duplicated().to_numpy())
    remedy = "this pair of customer and rep has a row already; keep one"
    found = [(int(r), f"{pairs['customer'].iloc[r]}, {pairs['rep'].iloc[r]}") for r in twice[:SHOWN]]
    problems += [Problem(row_of(place, r, "customer, rep"), pair, remedy) for r, pair in found]
    if len(twice) > SHOWN:
        problems.append(Problem(f"{place}, customer, rep", f"{len(twice) - SHOWN} more rows", remedy))
    return problems


def _somebody_and_somewhere(scenario: Scenario) -> list[Problem]:
    return [
        Problem(f"{name}.csv", "no rows", f"a scenario needs at least one of its {name}")
        for name in ("customers", "reps")
        if len(getattr(scenario, name)) == 0
    ]


def _owners_are_reps(scenario: Scenario) -> list[Problem]:
    remedy = "no such rep in reps.csv; name one or leave the cell empty"
    owners = scenario.customers["owner"]
    credited = scenario.history["rep"]
    return [
        *unknown_keys(owners, scenario.reps.index, "customers.csv", "owner", remedy, empty_ok=True),
        *unknown_keys(credited, scenario.reps.index, "history.csv", "rep", remedy, empty_ok=True),
    ]


def _locked_customers_have_an_owner(scenario: Scenario) -> list[Problem]:
    wrong = np.flatnonzero((scenario.customers["lock"] & (scenario.customers["owner"] == "")).to_numpy())
    remedy = "a locked customer needs an owner; name one or unlock it"
    return [Problem(row_of("customers.csv", int(r), "lock"), "true", remedy) for r in wrong]


def _orders_belong_to_customers_and_the_past(scenario: Scenario) -> list[Problem]:
    history = scenario.history
    remedy = "no such customer in customers.csv; add the customer or correct the order"
    problems = unknown_keys(history["customer"], scenario.customers.index, "history.csv", "customer", remedy)
    late = np.flatnonzero((history["date"] >= pd.Timestamp(scenario.year.start)).to_numpy())
    remedy = (
        f"history must end before the plan year begins on {scenario.year.start}; move later orders elsewhere"
    )
    problems += [
        Problem(row_of("history.csv", int(r), "date"), f"{history['date'].iloc[r]:%Y-%m-%d}", remedy)
        for r in late[:SHOWN]
    ]
    if len(late) > SHOWN:
        problems.append(Problem("history.csv, date", f"{len(late) - SHOWN} more rows", remedy))
    return problems


def _lines_add_up_to_orders(scenario: Scenario) -> list[Problem]:
    lines, history = scenario.order_lines, scenario.history
    if lines.empty:
        return []
    remedy = "no such order in history.csv; add the order or remove the line"
    problems = unknown_keys(lines["order"], history.index, "order_lines.csv", "order", remedy)
    sums = lines.groupby("order")["amount"].sum().reindex(history.index, fill_value=0.0)
    apart = (sums - history["amount"]).abs().to_numpy() > 0.005
    for r in np.flatnonzero(apart)[:SHOWN]:
        order = history.index[r]
        remedy = (
            f"the lines of order {order} in order_lines.csv add up to {sums.iloc[r]:.2f}; make them equal"
        )
        problems.append(
            Problem(row_of("history.csv", int(r), "amount"), f"{history['amount'].iloc[r]:.2f}", remedy)
        )
    return problems


def _products_are_known(scenario: Scenario) -> list[Problem]:
    remedy = "no such product in products.csv; add it or correct the name"
    problems = unknown_keys(
        scenario.order_lines["product"], scenario.products.index, "order_lines.csv", "product", remedy
    )
    remedy = "no such line in products.csv; add it or correct the name"
    parts = scenario.customers["product_line"]
    return problems + unknown_keys(
        parts, scenario.lines, "customers.csv", "product_line", remedy, empty_ok=True
    )


def _opportunities_have_a_customer_and_a_chance(scenario: Scenario) -> list[Problem]:
    table, stages = scenario.opportunities, [stage.name for stage in scenario.market.stages]
    remedy = "no such customer in customers.csv; add the customer or correct the opportunity"
    place = "opportunities.csv"
    problems = unknown_keys(table["customer"], scenario.customers.index, place, "customer", remedy)
    unclear = table["probability"].isna() & ~table["stage"].isin(stages)
    remedy = f"give a probability, or one of the stages of [market]: {', '.join(stages)}"
    return problems + unknown_keys(table["stage"].where(unclear, stages[0]), stages, place, "stage", remedy)


def _commitments_are_made_once(scenario: Scenario) -> list[Problem]:
    table, quarters = scenario.commitments, [q.name for q in scenario.year.quarters]
    remedy = f"name a quarter, {', '.join(quarters)}, or leave the cell empty for the whole year"
    place = "commitments.csv"
    problems = unknown_keys(table["period"], quarters, place, "period", remedy, empty_ok=True)
    remedy = "this node has a commitment for this period already; keep one"
    twice = np.flatnonzero(table.duplicated(["node", "period"]).to_numpy())
    return problems + [
        Problem(row_of(place, int(r), "node"), str(table["node"].iloc[r]), remedy) for r in twice[:SHOWN]
    ]


def _every_line_has_an_order_value(scenario: Scenario) -> list[Problem]:
    values = scenario.market.order_values
    place = "scenario.toml, market.order_values"
    missing = [
        Problem(place, line, f"give the mean order amount of product line '{line}'")
        for line in scenario.lines
        if line not in values
    ]
    return missing + [
        Problem(f"{place}.{line}", str(value), "must be greater than 0")
        for line, value in values.items()
        if value <= 0
    ]


def _skills_are_lines(scenario: Scenario) -> list[Problem]:
    lines = scenario.lines
    return [
        Problem(
            row_of("reps.csv", row, "skills"), skill, no_such("product line", "products.csv", skill, lines)
        )
        for row, cell in enumerate(scenario.reps["skills"])
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
    parts = scenario.customers[["part_of", "product_line"]]
    split = (parts["part_of"] != "").to_numpy()
    unclear = np.flatnonzero(split & (parts["product_line"] == "").to_numpy())
    twice = np.flatnonzero(split & parts.duplicated().to_numpy() & (parts["product_line"] != "").to_numpy())
    found = [(r, "a part of a customer needs its product line") for r in unclear]
    found += [(r, "another part of this customer has the same product line") for r in twice]
    return [
        Problem(row_of("customers.csv", int(row), "product_line"), parts["product_line"].iloc[row], remedy)
        for row, remedy in found[:SHOWN]
    ]
