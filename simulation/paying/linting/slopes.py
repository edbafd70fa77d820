"""What is found by following pay as sales rise: jumps, drops, flat stretches, rates, cost."""

from dataclasses import dataclass

import numpy as np

from scenarios.pay_elements import MONTHS, Commission, Element, Penalty
from simulation.paying.linting.finding import CLIFF, MATTERS, SMALL, STRETCH, Fact, Finding
from simulation.paying.linting.pay_by_sales import CLOSE, Trace, jumps, traced
from simulation.paying.linting.paying import SALES, Payer, edges_of
from simulation.paying.linting.subject import Subject
from simulation.paying.results import gauges

MOST = 3.0
"""Attainment up to which pay is followed."""

SHOWN = (0.0, 0.25, 0.5, 0.7, 0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 2.0, 2.5)
"""Where the table of marginal rates begins its rows."""

FLAT = 0.01
"""A rate so small a share of the mean rate up to 100 % is none."""


@dataclass(frozen=True, eq=False)
class Followed:
    """A subject with its pay followed over a month, a quarter, ... and the year.

    Parameters
    ----------
    payer
        Who pays it.
    traces
        By period: sales of its last one vary, the rest of the year is at 100 %; `year` is always there.
    """

    payer: Payer
    traces: dict[str, Trace]

    @property
    def subject(self) -> Subject:
        """Whose pay it is."""
        return self.payer.subject

    @property
    def year(self) -> Trace:
        """Pay of the year by its sales, spread as what is asked."""
        return self.traces["year"]

    @property
    def yardstick(self) -> float:
        """The target incentive, or what is paid at 100 % where there is none that means anything; cents."""
        subject = self.subject
        paid = self.year.at(1.0)
        return float(subject.incentive) if subject.has_incentive and subject.incentive else max(paid, 1.0)


def followed(payer: Payer) -> Followed:
    """Follow a subject's pay over all periods its elements are paid by."""
    used = {e.period for e in payer.subject.elements.values() if isinstance(e, Element)}
    traces = {}
    for period, length in MONTHS.items():
        if period in used or period == "year":
            months = slice(12 - length, 12)
            asked = int(payer.subject.quota[months].sum())
            if asked:
                traces[period] = _trace(payer, months, asked)
    return Followed(payer, traces)


def _trace(payer: Payer, months: slice, asked: int) -> Trace:
    levels = {n / 100 for n in range(int(MOST * 100) + 1)}
    subject = payer.subject
    for element in subject.elements.values():
        for gauge in gauges(element):
            money = gauge.held_against if not isinstance(gauge.held_against, str) else None
            amounts = isinstance(gauge, Commission) and gauge.tiers_in == "amount"
            unit = 100 / asked if amounts else (money or 1.0) * 100 / asked if money else gauge.goal_share
            levels |= {edge * unit for edge in edges_of(gauge) if gauge.measure in SALES}
    grid = np.array(sorted({round(level * asked) for level in levels if level <= MOST}), np.int64)
    trace = traced(lambda sales: payer.earned(payer.results(payer.sold(sales, months))), grid, asked)
    sellers = list(payer.subject.sellers)
    sold = payer.sold(trace.sales, months)[:, sellers, months].sum(axis=(1, 2))
    sales, first = np.unique(sold, return_index=True)
    return Trace(sales, {name: paid[first] for name, paid in trace.parts.items()}, asked)


def cliffs(it: Followed) -> list[Finding]:
    """Find where a cent of sales changes pay by much."""
    found: list[Finding] = []
    for period, trace in it.traces.items():
        names = _paid_after(it.subject, period)
        for sales, height, which in jumps(trace, names):
            share = height / (it.yardstick * MONTHS[period] / 12)
            if height > 0 and share >= SMALL:
                before = trace.total[np.searchsorted(trace.sales, sales) - 1]
                facts: dict[str, Fact] = {
                    "period": period,
                    "at": sales / trace.asked,
                    "sales": sales / 100,
                    "height": height / 100,
                    "share": share,
                    "rate": height / sales if sales else 0.0,
                    "before": float(before) / 100,
                    "after": float(before + height) / 100,
                }
                found.append(_found(it, "cliff", share > CLIFF + 1e-9, which, height, facts))
    return found


def drops(it: Followed) -> list[Finding]:
    """Find where more sales earn less."""
    for period, trace in it.traces.items():
        total = trace.total
        behind = np.maximum.accumulate(total) - total
        low = int(np.argmax(behind))
        if behind[low] <= 100 + len(it.subject.elements) * 12:
            continue
        high = int(np.argmax(total[: low + 1]))
        which = tuple(n for n, paid in trace.parts.items() if paid[low] < paid[high])
        finer = set(_paid_after(it.subject, period)) & set(which)
        if not finer and period != "year":
            continue
        again = np.flatnonzero((total >= total[high]) & (np.arange(len(total)) > low))
        facts = {
            "period": period,
            "measure": "sales",
            "from": trace.sales[high] / trace.asked,
            "to": trace.sales[low] / trace.asked,
            "from_value": trace.sales[high] / 100,
            "to_value": trace.sales[low] / 100,
            "before": total[high] / 100,
            "after": total[low] / 100,
            "recovers": float(trace.sales[again[0]] / trace.asked) if len(again) else 0.0,
        }
        return [_found(it, "drop", True, which, int(behind[low]), facts)]
    return []


def flats(it: Followed) -> list[Finding]:
    """Find stretches on which more sales earn nothing."""
    trace = it.year
    mean = trace.at(1.0) / trace.asked
    if not _is_moved_by_sales(trace):
        paid = trace.at(1.0)
        return [_found(it, "not by sales", False, (), int(paid), {"paid": paid / 100})]
    level = (np.abs(np.diff(trace.total)) <= FLAT * mean * np.diff(trace.sales) + 2) | (
        np.diff(trace.sales) <= trace.asked * 1e-6
    )
    level &= np.abs(np.diff(trace.total)) < 100
    found = []
    start = None
    for n, flat in enumerate([*level.tolist(), False]):
        if flat and start is None:
            start = n
        if not flat and start is not None:
            first, last = trace.attainment[start], trace.attainment[n]
            inside = min(last, MATTERS[1]) - max(first, MATTERS[0])
            if last - first >= STRETCH - 1e-6:
                where = "start" if start == 0 else "end" if last >= MOST - 1e-6 else "middle"
                more = (last - first) * trace.asked if where == "middle" else 0.1 * trace.asked
                facts = {
                    "where": where,
                    "from": float(first),
                    "to": float(last),
                    "from_value": trace.sales[start] / 100,
                    "to_value": trace.sales[n] / 100,
                    "paid": trace.total[start] / 100,
                    "more": float(more) / 100,
                }
                is_fault = inside >= STRETCH - 1e-6
                found.append(_found(it, "flat", is_fault, (), int(more * mean), facts))
            start = None
    return found


def costs(it: Followed) -> list[Finding]:
    """Find rates above 100 % of sales or above the margin, and pay without a limit."""
    trace, margin, found = it.year, it.subject.margin, []
    slopes = trace.slopes()
    most = int(np.nanargmax(slopes)) if np.isfinite(slopes).any() else None
    limit = 1.0 if margin is None else min(margin, 1.0)
    if most is not None and slopes[most] > limit + 1e-9:
        first, last = most, most
        while first > 0 and not slopes[first - 1] <= limit:
            first -= 1
        while last + 1 < len(slopes) and not slopes[last + 1] <= limit:
            last += 1
        facts = {
            "rate": float(slopes[most]),
            "from": float(trace.attainment[first]),
            "to": float(trace.attainment[last + 1]),
            "limit": limit,
            "is_margin": "yes" if limit < 1 else "",
            "more": 1000.0,
            "costs": float(slopes[most]) * 1000,
        }
        found.append(_found(it, "cost", True, _rising(trace, most), round(slopes[most] * 100_000), facts))
    wide = np.flatnonzero(np.isfinite(slopes))
    if len(wide) and slopes[wide[-1]] * trace.asked > FLAT * max(trace.at(1.0), 1):
        facts = {"at_100": trace.at(1.0) / 100, "at_200": trace.at(2.0) / 100, "at_300": trace.at(3.0) / 100}
        facts |= {
            "rate": float(slopes[wide[-1]]),
            "sales_200": 2 * trace.asked / 100,
            "sales_300": 3 * trace.asked / 100,
        }
        facts |= {"share_200": trace.at(2.0) / it.yardstick, "share_300": trace.at(3.0) / it.yardstick}
        found.append(_found(it, "no cap", False, _rising(trace, int(wide[-1])), int(trace.at(3.0)), facts))
    return found


def double_pay(it: Followed) -> list[Finding]:
    """Find dollars that several elements pay: their rates just above 100 %, of a sale to a new customer."""
    payer, people = it.payer, it.subject.people
    levels = payer.even([1.05, 1.06])
    new = np.broadcast_to(people.quota // 5, levels.shape).copy()
    new[1] += levels[1] - levels[0]
    earned = payer.earned(payer.results(levels, new=new))
    more = int((levels[1] - levels[0]).sum())
    continuous = {n: e for n, e in it.subject.elements.items() if isinstance(e, Commission)}
    rates = {n: (earned[n][1] - earned[n][0]) / more for n in continuous if earned[n][1] - earned[n][0] > 50}
    if len(rates) < 2:
        return []
    seen: dict[object, list[str]] = {}
    for name in rates:
        e = continuous[name]
        seen.setdefault((e.measure, e.of, e.lines, e.held_against), []).append(name)
    same = next((names for names in seen.values() if len(names) > 1), [])
    total = float(sum(rates.values()))
    facts: dict[str, Fact] = {
        "rates": "; ".join(f"{name} {rate:.2%}" for name, rate in rates.items()),
        "total": total,
        "more": 10_000.0,
        "paid": total * 10_000,
        "same": ", ".join(same),
    }
    return [_found(it, "double pay", bool(same), tuple(rates), round(total * 1_000_000), facts)]


def rates(trace: Trace) -> list[dict[str, float]]:
    """Give the table of marginal rates: pay at the start of each row, pay for each unit of sales in it."""
    rows = []
    for low, high in zip(SHOWN, (*SHOWN[1:], MOST), strict=True):
        start, end = trace.at(low), trace.at(high)
        x = trace.sales[(trace.attainment >= low) & (trace.attainment <= high)]
        steps = np.diff(np.interp(x, trace.sales, trace.total))
        jumped = float(steps[np.diff(x) <= CLOSE].sum()) if len(x) > 1 else 0.0
        rows.append(
            {
                "from": low,
                "to": high,
                "sales": low * trace.asked / 100,
                "pay": start / 100,
                "rate": (end - start - jumped) / ((high - low) * trace.asked),
                "jumps": jumped / 100,
            }
        )
    return rows


def _is_moved_by_sales(trace: Trace) -> bool:
    return bool(np.ptp(trace.total) > 100)


def _rising(trace: Trace, n: int) -> tuple[str, ...]:
    return tuple(name for name, paid in trace.parts.items() if paid[n + 1] > paid[n])


def _paid_after(subject: Subject, period: str) -> tuple[str, ...]:
    """List the parts of pay that a period decides."""
    of_period = [n for n, e in subject.elements.items() if isinstance(e, Element) and e.period == period]
    taken = any(isinstance(subject.elements[n], Penalty) for n in of_period)
    return (*of_period, *(("penalties",) if taken else ()))


def _found(
    it: Followed,
    kind: str,
    is_fault: bool,
    elements: tuple[str, ...],
    size: int,
    facts: dict[str, Fact],
) -> Finding:
    facts = {key: value if isinstance(value, str) else float(value) for key, value in facts.items()}
    return Finding(kind, bool(is_fault), it.subject.role, it.subject.name, elements, size / 100, facts)
