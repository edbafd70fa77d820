"""Why no plan exists: a smallest set of rules that clash, and the ways out of it."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from optimizer.clashing.contested import Contested, rule_of
from optimizer.clashing.unserved import FAMILIES
from optimizer.clashing.ways_out import LONGEST, Way, way_out
from optimizer.core.bound import contradicts, priced
from optimizer.core.engines import assign
from optimizer.core.exact import Infeasible, solve
from optimizer.core.rows import compile_rows
from scenarios.errors import NoPlanFoundInTime

FOR_RULES = 0.6
"""Share of the time for the set of rules; the rest is for the ways out."""


@dataclass(frozen=True)
class Clash:
    """Rules that no plan can keep together.

    Parameters
    ----------
    rules
        Their names.
    proved
        Whether each of them is needed: without any one of them the others can be kept.
    ways
        What each would have to give for all other rules of the scenario to hold, as far as found in time.
    """

    rules: tuple[str, ...]
    proved: bool
    ways: tuple[Way, ...]

    @property
    def lines(self) -> list[str]:
        """Say it in words with amounts."""
        head = "these rules clash" if self.proved else "among these rules some clash"
        if len(self.rules) == 1:
            head = "this rule cannot be kept by itself"
        return [f"{head}: {', '.join(self.rules)}", *(f"way out: {way}" for way in self.ways)]


def clash(contested: Contested, time_limit: float) -> Clash | None:
    """Find a smallest set of rules that no plan can keep together, and the ways out.

    Rules are taken out as long as the rest still clashes (deletion filter: J. Chinneck and
    E. Dravnieks, ORSA J. on Computing 3, 1991). Whether some rules clash is asked of the linear relaxation
    first, then of whole customers.

    Parameters
    ----------
    time_limit
        Seconds. Where they are over, the set may not be a smallest one; `proved` says so.

    Returns
    -------
    None where no clash was found.
    """
    now = time.perf_counter()
    until, enough = now + time_limit, now + FOR_RULES * time_limit
    smaller = set(contested.rules)
    if _divided_clash(contested, smaller):
        smaller = _in_the_proof(contested, smaller)
        smaller, _ = _filtered(contested, smaller, _divided_clash, enough)
    elif not _whole_clash(contested, smaller):
        return None
    # Where parts of customers could keep fewer rules, whole ones may not.
    smaller, proved = _filtered(contested, smaller, _whole_clash, enough)
    names = tuple(rule for rule in contested.rules if rule in smaller)
    found = (way_out(contested, rule, until) for rule in names)
    return Clash(names, proved, tuple(dict.fromkeys(way for way in found if way is not None)))


def _divided_clash(contested: Contested, rules: set[str]) -> bool:
    """Say whether rules clash even where customers may be divided."""
    under = contested.under(rules)
    return under is None or contradicts(compile_rows(under[0]), soon=True) is not None


def _whole_clash(contested: Contested, rules: set[str]) -> bool | None:
    """Say whether rules clash for whole customers; None where neither was found in time."""
    under = contested.under(rules)
    if under is None:
        return True
    for look in (assign, solve):  # what finds a plan fast, then what proves that there is none
        try:
            look(under[0], time_limit=LONGEST / 2, gap=1.0)
        except Infeasible:
            return True
        except (NoPlanFoundInTime, RuntimeError):  # the last: a solver that gave up
            continue
        return False
    return None


def _filtered(
    contested: Contested, rules: set[str], clashes: Callable[[Contested, set[str]], bool | None], until: float
) -> tuple[set[str], bool]:
    """Take out rules as long as the rest still clashes, many at a time; and say whether all were tried."""
    smaller, proved = set(rules), True
    todo = [[rule for rule in reversed(contested.rules) if rule in smaller]]
    while todo:
        some = todo.pop()
        if time.perf_counter() > until:
            return smaller, False
        less = clashes(contested, smaller - set(some))
        if less:
            smaller -= set(some)
        elif len(some) == 1:
            proved &= less is False
        else:
            half = len(some) // 2
            todo += [some[half:], some[:half]]
    return smaller, proved


def _in_the_proof(contested: Contested, rules: set[str]) -> set[str]:
    """Leave out at once the rules that the proof does not need, if the rest still clashes.

    It needs limits that have a price in it, and rules that forbid a pair which would be cheaper under those
    prices than all that its unit is left with.
    """
    under = contested.under(rules)
    if under is None:
        return rules
    problem, pairs = under
    rows = compile_rows(problem)
    proof = contradicts(rows)
    if proof is None:
        return rules
    names = [m.name for m in problem.measures] + [b.name for b in problem.budgets]
    whole = replace(
        contested.problem, cost=np.zeros(len(contested.problem.cost)),
        measures=tuple(m for m in contested.problem.measures if m.name in names),
        budgets=tuple(b for b in contested.problem.budgets if b.name in names),
    )  # fmt: skip
    for threshold in (1e-2, 1e-4, 1e-6):
        dual = np.where(np.abs(proof.dual) > threshold * np.abs(proof.dual).max(), proof.dual, 0.0)
        needed = {rule_of(names[source]) for source in np.unique(rows.source[dual != 0])}
        price = priced(whole, rows.certificate(problem, dual))
        least = np.minimum.reduceat(
            np.where(np.isin(np.arange(len(price)), pairs), price, np.inf), whole.starts[:-1]
        )
        cheaper = price < least[whole.unit] - threshold * max(np.abs(price).max(), 1e-12)
        needed |= {rule for rule, against in contested.against.items() if (cheaper & (against > 0)).any()}
        needed |= {FAMILIES} & rules
        if _divided_clash(contested, needed):
            return needed
    return rules
