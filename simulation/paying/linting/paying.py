"""What a subject earns for results one can set: sales by month, and everything else at par.

At par is what pays in full: goals just reached, gates just open. All money moves together: what is sold is
invoiced and collected in the same month, and is of all product lines that anything is paid for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from scenarios.pay_curves import Edge
from scenarios.pay_elements import MONTHS, Element, Gate, Multiplier, Penalty, TeamBonus
from scenarios.pay_measures import LAST_YEAR, MONEY, QUOTA, Gauge, finest
from scenarios.scheme import Scheme
from simulation.paying.elements import earned
from simulation.paying.exact import MILLION, Whole, fraction, half_up
from simulation.paying.linting.few import Few, few_of
from simulation.paying.linting.subject import Subject
from simulation.paying.pay import settled
from simulation.paying.people import spread
from simulation.paying.results import Account, Results, accounts_of, gauges, shares_of

SALES = ("bookings", "invoices", "collections")
TERMS = ("penalties", "limit", "guarantees", "draws")
NEW_SHARE = 5
"""One fifth of what is asked is from new customers, where the scheme does not say."""


@dataclass(frozen=True, eq=False)
class Payer:
    """Pays a subject for anything.

    Parameters
    ----------
    subject
        Whom.
    """

    subject: Subject

    @cached_property
    def par(self) -> dict[str, int]:
        """Shares, scores and counts at par: whole millionths, or whole numbers a year."""
        found: dict[str, int] = {}
        for element in self.subject.elements.values():
            for gauge in gauges(element):
                if gauge.measure in MONEY:
                    continue
                value = _at_par(gauge, getattr(element, "period", "year"))
                less = gauge.measure == "cost"
                known = found.get(gauge.measure)
                found[gauge.measure] = value if known is None else (min if less else max)(known, value)
        return found

    def results(
        self,
        sales: Whole,
        shares: Mapping[str, Whole] | None = None,
        new: Whole | None = None,
        spiffs: Mapping[str, Whole] | None = None,
        extra: Mapping[Account, Whole] | None = None,
    ) -> Results:
        """Make results.

        Parameters
        ----------
        sales
            Of everybody, cents, [points, people, 12].
        shares
            Shares and scores of everybody, millionths, and new customers of the year, [points]; others at
            par.
        new
            What of the sales is from new customers, cents; a fifth of what is asked where not given.
        spiffs
            As in `Results`, [points, people, 12].
        extra
            What counts besides, by account.
        """
        people, scheme = self.subject.people, self.subject.scheme
        shape = sales.shape
        values = {m: np.full(shape[0], v, np.int64) for m, v in self.par.items()} | dict(shares or {})
        fifth = np.broadcast_to(people.quota // NEW_SHARE, shape) if new is None else new
        accounts = {}
        for account in accounts_of(scheme):
            if account.measure in SALES:
                found = sales
            elif account.measure in MONEY:
                found = fifth
            else:
                found = self._spread_new(values.get(account.measure, np.zeros(shape[0], np.int64)))
            accounts[account] = found + (extra or {}).get(account, 0)
        weights = np.ones(shape, np.int64)
        known = {
            m: (
                np.broadcast_to(values.get(m, np.full(shape[0], MILLION))[:, None, None], shape).copy(),
                weights,
            )
            for m in shares_of(scheme)
        }
        none = np.zeros(shape, np.int64)
        paid = {name: none for name, e in scheme.elements.items() if e.kind == "spiff"} | dict(spiffs or {})
        return Results(accounts, known, paid, self.subject.before)

    def _spread_new(self, count: Whole) -> Whole:
        """Divide new customers of the year over months; they are the first seller's."""
        subject = self.subject
        found = np.zeros((len(count), len(subject.people), 12), np.int64)
        found[:, subject.sellers[0], :] = spread(count, np.ones(12, np.int64))
        return found

    def earned(self, results: Results, scheme: Scheme | None = None) -> dict[str, Whole]:
        """Say what the subject earns in the year, cents by element and term, [points].

        Advances that are not earned at the end of the year do not count.
        """
        subject, few, paid_by = self.subject, self.few, scheme or self.subject.scheme
        some, every = few.added(results), {}
        for name, element in paid_by.elements.items():
            if isinstance(element, TeamBonus):
                whole = earned(name, element, subject.people, results)[..., subject.person, :]
                every[name] = np.zeros((*whole.shape[:-1], len(few.people), whole.shape[-1]), np.int64)
                every[name][..., 0, :] = whole
            else:
                every[name] = earned(name, element, few.people, some)
        made = settled(paid_by, few.people, some, every, subject.year, few.starts)
        found = {name: paid[..., 0, :].sum(axis=-1) for name, paid in made.elements.items()}
        for term in TERMS:
            found[term] = getattr(made, term)[..., 0, :].sum(axis=-1)
        found["draws"] = found["draws"] - made.owed[..., 0]
        return found

    @cached_property
    def few(self) -> Few:
        """The subject, and everybody else put together."""
        return few_of(self.subject)

    def total(self, results: Results, scheme: Scheme | None = None) -> Whole:
        """Say what the subject earns in the year, cents, [points]."""
        return sum(self.earned(results, scheme).values(), start=np.zeros((), np.int64))

    def even(self, levels: object, months: slice = slice(0, 12)) -> Whole:
        """Give sales of everybody: of the sellers in some months a multiple of what is asked, else 100 %.

        Parameters
        ----------
        levels
            Attainment, [points].
        """
        asked = int(self.subject.quota[months].sum())
        totals = [half_up(fraction(float(level)) * asked) for level in np.asarray(levels, float)]
        return self.sold(np.array(totals, np.int64), months)

    def sold(self, totals: Whole, months: slice) -> Whole:
        """Give sales of everybody where the sellers sell about so much in some months, cents, [points].

        Everybody's shortest period of pay gets its part of the total rounded down, so that with more sales
        nobody has less.
        """
        people, sellers = self.subject.people, list(self.subject.sellers)
        found = np.broadcast_to(people.quota, (len(totals), *people.quota.shape)).copy()
        asked = people.quota[sellers, months]
        whole = int(asked.sum())
        length = min(self.shortest, months.stop - months.start)
        part = totals.astype(object)[:, None, None] * asked.astype(object)
        monthly = part // whole
        blocks = (len(totals), len(sellers), -1, length)
        in_block = part.reshape(blocks).sum(axis=-1) // whole
        monthly.reshape(blocks)[..., -1] += in_block - monthly.reshape(blocks).sum(axis=-1)
        found[:, sellers, months] = monthly.astype(np.int64)
        return found

    @cached_property
    def shortest(self) -> int:
        """Months of the shortest period after which something is paid."""
        used = [MONTHS[e.period] for e in self.subject.elements.values() if isinstance(e, Element)]
        return min(used, default=12)


def edges_of(gauge: Gauge) -> list[float]:
    """List the attainments or values at which a gauge makes a difference."""
    found = []
    if isinstance(gauge, Gate):
        found += [edge for edge in (gauge.at_least, gauge.at_most) if edge is not None]
    for step in getattr(gauge, "steps", ()):
        found.append(step.edge)
    for tier in getattr(gauge, "tiers", ()):
        found.append(tier.at)
    for limit in ("cap", "most"):
        if getattr(gauge, limit, None) is not None:
            found.append(getattr(gauge, limit))
    return found


def goal_of(gauge: Gauge) -> float:
    """Say what 1 of a gauge's edges is, in its measure: the number it is held against, or 1."""
    against = gauge.held_against
    return float(against) if against is not None and not isinstance(against, str) else 1.0


def _at_par(gauge: Gauge, period: str) -> int:
    """Give the value of a share, score or count that pays in full, in smallest units (of the year)."""
    level = 1.0
    steps: tuple[Edge, ...] = getattr(gauge, "steps", ())
    if isinstance(gauge, Gate):
        level = gauge.at_least if gauge.at_least is not None else gauge.at_most or 0.0
    elif isinstance(gauge, Penalty):
        level = (
            max([step.edge for step in steps if step.up_to is not None and step.value > 0], default=0.0)
            + 1e-6
        )
        level = max(level, 1.0) if gauge.held_against is not None else level
    elif steps and steps[0].at is not None:
        full = [step.edge for step in steps if step.value >= 1]
        free = isinstance(gauge, Multiplier) and steps[0].value >= 1
        level = 0.0 if free else full[0] if full else steps[-1].edge
    elif steps:
        level = next((step.edge for step in reversed(steps) if step.value >= 1), steps[0].edge)
    value = fraction(level) * fraction(goal_of(gauge)) * finest(gauge.measure)
    if gauge.adds_up:
        if gauge.held_against in (QUOTA, LAST_YEAR):
            return 100
        return -int(-value * (12 // MONTHS[period]) // 1)
    return half_up(value)
