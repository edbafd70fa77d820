"""What is reached is decided without rounding, by hand: Ann has 10,000 a quarter on a quota of 250,000."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from payroll import in_first_months, paid, people

from scenarios.scheme import Scheme
from simulation.paying.elements import score_of
from simulation.paying.exact import Curves, Piece, floor_of_sum
from simulation.paying.pay import pay
from simulation.paying.results import Account, Results

STEPS = [{"at": 0.9, "pays": 0.9}, {"at": 1.0, "pays": 1.0}]
THREE = ("bookings", "collections", "invoices")


def card(weights: list[float], steps: list[dict[str, float]]) -> Scheme:
    items = [{"measure": name, "weight": weight} for name, weight in zip(THREE, weights, strict=False)]
    element = {"kind": "scorecard", "weight": 1.0, "items": items, "steps": steps}
    return Scheme.model_validate({"elements": {"card": element}})


def of_ann(scheme: Scheme, *each: list[float]) -> list[float]:
    """Pay Ann for bookings, collections and invoices by quarter."""
    accounts = {Account(name): in_first_months([row]) for name, row in zip(THREE, each, strict=False)}
    return (pay(scheme, people(scheme), Results(accounts)).elements["card"][0] / 100).tolist()


@pytest.mark.parametrize("weights", [[0.3333333333, 0.3333333333, 0.3333333334], [0.333333333] * 3])
def test_three_thirds_at_quota_are_a_whole(weights: list[float]) -> None:
    quota = [250_000.0] * 4
    assert of_ann(card(weights, STEPS), quota, quota, quota) == [10_000.0] * 4


def test_a_cent_below_quota_is_below_the_step() -> None:
    below = [249_999.99, 249_999.87, 225_000.0, 224_999.99]
    assert of_ann(card([1.0], STEPS), below) == [9000.0, 9000.0, 9000.0, 0.0]


def test_points_that_no_decimal_can_write_add_up_to_the_step() -> None:
    # Of quotas of 3 two thirds and four thirds, half of each, are 1; a cent less is not.
    scheme = card([0.5, 0.5], STEPS)
    who = people(scheme, {"ann": {"quota": [3.0] * 4}})
    sold = ([[2.0, 2.0, 1.99, 0]], [[4.0, 3.99, 4.0, 0]])
    results = Results({Account(n): in_first_months(s) for n, s in zip(THREE, sold, strict=False)})
    assert (pay(scheme, who, results).elements["card"] / 100).tolist() == [[10_000.0, 9000.0, 9000.0, 0.0]]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_scores_are_what_fractions_say(seed: int) -> None:
    luck = np.random.default_rng(seed)
    weights = [[0.5, 0.3, 0.2], [0.25, 0.25, 0.5], [0.1, 0.2, 0.7]][luck.integers(3)]
    scheme = card(weights, STEPS)
    quota = luck.choice([3.0, 7.0, 10.0, 250_000.0], 4)
    who = people(scheme, {"ann": {"quota": quota.tolist()}})
    cents = np.zeros((3, 5, 1, 12), np.int64)
    cents[..., 0, ::3] = (quota * 100).astype(np.int64) * luck.integers(0, 9, (3, 5, 4)) // 4
    results = Results({Account(name): sold for name, sold in zip(THREE, cents, strict=True)})
    found = score_of(scheme.elements["card"], who, results)
    for year, quarter in np.ndindex(5, 4):
        each = [Fraction(int(sold[year, 0, 3 * quarter])) for sold in cents]
        shares = [Fraction(str(weight)) for weight in weights]
        exact = sum(w * e for w, e in zip(shares, each, strict=True)) / int(quota[quarter] * 100)
        assert found[year, 0, quarter] == exact * 10**6 // 1


def test_a_sum_of_curves_is_rounded_down_once() -> None:
    thirds = Curves.of([(Piece(-100, Fraction(0), Fraction(1, 3)),)], (1,))
    seven = np.array([[7], [2], [-1]])
    two = np.array([[2], [3], [0]])
    halves = [Fraction(1, 2), Fraction(1)]
    # 7/6 + 2/3 = 11/6; 2/6 + 1 = 4/3; -1/6
    assert floor_of_sum([thirds, thirds], [seven, two], halves).tolist() == [[1], [1], [-1]]


def race(**more: object) -> Scheme:
    contest = {"kind": "contest", "prizes": [3000.0, 1000.0], **more}
    return Scheme.model_validate({"elements": {"race": contest}})


def test_ten_cents_ahead_are_ahead_and_a_cent_below_the_bar_is_below() -> None:
    scheme = race(at_least=1.0)
    who = people(scheme, {"ann": {}, "bob": {}})
    made = paid(scheme, [[250_000.10, 249_999.99, 250_000, 0], [250_000, 250_000, 250_000, 0]], who)
    assert (made.elements["race"] / 100).tolist() == [[3000.0, 0, 2000, 0], [1000.0, 3000, 2000, 0]]


def test_attainments_of_unlike_goals_are_compared_exactly() -> None:
    # A third each: level. Then a cent more of 300 million, which is 3 in 10^11.
    scheme = race()
    who = people(scheme, {"ann": {"quota": [3e8] * 4}, "bob": {"quota": [3.0] * 4}})
    made = paid(scheme, [[1e8, 1e8 + 0.01, 1e8 - 0.01, 0], [1.0, 1.0, 1.0, 0]], who)
    assert (made.elements["race"] / 100).tolist() == [[2000.0, 3000, 1000, 0], [2000.0, 1000, 3000, 0]]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**9))
def test_places_are_those_of_fractions(seed: int) -> None:
    luck = np.random.default_rng(seed)
    scheme = race(prizes=[400.0, 200.0, 100.0], period="year")
    quota = luck.choice([3.0, 7.0, 1e9, 3e9], 4)
    who = people(scheme, {f"p{n}": {"quota": [q] * 4} for n, q in enumerate(quota)})
    sold = np.zeros((4, 12), np.int64)
    sold[:, 0] = (quota * 400).astype(np.int64) * luck.integers(0, 4, 4) // 3 + luck.integers(0, 2, 4)
    made = pay(scheme, who, Results({Account("bookings"): sold})).elements["race"][:, 0]
    reached = [Fraction(int(s), int(q * 400)) for s, q in zip(sold[:, 0], quota, strict=True)]
    for one, other in np.ndindex(4, 4):
        if reached[one] > reached[other]:
            assert made[one] > made[other]
        if reached[one] == reached[other]:
            assert abs(made[one] - made[other]) <= 1
    assert made.sum() == sum([400_00, 200_00, 100_00][: sum(r > 0 for r in reached)])


def test_a_contest_by_cost_says_what_to_write_instead() -> None:
    with pytest.raises(ValueError, match=r"more cost is not better.*use a bonus with up_to"):
        race(measure="cost", ranked_by="value", period="year")
