"""Amounts of any size are exact to the cent, or refused: dong and rupiah, and pots of millions."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from payroll import DAYS, paid, people

from scenarios import InputError
from scenarios.scheme import Scheme
from simulation.paying.exact import MOST, part_of, times
from simulation.paying.people import as_target, spread


def scheme_of(**element):
    return Scheme.model_validate({"elements": {"e": element}})


def pays(scheme, quarters, reps=None):
    """Money of everybody in the first quarter."""
    found = paid(scheme, quarters, people(scheme, reps) if reps else None)
    return (found.elements["e"][..., 0] / 100).tolist()


def test_a_companys_target_of_a_hundred_billion_is_divided_whole():
    found = as_target(1e11, np.full(12, 10**11), DAYS)
    assert found.sum() == 10**13
    assert set((found - 10**13 // 12).tolist()) == {0, 1}


def test_a_multiplier_makes_four_times_of_thirty_billion():
    scheme = scheme_of(
        kind="commission",
        tiers_in="amount",
        tiers=[{"at": 0, "rate": 0.5}],
        multipliers=[{"measure": "bookings", "steps": [{"at": 0.0, "times": 4.0}]}],
    )
    assert pays(scheme, [6e10, 0, 0, 0]) == [12e10]


def test_a_pot_is_shared_by_sales_of_hundreds_of_billions():
    scheme = scheme_of(kind="team bonus", amount=1000.0, shared="by measure")
    team = {"ann": {"team": "E"}, "bob": {"team": "E"}}
    assert pays(scheme, [[1e11] * 4, [3e11] * 4], team) == [250, 750]


@pytest.mark.parametrize("shared", ["by measure", "by quota"])
def test_shares_of_a_million_are_exact_to_the_cent(shared):
    # 1,000,000 x 323,456.78 / 1,023,456.79 = 316,043.4159...
    sold = [[323_456.78] * 4, [700_000.01] * 4]
    scheme = scheme_of(kind="team bonus", amount=1_000_000.0, shared=shared)
    team = {name: {"team": "E", "quota": row} for name, row in zip(("ann", "bob"), sold, strict=True)}
    assert pays(scheme, sold, team) == [316_043.41, 683_956.59]


def test_what_is_more_than_can_be_held_is_refused():
    scheme = scheme_of(kind="commission", tiers_in="amount", tiers=[{"at": 0, "rate": 0.5}])
    with pytest.raises(InputError, match="amounts up to 90,071,992,547,409 can be held"):
        as_target(1e14, np.full(12, 1), DAYS)
    with pytest.raises(InputError, match="state money in a larger unit"):
        times(np.array([MOST]), 2_000_000)
    assert pays(scheme, [9e13, 0, 0, 0]) == [4.5e13]


@given(
    st.lists(st.integers(-MOST, MOST), min_size=1, max_size=4),
    st.integers(0, MOST),
    st.integers(1, MOST),
    st.floats(0, 0.999),
)
@example([-9_007_199_254_740_736], 513, 513, 0.5)  # its part of 513 rounded down first is one too large
@example([MOST], 4, 1, 0.0)
def test_parts_are_those_of_integers_of_any_length(amounts, parts, whole, rest):
    extra = int(whole * rest)
    expected = [(amount * parts + extra) // whole for amount in amounts]
    if max(map(abs, expected)) > MOST:
        with pytest.raises(InputError, match="can be held"):
            part_of(np.array(amounts), parts, whole, extra)
        return
    assert part_of(np.array(amounts), parts, whole, extra).tolist() == expected


@given(st.integers(-MOST, MOST), st.lists(st.integers(0, 10**13), min_size=1, max_size=6))
def test_nothing_is_lost_where_something_is_spread(total, weights):
    found = spread(np.array(total), np.array(weights)).tolist()
    assert sum(found) == (total if sum(weights) else 0)
    for share, weight in zip(found, weights, strict=True):
        assert abs(share - Fraction(total * weight, sum(weights) or 1)) < 1
