"""What the past says about the plan year: company, lines and regions, by quarter, with intervals.

Monthly sales are freed from the season and continued by models that the past itself weighs: each forecasts
again what was then still to come. Importing this module imports statsmodels, which takes a while.
"""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd
from statsmodels.tsa.statespace.structural import UnobservedComponents

from scenarios import InputError, Problem, Scenario
from scenarios.estimates import MONTHS, seasonality

By = Literal["company", "line", "region"]
DRAWS = 2000
STEP = 3
"""Months from one origin of the backtest to the next, and of the sums it compares: quarters."""

LEAST_SHARE = 0.001
"""Of a month in the year, so that a month without sales can be divided by it."""

UNTESTED = "drifting level"
"""Model of a past too short for a backtest."""

MODELS = {"constant level": "dconstant", UNTESTED: "llevel", "steady growth": "lldtrend"}
"""Structural time series (A. Harvey, Forecasting, Structural Time Series Models and the Kalman Filter, 1989),
by their names in statsmodels: noise around a constant, around a random walk, around one with a drift."""


@dataclass(frozen=True, eq=False)
class Forecast:
    """Many ways the coming months may go.

    Parameters
    ----------
    months
        First days of the months, in order.
    paths
        Money, [draws, months].
    shares
        Share of the paths by model.
    error
        Mean absolute error of quarters in the backtest over their mean sales; not a number where the past is
        too short for one.
    spread
        By how much intervals were widened since errors were larger than the models believe; at least 1.
    """

    months: tuple[date, ...]
    paths: np.ndarray
    shares: dict[str, float]
    error: float
    spread: float

    @property
    def model(self) -> str:
        """The models with their shares, in words."""
        told = sorted(self.shares.items(), key=lambda pair: -pair[1])
        return ", ".join(f"{name} {share:.0%}" for name, share in told if share >= 0.005)

    def sums(self, first: int = 0, after: int | None = None) -> np.ndarray:
        """Give sales of months `first` up to, not including, `after`, money, [draws]."""
        added: np.ndarray = self.paths[:, first:after].sum(axis=1)
        return added

    @property
    def year(self) -> float:
        """Sales of all months that are as likely passed as missed, money."""
        return float(np.median(self.sums()))


def forecast(
    scenario: Scenario, by: Sequence[By] = ("company", "line", "region"), chance: float = 0.8, seed: int = 0
) -> pd.DataFrame:
    """Forecast the plan year and its quarters.

    Lines and regions are forecast each by its own past, then all multiplied by one factor so that they add up
    to the company for the year. Quarters are forecast each by itself and need not add up to the year, nor
    lines and regions to the company's quarters.

    Parameters
    ----------
    by
        What to forecast.
    chance
        That sales lie between low and high; half of the rest on either side.

    Returns
    -------
    Rows of by, name, period ("year", Q1 to Q4), last_year (sales a year before), forecast (as likely passed
    as missed), low, high (money), growth (forecast over last_year - 1), model, error (a share; see
    `Forecast`), say.

    Raises
    ------
    InputError
        If the history has less than twelve months.
    """
    start = scenario.year.start
    company = continued(_orders(scenario, "company")["company"], start, seed)
    rows = []
    for kind in by:
        orders = _orders(scenario, kind)
        found = {"company": company}
        if kind != "company":
            found = {n: continued(o, start, seed, scenario.history["date"]) for n, o in orders.items()}
        factor = company.year / max(sum(one.year for one in found.values()), 1e-300)
        for name, one in found.items():
            rows += _rows(scenario, kind, name, one, orders[name], factor, (1 - chance) / 2)
    columns = [
        "by",
        "name",
        "period",
        "last_year",
        "forecast",
        "low",
        "high",
        "growth",
        "model",
        "error",
        "say",
    ]
    return pd.DataFrame(rows, columns=columns)


def continued(orders: pd.DataFrame, start: date, seed: int = 0, dates: pd.Series | None = None) -> Forecast:
    """Continue sales to the end of the twelve months from `start`.

    Each model forecasts from several origins of the last year, three months apart, all later quarters
    (rolling origin: L. Tashman, International Journal of Forecasting 16, 2000). Its share of the paths is in
    proportion to 1 / its squared absolute error (J. Bates, C. Granger, Operational Research Quarterly 20,
    1969). Where errors of all together were larger than they believe, intervals are widened by as much.

    Parameters
    ----------
    orders
        Rows of date and amount.
    start
        First of a month; orders from then on are not looked at.
    seed
        Of the draws.
    dates
        Days of all orders of the company, which say when the past begins and ends; by default of these.

    Returns
    -------
    The twelve months from `start`.

    Raises
    ------
    InputError
        If there are less than twelve months.
    """
    past = _Past.of(orders, start, orders["date"] if dates is None else dates)
    if past.length < MONTHS:
        remedy = f"a forecast needs twelve months of orders before {start}; there are {past.length}"
        raise InputError([Problem("history.csv, date", "", remedy)])
    rng = np.random.default_rng(seed)
    shares, error, spread = _weighed(past, rng)
    gap = (start.year - past.end.year) * MONTHS + start.month - past.end.month
    series = {name: _series(past, name, gap + MONTHS, rng) for name, share in shares.items() if share > 0}
    paths = _money(past, _mixed(series, shares), spread)[:, gap:]
    months = tuple(_month(start, k) for k in range(MONTHS))
    return Forecast(months, paths, shares, error, spread)


def backtest(orders: pd.DataFrame, start: date, chance: float = 0.8, seed: int = 0) -> pd.DataFrame:
    """Forecast the last twelve months before `start` from what was known before them, and compare.

    Returns
    -------
    Rows of period (first day of a month, "Q1" to "Q4", "year"), actual, forecast, low, high (money), inside
    (whether actual sales lie between low and high).

    Raises
    ------
    InputError
        If there are less than 24 months.
    """
    known = continued(orders, _month(start, -MONTHS), seed)
    actual = _Past.of(orders, start, orders["date"]).sales[-MONTHS:]
    spans = {month.isoformat(): (k, k + 1) for k, month in enumerate(known.months)}
    spans |= {f"Q{q + 1}": (3 * q, 3 * q + 3) for q in range(4)} | {"year": (0, MONTHS)}
    rows = []
    for period, (first, after) in spans.items():
        draws, sold = known.sums(first, after), float(actual[first:after].sum())
        low, high = np.quantile(draws, [(1 - chance) / 2, (1 + chance) / 2])
        rows.append((period, sold, float(np.median(draws)), float(low), float(high), low <= sold <= high))
    return pd.DataFrame(rows, columns=["period", "actual", "forecast", "low", "high", "inside"])


@dataclass(frozen=True, eq=False)
class _Past:
    """Orders up to, not including, `end`, and their monthly sums [months]."""

    orders: pd.DataFrame
    end: date
    sales: np.ndarray

    @classmethod
    def of(cls, orders: pd.DataFrame, start: date, dates: pd.Series) -> "_Past":
        """Count from the first whole month to the last one with orders of the company."""
        known = dates[dates < pd.Timestamp(start)]
        if known.empty:
            return cls(orders.iloc[:0], start, np.zeros(0))
        first, last = known.min(), known.max()
        begin = _month(first.date(), 0 if first.day <= 7 else 1)
        end = _month(last.date(), 1)
        kept = orders[orders["date"].between(pd.Timestamp(begin), pd.Timestamp(end), inclusive="left")]
        number = (kept["date"].dt.year - begin.year) * MONTHS + kept["date"].dt.month - begin.month
        length = max((end.year - begin.year) * MONTHS + end.month - begin.month, 0)
        sales = np.bincount(number.to_numpy(), kept["amount"].to_numpy(), minlength=length)
        return cls(kept, end, sales)

    @property
    def length(self) -> int:
        return len(self.sales)

    @property
    def logs(self) -> bool:
        """Whether logarithms can be taken."""
        return bool((self.sales > 0).all())

    def before(self, months: int) -> "_Past":
        """Give the past as it stood some months earlier."""
        end = _month(self.end, -months)
        return _Past(self.orders[self.orders["date"] < pd.Timestamp(end)], end, self.sales[:-months])

    @cached_property
    def season(self) -> np.ndarray:
        """Sales of each month of a year over their mean, the first for `end`; from whole years only."""
        begin = pd.Timestamp(_month(self.end, -(self.length // MONTHS) * MONTHS))
        shares = seasonality(self.orders[self.orders["date"] >= begin], self.end)
        return np.maximum(np.array(shares), LEAST_SHARE) * MONTHS


def _series(past: _Past, name: str, ahead: int, rng: np.random.Generator) -> np.ndarray:
    """Continue sales freed from the season, [DRAWS, ahead].

    The season is a factor and sales are taken as logarithms where all are > 0; else it is added.

    Level and drift are drawn from what the Kalman filter knows of them at the end, then noise month by month.
    """
    season = past.season[np.arange(-past.length, 0) % MONTHS]
    series = np.log(past.sales / season) if past.logs else past.sales - (season - 1) * past.sales.mean()
    if np.ptp(series) == 0:
        return np.full((DRAWS, ahead), series[-1])
    size = series.std()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a fit that did not converge competes as it is
        fit = UnobservedComponents((series - series.mean()) / size, level=MODELS[name]).fit(disp=False)
    scatter = dict(zip(fit.model.param_names, np.sqrt(np.maximum(fit.params, 0.0)), strict=True))
    state = rng.multivariate_normal(fit.predicted_state[:, -1], fit.predicted_state_cov[:, :, -1], DRAWS)
    steps = scatter.get("sigma2.level", 0.0) * rng.standard_normal((DRAWS, ahead - 1))
    steps = np.cumsum(steps + (state[:, 1:2] if state.shape[1] > 1 else 0.0), axis=1)
    level = state[:, :1] + np.concatenate([np.zeros((DRAWS, 1)), steps], axis=1)
    noise = scatter["sigma2.irregular"] * rng.standard_normal((DRAWS, ahead))
    paths: np.ndarray = series.mean() + size * (level + noise)
    return paths


def _mixed(series: dict[str, np.ndarray], shares: dict[str, float]) -> np.ndarray:
    """Take from each model as many paths as it has a share."""
    ends = np.rint(np.cumsum([shares[name] for name in series]) * DRAWS).astype(int)
    parts = [
        paths[first:after] for paths, first, after in zip(series.values(), [0, *ends], ends, strict=False)
    ]
    return np.concatenate(parts)


def _money(past: _Past, series: np.ndarray, spread: float) -> np.ndarray:
    """Give continued series their season and unit, scatter around their middle widened; [DRAWS, ahead]."""
    middle = np.median(series, axis=0)
    wide = middle + spread * (series - middle)
    season = past.season[np.arange(series.shape[1]) % MONTHS]
    if past.logs:
        return np.asarray(np.exp(wide) * season)
    return np.maximum(wide + (season - 1) * past.sales.mean(), 0.0)


@dataclass(frozen=True, eq=False)
class _Trial:
    """A past as it stood some months ago, and what came in the quarters since, [quarters]."""

    past: _Past
    sold: np.ndarray

    def off(self, series: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Give errors of the quarters and of their sum, and the scatter believed; [quarters + 1] each."""
        draws = _money(self.past, series, 1.0).reshape(DRAWS, -1, STEP).sum(axis=2)
        draws = np.concatenate([draws, draws.sum(axis=1, keepdims=True)], axis=1)
        sold = np.append(self.sold, self.sold.sum())
        return sold - np.median(draws, axis=0), draws.std(axis=0)


def _weighed(past: _Past, rng: np.random.Generator) -> tuple[dict[str, float], float, float]:
    """Weigh models by their errors of the last year; also give the error of all and by how much to widen."""
    origins = range(STEP, min(MONTHS, past.length - MONTHS) + 1, STEP)
    if not origins:
        return {UNTESTED: 1.0}, float("nan"), 1.0
    trials = [_Trial(past.before(back), _quarters(past.sales[-back:])) for back in origins]
    size = max(float(np.concatenate([trial.sold for trial in trials]).mean()), 1e-300)
    tried = [
        {name: _series(t.past, name, back, rng) for name in MODELS}
        for t, back in zip(trials, origins, strict=True)
    ]
    worth = {}
    for name in MODELS:
        off = [t.off(series[name])[0][:-1] for t, series in zip(trials, tried, strict=True)]
        worth[name] = 1 / max(float(np.abs(np.concatenate(off)).mean()) / size, 1e-9) ** 2
    shares = {name: float(one / sum(worth.values())) for name, one in worth.items()}
    found = [t.off(_mixed(series, shares)) for t, series in zip(trials, tried, strict=True)]
    error = float(np.abs(np.concatenate([off[:-1] for off, _ in found])).mean())
    scores = np.concatenate([(off / np.where(s > 0, s, np.inf)) ** 2 for off, s in found])
    return shares, error / size, max(1.0, float(np.sqrt(scores.mean())))


def _quarters(sales: np.ndarray) -> np.ndarray:
    sums: np.ndarray = sales.reshape(-1, STEP).sum(axis=1)
    return sums


def _orders(scenario: Scenario, by: By) -> dict[str, pd.DataFrame]:
    """Give dates and amounts of orders by name: of the company, of each line, of each region."""
    history = scenario.history[["date", "amount"]]
    if by == "company":
        return {"company": history}
    if by == "region":
        region = scenario.history["customer"].map(scenario.customers["region"])
        return {str(name): rows for name, rows in history.groupby(region) if name}
    lines = scenario.order_lines
    table = pd.DataFrame(
        {
            "date": lines["order"].map(scenario.history["date"]),
            "amount": lines["amount"],
            "line": lines["product"].map(scenario.products["line"]),
        }
    )
    return {str(name): rows[["date", "amount"]] for name, rows in table.groupby("line")}


def _rows(
    scenario: Scenario, kind: By, name: str, found: Forecast, orders: pd.DataFrame, factor: float, tail: float
) -> list[tuple[object, ...]]:
    spans = {"year": (0, MONTHS)} | {q.name: (3 * k, 3 * k + 3) for k, q in enumerate(scenario.year.quarters)}
    rows: list[tuple[object, ...]] = []
    for period, (first, after) in spans.items():
        begin, end = (pd.Timestamp(scenario.year.month(k - MONTHS)) for k in (first, after))
        before = float(orders["amount"][orders["date"].between(begin, end, inclusive="left")].sum())
        draws = found.sums(first, after) * factor
        low, high = (float(q) for q in np.quantile(draws, [tail, 1 - tail]))
        expected = float(np.median(draws))
        growth = expected / before - 1 if before > 0 else float("nan")
        say = f"{expected:,.0f}, {low:,.0f} to {high:,.0f} with a chance of {1 - 2 * tail:.0%}"
        say += f"; a year before {before:,.0f}"
        rows.append((kind, name, period, before, expected, low, high, growth, found.model, found.error, say))
    return rows


def _month(day: date, ahead: int) -> date:
    """Give the first day of the month some months after that of a day."""
    months = day.year * MONTHS + day.month - 1 + ahead
    return date(months // MONTHS, months % MONTHS + 1, 1)
