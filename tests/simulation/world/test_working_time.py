"""When people work: weekdays, holidays, leave, absences; and when work begun at some moment is done."""

import numpy as np
import pytest
from fates import story

from simulation.world.working_time import done_at, hours_by_day, opens_at, passed

# 2026 begins on a Thursday: Friday 2 January is day 1, Monday 5 January day 4.
THURSDAY, FRIDAY, SATURDAY, SUNDAY, MONDAY = range(5)
WORKWEEK = {"weekdays": [1, 2, 3, 4, 5]}
WORKDAYS = 261  # 52 weeks and a Thursday


def hours_of(scenario):
    return hours_by_day(scenario)[0]


def test_hours_are_divided_among_working_days(company):
    hours = hours_of(company(["Ames"], {"ann": {"hours_per_year": 8 * WORKDAYS}}, calendar=WORKWEEK))
    assert hours[:7] == pytest.approx([8, 8, 0, 0, 8, 8, 8])
    assert hours.sum() == pytest.approx(8 * WORKDAYS)


def test_holidays_are_free_and_extra_workdays_are_not(company):
    # A holiday on Friday the 2nd, made up for on Sunday the 4th: as many working days as before.
    calendar = {**WORKWEEK, "holidays": ["2026-01-02"], "extra_workdays": ["2026-01-04"]}
    hours = hours_of(company(["Ames"], {"ann": {"hours_per_year": 8 * WORKDAYS}}, calendar=calendar))
    assert hours[:7] == pytest.approx([8, 0, 0, 8, 8, 8, 8])


def test_a_month_of_leave_leaves_its_days_empty_and_the_others_fuller(company):
    # 31 days of leave, all in January: the hours of the year lie in the other 334 days.
    staffing = {"leave_days": 31.0, "leave_by_month": [1.0] + [0.0] * 11}
    hours = hours_of(company(["Ames"], {"ann": {"hours_per_year": 668}}, {"staffing": staffing}))
    assert hours[:31].tolist() == [0] * 31
    assert hours[31:] == pytest.approx(2)


def test_days_of_leave_thin_the_days_of_their_month(company):
    # Half of January's 31 days and a quarter of April's 30: a day there counts a half and three quarters.
    leave = [0.0] * 12
    leave[0], leave[3] = 15.5 / 23, 7.5 / 23
    staffing = {"leave_days": 23.0, "leave_by_month": leave}
    hours = hours_of(company(["Ames"], {"ann": {"hours_per_year": 365 - 23}}, {"staffing": staffing}))
    assert hours[0] == pytest.approx(0.5)
    assert hours[31] == pytest.approx(1)
    assert hours[100] == pytest.approx(0.75)


def test_hours_of_an_absence_are_lost(company):
    # Of 365 hours, those of ten days from day 3 on; bob works on.
    reps = {"ann": {"hours_per_year": 365}, "bob": {"hours_per_year": 365}}
    away = [("ann", "2026-01-04", "2026-01-14")]
    ann, bob = hours_by_day(company(["Ames"], reps, absences=away))
    assert ann[:14].tolist() == [1, 1, 1, *[0] * 10, 1]
    assert (ann.sum(), bob.sum()) == (355, 365)


def test_an_absence_reaches_beyond_the_year_without_harm(company):
    hours = hours_of(
        company(["Ames"], {"ann": {"hours_per_year": 365}}, absences=[("ann", "2025-12-01", "2027-02-01")])
    )
    assert hours.sum() == 0


@pytest.fixture
def week():
    """Hours passed before each day of a week from Thursday on: eight a day, none on the weekend."""
    return passed(np.array([[8.0, 8.0, 0.0, 0.0, 8.0, 8.0, 8.0]]))[0]


def test_work_begun_on_friday_afternoon_ends_on_monday(week):
    # From Friday 18:00 on two of its eight hours are left; the other two are a quarter of Monday.
    assert done_at(week, FRIDAY + 0.75, 4.0) == pytest.approx(MONDAY + 0.25)
    assert done_at(week, FRIDAY + 0.75, 1.0) == pytest.approx(FRIDAY + 0.875)


def test_work_that_fills_the_day_ends_with_it(week):
    assert done_at(week, FRIDAY + 0.75, 2.0) == SATURDAY
    assert done_at(week, float(MONDAY), 24.0) == 7.0
    assert done_at(week, float(MONDAY), 24.001) == np.inf


def test_a_seat_opens_on_the_next_day_with_hours(week):
    assert opens_at(week, SATURDAY + 0.3) == MONDAY
    assert opens_at(week, FRIDAY + 0.3) == FRIDAY + 0.3
    assert opens_at(passed(np.zeros((1, 7)))[0], 2.0) == np.inf


def test_days_of_the_year_follow_the_calendar(told):
    # Eight hours a day. A call of four hours on Friday 18:00 is served by Monday 06:00, then one of Saturday.
    journal = told(
        ["Ames"],
        {"ann": {"hours_per_year": 8 * WORKDAYS}},
        {"service": {"hours": 4.0}},
        company_of={"calendar": WORKWEEK},
        calls=[("Ames", FRIDAY + 0.75, 1e9), ("Ames", SATURDAY + 0.5, 1e9)],
    )
    assert story(journal) == [
        (FRIDAY + 0.75, "call for service"),
        (SATURDAY + 0.5, "call for service"),
        (MONDAY + 0.25, "service done"),
        (MONDAY + 0.75, "service done"),
    ]


def test_nothing_is_begun_on_a_day_without_hours(told):
    # Who waits from Saturday on and has patience for a day only leaves on Sunday.
    journal = told(
        ["Ames"],
        {"ann": {"hours_per_year": 8 * WORKDAYS}},
        company_of={"calendar": WORKWEEK},
        calls=[("Ames", SATURDAY + 0.5, 1.0)],
    )
    assert story(journal)[1] == (SUNDAY + 0.5, "call unanswered")
