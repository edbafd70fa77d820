"""Pay recomputed from the words of the settings alone, one person, with fractions; shares no code."""

from fractions import Fraction
from math import floor

MONTHS = {"month": 1, "quarter": 3, "half-year": 6, "year": 12}


def decimal(value):
    return Fraction(str(value))


def cent(value):
    """Half a cent up."""
    return floor(value + Fraction(1, 2))


def element_pays(element, sold, quota, incentive):
    """What an element pays by period, cents.

    sold, quota: cents by month; incentive: cents a year. The person is there all year.
    """
    length = MONTHS[element.period]
    values = [sum(sold[m : m + length]) for m in range(0, 12, length)]
    quotas = [sum(quota[m : m + length]) for m in range(0, 12, length)]
    count = len(values)
    goals = [_goal(element, q) for q in quotas]
    if element.amount is not None:
        worths = [decimal(element.amount) * 100] * count
    elif element.weight is not None and element.kind == "commission" and element.held_against == "quota":
        year = decimal(element.weight) * incentive
        worths = [year * q / sum(quotas) if sum(quotas) else Fraction(0) for q in quotas]
    elif element.weight is not None:
        worths = [decimal(element.weight) * incentive / count] * count
    else:
        worths = [None] * count
    pays = _commission if element.kind == "commission" else _bonus
    if element.kind == "commission" and element.cumulative:
        before, paid = 0, []
        for n in range(count):
            whole = None if worths[0] is None else sum(worths[: n + 1])
            so_far = cent(pays(element, sum(values[: n + 1]), sum(goals[: n + 1]), whole))
            paid.append(max(so_far - before, 0))
            before = max(so_far, before)
    else:
        paid = [cent(pays(element, *of)) for of in zip(values, goals, worths, strict=True)]
    return [_conditions(element, *of) for of in zip(paid, values, quotas, strict=True)]


def _goal(gauge, quota):
    if gauge.held_against is None:
        return Fraction(100)
    if gauge.held_against == "quota":
        return decimal(gauge.goal_share) * quota
    return decimal(gauge.held_against) * 100


def _commission(element, value, goal, worth):
    in_amount = element.tiers_in == "amount"
    if goal == 0 and not (in_amount and worth is None):
        return Fraction(0)
    unit = Fraction(100) if in_amount else goal
    per_cent_sold = Fraction(1) if worth is None else worth / goal
    value = max(Fraction(value), Fraction(0))
    ends = [decimal(tier.at) * unit for tier in element.tiers[1:]] + [None]
    limit = None if element.cap is None else decimal(element.cap) * unit
    if limit is not None:
        value = min(value, limit)
    if element.retroactive:
        reached = [t for t in element.tiers if decimal(t.at) * unit <= value]
        if limit is not None and value == limit:  # nothing more is earned there, no new rate either
            reached = [t for t in reached if decimal(t.at) * unit < limit]
        return decimal(reached[-1].rate) * value * per_cent_sold
    total = Fraction(0)
    for tier, end in zip(element.tiers, ends, strict=True):
        start = decimal(tier.at) * unit
        upto = value if end is None else min(value, end)
        total += max(upto - start, Fraction(0)) * decimal(tier.rate)
    return total * per_cent_sold


def _bonus(element, value, goal, worth):
    return _stepped(element.steps, "pays", element.between == "line", value, goal, Fraction(0)) * worth


def _stepped(steps, name, line, value, unit, before, unasked=Fraction(0)):
    """The last step reached; with up_to the first not exceeded; on a line between two."""
    if unit == 0:
        return unasked
    x = Fraction(value) / unit
    if steps[0].up_to is not None:
        return next((decimal(getattr(s, name)) for s in steps if x <= decimal(s.up_to)), before)
    reached = [n for n, s in enumerate(steps) if x >= decimal(s.at)]
    if not reached:
        return before
    last = steps[reached[-1]]
    held = decimal(getattr(last, name))
    if line and last is not steps[-1]:
        after = steps[reached[-1] + 1]
        part = (x - decimal(last.at)) / (decimal(after.at) - decimal(last.at))
        held += part * (decimal(getattr(after, name)) - held)
    return held


def _conditions(element, paid, value, quota):
    for multiplier in element.multipliers:
        goal = _goal(multiplier, quota)
        line = multiplier.between == "line"
        factor = _stepped(multiplier.steps, "times", line, value, goal, Fraction(1), Fraction(1))
        paid = cent(paid * Fraction(cent(factor * 10**6), 10**6))
    for gate in element.gates:
        goal = _goal(gate, quota)
        high = gate.at_least is not None
        bar = decimal(gate.at_least if high else gate.at_most) * goal
        if not (value >= bar if high else value <= bar):
            paid = cent(paid * decimal(gate.otherwise))
    return paid if element.most_pay is None else min(paid, cent(decimal(element.most_pay) * 100))
