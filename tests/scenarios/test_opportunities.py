"""Open opportunities, commitments and the budget as data: read, checked, split, written and read back."""

import pandas as pd
import pytest

from scenarios import InputError, read, write
from scenarios.budget import Grades
from scenarios.building import build
from scenarios.structure import split_by_line


def opportunities(**columns):
    table = {
        "opportunity": ["O1", "O2"],
        "customer": ["W1", "E1"],
        "stage": ["deal", ""],
        "amount": ["100", "50"],
        "close_date": ["2026-03-31", "2027-01-31"],
        "probability": ["", "0.5"],
    }
    return pd.DataFrame(table | columns, dtype="str")


def commitments(**columns):
    table = {"node": ["West", "West"], "amount": ["500", "100"], "period": ["", "Q1"]}
    return pd.DataFrame(table | columns, dtype="str")


def test_what_is_read_can_be_written_and_read_back(towns, tmp_path):
    towns.tables |= {"opportunities": opportunities(), "commitments": commitments()}
    towns.settings["budget"] = {"per_rep": 10.0, "grades": {"pass_attainment": 0.8}}
    scenario = build(towns)
    assert scenario.opportunities["probability"].isna().tolist() == [True, False]
    assert scenario.commitments["amount"].tolist() == [500.0, 100.0]
    again = read(write(scenario, tmp_path / "two_towns"))
    assert again == scenario
    assert again.budget.grades.pass_attainment == 0.8


def test_all_that_is_wrong_is_said_at_once(towns):
    towns.tables["opportunities"] = opportunities(customer=["W1", "Nobody"], stage=["lunch", ""])
    towns.tables["commitments"] = commitments(node=["West", "West"], period=["Q5", "Q5"])
    with pytest.raises(InputError) as error:
        build(towns)
    said = [str(problem) for problem in error.value.problems]
    assert said[0].startswith("opportunities.csv row 3, customer: no such customer")
    assert "opportunities.csv row 2, stage: give a probability, or one of the stages" in said[1]
    assert "commitments.csv row 2, period: name a quarter, Q1, Q2, Q3, Q4" in said[2]
    assert said[-1].startswith("commitments.csv row 3, node, period: this node has a commitment")
    assert len(said) == 5


def test_an_opportunity_of_a_split_customer_is_split_with_it(towns):
    towns.tables["products"] = pd.DataFrame({"product": ["p", "q"], "line": ["Pipes", "Quilts"]}, dtype="str")
    towns.settings["market"]["order_values"] = {"Pipes": 50.0, "Quilts": 50.0}
    towns.tables["order_lines"] = pd.DataFrame(
        {"order": ["1", "2", "3"], "product": ["p", "q", "p"], "amount": ["80", "120", "999"]}, dtype="str"
    )
    towns.tables["opportunities"] = opportunities()
    scenario = build(towns)
    parts = split_by_line(scenario).opportunities
    assert parts["amount"].sum() == pytest.approx(150)
    assert parts["customer"].tolist() == ["W1|Pipes", "E1|Pipes", "W1|Quilts", "E1|Quilts"]
    assert parts["amount"]["O1|Pipes"] == pytest.approx(100 * scenario.line_mix.loc["W1", "Pipes"])


def test_excellent_is_not_easier_than_passing():
    with pytest.raises(ValueError, match="excellent_attainment must not be below"):
        Grades(pass_attainment=1.0, excellent_attainment=0.9)
    with pytest.raises(ValueError, match="excellent_deviation must not be above"):
        Grades(pass_deviation=0.01)
