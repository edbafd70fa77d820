"""Seats that people quit and others fill again: closed forms against plans, drawn years and known limits."""

import numpy as np
import pytest

from optimizer.compiling.workload import daily_presence
from optimizer.staffing.attrition import DAYS_PER_YEAR, Renewal, seats
from scenarios.building import build

DRAWS = 20_000


def drawn(law, times, seed=1, end=np.inf):
    """Draw years of a seat: filled and productive at some times, as the simulated year fills seats."""
    rng = np.random.default_rng(seed)
    filled, productive = np.zeros((2, DRAWS, len(times)))
    for draw in range(DRAWS):
        begins, leaves, new = 0.0, end, False
        while begins <= times[-1]:
            quits = min(begins + rng.exponential(1 / law.rate), leaves)
            here = (times >= begins) & (times < quits)
            filled[draw, here] = 1.0
            grown = law.first + (1 - law.first) * (times - begins) / law.ramp
            productive[draw, here] = np.clip(grown, 0, 1)[here] if new else 1.0
            if not law.again:
                break
            begins, leaves, new = quits + law.vacancy, np.inf, True
    return filled, productive


@pytest.mark.parametrize("again", [True, False])
def test_closed_forms_are_the_means_of_drawn_years(again):
    law = Renewal(rate=2.5 / DAYS_PER_YEAR, vacancy=50.0, ramp=100.0, first=0.3, again=again)
    times = np.array([5.0, 60.0, 130.0, 250.0, 360.0])
    filled, productive = drawn(law, times)
    assert law.filled(times) == pytest.approx(filled.mean(axis=0), abs=4 * 0.5 / np.sqrt(DRAWS))
    assert law.productive(times) == pytest.approx(productive.mean(axis=0), abs=4 * 0.5 / np.sqrt(DRAWS))


def test_in_the_long_run_a_seat_is_filled_for_its_share_of_a_cycle():
    # a cycle is 1 / q filled and v empty
    law = Renewal(rate=0.02, vacancy=25.0, ramp=10.0, first=0.5)
    assert law.filled(np.array([2000.0]))[0] == pytest.approx(50 / (50 + 25), rel=1e-4)
    # of the 50 days, those of the ramp count half at first and rise; what is lost per cycle is
    # (1 - p) x integral of (1 - a / r) e^(-qa) = .5 x (1 / q - (1 - e^(-qr)) / (q^2 r))
    lost = 0.5 * (1 / 0.02 - (1 - np.exp(-0.2)) / (0.02**2 * 10))
    assert law.productive(np.array([2000.0]))[0] == pytest.approx((50 - lost) / 75, rel=1e-4)


def test_nobody_quits_nothing_changes_and_before_the_beginning_nobody_is_there():
    law = Renewal(rate=0.0, vacancy=60.0, ramp=120.0, first=0.3)
    assert law.filled(np.array([-1.0, 0.0, 400.0])).tolist() == [0.0, 1.0, 1.0]
    assert law.newcomer(np.array([0.0, 60.0, 500.0])) == pytest.approx([0.3, 0.65, 1.0])
    assert Renewal(0.1, 0.0, 0.0, 0.3).filled(np.array([300.0])) == pytest.approx([1.0])


def test_without_quits_it_is_what_is_planned(towns):
    towns.tables["reps"]["start"] = ["2026-03-01", ""]
    towns.tables["reps"]["end"] = ["", "2026-07-01"]
    scenario = build(towns)
    expected = seats(scenario)
    assert expected.filled == pytest.approx(daily_presence(scenario))
    assert expected.productive == pytest.approx(daily_presence(scenario, ramped=True))
    assert expected.variance(slice(0, 365)) == pytest.approx([0.0, 0.0])


@pytest.mark.parametrize("backfill", ["yes", "no"])
def test_a_planned_end_comes_unless_somebody_quit_before(towns, backfill):
    towns.tables["reps"]["end"] = ["", "2026-07-01"]  # day 181
    towns.tables["reps"]["backfill"] = backfill
    towns.settings["market"]["turnover"] = {"yearly_quit_rate": 2.0, "vacancy_days": 30.0, "ramp_months": 3.0}
    scenario = build(towns)
    law = seats(scenario).renewal[1]
    times = np.array([90.5, 181.5, 220.5, 300.5, 364.5])
    filled, productive = drawn(law, times, end=181.0)
    days = times.astype(int)
    assert seats(scenario).filled[1, days] == pytest.approx(filled.mean(axis=0), abs=0.015)
    assert seats(scenario).productive[1, days] == pytest.approx(productive.mean(axis=0), abs=0.015)


def test_the_variance_of_a_quarter_is_that_of_drawn_years(towns):
    towns.settings["market"]["turnover"] = {"yearly_quit_rate": 1.5, "vacancy_days": 60.0}
    scenario = build(towns)
    expected = seats(scenario)
    times = np.arange(90, 181) + 0.5
    filled, _ = drawn(expected.renewal[0], times)
    share = filled.mean(axis=1)
    assert expected.variance(slice(90, 181))[0] == pytest.approx(share.var(), rel=0.06)


def test_juniors_need_longer_until_they_sell_like_others(towns):
    towns.tables["reps"]["seniority"] = ["junior", "middle"]
    towns.settings["market"]["turnover"] = {
        "yearly_quit_rate": 0.5,
        "ramp_months": 2.0,
        "ramp_months_by_seniority": {"junior": 10.0},
    }
    west, east = seats(build(towns)).productive[:, -1]
    assert west < east
    towns.settings["market"]["turnover"]["ramp_months_by_seniority"] = {"junior": 2.0}
    west, east = seats(build(towns)).productive[:, -1]
    assert west == east
