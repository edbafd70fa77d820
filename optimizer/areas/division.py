"""Divide geographic units among territories: what is asked is checked and written as arrays."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Literal

import numpy as np

from optimizer.areas.contiguity import components
from optimizer.areas.engine import Engine
from optimizer.areas.kernels import EMPTY
from optimizer.areas.model import Model, nearest_units
from optimizer.areas.units import Areas, Compactness, Division, Limits, join_islands
from optimizer.core.stopping import Progress, Watch
from scenarios.errors import InputError, NoPlanExists, Problem

Islands = Literal["join", "exempt", "apart"]
"""What becomes of units that nothing links to the largest component: joined to the nearest unit, free of the
duty to be connected, or territories of their own."""

LARGE = 0.25
"""Share of the most a territory may have from which a unit is looked at as the only way to others."""

EXPONENT = {"inertia": 2.0, "median": 1.0}


def divide(
    areas: Areas,
    territories: int,
    *,
    balance: Mapping[str, Limits] | None = None,
    compactness: Compactness = "inertia",
    contiguous: bool = True,
    centers: Sequence[str] | None = None,
    islands: Islands = "join",
    today: Sequence[str] | None = None,
    move_km: float = 0.0,
    time_limit: float | None = None,
    work_limit: float | None = None,
    gap: float = 1e-3,
    seed: int = 1,
    progress: Progress | None = None,
) -> Division:
    """Divide units among territories, compact, balanced and each in one piece, with a bound.

    Parameters
    ----------
    areas
        The units. Memory grows with their square: 3,000 take about 200 MB.
    territories
        How many.
    balance
        By name of a measure: the share by which a territory's load may lie off an equal one, or the least and
        the most it may be, in the measure's unit.
    compactness
        "inertia" (weight x km squared) or "median" (weight x km).
    contiguous
        Whether each territory has to be in one piece.
    centers
        Names of units that are the centers, one a territory; free where not given.
    islands
        See `Islands`. Links that were made are in the log.
    today
        Each unit's territory today, under any names, "" where it has none. Where they are as many as asked
        for, they are a start of the search.
    move_km
        What it counts that a unit leaves its territory of today: as much as if its center were so many
        kilometers away, on top. Territories are today's where their centers are.
    time_limit
        Seconds of wall time; None: 60, or unlimited where there is a work limit.
    work_limit
        Steps of the search; the same answer on every machine. A node of a program's tree counts as 20,000.
    gap
        Good enough: stop when proved to be within this fraction of the best.
    seed
        Seed of all searches.
    progress
        Told best, bound, gap and seconds while it works.

    Raises
    ------
    InputError
        If what is asked for cannot be meant; all problems at once.
    NoPlanExists
        If it is proved that no division keeps the rules.
    NoPlanFoundInTime
        If the limits ran out before one was found.
    """
    balance = dict(balance or {})
    problems = _problems(areas, territories, balance, centers, today, move_km)
    if problems:
        raise InputError(problems)
    known = len(areas.links)
    if contiguous and islands == "join":
        areas = join_islands(areas)
    bands = {name: band(areas, territories, name, limits) for name, limits in balance.items()}
    moves = None if today is None else _Moves(tuple(today), move_km)
    model = _model(areas, territories, bands, compactness, contiguous, centers, islands, moves)
    _refuse_what_cannot_be(areas, model, bands)
    _load_kernels()
    if time_limit is None:
        time_limit = 60.0 if work_limit is None else np.inf
    watch = Watch(time_limit, work_limit, gap, progress)
    words = {name: f"from {low:,.10g} to {high:,.10g}" for name, (low, high) in bands.items()}
    engine = Engine(model, watch, seed, words, start=None if moves is None else _start(moves, model))
    engine.run()
    linked = [f"Linked {link.a} and {link.b}, {link.km:,.0f} km apart." for link in areas.links[known:]]
    return _division(engine, linked)


def band(areas: Areas, territories: int, name: str, limits: Limits) -> tuple[float, float]:
    """Give the least and the most a territory may have of a measure, in its unit."""
    if isinstance(limits, tuple):
        return float(limits[0]), float(limits[1])
    share = float(np.sum(areas.measures[name])) / territories
    return share * (1 - limits), share * (1 + limits)


def _division(engine: Engine, linked: Sequence[str]) -> Division:
    """Say what an engine found."""
    model, watch, owner = engine.model, engine.watch, engine.found.owner
    assert owner is not None
    center = model.centers(owner)
    if not model.fixed:
        owner, center = _in_order(owner, center)
    return Division(
        owner=owner,
        center=center,
        objective=engine.found.cost,
        bound=float(min(watch.bound, engine.found.cost)),
        bound_knows_contiguity=engine.with_contiguity,
        status=watch.verdict() or "stopped improving",
        seconds=watch.seconds,
        engine=", ".join(dict.fromkeys(engine.engines)),
        log=(*linked, *engine.log),
    )


@cache
def _load_kernels() -> None:
    """Compile the kernels on a toy (the first time ever: some seconds), before any clock runs."""
    across = np.arange(6.0)
    edges = np.column_stack([np.arange(5), np.arange(1, 6)])
    toy = Areas(tuple("abcdef"), across, across, across + 1, {"size": np.ones(6)}, edges)
    for centers in (None, ("a", "f")):
        model = _model(toy, 2, {"size": (3.0, 3.0)}, "inertia", True, centers, "join")
        Engine(model, Watch(np.inf, 1e5, 0.0), 1, {}).run()


def _in_order(owner: np.ndarray, center: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Number territories by the place of their centers among the units: the same plan, the same numbers."""
    order = np.argsort(center, kind="stable")
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    return rank[owner], center[order]


def _model(
    areas: Areas,
    territories: int,
    bands: Mapping[str, tuple[float, float]],
    compactness: Compactness,
    contiguous: bool,
    centers: Sequence[str] | None,
    islands: Islands,
    moves: "_Moves | None" = None,
) -> Model:
    """Write what is asked as arrays."""
    distance, graph, units = areas.distance_km(), areas.graph, len(areas.units)
    loose = np.full(units, not contiguous)
    if contiguous and islands == "exempt":
        part = components(graph)
        loose = part != np.bincount(part).argmax()
    seats = None
    if centers is not None:
        position = {name: i for i, name in enumerate(areas.units)}
        seats = np.array([position[name] for name in centers], dtype=np.int64)
    cost = _cost(areas, distance, compactness, moves)
    names, amount, low, high = _amounts(areas, territories, bands)
    return Model(
        graph=graph,
        cost=np.ascontiguousarray(cost if seats is None else cost[:, seats]),
        territories=territories,
        amount=np.ascontiguousarray(amount),
        lower=np.repeat(low[:, None], territories, axis=1),
        upper=np.repeat(high[:, None], territories, axis=1),
        measures=names,
        loose=loose,
        allowed=~loose if contiguous else np.ones(units, dtype=bool),
        seats=seats,
        close=nearest_units(distance),
        part=components(graph, ~loose) if contiguous else np.zeros(units, dtype=np.int64),
    )


def _cost(areas: Areas, distance: np.ndarray, compactness: Compactness, moves: "_Moves | None") -> np.ndarray:
    """Give what each unit (row) costs with each as its center (column)."""
    weight = np.asarray(areas.weight, dtype=float)
    cost = weight[:, None] * distance ** EXPONENT[compactness]
    if moves is not None and moves.km > 0:
        today = np.array(moves.today)
        leaves = (today[:, None] != today[None, :]) & (today != "")[:, None]
        cost += leaves * (weight * moves.km ** EXPONENT[compactness])[:, None]
    return np.asarray(cost)


def _amounts(
    areas: Areas, territories: int, bands: Mapping[str, tuple[float, float]]
) -> tuple[tuple[str, ...], np.ndarray, np.ndarray, np.ndarray]:
    """Give names, amounts and limits (in shares of an average load) of measures, the tightest first."""
    names = sorted(bands, key=lambda name: (bands[name][1] - bands[name][0]) / sum(areas.measures[name]))
    if not names:
        units = len(areas.units)
        return ("units",), np.full((1, units), territories / units), np.zeros(1), np.full(1, np.inf)
    mean = np.array([np.sum(areas.measures[name]) / territories for name in names])
    amount = np.array([areas.measures[name] for name in names], dtype=float) / mean[:, None]
    low, high = (np.array([bands[name][side] for name in names]) / mean for side in (0, 1))
    return tuple(names), amount, low, high


@dataclass(frozen=True)
class _Moves:
    """Territories of today, by unit, and the kilometers that leaving one counts as."""

    today: tuple[str, ...]
    km: float


def _start(moves: _Moves, model: Model) -> np.ndarray | None:
    """Give today's territories as a start; None where they are not as many, or centers do not fit to them."""
    names = list(dict.fromkeys(moves.today))
    if model.seats is not None:
        names = [moves.today[seat] for seat in model.seats]
    if "" in moves.today or len(set(names)) != model.territories or not set(moves.today) <= set(names):
        return None
    number = {name: t for t, name in enumerate(names)}
    return np.array([number[name] for name in moves.today], dtype=np.int64)


def _problems(
    areas: Areas,
    territories: int,
    balance: Mapping[str, Limits],
    centers: Sequence[str] | None,
    today: Sequence[str] | None,
    move_km: float,
) -> list[Problem]:
    """Find what cannot be meant."""
    found = _problems_of_limits(areas, balance)
    units = len(areas.units)
    if today is not None and len(today) != units:
        found.append(Problem("today", f"{len(today)}", f"give one territory for each of the {units} units"))
    if not 0 <= move_km < np.inf:
        found.append(Problem("move_km", f"{move_km:g}", "must be kilometers >= 0"))
    if not 1 <= territories <= units:
        found.append(
            Problem("territories", str(territories), f"must be from 1 to {units}, the number of units")
        )
    for name, amount in {"weight": areas.weight, **areas.measures}.items():
        wrong = np.flatnonzero(~(np.isfinite(amount) & (np.asarray(amount) >= 0)))
        found += [
            Problem(f"unit {areas.units[i]}, {name}", f"{amount[i]}", "must be a number >= 0") for i in wrong
        ]
    if centers is not None:
        found += _problems_of_centers(areas, territories, centers)
    return found


def _problems_of_limits(areas: Areas, balance: Mapping[str, Limits]) -> list[Problem]:
    found: list[Problem] = []
    for name, limits in balance.items():
        place = f"balance {name}"
        if name not in areas.measures:
            found.append(Problem(place, name, f"no such measure; name one of: {', '.join(areas.measures)}"))
        elif not np.sum(areas.measures[name]) > 0:
            found.append(Problem(place, "0", "all units together have none of it; balance something else"))
        elif isinstance(limits, tuple) and not 0 <= limits[0] <= limits[1]:
            found.append(Problem(place, f"{limits[0]:g} to {limits[1]:g}", "must be 0 <= least <= most"))
        elif not isinstance(limits, tuple) and not limits >= 0:
            found.append(Problem(place, f"{limits:g}", "must be a share >= 0, such as 0.05"))
    return found


def _problems_of_centers(areas: Areas, territories: int, centers: Sequence[str]) -> list[Problem]:
    found, known = [], set(areas.units)
    for number, name in enumerate(centers):
        if name not in known:
            found.append(Problem(f"center {number + 1}", name, "no such unit; name a unit"))
        elif name in centers[:number]:
            found.append(Problem(f"center {number + 1}", name, "named twice; every territory has its own"))
    if len(centers) != territories:
        remedy = f"give one center for each of the {territories} territories, or none at all"
        found.append(Problem("centers", str(len(centers)), remedy))
    return found


def _refuse_what_cannot_be(areas: Areas, model: Model, bands: Mapping[str, tuple[float, float]]) -> None:
    """Raise `NoPlanExists` where sums alone, or islands, show it."""
    reasons, k = [], model.territories
    for name, (low, high) in bands.items():
        amount = np.asarray(areas.measures[name], dtype=float)
        total = float(amount.sum())
        if total < k * low * (1 - EMPTY) or total > k * high * (1 + EMPTY):
            reasons.append(
                f"{name}: {k} territories from {low:,.10g} to {high:,.10g} cannot add up to {total:,.10g}"
            )
        for i in np.flatnonzero(amount > high * (1 + EMPTY)):
            reasons.append(
                f"{name}: unit {areas.units[i]} alone has {amount[i]:,.10g}, {high:,.10g} is the most; allow "
                f"{amount[i] / (total / k) - 1:.1%} above an equal share at least, or take fewer territories"
            )
    if model.contiguous:
        reasons += _islands_that_cannot_be(areas, model)
        reasons += _gates_that_cannot_be(areas, model)
    if reasons:
        raise NoPlanExists(reasons)


def _islands_that_cannot_be(areas: Areas, model: Model) -> list[str]:
    """Name connected parts that are no whole number of territories: none may lie in two parts."""
    parts = int(model.part.max(initial=0)) + 1
    remedy = "no way links it to the rest: give it a link, or say that islands are joined or exempt"
    reasons, counts = [], np.arange(1, model.territories + 1)
    fewest = 0
    for p in range(parts):
        inside = np.flatnonzero(model.part == p)
        fits = np.ones(len(counts), dtype=bool)
        for amount, low, high in zip(model.amount, model.lower[:, 0], model.upper[:, 0], strict=True):
            load = float(amount[inside].sum())
            loose = float(amount[model.loose].sum())
            fits &= (counts * low <= load + loose + EMPTY) & (load <= counts * high + EMPTY)
        if model.seats is not None:
            fits &= counts == np.isin(model.seats, inside).sum()
        example = areas.units[int(inside[0])]
        if not fits.any():
            reasons.append(
                f"the part of {len(inside):,} units with {example} is no whole number of territories, "
                f"and {remedy}"
            )
            continue
        fewest += int(counts[fits][0])
    if not reasons and fewest > model.territories:
        reasons.append(
            f"{parts} parts need {fewest} territories at least, there are {model.territories}; {remedy}"
        )
    return reasons


def _gates_that_cannot_be(areas: Areas, model: Model) -> list[str]:
    """Name large units that are the only way to others and have no room for them in their territory.

    What lies behind such a unit makes territories of its own or is with it; what is left over after the most
    of whole ones has to be.
    """
    reasons: list[str] = []
    if model.loose.any():
        return reasons
    for q, name in enumerate(model.measures):
        amount, low, high = model.amount[q], float(model.lower[q, 0]), float(model.upper[q, 0])
        for gate in np.flatnonzero(amount >= LARGE * high):
            others = np.arange(model.units) != gate
            part = components(model.graph, others & (model.part == model.part[gate]))
            loads = np.bincount(part[part >= 0], amount[part >= 0])
            left = [_least_left(float(load), low, high, model.territories) for load in loads]
            if amount[gate] + sum(left) > high + EMPTY:
                behind = int(np.argmin(np.where(np.array(left) > 0, loads, np.inf)))
                example = areas.units[int(np.flatnonzero(part == behind)[0])]
                share = float(np.sum(areas.measures[name])) / model.territories
                reasons.append(
                    f"{name}: unit {areas.units[gate]} is the only way to {example} and has to share a "
                    f"territory with what lies there: {share * (amount[gate] + sum(left)):,.10g} at least, "
                    f"{share * high:,.10g} is the most; give it another way by a link, allow more, or let "
                    "territories lie in pieces"
                )
    return reasons


def _least_left(load: float, low: float, high: float, territories: int) -> float:
    """Give the least of a load that is left over when some of it makes whole territories."""
    counts = np.arange(territories)
    fits = counts[counts * low <= load + EMPTY]
    return float(np.maximum(load - fits * high, 0.0).min())
