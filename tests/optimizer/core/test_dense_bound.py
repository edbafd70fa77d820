"""Where all may serve all, the relaxation begins with few pairs of each and ends with the same bound."""

import numpy as np
import pytest

from optimizer.core import bound
from optimizer.core.assignment import Budget, Measure, Problem
from optimizer.core.bound import lower_bound, value_of


def dense(units: int, reps: int, seed: int) -> Problem:
    rng = np.random.default_rng(seed)
    unit, rep = np.divmod(np.arange(units * reps), reps)
    cost = rng.gamma(1.0, 20.0, units * reps)
    hours = np.repeat(rng.uniform(1, 5, units), reps)
    fair = hours.reshape(units, reps)[:, 0].sum() / reps
    measure = Measure("hours", hours, np.full(reps, 0.97 * fair), np.full(reps, 1.03 * fair))
    count = Measure(
        "customers", np.ones(len(cost)), np.full(reps, 0.0), np.full(reps, units / reps), price=30.0
    )
    return Problem(
        units, reps, unit, rep, cost, (measure, count), (Budget("far", 1.0 * (rep > 3), 0.8 * units),)
    )


@pytest.mark.parametrize("seed", range(4))
def test_few_pairs_give_the_bound_of_all(seed, monkeypatch):
    problem = dense(60, 40, seed)
    whole = lower_bound(problem)
    monkeypatch.setattr(bound, "MANY", 1)
    monkeypatch.setattr(bound, "COLUMNS", 3)
    asked = []
    few = lower_bound(problem, progress=asked.append)
    assert few.value == pytest.approx(whole.value, rel=2e-5)
    assert few.value == pytest.approx(value_of(problem, few.certificate))
    assert len(asked) > 1  # not all that matters is among the three cheapest
    np.testing.assert_allclose(np.add.reduceat(few.share, problem.starts[:-1]), 1.0, atol=1e-3)


def test_limits_that_need_a_dear_pair_are_met(monkeypatch):
    """All customers want rep 0, who may have two; the rest must take what they like least."""
    unit, rep = np.divmod(np.arange(10 * 40), 40)
    cost = np.where(rep == 0, 0.0, 1.0 + rep)
    upper = np.where(np.arange(40) == 0, 2.0, np.where(np.arange(40) == 39, 10.0, 0.0))
    count = Measure("customers", np.ones(400), np.full(40, -np.inf), upper)
    problem = Problem(10, 40, unit, rep, cost, (count,))
    monkeypatch.setattr(bound, "MANY", 1)
    monkeypatch.setattr(bound, "COLUMNS", 2)
    assert lower_bound(problem).value == pytest.approx(8 * 40.0, rel=1e-4)
