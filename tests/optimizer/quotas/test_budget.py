"""The sales budget by hand, and grades at their limits."""

import numpy as np
import pandas as pd
import pytest

from optimizer.quotas.budget import deviations, sales_budget, travel_per_hour, travel_rates
from scenarios import InputError
from scenarios.budget import Budget, Grades
from scenarios.building import build

HOME = ["West", "West", "West", "East", "East", "East"]


@pytest.fixture
def paid(towns):
    towns.tables["reps"]["base_pay"] = ["60", "40"]
    towns.tables["reps"]["target_incentive"] = ["40", "40"]
    return towns


def budget_of(towns, quotas=(500, 700), owner=HOME):
    scenario = build(towns)
    return sales_budget(scenario, pd.Series(owner, index=scenario.customers.index), np.array(quotas))


def test_pay_and_rates_add_up(paid):
    paid.settings["budget"] = {"per_rep": 10.0, "share_of_sales": 0.01, "fixed": 8.0}
    table = budget_of(paid)
    # everybody lives where the customers are, so there is no travel
    assert table.loc["West"].tolist() == [500, 60, 40, 0, 15, 115, 0.23]
    assert table.loc["East"].tolist() == pytest.approx([700, 40, 40, 0, 17, 97, 97 / 700])
    assert table.loc["company"].tolist() == pytest.approx([1200, 100, 80, 0, 40, 220, 220 / 1200])


def test_an_empty_seat_is_not_paid(paid):
    paid.tables["reps"]["start"] = ["", "2026-07-01"]
    table = budget_of(paid)
    assert table["base_pay"]["East"] == pytest.approx(40 * 184 / 365)
    assert table["incentive"]["East"] == pytest.approx(40 * 184 / 365)


def test_an_hour_on_the_road_costs_what_pay_does_not_cover(paid):
    # pay of an hour: 100 / 100 and 80 / 100, the median .9
    paid.settings["travel"]["cost_per_hour"] = 2.4
    assert travel_per_hour(build(paid)) == pytest.approx(1.5)
    paid.settings["travel"]["cost_per_hour"] = 0.5
    assert travel_per_hour(build(paid)) == 0.0
    paid.settings["budget"] = {"travel_per_hour": 0.2}
    assert travel_per_hour(build(paid)) == 0.2
    # West drives to East's customers: 12 visits to each of three, a trip for each visit (no neighbors due)
    table = budget_of(paid, owner=["West"] * 6)
    assert table["travel"]["West"] > 0
    assert table["travel"]["East"] == 0
    paid.settings["budget"] = {"travel_per_hour": 0.4}
    assert budget_of(paid, owner=["West"] * 6)["travel"]["West"] == pytest.approx(2 * table["travel"]["West"])


def test_grades_follow_their_limits():
    budget = pd.DataFrame(
        {"quota": [100.0, 100, 100, 0, 300], "cost": [50.0, 50, 50, 0, 150]},
        index=["A", "B", "C", "D", "company"],
    )
    sales = pd.Series({"A": 105.0, "B": 90.0, "C": 89.9, "D": 5.0})
    costs = pd.Series({"A": 51.0, "B": 47.5, "C": 52.6, "D": 0.0})
    table = deviations(budget, sales, costs, Grades())
    assert table["sales_grade"].tolist() == ["excellent", "pass", "fail", "", "pass"]
    assert table["cost_grade"].tolist() == ["excellent", "pass", "fail", "", "excellent"]
    assert table["sales"]["company"] == pytest.approx(289.9)
    assert table["say"]["B"] == "sold 90.0% of quota (pass); spent 5.0% under budget (pass)"
    assert table["say"]["D"] == ""
    lenient = deviations(budget, sales, costs, Grades(pass_attainment=0.8, pass_deviation=0.06))
    assert (lenient["sales_grade"]["C"], lenient["cost_grade"]["C"]) == ("pass", "pass")


def test_the_companys_own_cost_may_be_given_and_nobody_forgotten():
    budget = pd.DataFrame({"quota": [100.0, 100.0], "cost": [50.0, 60.0]}, index=["A", "company"])
    table = deviations(budget, pd.Series({"A": 100.0}), pd.Series({"A": 50.0, "company": 66.0}), Grades())
    assert table["deviation"].tolist() == pytest.approx([0.0, 0.1])
    with pytest.raises(InputError) as error:
        deviations(budget, pd.Series({"B": 1.0}), pd.Series({"A": 1.0}), Grades())
    assert [p.value for p in error.value.problems] == ["B", "A"]


def test_defaults_need_no_settings(towns):
    assert Budget().grades.excellent_attainment == 1.05
    assert budget_of(towns)["cost"].tolist() == [0, 0, 0]


def test_an_hour_on_the_road_costs_what_the_budget_has_for_it(paid):
    paid.settings["budget"] = {"travel_per_hour": 0.4}
    scenario = build(paid)
    owner = pd.Series(["West"] * 6, index=scenario.customers.index)
    # Nobody stays overnight, and East drives nowhere: an hour costs an hour.
    assert travel_rates(scenario, owner).tolist() == pytest.approx([0.4, 0.4])
