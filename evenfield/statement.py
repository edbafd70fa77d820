"""A pay statement as a page, as a table of credit and for programs."""

from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

from evenfield.factors import factor
from evenfield.pay_reasons import answer, counterfactuals, sums
from evenfield.pay_terms import Terms
from evenfield.report.sheet import Part, Sheet
from scenarios.pay_elements import Penalty, Scorecard, Spiff, TeamBonus, Worth
from scenarios.pay_measures import MONEY
from simulation.paying.exact import half_up
from simulation.paying.results import Account
from simulation.paying.statement import Payment, Statement
from simulation.paying.tracing import Tracer, written

SHOWN = 300
"""Lines of credit on a page; files hold all."""

NONE = "—"

EVENTS = ("booking", "invoice", "payment", "never paid")
WHY = ("own", "split", "before it moved", "supported")


def statement_sheet(
    terms: Terms, tracer: Tracer, found: Statement, over: str, notes: tuple[str, ...], command: str, file: str
) -> Sheet:
    """Lay a statement out as a page.

    Parameters
    ----------
    over
        The line above the title: which year.
    notes
        What else has to be said of the year.
    command, file
        What makes the page again, and where all lines of credit are.
    """
    words = terms.words
    said = (*answer(terms, tracer, found), *counterfactuals(terms, tracer, found), *notes)
    if any(account.measure.startswith("new_") for account, _ in found.accounts):
        said += (words["new in year" if terms.is_simulated else "new in past"],)
    parts = [_year(terms, found), *_elements(terms, found), _months(terms, found)]
    parts += [part for part in (_whose(terms, tracer, found),) if part.rows]
    parts.append(_lines(terms, tracer, found, file))
    title = words["title"].format(name=terms.person(found.name))
    return Sheet(title, over, said, command, tuple(parts), terms.language)


def _year(terms: Terms, found: Statement) -> Part:
    """Lay out the settlement, quarter by quarter."""
    words, quarters = terms.words, found.settlements
    rows = [(words["base"], *("—" for _ in quarters), terms.money(found.base))]

    def add(name: str, amounts: list[int]) -> None:
        rows.append((name, *(terms.money(a) for a in amounts), terms.money(sum(amounts))))

    for name in quarters[0].earned:
        add(name, [quarter.earned[name] for quarter in quarters])
    for term in ("penalties", "limit", "guarantee", "draw"):
        amounts = [getattr(quarter, term) for quarter in quarters]
        if any(amounts):
            add(words[term], amounts)
    add(words["incentive"], [quarter.paid for quarter in quarters])
    rows.append((words["total"], *("—" for _ in quarters), terms.money(found.total)))
    said = [words["year words"]]
    if any(quarter.advance for quarter in quarters):
        said.append(words["advance words"])
        add(words["advance"], [quarter.advance for quarter in quarters])
        owing = [terms.money(quarter.owing) for quarter in quarters]
        rows.append((words["owing"], *owing, owing[-1]))
    columns = (words["what"], *(f"Q{n + 1}" for n in range(len(quarters))), words["all"])
    return Part(words["year"], tuple(said), None, columns, tuple(rows))


def _elements(terms: Terms, found: Statement) -> list[Part]:
    """Show each element: what it is worth, and period by period how it came to what it pays."""
    names = dict.fromkeys(payment.name for payment in found.payments)
    return [_element(terms, [p for p in found.payments if p.name == name]) for name in names]


def _element(terms: Terms, payments: list[Payment]) -> Part:
    words, element = terms.words, payments[0].element
    said = [words["kind"].format(kind=terms.kind(element))]
    if isinstance(element, Spiff):
        said.append(words["deals"])
    else:
        measure = terms.words["score"] if isinstance(element, Scorecard) else terms.measure(element)
        said.append(words["measured"].format(measure=measure, period=words[f"by {element.period}"]))
    pots = [payment.pot.worth[0] for payment in payments if payment.pot and payment.pot.worth]
    if isinstance(element, TeamBonus) and pots:
        said.append(words["is worth to team"].format(worth=terms.money(half_up(sum(pots, Fraction(0))))))
    if isinstance(element, Worth) and payments[0].worth is not None:
        worth = sum((payment.worth or Fraction(0) for payment in payments), start=Fraction(0))
        key = "at stake" if isinstance(element, Penalty) else "is worth"
        said.append(words[key].format(worth=terms.money(half_up(worth))))
    takes = isinstance(element, Penalty)
    columns = ("period", "how", "value", "goal", "attainment", "takes" if takes else "pays")
    rows = [
        (
            terms.period(payment),
            terms.how(payment),
            _value(terms, payment),
            terms.goal(payment.reading),
            _attainment(terms, payment),
            terms.money(payment.amount),
        )
        for payment in payments
    ]
    filled = [n for n in range(len(columns)) if any(row[n] != NONE for row in rows)]
    named = tuple(words[columns[n]] for n in filled)
    kept = tuple(tuple(row[n] for n in filled) for row in rows)
    return Part(payments[0].name, tuple(said), None, named, kept, texts=2)


def _value(terms: Terms, payment: Payment) -> str:
    if isinstance(payment.element, Scorecard):
        return factor(payment.argument)
    reading = payment.reading
    return NONE if reading is None else terms.quantity(reading.gauge.measure, reading.value)


def _attainment(terms: Terms, payment: Payment) -> str:
    if payment.reading is None or payment.reading.attainment is None:
        return NONE
    return terms.share(payment.reading.attainment)


def _months(terms: Terms, found: Statement) -> Part:
    """Show what was credited by month."""
    words = terms.words
    accounts = list(found.accounts)
    rows = [
        (terms.month(month), *(terms.quantity(a.measure, found.accounts[a, of][month]) for a, of in accounts))
        for month in range(12)
    ]
    year = (terms.quantity(a.measure, int(found.accounts[a, of].sum())) for a, of in accounts)
    rows.append((words["all"], *year))
    columns = (words["month"], *(terms.account(account, of) for account, of in accounts))
    return Part(words["months"], (), None, columns, tuple(rows)) if accounts else Part(words["months"])


def _whose(terms: Terms, tracer: Tracer, found: Statement) -> Part:
    """Show by person what counts for somebody who is paid for results of others."""
    words, people = terms.words, tracer.people
    accounts = list(found.accounts)
    rows = []
    for place, name in enumerate(people.names):
        cells = [
            terms.quantity(account.measure, int(tracer.results.accounts[account][place].sum()))
            if people.counts[of][found.person, place]
            else ""
            for account, of in accounts
        ]
        if any(cells):
            rows.append((terms.person(name), *(cell or "—" for cell in cells)))
    if len(rows) < 2:
        rows = []
    columns = (words["person"], *(terms.account(account, of) for account, of in accounts))
    return Part(words["whose"], (words["whose words"],), None, columns, tuple(rows))


def _lines(terms: Terms, tracer: Tracer, found: Statement, file: str) -> Part:
    """Show the orders behind the credit, the largest where there are many."""
    words, lines = terms.words, found.lines
    shown = lines
    if len(lines) > SHOWN:
        largest = lines["credited"].abs().sort_values(ascending=False, kind="stable").index[:SHOWN]
        shown = lines.loc[np.sort(largest)]
    key = "lines all" if len(shown) == len(lines) else "lines more"
    more = words[key].format(shown=len(shown), count=len(lines), file=file)
    several = len(lines["person"].unique()) > 1
    spiffs = bool(lines["spiffs"].any())
    texts = ["date", "happened", *(["person"] if several else []), "customer", "line", "why", "to"]
    numbers = ["amount", "counts", "credited", *(["spiffs"] if spiffs else [])]
    rows = []
    for row in shown.to_dict("records"):
        to = words["list"].join(_account_words(terms, name) for name in row["accounts"].split("; ") if name)
        cells = {
            "date": terms.day(row["day"]).isoformat(),
            "happened": words[f"event {row['moment']}"],
            "person": terms.person(tracer.people.names[row["person"]]),
            "customer": terms.whose(row["customer"], is_new=row["is_new"]),
            "line": row["line"] or "—",
            "why": words[f"why {row['why']}"],
            "to": to or "—",
            **{name: terms.money(row[name]) for name in numbers},
        }
        rows.append(tuple(cells[name] for name in (*texts, *numbers)))
    said = (words["lines words"].format(more=more),)
    columns = tuple(words[name] for name in (*texts, *numbers))
    return Part(words["lines"], said, None, columns, tuple(rows), texts=len(texts))


def _account_words(terms: Terms, name: str) -> str:
    measure, _, lines = name.partition(" (")
    return terms.account(Account(measure, tuple(lines.removesuffix(")").split(", ")) if lines else ()))


def credit_table(terms: Terms, tracer: Tracer, lines: pd.DataFrame) -> pd.DataFrame:
    """Give lines of credit for files: names, dates, money."""
    names = np.array(tracer.people.names, dtype=object)
    return pd.DataFrame(
        {
            "person": names[lines["person"]],
            "date": [terms.day(day).isoformat() for day in lines["day"]],
            "event": [EVENTS[moment] for moment in lines["moment"]],
            "order": lines["order"].to_numpy(),
            "customer": lines["customer"].to_numpy(),
            "line": lines["line"].to_numpy(),
            "amount": lines["amount"].to_numpy() / 100,
            "counts": lines["counts"].to_numpy() / 100,
            "credited": lines["credited"].to_numpy() / 100,
            "why": [WHY[why] for why in lines["why"]],
            "accounts": lines["accounts"].to_numpy(),
            "spiffs": lines["spiffs"].to_numpy() / 100,
            "new_customer": lines["is_new"].to_numpy(bool),
        }
    )


def statement_words(terms: Terms, tracer: Tracer, found: Statement) -> dict[str, Any]:
    """Describe a statement, for programs; money, and counts or shares where a measure is no money."""
    return {
        "person": found.name,
        "role": found.role,
        "team": found.team,
        "base": found.base / 100,
        "incentive": (found.total - found.base) / 100,
        "total": found.total / 100,
        "target_incentive": tracer.people.incentive_planned(found.person) / 100,
        "parts": {name: amount / 100 for name, amount in sums(found).items()},
        "owed": found.settlements[-1].owing / 100,
        "counted": {of: list(names) for of, names in found.counted.items()},
        "accounts": [
            {
                "account": written(account),
                "of": of,
                "months": [int(v) / 100 if account.measure in MONEY else int(v) for v in monthly],
            }
            for (account, of), monthly in found.accounts.items()
        ],
        "elements": [_payment_words(terms, payment) for payment in found.payments],
        "quarters": [
            {
                "earned": {name: amount / 100 for name, amount in quarter.earned.items()},
                **{
                    name: getattr(quarter, name) / 100
                    for name in ("penalties", "limit", "guarantee", "draw", "advance", "owing", "paid")
                },
            }
            for quarter in found.settlements
        ],
        "sentences": [*answer(terms, tracer, found), *counterfactuals(terms, tracer, found)],
        "lines": credit_table(terms, tracer, found.lines).to_dict("records"),
    }


def _payment_words(terms: Terms, payment: Payment) -> dict[str, Any]:
    reading = payment.reading
    attainment = None if reading is None or reading.attainment is None else float(reading.attainment)
    return {
        "element": payment.name,
        "kind": payment.element.kind,
        "period": terms.period(payment),
        "measure": None if reading is None else reading.gauge.measure,
        "value": None if reading is None else _plain(reading.gauge.measure, reading.value),
        "goal": None
        if reading is None or reading.goal is None
        else _plain(reading.gauge.measure, float(reading.goal)),
        "attainment": attainment,
        "worth": None if payment.worth is None else float(payment.worth) / 100,
        "stretches": [
            {
                "from": s.start,
                "to": s.end,
                "cents_per_unit": float(s.rate),
                "amount": s.amount / 100,
            }
            for s in payment.stretches
        ],
        "steps": [
            {
                "what": step.what,
                "before": step.before / 100,
                "after": step.after / 100,
                "factor": None if step.factor is None else step.factor / 1e6,
                "open": step.is_open,
            }
            for step in payment.steps
        ],
        "how": terms.how(payment),
        "amount": payment.amount / 100,
    }


def _plain(measure: str, value: float) -> float:
    if measure in MONEY:
        return value / 100
    return value if measure == "new_customers" else value / 1e6
