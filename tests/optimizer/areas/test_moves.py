"""Today's territories beside new ones: who goes on as whom, what moves, and what few moves cost."""

import numpy as np
import pytest

from optimizer.areas.division import divide
from optimizer.areas.moves import moves
from optimizer.areas.rules import objective
from optimizer.areas.units import Areas
from scenarios.errors import InputError


def test_territories_go_on_as_those_they_share_most_with() -> None:
    # Of today's north (5 + 1) the first keeps 5; the second has 1 of north and 4 of south. "" had none.
    found = moves(["north", "north", "south", ""], np.array([1, 0, 0, 1]), 2, np.array([5.0, 1.0, 4.0, 9.0]))
    assert found.was == ("south", "north")
    assert found.moved.tolist() == [False, True, False, False]


def test_as_much_as_can_be_stays_even_where_one_territory_could_keep_more() -> None:
    # The first shares 5 with a and 4 with b, the second 4 with a and none with b: 4 + 4 stay, not 5 + 0.
    found = moves(["a", "b", "a"], np.array([0, 0, 1]), 2, np.array([5.0, 4.0, 4.0]))
    assert found.was == ("b", "a")
    assert found.moved.tolist() == [True, False, False]


def test_a_third_territory_is_new() -> None:
    found = moves(["a", "a", "b"], np.array([0, 1, 2]), 3, np.array([1.0, 2.0, 1.0]))
    assert found.was == ("", "a", "b")
    assert found.moved.tolist() == [True, False, False]


def row() -> Areas:
    at = np.arange(6.0)
    edges = np.column_stack([np.arange(5), np.arange(1, 6)])
    return Areas(tuple("abcdef"), at, np.zeros(6), np.ones(6), {"people": np.ones(6)}, edges)


@pytest.mark.parametrize(("move_km", "stays"), [(0.9, False), (2.7, True)])
def test_a_move_has_to_save_what_it_counts(move_km: float, stays: bool) -> None:
    # Today ab | cdef: in kilometers 1 + (1 + 1 + 2) = 5. Halves: 2 + 2 = 4, so that moving c saves 1 km:
    # worth it at .9 km a move and not at 2.7.
    how = {"compactness": "median", "today": tuple("AABBBB"), "move_km": move_km, "gap": 0.0}
    found = divide(row(), 2, **how)
    halves = found.owner.tolist() == [0, 0, 0, 1, 1, 1]
    assert halves is not stays
    assert objective(row(), found, "median") == pytest.approx(5.0 if stays else 4.0)
    assert found.objective == pytest.approx(5.0 if stays else 4.0 + 0.9)
    assert found.bound <= found.objective


def test_balance_moves_as_little_as_it_can() -> None:
    # Three each: c is the only one that has to move.
    found = divide(row(), 2, balance={"people": 0.0}, today=tuple("AABBBB"), move_km=100.0)
    assert (
        moves(tuple("AABBBB"), found.owner, 2, np.ones(6)).moved.tolist()
        == [False, False, True] + [False] * 3
    )


def test_todays_territories_are_a_start() -> None:
    # Without time for anything else there is still the plan of today, which keeps the limits.
    found = divide(row(), 2, balance={"people": 0.0}, today=tuple("AAABBB"), work_limit=1)
    assert found.owner.tolist() == [0, 0, 0, 1, 1, 1]


def test_todays_territories_need_one_word_a_unit() -> None:
    with pytest.raises(InputError, match="one territory for each of the 6 units"):
        divide(row(), 2, today=("A",), move_km=-1.0)
