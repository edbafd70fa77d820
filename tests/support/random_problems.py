"""Small assignment problems for hypothesis, and their optimum by trying everything."""

import itertools
from dataclasses import replace

import numpy as np
from hypothesis import strategies as st

from optimizer.core.assignment import Budget, Measure, Problem
from optimizer.core.fairness import Fairness


@st.composite
def problems(draw, notions=()):
    """Small problems with every kind of rule switched on or off, in amounts short and long."""
    units, reps = draw(st.integers(1, 5)), draw(st.integers(1, 6 if draw(st.booleans()) else 3))
    digit = draw(st.sampled_from([1.0, 0.1, 1 / 3, 1000.0]))
    whole = st.integers(0, 9)
    allowed = np.array([draw(st.lists(st.booleans(), min_size=reps, max_size=reps)) for _ in range(units)])
    allowed[~allowed.any(axis=1), 0] = True
    if draw(st.integers(0, 9)) == 0:
        allowed &= np.arange(reps) == allowed.argmax(axis=1)[:, None]
    unit, rep = np.nonzero(allowed)

    def some(values, count):
        return np.array(draw(st.lists(values, min_size=count, max_size=count)), dtype=float)

    measures = []
    for number in range(draw(st.integers(1 if notions else 0, 2))):
        lower = np.where(some(st.integers(0, 2), reps) > 0, -np.inf, some(st.integers(0, 6), reps) * digit)
        upper = np.where(some(st.integers(0, 2), reps) > 1, np.inf, some(st.integers(2, 15), reps) * digit)
        measure = Measure(f"measure {number}", some(whole, len(unit)) * digit, lower, upper)
        if draw(st.booleans()):
            measure = replace(measure, price=draw(st.sampled_from([0.0, 0.5, 3.0, 2 / 7])))
        if draw(st.booleans()):
            other = some(st.integers(-1, reps - 1), len(unit)).astype(int)
            measure = replace(measure, other=other, other_amount=some(st.integers(0, 4), len(unit)) * digit)
        measures.append(measure)
    limit, price = float(draw(whole)), draw(st.sampled_from([np.inf, 1.5]))
    budgets = (Budget("moves", some(whole, len(unit)), limit, price),) if draw(st.booleans()) else ()
    cost = some(st.integers(-3, 9), len(unit)) * draw(st.sampled_from([1.0, 0.01, np.pi]))
    terms = ()
    if notions:
        share = some(st.integers(1, 9), reps) * digit
        terms = (
            Fairness(
                "measure 0", share, draw(st.sampled_from(notions)), draw(st.sampled_from([0.0, 1.0, 7.3]))
            ),
        )
    return Problem(units, reps, unit, rep, cost, tuple(measures), budgets, terms)


def brute_force(problem):
    """The least objective over every assignment, inf if none keeps the hard limits."""
    pairs = [np.flatnonzero(problem.unit == u) for u in range(problem.units)]
    return min(problem.objective(np.array(choice)) for choice in itertools.product(*pairs))
