"""The dynamic program: against the closed form, enumeration of small worlds and its own finer grids.

One rep sells 1 a week at effort 1; a quarter has 13 weeks, its quota is 13 and its incentive 8 % of it.
"""

from itertools import pairwise

import numpy as np
import pytest

from simulation.behaving.closed_form import forward_looking, value
from simulation.behaving.dynamic import Deals, Grid, Period, Scatter, believed, respond, tabulated
from simulation.behaving.preferences import Preferences
from simulation.paying.outlook import Outlook

WEEKS, QUOTA, INCENTIVE = 13, 13.0, 0.08 * 13
VARIANCE = (0.25 * 13) ** 2 / 13
PATIENT = Preferences(weekly_patience=1.0)
FREE = Preferences(weekly_patience=1.0, most=30.0)
GRID = Grid(-0.5, 0.0125, 261)


def nothing(attainment):
    return 0 * attainment


def line(attainment):
    return INCENTIVE * attainment


def bonus(attainment):
    return INCENTIVE * (attainment >= 1)


def capped(attainment):
    return INCENTIVE * np.minimum(attainment, 1.1)


def tiers(attainment):
    """Nothing to half of quota, then 1.2 of the rate, and 3 of it from quota to 130 %."""
    return INCENTIVE * (1.2 * np.clip(attainment - 0.5, 0, 0.5) + 3 * np.clip(attainment - 1, 0, 0.3))


def retroactive(attainment):
    """Double commission on all that is booked once quota is reached, back to single from 120 %."""
    return INCENTIVE * attainment * np.where((attainment >= 1) & (attainment < 1.2), 2, 1)


def period(at_end=nothing, at_once=nothing, a_week=1, grid=GRID, luck=None, weekly=1.0, weeks=WEEKS, reps=1):
    """A period of so many weeks with so many decisions a week; all reps alike."""
    steps = weeks * a_week
    return Period(
        quota=np.full(reps, QUOTA),
        bookings=np.full((reps, steps), weekly / a_week),
        weeks=np.full(steps, 1 / a_week),
        at_once=np.tile(grid.averaged(at_once), (reps, 1)),
        at_end=np.tile(grid.averaged(at_end), (reps, 1)),
        target_incentive=np.full(reps, INCENTIVE),
        luck=luck or Scatter(np.full(reps, VARIANCE)),
    )


PACES = np.array([4.0, 6.0, 8.0, 9.5, 11.0, 13.0, 15.0])


@pytest.mark.parametrize("aversion", [0.0, 1.5])
@pytest.mark.parametrize("at_once", [False, True], ids=["at the end", "at once"])
@pytest.mark.parametrize(
    ("pay", "curve"),
    [
        (line, Outlook(np.array([]), np.array([0.08]), np.array([]))),
        (capped, Outlook(np.array([14.3]), np.array([0.08, 0.0]), np.zeros(1))),
        (tiers, Outlook(np.array([6.5, 13.0, 16.9]), np.array([0, 0.096, 0.24, 0]), np.zeros(3))),
    ],
    ids=["linear", "capped", "tiers"],
)
def test_many_decisions_a_week_give_the_closed_form(pay, curve, at_once, aversion):
    wary = Preferences(weekly_patience=1.0, most=30.0, risk_aversion=aversion)
    asked = {"at_once": pay} if at_once else {"at_end": pay}
    ours = respond(period(**asked, a_week=14), wary, GRID, efforts=9)
    left = np.array(4.0)
    closed = forward_looking(wary, curve, 1.0, VARIANCE, left, left, PACES, INCENTIVE)
    assert ours.chosen(0, 9 * 14, PACES / QUOTA) == pytest.approx(closed, abs=0.02)
    mean, spread = PACES + (1 - 0.34 * 0.5) * 4, np.sqrt(VARIANCE * 4)
    mu = 0.34 * 0.5 / 0.08 / VARIANCE - aversion / INCENTIVE
    worth = np.interp(PACES / QUOTA, GRID.attainment, ours.value[0, 9 * 14] + ours.at_once[0])
    assert worth == pytest.approx(value(curve, mu, mean, spread), abs=0.006)


def test_a_jump_is_the_closed_form_where_effort_may_change_at_any_moment():
    # Just before the end effort at the jump grows beyond bounds, as 1 / sqrt(time left), so with decisions n
    # times a week the worth lacks a multiple of 1 / sqrt(n): three worths at n, 4 n and 16 n lie on a line.
    grid = Grid(-0.5, 0.00625, 401)
    curve = Outlook(np.array([13.0]), np.zeros(2), np.array([INCENTIVE]))
    mu = 0.34 * 0.5 / 0.08 / VARIANCE
    exact = float(value(curve, mu, np.array(13 * 0.83), np.sqrt(VARIANCE * 13)))
    start = int(np.argmin(np.abs(grid.attainment)))
    found, efforts = [], []
    for a_week in (4, 16, 64):
        ours = respond(
            period(bonus, a_week=a_week, grid=grid), Preferences(weekly_patience=1.0, most=60), grid, 14
        )
        found.append(ours.value[0, 0, start])
        efforts.append(ours.chosen(0, 9 * a_week, PACES / QUOTA))
    assert found[0] < found[1] < found[2] < exact
    assert (exact - found[0]) / (exact - found[1]) == pytest.approx(2, rel=0.1)
    assert 2 * found[2] - found[1] == pytest.approx(exact, abs=1.5e-3)
    left = np.array(4.0)
    closed = forward_looking(
        Preferences(weekly_patience=1.0, most=60), curve, 1.0, VARIANCE, left, left, PACES
    )
    assert 2 * efforts[2] - efforts[1] == pytest.approx(closed, abs=0.01)


def test_mean_effort_of_a_patient_rep_is_flat_under_any_plan():
    # The program's own law of progress, begun at 0; effort stays within its limits throughout.
    free = Preferences(weekly_patience=1.0, most=8.0, least=0.0, reference_commission=0.16)
    for pay in (line, tiers, capped):
        answer = respond(period(pay, a_week=4), free, GRID, efforts=9)
        means = mean_effort(answer, 4)
        assert np.ptp(means[: 12 * 4]) < 0.02


def mean_effort(answer, a_week, weekly=1.0):
    """Mean effort by step from the law of normal bookings on the program's grid, begun at 0."""
    points, cell = answer.grid.points, answer.grid.cell * QUOTA
    law = np.zeros(points)
    law[int(np.argmin(np.abs(answer.grid.attainment)))] = 1.0
    spread = np.sqrt(VARIANCE / a_week)
    means = []
    for step in range(answer.effort.shape[1]):
        chosen = answer.effort[0, step]
        means.append(float(law @ chosen))
        drift = weekly * (1 + 0.34 * (chosen - 1)) / a_week
        gaps = (np.arange(points)[None] - np.arange(points)[:, None]) * cell - drift[:, None]
        chances = np.exp(-(gaps**2) / 2 / spread**2)
        law = law @ (chances / chances.sum(axis=1, keepdims=True))
    return np.array(means)


@pytest.mark.parametrize("pay", [bonus, tiers, retroactive], ids=["bonus", "tiers", "retroactive"])
@pytest.mark.parametrize("deals", [True, False], ids=["deals", "normal"])
def test_policy_and_value_converge_with_the_grid(pay, deals):
    # Cells half as wide again and again: what changes falls to about a third each time.
    luck = Deals(np.array([0.8]), np.array([1.0])) if deals else None
    tables, worths = [], []
    for cell in (0.05, 0.025, 0.0125, 0.00625):
        grid = Grid(-0.5, cell, round(3 / cell) + 1)
        ours = respond(period(pay, grid=grid, luck=luck), PATIENT, grid)
        places = np.array([0.3, 0.5, 0.7, 0.9])
        tables.append(np.array([ours.chosen(0, step, places) for step in (1, 6, 10)]))
        worths.append(
            np.array([np.interp(places, grid.attainment, ours.value[0, step]) for step in (1, 6, 10)])
        )
    for kind, last in ((tables, 0.003), (worths, 0.0016)):
        changes = [np.abs(after - before).max() for before, after in pairwise(kind)]
        assert changes[2] < last
        assert changes[2] < changes[0] / 6


@pytest.mark.parametrize("pay", [bonus, retroactive])
def test_few_efforts_tried_are_enough(pay):
    places = np.linspace(0, 1.2, 25)
    answers = [respond(period(pay), PATIENT, GRID, efforts=n) for n in (6, 12)]
    for step in (0, 5, 9, 12):
        few, many = (answer.chosen(0, step, places) for answer in answers)
        assert few == pytest.approx(many, abs=2e-3)


def test_deals_are_counted_as_they_come():
    # Deals of 3 sure units, .9 expected in each of two weeks at effort 1; a bonus of 1 from 6 units. By hand:
    # the second week brings it to who has 3 with 1 - exp(-n), to who has 0 with 1 - exp(-n) (1 + n), where
    # n = .3 (1 + .34 (e - 1)).
    grid = Grid(0.0, 3 / 13, 12)
    asked = Period(
        np.array([QUOTA]), np.full((1, 2), 0.9), np.ones(2), np.zeros((1, 12)),
        1.0 * (np.arange(12) >= 2)[None], np.ones(1), Deals(np.array([3.0]), np.array([0.0])),
    )  # fmt: skip
    likes = Preferences(weekly_patience=0.9, reference_commission=0.2)
    ours = respond(asked, likes, grid, efforts=9)
    efforts = np.linspace(0.5, 2.5, 20_001)
    number = 0.3 * (1 + 0.34 * (efforts - 1))
    cost = 0.34 * 0.9 * 0.2 / 0.5 * (efforts - 0.5) ** 2 / 2
    none, one = np.exp(-number), np.exp(-number) * number
    ahead = {0: 0.9 * (1 - none - one) - cost, 1: 0.9 * (1 - none) - cost}
    best = {at: (efforts[worth.argmax()], worth.max()) for at, worth in ahead.items()}
    first = 0.9 * (none * best[0][1] + one * best[1][1] + (1 - none - one) * 0.9) - cost
    assert ours.effort[0, 1, :3] == pytest.approx([best[0][0], best[1][0], 0.5], abs=2e-4)
    assert ours.value[0, 1, :3] == pytest.approx([best[0][1], best[1][1], 0.9], abs=1e-6)
    assert ours.effort[0, 0, 0] == pytest.approx(efforts[first.argmax()], abs=2e-4)
    assert ours.value[0, 0, 0] == pytest.approx(first.max(), abs=1e-6)
    # One more deal with nothing booked and one week to go is worth the step from 0 deals to 1.
    worth = ours.worth_of_a_deal(0, 1, np.array([0.0]), 3.0)
    assert worth == pytest.approx([best[1][1] - best[0][1]], abs=1e-6)


@pytest.mark.parametrize(("amount", "cv"), [(0.3, 1.0), (1.0, 0.8), (2.5, 0.0), (0.05, 1.0)])
def test_bookings_on_the_grid_keep_mean_and_variance(amount, cv):
    # Pay y and y^2 at the end of one week in which effort brings nothing: E and E^2 + Var of the week.
    grid = Grid(-0.5, 0.0125, 841)
    idle = Preferences(weekly_patience=1.0, elasticity=0.0, most=0.5 + 1e-9)
    luck = Deals(np.array([amount]), np.array([cv]))
    start = int(np.argmin(np.abs(grid.attainment)))
    for power, expected in ((1, 1.0), (2, 1.0 + amount * (1 + cv**2))):
        asked = period(lambda a, p=power: (a * QUOTA) ** p, grid=grid, luck=luck, weeks=1)
        found = respond(asked, idle, grid).value[0, 0, start]
        assert found == pytest.approx(expected, rel=[1e-6, 4e-3][power - 1], abs=1e-3 * (power - 1))


def test_patience_discounts_what_comes_at_the_end_only():
    impatient = Preferences(weekly_patience=0.9)
    sure = respond(period(at_once=line), impatient, GRID)
    assert sure.effort == pytest.approx(np.ones_like(sure.effort), abs=1e-3)
    # Linear pay at the end of 13 weeks: effort .5 + .5 x .9 ^ weeks left.
    late = respond(period(at_end=line), impatient, GRID)
    assert late.effort[0, :, 40] == pytest.approx(0.5 + 0.5 * 0.9 ** np.arange(13, 0, -1), abs=1e-3)


def test_a_present_bias_is_foreseen_or_not():
    # Linear pay at the end of two weeks, beta = .7: the first week weighs .7 of it, the last all.
    naive = Preferences(weekly_patience=1.0, present_bias=0.7)
    ours = respond(period(at_end=line, weeks=2), naive, GRID)
    assert ours.effort[0, :, 40] == pytest.approx([0.5 + 0.5 * 0.7, 1.0], abs=1e-3)
    # Three weeks of a bonus: who foresees that its bias stays expects less of the second week.
    wise = Preferences(weekly_patience=1.0, present_bias=0.7, foresees_bias=True)
    blind, aware = (respond(period(at_end=bonus, weeks=3, weekly=4.0), p, GRID) for p in (naive, wise))
    assert (aware.value[0, 0] <= blind.value[0, 0] + 1e-9).all()
    assert (blind.value[0, 0] - aware.value[0, 0]).max() > 1e-3
    assert np.array_equal(aware.value[0, 2], blind.value[0, 2])


def test_who_fears_risk_does_the_same_for_linear_pay_and_less_for_a_gamble():
    for aversion in (1.0, 2.0):
        wary = Preferences(weekly_patience=1.0, risk_aversion=aversion)
        assert respond(period(at_end=line), wary, GRID).effort == pytest.approx(1.0, abs=1e-3)
        # Certainty equivalent of 13 weeks at effort 1, unit pay: less by r / 2 x pay rate^2 x variance.
        worth = respond(period(at_end=line), wary, GRID).value[0, 0, 40]
        sure = respond(period(at_end=line), PATIENT, GRID).value[0, 0, 40]
        assert sure - worth == pytest.approx(aversion / INCENTIVE / 2 * 0.08**2 * VARIANCE * 13, rel=2e-3)


def test_reps_who_believe_in_a_ratchet_think_less_of_what_passes_the_quota():
    # Of 8 % above quota 60 % is lost by the next quota: the slope is 3.2 % there, and 6.4 % below at fall .2.
    pay = np.array([line(GRID.attainment)])
    feared = believed(pay, GRID, rise=0.6, fall=0.2, worth=INCENTIVE)
    slopes = np.diff(feared[0]) / (GRID.cell * QUOTA)
    assert slopes[[0, 110]] == pytest.approx([0.064, 0.064])
    assert slopes[[130, -1]] == pytest.approx([0.032, 0.032])


def test_each_rep_has_its_own_potential_and_weeks_may_differ():
    weekly = np.array([[0.5] * 13, [0.6] * 6 + [1.2] * 7])
    both = Period(
        np.full(2, QUOTA), weekly, np.ones(13), np.zeros((2, GRID.points)),
        np.tile(GRID.averaged(bonus), (2, 1)), np.full(2, INCENTIVE), Scatter(np.full(2, VARIANCE)),
    )  # fmt: skip
    together = respond(both, PATIENT, GRID)
    for rep in (0, 1):
        alone = Period(
            both.quota[:1], weekly[rep : rep + 1], both.weeks, both.at_once[:1], both.at_end[:1],
            both.target_incentive[:1], Scatter(np.full(1, VARIANCE)),
        )  # fmt: skip
        assert np.array_equal(together.effort[rep], respond(alone, PATIENT, GRID).effort[0])
    # The weak rep gives up at once; the strong one has not to.
    assert together.chosen(0, 0, np.array([0.0]))[0] < 0.6
    assert together.chosen(1, 0, np.array([0.0]))[0] > 1


def test_a_rule_of_ones_own_is_tabulated():
    weeks = np.array([1.0, 1.0, 0.5])
    table = tabulated(lambda left, a: np.where(a < 1 - 0.1 * left, 2.0, 1.0), Grid(0.0, 0.25, 5), weeks)
    # 2.5, 1.5 and .5 weeks before the end the rule changes at .75, .85 and .95.
    assert table.tolist() == [[2, 2, 2, 1, 1], [2, 2, 2, 2, 1], [2, 2, 2, 2, 1]]


def test_what_does_not_fit_together_is_named():
    asked = period()
    far = period(luck=Scatter(np.full(1, 1e4)))
    with pytest.raises(ValueError, match="too short for the scatter"):
        respond(far, PATIENT, GRID)
    wrong = Period(asked.quota * 0, asked.bookings, asked.weeks, asked.at_once[:, 1:], asked.at_end,
                   asked.target_incentive, asked.luck)  # fmt: skip
    with pytest.raises(ValueError, match=r"at_once is \(1, 260\), not \(1, 261\); quota must be > 0"):
        respond(wrong, PATIENT, GRID)
