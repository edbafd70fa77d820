"""Chains of moves: what a rep has too much of, or lacks, goes hand to hand to where there is room."""

import numpy as np

from optimizer.core.assignment import Measure, Problem
from optimizer.core.chains import chain
from optimizer.core.rows import compile_rows


def line(reps: int, lower: list[float], upper: list[float]) -> Problem:
    """Reps in a line with three units each of amount 1, which may go to the rep beside."""
    home = np.repeat(np.arange(reps), 3)
    pairs = sorted(
        (unit, rep) for unit, mine in enumerate(home) for rep in (mine - 1, mine, mine + 1) if 0 <= rep < reps
    )
    unit, rep = np.array(pairs).T
    count = Measure("customers", np.ones(len(unit)), np.array(lower), np.array(upper))
    return Problem(3 * reps, reps, unit, rep, np.abs(rep - home[unit]).astype(float), (count,))


def at_home(problem: Problem) -> np.ndarray:
    return np.flatnonzero(problem.rep == problem.unit // 3)


def follow(problem: Problem, rep: int) -> np.ndarray | None:
    rows = compile_rows(problem)
    chosen = at_home(problem)
    moves = chain(rows, np.arange(problem.reps), problem.cost, chosen, rep, 1.0)
    if moves is None:
        return None
    changed = chosen.copy()
    changed[problem.unit[moves]] = moves
    return changed


def test_what_a_rep_lacks_comes_from_the_far_end():
    problem = line(6, [4, 3, 3, 3, 3, 0], [9] * 6)
    changed = follow(problem, 0)
    assert changed is not None
    load = problem.loads(problem.measures[0], changed)
    assert load.tolist() == [4, 3, 3, 3, 3, 2]


def test_what_a_rep_has_too_much_of_goes_to_the_far_end():
    problem = line(6, [0] * 6, [2, 3, 3, 3, 3, 9])
    changed = follow(problem, 0)
    assert changed is not None
    load = problem.loads(problem.measures[0], changed)
    assert load.tolist() == [2, 3, 3, 3, 3, 4]


def test_none_is_found_where_there_is_no_room():
    assert follow(line(4, [4, 3, 3, 3], [9] * 4), 0) is None


def test_a_rep_is_brought_nearer_where_one_chain_is_not_enough():
    problem = line(3, [5, 3, 0], [9] * 3)
    changed = follow(problem, 0)
    assert changed is not None
    assert problem.loads(problem.measures[0], changed).tolist() == [4, 3, 2]


def test_both_measures_stay_inside():
    problem = line(3, [4, 3, 0], [9] * 3)
    heavy = np.where(problem.unit % 3 == 0, 5.0, 1.0)
    weight = Measure("weight", heavy, np.zeros(3), np.array([8.0, 7.0, 20.0]))
    both = Problem(9, 3, problem.unit, problem.rep, problem.cost, (*problem.measures, weight))
    changed = follow(both, 0)
    assert changed is not None
    assert both.loads(both.measures[0], changed).tolist() == [4, 3, 2]
    assert (both.loads(weight, changed) <= weight.upper).all()
