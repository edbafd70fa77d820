"""Extracts of AdventureWorks, Microsoft's sample company, into a scenario: a company as it comes.

The extracts know three years. Two are the past, the third is held out: its orders go to `heldout.csv`, and
columns that were filled in at its end (a store's present rep and totals, a rep's quota, bonus and sales,
sales of territories) are not read, nor are quotas and monthly targets.
"""

import tomllib
from pathlib import Path
from string import Template

import numpy as np
import pandas as pd

from scenarios.distance import great_circle_km
from scenarios.estimates import order_value_cv, order_values, rounded, seasonality
from scenarios.importing.extracts import dates, numbers, read_extracts
from scenarios.importing.tiers import Tier, promises
from scenarios.market import Market
from scenarios.potential import Likeness, growth, potential, under_normal_service
from scenarios.products import Product
from scenarios.reading import read
from scenarios.scenario import Scenario
from scenarios.table import Table

WANTED = {
    "orders.csv": ("order_id", "order_date", "month_index", "store_id", "rep_id", "amount"),
    "reps.csv": ("rep_id", "name", "job_title", "hire_date", "territory_id", "commission_pct", "hourly_rate"),
    "stores.csv": (
        "store_id",
        "name",
        "territory_id",
        "city",
        "state_code",
        "state",
        "country",
        "postal",
        "lat",
        "lon",
        "business_type",
        "specialty",
    ),
    "territories.csv": ("territory_id", "name", "country", "group"),
}
PLAN_YEAR = pd.Timestamp(2019, 7, 1)
PAST_MONTHS = range(24)
HELD_OUT_MONTHS = range(24, 36)
CALENDAR_SHIFT = pd.DateOffset(years=6, months=1, days=1)
"""Hire dates are in an older calendar, in which the first quarter begins on 2011-05-31, not 2017-07-01."""

HOURS_PER_YEAR = 1800
MANAGERS_SHARE = 5
"""Managers sell with the fifth part of the hours."""

PAID_HOURS = 52 * 40
GROWTH_ASKED = 0.15
TIERS = (Tier("A", 120_000, 12, 2.0), Tier("B", 40_000, 6, 1.5), Tier("C", 0, 6, 1.0))
ALIKE = Likeness(orders_by=("country", "segment"), amounts_by=("country", "segment"), years=1)
"""Stores order every quarter but come and go, so only the last year counts."""

HERE = Path(__file__).parent


def import_adventureworks(folder: str | Path, out: str | Path) -> Scenario:
    """Make a scenario of the company's extracts.

    Today's book is the rep of each store's last order; stores that never ordered have no owner. The extracts
    do not say where reps live: a home is put in the middle of a rep's past sales, or of the rep's country.

    Parameters
    ----------
    folder
        With orders.csv, reps.csv, stores.csv and territories.csv.
    out
        Folder to write.

    Returns
    -------
    The scenario as read back from the folder.

    Raises
    ------
    InputError
        With all problems: missing files or columns, cells that are not numbers.
    """
    raw = read_extracts(folder, WANTED)
    orders = numbers(raw["orders.csv"], ["month_index"], "orders.csv")
    history = _orders(orders[orders["month_index"].isin(PAST_MONTHS)])
    heldout = _orders(orders[orders["month_index"].isin(HELD_OUT_MONTHS)])
    territories = raw["territories.csv"].set_index("territory_id")
    customers = _stores(raw["stores.csv"], territories, history)
    last_year = float(history.loc[history["date"] >= PLAN_YEAR - pd.DateOffset(years=1), "amount"].sum())
    reps = _reps(raw["reps.csv"], territories, customers, history, last_year * (1 + GROWTH_ASKED))
    words = _words(customers, reps, history, last_year)
    settings = Template((HERE / "adventureworks.toml").read_text(encoding="utf-8")).substitute(words)
    market = Market.model_validate(tomllib.loads(settings)["market"])
    customers["potential"] = under_normal_service(customers["potential"], market).round(0)
    customers = customers.join(promises(customers["potential"], TIERS))
    to = Path(out)
    to.mkdir(parents=True, exist_ok=True)
    for name, frame in {"customers": customers, "reps": reps, "history": history, "heldout": heldout}.items():
        frame.to_csv(to / f"{name}.csv", date_format="%Y-%m-%d", lineterminator="\n")
    (to / "scenario.toml").write_text(settings, encoding="utf-8", newline="\n")
    return read(to)


def _orders(rows: pd.DataFrame) -> pd.DataFrame:
    """Make orders of rows; nothing but these rows is turned into numbers and dates."""
    made = dates(numbers(rows, ["amount"], "orders.csv"), ["order_date"], "orders.csv")
    orders = pd.DataFrame(
        {
            "order": made["order_id"],
            "date": made["order_date"],
            "customer": made["store_id"],
            "rep": made["rep_id"],
            "amount": made["amount"],
        }
    )
    return orders.sort_values(["date", "order"]).set_index("order")


def _stores(stores: pd.DataFrame, territories: pd.DataFrame, history: pd.DataFrame) -> pd.DataFrame:
    rows = numbers(stores, ["lat", "lon"], "stores.csv")
    made = pd.DataFrame(
        {
            "customer": rows["store_id"],
            "name": rows["name"],
            "segment": rows["business_type"],
            "industry": rows["specialty"],
            "region": rows["territory_id"].map(territories["name"]),
            "country": rows["country"],
            "state": rows["state"],
            "city": rows["city"],
            "postal": rows["postal"],
            "latitude": rows["lat"],
            "longitude": rows["lon"],
            "site": rows["city"] + ", " + rows["state_code"] + ", " + rows["country"],
        }
    ).set_index("customer")
    made[["latitude", "longitude"]] = _places_filled_in(made).round(4)
    made["potential"] = potential(made, history, PLAN_YEAR, ALIKE)
    last = history.groupby("customer").tail(1).set_index("customer")["rep"]
    made["owner"] = last.reindex(made.index, fill_value="")
    first = history.groupby(["customer", "rep"])["date"].min()
    pairs = pd.MultiIndex.from_arrays([made.index, made["owner"]])
    made["owner_since"] = first.reindex(pairs).to_numpy()
    return made


def _places_filled_in(stores: pd.DataFrame) -> pd.DataFrame:
    """Put stores without coordinates (0, 0 in the source) amid the others of their city or country."""
    places = stores[["latitude", "longitude"]].where(stores[["latitude", "longitude"]].abs().sum(axis=1) > 0)
    in_city = places.groupby([stores["country"], stores["city"]]).transform("mean")
    in_country = places.groupby(stores["country"]).transform("mean")
    return places.fillna(in_city).fillna(in_country)


def _reps(
    reps: pd.DataFrame,
    territories: pd.DataFrame,
    customers: pd.DataFrame,
    history: pd.DataFrame,
    target: float,
) -> pd.DataFrame:
    rows = dates(numbers(reps, ["commission_pct", "hourly_rate"], "reps.csv"), ["hire_date"], "reps.csv")
    rows = rows.set_index("rep_id").rename_axis("rep")
    sold = history.assign(country=history["customer"].map(customers["country"]))
    own = rows["territory_id"].map(territories["country"])
    manages = rows["job_title"].str.contains("Manager")
    hours = np.where(manages, HOURS_PER_YEAR / MANAGERS_SHARE, HOURS_PER_YEAR)
    hired = rows["hire_date"] + CALENDAR_SHIFT
    countries = {
        rep: sorted({*sold["country"][sold["rep"] == rep], *own[[rep]].dropna()}) for rep in rows.index
    }
    groups = territories.drop_duplicates("country").set_index("country")["group"]
    home = [_home(r, rows["job_title"][r], countries[r], groups, customers, sold) for r in rows.index]
    at = customers.loc[home]
    made = pd.DataFrame(
        {
            "name": rows["name"].str.rstrip("0123456789").str.title(),
            "team": groups[at["country"]].to_numpy(),
            "countries": [";".join(countries[rep]) for rep in rows.index],
            "seniority": _seniority(rows.index, sold),
            "home": at["city"].to_numpy(),
            "latitude": at["latitude"].to_numpy(),
            "longitude": at["longitude"].to_numpy(),
            "hours_per_year": hours.astype("int64"),
            "start": hired.where(hired > history["date"].min()),
            "base_pay": (rows["hourly_rate"] * PAID_HOURS).round(0),
        },
        index=rows.index,
    )
    made["target_incentive"] = (rows["commission_pct"] * target * hours / hours.sum()).round(0)
    return made


def _seniority(reps: pd.Index, sold: pd.DataFrame) -> list[str]:
    """Call reps who sold in the first month senior, others with a past middle, those without one junior."""
    first = sold.groupby("rep")["date"].min().reindex(reps)
    early = sold["date"].min() + pd.DateOffset(months=2)
    return ["junior" if pd.isna(d) else "senior" if d < early else "middle" for d in first]


def _home(
    rep: str,
    title: str,
    countries: list[str],
    groups: pd.Series,
    customers: pd.DataFrame,
    sold: pd.DataFrame,
) -> str:
    """Give the store in the middle of those sold to, weighted by sales, or else of the rep's countries."""
    weight = sold[sold["rep"] == rep].groupby("customer")["amount"].sum()
    if weight.empty:
        own_group = [c for c, group in groups.items() if str(group) in title]
        near = customers[customers["country"].isin(countries or own_group or groups.index)]
        weight = pd.Series(1.0, index=near.index)
    near = customers.loc[weight.index]
    way = great_circle_km(near["latitude"], near["longitude"], near["latitude"], near["longitude"])
    return str(near.index[int((way @ weight.to_numpy()).argmin())])


def _words(
    customers: pd.DataFrame, reps: pd.DataFrame, history: pd.DataFrame, last_year: float
) -> dict[str, str]:
    """Give the figures that the template of scenario.toml asks for."""
    grown = round(growth(customers, history, PLAN_YEAR, ALIKE), 4)
    no_lines = history.reset_index()[["order", "amount"]].assign(product="").head(0)
    no_products = Table("products", Product, "product", required=False).empty()
    months = rounded(seasonality(history, PLAN_YEAR), 4)
    expected = float(customers["potential"].sum()) * (1 + grown)
    return {
        "last": f"{last_year:,.2f}",
        "expected_growth": f"{(expected / last_year - 1) * 100:.1f}",
        "growth_asked": f"{GROWTH_ASKED}",
        "growth": f"{grown:.4f}",
        "seasonality": ", ".join(f"{m:.4f}" for m in months),
        "cv": f"{order_value_cv(history, no_lines, no_products, PLAN_YEAR):.2f}",
        "order_value": f"{order_values(history, no_lines, no_products, PLAN_YEAR)['']:.0f}.0",
        "reference_commission": f"{reps['target_incentive'].sum() / (last_year * (1 + GROWTH_ASKED)):.4f}",
    }
