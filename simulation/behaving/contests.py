"""How hard people try in a contest whose prizes go by rank: the symmetric equilibrium, computed.

Each of n rivals chooses an effort e at the cost kappa (e - e0)^2 / 2 and sells k e plus noise, alike and
independent for all; the best seller has the first prize A_1, the next the second, and so on. P_j is the
chance of rank j of one who sells a little more than the others at theirs. Where all weigh alike, in
equilibrium

    kappa (e - e0) = k sum_j u(A_j) dP_j/d(k e)        at e the same for all.

With noise of density f and distribution F (here normal with deviation s),

    dP_j/d(k e) = C(n - 1, j - 1) * integral of d/dF [(1 - F)^(j - 1) F^(n - j)] f^2,

an integral over the line of what is smooth and fades fast, so the trapezoidal rule is as good as exact.
Winner takes all: (n - 1) times the integral of F^(n - 2) f^2; two rivals: e = e0 + k A / (2 kappa s sqrt pi).

Sources: E. Lazear, S. Rosen, Journal of Political Economy 89 (1981); A. Kalra, M. Shi, *Designing optimal
sales contests*, Marketing Science 20 (2001).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln, log_ndtr

Numbers = NDArray[np.float64]

Utility = Callable[[Numbers], Numbers]
"""What prizes are worth to people, in the unit of the cost of effort; rising."""

LINE = np.linspace(-10.0, 10.0, 1001)
"""Noise in standard deviations, where the integrals are summed up; fine enough for a thousand rivals."""

WEIGHT = np.exp(-(LINE**2) / 2) / np.sqrt(2 * np.pi) * (LINE[1] - LINE[0])
"""Chance of each of these."""

EFFORTS = 201
"""Own efforts that are tried against the others' when an equilibrium is checked."""


@dataclass(frozen=True)
class Rivals:
    """Who competes.

    Parameters
    ----------
    people
        How many, >= 2; all alike.
    effect
        Sales that a unit of effort brings in the contest's time, money, > 0.
    noise
        Standard deviation of a person's sales in that time, money, > 0.
    cost
        Cost kappa of effort, in units of utility: kappa (effort - least)^2 / 2, > 0.
    least
        Effort without any contest.
    """

    people: int
    effect: float
    noise: float
    cost: float
    least: float = 0.0


@dataclass(frozen=True)
class Equilibrium:
    """What all do who cannot do better if the others do the same.

    Parameters
    ----------
    effort
        The same for all.
    payoff
        Expected utility of prizes less the cost of effort.
    regret
        What the best other effort would add to the payoff while the others stay; 0 in an equilibrium. It is
        more where the prize outweighs the noise: then giving up is better, and nobody's effort is settled.
    """

    effort: float
    payoff: float
    regret: float


def as_it_is(prizes: Numbers) -> Numbers:
    """Value prizes as a person does who is not afraid of risk."""
    return prizes


def compete(rivals: Rivals, prizes: Sequence[float], utility: Utility = as_it_is) -> Equilibrium:
    """Find the effort of all in the symmetric equilibrium, and whether it is one.

    Parameters
    ----------
    prizes
        Money by rank, the best first; ranks beyond them have none. At most one for each rival.
    utility
        What prizes are worth, "no prize" among them.

    Raises
    ------
    ValueError
        If there are fewer than two rivals, or more prizes than rivals.
    """
    if rivals.people < 2 or len(prizes) > rivals.people:
        raise ValueError(f"{len(prizes)} prizes for {rivals.people} rivals: at least two, and one prize each")
    won = np.zeros(rivals.people)
    won[: len(prizes)] = prizes
    worth = np.asarray(utility(won), dtype="float64")
    gain = float(worth @ marginal_chances(rivals.people)) / rivals.noise
    effort = rivals.least + rivals.effect * gain / rivals.cost
    tried = np.linspace(rivals.least, 2 * effort - rivals.least, EFFORTS)
    ahead = rivals.effect * (tried - effort) / rivals.noise
    payoffs = chances(rivals.people, ahead) @ worth - rivals.cost * (tried - rivals.least) ** 2 / 2
    payoff = float(worth.mean() - rivals.cost * (effort - rivals.least) ** 2 / 2)
    return Equilibrium(float(effort), payoff, max(float(payoffs.max()) - payoff, 0.0))


def marginal_chances(people: int) -> Numbers:
    """Give dP_j / dx by rank j for a rival x standard deviations ahead of like others, at x = 0, [people]."""
    log_f, log_rest = log_ndtr(LINE), log_ndtr(-LINE)
    density = np.exp(-(LINE**2) / 2) / np.sqrt(2 * np.pi)
    others, better = people - 1, np.arange(people)[:, None]
    # The derivative of C(m, b) F^(m - b) (1 - F)^b is m times the difference of two neighboring shares.
    fewer = _share(others - 1, better, log_f, log_rest) - _share(others - 1, better - 1, log_f, log_rest)
    found: Numbers = others * (fewer @ (density * WEIGHT))
    return found


def chances(people: int, ahead: Numbers) -> Numbers:
    """Give the chance of each rank for a rival who is ahead of like others, [efforts, people].

    Parameters
    ----------
    ahead
        By how much, in standard deviations of one person's sales, [efforts].
    """
    at = LINE + np.asarray(ahead)[:, None]
    log_f, log_rest = log_ndtr(at), log_ndtr(-at)
    ranks = [_share(people - 1, np.array(better), log_f, log_rest) @ WEIGHT for better in range(people)]
    found: Numbers = np.stack(ranks, axis=-1)
    return found


def _share(others: int, better: NDArray[np.int64], log_f: Numbers, log_rest: Numbers) -> Numbers:
    """Chance that just so many of the others are better, each with chance 1 - F; 0 where that cannot be."""
    possible = (better >= 0) & (better <= others)
    b = np.where(possible, better, 0)
    ways = gammaln(others + 1) - gammaln(b + 1) - gammaln(others - b + 1)
    found: Numbers = np.where(possible, np.exp(ways + (others - b) * log_f + b * log_rest), 0.0)
    return found
