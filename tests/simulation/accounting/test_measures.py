"""Figures are what the journal says."""

import numpy as np
import pytest

from simulation.accounting.journal import What
from simulation.accounting.measures import Measures, measure
from simulation.company.year import Year
from simulation.luck.fate import draw
from simulation.seats.state import RECORD
from simulation.world.world import world_of

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
        rows = [(*record, *(0.0,) * (6 - len(record))) for record in records]
        return measure(world, Year(draw(world, 1, 0), np.array(rows, dtype=RECORD)))

    return compute


def test_bookings_and_cash_fall_in_their_quarters(measured):
    m = measured(
        (89.9, What.WON, ANN, 0, 0.0, 1000),
        (90.0, What.WON, ANN, 1, 0.0, 2000),
        (364.9, What.WON, BOB, 2, 0.0, 4000),
        (200.0, What.WON, HOUSE, 3, 0.0, 8000),
        (91.0, What.INVOICE, ANN, 0, 0.0, 1000),
        (92.0, What.INVOICE, HOUSE, 3, 0.0, 8000),
        (100.0, What.PAYMENT, ANN, 0, 0.0, 1000),
        (300.0, What.PAYMENT, HOUSE, 3, 0.0, 8000),
        (300.0, What.BAD_DEBT, ANN, 1, 0.0, 2000),
    )
    assert m.bookings.tolist() == [[10, 20, 0, 0], [0, 0, 0, 40]]
    assert m.house_bookings.tolist() == [0, 0, 80, 0]
    assert m.collected.tolist() == [[0, 10, 0, 0], [0, 0, 0, 0]]
    assert m.house_collected.tolist() == [0, 0, 0, 80]
    assert (m.invoiced, m.bad_debt) == (90, 20)


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
    assert m.road_hours.tolist() == [0.5, 0]  # of a visit of an hour
    assert m.satisfaction == pytest.approx((300 * 0.4 + 100 * 0.2) / 400)


def test_satisfaction_is_that_of_whom_a_rep_serves_at_the_end_of_the_quarter(measured):
    m = measured(
        (10.0, What.VISIT, ANN, 0, 1.0, 0.9),
        (100.0, What.MOVES, BOB, 0),
        (200.0, What.CUSTOMER_LOST, BOB, 0),
    )
    # both are nobody's at first; Ames (300) is visited in the first quarter, Bob's in the second, then lost
    assert m.house_content.tolist() == pytest.approx([300 * 0.9 + 100 * 0.5, 50, 50, 50])
    assert m.house_served.tolist() == [400, 100, 100, 100]
    assert m.content.tolist() == [[0, 0, 0, 0], pytest.approx([0, 270, 0, 0])]
    assert m.served.tolist() == [[0, 0, 0, 0], [0, 300, 0, 0]]
    assert m.satisfaction == 0.5


def test_nobody_is_asked_where_all_are_lost(measured):
    lost = [(5.0, What.CUSTOMER_LOST, HOUSE, customer) for customer in (0, 1)]
    assert np.isnan(measured(*lost).satisfaction)


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
    demand = draw(world, 1, 0).opportunities
    new, old = int(np.flatnonzero(demand.is_new)[0]), int(np.flatnonzero(~demand.is_new)[0])
    m = measured(
        (5.0, What.LOST_WAITING, ANN, old, 0.0, 3000),
        (6.0, What.WON, ANN, new, 0.0, 1000),
        (7.0, What.WON, ANN, old, 0.0, 1000),
    )
    assert m.lost_waiting == 30
    assert m.new_customers == 1


def test_years_are_put_side_by_side_and_blocks_in_a_row(measured):
    years = [measured((1.0, What.WON, ANN, 0, 0.0, amount)) for amount in (100, 200, 300)]
    blocks = [Measures.stacked(years[:2]), Measures.stacked(years[2:])]
    joined = Measures.joined(blocks)
    assert joined.bookings[:, ANN, 0].tolist() == [1, 2, 3]
    assert joined.satisfaction.shape == (3,)


def test_calls_customers_lost_and_what_they_felt(company, plan_for):
    # A call of each customer; Ames's stays unanswered, then an opportunity of hers is lost: .4 x .95.
    market = {"service": {"calls_per_year": 20.0}, "satisfaction": {"start": 0.5}}
    rows = {"Ames": {"potential": 300}, "Boone": {"potential": 100}}
    world = world_of(scenario := company(rows, ["ann"], market), plan_for(scenario))
    fate = draw(world, 1, 0)
    of_ames, of_boone = fate.calls.first[0], fate.calls.first[1]
    records = [
        (1.0, What.CALL, ANN, of_ames, 0.0, 0.0),
        (1.0, What.CALL, ANN, of_boone, 0.0, 0.0),
        (2.0, What.SERVED, ANN, of_boone, 1.25, 0.25),
        (3.0, What.UNSERVED, ANN, of_ames, 1.0, 0.4),
        (4.0, What.LOST_WAITING, ANN, fate.opportunities.first[0], 0.5, 3000),
        (5.0, What.CUSTOMER_LOST, ANN, 1, 0.0, 0.0),
    ]
    m = measure(world, Year(fate, np.array(records, dtype=RECORD)))
    assert (m.calls, m.calls_served, m.customers_lost) == (2, 1, 1)
    assert (m.hours_worked.tolist(), m.road_hours.tolist()) == ([1.25], [0.25])
    assert m.satisfaction == pytest.approx(0.4 * 0.95)  # Boone, who felt .5, is lost and not asked any more
    assert m.unserved_by_month[:2].tolist() == [1.5, 0]
    assert m.worked_by_month[:2].tolist() == [1.25, 0]


def test_capacity_is_that_of_filled_seats_by_month(measured):
    # A thousand hours of 365 days: ann from 16 January on, gone on 10 February.
    m = measured((15.0, What.JOINS, ANN, -1), (40.0, What.QUITS, ANN, -1))
    assert m.capacity_by_month[:3] == pytest.approx(np.array([16, 9, 0]) * 1000 / 365)
