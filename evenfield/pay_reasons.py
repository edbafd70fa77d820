"""Why somebody is paid what he or she is paid, in sentences, and what would have paid more."""

from fractions import Fraction
from typing import Any

from evenfield.pay_terms import Terms
from scenarios.pay_elements import Contest, Penalty, Scorecard, Spiff
from scenarios.pay_measures import MONEY
from simulation.paying.exact import half_up
from simulation.paying.statement import Payment, Statement
from simulation.paying.tracing import Tracer
from simulation.paying.whatif import NextStep, more_sales, next_steps

MORE = 0.1
"""How much more sales the counterfactual asks about."""

TERMS = ("penalties", "limit", "guarantee", "draw")


def answer(terms: Terms, tracer: Tracer, found: Statement) -> list[str]:
    """Say what somebody is paid and from what."""
    words, incentive = terms.words, found.total - found.base
    target = tracer.people.incentive_planned(found.person)
    share = ""
    if target:
        said = {"share": terms.share(Fraction(incentive, target)), "target": terms.money(target)}
        share = words["share"].format(**said)
    sentences = [
        words["answer"].format(
            name=terms.person(found.name),
            role=found.role,
            total=terms.money(found.total),
            base=terms.money(found.base),
            incentive=terms.money(incentive),
            share=share,
        )
    ]
    parts = [(name, amount) for name, amount in sums(found).items() if amount]
    named = [words["part"].format(name=words.get(n, n), amount=terms.money(a)) for n, a in parts]
    sentences.append(words["from"].format(parts=words["list"].join(named)) if named else words["nothing"])
    if owing := found.settlements[-1].owing:
        sentences.append(words["owed"].format(amount=terms.money(owing)))
    return sentences


def sums(found: Statement) -> dict[str, int]:
    """Add up the year by element, then penalties, limit, guarantees and advances; cents."""
    total = {name: sum(q.earned[name] for q in found.settlements) for name in found.settlements[0].earned}
    return total | {term: sum(getattr(q, term) for q in found.settlements) for term in TERMS}


def counterfactuals(terms: Terms, tracer: Tracer, found: Statement) -> list[str]:
    """Say what more sales and the next steps would have paid."""
    words = terms.words
    raised = more_sales(tracer, found.person, MORE)
    key = "more" if raised > found.total else "no more"
    said = [words[key].format(total=terms.money(raised), gain=terms.money(raised - found.total))]
    steps = next_steps(tracer, found)
    if not steps:
        return [*said, words["no next"]]
    said.append(_next(terms, "next", steps[0]))
    most = max(steps, key=lambda step: step.gain)
    return said if most is steps[0] else [*said, _next(terms, "largest next", most)]


def _next(terms: Terms, key: str, step: NextStep) -> str:
    words, payment = terms.words, step.payment
    measure = payment.element.measure if not isinstance(payment.element, Spiff) else "bookings"
    at = (
        words["next goal"].format(at=terms.share(step.at))
        if payment.goal
        else words["next value"].format(at=terms.quantity(measure, half_up(step.at)))
    )
    return words[key].format(
        element=payment.name,
        period=terms.period(payment),
        missing=terms.quantity(measure, step.missing),
        at=at,
        gain=terms.money(step.gain),
    )


def pay_reason(terms: Terms, tracer: Tracer, found: Statement) -> dict[str, Any]:
    """Explain a person's pay, for programs and people."""
    more = counterfactuals(terms, tracer, found)
    sentences = answer(terms, tracer, found)
    for name in dict.fromkeys(payment.name for payment in found.payments):
        sentences.append(_element(terms, [p for p in found.payments if p.name == name]))
    total = sums(found)
    for term in TERMS:
        if total[term]:
            key = "term draw less" if term == "draw" and total[term] < 0 else f"term {term}"
            sentences.append(terms.words[key].format(amount=terms.money(abs(total[term]))))
    raised = more_sales(tracer, found.person, MORE)
    return {
        "pay": found.name,
        "role": found.role,
        "base": found.base / 100,
        "total": found.total / 100,
        "parts": {name: amount / 100 for name, amount in total.items()},
        "with_10_percent_more_sales": raised / 100,
        "next_steps": [
            {
                "element": step.payment.name,
                "period": terms.period(step.payment),
                "at": float(step.at),
                "missing": step.missing / 100 if _in_money(step.payment) else step.missing,
                "gain": step.gain / 100,
            }
            for step in next_steps(tracer, found)
        ],
        "sentences": [*sentences, *more],
        "counterfactual": terms.words["space"].join(more),
    }


def _in_money(payment: Payment) -> bool:
    return payment.reading is not None and payment.reading.gauge.measure in MONEY


def _element(terms: Terms, payments: list[Payment]) -> str:
    """Say what an element paid in the year and what was reached, period by period."""
    words, element = terms.words, payments[0].element
    amount, name = terms.money(sum(p.amount for p in payments)), payments[0].name
    if isinstance(element, Penalty):
        return words["element takes"].format(element=name, amount=amount)
    if isinstance(element, Scorecard):
        scores = [words["in period"].format(period=terms.period(p), said=terms.score(p)) for p in payments]
        return words["scored"].format(element=name, amount=amount, each=words["then"].join(scores))
    readings = [p.reading for p in payments if p.reading is not None]
    if not readings or isinstance(element, Contest):
        return words["element pays"].format(element=name, amount=amount)
    attained = all(reading.attainment is not None for reading in readings)
    each = [
        words["by period"].format(
            attainment=terms.share(p.reading.attainment or 0)
            if attained
            else terms.quantity(p.reading.gauge.measure, p.reading.value),
            period=terms.period(p),
        )
        for p in payments
        if p.reading is not None
    ]
    return words["attained" if attained else "earned"].format(
        element=name, amount=amount, measure=terms.measure(readings[0].gauge), each=words["list"].join(each)
    )
