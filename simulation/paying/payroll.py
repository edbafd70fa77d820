"""Who is paid in a scenario, and what their pay is computed from beside results."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer.compiling.workload import daily_presence, days_from
from scenarios import Scenario
from scenarios.pay_checks import OVERLAY
from scenarios.pay_measures import LAST_YEAR, SCORE
from scenarios.reps import listed
from scenarios.scheme import Scheme
from simulation.paying.crediting import Sharing, accounts, credits_of
from simulation.paying.exact import MILLION, Whole, millionths
from simulation.paying.orders import ledger_of_orders
from simulation.paying.people import (
    People,
    as_target,
    at_target,
    cents,
    differentials,
    months_of_quarters,
)
from simulation.paying.results import Account, gauges, shares_of


@dataclass(frozen=True, eq=False)
class Payroll:
    """What pay is computed from, beside results.

    Parameters
    ----------
    scheme, people
        What is paid for, and who is paid.
    year, starts
        First day of the year, and first days of work where they are known, by person.
    before
        Accounts of the twelve months before, as in `Results`.
    scores
        What managers scored, of what the scheme reads: millionths and weights, as in `Results`.
    """

    scheme: Scheme
    people: People
    year: date
    starts: tuple[date | None, ...]
    before: Mapping[Account, Whole]
    scores: Mapping[str, tuple[Whole, Whole]] = field(default_factory=dict)


def payroll(scenario: Scenario, quota: pd.DataFrame) -> Payroll:
    """List who is paid: reps in their order, specialists whose role is overlay, staff.

    Parameters
    ----------
    scenario
        With its scheme.
    quota
        Money, reps x quarters.
    """
    table = _everybody(scenario)
    scheme, reps = scenario.scheme, len(scenario.reps)
    days = np.diff([(scenario.year.month(m) - scenario.year.start).days for m in range(13)])
    asked = np.zeros((len(table), 12), np.int64)
    money = quota.loc[scenario.reps.index].to_numpy(dtype="float64")
    asked[:reps] = months_of_quarters(np.vectorize(cents, otypes=[np.int64])(money))
    roles = tuple(table["role"])
    base, incentive = at_target(scheme, roles, table["base_pay"], table["target_incentive"])
    counts = _counts(table, reps)
    factors = differentials(scheme, scenario.reps)
    others = np.full(len(table) - reps, MILLION, np.int64)
    people = People(
        names=tuple(map(str, table.index)),
        roles=roles,
        teams=tuple(table["team"]),
        reps=reps,
        base=base,
        incentive=incentive,
        present=_present(scenario, table, days),
        days=days,
        counts=counts,
        quota=asked,
        target=as_target(scenario.target_amount, asked.sum(axis=0), days),
        times={name: np.concatenate([factor, others]) for name, factor in factors.items()},
    )
    starts = tuple(None if pd.isna(start) else pd.Timestamp(start).date() for start in table["start"])
    read = tuple(name for name in shares_of(scheme) if name.startswith(SCORE))
    return Payroll(
        scheme,
        people,
        scenario.year.start,
        starts,
        accounts_before(scenario, people, scenario.year.month(-12)),
        scored(scenario.scores, people.names, read, scenario.year.months),
    )


def scored(
    table: pd.DataFrame, names: tuple[str, ...], measures: tuple[str, ...], months: tuple[str, ...]
) -> dict[str, tuple[Whole, Whole]]:
    """Read what was scored: of a month its own score counts, else its quarter's, else the year's.

    Parameters
    ----------
    table
        As `scores.csv`.
    names
        The people.
    measures
        Which; score:NAME, or a measure whose past is kept there.
    months
        The twelve months, such as 2027-01.

    Returns
    -------
    By measure millionths times weights, and weights (1 where known), [people, 12] each.
    """
    position = {name: number for number, name in enumerate(names)}
    found = {}
    for measure in measures:
        known = table[table["score"] == measure.removeprefix(SCORE)]
        weighted, weights = (np.zeros((len(names), len(months)), np.int64) for _ in range(2))
        for coarse in (r"year", r"Q\d", r"\d{4}-\d{2}"):
            rows = known[known["period"].str.fullmatch(coarse)]
            for person, period, value in zip(rows["person"], rows["period"], rows["value"], strict=True):
                meant = [_holds(period, number, month) for number, month in enumerate(months)]
                weighted[position[person], meant], weights[position[person], meant] = millionths(value), 1
        found[measure] = (weighted, weights)
    return found


def _holds(period: str, number: int, month: str) -> bool:
    """Say whether a score's period holds a month of the year."""
    return period in ("year", f"Q{number // 3 + 1}", month)


def _everybody(scenario: Scenario) -> pd.DataFrame:
    """Put reps, specialists and staff one below the other, with the columns that pay needs."""
    reps = scenario.reps
    columns = ["role", "team", "leads", "supports", "start", "end", "base_pay", "target_incentive"]
    sellers = reps.assign(leads="", supports="", role=reps.get("role", "rep"))[columns]
    some = scenario.specialists
    helpers = pd.DataFrame(
        {"role": OVERLAY, "team": "", "leads": "", "supports": "", "start": pd.NaT, "end": pd.NaT}
        | {"base_pay": some["pay"], "target_incentive": 0.0},
        index=some.index,
    )[columns]
    staff = scenario.staff.assign(team="", leads=scenario.staff["teams"])[columns]
    parts = [part for part in (sellers, helpers, staff) if len(part)]
    return pd.concat(parts) if len(parts) > 1 else sellers


def _counts(table: pd.DataFrame, reps: int) -> dict[str, Whole]:
    """Say whose sales count for whom: own, of the team, of the company."""
    size = len(table)
    position = {name: number for number, name in enumerate(table.index)}
    own = np.eye(size, dtype=np.int64)
    team = np.zeros((size, size), np.int64)
    teams = table["team"].to_numpy()
    for number, (leads, supports) in enumerate(zip(table["leads"], table["supports"], strict=True)):
        for rep in listed(supports):
            own[number, position[rep]] = 1
        led = listed(leads) or ((teams[number],) if teams[number] else ())
        team[number, :reps] = np.isin(teams[:reps], led)
    company = np.zeros((size, size), np.int64)
    company[:, :reps] = 1
    return {"own": own, "team": team, "company": company}


def _present(scenario: Scenario, table: pd.DataFrame, days: NDArray[np.int64]) -> NDArray[np.int64]:
    ends = np.cumsum(days)
    starts = ends - days
    daily = daily_presence(scenario).astype(np.int64)
    found = np.tile(days, (len(table), 1))
    found[: len(daily)] = np.add.reduceat(daily, starts, axis=1)
    later = table.iloc[len(daily) :]
    first = days_from(scenario, later["start"], -np.inf)
    last = days_from(scenario, later["end"], np.inf)
    overlap = np.minimum(ends, last[:, None]) - np.maximum(starts, first[:, None])
    found[len(daily) :] = np.clip(overlap, 0, None).astype(np.int64)
    return found


def accounts_before(
    scenario: Scenario, people: People, start: date, owner: pd.Series | None = None
) -> dict[Account, Whole]:
    """Add up twelve months of orders from a day on, as the scheme would have credited the reps of then, or
    the owners given by customer.

    Nothing where no goal is last year.
    """
    scheme = scenario.scheme
    if not any(g.held_against == LAST_YEAR for e in scheme.elements.values() for g in gauges(e)):
        return {}
    ledger = ledger_of_orders(scenario, start, owner)
    months = [date(start.year + (start.month + m) // 12, (start.month + m) % 12 + 1, 1) for m in range(12)]
    ends = np.array([float((month - start).days) for month in months])
    credit = credits_of(scheme, people, ledger, Sharing.none(len(scenario.customers), len(scenario.lines)))
    return accounts(scheme, people, ledger, credit, ends, scenario.lines)
