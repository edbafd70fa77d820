"""What can be measured for pay: what adds up over months and people, and shares that do not."""

from typing import Literal

from pydantic import Field, field_validator

from scenarios.settings import Settings

MONEY = ("bookings", "invoices", "collections", "new_customer_bookings")
COUNTS = ("new_customers",)
SHARES = ("satisfaction", "visits_kept", "cost")
MEASURES = (*MONEY, *COUNTS, *SHARES)

SCORE = "score:"
"""Before the name of what managers score, as in `score:teamwork`."""

QUOTA, LAST_YEAR = "quota", "last year"

FINEST = {**dict.fromkeys(MONEY, 100), **dict.fromkeys(COUNTS, 1)}
"""Units of a measure in one: cents of money, whole customers; all others count in millionths."""
MILLION = 1_000_000

Goal = Literal["quota", "last year"]


def finest(measure: str) -> int:
    """Say how many of its smallest units one of a measure has."""
    return FINEST.get(measure, MILLION)


class Gauge(Settings):
    """What is read off, of whom, and what it is held against."""

    measure: str = Field(
        "bookings",
        description=(
            "bookings, invoices, collections, new_customer_bookings (money); new_customers (a count);"
            " satisfaction, visits_kept (shares), cost (over budget, of the year); or score:NAME, a score"
            " of scores.csv"
        ),
    )
    of: Literal["own", "team", "company"] = Field(
        "own",
        description=(
            "Whose: the person's own (of staff: those of the reps it supports), the person's team (of"
            " staff: the teams it leads), or the whole company's"
        ),
    )
    lines: tuple[str, ...] = Field((), description="Only these product lines, of money measures; empty: all")
    goal: float | Goal | None = Field(
        None,
        description=(
            "What it is held against: quota, last year (the same period a year before), or a number for the"
            " period; empty: quota for bookings, invoices and collections, nothing for others"
        ),
    )
    goal_share: float = Field(
        1.0, gt=0, description="The goal is this times the quota or last year's; 1.1: ten per cent more"
    )
    assumed: float | None = Field(
        None, description="What counts where nothing is known, such as a score not given yet"
    )

    @field_validator("measure")
    @classmethod
    def _is_known(cls, value: str) -> str:
        if value in MEASURES or (value.startswith(SCORE) and len(value) > len(SCORE)):
            return value
        raise ValueError(f"no such measure; one of {', '.join(MEASURES)} or {SCORE}NAME")

    @field_validator("goal")
    @classmethod
    def _is_positive(cls, value: float | str | None) -> float | str | None:
        if isinstance(value, int | float) and value <= 0:
            raise ValueError("a goal must be above 0, or quota, or last year")
        return value

    @property
    def held_against(self) -> float | Goal | None:
        """The goal, with what is usual for the measure where none is given."""
        if self.goal is not None:
            return self.goal
        return "quota" if self.measure in ("bookings", "invoices", "collections") else None

    @property
    def adds_up(self) -> bool:
        """Whether it adds up over months and people."""
        return self.measure in MONEY or self.measure in COUNTS

    def faults(self) -> list[tuple[str, str, str]]:
        """List what contradicts itself: key, value, remedy."""
        found = []
        if self.lines and self.measure not in MONEY:
            found.append(
                (
                    "lines",
                    ", ".join(self.lines),
                    f"{self.measure} is not known by product line; take it out",
                )
            )
        if self.held_against == QUOTA and self.measure not in MONEY:
            found.append(("goal", QUOTA, f"quotas are money; give a number as the goal of {self.measure}"))
        if self.held_against == LAST_YEAR and self.measure not in (*MONEY, *COUNTS):
            found.append(("goal", LAST_YEAR, f"{self.measure} of last year is not known; give a number"))
        if self.goal_share != 1 and not isinstance(self.held_against, str):
            found.append(("goal_share", f"{self.goal_share:g}", "goes with goal = quota or last year"))
        if self.assumed is not None and self.adds_up:
            found.append(("assumed", f"{self.assumed:g}", f"{self.measure} is always known; take it out"))
        return found
