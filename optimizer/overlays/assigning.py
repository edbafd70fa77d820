"""Decide jointly who serves whom and which specialist supports whom."""

import time
from dataclasses import replace
from typing import Unpack

import numpy as np
import pandas as pd

from optimizer.compiling.territories import assign_customers, compile_problem
from optimizer.core.assignment import Assignment
from optimizer.core.engines import Options
from optimizer.core.exact import Infeasible
from optimizer.core.result import Result, Status
from optimizer.overlays.settling import OVER, Joint, layer_of, settle, shared_out
from optimizer.overlays.support import Support, supports
from scenarios import InputError, NoPlanExists, Problem, Scenario

FIRST = 0.3
"""Share of the time for the reps alone."""


def assign_with_specialists(
    scenario: Scenario, **options: Unpack[Options]
) -> tuple[pd.Series, pd.DataFrame, Result]:
    """Give every customer a rep, and every supported customer a specialist of each overlay.

    Returns
    -------
    The rep of each customer; the specialist of each customer, a column for each overlay ("": none); and how
    the answer was found, objective and bound being those of both together.

    Raises
    ------
    InputError
        If goals come in strict order.
    NoPlanExists
        If the hard rules clash, those of the reps alone or with those of the specialists.
    NoPlanFoundInTime
        If the limits ran out first.
    """
    _refuse_strict_order(scenario)
    began = time.perf_counter()
    limit = options.get("time_limit")
    if limit is None:
        limit = 60.0 if options.get("work_limit") is None else np.inf
    layers = supports(scenario)
    _refuse_customers_nobody_may_support(scenario, layers)
    alone: Options = {**options, "time_limit": limit * FIRST}
    owner, first = assign_customers(scenario, **alone)
    found = [_by_customer(part, alone) for part in layers if part.group is None]
    joint = Joint(compile_problem(scenario), [part for part in layers if part.group is not None])
    if joint.layers:
        rest: Options = {**options, "time_limit": max(began + limit - time.perf_counter(), 1.0)}
        joint.solve(owner, first.bound, rest, interrupted=first.status == "interrupted")
        owner = joint.compiled.owners(joint.pairs)
        first = replace(first, objective=joint.cost, bound=joint.bound, status=joint.status)
    chosen = _names(scenario, layers, joint, dict(found))
    apart = [answer for _, answer in found]
    result = replace(
        first,
        objective=first.objective + sum(a.cost for a in apart),
        bound=first.bound + sum(a.bound for a in apart),
        status=_together([first.status, *(a.status for a in apart)]),
        seconds=time.perf_counter() - began,
        log=(*first.log, *joint.log),
        certificate=None,
    )
    return owner, chosen, result


def support_for(scenario: Scenario, owner: pd.Series) -> pd.DataFrame:
    """Name the specialists that fit given books best; where they leave no room, hours run over.

    Parameters
    ----------
    owner
        Rep by customer; "" where nobody serves.

    Returns
    -------
    Specialist by customer, a column for each overlay; "" where none is asked for.
    """
    chosen = pd.DataFrame("", index=owner.index, columns=pd.Index([], dtype="str"))
    rep = scenario.reps.index.get_indexer(pd.Index(owner))
    for part in supports(scenario):
        if part.group is None:
            which = _of_customers(part, _by_customer(part, {}, over=OVER)[1])
        else:
            units = np.arange(len(owner))
            settled = settle(layer_of(part, units), rep, over=OVER)
            which = np.where(part.meant & (rep >= 0), settled[part.group[rep]], -1)
        chosen[part.overlay.name] = _named(part, which)
    return chosen


def _by_customer(part: Support, options: Options, over: float = np.inf) -> tuple[str, Assignment]:
    """Choose the specialist of each customer where reps need not have one together."""
    rows = np.flatnonzero(part.meant)
    layer = layer_of(part, np.arange(len(part.meant)))
    limits = [(name, amount[rows], upper) for name, amount, upper in layer.limits]
    try:
        answer = shared_out(layer.cost[rows], part.allowed[rows], limits, over, options)
    except Infeasible:
        name = part.overlay.name
        least = np.where(part.allowed, part.hours, np.inf)[rows].min(axis=1).sum()
        reason = f"overlay {name}: {len(rows)} customers take at least {least:,.0f} hours of specialists, "
        raise NoPlanExists([f"{reason}{part.limit.sum():,.0f} are allowed"]) from None
    return part.overlay.name, answer


def _of_customers(part: Support, answer: Assignment) -> np.ndarray:
    which = np.full(len(part.meant), -1)
    which[part.meant] = answer.owner
    return which


def _named(part: Support, which: np.ndarray) -> np.ndarray:
    return np.append(part.people.to_numpy(str), "")[which]


def _names(
    scenario: Scenario, layers: list[Support], joint: Joint, apart: dict[str, Assignment]
) -> pd.DataFrame:
    """Write who supports whom, a column for each overlay."""
    customers = scenario.customers.index
    chosen = pd.DataFrame("", index=customers, columns=pd.Index([], dtype="str"))
    settled = iter(joint.settled)
    for part in layers:
        name = part.overlay.name
        if part.group is None:
            which = _of_customers(part, apart[name])
        else:
            rep = joint.problem.rep[joint.pairs][joint.compiled.unit_of.to_numpy()]
            which = np.where(part.meant, next(settled)[part.group[rep]], -1)
        chosen[name] = _named(part, which)
    return chosen


def _together(each: list[Status]) -> Status:
    """Say why a search in parts stopped: as its part that was stopped hardest."""
    order: list[Status] = ["interrupted", "time limit", "work limit", "stopped improving", "within gap"]
    return next((status for status in order if status in each), "optimal")


def _refuse_strict_order(scenario: Scenario) -> None:
    if scenario.rules.objective == "priority":
        remedy = "specialists are planned by cost together with the reps; set it to weighted, or take "
        remedy += "the overlays out"
        raise InputError([Problem("scenario.toml, rules.objective", "priority", remedy)])


def _refuse_customers_nobody_may_support(scenario: Scenario, layers: list[Support]) -> None:
    reasons = []
    for part in layers:
        alone = scenario.customers.index[part.meant & ~part.allowed.any(axis=1)]
        if len(alone):
            shown = ", ".join(str(c) for c in alone[:10]) + (" ..." if len(alone) > 10 else "")
            reasons.append(
                f"overlay {part.overlay.name}: no specialist may support {len(alone)} customers: {shown}"
            )
    if reasons:
        raise NoPlanExists(reasons)
