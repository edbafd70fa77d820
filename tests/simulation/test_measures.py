"""Figures are what the journal says."""

import numpy as np
import pytest

from simulation.demand import draw_demand
from simulation.journal import Journal, What
from simulation.measures import Measures, measure
from simulation.world import world_of
from simulation.year import Year

ANN, BOB, HOUSE = 0, 1, 2


@pytest.fixture
def world(company, plan_for):
    customers = {"Ames": {"potential": 300}, "Boone": {"potential": 100}}
    market = {"new_customers_per_year": 30.0, "new_customer_value": 10.0, "satisfaction": {"start": 0.5}}
    scenario = company(customers, ["ann", "bob"], market)
    return world_of(scenario, plan_for(scenario))


@pytest.fixture
def measured(world):
    def compute(*records):
        journal = Journal()
        for record in records:
            journal.note(*record)
        return measure(world, Year(draw_demand(world, 1, 0), journal.records()))

    return compute


def test_bookings_and_cash_fall_in_their_quarters(measured):
    m = measured(
        (89.9, What.WON, ANN, 0, 0.0, 10.0),
        (90.0, What.WON, ANN, 1, 0.0, 20.0),
        (365.0, What.WON, BOB, 2, 0.0, 40.0),
        (200.0, What.WON, HOUSE, 3, 0.0, 80.0),
        (100.0, What.PAYMENT, ANN, 0, 0.0, 10.0),
        (300.0, What.PAYMENT, HOUSE, 3, 0.0, 80.0),
        (300.0, What.BAD_DEBT, ANN, 1, 0.0, 20.0),
    )
    assert m.bookings.tolist() == [[10, 20, 0, 0], [0, 0, 0, 40]]
    assert m.house_bookings.tolist() == [0, 0, 80, 0]
    assert m.collected.tolist() == [[0, 10, 0, 0], [0, 0, 0, 0]]
    assert m.house_collected.tolist() == [0, 0, 0, 80]


def test_visits_hours_and_satisfaction(measured):
    m = measured(
        (10.0, What.VISIT, ANN, 0, 1.5, 0.6),
        (20.0, What.WORK, ANN, 0, 0.25, 0.0),
        (30.0, What.MISSED_VISIT, ANN, 0, 0.0, 0.4),
        (40.0, What.MISSED_VISIT, HOUSE, 1, 0.0, 0.2),
        (365.0, What.OPEN_VISIT, ANN, 0),  # not due, and no news of satisfaction
    )
    assert m.visits_due.tolist() == [2, 0]
    assert m.visits_made.tolist() == [1, 0]
    assert m.unserved_visits == 1
    assert m.hours_worked.tolist() == [1.75, 0]
    assert m.satisfaction == pytest.approx((300 * 0.4 + 100 * 0.2) / 400)


def test_whoever_is_never_visited_stays_as_satisfied_as_at_first(measured):
    assert measured().satisfaction == 0.5


def test_seats_are_filled_from_joining_to_leaving(measured):
    m = measured(
        (0.0, What.JOINS, ANN, -1),
        (45.0, What.QUITS, ANN, -1),
        (136.0, What.JOINS, ANN, -1),
        (181.0, What.JOINS, BOB, -1),
        (273.0, What.LEAVES, BOB, -1),
    )
    assert m.filled == pytest.approx(np.array([[0.5, 45 / 91, 1, 1], [0, 0, 1, 0]]))
    assert m.quits.tolist() == [1, 0]


def test_effort_is_the_mean_of_what_was_chosen(measured):
    m = measured((0.0, What.EFFORT, ANN, -1, 0.0, 0.8), (7.0, What.EFFORT, ANN, -1, 0.0, 1.4))
    assert m.effort[ANN] == pytest.approx(1.1)
    assert np.isnan(m.effort[BOB])


def test_what_was_lost_waiting_and_who_was_won_anew(measured, world):
    demand = draw_demand(world, 1, 0)
    new, old = int(np.flatnonzero(demand.is_new)[0]), int(np.flatnonzero(~demand.is_new)[0])
    m = measured(
        (5.0, What.LOST_WAITING, ANN, old, 0.0, 30.0),
        (6.0, What.WON, ANN, new, 0.0, 10.0),
        (7.0, What.WON, ANN, old, 0.0, 10.0),
    )
    assert m.lost_waiting == 30
    assert m.new_customers == 1


def test_years_are_put_side_by_side_and_blocks_in_a_row(measured):
    years = [measured((1.0, What.WON, ANN, 0, 0.0, amount)) for amount in (1.0, 2.0, 3.0)]
    blocks = [Measures.stacked(years[:2]), Measures.stacked(years[2:])]
    joined = Measures.joined(blocks)
    assert joined.bookings[:, ANN, 0].tolist() == [1, 2, 3]
    assert joined.satisfaction.shape == (3,)
