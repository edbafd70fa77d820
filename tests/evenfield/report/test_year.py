"""What the report says of the year, on two years of two reps that one can add up by hand."""

import re

import numpy as np
import pytest
from made_up_years import held_against, measures_of, outcome_of

from evenfield.report import year

QUOTA = {"west": 40.0, "east": 50.0}
TEAMS = [("Coast", ["west"]), ("Inland", ["east"])]
# Quotas of a quarter are 40 and 50, the company's target 100. In the fourth quarter of the first year West
# sells nothing: 60 for the company, 390 in that year, 440 in the other.
BOOKINGS = [[[50, 50, 50, 0], [60] * 4], [[50] * 4, [60] * 4]]
# 100 hours a month and 90 worked; in December of the first year 20 more are asked for.
HOURS = {
    "capacity_by_month": np.full((2, 12), 100.0),
    "worked_by_month": np.full((2, 12), 90.0),
    "unserved_by_month": [[0.0] * 11 + [20.0], [0.0] * 12],
}


@pytest.fixture(scope="module")
def outcome():
    """Base pay of 20 a rep and 9 of other cost against a budget of 50."""
    budget = np.array([20.0, 20.0, 20.0, 20.0, 50.0])
    held = held_against(QUOTA, 400.0, teams=TEAMS, incentive=0.0, budget=budget, fixed=9.0)
    return outcome_of(measures_of(BOOKINGS, **HOURS), held)


def alone(bookings, target=100.0):
    """Years of two reps without a team."""
    return outcome_of(measures_of(bookings), held_against(QUOTA, target))


def test_which_quarter_misses_how_surely_and_by_how_much(outcome):
    # Once in two years; Wilson's interval of 1 in 2 is .5 plus or minus .406. Of 40 in one year it lacks 20.
    assert year.say_quarters(outcome, "USD") == (
        "Q4 is missed most often, in 50% of years (95 % interval 9% to 91%), and lacks $20 of its target in "
        "an average year; Q1 least often, in 0%."
    )


def test_quarters_alike_are_not_told_apart(two_towns):
    assert year.say_quarters(alone([[[30] * 4, [50] * 4]], 400.0), "USD").startswith(
        "Every quarter of the company is missed in 100% of years"
    )


def test_which_team_misses_and_its_part_in_what_is_short(outcome, two_towns):
    # Coast sells 150 of 160 in one year of two
    assert year.say_teams(two_towns, outcome) == (
        "The likeliest to miss is Coast in Q4, in 50% of years. In years in which the company misses its "
        "target, Coast has the largest part of what teams are short of: 100%; over all years it is short of "
        "$5 on average."
    )
    shown = year.misses(outcome)
    assert shown.index.tolist() == ["Coast", "Inland"]
    assert shown.loc["Coast"].tolist() == [0, 0, 0, 0.5, 0.5]


def test_without_teams_it_is_reps(two_towns):
    found = alone(BOOKINGS)
    assert year.level(found) == "rep"
    name = two_towns.reps.loc["west", "name"] or "west"
    assert year.say_teams(two_towns, found) == f"The likeliest to miss is {name} in Q4, in 50% of years."


def test_nothing_asked_is_no_miss(two_towns):
    found = outcome_of(measures_of(BOOKINGS), held_against({"west": 0.0, "east": 0.0}, 400.0))
    assert year.say_teams(two_towns, found) == "Nobody is asked for anything."


def test_no_more_are_shown_than_there_is_room_for(monkeypatch):
    monkeypatch.setattr(year, "SHOWN", 1)
    assert year.misses(alone(BOOKINGS)).index.tolist() == ["west"]


def test_the_worst_years(outcome):
    assert year.say_worst_years(outcome, "USD") == (
        "The worst tenth of years book $390 on average, $10 below the target; the worst year books $390. "
        "A year that misses the target misses it by $10 on average."
    )
    assert "$290 above the target" in year.say_worst_years(alone(BOOKINGS), "USD")
    assert year.say_worst_years(alone(BOOKINGS), "USD").endswith("No simulated year misses the target.")


def test_the_worst_year_can_be_told_as_a_story(outcome):
    # Medians of West are 175 of 160, of East 240 of 200: West; 390 are sold in year 0
    assert year.story_command(outcome) == "evenfield story PLAN --rep west --seed 1 --replication 0"


def test_hours_by_month_and_the_month_that_lacks_most(outcome, two_towns):
    # 12 x 90 worked and 10 in an average December not: 10 of 1,090 is .9 %, of December's 100 it is 10 %
    months = year.hours_by_month(two_towns, outcome)
    assert months["asked"].tolist() == [90.0] * 11 + [100.0]
    said = year.say_hours(two_towns, outcome)
    assert "have 1,200 hours and work 1,080 of them" in said
    assert "for 10 hours more that are asked for, 0.9% of all, nobody has time" in said
    assert re.search(r"shortest in Dec \d{4}: 10\.0% of what is asked for stays undone\.$", said)


def test_cost_against_budget_and_its_grade(outcome, two_towns):
    # 2 x 20 + 9 = 49 of 50, just excellent; 49 of 415 booked on average, 50 of 400 budgeted
    said = year.say_cost(two_towns, outcome)
    assert "Selling costs $49 in an average year" in said
    assert "2.0% below the budget of $50 for selling the quotas: excellent." in said
    assert "is excellent (100% of years), within 5% a pass (0%), beyond a fail (0%)" in said
    assert said.endswith("Of the bookings it takes 11.81%, where the budget has 12.50% of the target.")
    *teams, company = year.cost_rows(two_towns, outcome)
    assert [line["who"] for line in (*teams, company)] == ["Coast", "Inland", "Company"]
    assert company["off_budget"] == pytest.approx(-0.02)


def test_without_a_budget_there_is_nothing_to_grade(two_towns):
    held = held_against(QUOTA, 400.0, incentive=0.0, budget=np.zeros(3))
    said = year.say_cost(two_towns, outcome_of(measures_of(BOOKINGS), held))
    assert said.endswith("there is no budget to hold it against.")


def test_figures_have_means_and_intervals(done):
    lines = {line["figure"]: line for line in year.figure_rows(done)}
    known = done.outcomes["plan"].estimates().loc["visits_kept"]
    assert lines["Promised visits kept"]["interval"] == f"{known['low']:.1%} to {known['high']:.1%}"
    assert lines["Promised visits kept"]["after"].startswith(f"{known['mean']:.1%} (")
