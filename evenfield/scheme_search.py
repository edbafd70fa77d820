"""Scheme design by search: the best of some candidates within a pay budget, and what nothing beats."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from evenfield.comparison import CONFIDENCE
from evenfield.gaming import gaming
from evenfield.scheme_study import figures_of, with_schemes
from evenfield.selection import Selection, pareto, select_best
from optimizer import Plan
from scenarios import Scenario
from scenarios.scheme import Scheme
from simulation import Outcome, simulate_together
from simulation.paying.outlook import outlooks
from simulation.replicating.beliefs import Beliefs
from simulation.replicating.outcome import INTERRUPTED

Numbers = NDArray[np.float64]

OBJECTIVE = "margin_after_pay"
"""What the best has most of: contribution of bookings less all pay."""

INDIFFERENCE = 0.002
"""Differences of the objective below this share of it are not worth the years they would take."""

FIRST_YEARS = 32
"""Years of every candidate."""

FEWEST = 2
"""Years without which an interrupted search has nothing to say."""

PARETO: dict[str, bool] = {"bookings": True, "pay": False, "pay_for_territory": False, "gaming": False}
"""Motivation, cost, fairness and gaming, and whether more is better."""


@dataclass(frozen=True, eq=False)
class Search:
    """What a search found.

    Parameters
    ----------
    candidates
        A row a candidate: the settings varied, years, the means of the figures over the first years, which
        all have and in which all had the same luck; pay_known, mean pay over all its years, with
        pay_half_width of its 99 % interval; within (the budget: yes, no, unsure), on_frontier and best.
    schemes
        In the same order.
    selection
        Of the candidates within the budget, by position among `able`; without those set aside as unsure.
    best
        Position of the one chosen, whose pay is within the budget for sure; none where none's is.
    unsure
        Position of one with more margin whose pay may or may not be within the budget; none where there is
        none.
    able
        Positions of the candidates that the selection is of.
    is_interrupted
        Whether it was stopped from the keyboard: the best so far is then that of the years there are.
    """

    candidates: pd.DataFrame
    schemes: tuple[Scheme, ...]
    selection: Selection | None
    best: int | None
    unsure: int | None = None
    able: tuple[int, ...] = ()
    is_interrupted: bool = False

    @property
    def twins(self) -> tuple[int, ...]:
        """Candidates that did in every year exactly what the best did."""
        if self.selection is None or self.best is None:
            return ()
        kept = self.able.index(self.best)
        return tuple(self.able[k] for k, one in self.selection.same.items() if one == kept)


def search_schemes(
    scenario: Scenario,
    plan: Plan,
    found: Sequence[tuple[dict[str, Any], Scheme]],
    *,
    pay_budget: float | None = None,
    seed: int = 1,
    most: int = 640,
    workers: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
    keep: Path | None = None,
) -> Search:
    """Find the candidate with the most margin after pay among those within the budget, in years they share.

    All candidates live through 32 years. Those whose pay is above the budget for sure (99 %) are out; among
    the others the procedure of Kim and Nelson finds the best with 95 % (`selection.py`). If its pay is not
    within the budget for sure, it lives through more years; where `most` years do not tell, it is set aside
    as unsure and the next best is asked for. What nothing beats in bookings, pay, fairness and gaming is
    listed beside, by the years that all have.

    Parameters
    ----------
    found
        Settings and scheme of each candidate, as of `candidates_of`.
    pay_budget
        Most pay a year on average, base pay included, money; none: no limit.
    most
        Most years of a candidate.
    seed, workers, progress, keep
        As in `simulation.simulate_together`.

    Interrupted from the keyboard it gives who is ahead so far; `Search.is_interrupted` says so.

    Raises
    ------
    KeyboardInterrupt
        If interrupted before all had two years.
    """
    sides = with_schemes(scenario, {str(n): scheme for n, (_, scheme) in enumerate(found)})
    tables: dict[int, pd.DataFrame] = {}
    beliefs = Beliefs()

    def simulate(which: Sequence[int], years: int) -> None:
        """Bring candidates to so many years, going on from those they have."""
        for since in sorted({len(tables.get(n, ())) for n in which}):
            here = [n for n in which if len(tables.get(n, ())) == since]
            outcomes = simulate_together(
                {str(n): (sides[str(n)], plan) for n in here},
                seed=seed, replications=years, workers=workers, progress=progress, keep=keep, rows=True,
                since=since, beliefs=beliefs,
            )  # fmt: skip
            for n in here:
                more = _figures(sides[str(n)], plan, outcomes[str(n)])
                tables[n] = pd.concat([tables[n], more], ignore_index=True) if since else more
            if outcomes[str(here[0])].stopped == INTERRUPTED:
                raise KeyboardInterrupt

    try:
        simulate(range(len(found)), min(FIRST_YEARS, most))
        best, selection, able, aside = _searched(len(found), tables, simulate, pay_budget, most)
    except KeyboardInterrupt:
        if len(tables) < len(found) or min(map(len, tables.values())) < FEWEST:
            raise
        return _best_so_far(found, tables, pay_budget)
    return Search(
        listed(found, tables, pay_budget, best),
        tuple(scheme for _, scheme in found),
        selection if best is not None else None,
        best,
        aside[0] if aside else None,
        tuple(able),
    )


def _searched(
    count: int,
    tables: dict[int, pd.DataFrame],
    simulate: Callable[[Sequence[int], int], None],
    pay_budget: float | None,
    most: int,
) -> tuple[int | None, Selection | None, list[int], list[int]]:
    """Give the best within the budget, the selection it comes from and whose, and who is set aside."""
    aside: list[int] = []
    while True:
        able = [n for n in range(count) if n not in aside and not _is_above(tables[n]["pay"], pay_budget)]
        if not able:
            return None, None, able, aside
        selection = _selected(able, tables, simulate, most)
        first = able[selection.best]
        if _is_within(tables[first]["pay"], pay_budget):
            return first, selection, able, aside
        if len(tables[first]) < most:
            simulate([first], min(2 * len(tables[first]), most))
        elif not _is_above(tables[first]["pay"], pay_budget):
            aside.append(first)


def _best_so_far(
    found: Sequence[tuple[dict[str, Any], Scheme]], tables: Mapping[int, pd.DataFrame], budget: float | None
) -> Search:
    """Say who is ahead in the years that all have, among those whose pay is within the budget for sure."""
    shared = min(map(len, tables.values()))
    able = [n for n, table in tables.items() if _is_within(table["pay"], budget)]
    means = {n: float(tables[n][OBJECTIVE][:shared].mean()) for n in able}
    best = max(able, key=lambda n: means[n]) if able else None
    return Search(
        listed(found, tables, budget, best),
        tuple(scheme for _, scheme in found),
        None,
        best,
        able=tuple(able),
        is_interrupted=True,
    )


def _selected(
    able: list[int],
    tables: dict[int, pd.DataFrame],
    simulate: Callable[[Sequence[int], int], None],
    most: int,
) -> Selection:
    """Find the best of some candidates, simulating more years where they are needed."""

    def draw(which: list[int], years: int) -> Numbers:
        short = [able[k] for k in which if len(tables[able[k]]) < years]
        if short:
            simulate(short, years)
        return np.column_stack([tables[able[k]][OBJECTIVE].to_numpy()[:years] for k in which])

    worth = max(abs(float(tables[n][OBJECTIVE].mean())) for n in able)
    return select_best(draw, len(able), INDIFFERENCE * worth or 1.0, most=most)


def _is_above(pay: pd.Series, budget: float | None) -> bool:
    """Say whether mean pay is above a budget for sure."""
    return budget is not None and float(pay.mean()) - _half_width(pay) > budget


def _is_within(pay: pd.Series, budget: float | None) -> bool:
    """Say whether mean pay is within a budget for sure."""
    return budget is None or float(pay.mean()) + _half_width(pay) <= budget


def _figures(scenario: Scenario, plan: Plan, outcome: Outcome) -> pd.DataFrame:
    roll = outcome.held.roll
    people = roll.people
    asked = people.quota[: people.reps].astype(np.float64) / 100
    year, quarter = asked.sum(axis=1), asked[:, :3].sum(axis=1)
    part = np.divide(quarter, year, out=np.full(len(year), 0.25), where=year > 0)
    worth = np.array(people.incentive[: people.reps]) / 100 * part
    views = [quarters[0] for quarters in outlooks(roll.scheme, people, roll.before)]
    return figures_of(scenario, plan, outcome).assign(gaming=gaming(views, quarter, worth))


def _half_width(values: pd.Series) -> float:
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(values) - 1))
    return reach * float(values.std(ddof=1)) / math.sqrt(len(values))


def listed(
    found: Sequence[tuple[dict[str, Any], Scheme]],
    tables: Mapping[int, pd.DataFrame],
    budget: float | None,
    best: int | None,
) -> pd.DataFrame:
    """List candidates by the years that all have, in which all had the same luck; see `Search`."""
    rows = []
    shared = min(len(table) for table in tables.values())
    for n, (chosen, _) in enumerate(found):
        means = {str(name): float(value) for name, value in tables[n][:shared].mean().items()}
        known = {"pay_known": float(tables[n]["pay"].mean()), "pay_half_width": _half_width(tables[n]["pay"])}
        within = "yes"
        if not _is_within(tables[n]["pay"], budget):
            within = "no" if _is_above(tables[n]["pay"], budget) else "unsure"
        rows.append({**chosen, "years": len(tables[n]), **means, **known, "within": within})
    table = pd.DataFrame(rows)
    some = np.flatnonzero((table["within"] != "no").to_numpy())
    goals = table[list(PARETO)].fillna(0).to_numpy(dtype="float64")[some]
    front = some[pareto(goals, tuple(PARETO.values()))] if len(some) else some
    return table.assign(on_frontier=table.index.isin(front), best=table.index == best)
