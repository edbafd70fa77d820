"""Make a scenario's plan of quotas: baseline, targets, floors and ceilings in one model, in whole units."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.quotas.baselines import Baseline, baseline
from optimizer.quotas.clash import smallest_clash
from optimizer.quotas.cube import Cube
from optimizer.quotas.departure import Infeasible, Model, NotSettled
from optimizer.quotas.drivers import served, sold_last_year
from optimizer.quotas.feasibility import fits, shortfall
from optimizer.quotas.laws import Law
from optimizer.quotas.notices import COLUMNS, Row, notices
from optimizer.quotas.settling import settle
from optimizer.quotas.totals import Total, Totals
from optimizer.quotas.tree import Tree
from optimizer.quotas.whole import NotWhole, whole_units
from scenarios import NoPlanExists, NoPlanFoundInTime, Scenario
from scenarios.errors import InputError, Problem
from scenarios.targets import TargetPart

COMPANY = "target of the company"

WHOLE = 1e-6
"""Units: what a share of a target may be off a whole number for floating point alone."""


@dataclass(frozen=True, eq=False)
class QuotaPlan:
    """Who is asked for what before anybody edits it.

    Parameters
    ----------
    cube
        Whole amounts.
    base
        The baseline it follows.
    notices
        As of `notices.notices`.
    demands
        By name: money asked of the company and of parts of it.
    """

    cube: Cube
    base: Baseline
    notices: pd.DataFrame
    demands: dict[str, float]


@dataclass(frozen=True, eq=False)
class _Demand:
    """A target, a floor or a ceiling: what it is called and the totals it limits."""

    name: str
    totals: tuple[Total, ...]
    words: str


def plan_quotas(scenario: Scenario, owner: pd.Series, law: Law | None = None) -> QuotaPlan:
    """Divide the company's target into quotas.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.
    law
        As in `baseline`.

    Raises
    ------
    NoPlanExists
        If targets of parts, floors or ceilings leave no room for the target; the reasons name a smallest set
        that clashes.
    """
    base = baseline(scenario, owner, law)
    unit = scenario.target.rounding_unit
    listed = notices(scenario, owner, base)
    units = round(scenario.target_amount / unit)
    cells, parts, orphans, lost = _parts(scenario, owner, base, base.shares * units, units)
    asked = units - round(base.stranded * units) - lost
    if asked < 0:
        reason = f"quotas: parts nobody can be asked for ({_money(lost * unit)}) exceed the company's target"
        raise NoPlanExists([reason, *(row[4] for row in orphans)])
    demands = [_company(asked, cells.shape, unit), *parts, *_limits(scenario, owner, base)]
    listed = pd.concat([listed, pd.DataFrame(orphans, columns=list(COLUMNS))], ignore_index=True)
    model = _model(scenario, cells, demands)
    try:
        whole = whole_units(model, settle(model).amounts)
    except Infeasible:
        raise NoPlanExists(_clash(scenario, cells, demands)) from None
    except NotSettled:
        way = 'departure = "relative" in [quotas] is easier'
        raise NoPlanFoundInTime(f"quotas: the targets fit, but no answer was found; {way}") from None
    except NotWhole:
        reason = f"quotas: no multiples of {unit:g} meet all targets; choose a smaller rounding unit"
        raise NoPlanExists([reason]) from None
    cube = Cube(base.people, base.lines, base.periods, whole, unit)
    targets = {d.name: _sum(whole, d.totals[0]) * unit for d in (demands[0], *parts)}
    return QuotaPlan(cube, base, listed, targets)


def _sum(whole: np.ndarray, total: Total) -> float:
    return float(whole[total.people][:, total.cells].sum())


def yearly_limits(scenario: Scenario, owner: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Give the least and largest yearly quota of each rep, in whole rounding units.

    Returns
    -------
    By rep in the scenario's order; a floor and a ceiling are shares of last year's sales of the customers a
    rep serves; who sold nothing has no ceiling.
    """
    sales = served(scenario, owner, scenario.last_year_sales.clip(lower=0)).to_numpy()
    unit, quotas = scenario.target.rounding_unit, scenario.quotas
    lower = np.ceil(sales * (quotas.floor or 0.0) / unit - 1e-9)
    upper = np.full(len(sales), np.inf)
    if quotas.ceiling is not None:
        upper = np.where(sales > 0, np.floor(sales * quotas.ceiling / unit + 1e-9), np.inf)
    return lower, upper


def _model(scenario: Scenario, cells: np.ndarray, demands: list[_Demand]) -> Model:
    totals = tuple(total for demand in demands for total in demand.totals)
    nothing, most = np.zeros(cells.shape), np.full(cells.shape, np.inf)
    return Model(cells, nothing, most, Totals(totals, cells.shape), scenario.quotas.departure)


def _company(units: int, shape: tuple[int, ...], unit: float) -> _Demand:
    limit = np.array([float(units)])
    everybody, everything = np.ones(shape[0], dtype=bool), np.ones(shape[1:], dtype=bool)
    total = Total(everybody, everything, limit, limit, each=False)
    return _Demand(COMPANY, (total,), f"the target is {_money(units * unit)}")


def _parts(
    scenario: Scenario, owner: pd.Series, base: Baseline, cells: np.ndarray, units: int
) -> tuple[np.ndarray, list[_Demand], list[Row], int]:
    """Give the targets of parts, cells with what is routed, a row for what nobody sells, and its units."""
    unit, cells, asked, orphans = scenario.target.rounding_unit, cells.copy(), [], []
    for number, part in enumerate(scenario.target.parts, start=1):
        people, where = _where(base, part, number)
        wanted = _units(scenario, owner, base, part, number, units)
        if wanted > 0 and not cells[people][:, where].any():
            if part.line not in scenario.quotas.route:
                orphans.append((part, np.multiply.outer(people, where), wanted))
                continue
            cells += _routed(base, scenario.quotas.route[part.line], part.line, where, wanted)
        asked.append((part, people, where, wanted))
    own = [o for o in orphans if not any(o is not p and _within(o, p, orphans) for p in orphans)]
    demands = []
    for part, people, where, wanted in asked:
        mask = np.multiply.outer(people, where)
        exact = wanted - sum(w for _, lost, w in own if (mask | ~lost).all())
        low, high = np.array([np.floor(exact + WHOLE)]), np.array([np.ceil(exact - WHOLE)])
        total = Total(people, where, low, high, each=False)
        demands.append(_Demand(part.title, (total,), f"the {part.title} is {_money(round(exact) * unit)}"))
    words = "nobody there has a driver for it, so it is asked of nobody; route it (quotas.route)"
    rows: list[Row] = [
        ("orphan target", p.node, p.line, w * unit, f"{p.title}: {words}") for p, _, w in orphans
    ]
    return cells, demands, rows, round(sum(w for _, _, w in own))


_Orphan = tuple[TargetPart, np.ndarray, float]


def _within(one: _Orphan, other: _Orphan, orphans: Sequence[_Orphan]) -> bool:
    """Say whether one part is inside another; of two that are alike, the later one is."""
    same = (one[1] == other[1]).all()
    if same:
        places = [next(k for k, o in enumerate(orphans) if o is which) for which in (one, other)]
        return places[0] > places[1]
    return bool((other[1] | ~one[1]).all())


def _routed(base: Baseline, node: str, line: str, where: np.ndarray, asked: float) -> np.ndarray:
    """Share a line that nobody has a driver for among those of a node, as their other quotas are."""
    chosen = base.people.under(base.people.find(node, f"scenario.toml, quotas.route.{line}"))
    weight = np.zeros(base.shares.shape)
    weight[chosen] = base.shares[chosen].sum(axis=1, keepdims=True) * where
    if not weight.any():
        weight[chosen] = where
    return weight * (asked / weight.sum())


def _where(base: Baseline, part: TargetPart, number: int) -> tuple[np.ndarray, np.ndarray]:
    place = f"scenario.toml, target.parts {number}"
    people, lines, periods = (
        _leaves(tree, name, f"{place}, {key}")
        for tree, name, key in (
            (base.people, part.node, "node"),
            (base.lines, part.line, "line"),
            (base.periods, part.period, "period"),
        )
    )
    return people, np.outer(lines, periods)


def _leaves(tree: Tree, name: str, place: str) -> np.ndarray:
    chosen = np.zeros(len(tree.leaves), dtype=bool)
    chosen[tree.under(tree.find(name, place) if name else 0)] = True
    return chosen


def _units(
    scenario: Scenario, owner: pd.Series, base: Baseline, part: TargetPart, number: int, units: int
) -> float:
    """Units a part is asked for; not whole where it is a share or a growth of something."""
    if part.amount is not None:
        whole = round(part.amount / scenario.target.rounding_unit)
        if abs(part.amount / scenario.target.rounding_unit - whole) > 1e-6:
            place = f"scenario.toml, target.parts {number}, amount"
            remedy = f"give a multiple of the rounding unit, {scenario.target.rounding_unit:g}"
            raise InputError([Problem(place, f"{part.amount:,.2f}", remedy)])
        return float(whole)
    if part.share is not None:
        return part.share * units
    people, where = _where(base, part, number)
    sold = float(sold_last_year(scenario, owner)[base.rep][people][:, where].sum())
    return sold * (1 + (part.growth or 0.0)) / scenario.target.rounding_unit


def _limits(scenario: Scenario, owner: pd.Series, base: Baseline) -> list[_Demand]:
    lower, upper = (limit[base.rep] for limit in yearly_limits(scenario, owner))
    asked = base.shares.sum(axis=(1, 2)) > 0
    demands, everything = [], np.ones(base.shares.shape[1:], dtype=bool)
    for kind, limit, none in (("floor", lower, 0.0), ("ceiling", upper, np.inf)):
        for leaf in np.flatnonzero(asked & (limit != none)):
            one = np.zeros(len(limit), dtype=bool)
            one[leaf] = True
            low = limit[leaf] if kind == "floor" else -np.inf
            high = limit[leaf] if kind == "ceiling" else np.inf
            total = Total(one, everything, np.array([low]), np.array([high]), each=False)
            money = limit[leaf] * scenario.target.rounding_unit
            name = f"{kind} of {base.people.names[base.people.leaves[leaf]]}"
            demands.append(_Demand(name, (total,), f"the {name} is {_money(money)}"))
    return demands


def _clash(scenario: Scenario, cells: np.ndarray, demands: list[_Demand]) -> list[str]:
    """Say which targets, floors and ceilings cannot be kept together; many of one kind by their sum."""
    by_name = {demand.name: demand for demand in demands}

    def fit(names: Sequence[str]) -> bool:
        return fits(_model(scenario, cells, [by_name[name] for name in names]))

    names = smallest_clash(list(by_name), fit)
    ways = [way for name in names if "target" in name for way in _ways(scenario, cells, demands, name)]
    words = []
    for kind in ("floor", "ceiling"):
        some = [by_name[name].totals[0] for name in names if name.startswith(f"{kind} of ")]
        if len(some) > 1:
            units = sum(float(t.lower[0] if kind == "floor" else t.upper[0]) for t in some)
            words.append(f"the {kind}s add up to {_money(units * scenario.target.rounding_unit)}")
            names = [name for name in names if not name.startswith(f"{kind} of ")]
    words += [by_name[name].words for name in names]
    return [f"quotas: {', '.join(words)}", *ways]


def _ways(scenario: Scenario, cells: np.ndarray, demands: list[_Demand], name: str) -> list[str]:
    """Say which other target of one name lets all others hold: the nearest, if it was tried and holds."""
    row = next(k for k, demand in enumerate(demands) if demand.name == name)
    gap = shortfall(_model(scenario, cells, demands), np.arange(len(demands)) == row)
    if gap is None or not gap[row]:
        return []
    old = demands[row].totals[0]
    wanted = np.array([np.rint((old.upper if gap[row] > 0 else old.lower)[0] + gap[row])])
    changed = _Demand(name, (Total(old.people, old.cells, wanted, wanted, each=False),), "")
    if not fits(_model(scenario, cells, [*demands[:row], changed, *demands[row + 1 :]])):
        return []
    unit = scenario.target.rounding_unit
    return [f"way out: {name}: {_money(wanted[0] * unit)} instead of {_money(old.upper[0] * unit)}"]


def _money(amount: float) -> str:
    return f"{amount:,.0f}" if float(amount).is_integer() else f"{amount:,.2f}"
