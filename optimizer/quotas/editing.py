"""Apply edits to a plan of quotas: those that act, from above, in whole units; or say which clash."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from optimizer.quotas.clash import Clash, Clashing, find_clashes, in_words
from optimizer.quotas.cube import Cube
from optimizer.quotas.departure import Infeasible, Measure, Model, NotSettled
from optimizer.quotas.edits import FREE, Edits, read_edits
from optimizer.quotas.settling import settle
from optimizer.quotas.whole import NotWhole, whole_units
from scenarios.errors import InputError, NoPlanExists, NoPlanFoundInTime
from scenarios.quota_edits import Edit


@dataclass(frozen=True, eq=False)
class Edited:
    """A plan of quotas after edits.

    Parameters
    ----------
    before, cube
        The plan before and after.
    edits
        By name.
    amounts
        What cells were before rounding, units, [people, lines, periods].
    departure
        How far that is from the plan before edits, as the model measures it.
    wanted
        Units that all are to have together: those before edits, as changed by edits that nobody makes up for.
    given_up
        By node whose edits below it do not fit within what those above leave it: units by which its total
        changed for that; 0 where only lines and periods did.
    """

    before: Cube
    cube: Cube
    edits: Mapping[str, Edit]
    amounts: np.ndarray
    departure: float
    wanted: int
    given_up: Mapping[int, int] = field(default_factory=dict)

    @property
    def changed(self) -> np.ndarray:
        """Units by which each cell changed. [people, lines, periods]."""
        difference: np.ndarray = self.cube.units - self.before.units
        return difference

    def far(self) -> pd.DataFrame:
        """List leaves that rounding moved by more than one unit, with what they would have had."""
        off = self.cube.units - self.amounts
        person, line, period = np.nonzero(np.abs(off) > 1 + 1e-6)
        return pd.DataFrame(
            {
                "node": [self.cube.people.names[k] for k in self.cube.people.leaves[person]],
                "line": [self.cube.lines.names[k] for k in self.cube.lines.leaves[line]],
                "period": [self.cube.periods.names[k] for k in self.cube.periods.leaves[period]],
                "amount": self.cube.amounts[person, line, period],
                "before rounding": self.amounts[person, line, period] * self.cube.unit,
            }
        )


def apply_edits(
    cube: Cube,
    edits: Mapping[str, Edit],
    *,
    padding: np.ndarray | None = None,
    measure: Measure = "relative",
) -> Edited:
    """Change a plan of quotas as edits demand, and nothing else more than needed.

    Parameters
    ----------
    cube
        The plan before edits.
    edits
        By name; their order means nothing.
    padding
        By node: padded amount over base amount; without it, 1.
    measure
        As of `Model`.

    Raises
    ------
    InputError
        If an edit cannot be read.
    NoPlanExists
        If edits clash; the reasons name every smallest set of them and ways out.
    NoPlanFoundInTime
        If they fit and the method does not settle.
    """
    layers = padding if padding is not None else np.ones(len(cube.people))
    try:
        return _planned(cube, edits, layers, measure)
    except (Clash, NotWhole):
        clashes = find_clashing(cube, edits, padding=padding, measure=measure)
        raise NoPlanExists(in_words(cube, edits, clashes)) from None


def find_clashing(
    cube: Cube,
    edits: Mapping[str, Edit],
    *,
    padding: np.ndarray | None = None,
    measure: Measure = "relative",
) -> list[Clashing]:
    """Find all smallest sets of edits that clash, and ways out; none where all can be kept.

    Parameters
    ----------
    cube, edits, padding, measure
        As of `apply_edits`.

    Raises
    ------
    InputError
        If an edit cannot be read.
    NoPlanFoundInTime
        If some edits fit and the method does not settle.
    """
    layers = padding if padding is not None else np.ones(len(cube.people))

    def after(some: Mapping[str, Edit]) -> Cube | None:
        try:
            return _planned(cube, some, layers, measure).cube
        except (Clash, NotWhole):
            return None

    return find_clashes(cube, edits, after, layers)


def _planned(cube: Cube, edits: Mapping[str, Edit], padding: np.ndarray, measure: Measure) -> Edited:
    """Apply those edits that the plan does not keep without them.

    Raises
    ------
    Clash
        If they cannot be kept together.
    NotWhole
        If no whole units keep them.
    """
    asked = read_edits(cube, edits, padding, measure)
    idle = {ask.name for ask in asked.asks if not ask.frozen and ask.kept(cube.units)}
    while True:
        acting = {name: edit for name, edit in edits.items() if name not in idle}
        found = _settled(read_edits(cube, acting, padding, measure), edits)
        missed = {ask.name for ask in asked.asks if not ask.kept(found.cube.units)} & idle
        if not missed:
            return found
        idle -= missed


def _settled(asked: Edits, edits: Mapping[str, Edit]) -> Edited:
    """Settle edits by depth, or where that leaves no room together; then moves and transfers."""
    free = _Plan(asked.cube, asked.cube.units.astype("float64"))
    if FREE in asked.depths:
        free = free.after(asked.stage(FREE, free.cube))
    plan, given_up = free, {}
    try:
        for depth in asked.depths:
            if depth != FREE:
                plan = plan.after(asked.stage(depth, plan.cube))
    except (Clash, NotWhole, NoPlanFoundInTime):
        held, plan = plan.cube, free.after(asked.joint(free.cube))
        given_up = _given_up(asked, held, plan.cube)
    if asked.moves:
        try:
            plan = plan.after(asked.last(plan.cube))
        except InputError:  # there is nobody left who takes what is moved
            raise Clash from None
    far = asked.departure(plan.amounts)
    return Edited(asked.cube, plan.cube, edits, plan.amounts, far, free.cube.total(), given_up)


def _given_up(asked: Edits, held: Cube, found: Cube) -> dict[int, int]:
    """Compare what nodes above edits were to keep with what they have, but for nodes pinned themselves."""
    nodes = {ask.hold for ask in asked.asks if ask.hold} - {n for ask in asked.asks for n in ask.nodes}
    return {
        node: found.total(node) - held.total(node)
        for node in sorted(nodes)
        if (found.of_node(node) != held.of_node(node)).any()
    }


@dataclass(frozen=True, eq=False)
class _Plan:
    """A plan, and what its cells were before rounding, units, [people, lines, periods]."""

    cube: Cube
    amounts: np.ndarray

    def after(self, model: Model) -> "_Plan":
        """Give the plan that a model asks for; cells it does not speak of keep what they had."""
        try:
            found = settle(model).amounts
        except Infeasible:
            raise Clash from None
        except NotSettled:
            way = 'departure = "relative" in [quotas] is easier'
            raise NoPlanFoundInTime(f"quotas: the edits fit, but no answer was found; {way}") from None
        amounts = np.where(model.lower < model.upper, found, self.amounts)
        return _Plan(self.cube.with_units(whole_units(model, found)), amounts)
