"""A problem without its rules about pairs, and what those forbid: to ask which rules clash."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Optional

import numpy as np

from optimizer.clashing.unserved import FAMILIES
from optimizer.core.assignment import Problem, only

AT_LEAST = ", at least"
"""How the name of a measure ends that is the lower side of a rule."""


@dataclass(frozen=True, eq=False)
class Contested:
    """A problem without its rules about pairs, and what those forbid.

    Parameters
    ----------
    problem
        Every pair that some set of rules would allow; measures and budgets are rules by their names.
    tables
        By rule about pairs: who may not go where unless it makes an exception, customers x reps.
    unit_of
        Unit of each customer.
    reps, customers
        Names, in order.
    apart
        The same with families dissolved; None where there are none.
    judged
        What is fair follows from who may serve whom: gives the limits (lower, upper) by name of the measures
        for which that matters, from who may then serve whom (customers x reps); None where it does not.
    """

    problem: Problem
    tables: dict[str, np.ndarray]
    unit_of: np.ndarray
    reps: Sequence[str]
    customers: Sequence[str]
    apart: Optional["Contested"] = None
    judged: Callable[[np.ndarray], Mapping[str, tuple[np.ndarray, np.ndarray]]] | None = None

    @property
    def rules(self) -> list[str]:
        """All hard rules by name."""
        limits = [m.name for m in self.problem.measures if np.isinf(m.price)]
        budgets = [b.name for b in self.problem.budgets if np.isinf(b.price)]
        together = [] if self.apart is None else [FAMILIES]
        return [*dict.fromkeys(rule_of(name) for name in [*limits, *budgets]), *self.tables, *together]

    @cached_property
    def against(self) -> dict[str, np.ndarray]:
        """By rule about pairs: of how many customers each pair needs its exception."""
        found = {}
        for rule, table in self.tables.items():
            count = np.zeros((self.problem.units, len(self.reps)))
            np.add.at(count, self.unit_of, table)
            found[rule] = count[self.problem.unit, self.problem.rep]
        return found

    def of(self, rules: set[str]) -> "Contested":
        """Give the problem whose units are right under some rules: families dissolved without theirs."""
        return self if self.apart is None or FAMILIES in rules else self.apart

    def under(self, rules: set[str]) -> tuple[Problem, np.ndarray] | None:
        """Give the problem under some of its rules, and its pairs; None where a unit has no rep left."""
        whole = self.of(rules)
        keep = np.ones(len(whole.problem.cost), dtype=bool)
        for rule, against in whole.against.items():
            if rule in rules:
                keep &= against == 0
        if not np.logical_or.reduceat(keep, whole.problem.starts[:-1]).all():
            return None
        left = only(whole.problem, keep)
        measures = tuple(m for m in left.measures if np.isinf(m.price) and rule_of(m.name) in rules)
        budgets = tuple(b for b in left.budgets if np.isinf(b.price) and rule_of(b.name) in rules)
        none = np.zeros(len(left.cost))
        return replace(left, cost=none, measures=measures, budgets=budgets, fairness=()), np.flatnonzero(keep)


def with_limits_of(before: Problem, problem: Problem) -> Problem:
    """Give a problem the limits that another has by the same names.

    What is fair follows from who may serve whom; where that is relaxed, books are still judged as before.
    """
    limits = {measure.name: measure for measure in before.measures}
    shares = {(fair.measure, fair.notion): fair.share for fair in before.fairness}
    return replace(
        problem,
        measures=tuple(
            replace(m, lower=limits[m.name].lower, upper=limits[m.name].upper) if m.name in limits else m
            for m in problem.measures
        ),
        fairness=tuple(
            replace(fair, share=shares.get((fair.measure, fair.notion), fair.share))
            for fair in problem.fairness
        ),
    )


def rule_of(name: str) -> str:
    """Give the rule of a measure: a limit on shares has one for each side."""
    return name.removesuffix(AT_LEAST)
