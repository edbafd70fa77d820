"""Whether specialists are chosen as their overlays ask, checked from first principles."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from optimizer.overlays.support import Support, supports
from scenarios import Scenario

TOLERANCE = 1e-6
"""Relative departure from a limit that is taken for rounding."""

SHOWN = 5
"""Customers named one by one."""


def broken_overlays(scenario: Scenario, owner: pd.Series, chosen: pd.DataFrame) -> Iterator[tuple[str, str]]:
    """Say which hard rules of overlays a choice of specialists breaks: the overlay and what is wrong.

    Parameters
    ----------
    owner
        Rep by customer, in the scenario's order.
    chosen
        Specialist by customer, a column for each overlay.
    """
    nobody = pd.Series("", index=scenario.customers.index)
    for part in supports(scenario):
        name = part.overlay.name
        of = chosen[name].reindex(nobody.index, fill_value="") if name in chosen else nobody
        for what in _of_overlay(scenario, part, owner, of):
            yield f"overlay {name}", what


def _of_overlay(scenario: Scenario, part: Support, owner: pd.Series, of: pd.Series) -> Iterator[str]:
    place = part.people.get_indexer(pd.Index(of))
    missing = of.index[part.meant & (of == "").to_numpy()]
    if len(missing):
        yield f"{len(missing)} of {part.meant.sum()} customers have no specialist: {_some(missing)}"
    strange = of.index[(of != "").to_numpy() & (place < 0)]
    if len(strange):
        yield f"no specialists of it support {len(strange)} customers: {_some(strange)}"
    idle = of.index[~part.meant & (of != "").to_numpy()]
    if len(idle):
        yield f"{len(idle)} customers have a specialist and should have none: {_some(idle)}"
    rows = np.flatnonzero(part.meant & (place >= 0))
    for row in rows[~part.allowed[rows, place[rows]]].tolist():
        yield f"{of.iloc[row]} may not support customer {of.index[row]}"
    yield from _limits(part, rows, place[rows])
    if part.group is not None:
        yield from _one_for_each_group(scenario, part, owner.iloc[rows], of.iloc[rows])


def _limits(part: Support, rows: np.ndarray, place: np.ndarray) -> Iterator[str]:
    hours = np.bincount(place, part.hours[rows, place], len(part.people))
    for who in np.flatnonzero(hours > part.limit * (1 + TOLERANCE)).tolist():
        yield f"{part.people[who]} needs {hours[who]:,.0f} hours, {part.limit[who]:,.0f} are allowed"
    most = part.overlay.customers_at_most
    counts = np.bincount(place, minlength=len(part.people))
    for who in np.flatnonzero(counts > (np.inf if most is None else most)).tolist():
        yield f"{part.people[who]} supports {counts[who]} customers, {most} may be"


def _one_for_each_group(scenario: Scenario, part: Support, owner: pd.Series, of: pd.Series) -> Iterator[str]:
    column = part.overlay.one_per
    group = owner if column not in scenario.reps else owner.map(scenario.reps[column])
    for name, people in of[owner != ""].groupby(group[owner != ""]).unique().items():
        if len(people) > 1:
            who = ", ".join(sorted(people))
            yield f"customers of {column} {name} have {len(people)} specialists ({who}), one is asked for"


def _some(customers: pd.Index) -> str:
    return ", ".join(map(str, customers[:SHOWN])) + (" ..." if len(customers) > SHOWN else "")
