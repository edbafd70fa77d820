"""Seats that people quit and others fill again, in closed form: how likely filled, how productive on average.

A holder quits at a constant rate q, the seat is empty for v, a successor comes and ramps up, and so on: an
alternating renewal process (D. Cox, Renewal Theory, 1962). While filled it forgets its past, so with
exactly n quits until t the seat has been filled for t - n v, and

    P(filled at t) = sum over n of Poisson(n; q (t - n v))        for n with n v <= t.

The successor after n quits has been there for a with density q^n (t - n v - a)^(n-1) / (n-1)! times
e^(-q (t - n v)); against it productivity min(1, p + (1 - p) a / r) gives a sum of powers. Times in days,
rates a day.
"""

from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln

from optimizer.compiling.workload import DAYS_PER_MONTH, days_from
from scenarios import Scenario
from scenarios.market import Seniority, Turnover

DAYS_PER_YEAR = 365.25

FINE = 7.0
"""Days between the moments at which covariances over a period are summed up."""


@dataclass(frozen=True)
class Renewal:
    """A seat that is filled at time 0, quit and filled again.

    Parameters
    ----------
    rate
        Quits a day while it is filled.
    vacancy
        Days until it is filled again.
    ramp
        Days until a successor is fully productive; productivity rises in a line.
    first
        Productivity on the first day.
    again
        Whether it is filled again at all.
    """

    rate: float
    vacancy: float
    ramp: float
    first: float
    again: bool = True

    @staticmethod
    def of(turnover: Turnover, seniority: Seniority, *, again: bool = True) -> "Renewal":
        """Take the rates of a seat of some seniority from a scenario's beliefs."""
        return Renewal(
            turnover.yearly_quit_rate / DAYS_PER_YEAR,
            turnover.vacancy_days,
            turnover.ramp_of(seniority) * DAYS_PER_MONTH,
            turnover.starting_productivity,
            again,
        )

    def filled(self, t: np.ndarray) -> np.ndarray:
        """Give the probability that the seat is filled at times t; 0 before time 0."""
        total = self._stays(t)
        for n, left in self._after_quits(t):
            total = total + self._part(n, left, n)
        return total

    def productive(self, t: np.ndarray, holder: np.ndarray | float = 1.0) -> np.ndarray:
        """Give the expected productivity at times t, 0 while empty.

        Parameters
        ----------
        holder
            Productivity of whoever holds the seat at time 0, at times t.
        """
        total = self._stays(t) * holder
        for n, left in self._after_quits(t):
            lost = np.zeros_like(left)
            if self.ramp > 0:
                late = np.maximum(left - self.ramp, 0.0)
                lost = (
                    self._part(n, left, n)
                    - (self._part(n, left, n + 1) - self._part(n, late, n + 1, left)) / self.ramp
                )
            total = total + self._part(n, left, n) - (1 - self.first) * lost
        return total

    def newcomer(self, age: np.ndarray) -> np.ndarray:
        """Give the productivity of somebody who came so many days ago."""
        if self.ramp == 0:
            return np.ones_like(age)
        return np.clip(self.first + (1 - self.first) * age / self.ramp, 0.0, 1.0)

    def _stays(self, t: np.ndarray) -> np.ndarray:
        return np.where(t >= 0, np.exp(-self.rate * np.maximum(t, 0.0)), 0.0)

    def _after_quits(self, t: np.ndarray) -> list[tuple[int, np.ndarray]]:
        """List the numbers of quits that may have been, with the time filled until t (0: not possible)."""
        if not self.again or self.rate == 0:
            return []
        longest = float(np.max(t, initial=0.0))
        # With a vacancy, so many fit; beyond twelve deviations of a Poisson number there is nothing left.
        mean = self.rate * longest
        most = int(mean + 12 * np.sqrt(mean) + 12)
        if self.vacancy > 0:
            most = min(most, int(longest / self.vacancy))
        return [(n, np.maximum(t - n * self.vacancy, 0.0)) for n in range(1, most + 1)]

    def _part(self, n: int, x: np.ndarray, power: int, left: np.ndarray | None = None) -> np.ndarray:
        """Give q^n x^power / power! e^(-q left), 0 where x is 0."""
        left = x if left is None else left
        safe = np.where(x > 0, x, 1.0)
        log = n * np.log(self.rate) + power * np.log(safe) - gammaln(power + 1) - self.rate * left
        return np.where(x > 0, np.exp(log), 0.0)


@dataclass(frozen=True, eq=False)
class Seats:
    """What is to be expected of all seats on every day of the plan year.

    Parameters
    ----------
    filled
        Probability that a seat is filled, [seats, days].
    productive
        Expected productivity, 0 while empty, [seats, days].
    renewal
        The law of a seat once it is filled, by seat.
    """

    filled: np.ndarray
    productive: np.ndarray
    renewal: tuple[Renewal, ...]

    def variance(self, days: slice) -> np.ndarray:
        """Give the variance of the share of a period in which each seat is filled.

        For s < t the seat is filled at both with probability filled(s) x that of a fresh seat at t - s: while
        filled it forgets its past. Planned ends within the period are left aside.
        """
        moments = np.arange(days.start, days.stop)
        step = max(int(FINE), 1)
        moments = moments[step // 2 :: step] if len(moments) > 2 * step else moments
        apart = np.abs(moments[:, None] - moments[None, :]).astype(float)
        found = np.zeros(len(self.filled))
        for j, law in enumerate(self.renewal):
            here = self.filled[j, moments]
            if law.rate == 0:
                continue
            first = np.minimum.outer(np.arange(len(moments)), np.arange(len(moments)))
            both = here[first] * law.filled(apart)
            found[j] = max(float((both - np.outer(here, here)).mean()), 0.0)
        return found


def seats(scenario: Scenario) -> Seats:
    """Expect of every seat how likely it is filled, and how productive, on each day of the plan year.

    As the simulated year has it: whoever quits before a planned end has a successor without one; at a planned
    end the seat stays empty, or is filled again after the vacancy.
    """
    day = np.arange(scenario.year.days) + 0.5
    starts = days_from(scenario, scenario.reps["start"], -np.inf)
    ends = days_from(scenario, scenario.reps["end"], np.inf)
    filled, productive, laws = [], [], []
    rows = zip(starts, ends, scenario.reps["backfill"], scenario.reps["seniority"], strict=True)
    for start, end, backfill, seniority in rows:
        law = Renewal.of(scenario.market.turnover, seniority, again=bool(backfill))
        # Chance begins with the plan year, or when the seat's holder comes.
        since = max(start, 0.0)
        here = law.filled(day - since) * (end > 0)
        good = law.productive(day - since, law.newcomer(day - start)) * (end > 0)
        if np.isfinite(end):
            stays = np.exp(-law.rate * max(end - since, 0.0))
            again = end + law.vacancy
            # Those who would have stayed beyond the end leave; their successors come.
            here -= stays * law.filled(day - end) * (end > 0)
            good -= stays * law.productive(day - end, law.newcomer(day - start)) * (end > 0)
            if backfill:
                # Filled before the year began, and chance begins with it.
                here += stays * law.filled(day - max(again, 0.0))
                good += stays * law.productive(day - max(again, 0.0), law.newcomer(day - again))
        filled.append(here)
        productive.append(good)
        laws.append(law)
    return Seats(np.clip(filled, 0.0, 1.0), np.clip(productive, 0.0, 1.0), tuple(laws))
