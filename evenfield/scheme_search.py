"""Scheme design by search: candidates from ranges of settings, the best within a pay budget, and what
nothing beats.
"""

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from pydantic import ValidationError
from scipy import stats

from evenfield.comparison import CONFIDENCE
from evenfield.gaming import gaming
from evenfield.scheme_study import figures_of, with_schemes
from evenfield.selection import Selection, pareto, select_best
from optimizer import Plan
from scenarios import InputError, Problem, Scenario
from scenarios.naming import near
from scenarios.pay_elements import Commission, Worth
from scenarios.scheme import Scheme
from simulation import Outcome, simulate_together
from simulation.paying.outlook import UNSEEN_KEYS, outlooks, unseen

Numbers = NDArray[np.float64]

MOST_CANDIDATES = 200
OBJECTIVE = "margin_after_pay"
"""What the best has most of: contribution of bookings less all pay."""

INDIFFERENCE = 0.002
"""Differences of the objective below this share of it are not worth the years they would take."""

FIRST_YEARS = 32
"""Years of every candidate."""

PARETO: dict[str, bool] = {"bookings": True, "pay": False, "pay_for_territory": False, "gaming": False}
"""Motivation, cost, fairness and gaming, and whether more is better."""


@dataclass(frozen=True)
class Range:
    """Values that a setting of an element may take.

    Parameters
    ----------
    element, key
        Which: a name of the scheme, and the key within, entries of lists counted from 1 ("tiers.2.rate").
    values
        To try; none for "no value".
    """

    element: str
    key: str
    values: tuple[Any, ...]

    @property
    def name(self) -> str:
        """Both together."""
        return f"{self.element}.{self.key}"


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
    """

    candidates: pd.DataFrame
    schemes: tuple[Scheme, ...]
    selection: Selection | None
    best: int | None
    unsure: int | None = None
    able: tuple[int, ...] = ()

    @property
    def twins(self) -> tuple[int, ...]:
        """Candidates that did in every year exactly what the best did."""
        if self.selection is None or self.best is None:
            return ()
        kept = self.able.index(self.best)
        return tuple(self.able[k] for k, one in self.selection.same.items() if one == kept)


def read_range(text: str, scheme: Scheme) -> Range:
    """Read a range such as "commission.cap=1.2,1.5,none".

    Raises
    ------
    InputError
        If it is no such thing, or the scheme has no such setting.
    """
    name, sign, listed = text.partition("=")
    values = [_value(word.strip()) for word in listed.split(",") if word.strip()]
    return range_of(name if sign else "", values, scheme, text)


def range_of(name: str, values: Sequence[Any], scheme: Scheme, text: str = "") -> Range:
    """Make a range of a setting called "ELEMENT.KEY".

    Raises
    ------
    InputError
        If the scheme has no such element, reps do not see the setting, or there are no values; `text` is
        what was asked.
    """
    asked = text or name
    element = max((e for e in scheme.elements if name.startswith(f"{e}.")), key=len, default="")
    if not element:
        known = ", ".join(scheme.elements)
        remedy = f"write ELEMENT.KEY=VALUE,VALUE,... with an element of the scheme: {known}"
        guess = near(asked.partition("=")[0].split(".")[0], scheme.elements)
        raise InputError([Problem("--vary", asked, remedy + guess)])
    if not values:
        raise InputError([Problem("--vary", asked, "name the values to try")])
    key = name.removeprefix(f"{element}.")
    hidden = unseen(scheme).get(element, UNSEEN_KEYS)
    if "rep" in scheme.elements[element].roles and (not hidden or key.split(".")[0] in UNSEEN_KEYS):
        remedy = (
            "simulated reps do not see this, so a search would only find out what it costs; vary what pays"
            " for own bookings, invoices or collections"
        )
        raise InputError([Problem("--vary", asked, remedy)])
    return Range(element, key, tuple(values))


def _value(word: str) -> Any:
    if word in ("none", "true", "false"):
        return {"none": None, "true": True, "false": False}[word]
    try:
        return float(word)
    except ValueError:
        return word


def usual_ranges(scheme: Scheme) -> list[Range]:
    """Give ranges where none are asked for: rates above 100 %, where they begin, and the commission's
    share.
    """
    found = []
    for name, element in scheme.elements.items():
        is_hidden = not unseen(scheme).get(name, UNSEEN_KEYS)
        if not isinstance(element, Commission) or "rep" not in element.roles or is_hidden:
            continue
        last = len(element.tiers)
        tier = element.tiers[-1]
        if last > 1:
            found.append(
                Range(name, f"tiers.{last}.rate", tuple(_round(tier.rate * f) for f in (0.75, 1, 1.25)))
            )
        if element.weight is not None and 0 < element.weight < 1:
            weights = sorted({_round(min(element.weight * f, 1.0)) for f in (0.8, 1, 1.2)})
            found.append(Range(name, "weight", tuple(weights)))
        caps = (None, 1.5) if element.cap is None else (element.cap, None)
        found.append(Range(name, "cap", caps))
    return found


def _round(value: float) -> float:
    return float(f"{value:.3g}")


def candidates_of(scheme: Scheme, ranges: Sequence[Range]) -> list[tuple[dict[str, Any], Scheme]]:
    """Make every combination; weights of other elements give way so that they add up to 1.

    Raises
    ------
    InputError
        If there are too many, or one is no sound scheme.
    """
    count = math.prod(len(one.values) for one in ranges)
    if not ranges or count > MOST_CANDIDATES:
        remedy = (
            f"makes {count:,} candidates; vary less, at most {MOST_CANDIDATES}"
            if ranges
            else ("nothing to vary in this scheme; say what with --vary ELEMENT.KEY=VALUE,VALUE")
        )
        raise InputError([Problem("--vary", "", remedy)])
    found, problems = [], []
    for values in itertools.product(*(one.values for one in ranges)):
        chosen = dict(zip((one.name for one in ranges), values, strict=True))
        try:
            found.append((chosen, _varied(scheme, ranges, values)))
        except (ValidationError, KeyError, IndexError, ValueError, TypeError) as error:
            told = error.errors()[0]["msg"] if isinstance(error, ValidationError) else "there is no such key"
            said = ", ".join(f"{key}={value}" for key, value in chosen.items())
            problems.append(Problem("--vary", said, told.removeprefix("Value error, ")))
    if problems:
        raise InputError(problems)
    return found


def _varied(scheme: Scheme, ranges: Sequence[Range], values: Sequence[Any]) -> Scheme:
    raw = scheme.model_dump(mode="json")
    set_weights = {
        one.element: value for one, value in zip(ranges, values, strict=True) if one.key == "weight"
    }
    for one, value in zip(ranges, values, strict=True):
        here: Any = raw["elements"][one.element]
        *path, last = one.key.split(".")
        for part in path:
            here = here[int(part) - 1] if isinstance(here, list) else here[part]
        if isinstance(here, list):
            here[int(last) - 1] = value
        elif last not in here:
            raise KeyError(last)
        else:
            here[last] = value
    _rescale(scheme, raw["elements"], set_weights)
    return Scheme.model_validate(raw)


def _rescale(scheme: Scheme, elements: dict[str, Any], given: Mapping[str, float]) -> None:
    """Let the weights that are not varied give way, role by role."""
    roles = {role for name in given for role in scheme.elements[name].roles}
    for role in roles:
        others = {
            name: element.weight
            for name, element in scheme.for_role(role).items()
            if isinstance(element, Worth)
            and element.weight
            and name not in given
            and element.kind != "penalty"
        }
        fixed = sum(weight for name, weight in given.items() if role in scheme.elements[name].roles)
        left, total = 1 - fixed, sum(others.values())
        for name, weight in others.items():
            elements[name]["weight"] = weight * left / total


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
    """
    sides = with_schemes(scenario, {str(n): scheme for n, (_, scheme) in enumerate(found)})
    tables: dict[int, pd.DataFrame] = {}

    def simulate(which: Sequence[int], years: int) -> None:
        outcomes = simulate_together(
            {str(n): (sides[str(n)], plan) for n in which},
            seed=seed, replications=years, workers=workers, progress=progress, keep=keep, rows=True,
        )  # fmt: skip
        for n in which:
            tables[n] = _figures(sides[str(n)], plan, outcomes[str(n)])

    simulate(range(len(found)), min(FIRST_YEARS, most))
    selection, best = None, None
    able: list[int] = []
    aside: list[int] = []
    while best is None:
        able = [
            n for n in range(len(found)) if n not in aside and not _is_above(tables[n]["pay"], pay_budget)
        ]
        if not able:
            break
        selection = _selected(able, tables, simulate, most)
        first = able[selection.best]
        if _is_within(tables[first]["pay"], pay_budget):
            best = first
        elif len(tables[first]) < most:
            simulate([first], min(2 * len(tables[first]), most))
        elif not _is_above(tables[first]["pay"], pay_budget):
            aside.append(first)
    return Search(
        listed(found, tables, pay_budget, best),
        tuple(scheme for _, scheme in found),
        selection if best is not None else None,
        best,
        aside[0] if aside else None,
        tuple(able),
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
