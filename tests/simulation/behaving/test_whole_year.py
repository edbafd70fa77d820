"""A year of quarters: one quarter inside the other, and reps by kinds."""

import numpy as np
import pytest

from simulation.behaving.dynamic import Deals, Grid, Period, Scatter, respond
from simulation.behaving.preferences import Preferences
from simulation.behaving.whole_year import Year, kinds_of, respond_in_year

GRID = Grid(-0.5, 0.0125, 261)
WHOLE = Grid(-0.2, 0.0025, 921)
PATIENT = Preferences(weekly_patience=1.0)


def quarter(quota, weekly, at_end, weeks=13):
    """Reps of these quotas and bookings a week, a quarter's scatter of a quarter of quota."""
    steps = np.tile(np.reshape(weekly, (-1, 1)), (1, weeks))
    incentive = 0.08 * quota
    none = np.zeros((len(quota), GRID.points))
    pay = incentive[:, None] * GRID.averaged(at_end)
    return Period(quota, steps, np.ones(weeks), none, pay, incentive, Scatter((0.25 * quota) ** 2 / 13))


def year(quota, weekly, quarterly, yearly, quarters=4):
    parts = tuple(quarter(quota, weekly, quarterly) for _ in range(quarters))
    return Year(parts, WHOLE, quarters * 0.08 * quota[:, None] * WHOLE.averaged(yearly))


def test_a_year_without_yearly_pay_is_its_quarters():
    quota, weekly = np.array([13.0]), np.array([1.0])
    asked = year(quota, weekly, lambda a: 1.0 * (a >= 1), lambda a: 0 * a)
    ours = respond_in_year(asked, PATIENT, GRID)
    alone = respond(asked.quarters[0], PATIENT, GRID)
    for number in (0, 3):
        for so_far in (0.1, 0.6):
            chosen = ours.chosen(0, number, 8, so_far, np.array([0.4, 0.7, 1.1]))
            assert chosen == pytest.approx(alone.chosen(0, 8, np.array([0.4, 0.7, 1.1])), abs=1e-5)
    one = np.interp(0.0, GRID.attainment, alone.value[0, 0])
    assert ours.value[0, :, 0] == pytest.approx([4 * one, 3 * one, 2 * one, one, 0], abs=1e-6)


def test_two_quarters_of_yearly_pay_are_one_long_period():
    # A bonus for both quarters together, decided as one period of 26 weeks on a grid of half the cell.
    quota, weekly = np.array([13.0]), np.array([1.0])
    asked = year(quota, weekly, lambda a: 0 * a, lambda a: 1.0 * (a >= 1), quarters=2)
    ours = respond_in_year(asked, Preferences(), GRID, so_far=np.linspace(0, 2, 81))
    fine = Grid(-0.5, 0.00625, 521)
    none = np.zeros((1, fine.points))
    reached = 2.08 * fine.averaged(lambda a: 1.0 * (a >= 1))[None]
    whole = Period(
        np.array([26.0]), np.ones((1, 26)), np.ones(26), none, reached, np.array([2.08]),
        Scatter(np.array([3.25**2 / 13])),
    )  # fmt: skip
    long = respond(whole, Preferences(), fine)
    assert ours.chosen(0, 0, 5, 0.0, np.array([0.2, 0.4, 0.6])) == pytest.approx(
        long.chosen(0, 5, np.array([0.1, 0.2, 0.3])), abs=0.01
    )
    for so_far, progress in ((0.3, 0.5), (0.5, 0.5), (0.55, 0.7)):
        chosen = ours.chosen(0, 1, 7, so_far, np.array([progress]))
        assert chosen == pytest.approx(long.chosen(0, 20, np.array([so_far + progress / 2])), abs=0.015)
    start = np.interp(0.0, fine.attainment, long.value[0, 0])
    assert ours.value[0, 0, 0] == pytest.approx(start, abs=2e-3)


def test_who_is_sure_of_the_year_rests_and_who_cannot_reach_it_gives_up():
    quota, weekly = np.array([13.0]), np.array([1.0])
    ours = respond_in_year(year(quota, weekly, lambda a: 0 * a, lambda a: 1.0 * (a >= 1)), PATIENT, GRID)
    far, near, sure = (ours.chosen(0, 3, 6, so_far, np.array([0.45]))[0] for so_far in (0.4, 0.76, 1.05))
    assert far == pytest.approx(0.5, abs=0.02)
    assert near > 2
    assert sure == pytest.approx(0.5, abs=0.02)


def test_reps_who_differ_only_in_the_size_of_their_numbers_are_of_one_kind():
    quota = np.array([13.0, 1300.0, 26.0, 13.0])
    weekly = np.array([1.0, 100.0, 1.0, 1.2])
    asked = year(quota, weekly, lambda a: 1.0 * (a >= 1), lambda a: 0 * a)
    kind, example = kinds_of(asked, 24)
    assert kind[0] == kind[1]
    assert len({*kind.tolist()}) == len(example) == 3
    ours = respond_in_year(asked, PATIENT, GRID)
    for rep in (1, 2, 3):
        alone = respond(quarter(quota[[rep]], weekly[[rep]], lambda a: 1.0 * (a >= 1)), PATIENT, GRID)
        chosen = ours.chosen(rep, 0, 4, 0.0, np.array([0.3, 0.5]))
        assert chosen == pytest.approx(alone.chosen(0, 4, np.array([0.3, 0.5])), abs=1e-5)


def test_more_kinds_come_nearer_to_each_rep():
    quota = np.full(60, 13.0)
    weekly = np.linspace(0.6, 1.4, 60)
    parts = tuple(quarter(quota, weekly, lambda a: 1.0 * (a >= 1)) for _ in range(2))
    deals = tuple(
        Period(q.quota, q.bookings, q.weeks, q.at_once, q.at_end, q.target_incentive,
               Deals(np.full(60, 0.5), np.full(60, 1.0)))
        for q in parts
    )  # fmt: skip
    asked = Year(deals, WHOLE, np.zeros((60, WHOLE.points)))
    away = []
    for most in (1, 4, 16):
        kind, example = kinds_of(asked, most)
        assert len(example) == most
        assert (kind[example] == np.arange(most)).all()
        away.append(np.abs(np.log(weekly / weekly[example[kind]])).max())
    # The middle alone leaves log(1 / .6) or so; 16 kinds are about 1.4 / .6 over 16 apart.
    assert away[0] > 0.4
    assert away[2] < 0.06
    assert away[0] > away[1] > away[2]
