"""Apply edits to a plan of quotas: one model, whole units, and what each edit does to the others."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.quotas.clash import in_words
from optimizer.quotas.cube import Cube
from optimizer.quotas.departure import Departure, Measure, Model, NotSettled
from optimizer.quotas.edits import Bounds, compile_edits
from optimizer.quotas.feasibility import fits
from optimizer.quotas.settling import settle
from optimizer.quotas.whole import NotWhole, whole_units
from scenarios.errors import NoPlanExists, NoPlanFoundInTime
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
    model
        What was solved.
    departure
        Its answer, before rounding.
    """

    before: Cube
    cube: Cube
    edits: Mapping[str, Edit]
    model: Model
    departure: Departure

    @property
    def changed(self) -> np.ndarray:
        """Units by which each cell changed. [people, lines, periods]."""
        difference: np.ndarray = self.cube.units - self.before.units
        return difference

    def far(self) -> pd.DataFrame:
        """List leaves that rounding moved by more than one unit, with what they would have had."""
        off = self.cube.units - self.departure.amounts
        person, line, period = np.nonzero(np.abs(off) > 1 + 1e-6)
        return pd.DataFrame(
            {
                "node": [self.cube.people.names[k] for k in self.cube.people.leaves[person]],
                "line": [self.cube.lines.names[k] for k in self.cube.lines.leaves[line]],
                "period": [self.cube.periods.names[k] for k in self.cube.periods.leaves[period]],
                "amount": self.cube.amounts[person, line, period],
                "before rounding": self.departure.amounts[person, line, period] * self.cube.unit,
            }
        )


def apply_edits(
    cube: Cube,
    edits: Mapping[str, Edit],
    *,
    bounds: Bounds | None = None,
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
    bounds
        Standing limits of cells.
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

    def compiled(some: Mapping[str, Edit]) -> Model:
        return compile_edits(cube, some, bounds=bounds, padding=layers, measure=measure)

    model = compiled(edits)
    try:
        answer = settle(model)
        units = whole_units(model, answer.amounts)
    except NotSettled:
        if fits(model):
            way = 'departure = "relative" in [quotas] is easier'
            raise NoPlanFoundInTime(f"quotas: the edits fit, but no answer was found; {way}") from None
        raise NoPlanExists(in_words(cube, edits, compiled, layers)) from None
    except NotWhole:
        reason = f"quotas: no multiples of {cube.unit:g} meet all edits; choose a smaller rounding unit"
        raise NoPlanExists([reason]) from None
    return Edited(cube, cube.with_units(units), edits, model, answer)
