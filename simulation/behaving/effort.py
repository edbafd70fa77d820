"""How reps answer a scheme: effort, chosen weekly, where 1 is normal.

A constant rep always gives 1, the null model. A forward-looking rep weighs what more effort is likely to
bring at the end of the quarter against what it costs. Per week, with m the seat's expected bookings at
effort 1:

- bookings drift by m (1 + eta (e - 1)), eta the elasticity;
- effort costs kappa (e - e0)^2 / 2, with kappa = eta m b / (1 - e0), so that effort is 1 under the reference
  commission b; e0 is the least effort, given without any incentive.

If the remaining bookings are nearly normal with mean M and variance S^2 = v tau (tau weeks left), the Bellman
equation becomes linear (Cole and Hopf's substitution) and the best effort is known in closed form for any pay
w of the quarter's bookings:

    e = clip(e0 + (eta m / kappa) F', least, most),   F(M) = ln E[exp(mu w(M + S Z))] / mu,
    mu = (eta m)^2 / (kappa v)

Pay is piecewise linear with jumps, so F' is a sum of normal probabilities: the expected marginal commission
plus what the jumps add. Bonuses come at the end of the period and are weighted with the patience for the
weeks until then; commission is earned at once. Bookings of deals already open are not foreseen one by one,
and a rep takes every booked unit as an even step towards the yearly bonus.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import log_ndtr, logsumexp

from scenarios.market import Effort
from simulation.paying.outlook import Outlook

Numbers = NDArray[np.float64]

GRID = np.linspace(0.0, 1.0, 161)
"""Where effort is tabulated, as shares of the largest tabulated bookings; linear in between."""


@dataclass(frozen=True)
class EffortTable:
    """Effort by seat, decision and bookings of the quarter so far.

    Parameters
    ----------
    effort
        [seats, decisions, points].
    largest
        Bookings of the last point, money, [seats, decisions].
    """

    effort: Numbers
    largest: Numbers

    def chosen(self, seat: int, decision: int, booked: float) -> float:
        """Look up the effort of a seat that has booked so much in the quarter of this decision."""
        row = self.effort[seat, decision]
        position = min(booked / self.largest[seat, decision], 1.0) * (len(row) - 1)
        left = min(int(position), len(row) - 2)
        share = position - left
        return float(row[left] * (1 - share) + row[left + 1] * share)


def constant(seats: int, decisions: int) -> EffortTable:
    """Make the table of reps who always give effort 1."""
    return EffortTable(np.ones((seats, decisions, 2)), np.ones((seats, decisions)))


def forward_looking(
    behavior: Effort,
    curve: Outlook,
    weekly_bookings: float,
    weekly_variance: float,
    weeks_left: Numbers,
    weeks_left_in_year: Numbers,
    booked: Numbers,
) -> Numbers:
    """Choose effort by the closed form of the module's description.

    Parameters
    ----------
    behavior
        How reps weigh effort and pay.
    curve
        Incentive of the quarter as a function of its bookings.
    weekly_bookings, weekly_variance
        Mean of the seat's bookings a week at effort 1, money > 0, and their variance, money squared > 0.
    weeks_left, weeks_left_in_year
        Weeks until the quarter's and the year's end, > 0.
    booked
        Bookings of the quarter so far, money; broadcast against the weeks.

    Returns
    -------
    Effort, of the broadcast shape.
    """
    gain = (1 - behavior.least) / behavior.reference_commission
    mu = max(behavior.elasticity * weekly_bookings * gain / weekly_variance, 1e-300)
    idle = 1 - behavior.elasticity * (1 - behavior.least)
    mean = booked + weekly_bookings * idle * weeks_left
    spread = np.sqrt(weekly_variance * weeks_left)
    by_commission, by_bonus = _marginal_pay(curve, mu, mean, spread)
    patience = behavior.weekly_patience
    worth = by_commission + by_bonus * patience**weeks_left + curve.yearly * patience**weeks_left_in_year
    effort: Numbers = np.clip(behavior.least + gain * worth, behavior.least, behavior.most)
    return effort


def _marginal_pay(curve: Outlook, mu: float, mean: Numbers, spread: Numbers) -> tuple[Numbers, Numbers]:
    """Split F' into expected marginal commission and what jumps add, both pay per unit of bookings."""
    mean, spread = (a[..., None] for a in np.broadcast_arrays(mean, spread))
    tilt = mu * (curve.slopes + curve.yearly) * spread
    lines = mu * (curve.levels() + (curve.slopes + curve.yearly) * mean)
    edges = (curve.kinks - mean) / spread
    logs = lines + tilt**2 / 2 + _log_probability_between(edges, tilt)
    whole = logsumexp(logs, axis=-1, keepdims=True)
    by_commission = (np.exp(logs - whole) * curve.slopes).sum(axis=-1)
    before = mu * (curve.levels()[:-1] + (curve.slopes[:-1] + curve.yearly) * curve.kinks)
    log_density = -(edges**2) / 2 - np.log(np.sqrt(2 * np.pi) * spread)
    added = -np.expm1(-mu * curve.jumps) / mu
    by_bonus = (added * np.exp(before + mu * curve.jumps + log_density - whole)).sum(axis=-1)
    return by_commission, by_bonus


def _log_probability_between(edges: Numbers, tilt: Numbers) -> Numbers:
    """Logarithm of P(edge k < Z + tilt k < edge k + 1), the outer edges being endless."""
    ends = np.full((*edges.shape[:-1], 1), np.inf)
    low = np.concatenate([-ends, edges], axis=-1) - tilt
    high = np.concatenate([edges, ends], axis=-1) - tilt
    flip = low > 0
    low, high = np.where(flip, -high, low), np.where(flip, -low, high)
    top = log_ndtr(high)
    with np.errstate(divide="ignore", invalid="ignore"):
        logs = top + np.log(-np.expm1(log_ndtr(low) - top))
    return np.where(np.isneginf(top), -np.inf, logs)
