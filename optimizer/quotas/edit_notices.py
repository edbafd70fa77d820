"""What people should know about edits: what they strand, which totals they give up, who may not sell it."""

from collections.abc import Iterator

import numpy as np

from optimizer.quotas.asks import among
from optimizer.quotas.drivers import entitled
from optimizer.quotas.editing import Edited
from optimizer.quotas.notices import Row
from optimizer.quotas.planning import QuotaPlan
from scenarios import Scenario
from scenarios.quota_edits import Gate


def notices_of_edits(scenario: Scenario, plan: QuotaPlan, edited: Edited) -> list[Row]:
    """List what edits strand, what could not be held for them, and lines given to who may not sell them.

    Returns
    -------
    Rows as of `notices.notices`, of kinds stranded, not held, not entitled and siblings.
    """
    return [
        *_stranded(plan, edited),
        *_not_held(edited),
        *_not_entitled(scenario, plan, edited),
        *_all_siblings(scenario, edited),
    ]


def _stranded(plan: QuotaPlan, edited: Edited) -> Iterator[Row]:
    cube, left = plan.cube, plan.cube.units.copy()
    for name, edit in edited.edits.items():
        if isinstance(edit, Gate) and edit.rest == "strand":
            cells = np.outer(among(cube.lines, edit.lines), among(cube.periods, edit.periods))
            theirs = left[cube.people.under(cube.people.find(edit.node, name))]
            money = float(theirs[:, cells].sum()) * cube.unit
            theirs[:, cells] = 0
            yield "stranded", edit.node, "", money, f"asked of nobody since the edit '{name}'"


def _not_held(edited: Edited) -> Iterator[Row]:
    cube = edited.cube
    for node, units in edited.given_up.items():
        words = "its total is kept, but not every line and period: its edits did not fit within these"
        if units:
            more = "more" if units > 0 else "less"
            words = f"{more} than edits above it leave, since those below it do not fit within that"
        yield "not held", cube.people.names[node], "", abs(units) * cube.unit, words


def _not_entitled(scenario: Scenario, plan: QuotaPlan, edited: Edited) -> Iterator[Row]:
    """Name reps that edits ask for more of a line than before, though they may not sell it."""
    cube, allowed = edited.cube, entitled(scenario)[plan.base.rep]
    more = np.where(allowed, 0, edited.changed.sum(axis=2))
    for leaf, line in zip(*np.nonzero(more > 0), strict=True):
        names = (cube.people.names[cube.people.leaves[leaf]], cube.lines.names[cube.lines.leaves[line]])
        words = "more since edits, though this rep may not sell the line (skills); speak of other lines"
        yield "not entitled", *names, float(more[leaf, line]) * cube.unit, words


def _all_siblings(scenario: Scenario, edited: Edited) -> Iterator[Row]:
    """Say that without a hierarchy everybody is a sibling, where edits are made up for by siblings."""
    keys = ("absorb", "rest", "to")
    asked = any(getattr(edit, key, None) == "siblings" for edit in edited.edits.values() for key in keys)
    if asked and not scenario.quotas.hierarchy:
        words = f"without quotas.hierarchy all {len(scenario.reps)} reps are siblings and make up for edits"
        yield "siblings", "", "", 0.0, words
