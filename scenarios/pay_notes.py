"""What a planner may want to know of an incentive scheme though it can be paid: what looks mistaken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from scenarios.errors import Problem
from scenarios.pay_curves import Edge
from scenarios.pay_elements import AnyElement, Bonus, Commission, Contest, Gate, Item, Spiff
from scenarios.pay_measures import SCORE, SHARES, Gauge
from scenarios.pay_terms import Draw, Guarantee

if TYPE_CHECKING:
    from scenarios.scenario import Scenario
    from scenarios.scheme import Scheme

PERCENT = 10.0
"""A share from which on a number may be meant in percent."""

Said = Iterator[tuple[str, float]]
"""Keys and values of shares."""


def notes_of_terms(scheme: Scheme, place: str) -> list[Problem]:
    """List what looks mistaken in a scheme by itself.

    Parameters
    ----------
    place
        Where it stands, for messages: what comes before a key.
    """
    shares = [
        *(("most_incentive", m) for m in (scheme.most_incentive,) if m is not None),
        *((f"differentials number {n}, times", d.times) for n, d in enumerate(scheme.differentials, 1)),
        *(
            (f"elements.{name}{key}", value)
            for name, element in scheme.elements.items()
            for key, value in _shares_of(element)
        ),
    ]
    notes = [_percent(f"{place}{key}", value) for key, value in shares if value >= PERCENT]
    for name, element in scheme.elements.items():
        spot = f"{place}elements.{name}"
        notes += [Problem(f"{spot}{key}", value, remedy) for key, value, remedy in _mistakes(element)]
    return notes


def notes_of_company(scenario: Scenario, scheme: Scheme, place: str, held: set[str]) -> list[Problem]:
    """List what looks mistaken in a scheme for a scenario, and in its target.

    Parameters
    ----------
    held
        Roles that somebody has.
    """
    notes = []
    by_kind: dict[str, tuple[Draw | Guarantee, ...]] = {
        "draws": scheme.draws,
        "guarantees": scheme.guarantees,
    }
    for kind, terms in by_kind.items():
        for number, term in enumerate(terms, 1):
            remedy = "nobody has this role; nobody gets it"
            spot = f"{place}{kind} number {number}, roles"
            notes += [Problem(spot, role, remedy) for role in term.roles if role not in held]
    start, end = scenario.year.start, scenario.year.end
    for name, element in scheme.elements.items():
        if not isinstance(element, Spiff):
            continue
        late = element.first_day is not None and element.first_day >= end
        early = element.last_day is not None and element.last_day < start
        if late or early:
            key, day = ("first_day", element.first_day) if late else ("last_day", element.last_day)
            remedy = f"lies outside the plan year, which begins on {start}; it never pays"
            notes.append(Problem(f"{place}elements.{name}, {key}", str(day), remedy))
    notes += _unlike_scores(scenario, scheme, place)
    growth = scenario.target.growth
    if growth is not None and growth >= PERCENT:
        notes.append(_percent("scenario.toml, target.growth", growth))
    return notes


def _percent(place: str, value: float) -> Problem:
    said = f"this is a share, where 1 is 100 %; is {value / 100:g} meant?"
    return Problem(place, f"{value:g}", said)


def _shares_of(element: AnyElement) -> Said:
    """Give the keys of an element that hold shares, as far as its measures count in shares."""
    if isinstance(element, Spiff):
        return
    if isinstance(element, Contest):
        if element.ranked_by == "attainment":
            yield ", at_least", element.at_least
        yield ", goal_share", element.goal_share
        return
    if isinstance(element, Commission):
        in_shares = element.tiers_in == "attainment"
        for number, tier in enumerate(element.tiers, 1):
            if in_shares:
                yield f", tiers number {number}, at", tier.at
            yield f", tiers number {number}, rate", tier.rate
        if in_shares and element.cap is not None:
            yield ", cap", element.cap
    scored = hasattr(element, "items")
    yield from _steps(getattr(element, "steps", ()), "", in_shares=scored or _counts_in_shares(element))
    yield ", goal_share", element.goal_share
    parts: dict[str, Sequence[Gauge]] = {
        "items": getattr(element, "items", ()),
        "gates": element.gates,
        "multipliers": element.multipliers,
    }
    for kind, some in parts.items():
        for number, part in enumerate(some, 1):
            yield from _of_part(part, f", {kind} number {number}")


def _of_part(part: Gauge, key: str) -> Said:
    in_shares = _counts_in_shares(part)
    yield f"{key}, goal_share", part.goal_share
    if isinstance(part, Gate) and in_shares:
        for name in ("at_least", "at_most"):
            if getattr(part, name) is not None:
                yield f"{key}, {name}", getattr(part, name)
    if isinstance(part, Item) and part.most is not None and in_shares:
        yield f"{key}, most", part.most
    yield from _steps(getattr(part, "steps", ()), key, in_shares=in_shares)


def _steps(steps: Sequence[Edge], key: str, *, in_shares: bool) -> Said:
    """Give edges and values of steps; the last `up_to` may be as large as one likes."""
    for number, step in enumerate(steps, 1):
        if in_shares and (step.at is not None or number < len(steps)):
            yield f"{key}, steps number {number}, {'at' if step.at is not None else 'up_to'}", step.edge
        name = next(n for n in ("pays", "times", "costs") if hasattr(step, n))
        yield f"{key}, steps number {number}, {name}", step.value


def _counts_in_shares(gauge: Gauge) -> bool:
    """Say whether edges are shares: of a goal, or of a measure that is one. Scores are as they are given."""
    return gauge.held_against is not None or gauge.measure in SHARES


def _mistakes(element: AnyElement) -> list[tuple[str, str, str]]:
    """List what can hardly be meant: key, value, why."""
    found = []
    if isinstance(element, Spiff) and element.most_pay is not None and element.most_pay < element.per_deal:
        remedy = f"is less than what one deal pays, {element.per_deal:g}; every deal is cut to it"
        found.append((", most_pay", f"{element.most_pay:g}", remedy))
    if isinstance(element, Commission) and element.cap is not None:
        begins = next((tier.at for tier in element.tiers if tier.rate > 0), None)
        if begins is not None and element.cap <= begins:
            remedy = f"pay ends here before it begins, at {begins:g}; it never pays"
            found.append((", cap", f"{element.cap:g}", remedy))
    if not isinstance(element, Bonus) or "steps" in element.model_fields_set:
        return found
    if element.measure in ("satisfaction", "visits_kept") and element.held_against is None:
        remedy = f"without steps it pays at a {element.measure} of 100 % only; give steps"
        found.append((", steps", "", remedy))
    return found


def _unlike_scores(scenario: Scenario, scheme: Scheme, place: str) -> list[Problem]:
    """Compare the scores that were given with the edges they are held against: 86 beside 0.9, or 0.86 beside
    90.
    """
    notes = []
    for name, element in scheme.elements.items():
        if isinstance(element, Spiff):
            continue
        for part in (element, *getattr(element, "items", ()), *getattr(element, "gates", ())):
            score = part.measure.removeprefix(SCORE)
            given = scenario.scores["value"][scenario.scores["score"] == score]
            edges = [step.edge for step in getattr(part, "steps", ())] + [getattr(part, "at_least", None)]
            known = [edge for edge in edges if edge]
            if isinstance(part, Item) and not part.steps:
                known = [part.held_against] if isinstance(part.held_against, float) else [1.0]
            if not part.measure.startswith(SCORE) or given.empty or not known:
                continue
            most, edge = float(given.max()), max(known)
            if most >= PERCENT * edge or edge >= PERCENT * most > 0:
                remedy = f"scores.csv has {score} up to {most:g}, which is held against {edge:g}; "
                remedy += "both must count in the same"
                notes.append(Problem(f"{place}elements.{name}, measure", part.measure, remedy))
    return notes
