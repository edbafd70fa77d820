"""One simulated year of a rep in sentences, English or Chinese, every number from its journal."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from evenfield.away import leave_by_month
from evenfield.chronicle import WORTH_TELLING, Chronicle, Turn
from evenfield.phrases import Language
from evenfield.report.moves import NAMES_ZH
from evenfield.story_speech import Speech
from evenfield.story_timing import played_with_time
from optimizer import Plan
from scenarios import Scenario
from scenarios.pay_elements import Bonus
from scenarios.scheme import Scheme

LARGE, REFUSED = 8, 4
"""Orders, and refusals, that are told one by one."""

NAMED = 2
"""Customers who come, go or are lost in a month and are named one by one."""


@dataclass(frozen=True, eq=False)
class Story:
    """A year of a rep in words.

    Parameters
    ----------
    title, over
        Heading, and the line above it.
    answer
        The year in a few sentences.
    months
        By month its name and sentences; the last month of a quarter ends with its standing.
    deals
        What mattered: what, when, customer, line, amount, hours of work, days, each in words.
    """

    title: str
    over: str
    answer: tuple[str, ...]
    months: tuple[tuple[str, tuple[str, ...]], ...]
    deals: tuple[tuple[str, ...], ...]


def tell(
    scenario: Scenario, plan: Plan, year: Chronicle, seed: int, replication: int, language: Language
) -> Story:
    """Tell a year of a rep, every number from its journal.

    Parameters
    ----------
    scenario, plan, seed, replication
        What was played.
    year
        What the journal says of the rep.
    language
        English or Chinese.
    """
    teller = Teller(scenario, year, language)
    over = teller.words["over"].format(
        scenario=scenario.title or scenario.name,
        plan=NAMES_ZH.get(plan.name, plan.name) if language == "zh" else plan.name,
        seed=seed,
        replication=replication,
    )
    title = teller.words["title"].format(name=teller.rep)
    months = tuple((teller.month_name(number), teller.month(number)) for number in range(12))
    return Story(title, over, teller.answer(), months, teller.deals())


class Teller(Speech):
    """Makes sentences of a chronicle; see `Speech` for what it is given."""

    def answer(self) -> tuple[str, ...]:
        """Sum up the year; one sentence where there was no customer."""
        year, words = self.year, self.words
        if year.idle:
            return (self._nobody_to_serve(), *self._without_anybody())
        whole, quota = year.quarters.sum(), float(year.quarters["quota"].sum())
        booked, waited = float(whole["booked"]), float(whole["waiting_amount"])
        said = [self._attained(booked, quota), self._work(whole)]
        if waited > 0:
            said.append(words["waiting amount"].format(amount=self.money(waited)))
        if booked > 0:
            said += [self._money_in(booked), self._best()]
        if whole["calls"]:
            calls = self.count("calls", whole["calls"])
            said.append(words["calls"].format(calls=calls, unserved=int(whole["unserved"])))
        return tuple(said + self._effort_of_the_year() + self._time_off() + self._without_anybody())

    def _nobody_to_serve(self) -> str:
        quota = float(self.year.quarters["quota"].sum())
        key = "idle with quota" if quota > 0 else "idle"
        return self.words[key].format(name=self.rep, quota=self.money(quota))

    def _time_off(self) -> list[str]:
        """Tell how many days leave and absences took."""
        leave, words = leave_by_month(self.scenario), self.words
        days, away = round(float(leave.sum())), sum(one.workdays for one in self.year.away)
        said = []
        if days:
            month = self.month_of_the_year(int(leave.argmax()))
            uneven = leave.max() > 1.5 * leave.mean()
            said.append(
                words["leave"].format(
                    days=self.count("days", days), most=words["most"].format(month=month) if uneven else ""
                )
            )
        return (
            [*said, words["away of the year"].format(days=self.count("working days", away))] if away else said
        )

    def _work(self, whole: pd.Series) -> str:
        """Tell what was worked and what came of it; what did not happen is left out."""
        words = self.words
        ended = {
            key: words[told].format(count=self.count("opportunities", whole[key])) if whole[key] else ""
            for key, told in (("refused", "refusals"), ("waiting", "waited"))
        }
        return words["work"].format(
            hours=self.count("hours", whole["hours"]), visits=self.count("visits", whole["visits"]),
            missed=f"{int(whole['missed']):,}", orders=self.count("orders", whole["orders"]), **ended,
        )  # fmt: skip

    def _effort_of_the_year(self) -> list[str]:
        chosen = self.year.own.loc[self.year.own["kind"] == "EFFORT", "amount"]
        if chosen.empty or chosen.max() - chosen.min() < WORTH_TELLING:
            return []
        said = {
            name: self.share(value)
            for name, value in (("mean", chosen.mean()), ("least", chosen.min()), ("most", chosen.max()))
        }
        return [self.words["effort of the year"].format(**said)]

    def _attained(self, booked: float, quota: float) -> str:
        words, year = self.words, self.year
        if quota <= 0:
            return words["year without"].format(name=self.rep, booked=self.money(booked))
        place = words["place"].format(place=year.place, of=year.of) if year.place and year.of > 1 else ""
        return (
            words["year"]
            .format(
                name=self.rep,
                booked=self.money(booked),
                quota=self.money(quota),
                share=self.share(booked / quota),
                place=place,
            )
            .strip()
        )

    def _money_in(self, booked: float) -> str:
        own = self.year.own
        paid = float(own.loc[own["kind"] == "PAYMENT", "amount"].sum())
        bad = float(own.loc[own["kind"] == "BAD_DEBT", "amount"].sum())
        debts = self.words["debts"].format(amount=self.money(bad)) if bad > 0 else ""
        return self.words["money"].format(paid=self.money(paid), share=self.share(paid / booked), debts=debts)

    def _best(self) -> str:
        best = self.year.won.groupby("customer")["amount"].sum().nlargest(3)
        named = [
            self.words["customer amount"].format(
                customer=self.customer(str(customer)), amount=self.money(amount)
            )
            for customer, amount in best.items()
        ]
        return self.words["best"].format(customers=self.words["list"].join(named))

    def _without_anybody(self) -> list[str]:
        year, house = self.year, self.year.house
        if not year.empty:
            return []
        days = round(sum(last - first for first, last in year.empty))
        said = [self.words["empty"].format(days=self.count("days", days))]
        lost, won = house[house["kind"] == "LOST_UNATTENDED"], house[house["kind"] == "WON"]
        if len(lost) or len(won):
            amount = self.money(float(won["amount"].sum()))
            met, orders = self.count("opportunities", len(lost)), self.count("orders", len(won))
            said.append(self.words["house"].format(lost=met, orders=orders, amount=amount))
        return said

    def month(self, number: int) -> tuple[str, ...]:
        """Tell a month: sums, then what mattered, in order of days; people alone without customers."""
        if self.year.idle:
            return tuple(said for day, said in self._people() if self._month_of(day) == number)
        figures, words = self.year.months.iloc[number], self.words
        orders = int(figures["orders"])
        key = "no bookings" if not orders else "one" if orders == 1 else "bookings"
        said = [
            words[key].format(
                orders=self.count("orders", orders), amount=self.money(figures["booked"]),
                visits=self.count("visits", figures["visits"]), missed=f"{int(figures['missed']):,}",
            )
        ]  # fmt: skip
        said += self._away(number) + self._ran_out(number)
        if figures["calls"]:
            said.append(
                words["month calls"].format(
                    calls=self.count("calls", figures["calls"]), unserved=int(figures["unserved"])
                )
            )
        events = [*self._large_deals(), *self._people(), *self._efforts()]
        said += [sentence for day, sentence in sorted(events) if self._month_of(day) == number]
        said += played_with_time(self, self.year.own, number)
        said += self._hands(number) + self._credit(number)
        if number % 3 == 2:
            said.append(self._standing(number // 3))
        return tuple(said)

    def _ran_out(self, number: int) -> list[str]:
        """Tell what was lost in a month because nobody had time, where it would have been bought."""
        figures, words = self.year.months.iloc[number], self.words
        some = self._within(self.year.waiting, number)
        if some.empty:
            return []
        largest = self.customer(some["customer"].iloc[0]), self.money(some["amount"].iloc[0])
        if figures["waiting"] == 1:
            return [words["ran out one"].format(customer=largest[0], amount=largest[1])]
        said = words["ran out"].format(
            count=self.count("opportunities", figures["waiting"]),
            amount=self.money(figures["waiting_amount"]),
        )
        if len(some) == 1:
            return [said]
        return [said, words["ran out largest"].format(customer=largest[0], amount=largest[1])]

    def _away(self, number: int) -> list[str]:
        """Tell absences in the month they begin in, and that the rep was away all of a later one."""
        begin, end = ((self.scenario.year.month(n) - self.year.start).days for n in (number, number + 1))
        said = []
        for away in self.year.away:
            name = self._sitting(away.first)
            if begin <= away.first < end:
                said.append(
                    self.words["away" if away.last > away.first + 1 else "away one day"].format(
                        name=name, first=self.day(away.first), last=self.day(away.last - 1),
                        reason=self.words["reason"].format(reason=away.reason) if away.reason else "",
                        days=self.count("working days", away.workdays),
                    )
                )  # fmt: skip
            elif away.first < begin and end <= away.last:
                said.append(self.words["away all month"].format(name=name))
        return said

    def _sitting(self, day: float) -> str:
        """Name who sits in the seat: the rep, or whoever came after."""
        own = self.year.own
        joined = ((own["kind"] == "JOINS") & (own["time"] <= day)).sum()
        return self.rep if joined <= 1 else self.words["somebody"]

    def _large_deals(self) -> list[tuple[float, str]]:
        """Tell the largest orders and the refusals after most work."""
        told_ = []
        for key, deals in (
            ("won", self.year.won.head(LARGE)),
            ("refused", self.year.refused.head(REFUSED)),
        ):
            for deal in deals.to_dict("records"):
                named = "of line" if key == "won" else "to line"
                line = self.words[named].format(line=deal["line"]) if deal["line"] else ""
                after = "long" if np.isnan(deal["took"]) else "took"
                days = "" if np.isnan(deal["took"]) else self.count("days", deal["took"])
                sentence = self.words[key].format(
                    customer=self.customer(deal["customer"]), line=line, date=self.day(deal["day"]),
                    amount=self.money(deal["amount"]),
                    after=self.words[after].format(hours=f"{deal['hours']:.1f}", days=days),
                )  # fmt: skip
                told_.append((float(deal["day"]), sentence))
        return told_

    def _people(self) -> list[tuple[float, str]]:
        own, joined = self.year.own, 0
        changes = own[own["kind"].isin(["JOINS", "LEAVES", "QUITS"])]
        people = []
        for day, kind in zip(changes["time"].tolist(), changes["kind"].tolist(), strict=True):
            key = {"LEAVES": "leaves", "QUITS": "quits"}.get(kind, "joins" if joined else "starts")
            joined += kind == "JOINS"
            if day > 0:
                name = self.rep if joined == 1 else self.words["somebody"]
                people.append((float(day), self.words[key].format(date=self.day(day), name=name)))
        return people

    def _efforts(self) -> list[tuple[float, str]]:
        return [(turn.day, self._turn(turn)) for turn in self.year.turns]

    def _turn(self, turn: Turn) -> str:
        rises, bonus_at = turn.after > turn.before, _bonus_at(self.scenario.scheme)
        why = ""
        if bonus_at is not None:
            reached = turn.booked >= bonus_at
            why = "" if rises and reached else "safe" if reached else "reach" if rises else "slips"
        return self.words["rises" if rises else "falls"].format(
            date=self.day(turn.day), before=self.share(turn.before), after=self.share(turn.after),
            booked=self.share(turn.booked), days=self.count("days", turn.days_left),
            why=self.words[why] if why else "",
        )  # fmt: skip

    def _hands(self, number: int) -> list[str]:
        """Tell which customers were lost, came and went in a month."""
        said = []
        year = self.year
        for key, table in (("customer lost", year.lost), ("gained", year.gained), ("given", year.given)):
            some = self._within(table, number)
            if len(some) > NAMED and key != "customer lost":
                first = self.customer(some["customer"].iloc[0])
                said.append(self.words[f"{key} many"].format(count=len(some), customer=first))
                continue
            said += [
                self.words[key].format(
                    customer=self.customer(row["customer"]),
                    date=self.day(row["day"]),
                    rep=self.rep_name(row["rep"]),
                )
                for row in some.to_dict("records")
            ]
        return said

    def _credit(self, number: int) -> list[str]:
        own = self.year.own[self.year.own["month"] == number]
        held, released = (own["kind"] == "HOLD").sum(), (own["kind"] == "RELEASE").sum()
        orders = self.count("orders", held)
        said = [self.words["held"].format(count=orders, released=released)] if held or released else []
        return said + [
            self.words["bad debt"].format(
                customer=self.customer(row["customer"]), amount=self.money(row["amount"])
            )
            for row in own[own["kind"] == "BAD_DEBT"].nlargest(1, "amount").to_dict("records")
        ]

    def _standing(self, number: int) -> str:
        quarters = self.year.quarters
        quota, booked = float(quarters["quota"].iloc[number]), float(quarters["booked"].iloc[number])
        name = str(quarters.index[number])
        if quota <= 0:
            return self.words["closed without"].format(quarter=name, booked=self.money(booked))
        so_far = quarters.iloc[: number + 1].sum()
        return self.words["closed"].format(
            quarter=name, share=self.share(booked / quota), booked=self.money(booked),
            quota=self.money(quota), so_far=self.share(so_far["booked"] / so_far["quota"]),
        )  # fmt: skip

    def deals(self) -> tuple[tuple[str, ...], ...]:
        """Lay out the largest orders and losses, in order of days."""
        year, words = self.year, self.words
        some = [
            ("won", year.won.head(LARGE)),
            ("waiting", year.waiting.head(REFUSED)),
            ("refused", year.refused.head(REFUSED)),
        ]
        rows = [(deal["day"], kind, deal) for kind, table in some for deal in table.to_dict("records")]
        return tuple(
            (
                words[f"is {kind}"], self.day(day), self.customer(deal["customer"]), deal["line"],
                self.money(deal["amount"]) if kind != "refused" else "—", f"{deal['hours']:.1f}",
                words["started before"] if np.isnan(deal["took"]) else f"{deal['took']:.0f}",
            )
            for day, kind, deal in sorted(rows, key=lambda row: row[:2])
        )  # fmt: skip

    def _within(self, table: pd.DataFrame, number: int) -> pd.DataFrame:
        """Take the rows of a month."""
        return table[table["day"].map(self._month_of) == number]

    def _month_of(self, day: float) -> int:
        at = self.year.date(day)
        return (at.year - self.year.start.year) * 12 + at.month - self.year.start.month


def _bonus_at(scheme: Scheme) -> float | None:
    """Give the attainment of a quarter from which a bonus on own bookings pays, if there is one."""
    found = [
        step.edge
        for element in scheme.elements.values()
        if isinstance(element, Bonus) and element.period == "quarter" and element.of == "own"
        if element.measure == "bookings" and element.held_against == "quota"
        for step in element.steps
        if step.pays > 0
    ]
    return min(found, default=None)
