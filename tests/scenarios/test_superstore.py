"""The library's main case: every figure it is announced with, and that 2017 stays out of it."""

import shutil
import sys

import pandas as pd
import pytest

import scenarios
from scenarios import Change
from scenarios.importing.superstore import TIERS
from scenarios.importing.tiers import promises
from scenarios.overlays import supported
from scenarios.potential import growth, potential, under_normal_service
from scenarios.reading import LIBRARY

FOLDER = LIBRARY / "superstore"
CHANGES = (
    "by_product_line",
    "by_segment",
    "capped_scheme",
    "furniture_specialists",
    "growth_30",
    "mixed",
    "two_reps_leave",
)


@pytest.fixture(scope="module")
def superstore():
    return scenarios.read("superstore")


@pytest.fixture(scope="module")
def heldout():
    return pd.read_csv(FOLDER / "heldout.csv", index_col="order", keep_default_na=False, parse_dates=["date"])


def test_the_past_is_2014_to_2016(superstore):
    assert len(superstore.history) == 3322
    assert superstore.history["date"].dt.year.unique().tolist() == [2014, 2015, 2016]
    assert superstore.last_year_sales.sum() == pytest.approx(60_920_559.80, abs=0.005)
    assert superstore.target_amount == 73_104_672


def test_customers_are_segments_in_cities(superstore):
    customers = superstore.customers
    assert len(customers) == 962
    assert set(customers["segment"]) == {"Consumer", "Corporate", "Home Office"}
    assert set(customers["region"]) == {"Central", "East", "South", "West"}
    assert customers.groupby(["site", "segment"]).size().max() == 1
    assert customers.loc["NY-new-york-city-CO", ["city", "segment"]].tolist() == [
        "New York City",
        "Corporate",
    ]
    assert set(superstore.history["customer"]) == set(customers.index)
    assert (customers["payment_days"] == 30).all()


def test_products_are_three_lines_with_17_kinds(superstore):
    assert superstore.lines == ("Furniture", "Office Supplies", "Technology")
    assert len(superstore.products) == 17


def test_lines_add_up_to_orders(superstore):
    sums = superstore.order_lines.groupby("order")["amount"].sum().round(2)
    assert sums.sort_index().equals(superstore.history["amount"].sort_index().rename_axis("order"))


def test_2017_is_held_out(superstore, heldout):
    assert len(heldout) == 1687
    assert heldout["date"].dt.year.unique().tolist() == [2017]
    assert [*heldout.columns, "paid"] == list(superstore.history.columns)
    assert len(superstore.history) + len(heldout) == 5009
    cities = {customer.rsplit("-", 1)[0] for customer in [*superstore.customers.index, *heldout["customer"]]}
    assert len(cities) == 604


def test_reading_never_opens_what_is_held_out():
    opened = []
    watching = [True]

    def note(event, arguments):
        if watching[0] and event == "open":
            opened.append(str(arguments[0]))

    sys.addaudithook(note)  # stays until the interpreter ends, so it is switched off below
    scenarios.read("superstore")
    watching[0] = False
    assert any(name.endswith("history.csv") for name in opened)
    assert not any("heldout" in name for name in opened)


def test_nothing_changes_with_what_is_held_out(superstore, tmp_path):
    copy = tmp_path / "superstore"
    shutil.copytree(FOLDER, copy)
    (copy / "heldout.csv").write_text("garbage")
    assert scenarios.read(copy).digest == superstore.digest


def test_potential_and_promises_follow_from_the_past_alone(superstore):
    customers = superstore.customers
    seen = potential(customers, superstore.history, superstore.year.start)
    skills = customers["owner"].map(superstore.reps["skills"]).str.split(";")
    lacking = sum(superstore.line_mix[line] * [line not in s for s in skills] for line in superstore.lines)
    again = under_normal_service(seen, superstore.market, lacking)
    assert customers["potential"].tolist() == again.round(0).tolist()
    promised = promises(customers["potential"], TIERS)
    assert customers[list(promised.columns)].equals(promised.astype(customers[list(promised.columns)].dtypes))
    assert superstore.market.growth == pytest.approx(
        growth(customers, superstore.history, superstore.year.start), abs=5e-5
    )


def test_customers_have_the_promised_service(superstore):
    service = superstore.customers.groupby("tier")[["visits_per_year", "hours_per_visit"]]
    assert service.nunique().max().max() == 1
    assert service.first().to_dict("index") == {
        "A": {"visits_per_year": 24, "hours_per_visit": 2},
        "B": {"visits_per_year": 12, "hours_per_visit": 1.5},
        "C": {"visits_per_year": 6, "hours_per_visit": 1},
    }
    least = superstore.customers.groupby("tier")["potential"].agg(["min", "max"])
    assert least.loc["A", "min"] > least.loc["B", "max"] > least.loc["B", "min"] > least.loc["C", "max"]


def test_the_forecast_is_near_the_trend_of_the_past(superstore):
    market = superstore.market
    seen = potential(superstore.customers, superstore.history, superstore.year.start)
    existing = seen.sum() * (1 + market.growth)
    new = market.new_customers_per_year * market.new_customer_value
    yearly = superstore.history["amount"].groupby(superstore.history["date"].dt.year).sum()
    two_years_growth = yearly[2016] / yearly[2014]
    assert existing + new == pytest.approx(yearly[2016] * two_years_growth**0.5, rel=0.05)


def test_a_dozen_reps_in_four_teams(superstore):
    reps = superstore.reps
    assert len(reps) == 13
    assert reps.groupby("team").size().to_dict() == {"Central": 3, "East": 3, "South": 3, "West": 4}
    assert (reps["hours_per_year"] == 1800).all()
    assert set(reps["seniority"]) == {"junior", "middle", "senior"}
    skills = reps["skills"].str.count(";") + 1
    assert skills.isin([2, 3]).all()
    mix = reps["base_pay"] / (reps["base_pay"] + reps["target_incentive"])
    assert mix.round(2).eq(0.6).all()


def test_one_rep_starts_in_mid_year_without_a_book(superstore):
    started = superstore.reps["start"].dropna()
    assert started.to_dict() == {"west-seattle": pd.Timestamp(2017, 7, 1)}
    assert "west-seattle" not in set(superstore.customers["owner"])


def test_todays_book_was_even_in_2014_and_is_not_now(superstore):
    customers, history = superstore.customers, superstore.history
    assert (customers["owner"] != "").all()
    assert customers["region"].equals(customers["owner"].map(superstore.reps["region"]).rename("region"))
    then = history[history["date"].dt.year == 2014]
    dealt = then["amount"].groupby(then["customer"].map(customers["owner"])).sum()
    share = dealt / dealt.groupby(superstore.reps["region"]).transform("mean")
    assert share.between(0.9, 1.1).all()
    now = customers.groupby("owner")["visits_per_year"].sum()
    assert now.max() > 3 * now.min()
    sales = superstore.last_year_sales.groupby(customers["owner"]).sum()
    assert sales.max() > 5 * sales.min()


@pytest.mark.parametrize("name", CHANGES)
def test_what_ifs_apply_and_tell_their_story(superstore, name):
    change = Change.read(FOLDER / "changes" / f"{name}.toml")
    changed = change.apply(superstore)
    assert change.title
    assert len(change.why) > 100
    assert changed.digest != superstore.digest
    assert changed.eligible.any(axis=1).all()


def test_the_folder_has_no_other_what_ifs():
    assert sorted(file.stem for file in (FOLDER / "changes").iterdir()) == list(CHANGES)


def test_growth_of_30_percent(superstore):
    assert Change.read(FOLDER / "changes" / "growth_30.toml").apply(superstore).target_amount == 79_196_728


def test_specialists_have_one_line_everywhere(superstore):
    by_line = Change.read(FOLDER / "changes" / "by_product_line.toml").apply(superstore)
    assert len(by_line.customers) == 3 * 962
    assert (by_line.reps["skills"].str.count(";") == 0).all()
    assert len(by_line.reps) == 17
    # Whoever masters a line serves it in all regions, and nobody else does.
    masters = by_line.customers["product_line"].map(by_line.reps.groupby("skills").size())
    assert by_line.eligible.sum(axis=1).tolist() == masters.tolist()


def test_segment_specialists_have_one_segment_everywhere(superstore):
    by_segment = Change.read(FOLDER / "changes" / "by_segment.toml").apply(superstore)
    serve = by_segment.customers["segment"].map(by_segment.reps.groupby("segments").size())
    assert by_segment.eligible.sum(axis=1).tolist() == serve.tolist()


def test_furniture_specialists_support_who_buys_furniture(superstore):
    change = Change.read(FOLDER / "changes" / "furniture_specialists.toml").apply(superstore)
    (team,) = change.overlays.teams
    furniture = superstore.customers["potential"] * superstore.line_mix["Furniture"]
    assert supported(change, team).tolist() == (furniture > 12_000).tolist()
    assert supported(change, team).sum() == 225
    lacks = ~superstore.reps["skills"].str.contains("Furniture")
    assert lacks.sum() == 5


def test_a_mixed_organization_splits_key_customers_only(superstore):
    mixed = Change.read(FOLDER / "changes" / "mixed.toml").apply(superstore)
    parts = mixed.customers["part_of"] != ""
    assert (superstore.customers["tier"] == "A").sum() == 37
    assert parts.sum() == 3 * 37
    assert (~parts).sum() == 962 - 37
    assert mixed.target_amount == superstore.target_amount
    key = mixed.reps["team"] == "Key customers"
    assert key.sum() == 6
    assert not mixed.eligible.loc[~parts, key].any(axis=None)
    assert (mixed.eligible.loc[parts, key].sum(axis=1) == 2).all()  # one in the East, one in the West
    assert not mixed.eligible.loc[parts, ~key].any(axis=None)


def test_two_reps_leave_and_are_replaced(superstore):
    left = Change.read(FOLDER / "changes" / "two_reps_leave.toml").apply(superstore).reps
    leaving = left[left["end"].notna()]
    assert len(leaving) == 2
    assert leaving["end"].dt.quarter.tolist() == [2, 2]
    assert leaving["backfill"].all()
