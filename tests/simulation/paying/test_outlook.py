"""What a rep has in view of a quarter: limits, the year so far, and what is left out."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from payroll import people, view

from scenarios.scheme import Scheme
from simulation.paying.exact import Piece
from simulation.paying.outlook import at_most, outlooks, unseen

LINEAR = {"kind": "commission", "weight": 1.0}


def seen(sales, others=None, **elements):
    """Pay of a quarter of a rep with a quota of 250,000 and an incentive of 10,000 a quarter."""
    scheme = Scheme.model_validate({"elements": elements, **(others or {})})
    return view(scheme, 250_000.0, 10_000.0).pay(np.array(sales, float)).tolist()


def test_most_pay_ends_what_is_seen_as_a_cap_does():
    at = [0, 100_000, 125_000, 250_000, 500_000]
    limited = seen(at, c={**LINEAR, "most_pay": 5000.0})
    assert limited == pytest.approx([0, 4000, 5000, 5000, 5000])
    assert limited == pytest.approx(seen(at, c={**LINEAR, "cap": 0.5}))


def test_most_incentive_ends_what_a_quarter_pays_together():
    bonus = {"kind": "bonus", "weight": 0.5}
    both = {"c": {**LINEAR, "weight": 0.5}, "b": bonus}
    # 5,000 by commission and 5,000 at quota; the limit of a quarter is 8,000.
    assert seen([125_000, 249_999, 250_000, 500_000], {"most_incentive": 0.8}, **both) == pytest.approx(
        [2500, 5000, 8000, 8000], abs=0.03
    )


def test_most_incentive_leaves_room_for_what_the_year_pays():
    both = {"c": {**LINEAR, "weight": 0.5}, "y": {"kind": "bonus", "weight": 0.5, "period": "year"}}
    # The yearly bonus is seen as 2 % of sales, 20,000 a year; 12,000 of 32,000 are left, 3,000 a quarter.
    assert seen([250_000, 500_000], {"most_incentive": 0.8}, **both) == pytest.approx([8000, 13_000])


def test_tiers_of_the_year_so_far_begin_where_the_year_is_on_plan():
    tiers = [{"at": 0, "rate": 1}, {"at": 1, "rate": 2}]
    cumulative = {**LINEAR, "cumulative": True, "tiers": tiers, "cap": 1.5}
    scheme = Scheme.model_validate({"elements": {"c": cumulative}})
    first, *_, last = outlooks(scheme, people(scheme))[0]
    # 4 % to the quota of the year so far, 8 % beyond; nothing beyond 375,000 of 250,000 or 1,500,000 of
    # 1,000,000, of which 750,000 were sold before the last quarter.
    assert first.kinks == pytest.approx([250_000, 375_000])
    assert last.kinks == pytest.approx([250_000, 750_000])
    assert last.pay(np.array([0, 250_000.0, 750_000.0, 900_000.0])) == pytest.approx(
        [0, 10_000, 50_000, 50_000]
    )


@given(
    level=st.integers(-50, 50), slopes=st.lists(st.integers(-5, 5), min_size=1, max_size=4),
    jump=st.integers(-20, 20), most=st.integers(-60, 60),
)  # fmt: skip
def test_the_smaller_of_a_curve_and_a_limit_at_every_whole_number(level, slopes, jump, most):
    cell = tuple(Piece(10 * n, Fraction(level + jump * n), Fraction(s, 3)) for n, s in enumerate(slopes))
    made = at_most(cell, most)

    def value(pieces, x):
        return next(p.at(x) for p in reversed(pieces) if p.start <= x)

    assert all(value(made, x) == min(value(cell, x), most) for x in range(60))


def test_of_some_lines_their_share_of_expected_bookings_counts():
    bonus = {"kind": "bonus", "amount": 900.0, "lines": ["Bolts"], "goal": 50_000.0}
    scheme = Scheme.model_validate(
        {"elements": {"c": {**LINEAR, "lines": ["Bolts"]}, "b": bonus, "n": {**bonus, "lines": ["Nuts"]}}}
    )
    [[quarter, *_]] = outlooks(scheme, people(scheme), shares={("Bolts",): np.array([0.25])})
    # Of 200,000 booked 50,000 are of bolts: the bonus, and 4 % of them. Nuts were not given: unseen.
    assert quarter.pay(np.array([199_000.0, 200_000.0])) == pytest.approx([1_990, 2_900])
    [[nothing, *_]] = outlooks(scheme, people(scheme))
    assert nothing.pay(np.array([200_000.0])).tolist() == [0]
    assert unseen(scheme) == {}


def test_who_expects_nothing_of_a_line_has_nothing_to_gain_by_it():
    scheme = Scheme.model_validate({"elements": {"c": {**LINEAR, "lines": ["Bolts"]}}})
    [[quarter, *_]] = outlooks(scheme, people(scheme), shares={("Bolts",): np.zeros(1)})
    assert quarter.pay(np.array([0.0, 1e6])).tolist() == [0, 0]


def test_what_reps_do_not_see_is_listed():
    gate = {"measure": "satisfaction", "at_least": 0.8}
    scheme = Scheme.model_validate(
        {
            "elements": {
                "c": {**LINEAR, "gates": [gate]},
                "x": {"kind": "spiff", "share": 0.1},
                "t": {"kind": "team bonus", "amount": 10.0},
            }
        }
    )
    assert unseen(scheme) == {"c": ("gates",), "x": (), "t": ()}
