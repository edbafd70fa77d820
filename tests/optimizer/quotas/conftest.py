"""A small company whose quotas can be added up by hand."""

import numpy as np
import pytest

from optimizer.quotas.cube import Cube
from optimizer.quotas.tree import tree_of

PEOPLE = [("East", "Ann"), ("East", "Bob"), ("West", "Cid"), ("West", "Dee")]
YEARLY = {"Ann": 400, "Bob": 800, "Cid": 400, "Dee": 1200}


def _cube_of(units, people=PEOPLE, unit=1.0):
    """Make a cube of lines X and Y and two quarters from units, [people, 2, 2]."""
    tree, at = tree_of(people, ("company", "region", "rep")[: 1 + len(people[0])], "Company")
    lines, _ = tree_of([("X",), ("Y",)], ("all", "line"), "all lines")
    periods, _ = tree_of([("Q1",), ("Q2",)], ("year", "quarter"), "year")
    cells = np.empty((len(people), 2, 2), dtype=np.int64)
    cells[at] = units
    return Cube(tree, lines, periods, cells, unit)


@pytest.fixture(scope="session")
def cube_of():
    """Give the function that makes a cube."""
    return _cube_of


@pytest.fixture
def company():
    """Every person has a quarter of the year's amount in each of the four cells: 2,800 in all."""
    return _cube_of([np.full((2, 2), YEARLY[name] // 4) for _, name in PEOPLE])


@pytest.fixture
def yearly():
    """Give the year's units of every person of a cube."""

    def read(cube):
        names = [cube.people.paths[k][-1] for k in cube.people.leaves]
        return dict(zip(names, cube.units.sum(axis=(1, 2)).tolist(), strict=True))

    return read
