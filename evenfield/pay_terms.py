"""How the trace of a pay statement reads: amounts, measures, periods, and how an element came to its sum."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from fractions import Fraction

from evenfield.factors import decimal, factor, percent, told
from evenfield.money import to_the_cent
from evenfield.phrases import Language
from evenfield.statement_words import KINDS_ZH, WORDS
from evenfield.story_words import MONTHS
from scenarios import Scenario
from scenarios.pay_elements import AnyElement, Commission, Contest, Penalty, Scorecard, Spiff, TeamBonus
from scenarios.pay_measures import COUNTS, MONEY, SCORE, Gauge
from simulation.paying.conditions import ANEW, DIFFERENTIAL, MOST, MULTIPLIER
from simulation.paying.exact import MILLION, fraction, half_up
from simulation.paying.results import Account
from simulation.paying.statement import Books, Payment, Reading, Step, Stretch


class Terms:
    """Writes figures of pay in a language.

    Parameters
    ----------
    scenario
        Names and currency.
    books
        The year.
    language
        English or Chinese.
    """

    def __init__(self, scenario: Scenario, books: Books, language: Language) -> None:
        self.scenario, self.books, self.language = scenario, books, language
        self.words = WORDS[language]

    def money(self, cents: int) -> str:
        """Write an amount."""
        return to_the_cent(int(cents), self.scenario.currency)

    def share(self, share: Fraction | float) -> str:
        """Write a share, to a tenth of a percent where it is not whole."""
        said = f"{float(share) * 100:,.1f}"
        return f"{said.removesuffix('.0')}%"

    def quantity(self, measure: str, value: int) -> str:
        """Write a value of a measure, given in its smallest units."""
        if measure in MONEY:
            return self.money(value)
        if measure in COUNTS:
            return f"{value:,}"
        return f"{value / MILLION:g}" if measure.startswith(SCORE) else self.share(value / MILLION)

    def measure(self, gauge: Gauge) -> str:
        """Name what a gauge reads, and whose."""
        return self.account(Account(gauge.measure, gauge.lines), gauge.of)

    def account(self, account: Account, of: str = "own") -> str:
        """Name an account."""
        measure = account.measure
        name = self.words[measure] if measure in self.words else measure.removeprefix(SCORE)
        lines = self.words["product"].format(lines=self.words["list"].join(account.lines))
        return name + (lines if account.lines else "") + self.words[of]

    def person(self, key: str) -> str:
        """Name a person."""
        for table in (self.scenario.reps, self.scenario.specialists, self.scenario.staff):
            if key in table.index:
                return str(table["name"].get(key, "")).strip() or key
        return key

    def customer(self, key: str) -> str:
        """Name a customer."""
        return str(self.scenario.customers["name"].get(key, "")).strip() or key

    @property
    def is_simulated(self) -> bool:
        """Whether the year is the plan year, not the one before it."""
        return self.books.start == self.scenario.year.start

    def whose(self, key: str, *, is_new: bool) -> str:
        """Name the customer of an order; a new one of a simulated year by the one near which it arose."""
        name = self.customer(key)
        return self.words["newcomer"].format(customer=name) if is_new and self.is_simulated else name

    def month(self, number: int) -> str:
        """Name a month of the books, such as Jan 2027."""
        months = self.books.start.month - 1 + number
        year, month = self.books.start.year + months // 12, months % 12
        return f"{MONTHS[month][:3]} {year}" if self.language == "en" else f"{year} 年 {month + 1} 月"

    def day(self, day: float) -> date:
        """Give the date of a day of the books."""
        return self.books.start + timedelta(days=int(day))

    def period(self, payment: Payment) -> str:
        """Name the period of a payment."""
        length = payment.months.stop - payment.months.start
        if length == 1:
            return self.month(payment.months.start)
        if length == 12:
            return self.words["all"]
        number = payment.number + 1
        return f"Q{number}" if length == 3 else self.words["half"].format(n=number)

    def kind(self, element: AnyElement) -> str:
        """Name the kind of an element."""
        return element.kind if self.language == "en" else KINDS_ZH[element.kind]

    def read(self, reading: Reading) -> str:
        """Write a reading with its attainment, where it has a goal."""
        value = self.quantity(reading.gauge.measure, reading.value)
        if reading.goal is None:
            return value
        if reading.attainment is None:
            return f"{value}{self.words['list']}{self.words['nobody asked']}"
        return self.words["value of goal"].format(value=value, attainment=self.share(reading.attainment))

    def goal(self, reading: Reading | None) -> str:
        """Write the goal of a reading."""
        if reading is None or not reading.goal:
            return "—"
        return self.quantity(reading.gauge.measure, half_up(reading.goal))

    def how(self, payment: Payment) -> str:
        """Say how a payment came about: curve, then every step that changed it or might have."""
        said = [self._beginning(payment), *(self._step(payment, step) for step in payment.steps)]
        return self.words["then"].join(part for part in said if part)

    def _beginning(self, payment: Payment) -> str:
        element, words = payment.element, self.words
        if isinstance(element, Spiff):
            first = payment.steps[0].before if payment.steps else payment.amount
            return words["deals of"].format(amount=self.money(first))
        if isinstance(element, TeamBonus | Contest):
            return self._together(payment)
        if isinstance(element, Commission):
            return self._rates(payment, element)
        paid = payment.stretches[-1].amount
        said = words["nothing taken" if isinstance(element, Penalty) else "reached"]
        if paid and payment.worth:
            whole = max(half_up(payment.worth), 1)
            (share,) = told([paid / payment.worth], [whole], paid, 3)
            said = words["of worth"].format(share=percent(share), worth=self.money(whole))
        said = words["is"].format(parts=said, amount=self.money(paid))
        return f"{self.score(payment)}{words['then']}{said}" if isinstance(element, Scorecard) else said

    def score(self, payment: Payment) -> str:
        """Say how a scorecard came to its score: each measure, what was reached, its points and weight."""
        items = [
            self.words["item"].format(
                measure=self.measure(scored.item),
                value=self.read(scored.reading),
                points=factor(scored.points),
                weight=percent(fraction(scored.item.weight)),
            )
            for scored in payment.items
        ]
        score = factor(payment.argument)
        return self.words["score of"].format(score=score, items=self.words["plus"].join(items))

    def _rates(self, payment: Payment, element: Commission) -> str:
        words = self.words
        if not payment.stretches:
            return words["is"].format(parts=words["reached"], amount=self.money(0))
        total = sum(stretch.amount for stretch in payment.stretches)
        parts = words["plus"].join(self._stretches(payment.stretches, element, total))
        key = "so far" if element.cumulative else "is"
        value = self.quantity(element.measure, payment.argument)
        return words[key].format(value=value, parts=parts, amount=self.money(total))

    def _stretches(self, stretches: Sequence[Stretch], element: Commission, total: int) -> list[str]:
        """Write each stretch as rate times amount, or its sum where it stays the same beyond a cap."""
        over = [s.end - (0 if element.retroactive else s.start) for s in stretches]
        by_rate = [n for n, s in enumerate(stretches) if s.rate * over[n] > s.amount - 1 and over[n] > 0]
        fixed = sum(s.amount for n, s in enumerate(stretches) if n not in by_rate)
        rates: list[Fraction] = []
        if by_rate:
            least = 6 if element.measure in MONEY else 0
            exact, amounts = [stretches[n].rate for n in by_rate], [over[n] for n in by_rate]
            rates = told(exact, amounts, total - fixed, least)
        said = [self.money(s.amount) for s in stretches]
        for n, rate in zip(by_rate, rates, strict=True):
            written = percent(rate) if element.measure in MONEY else self._each(rate)
            said[n] = self.words["rate"].format(rate=written, amount=self.quantity(element.measure, over[n]))
        return said

    def _each(self, rate: Fraction) -> str:
        """Write money for one of something, in cents and parts of them."""
        whole = math.floor(rate)
        return self.money(whole) + decimal(rate - whole).removeprefix("0").removeprefix(".")

    def _together(self, payment: Payment) -> str:
        words = self.words
        first = payment.steps[0].before if payment.steps else payment.amount
        if payment.pot is None:
            return words["no place"] if isinstance(payment.element, Contest) else words["reached"]
        pot, amount = self.money(int(payment.pot.amount[0])), self.money(first)
        if payment.pot.place is None:
            return self._pot(payment, int(payment.pot.amount[0]), first) or words["reached"]
        place = int(payment.pot.place[0])
        if not place:
            return words["no place"]
        shared = words["prize share"].format(amount=amount) if len(payment.members) > 1 else ""
        return words["place"].format(place=place, pot=pot) + shared

    def _pot(self, payment: Payment, pot: int, paid: int) -> str:
        """Say how a team's sum came about and what part is the person's; nothing where there is none."""
        words, worth = self.words, payment.pot.worth[0] if payment.pot else Fraction(0)
        if not pot or not worth:
            return ""
        whole = max(half_up(worth), 1)
        (share,) = told([pot / worth], [whole], pot, 3)
        said = words["of worth"].format(share=percent(share), worth=self.money(whole))
        return words["pot"].format(
            sum=words["is"].format(parts=said, amount=self.money(pot)),
            part=self._part(payment),
            amount=self.money(paid),
        )

    def _part(self, payment: Payment) -> str:
        """Write a member's part of all, by what the sum is divided."""
        words, (own, whole), element = self.words, payment.part, payment.element
        if not isinstance(element, TeamBonus) or not whole:
            return "—"
        if element.shared == "equally":
            heads = len(payment.members)
            if own * heads == whole:
                return words["part of"].format(part=1, whole=heads)
            return words["part of days"].format(part=f"{own:,}", whole=f"{whole:,}")
        if element.shared == "by measure":
            cells = (self.quantity(element.measure, value) for value in (own, whole))
        else:
            unit = payment.days if element.shared == "by target incentive" else 1
            cells = (self.money(half_up(Fraction(value, unit))) for value in (own, whole))
        part, every = cells
        return words["part of"].format(part=part, whole=every)

    def _step(self, payment: Payment, step: Step) -> str:
        """Say what a step did; nothing where it could not do anything."""
        words, amount = self.words, self.money(step.after)
        if step.reading is not None:
            named = {"measure": self.measure(step.reading.gauge), "value": self.read(step.reading)}
            if step.what == MULTIPLIER:
                return words["multiplier"].format(factor=factor(step.factor or 0), amount=amount, **named)
            key = "gate open" if step.is_open else "gate shut"
            return words[key].format(amount=amount, **named)
        if step.what == ANEW and isinstance(payment.element, Commission):
            return words["new"].format(amount=amount)
        if step.what == DIFFERENTIAL and step.factor != MILLION:
            return words["differential"].format(factor=factor(step.factor or 0), amount=amount)
        if step.what == MOST and step.before != step.after:
            return words["most"].format(amount=amount)
        return ""
