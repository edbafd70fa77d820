"""What is found in conditions and terms: gates, penalties, draws, contests, weights, pay at 100 %."""

from collections.abc import Iterable

import numpy as np

from scenarios.pay_elements import Contest, Gate, Penalty
from scenarios.pay_measures import MILLION, MONEY, SCORE, Gauge, finest
from scenarios.scheme import Scheme
from simulation.paying.exact import Whole
from simulation.paying.linting.finding import OFF_TARGET, Finding
from simulation.paying.linting.paying import Payer, edges_of, goal_of
from simulation.paying.linting.slopes import MOST, Followed
from simulation.paying.people import People
from simulation.paying.results import Results, gauges

SALES_AT = (0.5, 0.9, 1.0, 1.2, 1.5)
"""Attainments at which other measures are varied."""

STEPS = 200


def target_pay(it: Followed) -> list[Finding]:
    """Find pay at 100 % that is not the target incentive, and weights that do not add up."""
    subject = it.subject
    scheme, target = subject.scheme, subject.incentive
    off = [f for f in scheme.faults_of_weights() if f[0] == f"elements of {subject.role}"]
    paid = it.year.at(1.0)
    facts: dict[str, float | str] = {"paid": paid / 100, "target": target / 100, "off": (paid - target) / 100}
    if off:
        total = float(off[0][1])
        facts |= {"sum": total}
        some = tuple(
            n for n, e in subject.elements.items() if getattr(e, "weight", None) and e.kind != "penalty"
        )
        return [_found(it, "weights", True, some, abs(1 - total) * target, facts)]
    weighs = any(getattr(e, "weight", None) for e in subject.elements.values())
    known = not subject.is_typical or subject.has_incentive
    if not known or not target or abs(paid - target) <= OFF_TARGET * target:
        return []
    facts |= {"share": paid / target}
    return [_found(it, "target pay", weighs, tuple(subject.elements), abs(paid - target), facts)]


def gates(it: Followed) -> list[Finding]:
    """Find gates that nothing closes, or nothing opens, within what is possible."""
    found = []
    for name, element in it.subject.elements.items():
        if isinstance(element, Penalty):
            continue
        for number, gate in enumerate(getattr(element, "gates", ())):
            shut = gate.model_copy(update={"at_least": 1e9, "at_most": None})
            here, free, never = (
                _over(it.payer, gate, _gated(it.subject.scheme, name, *some), name)
                for some in ((gate,), (), (shut,))
            )
            facts = _bar(gate) | {"number": float(number + 1), "paid": float(free.max()) / 100}
            if np.array_equal(here, free):
                found.append(_found(it, "gate", True, (name,), 0, facts | {"why": "missed"}))
            elif np.array_equal(here, never):
                found.append(_found(it, "gate", True, (name,), int(free.max()), facts | {"why": "reached"}))
    return found


def penalties(it: Followed) -> list[Finding]:
    """Find penalties that take nothing, whatever happens."""
    found = []
    for name, element in it.subject.elements.items():
        if not isinstance(element, Penalty):
            continue
        dials = [g for g in gauges(element) if not isinstance(g, Gate)] or [element]
        kept = {n: e for n, e in it.subject.scheme.elements.items() if n != name}
        without = it.subject.scheme.model_copy(update={"elements": kept})
        bites = any(
            (_over(it.payer, gauge, it.subject.scheme) != _over(it.payer, gauge, without)).any()
            for gauge in dials
        )
        if not bites:
            facts: dict[str, float | str] = {
                "measure": element.measure,
                "edge": max(s.edge for s in element.steps),
            }
            found.append(_found(it, "penalty", True, (name,), 0, facts))
    return found


def other_drops(it: Followed) -> list[Finding]:
    """Find measures beside sales of which more earns less; of cost: less earns less."""
    found = []
    seen: dict[str, list[Gauge]] = {}
    for element in it.subject.elements.values():
        for gauge in gauges(element):
            if gauge.measure not in MONEY:
                seen.setdefault(gauge.measure, []).append(gauge)
    for measure, some in seen.items():
        values = _values(it.payer, some)
        paid = it.payer.total(_at_100(it.payer, measure, values))
        order = paid[::-1] if measure == "cost" else paid
        behind = np.maximum.accumulate(order) - order
        low = int(np.argmax(behind))
        if behind[low] <= 100:
            continue
        high = int(np.argmax(order[: low + 1]))
        scale = values[::-1] if measure == "cost" else values
        unit = finest(measure)
        facts: dict[str, float | str] = {
            "measure": measure,
            "from_value": scale[high] / unit,
            "to_value": scale[low] / unit,
            "before": order[high] / 100,
            "after": order[low] / 100,
        }
        found.append(_found(it, "drop", True, (), int(behind[low]), facts))
    return found


def draws(it: Followed) -> list[Finding]:
    """Find advances that are more than what can be earned at 100 %."""
    subject, found = it.subject, []
    year = subject.people.incentive[subject.person]
    for number, draw in enumerate(subject.scheme.draws, 1):
        if subject.role in draw.roles and draw.amount * 1200 > year:
            facts: dict[str, float | str] = {
                "number": float(number),
                "monthly": draw.amount,
                "yearly": draw.amount * 12,
                "target": year / 100,
            }
            found.append(_found(it, "draw", True, (), int(draw.amount * 1200) - year, facts))
    return found


def contests(scheme: Scheme, people: People) -> list[Finding]:
    """Find contests that everybody wins, of people or teams who are there."""
    found = []
    for name, element in scheme.elements.items():
        if not isinstance(element, Contest):
            continue
        able = [p for p in range(len(people)) if people.roles[p] in element.roles]
        teams = {people.teams[p] for p in able} - {""}
        count = len(able) if element.between == "people" else len(teams)
        if count <= len(element.prizes):
            facts: dict[str, float | str] = {
                "prizes": float(len(element.prizes)),
                "count": float(count),
                "between": element.between,
                "sure": element.prizes[count - 1] if count else 0.0,
            }
            role = ", ".join(element.roles)
            size = sum(element.prizes[count:]) or facts["sure"]
            is_fault = count < len(element.prizes)
            found.append(Finding("contest", is_fault, role, role, (name,), float(size), facts, max(count, 1)))
    return found


def _over(payer: Payer, gauge: Gauge, scheme: Scheme, name: str = "") -> Whole:
    """Pay for all values of a gauge, at several levels of sales; one element or everything, cents."""
    if gauge.measure in MONEY:
        levels = sorted(
            {n / 50 for n in range(151)} | _around(edges_of(gauge), gauge.goal_share * goal_of(gauge))
        )
        results = [payer.results(payer.even([level for level in levels if level <= 3]))]
        if gauge.measure == "new_customer_bookings":
            sales = payer.even(levels)
            results = [payer.results(payer.even([1.0] * len(levels)), new=sales)]
    else:
        values = _values(payer, [gauge])
        results = [
            payer.results(payer.even([level] * len(values)), {gauge.measure: values}) for level in SALES_AT
        ]
    alone = name and not isinstance(scheme.elements[name], Penalty)
    return np.concatenate(
        [payer.earned(r, scheme)[name] if alone else payer.total(r, scheme) for r in results]
    )


def _at_100(payer: Payer, measure: str, values: Whole) -> Results:
    return payer.results(payer.even([1.0] * len(values)), {measure: values})


def _values(payer: Payer, some: Iterable[Gauge]) -> Whole:
    """List all a measure may be: shares up to 1, cost up to 300 %, scores twice beyond their last edge."""
    some = list(some)
    measure = some[0].measure
    unit = finest(measure)
    edges = {round(edge * goal_of(g) * unit) for g in some for edge in edges_of(g)}
    par = payer.par.get(measure, unit)
    if measure == "cost":
        most = round(MOST * MILLION)
    elif measure.startswith(SCORE) or unit != MILLION:
        most = 2 * max([par, *edges])
    else:
        most = MILLION
    if unit != MILLION:
        return np.unique(np.linspace(0, 3 * par, STEPS + 1).astype(np.int64))
    near = {edge + by for edge in edges for by in (-1, 0, 1)}
    return np.array(
        sorted({*np.linspace(0, most, STEPS + 1).astype(int).tolist(), *(x for x in near if 0 <= x <= most)})
    )


def _around(edges: Iterable[float], unit: float) -> set[float]:
    return {max(edge * unit + by, 0.0) for edge in edges for by in (-1e-6, 0.0, 1e-6)}


def _bar(gate: Gate) -> dict[str, float | str]:
    least = gate.at_least is not None
    edge = gate.at_least if gate.at_least is not None else gate.at_most or 0.0
    return {
        "measure": gate.measure,
        "edge": edge,
        "side": "at least" if least else "at most",
        "goal": str(gate.held_against or ""),
    }


def _gated(scheme: Scheme, name: str, *gates: Gate) -> Scheme:
    """Give an element other gates than it has."""
    element = scheme.elements[name].model_copy(update={"gates": gates})
    return scheme.model_copy(update={"elements": {**scheme.elements, name: element}})


def _found(
    it: Followed,
    kind: str,
    is_fault: bool,
    elements: tuple[str, ...],
    size: float,
    facts: dict[str, float | str],
) -> Finding:
    facts = {key: value if isinstance(value, str) else float(value) for key, value in facts.items()}
    return Finding(kind, is_fault, it.subject.role, it.subject.name, elements, round(size) / 100, facts)
