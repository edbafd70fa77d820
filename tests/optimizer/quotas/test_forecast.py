"""Forecasts: series whose future is known, the past that weighs models, and a year held out of a real one."""

import math
from datetime import date

import numpy as np
import pandas as pd
import pytest

from optimizer.quotas.forecast import UNTESTED, backtest, continued, forecast
from scenarios import InputError, read
from scenarios.building import build

START = date(2026, 1, 1)


def monthly(amounts, start=START, day=1):
    """One order a month, the last in the month before `start`."""
    months = pd.date_range(end=pd.Timestamp(start) - pd.offsets.MonthBegin(), periods=len(amounts), freq="MS")
    return pd.DataFrame(
        {"date": months + pd.Timedelta(days=day - 1), "amount": np.array(amounts, dtype="float64")}
    )


def test_what_never_changes_goes_on():
    found = continued(monthly([100.0] * 36), START)
    assert found.paths == pytest.approx(np.full(found.paths.shape, 100.0))
    assert found.year == pytest.approx(1200)
    assert found.error == pytest.approx(0.0)
    assert found.months[0] == START
    assert found.months[-1] == date(2026, 12, 1)


def test_a_season_comes_back():
    # ten orders of 10 in each month and ninety more in the sixth: 100 and 1,000
    year = [100.0] * 5 + [1000.0] + [100.0] * 6
    orders = pd.concat([monthly(np.array(year * 4) / 100)] * 100, ignore_index=True)
    middle = np.median(continued(orders, START).paths, axis=0)
    assert middle[5] == pytest.approx(1000, rel=0.02)
    assert middle[[0, 4, 6, 11]] == pytest.approx([100] * 4, rel=0.02)


def test_steady_growth_is_found_and_preferred():
    rng = np.random.default_rng(1)
    trend = 1000 * 1.03 ** np.arange(60)
    found = continued(monthly(trend[:48] * np.exp(0.02 * rng.standard_normal(48))), START)
    assert found.shares["steady growth"] > 0.5
    assert found.model.startswith("steady growth")
    assert found.year == pytest.approx(trend[48:].sum(), rel=0.05)


def test_scatter_makes_intervals_that_hold():
    rng = np.random.default_rng(2)
    inside = []
    for _ in range(8):
        sales = 1000 * np.exp(0.2 * rng.standard_normal(48))
        low, high = np.quantile(continued(monthly(sales[:36]), START).sums(), [0.1, 0.9])
        inside.append(low <= sales[36:].sum() <= high)
    assert sum(inside) >= 5


def test_months_without_sales_are_months():
    found = continued(monthly([0.0, 50, 0, 100] * 9), START)
    assert (found.paths >= 0).all()
    assert found.year == pytest.approx(450, rel=0.2)  # three times 0, 50, 0, 100


def test_a_past_that_ends_early_is_continued_from_where_it_ends():
    found = continued(monthly([100.0] * 24, start=date(2025, 11, 1)), START)
    assert found.year == pytest.approx(1200)
    assert found.months[0] == START


def test_a_short_past_is_not_tested_and_a_shorter_one_refused():
    found = continued(monthly([100.0, 120.0] * 7), START)
    assert found.shares == {UNTESTED: 1.0}
    assert math.isnan(found.error)
    with pytest.raises(InputError, match="twelve months of orders before 2026-01-01; there are 11"):
        continued(monthly([100.0] * 12, day=20), START)  # begins on a 20th: eleven whole months


def test_the_same_seed_gives_the_same_forecast():
    orders = monthly(100 + 10 * np.random.default_rng(3).standard_normal(30))
    assert (continued(orders, START, 4).paths == continued(orders, START, 4).paths).all()
    assert (continued(orders, START, 4).paths != continued(orders, START, 5).paths).any()


def test_lines_and_regions_add_up_to_the_company(towns):
    dates = pd.date_range("2024-01-01", periods=24, freq="MS").strftime("%Y-%m-%d")
    rng = np.random.default_rng(5)
    parts = {"W1": 50 + 10 * rng.random(24), "E1": 150 + 10 * rng.random(24)}
    rows = [
        (f"{c}{d}", d, c, f"{a:.2f}") for c, sales in parts.items() for d, a in zip(dates, sales, strict=True)
    ]
    towns.tables["history"] = pd.DataFrame(rows, columns=["order", "date", "customer", "amount"], dtype="str")
    towns.tables["customers"]["region"] = ["West"] * 3 + ["East"] * 3
    scenario = build(towns)
    table = forecast(scenario, ("company", "region")).set_index(["by", "name", "period"])
    assert list(table.index.get_level_values("period")[:5]) == ["year", "Q1", "Q2", "Q3", "Q4"]
    company = table.loc["company", "company", "year"]
    regions = table.loc["region"].xs("year", level="period")
    assert regions["forecast"].sum() == pytest.approx(company["forecast"])
    assert regions["last_year"].sum() == pytest.approx(company["last_year"])
    assert company["low"] < company["forecast"] < company["high"]
    assert company["growth"] == pytest.approx(company["forecast"] / company["last_year"] - 1)
    assert regions["forecast"]["East"] == pytest.approx(1860, rel=0.05)
    assert "a year before" in company["say"]


def test_a_backtest_compares_with_what_came():
    table = backtest(monthly([100.0] * 24 + [110.0] * 12), START).set_index("period")
    assert table["actual"][["2025-01-01", "Q1", "year"]].tolist() == [110, 330, 1320]
    assert table["forecast"]["year"] == pytest.approx(1200)
    assert not table["inside"].any()


def test_intervals_hold_in_the_last_year_of_superstore():
    """2016 forecast from 2014 and 2015, by line, by region and for the company: 80 % intervals."""
    scenario = read("superstore")
    history, lines = scenario.history, scenario.order_lines
    product = lines["product"].map(scenario.products["line"])
    held = pd.DataFrame({"date": lines["order"].map(history["date"]), "amount": lines["amount"]})
    series = [history, *(held[product == line] for line in scenario.lines)]
    series += [rows for _, rows in history.groupby(history["customer"].map(scenario.customers["region"]))]
    tables = pd.concat(backtest(rows[["date", "amount"]], scenario.year.start) for rows in series)
    months = tables[tables["period"].str.startswith("2016")]
    quarters = tables[tables["period"].str.startswith("Q")]
    assert (len(months), len(quarters)) == (96, 32)
    assert 0.7 <= months["inside"].mean() <= 0.9
    assert 0.7 <= quarters["inside"].mean() <= 0.9
