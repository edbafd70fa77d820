"""What schemes mean for the people they pay: whom one leaves unpaid, who wins, who loses."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from evenfield.comparison import CONFIDENCE, UNDECIDED
from scenarios import Scenario
from scenarios.pay_checks import people
from simulation import Outcome

Numbers = NDArray[np.float64]

WINS, LOSES, UNPAID, NEWLY = "wins", "loses", "left unpaid", "newly paid"
"""What a scheme means for somebody; the last two where only one of two schemes pays their role."""

COLUMNS = ("scheme", "rep", "role", "reference", "other", "difference", "standard_error", "verdict")


def unpaid(scenarios: Mapping[str, Scenario]) -> dict[str, dict[str, tuple[str, ...]]]:
    """List whom a scheme pays nothing beside base pay though another of the schemes does.

    Parameters
    ----------
    scenarios
        The same but for their schemes, by name of the scheme.

    Returns
    -------
    Names of the people by scheme and role; only where there are any.
    """
    held = people(next(iter(scenarios.values())))["role"]
    somebody = {role for one in scenarios.values() for role in one.scheme.roles}
    found: dict[str, dict[str, tuple[str, ...]]] = {}
    for name, one in scenarios.items():
        roles = [role for role in dict.fromkeys(held) if role in somebody - set(one.scheme.roles)]
        if roles:
            found[name] = {role: tuple(map(str, held.index[held == role])) for role in roles}
    return found


def not_counted(scenarios: Mapping[str, Scenario]) -> tuple[str, ...]:
    """List whose pay is compared with nobody's: those whom some of the schemes pay and others do not."""
    every = [name for roles in unpaid(scenarios).values() for some in roles.values() for name in some]
    return tuple(dict.fromkeys(every))


def everybodys_pay(outcome: Outcome) -> Numbers:
    """Give total pay with base of reps and of all others, money, [years, people], as the payroll has them."""
    assert outcome.rows is not None
    return np.concatenate([outcome.rows.pay, outcome.rows.others_pay], axis=1)


def pay_of(outcome: Outcome, names: Sequence[str]) -> Numbers:
    """Add up the pay of some people, money, [years]."""
    chosen = np.isin(outcome.held.roll.people.names, list(names))
    total: Numbers = everybodys_pay(outcome)[:, chosen].sum(axis=1)
    return total


def winners_and_losers(
    scenarios: Mapping[str, Scenario], outcomes: Mapping[str, Outcome], reference: str
) -> pd.DataFrame:
    """Say what each scheme means for the pay of everybody, reps and staff, in pairs of years.

    Parameters
    ----------
    scenarios, outcomes
        By name of the scheme.
    reference
        Name of the one the others are compared with.

    Returns
    -------
    scheme, rep (any person), role, reference, other, difference (mean pay a year, money), standard_error and
    verdict: "wins", "loses" (at 99 %), "not distinguishable yet", and "left unpaid" or "newly paid" where
    only one of both schemes pays the role.
    """
    lacking = unpaid(scenarios)
    base, before = outcomes[reference], lacking.get(reference, {})
    roll = base.held.roll.people
    parts = []
    for name, outcome in outcomes.items():
        if name == reference or outcome.rows is None:
            continue
        after = lacking.get(name, {})
        pairs = everybodys_pay(outcome) - everybodys_pay(base)
        difference = pairs.mean(axis=0)
        error = pairs.std(axis=0, ddof=1) / math.sqrt(len(pairs))
        reach = stats.t.ppf((1 + CONFIDENCE) / 2, len(pairs) - 1) * error
        sure = np.abs(difference) > np.maximum(reach, 0.005)
        verdict = np.where(sure, np.where(difference > 0, WINS, LOSES), UNDECIDED).astype(object)
        verdict[np.isin(roll.roles, [role for role in after if role not in before])] = UNPAID
        verdict[np.isin(roll.roles, [role for role in before if role not in after])] = NEWLY
        means = (everybodys_pay(one).mean(axis=0) for one in (base, outcome))
        parts.append(
            pd.DataFrame(
                zip(roll.names, roll.roles, *means, difference, error, verdict, strict=True),
                columns=list(COLUMNS[1:]),
            ).assign(scheme=name)[list(COLUMNS)]
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=list(COLUMNS))
