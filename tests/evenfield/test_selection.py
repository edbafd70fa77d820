"""Selection of the best: the constants of Kim and Nelson, the chance to be right, and what is dropped."""

import numpy as np
import pytest

from evenfield.selection import eta, pareto, select_best


def test_the_constants_are_those_of_the_paper() -> None:
    # Five alternatives, ten first years, 95 %: eta .6350, h^2 = 2 eta (n0 - 1) = 11.43.
    assert eta(5, 10, 0.05) == pytest.approx(0.6350, abs=5e-5)
    assert 2 * eta(5, 10, 0.05) * 9 == pytest.approx(11.43, abs=5e-3)


def paired(means, common, own, seed):
    """Years with common luck: [years, alternatives] for as many years as are asked for."""
    rng = np.random.default_rng(seed)
    shared, alone = rng.normal(0, common, (6400, 1)), rng.normal(0, own, (6400, len(means)))
    table = np.asarray(means) + shared + alone
    return lambda which, years: table[:years, which]


def test_the_best_is_kept_with_the_probability_asked_for() -> None:
    # The least favorable case: the best is ahead by just the indifference amount. 95 % of 400 are 380; 4 sd
    # are 17.
    means = [1.0, 0.0, 0.0, 0.0, 0.0]
    right = sum(
        select_best(paired(means, 2.0, 1.0, seed), 5, 1.0, first=10, step=10).best == 0 for seed in range(400)
    )
    assert right >= 363


def test_a_rule_that_drops_at_once_is_refused() -> None:
    # The fault it has to see: taking the highest mean of two years is right far less often.
    means = [1.0, 0.0, 0.0, 0.0, 0.0]
    right = sum(
        int(paired(means, 2.0, 2.0, s)(list(range(5)), 2).mean(axis=0).argmax()) == 0 for s in range(400)
    )
    assert right < 363


def test_common_luck_saves_years() -> None:
    alone = select_best(paired([1.0, 0.0], 0.0, 3.0, 1), 2, 0.5)
    shared = select_best(paired([1.0, 0.0], 3.0, 0.3, 1), 2, 0.5)
    assert shared.best == alone.best == 0
    assert sum(shared.years) < sum(alone.years)


def test_who_is_far_behind_is_dropped_first() -> None:
    found = select_best(paired([1.0, 0.9, -5.0], 1.0, 1.0, 2), 3, 0.1, most=640)
    assert found.years[2] == 32
    assert found.years[0] > 32


def test_undecided_it_says_so() -> None:
    found = select_best(paired([0.0, 0.0], 0.0, 1.0, 3), 2, 1e-4, most=64)
    assert not found.decided
    assert set(found.left) == {0, 1}


def test_of_two_that_do_the_same_one_is_dropped_at_once() -> None:
    draw = paired([1.0, 0.0], 1.0, 1.0, 5)
    twice = lambda which, years: np.column_stack([draw([k // 2], years)[:, 0] for k in which])  # noqa: E731
    found = select_best(twice, 4, 0.1, most=3200)
    assert (found.best, found.decided, found.same) == (0, True, {1: 0, 3: 2})
    assert (found.years[1], found.years[3]) == (32, 32)
    alike = select_best(lambda which, years: np.ones((years, len(which))), 3, 0.1)
    assert (alike.left, alike.years) == ((0,), (32, 32, 32))


def test_one_alternative_is_the_best() -> None:
    assert select_best(paired([1.0], 1.0, 1.0, 4), 1, 0.1).best == 0


def test_pareto_keeps_what_nothing_beats() -> None:
    figures = np.array([[3.0, 1.0], [2.0, 0.5], [1.0, 0.8], [3.0, 1.0]])  # more bookings, less cost
    assert pareto(figures, (True, False)) == [0, 1, 3]
