"""Customers nobody may serve, and the fewest rules that make it so."""

from dataclasses import dataclass

import numpy as np

from optimizer.clashing.waivers import waivers
from optimizer.compiling.pairs import units_of
from scenarios import Scenario

FAMILIES = "families"
"""What the columns that keep families together are called among the rules."""

MOST = 1000
"""Customers and families looked at one by one."""

NAMED = 10
"""Customers named one by one in a sentence."""


@dataclass(frozen=True)
class Unserved:
    """Customers nobody may serve for the same reason.

    Parameters
    ----------
    customers
        Their keys; of a family that has no rep, all members.
    rules
        Rules that leave nobody together, each of them needed; none where there was no looking at so many.
    """

    customers: tuple[str, ...]
    rules: tuple[str, ...]

    def said(self, of: int) -> str:
        """Say it in a sentence, for a company of so many customers."""
        count = len(self.customers)
        shown = ", ".join(self.customers[:NAMED]) + (" ..." if count > NAMED else "")
        by = f" by {', '.join(self.rules)}" if self.rules else ""
        together = " together" if len(self.rules) > 1 else ""
        return f"no rep may serve {count:,} of {of:,} customers{by}{together}: {shown}"


def unserved(scenario: Scenario) -> tuple[Unserved, ...]:
    """List the customers nobody may serve, by the rules that leave nobody; those of most customers first.

    The rules of one customer or family are a smallest set: without any one of them somebody may serve it.
    """
    units = units_of(scenario).to_numpy()
    order = np.argsort(units, kind="stable")
    first = np.searchsorted(units[order], np.arange(int(units.max()) + 1))
    served = np.logical_and.reduceat(scenario.eligible.to_numpy()[order], first)
    left = np.flatnonzero(~served.any(axis=1))
    looked = left[:MOST]
    rows = np.flatnonzero(np.isin(units, looked))
    tables = waivers(scenario.part(rows)) if len(rows) else {}
    keys = scenario.customers.index.to_numpy(str)
    found: dict[tuple[str, ...], list[str]] = {}
    for unit in looked.tolist():
        mine = np.flatnonzero(units[rows] == unit)
        rules = _smallest({name: table[mine] for name, table in tables.items()}, len(mine))
        found.setdefault(rules, []).extend(keys[rows[mine]].tolist())
    if len(left) > len(looked):
        found[()] = keys[np.isin(units, left[MOST:])].tolist()
    ordered = sorted(found.items(), key=lambda item: (not item[0], -len(item[1])))
    return tuple(Unserved(tuple(customers), rules) for rules, customers in ordered)


def _smallest(tables: dict[str, np.ndarray], members: int) -> tuple[str, ...]:
    """Take rules out as long as the customers (members x reps) are still left with nobody."""
    rules = [name for name, table in tables.items() if table.any()] + [FAMILIES] * (members > 1)
    for rule in list(reversed(rules)):
        fewer = [name for name in rules if name != rule]
        if _nobody(tables, fewer):
            rules = fewer
    return tuple(rules)


def _nobody(tables: dict[str, np.ndarray], rules: list[str]) -> bool:
    against = [tables[name] for name in rules if name != FAMILIES]
    if not against:
        return False
    any_of_them = np.logical_or.reduce(against)
    if FAMILIES in rules:
        return bool(any_of_them.any(axis=0).all())
    return bool(any_of_them.all(axis=1).any())
