"""A company as it comes: its figures, and that nothing of its future is read."""

import shutil
from pathlib import Path

import pandas as pd
import pytest

from scenarios import InputError
from scenarios.importing import import_adventureworks

EXTRACTS = Path(__file__).parents[4] / "shared" / "data" / "adventureworks"
FUTURE = {
    "stores.csv": ("rep_id", "n_orders", "orders_total_amount"),
    "reps.csv": ("quota", "bonus", "sales_ytd", "sales_last_year"),
    "territories.csv": ("sales_ytd", "sales_last_year"),
}

pytestmark = pytest.mark.skipif(not EXTRACTS.is_dir(), reason="the extracts are not beside the repository")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    to = tmp_path_factory.mktemp("companies") / "adventureworks"
    import_adventureworks(EXTRACTS, to)
    return to


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    return import_adventureworks(EXTRACTS, tmp_path_factory.mktemp("company") / "adventureworks")


@pytest.fixture(scope="module")
def heldout(folder):
    return pd.read_csv(folder / "heldout.csv", parse_dates=["date"])


def test_its_figures(company):
    assert len(company.customers) == 701
    assert company.customers["country"].nunique() == 6
    assert len(company.reps) == 17
    assert company.last_year_sales.sum() == pytest.approx(27_921_670.52, abs=0.005)
    assert (company.customers["owner"] != "").sum() == 428


def test_the_past_ends_where_the_plan_year_begins(company, heldout):
    assert company.year.start.isoformat() == "2019-07-01"
    assert company.history["date"].max() < pd.Timestamp(2019, 7, 1) <= heldout["date"].min()
    assert len(company.history) + len(heldout) == 3796


def test_the_owner_is_the_rep_of_the_last_order(company):
    last = company.history.sort_values("date", kind="stable").groupby("customer")["rep"].last()
    assert company.customers["owner"][last.index].equals(last.rename("owner"))
    never = company.customers.index.difference(last.index)
    assert (company.customers["owner"][never] == "").all()


def test_managers_sell_with_a_fifth_of_the_hours(company):
    hours = company.reps["hours_per_year"]
    assert hours[["274", "285", "287"]].tolist() == [360.0] * 3
    assert (hours.drop(["274", "285", "287"]) == 1800).all()


def test_reps_serve_their_own_country_and_those_they_sold_to(company):
    serves = company.reps["countries"]
    assert serves["286"] == "AU"
    assert serves["288"] == "DE"
    assert serves["282"] == "CA;GB"
    assert serves["274"] == "CA;US"
    assert serves["285"] == ""
    assert company.eligible.any(axis=1).all()
    owners = [(c, rep) for c, rep in company.customers["owner"].items() if rep]
    assert all(company.eligible.loc[customer, rep] for customer, rep in owners)


def test_reps_without_a_past_ramp_into_the_plan_year(company):
    novices = company.reps.index.difference(company.history["rep"])
    assert set(novices) == {"285", "286", "288"}
    starts = company.reps["start"][novices]
    ramp = pd.DateOffset(months=4)
    assert (starts + ramp > pd.Timestamp(2019, 7, 1)).all()
    assert (starts <= pd.Timestamp(2019, 7, 1)).all()


def test_nobody_lives_in_the_gulf_of_guinea(company):
    # 30 stores of the source lie at 0, 0.
    for table in (company.customers, company.reps):
        assert (table[["latitude", "longitude"]].abs().sum(axis=1) > 10).all()


def test_stores_without_a_past_have_a_potential(company):
    never = ~company.customers.index.isin(company.history["customer"])
    assert never.sum() == 701 - 428
    assert (company.customers["potential"] > 0).all()


def test_pay_comes_from_hourly_rate_and_commission(company):
    reps = company.reps
    assert reps.loc["275", "base_pay"] == pytest.approx(23.0769 * 2080, abs=0.5)
    # An even share of the target by hours: 1800 of 14 x 1800 + 3 x 360 hours, at 1.2 %.
    share = 27_921_670.5152 * 1.15 * 1800 / (14 * 1800 + 3 * 360)
    assert reps.loc["275", "target_incentive"] == pytest.approx(0.012 * share, abs=0.5)
    assert reps.loc["274", "target_incentive"] == 0


def test_columns_and_rows_of_the_future_are_not_read(company, tmp_path):
    poisoned = tmp_path / "poisoned"
    poisoned.mkdir()
    for name, columns in FUTURE.items():
        rows = pd.read_csv(EXTRACTS / name, dtype="str", keep_default_na=False)
        rows.assign(**dict.fromkeys(columns, "garbage")).to_csv(poisoned / name, index=False)
    orders = pd.read_csv(EXTRACTS / "orders.csv", dtype="str", keep_default_na=False)
    future = orders["month_index"].astype(int) >= 24
    orders.loc[future, "amount"] = "-1e12"
    orders.loc[future, "rep_id"] = "nobody"
    orders.loc[future, "store_id"] = "nowhere"
    orders.to_csv(poisoned / "orders.csv", index=False)
    # Quotas and monthly targets are not there at all.
    assert import_adventureworks(poisoned, tmp_path / "adventureworks") == company


def test_all_that_is_missing_is_told(tmp_path):
    broken = tmp_path / "broken"
    broken.mkdir()
    shutil.copy(EXTRACTS / "orders.csv", broken)
    stores = pd.read_csv(EXTRACTS / "stores.csv", dtype="str").drop(columns=["lat", "city"])
    stores.to_csv(broken / "stores.csv", index=False)
    with pytest.raises(InputError) as error:
        import_adventureworks(broken, tmp_path / "out")
    places = [(Path(p.place.partition(",")[0]).name, p.value) for p in error.value.problems]
    assert places == [
        ("reps.csv", ""),
        ("stores.csv", "city"),
        ("stores.csv", "lat"),
        ("territories.csv", ""),
    ]
