"""People come and go."""

import itertools
import math

import numpy as np
import pytest
import simpy

from scenarios.market import Turnover
from simulation.journal import What
from simulation.people import Person, hold_the_seat, quits
from simulation.world import world_of


class Chair:
    """A seat that only remembers."""

    def __init__(self, env):
        self.env, self.seen = env, []

    def joins(self, person):
        self.seen.append((self.env.now, What.JOINS, person.is_new))

    def leaves(self, why):
        self.seen.append((self.env.now, why))


@pytest.fixture
def watched(company, plan_for):
    def watch(rep, quits_after=(), days=365, **turnover):
        market = {"turnover": {"vacancy_days": 60.0, **turnover}}
        scenario = company({"Ames": {"owner": "ann"}}, {"ann": rep}, market)
        env = simpy.Environment()
        chair = Chair(env)
        stays = itertools.chain(quits_after, itertools.repeat(math.inf))
        env.process(hold_the_seat(env, world_of(scenario, plan_for(scenario)), 0, chair, stays))
        env.run(until=days)
        return chair.seen

    return watch


def test_who_is_there_stays(watched):
    assert watched({}) == [(0, What.JOINS, False)]


def test_who_starts_in_the_year_joins_then(watched):
    assert watched({"start": "2026-07-01"}) == [(181, What.JOINS, False)]


def test_a_planned_end_is_followed_by_vacancy_and_somebody_new(watched):
    assert watched({"end": "2026-04-01"}) == [
        (0, What.JOINS, False),
        (90, What.LEAVES),
        (150, What.JOINS, True),
    ]


def test_without_backfill_the_seat_stays_empty(watched):
    assert watched({"end": "2026-04-01", "backfill": False}) == [(0, What.JOINS, False), (90, What.LEAVES)]
    assert watched({"backfill": False}, [50]) == [(0, What.JOINS, False), (50, What.QUITS)]


def test_who_quits_is_replaced_by_somebody_new(watched):
    assert watched({}, [100, 30]) == [
        (0, What.JOINS, False),
        (100, What.QUITS),
        (160, What.JOINS, True),
        (190, What.QUITS),
        (250, What.JOINS, True),
    ]


def test_who_quits_before_a_planned_end_has_no_further_end(watched):
    assert watched({"end": "2026-04-01"}, [20])[1:] == [(20, What.QUITS), (80, What.JOINS, True)]


def test_a_seat_left_last_year_is_filled_when_the_vacancy_is_over(watched):
    assert watched({"end": "2025-12-12"}) == [(40, What.JOINS, True)]
    assert watched({"end": "2025-12-12", "backfill": False}) == []
    assert watched({"end": "2025-10-01"}) == [(0, What.JOINS, True)]


def test_productivity_rises_in_a_line():
    turnover = Turnover(ramp_months=4.0, starting_productivity=0.2)
    ramp = 4 * 365.25 / 12
    person = Person(100.0, True, turnover)
    days = (100, 100 + ramp / 2, 100 + ramp, 1000)
    assert [person.productivity(d) for d in days] == pytest.approx([0.2, 0.6, 1, 1])
    assert Person(-math.inf, False, turnover).productivity(0) == 1
    assert Person(5.0, True, Turnover(ramp_months=0.0)).productivity(5.0) == 1


def test_the_share_of_empty_seats_follows_the_renewal_equation(company, plan_for):
    # f(t) filled: f' = -h f(t) + h f(t - L). With h = .8 a year and L = 73 days, starting filled.
    market = {"turnover": {"yearly_quit_rate": 0.8, "vacancy_days": 73.0}}
    reps = [f"rep {i}" for i in range(400)]
    scenario = company({"Ames": {}}, reps, market)
    world = world_of(scenario, plan_for(scenario))
    empty = []
    for number in range(len(reps)):
        env = simpy.Environment()
        chair = Chair(env)
        env.process(hold_the_seat(env, world, number, chair, quits(world, number, 1, 0)))
        env.run(until=365)
        ends = [change[0] for change in chair.seen[1:]] + ([365.0] if len(chair.seen) % 2 == 0 else [])
        empty.append(sum(b - a for a, b in zip(ends[::2], ends[1::2], strict=True)))
    error = np.std(empty) / np.sqrt(len(empty))
    assert abs(np.mean(empty) - days_empty(0.8, 73)) < 4 * error
    assert abs(np.mean(empty) - days_empty(0.8, 73) * 1.5) > 4 * error


def days_empty(yearly_rate, vacancy):
    step, rate = 0.05, yearly_rate / 365.25
    filled, lag = [1.0], round(vacancy / step)
    for k in range(round(365 / step)):
        back = filled[k - lag] if k >= lag else 0.0
        filled.append(filled[-1] + step * rate * (back - filled[-1]))
    return float((1 - np.array(filled)).sum() * step)


def test_without_a_quit_rate_nobody_ever_quits(company, plan_for):
    scenario = company({"Ames": {}}, ["ann"])
    world = world_of(scenario, plan_for(scenario))
    assert next(quits(world, 0, 1, 0)) == math.inf
