"""What a customer may buy a year, from the past: its own sales drawn towards a model of customers like it.

Few customers order often enough for their own average to be believed, so it is mixed with a multiplicative
model: how often customers with such attributes order, times what an order of such customers is worth.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from scenarios.estimates import years_back
from scenarios.market import Market

CREDIBILITIES = (1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
"""Numbers of orders tried for the point at which own past and model count the same."""

UNTOLD_CREDIBILITY = 10.0
"""The middle one; taken where the past is too short to try them."""


@dataclass(frozen=True)
class Likeness:
    """What makes customers alike, and how much of the past counts.

    Parameters
    ----------
    orders_by
        Columns of the customers that say how often they order.
    amounts_by
        Columns that say what an order is worth. Fewer, since amounts scatter more than counts.
    years
        Years before the plan year that count; 0 means all. Few where customers come and go, many where orders
        are rare.
    """

    orders_by: Sequence[str] = ("site", "segment")
    amounts_by: Sequence[str] = ("segment",)
    years: int = 0


def potential(
    customers: pd.DataFrame,
    history: pd.DataFrame,
    before: date,
    likeness: Likeness | None = None,
    credibility: float | None = None,
) -> pd.Series:
    """Estimate the expected sales a year of each customer, at the level of the past.

    1. A customer is in the table because it ordered, so small counts are too large on average. Each count n
       is lessened by d = n1 / (n1 + 2 n2), where n1 and n2 customers ordered once and twice (absolute
       discounting, H. Ney, U. Essen and R. Kneser 1994, for word counts), and sales in proportion. What is
       taken away belongs to customers not seen yet.
    2. Model: orders = product of one effect per attribute, amount of an order likewise, each fitted so that
       the totals of every attribute's every value are met (iterative proportional fitting; the maximum
       likelihood of a Poisson model).
    3. potential = w own + (1 - w) model with w = n / (n + k), k = `credibility`, all scaled to the discounted
       sales a year.
    4. A customer without a past in these years gets the model's value, scaled to what customers without a
       past brought the last time: sales of the last year per customer that had none before, less the growth
       that is applied to all.

    Parameters
    ----------
    customers
        Customers with the columns that `likeness` names; the index are their keys.
    history
        Orders with date, customer and amount.
    before
        First day of the plan year; later orders are not looked at.
    likeness
        What makes customers alike; by default site and segment.
    credibility
        Orders at which own past and model count the same; by default estimated.

    Returns
    -------
    Money a year by customer. Expected sales of the plan year are this times 1 + `growth`.
    """
    like = likeness or Likeness()
    k = credibility_orders(customers, history, before, like) if credibility is None else credibility
    past = _Past(customers, history, before, like)
    made = past.shrunk(k)
    if not past.known.all():
        level = past.level_of_the_untried(k)
        fresh = made[~past.known]
        made[~past.known] = fresh if level is None else fresh / fresh.mean() * level
    return pd.Series(made, index=customers.index, name="potential")


def under_normal_service(seen: pd.Series, market: Market, lacking: pd.Series | float = 0.0) -> pd.Series:
    """Give what customers would buy of seats that are always filled, by reps with all skills.

    The past was sold with usual vacancies and ramps and with the skills of its reps, and a simulated year has
    its own. So what they cost is added: seen / (1 - turnover) / (1 - skill_gap x lacking), with turnover =
    quits a year x (years vacant x (1 - unattended share) + years of ramp x (1 - starting productivity) / 2).

    Parameters
    ----------
    seen
        Expected sales as of the past, money a year by customer.
    market
        With turnover and skill gap as usual in the past.
    lacking
        Share of each customer's purchases in lines its owner had no skill for.
    """
    people = market.turnover
    vacant = people.vacancy_days / 365 * (1 - market.unattended_share)
    ramping = people.ramp_months / 12 * (1 - people.starting_productivity) / 2
    lost = people.yearly_quit_rate * (vacant + ramping)
    return seen / (1 - lost) / (1 - market.skill_gap * lacking)


def growth(
    customers: pd.DataFrame,
    history: pd.DataFrame,
    before: date,
    likeness: Likeness | None = None,
    credibility: float | None = None,
) -> float:
    """Estimate how sales of known customers depart from their potential in the year after it was estimated.

    The same estimate is made one year earlier, and what its customers then bought is compared with it: a
    backtest inside the past. It includes growth of the market and customers that stop.

    Returns
    -------
    Share, e.g. .05; 0 where the past is shorter than two years.
    """
    like = likeness or Likeness()
    k = credibility_orders(customers, history, before, like) if credibility is None else credibility
    earlier, bought = _a_year_earlier(customers, history, before, like)
    if earlier is None:
        return 0.0
    return float(bought[earlier.known].sum() / earlier.shrunk(k)[earlier.known].sum()) - 1


def credibility_orders(
    customers: pd.DataFrame, history: pd.DataFrame, before: date, likeness: Likeness | None = None
) -> float:
    """Find the number of orders at which a customer's own past and the model count the same.

    Potentials estimated one year earlier are compared with what was bought in the last year; of
    `CREDIBILITIES` the one with the least Poisson deviance, sum f ln(f / m) over customers with sales f and
    potentials m scaled to the same sum.
    """
    like = likeness or Likeness()
    earlier, bought = _a_year_earlier(customers, history, before, like)
    if earlier is None:
        return UNTOLD_CREDIBILITY
    sales = bought[earlier.known]
    some = sales > 0

    def deviance(k: float) -> float:
        made = earlier.shrunk(k)[earlier.known]
        made = made / made.sum() * sales.sum()
        return float((sales[some] * np.log(sales[some] / made[some])).sum())

    return min(CREDIBILITIES, key=deviance) if some.any() else UNTOLD_CREDIBILITY


class _Past:
    """Counts and sales of the years that count, and the model fitted to them."""

    def __init__(
        self, customers: pd.DataFrame, history: pd.DataFrame, before: date, likeness: Likeness
    ) -> None:
        self.customers, self.history, self.before, self.likeness = customers, history, before, likeness
        past = history[(history["date"] < pd.Timestamp(before)) & history["customer"].isin(customers.index)]
        back = years_back(past["date"], before)
        self.years = likeness.years or (int(back.max()) if len(back) else 1)
        past = past[back <= self.years]
        by_customer = past.groupby("customer")["amount"]
        orders = by_customer.size().reindex(customers.index, fill_value=0).to_numpy(dtype="float64")
        sales = by_customer.sum().reindex(customers.index, fill_value=0.0).clip(lower=0.0).to_numpy()
        self.orders, self.known = orders, orders > 0
        self.counted = np.where(self.known, orders - _discount(orders), 0.0)
        self.own = sales * self.counted / np.where(self.known, orders, 1.0)

    def shrunk(self, credibility: float) -> np.ndarray:
        """Give yearly sales drawn towards the model; of the untried, the model's value."""
        model = self._model()
        if not self.known.any():
            return model
        weight = self.orders / (self.orders + credibility)
        made = weight * self.own + (1 - weight) * model
        made[self.known] *= self.own.sum() / max(made[self.known].sum(), 1e-300)
        return made / self.years

    def level_of_the_untried(self, credibility: float) -> float | None:
        """Give the mean yearly sales that customers without a past brought the last time, before growth."""
        earlier, bought = _a_year_earlier(self.customers, self.history, self.before, self.likeness)
        if earlier is None or earlier.known.all():
            return None
        grown = bought[earlier.known].sum() / earlier.shrunk(credibility)[earlier.known].sum()
        return float(bought[~earlier.known].mean() / grown)

    def _model(self) -> np.ndarray:
        known, like = self.known, self.likeness
        orders = _fitted(self.counted, known.astype("float64"), self.customers, like.orders_by, known)
        amount = _fitted(self.own, self.counted, self.customers, like.amounts_by, known)
        model = orders * amount
        model *= self.own.sum() / max(model[known].sum(), 1e-300)
        return model


def _discount(orders: np.ndarray) -> float:
    once, twice = int((orders == 1).sum()), int((orders == 2).sum())
    return once / (once + 2 * twice) if twice else 0.0


def _fitted(
    total: np.ndarray,
    exposure: np.ndarray,
    customers: pd.DataFrame,
    attributes: Sequence[str],
    known: np.ndarray,
) -> np.ndarray:
    """Fit rate = base x effects so that sum(exposure x rate) = sum(total) for every value of every attribute.

    Values of an attribute that no known customer has get its mean effect.
    """
    base = total.sum() / max(exposure.sum(), 1e-300)
    effects = {a: np.ones(customers[a].nunique()) for a in attributes}
    codes = {a: pd.factorize(customers[a])[0] for a in attributes}

    def rates() -> np.ndarray:
        made = np.full(len(customers), base)
        for a in attributes:
            made *= effects[a][codes[a]]
        return made

    for _ in range(100):
        moved = 0.0
        for a in attributes:
            size = len(effects[a])
            seen = np.bincount(codes[a][known], minlength=size) > 0
            asked = np.bincount(codes[a], total, size)
            given = np.bincount(codes[a], exposure * rates(), size)
            step = np.where(seen & (given > 0), asked / np.where(given > 0, given, 1.0), 1.0)
            effects[a] *= step
            moved = max(moved, float(np.abs(step - 1).max()))
        if moved < 1e-10:
            break
    for a in attributes:
        seen = np.bincount(codes[a][known], minlength=len(effects[a])) > 0
        mean = np.average(effects[a][codes[a][known]], weights=exposure[known]) if known.any() else 1.0
        effects[a] = np.where(seen, effects[a], mean)
    return rates()


def _a_year_earlier(
    customers: pd.DataFrame, history: pd.DataFrame, before: date, likeness: Likeness
) -> tuple["_Past | None", np.ndarray]:
    """Give the past as it stood one year earlier (None if there was none) and the sales of the year since."""
    last = history[history["date"] < pd.Timestamp(before)]
    last = last[years_back(last["date"], before) == 1]
    bought = last.groupby("customer")["amount"].sum().reindex(customers.index, fill_value=0.0).to_numpy()
    past = _Past(customers, history, date(before.year - 1, before.month, 1), likeness)
    return (past if past.known.any() else None), bought
