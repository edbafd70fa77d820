"""Splitting customers by product line: nothing is lost, half visits are rounded up."""

import pandas as pd
import pytest

from optimizer.score import duplicate_visits
from scenarios import Change, InputError, read, write
from scenarios.building import build, source_of
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


def test_only_some_are_split(two_lines):
    customers = two_lines.customers.assign(tier=["A", "", "", "A", "", ""])
    parts = split_by_line(two_lines.replace(customers=customers), where={"tier": ("A",)})
    assert parts.customers.index.tolist() == [
        "W1|Pipes", "W1|Quilts", "W2", "W3", "E1|Pipes", "E1|Quilts", "E2", "E3",
    ]  # fmt: skip
    assert parts.customers["potential"].sum() == pytest.approx(1200)
    assert parts.last_year_sales.sum() == 200  # 80 of W1, 120 of E1
    assert parts.last_year_sales[["W1|Pipes", "W1|Quilts"]].tolist() == [60, 20]
    assert parts.target_amount == two_lines.target_amount


def test_orders_of_who_stays_whole_stay_whole(two_lines):
    parts = split_by_line(two_lines, where={"potential": ("100",)}).history
    customers = two_lines.customers["potential"]
    assert customers[customers == 100].index.tolist() == ["W1", "E1"]
    assert set(parts["customer"]) == {"W1|Pipes", "W1|Quilts", "E1|Pipes", "E1|Quilts"}
    alone = split_by_line(two_lines, where={"longitude": ("0",)})
    assert alone.history.loc[["2", "3"], "customer"].tolist() == ["E1", "E1"]
    assert sorted(alone.history.index) == ["1|Pipes", "1|Quilts", "2", "3"]
    assert alone.order_lines["amount"].sum() == two_lines.order_lines["amount"].sum()


def test_a_scenario_file_says_how_the_company_is_organized(two_lines, tmp_path):
    source = source_of(two_lines)
    source.settings["structure"] = {"split_by": "product_line", "split_where": {"potential": ">= 300"}}
    scenario = build(source)
    assert scenario.customers.index[scenario.customers["part_of"] != ""].tolist() == [
        "W3|Pipes", "W3|Quilts", "E3|Pipes", "E3|Quilts",
    ]  # fmt: skip
    assert read(write(scenario, tmp_path / scenario.name)) == scenario  # parts are not split once more


def test_a_what_if_organizes_the_company_otherwise(two_lines):
    change = Change.model_validate(
        {"name": "x", "title": "X", "set": {"structure": {"split_by": "product_line", "least_visits": 3.0}}}
    )
    parts = change.apply(two_lines).customers
    assert len(parts) == 12
    assert parts["visits_per_year"].min() >= 3
    named = Change.model_validate({"name": "y", "title": "Y", "split": {"where": {"tear": ["A"]}}})
    with pytest.raises(InputError, match=r"no such column in customers\.csv; did you mean 'tier'"):
        named.apply(two_lines)


def test_two_specialists_who_meet_at_one_place_are_counted(two_lines):
    """W1 bought three quarters pipes: 9 of its 12 visits are for pipes, 3 for quilts."""
    parts = split_by_line(two_lines, where={"longitude": ("0",)})
    share = two_lines.line_mix.loc["W1"]
    visits = parts.customers["visits_per_year"]
    apart = pd.Series("West", index=parts.customers.index)
    assert duplicate_visits(parts, apart) == 0
    apart["W1|Quilts"] = "East"
    fewer = min(visits["W1|Pipes"], visits["W1|Quilts"])
    assert share["Pipes"] > share["Quilts"]
    assert duplicate_visits(parts, apart) == fewer == visits["W1|Quilts"]


def test_calls_for_service_and_credit_are_shared_and_every_part_moves(towns, two_lines):
    source = source_of(two_lines)
    source.settings["market"]["service"] = {"calls_per_year": 6.0}
    source.tables["customers"]["service_calls_per_year"] = ["2", "", "", "", "", ""]
    source.tables["customers"]["credit_limit"] = ["1000", "", "", "", "", ""]
    source.tables["moves"] = pd.DataFrame(
        {"day": ["2026-07-01"], "customer": ["W1"], "rep": ["East"]}, dtype="str"
    )
    parts = split_by_line(build(source))
    share = two_lines.line_mix.loc["W1", "Pipes"]
    pipes = parts.customers.loc["W1|Pipes"]
    assert pipes["service_calls_per_year"] == pytest.approx(2 * share)
    assert pipes["credit_limit"] == pytest.approx(1000 * share)
    # What stands in the settings is for a whole customer as well.
    both = parts.customers.loc[["W2|Pipes", "W2|Quilts"]]
    assert both["service_calls_per_year"].sum() == pytest.approx(6.0)
    assert both["credit_limit"].isna().all()
    assert parts.moves["customer"].tolist() == ["W1|Pipes", "W1|Quilts"]
