"""The law of what each rep may sell in the plan year: fitted to the past, or a sample of simulated years.

Both say the chance of reaching an amount, the amount that is reached with a chance, and the law of sums of
reps. Sales answer no quota here: how hard reps work for one is for the simulated year to say.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd
from scipy import special

from optimizer.compiling.costs import expected_new_sales, expected_sales
from optimizer.quotas.drivers import served
from optimizer.score import known_owner
from scenarios import Scenario
from scenarios.estimates import years_back

ODDS = 700.0
"""Largest logarithm of odds looked at; beyond it a chance is 0 or 1 for any purpose."""


class Law(ABC):
    """What each of some sellers, reps or groups of them, may sell in the plan year, money.

    `names` are theirs; arrays are in that order.
    """

    names: tuple[str, ...]

    @property
    @abstractmethod
    def mean(self) -> np.ndarray:
        """Expected sales, money, [sellers]."""

    @property
    @abstractmethod
    def deviation(self) -> np.ndarray:
        """Standard deviation of sales, money, [sellers]."""

    @abstractmethod
    def chance(self, amounts: np.ndarray) -> np.ndarray:
        """Give the chance that each seller sells an amount or more, [sellers]; 1 where nothing is asked."""

    @abstractmethod
    def at_odds(self, odds: float | np.ndarray) -> np.ndarray:
        """Give the amount that each seller reaches with these odds, money, [sellers]; falls as they rise.

        Parameters
        ----------
        odds
            Logarithm of chance / (1 - chance), which is exact also where a chance is almost 1.
        """

    @abstractmethod
    def sums(self, groups: np.ndarray, names: Sequence[str]) -> "Law":
        """Give the law of sums of sellers.

        Parameters
        ----------
        groups
            True where a seller belongs to a group, [groups, sellers].
        names
            Of the groups.
        """

    def reached(self, chance: float | np.ndarray) -> np.ndarray:
        """Give the amount that each seller reaches with this chance, money, [sellers]; falls as it rises."""
        return self.at_odds(special.logit(chance))

    def quantile(self, probability: float | np.ndarray) -> np.ndarray:
        """Give the amount that each seller stays below with this probability, money, [sellers]."""
        return self.at_odds(-special.logit(probability))

    @property
    def company(self) -> "Law":
        """The law of all sellers together; its arrays have one entry."""
        return self.sums(np.ones((1, len(self.names)), dtype=bool), ["company"])

    def chance_of_total(self, amount: float) -> float:
        """Give the chance that all together sell an amount or more."""
        return float(self.company.chance(np.array([amount]))[0])


@dataclass(frozen=True, eq=False)
class Lognormal(Law):
    """A market level common to all times what each would sell on a usual market, both lognormal.

    S = M X with E[M] = 1. Given M, sellers are independent. The sum of a group is M times the sum of its X,
    taken as the lognormal law with the same mean and variance (L. Fenton, IRE Transactions on Communications
    Systems 8, 1960), so that grouping in steps or at once is the same. Where a rep has few orders a year, it
    is rough: there is no chance of selling nothing at all.

    Parameters
    ----------
    names
        Of the sellers.
    expected
        E[X], money, >= 0, [sellers]. One who expects 0 sells 0.
    variance
        Var[X], money squared, [sellers].
    noise
        Standard deviation of ln M.
    """

    names: tuple[str, ...]
    expected: np.ndarray
    variance: np.ndarray
    noise: float

    @property
    def mean(self) -> np.ndarray:
        """Expected sales, money, [sellers]."""
        return self.expected

    @property
    def deviation(self) -> np.ndarray:
        """Standard deviation of sales, money, [sellers]."""
        spread: np.ndarray = self.expected * np.sqrt(np.expm1(self._log_variance))
        return spread

    @cached_property
    def _log_variance(self) -> np.ndarray:
        size = np.where(self.expected > 0, self.expected, 1.0)
        own: np.ndarray = np.log1p(np.where(self.expected > 0, self.variance, 0.0) / size**2)
        return own + self.noise**2

    def chance(self, amounts: np.ndarray) -> np.ndarray:
        """Give the chance that each seller sells an amount or more, [sellers]; 1 where nothing is asked."""
        able = (self.expected > 0) & (amounts > 0)
        size, asked = np.where(able, self.expected, 1.0), np.where(able, amounts, 1.0)
        sigma = np.sqrt(self._log_variance)
        away = np.log(size / asked) - sigma**2 / 2
        certain = np.where(away >= 0, np.inf, -np.inf)
        score = np.divide(away, sigma, out=certain, where=sigma > 0)
        return np.where(able, special.ndtr(score), np.where(amounts > 0, 0.0, 1.0))

    def at_odds(self, odds: float | np.ndarray) -> np.ndarray:
        """Give the amount that each seller reaches with these odds; see `Law.at_odds`."""
        sigma, odds = np.sqrt(self._log_variance), np.asarray(odds, dtype="float64")
        score = np.sign(odds) * special.ndtri(special.expit(-np.abs(odds)))
        with np.errstate(invalid="ignore", over="ignore"):
            factor = np.exp(np.where(sigma > 0, score * sigma, 0.0) - sigma**2 / 2)
        return np.where(self.expected > 0, np.where(self.expected > 0, self.expected, 1.0) * factor, 0.0)

    def sums(self, groups: np.ndarray, names: Sequence[str]) -> "Lognormal":
        """Give the law of sums of sellers; see `Law.sums`."""
        counted = np.asarray(groups, dtype="float64")
        return Lognormal(tuple(names), counted @ self.expected, counted @ self.variance, self.noise)


@dataclass(frozen=True, eq=False)
class Sample(Law):
    """What sellers sold in many years, such as simulated ones; each is as likely as any other.

    Between years the law is a line through their plotting positions (k - 1/2) / n (A. Hazen, Transactions of
    the American Society of Civil Engineers 77, 1914), and no year is above the best or below the worst.

    Parameters
    ----------
    names
        Of the sellers.
    sales
        Money a year, [years, sellers].
    house
        What the company sold that is nobody's, money a year, [years]; counts for the company only.
    """

    names: tuple[str, ...]
    sales: np.ndarray
    house: np.ndarray | None = None

    @property
    def company(self) -> "Sample":
        """The law of all sellers together, and the house; its arrays have one entry."""
        own = self.sales.sum(axis=1, keepdims=True)
        return Sample(("company",), own if self.house is None else own + self.house[:, None])

    @property
    def mean(self) -> np.ndarray:
        """Expected sales, money, [sellers]."""
        mean: np.ndarray = self.sales.mean(axis=0)
        return mean

    @property
    def deviation(self) -> np.ndarray:
        """Standard deviation of sales, money, [sellers]."""
        spread: np.ndarray = self.sales.std(axis=0, ddof=1)
        return spread

    @cached_property
    def _ordered(self) -> np.ndarray:
        return np.sort(self.sales, axis=0)

    @cached_property
    def _positions(self) -> np.ndarray:
        years = len(self.sales)
        return (np.arange(years) + 0.5) / years

    def chance(self, amounts: np.ndarray) -> np.ndarray:
        """Give the chance that each seller sells an amount or more, [sellers]; 1 where nothing is asked."""
        found = [self._chance_of(k, float(a)) for k, a in enumerate(np.asarray(amounts))]
        return np.where(np.asarray(amounts) > 0, np.array(found), 1.0)

    def _chance_of(self, seller: int, amount: float) -> float:
        years = self._ordered[:, seller]
        below = int(np.searchsorted(years, amount, side="left"))
        if below == 0:
            return 1.0
        if below == len(years):
            return 0.0
        way = (amount - years[below - 1]) / (years[below] - years[below - 1])
        return 1.0 - float((below - 0.5 + way) / len(years))

    def at_odds(self, odds: float | np.ndarray) -> np.ndarray:
        """Give the amount that each seller reaches with these odds; see `Law.at_odds`."""
        below = np.broadcast_to(special.expit(-np.asarray(odds, dtype="float64")), len(self.names))
        columns = self._ordered.T
        return np.array([np.interp(p, self._positions, c) for p, c in zip(below, columns, strict=True)])

    def sums(self, groups: np.ndarray, names: Sequence[str]) -> "Sample":
        """Give the law of sums of sellers; see `Law.sums`."""
        return Sample(tuple(names), self.sales @ np.asarray(groups, dtype="float64").T)


def fitted(scenario: Scenario, owner: pd.Series) -> Lognormal:
    """Fit the law of each rep's sales to the past and to what is believed of the market.

    The mean is what is expected of the rep's customers and their new neighbors, for the time the seat is
    filled and with ramp. Orders of a customer and line come as a Poisson process, amounts with mean a and
    coefficient of variation c: a compound Poisson sum of mean m has the variance m a (1 + c^2) (W. Feller, An
    Introduction to Probability Theory and Its Applications 1, 1968, chapter XII). On top come `own_noise` of
    each rep, and the market level common to all (`market.demand_noise`).

    Parameters
    ----------
    owner
        Rep by customer; "" for none.

    Returns
    -------
    Money a year, by rep in the scenario's order.

    Raises
    ------
    InputError
        If an owner is no rep of the scenario.
    """
    owner = known_owner(scenario, owner)
    yearly = expected_sales(scenario) + expected_new_sales(scenario)
    mean = served(scenario, owner, yearly).to_numpy()
    orders = served(scenario, owner, yearly * money_per_order(scenario)).to_numpy()
    variance = orders + (own_noise(scenario, owner) * mean) ** 2
    return Lognormal(tuple(scenario.reps.index), mean, variance, scenario.market.demand_noise)


def money_per_order(scenario: Scenario) -> pd.Series:
    """Give the variance of each customer's sales over their mean, money: its mean a (1 + c^2)."""
    market = scenario.market
    each = pd.Series({line: market.order_values[line] for line in scenario.lines})
    return (scenario.line_mix @ each) * (1 + market.order_value_cv**2)


def own_noise(scenario: Scenario, owner: pd.Series) -> float:
    """Estimate by how much a book's yearly sales scatter beyond its orders, as a share of its sales.

    Sales of book i in the past year t are compared with its share of all years p times the year's total T, so
    that what is common to all is left out. By chance of orders alone the square of the difference is on
    average v p T (1 - p) (1 - T / all T), v the money per order; what is above it, over all books and years,
    is the noise (method of moments, as R. DerSimonian, N. Laird, Controlled Clinical Trials 7, 1986).

    Returns
    -------
    Standard deviation, a share; 0 where the past has less than two full years or fewer than two books.
    """
    history = scenario.history
    book = history["customer"].map(owner)
    back = years_back(history["date"], scenario.year.start)
    full = range(1, _full_years(scenario) + 1)
    kept = (book != "") & back.isin(full)
    past = pd.DataFrame({"book": book, "year": back, "sales": history["amount"].clip(lower=0.0)})[kept]
    sales = past.pivot_table(index="book", columns="year", values="sales", aggfunc="sum", fill_value=0.0)
    if sales.shape[0] < 2 or sales.shape[1] < 2 or not sales.to_numpy().sum() > 0:
        return 0.0
    table = sales.to_numpy()
    by_book, by_year = table.sum(axis=1) / table.sum(), table.sum(axis=0) / table.sum()
    expected = np.outer(by_book, table.sum(axis=0))
    freedom = np.outer(1 - by_book, 1 - by_year)
    weight = (expected_sales(scenario) * money_per_order(scenario)).groupby(owner).sum()
    ratio = (weight / expected_sales(scenario).groupby(owner).sum()).fillna(0.0)[sales.index].to_numpy()
    chance = expected * ratio[:, None] * freedom
    beyond = float(((table - expected) ** 2 - chance).sum())
    return float(np.sqrt(max(beyond, 0.0) / float((expected**2 * freedom).sum())))


def _full_years(scenario: Scenario) -> int:
    first = scenario.history["date"].min()
    if pd.isna(first):
        return 0
    months = (scenario.year.start.year - first.year) * 12 + scenario.year.start.month - first.month
    return max(int(months) // 12, 0)
