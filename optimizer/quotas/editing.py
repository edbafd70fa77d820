"""Apply edits to a plan of quotas: one model, whole units, and what each edit does to the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.quotas.clash import in_words, smallest_clash
from optimizer.quotas.cube import Cube
from optimizer.quotas.departure import Measure, Model, NotSettled, departure
from optimizer.quotas.edits import Edits, read_edits
from optimizer.quotas.feasibility import fits
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
    """

    before: Cube
    cube: Cube
    edits: Mapping[str, Edit]
    amounts: np.ndarray
    departure: float

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
        If edits clash; the reasons name a smallest set of them and ways out.
    NoPlanFoundInTime
        If they fit and the method does not settle.
    """
    layers = padding if padding is not None else np.ones(len(cube.people))
    asked = read_edits(cube, edits, layers, measure)
    try:
        after, amounts = _by_depth(asked)
    except (NotSettled, NotWhole, InputError):
        after, amounts = _together(asked, edits, layers)
    size = departure(asked.joint(), amounts)
    return Edited(cube, after, edits, amounts, size)


def _by_depth(asked: Edits) -> tuple[Cube, np.ndarray]:
    """Settle edits depth by depth; give the plan and what its cells were before rounding."""
    plan, amounts = asked.cube, asked.cube.units.astype("float64")
    for depth in asked.depths:
        model = asked.stage(depth, plan)
        found = settle(model).amounts
        plan = plan.with_units(whole_units(model, found))
        amounts = np.where(model.lower < model.upper, found, amounts)
    return plan, amounts


def _together(asked: Edits, edits: Mapping[str, Edit], padding: np.ndarray) -> tuple[Cube, np.ndarray]:
    """Settle all edits at once, or say why they cannot be kept."""
    cube, model = asked.cube, asked.joint()
    try:
        amounts = settle(model).amounts
        return cube.with_units(whole_units(model, amounts)), amounts
    except NotSettled:
        if fits(model):
            way = 'departure = "relative" in [quotas] is easier'
            raise NoPlanFoundInTime(f"quotas: the edits fit, but no answer was found; {way}") from None
    except NotWhole:
        reason = f"quotas: no multiples of {cube.unit:g} meet all edits; choose a smaller rounding unit"
        raise NoPlanExists([reason]) from None

    def compiled(some: Mapping[str, Edit]) -> Model:
        return read_edits(cube, some, padding, asked.measure).joint()

    def fit(names: Sequence[str]) -> bool:
        return fits(asked.joint(names))

    names = smallest_clash(list(asked.edits), fit)
    raise NoPlanExists(in_words(cube, names, edits, compiled, padding))
