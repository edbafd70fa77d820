"""What may be wrong with the plan year's shocks, working days, absences and moves, each found by name."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from scenarios import InputError
from scenarios.building import build
from scenarios.working_days import Calendar
from scenarios.year import PlanYear

SPRING = {"name": "slump", "start": date(2026, 3, 1), "end": date(2026, 6, 1)}


def problems(source):
    with pytest.raises(InputError) as caught:
        build(source)
    return [str(problem) for problem in caught.value.problems]


def problems_of_shock(towns, **fields):
    towns.settings["market"]["shocks"] = [SPRING | fields]
    return problems(towns)


def test_a_shock_that_does_nothing_is_a_mistake(towns):
    (found,) = problems_of_shock(towns)
    assert found.startswith("scenario.toml, market.shocks 'slump': does nothing; give one of demand, price")


def test_a_shock_names_columns_lines_and_people_there_are(towns):
    found = problems_of_shock(
        towns, demand=0.9, quits=2.0, where={"planet": "Mars"}, lines=["Pipes"], reps={"team": "Blue"}
    )
    assert [line.split(":")[0] for line in found] == [
        "scenario.toml, market.shocks 'slump', lines",
        "scenario.toml, market.shocks 'slump', where",
        "scenario.toml, market.shocks 'slump', reps",
    ]
    assert "none of the reps is so; correct the values (found 'team = Blue')" in found[2]


def test_a_shock_is_not_limited_to_more_customers_than_there_are(towns):
    (found,) = problems_of_shock(towns, loses=True, largest=4, where={"longitude": 0})
    assert (
        found == "scenario.toml, market.shocks 'slump', largest: only 3 of the customers fit `where`; give at"
        " most 3, or take largest out (found '4')"
    )


@pytest.mark.parametrize(
    ("limit", "effect"),
    [
        ({"where": {"longitude": 0}}, {"capacity": 0.8}),
        ({"largest": 1}, {"hiring_freeze": True}),
        ({"lines": [""]}, {"loses": True}),
        ({"reps": {"seniority": "middle"}}, {"demand": 0.8}),
    ],
)
def test_a_limit_that_no_effect_heeds_is_a_mistake(towns, limit, effect):
    (found,) = problems_of_shock(towns, **limit, **effect)
    assert found.startswith(f"scenario.toml, market.shocks 'slump', {next(iter(limit))}:")
    assert "but the shock has none of" in found
    towns.settings["market"]["shocks"][0] |= {"demand": 0.9, "quits": 2.0}
    build(towns)


def test_a_shock_happens_within_the_year(towns):
    (outside,) = problems_of_shock(towns, demand=0.9, start=date(2027, 1, 1), end=date(2027, 2, 1))
    assert "lies outside the plan year 2026-01-01 to 2027-01-01; correct the dates" in outside
    (late,) = problems_of_shock(towns, demand=0.9, latest_start=date(2027, 1, 1))
    assert "latest_start: must lie before the plan year ends on 2027-01-01" in late
    (useless,) = problems_of_shock(towns, productivity=1.1, end=date(2027, 1, 1))
    assert "productivity: works from the end of the shock on" in useless


def test_a_training_fits_into_its_days(towns):
    # 92 days of at most eight hours
    (found,) = problems_of_shock(towns, training_hours=737.0)
    assert "training_hours: so long a training does not fit into its days; give at most 736" in found


def test_people_work_on_days_of_the_week_but_holidays_and_on_extra_days():
    calendar = Calendar(
        holidays=(date(2026, 1, 1), date(2026, 1, 2), date(2025, 12, 25)),
        extra_workdays=(date(2026, 1, 4),),
    )
    # 1 January 2026 is a Thursday: two holidays, Saturday free, Sunday worked, then a week of five days.
    works = calendar.works(PlanYear(start=date(2026, 1, 1)))
    assert works[:12].tolist() == [False, False, False, True] + [True] * 5 + [False] * 2 + [True]
    assert works.sum() == np.busday_count("2026-01-01", "2027-01-01") - 2 + 1


def test_some_day_of_the_year_is_worked(towns):
    sundays = pd.date_range("2026-01-01", "2026-12-31").to_series()
    sundays = [day.date() for day in sundays[sundays.dt.day_of_week == 6]]
    towns.settings["calendar"] = {"weekdays": [7], "holidays": sundays[:-1]}
    build(towns)
    towns.settings["calendar"]["holidays"] = sundays
    assert problems(towns) == [
        "scenario.toml, calendar: leave no day of the plan year to work; name more weekdays or fewer "
        "holidays (found 'weekdays 7; 52 holidays')"
    ]


def test_absences_are_of_known_reps_in_the_year_and_lie_apart(towns):
    towns.tables["absences"] = pd.DataFrame(
        [
            ("West", "2026-03-10", "2026-03-20"),
            ("Wset", "2026-03-10", "2026-03-20"),
            ("East", "2026-03-10", "2026-03-20"),
            ("West", "2026-03-01", "2026-03-11"),
            ("West", "2026-03-20", "2026-04-01"),
            ("East", "2027-01-01", "2027-01-08"),
        ],
        columns=["rep", "start", "end"],
        dtype="str",
    )
    assert problems(towns) == [
        (
            "absences.csv row 3, rep: no such rep in reps.csv; correct or remove the row; did you mean"
            " 'West'? (found 'Wset')"
        ),
        (
            "absences.csv row 7, start: lies outside the plan year 2026-01-01 to 2027-01-01; correct or"
            " remove the row (found '2027-01-01')"
        ),
        (
            "absences.csv row 2, start: begins before the absence of row 5 ends; make one row of both "
            "(found 'West, 2026-03-10')"
        ),
    ]


def test_an_absence_within_a_longer_one_is_found_behind_another(towns):
    towns.tables["absences"] = pd.DataFrame(
        [
            ("West", "2026-03-01", "2026-06-01"),
            ("West", "2026-03-05", "2026-03-06"),
            ("West", "2026-05-01", "2026-05-02"),
        ],
        columns=["rep", "start", "end"],
        dtype="str",
    )
    assert [line.split(":")[0] for line in problems(towns)] == [
        "absences.csv row 3, start",
        "absences.csv row 4, start",
    ]


def test_moves_are_of_known_customers_to_known_reps_once_a_day(towns):
    towns.tables["moves"] = pd.DataFrame(
        [
            ("2026-03-01", "E1", "East"),
            ("2026-03-01", "E1", "West"),
            ("2026-04-01", "E1", "West"),
            ("2025-12-31", "E9", "Esat"),
        ],
        columns=["day", "customer", "rep"],
        dtype="str",
    )
    assert problems(towns) == [
        (
            "moves.csv row 5, customer: no such customer in customers.csv; correct or remove the row "
            "(found 'E9')"
        ),
        (
            "moves.csv row 5, rep: no such rep in reps.csv; correct or remove the row; did you mean 'East'"
            " or 'West'? (found 'Esat')"
        ),
        (
            "moves.csv row 5, day: lies outside the plan year 2026-01-01 to 2027-01-01; correct or remove "
            "the row (found '2025-12-31')"
        ),
        "moves.csv row 3, customer: this customer moves on that day already; keep one row (found 'E1')",
    ]


def test_all_that_is_wrong_with_the_year_is_said_at_once(towns):
    towns.settings["market"]["shocks"] = [SPRING]
    towns.tables["absences"] = pd.DataFrame(
        {"rep": ["Nobody"], "start": ["2026-01-02"], "end": ["2026-01-03"]}, dtype="str"
    )
    towns.tables["moves"] = pd.DataFrame(
        {"day": ["2026-01-02"], "customer": ["W1"], "rep": ["Nobody"]}, dtype="str"
    )
    assert [line.split(":")[0] for line in problems(towns)] == [
        "scenario.toml, market.shocks 'slump'",
        "absences.csv row 2, rep",
        "moves.csv row 2, rep",
    ]


def test_two_shocks_of_one_name_would_share_their_luck(towns):
    again = SPRING | {"start": date(2026, 7, 1), "end": date(2026, 8, 1), "demand": 1.2}
    other = SPRING | {"name": "flood", "demand": 0.5}
    towns.settings["market"]["shocks"] = [SPRING | {"demand": 0.9}, other, again]
    assert problems(towns) == [
        "scenario.toml, market.shocks 'slump': two shocks have this name and would share their luck; "
        "give each its own name (found 'slump')"
    ]


def test_more_visits_or_stages_than_a_year_can_number_are_refused(towns):
    towns.tables["customers"].loc[1, "visits_per_year"] = "4000.5"
    (visits,) = problems(towns)
    assert (
        visits == "customers.csv row 3, visits_per_year: must be less than or equal to 4000 (found '4000.5')"
    )
    towns.tables["customers"].loc[1, "visits_per_year"] = "4000"
    assert build(towns).customers["visits_per_year"].iloc[1] == 4000
    step = {"name": "call", "hours": 0.1, "conversion": 1.0, "days": 0.0}
    towns.settings["market"]["stages"] = [step] * 1001
    (stages,) = problems(towns)
    assert "there are 1,001 stages; put steps together until there are at most 1,000" in stages
    towns.settings["market"]["stages"] = [step] * 1000
    assert len(build(towns).market.stages) == 1000


def test_a_rate_of_losses_beyond_all_measure_is_refused(towns):
    towns.settings["market"]["churn"] = {"yearly_rate": 0.1, "sensitivity": 51.0}
    (found,) = problems(towns)
    assert "churn.sensitivity" in found
    assert "less than or equal to 50" in found
    towns.settings["market"]["churn"]["sensitivity"] = 50.0
    assert build(towns).market.churn.sensitivity == 50
