"""Somebody whose pay is judged: a typical person with round numbers, or one of a scenario's."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

import numpy as np
import pandas as pd

from scenarios import Scenario
from scenarios.pay_elements import MONTHS, AnyElement, Commission, Contest, TeamBonus
from scenarios.pay_measures import MONEY
from scenarios.scheme import Scheme
from simulation.paying.exact import Whole
from simulation.paying.payroll import payroll
from simulation.paying.people import People, only_reps
from simulation.paying.results import Account, accounts_of, gauges
from simulation.paying.together import teams_of

QUOTA, INCENTIVE = 1_000_000.0, 40_000.0
"""Quota and target incentive of a typical person, money a year."""

DAYS = np.array([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
QUARTERS = ["Q1", "Q2", "Q3", "Q4"]


@dataclass(frozen=True, eq=False)
class Subject:
    """Somebody whose pay is judged; everybody else sells what is asked.

    Parameters
    ----------
    scheme
        Without contests: those pay by rank.
    people, person
        Everybody whose results matter, and the position of whom is judged.
    before
        Accounts of the twelve months before.
    year, starts
        As in `Payroll`; no year: any.
    margin
        Contribution margin, a share of sales, where it is known.
    is_typical
        Whether the numbers are made up.
    has_incentive
        Whether the target incentive means something to the scheme.
    """

    scheme: Scheme
    people: People
    person: int
    before: Mapping[Account, Whole]
    year: date | None = None
    starts: tuple[date | None, ...] = ()
    margin: float | None = None
    is_typical: bool = False
    has_incentive: bool = True

    @property
    def name(self) -> str:
        """Key of the person."""
        return self.people.names[self.person]

    @property
    def role(self) -> str:
        """What the person is."""
        return self.people.roles[self.person]

    @property
    def elements(self) -> dict[str, AnyElement]:
        """What pays the person, contests apart."""
        return self.scheme.for_role(self.role)

    @property
    def incentive(self) -> int:
        """Target incentive for the time the person is planned to be there, cents."""
        return self.people.incentive_planned(self.person)

    @cached_property
    def sellers(self) -> Sequence[int]:
        """Whose sales are moved: the person's own or, without a quota, those of whom it is paid for."""
        people, person = self.people, self.person
        if people.quota[person].sum() > 0:
            return [person]
        read = {g.of for e in self.elements.values() for g in gauges(e)}
        for of in ("own", "team", "company"):
            counted = (people.counts[of][person] > 0) & (people.quota.sum(axis=1) > 0)
            if of in read and counted.any():
                return [int(p) for p in np.flatnonzero(counted)]
        return []

    @property
    def quota(self) -> Whole:
        """What is asked of the sellers together, cents by month."""
        whole: Whole = self.people.quota[list(self.sellers)].sum(axis=0)
        return whole


def typical(scheme: Scheme, role: str, quota: float | None = None, incentive: float | None = None) -> Subject:
    """Make a typical person of a role: alone in its team and company, at work all the year.

    Parameters
    ----------
    quota
        Money a year; by default what the scheme's own amounts suggest, else `QUOTA`.
    incentive
        Target incentive, money a year; by default `INCENTIVE`.
    """
    year = quota or _suggested(scheme, role) or QUOTA
    table = pd.DataFrame(
        {"base_pay": 0.0, "target_incentive": incentive or INCENTIVE, "team": "team", "role": role},
        index=[role],
    )
    asked = pd.DataFrame([[year / 4] * 4], index=[role], columns=QUARTERS)
    plain = _without_contests(scheme).model_copy(update={"differentials": ()})
    people = only_reps(plain, table, asked, DAYS[None, :], DAYS)
    fifth = {"new_customer_bookings": 5, "new_customers": 10_000_00}
    before = {a: people.quota // fifth.get(a.measure, 1) for a in accounts_of(plain)}
    known = (
        incentive is not None
        or role in scheme.pay
        or any(getattr(e, "weight", None) for e in scheme.for_role(role).values())
    )
    return Subject(plain, people, 0, before, is_typical=True, has_incentive=known)


def everybody(
    scenario: Scenario, scheme: Scheme, quota: pd.DataFrame
) -> tuple[list[Subject], tuple[str, ...]]:
    """Make a subject of everybody a scheme pays in a scenario, but for those for whom nobody sells; and name
    the reps who are paid for own sales and have no quota.

    Parameters
    ----------
    quota
        Money, reps x quarters.
    """
    roll = payroll(replace(scenario, scheme=_without_contests(scheme)), quota)
    found, unasked = [], []
    for person, role in enumerate(roll.people.roles):
        if role not in roll.scheme.roles:
            continue
        if _is_asked_for_nothing(roll.scheme, roll.people, person):
            unasked.append(roll.people.names[person])
            continue
        kept = _who_matters(roll.scheme, roll.people, person)
        subject = Subject(
            roll.scheme,
            _only(roll.people, kept),
            kept.index(person),
            {account: table[kept] for account, table in roll.before.items()},
            roll.year,
            tuple(roll.starts[p] for p in kept),
            scenario.market.contribution_margin,
        )
        if subject.sellers and subject.quota.sum() > 0:
            found.append(subject)
    return found, tuple(unasked)


def _is_asked_for_nothing(scheme: Scheme, people: People, person: int) -> bool:
    """Say whether somebody is paid for own sales and has no quota yet, as who starts late and has no
    customers; for what pays such a person nothing can be found.
    """
    if person >= people.reps or people.quota[person].any():
        return False
    elements = scheme.for_role(people.roles[person]).values()
    return any(gauge.of == "own" and gauge.adds_up for e in elements for gauge in gauges(e))


def _without_contests(scheme: Scheme) -> Scheme:
    kept = {name: e for name, e in scheme.elements.items() if not isinstance(e, Contest)}
    return scheme.model_copy(update={"elements": kept})


def _suggested(scheme: Scheme, role: str) -> float | None:
    """Give a year's quota that fits a scheme's own goals and amounts of money, if it has some."""
    for element in scheme.for_role(role).values():
        for gauge in gauges(element):
            periods = 12 / MONTHS[getattr(element, "period", "year")]
            if gauge.measure in MONEY and isinstance(gauge.held_against, float | int):
                return float(gauge.held_against * periods)
            if isinstance(element, Commission) and element.tiers_in == "amount" and element.tiers[-1].at > 0:
                return float(element.tiers[-1].at * periods)
    return None


def _who_matters(scheme: Scheme, people: People, person: int) -> list[int]:
    """List who decides what a person is paid: itself, whose sales count for it, and who shares with it."""
    matters = np.zeros(len(people), bool)
    matters[person] = True
    for element in scheme.for_role(people.roles[person]).values():
        for gauge in gauges(element):
            matters |= people.counts[gauge.of][person] > 0
        if isinstance(element, TeamBonus):
            for team in teams_of(people, people.earning(element.roles), whole=element.of == "company"):
                if person in team.members:
                    matters[[*team.members, team.one]] = True
        if getattr(element, "of", "own") == "company":
            matters[:] = True
    return [int(p) for p in np.flatnonzero(matters)]


def _only(people: People, kept: list[int]) -> People:
    return replace(
        people,
        names=tuple(people.names[p] for p in kept),
        roles=tuple(people.roles[p] for p in kept),
        teams=tuple(people.teams[p] for p in kept),
        reps=sum(p < people.reps for p in kept),
        base=tuple(people.base[p] for p in kept),
        incentive=tuple(people.incentive[p] for p in kept),
        present=people.present[kept],
        counts={of: table[np.ix_(kept, kept)] for of, table in people.counts.items()},
        quota=people.quota[kept],
        times={name: factor[kept] for name, factor in people.times.items()},
    )
