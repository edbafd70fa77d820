"""The general solvers, which judge the Newton method and answer where it does not."""

import numpy as np
import pytest

from optimizer.quotas.departure import Model
from optimizer.quotas.judge import solve
from optimizer.quotas.totals import Total, Totals


@pytest.mark.parametrize("unit", [1.0, 0.01])
def test_the_rounding_unit_makes_no_difference_to_the_answer(unit):
    # Half the people are asked for a tenth more, everybody together for what they have: the rest make up for
    # it, in proportion, line by line and month by month.
    shape = (60, 5, 6)
    base = np.rint(np.random.default_rng(0).lognormal(9, 1, shape) / unit)
    everybody, everything = np.ones(shape[0], dtype=bool), np.ones(shape[1:], dtype=bool)
    first = np.arange(shape[0]) < shape[0] // 2
    more, whole = 1.1 * base[first].sum(axis=0).ravel(), base.sum(axis=0).ravel()
    totals = (
        Total(first, everything, more, more, each=True),
        Total(everybody, everything, whole, whole, each=True),
    )
    answer = solve(Model(base, np.zeros(shape), np.full(shape, np.inf), Totals(totals, shape)))
    left = 1 - 0.1 * base[first].sum(axis=0) / base[~first].sum(axis=0)
    assert answer.amounts[first] == pytest.approx(1.1 * base[first], rel=1e-6)
    assert answer.amounts[~first] == pytest.approx(left * base[~first], rel=1e-6)
