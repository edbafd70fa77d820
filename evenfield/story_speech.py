"""How a story writes dates, amounts and names, in English or Chinese."""

from datetime import date

from evenfield.chronicle import Chronicle
from evenfield.money import exact
from evenfield.phrases import Language, count
from evenfield.story_words import COUNTED, MONTHS, WORDS
from scenarios import Scenario


class Speech:
    """Writes what a chronicle holds.

    Parameters
    ----------
    scenario
        What was played.
    year
        What the journal says of the rep.
    language
        English or Chinese.
    """

    def __init__(self, scenario: Scenario, year: Chronicle, language: Language) -> None:
        self.scenario, self.year, self.language = scenario, year, language
        self.words = WORDS[language]
        self.rep = self.rep_name(year.rep)

    def count(self, what: str, number: float) -> str:
        """Write a number with what is counted, where the language tells one from many."""
        called = COUNTED[self.language].get(what)
        return f"{number:,.0f}" if called is None else count(number, *called)

    def day(self, day: float) -> str:
        """Write a day of the year."""
        return self.date(self.year.date(day))

    def date(self, at: date) -> str:
        """Write a date."""
        month = MONTHS[at.month - 1] if self.language == "en" else at.month
        return self.words["date"].format(day=at.day, month=month)

    def month_name(self, number: int) -> str:
        """Name a month with its year."""
        first = self.scenario.year.month(number)
        month = MONTHS[first.month - 1] if self.language == "en" else first.month
        return self.words["month"].format(month=month, year=first.year)

    def month_of_the_year(self, number: int) -> str:
        """Name a month without its year."""
        month = self.scenario.year.month(number).month
        return MONTHS[month - 1] if self.language == "en" else f"{month} 月"

    def money(self, amount: float) -> str:
        """Write an amount."""
        return exact(float(amount), self.scenario.currency)

    def share(self, share: float) -> str:
        """Write a share."""
        return f"{share:.0%}"

    def customer(self, customer: str) -> str:
        """Name a customer."""
        return str(self.scenario.customers["name"].get(customer, "")).strip() or customer

    def rep_name(self, rep: str) -> str:
        """Name a rep."""
        return str(self.scenario.reps["name"].get(rep, "")).strip() or rep or self.words["nobody"]
