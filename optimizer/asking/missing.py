"""Why a rep does not come into question for a customer: by a rule, by the family, or left out for size."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.clashing.unserved import FAMILIES
from optimizer.compiling.territories import Compiled
from scenarios import InputError, NoPlanExists, Problem, Scenario
from scenarios.permissions import forbidden


@dataclass(frozen=True)
class Missing:
    """Reps that do not come into question for a customer.

    Parameters
    ----------
    forbidden
        By rep: the rules that say so. Where they forbid only others of its family, "families" comes first.
    left_out
        Reps who may serve it, but of a large company only the cheapest and nearest of each customer are
        looked at.
    """

    forbidden: dict[str, tuple[str, ...]]
    left_out: tuple[str, ...]

    def refuse(self, customer: str, rep: str) -> None:
        """Say why one rep cannot be asked for.

        Raises
        ------
        NoPlanExists
            If a rule forbids it.
        InputError
            If the pair was left out.
        """
        if rep in self.forbidden:
            rules = ", ".join(self.forbidden[rep])
            raise NoPlanExists([f"rep {rep} may not serve customer {customer}: {rules}"])
        raise InputError([Problem("rep", rep, f"{left_out_words(customer)}; name another rep")])


def left_out_words(customer: str) -> str:
    """Say that a pair was left out for size."""
    return (
        f"it may serve {customer}, but the company is so large that only each customer's cheapest and "
        "nearest reps and today's owner are looked at, and this is none of them"
    )


def missing(scenario: Scenario, compiled: Compiled, customers: Sequence[str]) -> dict[str, Missing]:
    """Say by customer which reps do not come into question, and why."""
    unit_of, problem, reps = compiled.unit_of.to_numpy(), compiled.problem, [str(r) for r in compiled.reps]
    asked = compiled.unit_of.index.get_indexer(pd.Index(customers))
    rows = np.flatnonzero(np.isin(unit_of, unit_of[asked]))
    tables = dict(forbidden(scenario.part(rows)))
    members = pd.Series(np.arange(len(rows))).groupby(unit_of[rows]).indices
    found = {}
    for customer, row in zip(customers, asked.tolist(), strict=True):
        unit = unit_of[row]
        own = _rules_by_rep({n: table[np.searchsorted(rows, row)] for n, table in tables.items()}, reps)
        together = {n: np.logical_or.reduce(table[members[unit]]) for n, table in tables.items()}
        family = _rules_by_rep(together, reps)
        first, last = np.searchsorted(problem.unit, [unit, unit + 1])
        there = {reps[rep] for rep in problem.rep[first:last].tolist()}
        others = {rep: (FAMILIES, *rules) for rep, rules in family.items()}
        left = tuple(rep for rep in reps if rep not in there and rep not in others)
        found[customer] = Missing(others | own, left)
    return found


def _rules_by_rep(against: dict[str, np.ndarray], reps: list[str]) -> dict[str, tuple[str, ...]]:
    rules: dict[str, tuple[str, ...]] = {}
    for name, whom in against.items():
        for rep in np.flatnonzero(whom).tolist():
            rules[reps[rep]] = (*rules.get(reps[rep], ()), name)
    return rules
