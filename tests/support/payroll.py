"""People who are paid, and what they sold, without customers or orders."""

import numpy as np
import pandas as pd

from scenarios.scheme import Scheme
from simulation.paying.exact import Whole
from simulation.paying.outlook import Outlook, outlooks
from simulation.paying.pay import Pay, pay
from simulation.paying.people import People, only_reps
from simulation.paying.results import Account, Results

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
QUARTERS = ["Q1", "Q2", "Q3", "Q4"]


def people(scheme: Scheme, reps: dict[str, dict] | None = None, present: np.ndarray | None = None) -> People:
    """Ann has 60,000 base and 40,000 incentive on a quota of 4 x 250,000; others as given."""
    usual = {
        "base_pay": 60_000.0,
        "target_incentive": 40_000.0,
        "quota": [250_000.0] * 4,
        "team": "",
        "role": "rep",
    }
    table = pd.DataFrame(
        [{**usual, **row} for row in (reps or {"ann": {}}).values()], index=list(reps or {"ann": {}})
    )
    quota = pd.DataFrame(table["quota"].tolist(), index=table.index, columns=QUARTERS)
    there = np.tile(DAYS, (len(table), 1)) if present is None else np.asarray(present)
    return only_reps(scheme, table.drop(columns="quota"), quota, there, DAYS)


def in_first_months(quarters: object) -> Whole:
    """Money by quarter, [..., 4], as cents by month, [..., 12], each quarter's in its first month."""
    money = np.asarray(quarters, dtype="float64")
    monthly = np.zeros((*money.shape[:-1], 4, 3), np.int64)
    monthly[..., 0] = np.rint(money * 100)
    return monthly.reshape(*money.shape[:-1], 12)


def paid(scheme: Scheme, quarters: object, who: People | None = None, **others: object) -> Pay:
    """Pay for bookings by quarter, money, [..., people, 4], or [4] of Ann alone."""
    money = np.asarray(quarters, dtype="float64")
    accounts = {Account("bookings"): in_first_months(money[None] if money.ndim == 1 else money)}
    return pay(scheme, who or people(scheme), Results(accounts, **others))


def view(scheme: Scheme, quota: float, incentive: float) -> Outlook:
    """What a rep has in view of a quarter, by its quota and its incentive at quota, money."""
    one = {"quota": [quota] * 4, "target_incentive": 4 * incentive}
    even = only_reps(
        scheme,
        pd.DataFrame({"base_pay": [0.0], "target_incentive": [4 * incentive]}, index=["ann"]),
        pd.DataFrame([one["quota"]], index=["ann"], columns=QUARTERS),
        np.full((1, 12), 30),
        np.full(12, 30),
    )
    return outlooks(scheme, even)[0][0]
