"""Contests: the equilibrium against closed forms, simulated rivals, and people who would rather give up."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulation.behaving.contests import Rivals, chances, compete, marginal_chances

TEN = Rivals(people=10, effect=1.0, noise=1.0, cost=1.0)


def test_two_rivals_are_as_in_the_textbook() -> None:
    # k A / (2 kappa s sqrt(pi)) = 3 x 0.5 / (2 x 2 x 4 x 1.7725) = 0.05289 above the least effort.
    found = compete(Rivals(people=2, effect=3.0, noise=4.0, cost=2.0, least=0.5), [0.5])
    assert found.effort == pytest.approx(0.5 + 3 * 0.5 / (2 * 2 * 4 * np.sqrt(np.pi)))
    # Half the prize each, less 2 x .05289^2 / 2.
    assert found.payoff == pytest.approx(0.25 - 0.05289**2, abs=1e-6)
    assert found.regret == pytest.approx(0.0, abs=1e-12)


@pytest.mark.parametrize(("people", "constant"), [(2, 0.28209), (5, 0.23259), (10, 0.15388)])
def test_the_winner_takes_all(people: int, constant: float) -> None:
    assert compete(Rivals(people, 1.0, 1.0, 1.0), [1.0]).effort == pytest.approx(constant, abs=5e-6)


def test_a_prize_for_everybody_moves_nobody() -> None:
    assert compete(TEN, [0.1] * 10).effort == pytest.approx(0.0, abs=1e-12)


def test_the_last_rank_is_the_mirror_of_the_first() -> None:
    c = marginal_chances(7)
    assert c == pytest.approx(-c[::-1], abs=1e-12)


@pytest.mark.parametrize("ahead", [-1.5, 0.0, 0.8])
def test_chances_are_those_of_simulated_rivals(ahead: float) -> None:
    rng = np.random.default_rng(1)
    sold = rng.standard_normal((200_000, 5))
    rank = (sold[:, 1:] > sold[:, :1] + ahead).sum(axis=1)
    seen = np.bincount(rank, minlength=5) / len(rank)
    # Four standard errors of a share near one half.
    assert chances(5, np.array([ahead]))[0] == pytest.approx(seen, abs=4 * 0.5 / np.sqrt(len(rank)))


@given(people=st.integers(2, 60), ahead=st.floats(-3, 3))
def test_some_rank_comes_out_and_its_chance_moves_as_said(people: int, ahead: float) -> None:
    step = 1e-5
    below, here, above = chances(people, np.array([-step, ahead, step]))
    assert here.sum() == pytest.approx(1.0)
    assert (above - below) / (2 * step) == pytest.approx(marginal_chances(people), abs=1e-6)


@given(
    prizes=st.lists(st.floats(0, 5), min_size=1, max_size=6),
    noise=st.floats(2.0, 10.0),
    cost=st.floats(5.0, 20.0),
)
def test_where_noise_is_large_nobody_can_do_better(prizes: list[float], noise: float, cost: float) -> None:
    found = compete(Rivals(6, 1.0, noise, cost), sorted(prizes, reverse=True))
    assert found.regret == pytest.approx(0.0, abs=1e-9)


def test_where_the_prize_outweighs_the_noise_it_is_better_to_give_up() -> None:
    # Effort 1 x .5 / sqrt(pi) / .1 = 2.82 would cost 3.98, and the prize is worth half of 1.
    found = compete(Rivals(people=2, effect=1.0, noise=0.1, cost=1.0), [1.0])
    assert found.effort == pytest.approx(2.8209, abs=1e-4)
    assert found.payoff == pytest.approx(0.5 - 2.8209**2 / 2, abs=1e-3)
    # Without effort there is no chance against 2.82, 28 deviations ahead: 0 instead of -3.48.
    assert found.regret == pytest.approx(-found.payoff, abs=1e-6)


def test_who_is_afraid_of_risk_tries_harder_for_several_prizes() -> None:
    one, three = compete(TEN, [1.0], np.sqrt), compete(TEN, [1 / 3] * 3, np.sqrt)
    assert three.effort > one.effort
    assert compete(TEN, [1.0]).effort > compete(TEN, [1 / 3] * 3).effort


@pytest.mark.parametrize(("people", "prizes"), [(1, [1.0]), (2, [1.0, 1.0, 1.0])])
def test_a_contest_needs_rivals_and_no_more_prizes_than_those(people: int, prizes: list[float]) -> None:
    with pytest.raises(ValueError, match="rivals"):
        compete(Rivals(people, 1.0, 1.0, 1.0), prizes)
