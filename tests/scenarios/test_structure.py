"""Splitting customers by product line: nothing is lost, half visits are rounded up."""

import pandas as pd
import pytest

from scenarios import Change, InputError
from scenarios.building import build
from scenarios.structure import split_by_line


@pytest.fixture
def two_lines(towns):
    """The teaching world selling pipes and quilts: W1 bought three quarters pipes."""
    towns.tables["products"] = pd.DataFrame({"product": ["p", "q"], "line": ["Pipes", "Quilts"]}, dtype="str")
    towns.settings["market"]["order_values"] = {"Pipes": 50.0, "Quilts": 50.0}
    towns.tables["order_lines"] = pd.DataFrame(
        {
            "order": ["1", "1", "2", "3"],
            "product": ["p", "q", "q", "p"],
            "amount": ["60", "20", "120", "999"],
        },
        dtype="str",
    )
    return build(towns)


def test_nothing_is_lost(two_lines):
    parts = split_by_line(two_lines)
    assert len(parts.customers) == 2 * len(two_lines.customers)
    assert parts.customers["potential"].sum() == pytest.approx(two_lines.customers["potential"].sum())
    assert parts.last_year_sales.sum() == two_lines.last_year_sales.sum()
    assert parts.target_amount == two_lines.target_amount
    whole = parts.customers.groupby("part_of")["potential"].sum()
    assert whole.to_dict() == pytest.approx(two_lines.customers["potential"].to_dict())


def test_orders_go_to_the_part_that_bought(two_lines):
    parts = split_by_line(two_lines)
    assert parts.last_year_sales[["W1|Pipes", "W1|Quilts", "E1|Quilts"]].tolist() == [60, 20, 120]
    assert parts.line_mix.loc["W1|Pipes"].tolist() == [1.0, 0.0]


def test_visits_are_shared_rounded_up_and_at_least_some(two_lines):
    parts = split_by_line(two_lines, least_visits=2).customers
    share = two_lines.line_mix.loc["W2", "Pipes"]
    assert 0 < share < 1
    both = parts.loc[["W2|Pipes", "W2|Quilts"], "visits_per_year"]
    assert both.sum() in (12, 13)
    assert both.min() >= 2
    assert (parts["site"] == parts["part_of"]).all()


def test_orders_without_lines_cannot_be_split(two_lines):
    with pytest.raises(InputError, match=r"order_lines\.csv"):
        split_by_line(two_lines.replace(order_lines=two_lines.order_lines.iloc[:0]))


def test_without_lines_nothing_happens(towns):
    scenario = build(towns)
    assert split_by_line(scenario) is scenario


def test_a_change_splits_first_and_edits_then(two_lines):
    change = Change.model_validate(
        {
            "name": "x",
            "title": "X",
            "split": {},
            "edit": {"customers": [{"customer": "W1|Pipes", "lock": True}]},
        }
    )
    assert change.apply(two_lines).customers["lock"].sum() == 1
