"""The scenario: what may happen. A frozen aggregate of tables and settings that knows its digest."""

import dataclasses
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd

from scenarios import permissions
from scenarios.allowances import Allowances
from scenarios.behavior import Effort, Timing
from scenarios.budget import Budget
from scenarios.checks import check
from scenarios.commitments import Commitment
from scenarios.customers import Customer
from scenarios.drivers import Driver
from scenarios.estimates import line_mix
from scenarios.history import Order, OrderLine
from scenarios.market import Market
from scenarios.opportunities import Opportunity
from scenarios.overlays import Overlays, Specialist
from scenarios.products import Product
from scenarios.reps import Rep
from scenarios.rules import Rules
from scenarios.scheme import Scheme
from scenarios.settings import Settings
from scenarios.staff import CreditSplit, Score, StaffMember
from scenarios.structure import Structure
from scenarios.table import Table
from scenarios.targets import QuotaSettings, Target
from scenarios.travel import Travel, TravelTime
from scenarios.working_days import Absence, Calendar, DatedMove
from scenarios.year import PlanYear

TABLES = (
    Table("customers", Customer, "customer", required=True),
    Table("reps", Rep, "rep", required=True),
    Table("products", Product, "product", required=False),
    Table("history", Order, "order", required=False),
    Table("order_lines", OrderLine, "", required=False),
    Table("drivers", Driver, "", required=False),
    Table("travel_times", TravelTime, "", required=False, stem="travel"),
    Table("specialists", Specialist, "specialist", required=False),
    Table("opportunities", Opportunity, "opportunity", required=False),
    Table("commitments", Commitment, "", required=False),
    Table("absences", Absence, "", required=False),
    Table("moves", DatedMove, "", required=False),
    Table("staff", StaffMember, "person", required=False),
    Table("scores", Score, "", required=False),
    Table("splits", CreditSplit, "", required=False),
)
SETTINGS: dict[str, type[Settings]] = {
    "year": PlanYear,
    "target": Target,
    "quotas": QuotaSettings,
    "rules": Rules,
    "travel": Travel,
    "scheme": Scheme,
    "market": Market,
    "overlays": Overlays,
    "allowances": Allowances,
    "structure": Structure,
    "budget": Budget,
    "calendar": Calendar,
}

SPEAKS_IF_USED = frozenset(
    {
        "specialists",
        "overlays",
        "allowances",
        "structure",
        "opportunities",
        "commitments",
        "budget",
        "calendar",
        "absences",
        "moves",
        "staff",
        "scores",
        "splits",
    }
)
"""Tables and settings that enter the digest only where they say something."""

LATER_COLUMNS = {"history": ("paid",)}
"""Columns that enter the digest only where they say something."""

CELLS = 2_000_000
"""Pairs of customer and rep looked at together."""


def _empty(name: str) -> pd.DataFrame:
    return next(t for t in TABLES if t.name == name).empty()


@dataclass(frozen=True, eq=False)
class Scenario:
    """A company before its plan year. Treat the tables as read-only; `replace` makes a changed copy.

    Parameters
    ----------
    name
        Short name, used for folders.
    customers, reps, products, history, order_lines, drivers, travel_times, specialists, opportunities,
    commitments, absences, moves, staff, scores, splits
        Tables indexed by key (order lines, drivers, travel times, commitments, absences, moves, scores and
        splits have none); columns as the row models say.
    year, target, quotas, rules, travel, scheme, market, overlays, allowances, structure, budget, calendar
        Settings.
    title, description, currency
        For people; they do not enter the digest.
    """

    name: str
    customers: pd.DataFrame
    reps: pd.DataFrame
    year: PlanYear
    target: Target
    market: Market
    quotas: QuotaSettings = field(default_factory=QuotaSettings)
    rules: Rules = field(default_factory=Rules)
    travel: Travel = field(default_factory=Travel)
    scheme: Scheme = field(default_factory=Scheme)
    overlays: Overlays = field(default_factory=Overlays)
    allowances: Allowances = field(default_factory=Allowances)
    structure: Structure = field(default_factory=Structure)
    budget: Budget = field(default_factory=Budget)
    calendar: Calendar = field(default_factory=Calendar)
    products: pd.DataFrame = field(default_factory=lambda: _empty("products"))
    history: pd.DataFrame = field(default_factory=lambda: _empty("history"))
    order_lines: pd.DataFrame = field(default_factory=lambda: _empty("order_lines"))
    drivers: pd.DataFrame = field(default_factory=lambda: _empty("drivers"))
    travel_times: pd.DataFrame = field(default_factory=lambda: _empty("travel_times"))
    specialists: pd.DataFrame = field(default_factory=lambda: _empty("specialists"))
    opportunities: pd.DataFrame = field(default_factory=lambda: _empty("opportunities"))
    commitments: pd.DataFrame = field(default_factory=lambda: _empty("commitments"))
    absences: pd.DataFrame = field(default_factory=lambda: _empty("absences"))
    moves: pd.DataFrame = field(default_factory=lambda: _empty("moves"))
    staff: pd.DataFrame = field(default_factory=lambda: _empty("staff"))
    scores: pd.DataFrame = field(default_factory=lambda: _empty("scores"))
    splits: pd.DataFrame = field(default_factory=lambda: _empty("splits"))
    title: str = ""
    description: str = ""
    currency: str = "USD"

    def replace(self, **fields: Any) -> "Scenario":
        """Make a copy with some fields changed, checked for contradictions between its parts.

        Cells are taken as given; those of files are checked one by one when read.

        Raises
        ------
        InputError
            If the tables and settings no longer fit together.
        """
        made = dataclasses.replace(self, **fields)
        check(made)
        return made

    def relaxed(self, **fields: Any) -> "Scenario":
        """Make a copy with fewer rules in which ways take as long as before.

        How trips are shared follows from who may serve whom. Where a rule is taken out only to see what it
        costs or whom it clashes with, hours and travel stay those of the scenario as it is.

        Raises
        ------
        InputError
            As in `replace`.
        """
        made = self.replace(**fields)
        made.__dict__["_tours"] = self.tours
        return made

    def answering(
        self, *, scheme: Scheme | None = None, effort: Effort | None = None, timing: Timing | None = None
    ) -> "Scenario":
        """Make a copy with another scheme or other answers to it.

        All else is as it was, and so is what was worked out from it (`memory`).

        Raises
        ------
        InputError
            If the scheme and the scenario do not fit together.
        """
        answers = {"effort": effort or self.market.effort, "timing": timing or self.market.timing}
        market = self.market.model_copy(update=answers)
        made = dataclasses.replace(self, scheme=scheme or self.scheme, market=market)
        if scheme is not None:
            check(made)
        made.__dict__.update(memory=self.memory, _hashed=self._hashed, _tours=self.tours)
        return made

    @property
    def tours(self) -> "Scenario":
        """The scenario whose rules say how trips are shared: this one, but for a relaxed copy."""
        tours: Scenario = self.__dict__.get("_tours", self)
        return tours

    def part(self, rows: np.ndarray) -> "Scenario":
        """Give the same company with some of its customers, what is estimated from all kept as it is.

        For work in slices of a large company; no scenario of its own.

        Parameters
        ----------
        rows
            Positions of the customers.
        """
        part = dataclasses.replace(self, customers=self.customers.iloc[rows])
        part.__dict__["_whole"] = self.whole
        if self.tours is not self:
            part.__dict__["_tours"] = self.tours.part(rows)
        part.__dict__["line_mix"] = self.line_mix.iloc[rows]
        part.__dict__["last_year_sales"] = self.last_year_sales.iloc[rows]
        return part

    @property
    def whole(self) -> "Scenario":
        """The company with all its customers, of a slice of it (see `part`)."""
        whole: Scenario = self.__dict__.get("_whole", self)
        return whole

    @cached_property
    def memory(self) -> dict[str, Any]:
        """What others have worked out from this scenario and want to keep as long as it lives, by name."""
        return {}

    def parts(self) -> Iterator["Scenario"]:
        """Slice a large company so that tables of customers x reps fit into memory; small ones come whole."""
        step = max(CELLS // max(len(self.reps), 1), 1)
        if step >= len(self.customers):
            yield self
            return
        for first in range(0, len(self.customers), step):
            yield self.part(np.arange(first, min(first + step, len(self.customers))))

    @cached_property
    def digest(self) -> str:
        """SHA-256 of tables and settings, in hex: scenarios with the same digest have the same answers."""
        content = self._hash_tables()
        for name in SETTINGS:
            settings: Settings = getattr(self, name)
            if name in SPEAKS_IF_USED and settings == SETTINGS[name]():
                continue
            content.update(f"{name}\n{settings.model_dump_json()}\n".encode())
        return content.hexdigest()

    @cached_property
    def _hashed(self) -> dict[str, Any]:
        """The hash of the tables, once it is known; copies with the same tables share it."""
        return {}

    def _hash_tables(self) -> Any:
        if "tables" not in self._hashed:
            content = hashlib.sha256()
            for table in TABLES:
                frame: pd.DataFrame = getattr(self, table.name)
                if table.name in SPEAKS_IF_USED and frame.empty:
                    continue
                content.update(f"{table.name}\n".encode())
                later = LATER_COLUMNS.get(table.name, ())
                silent = [c for c in later if c in frame and frame[c].isna().all()]
                content.update(table.text(frame.drop(columns=silent)).to_csv(index=False).encode())
            self._hashed["tables"] = content
        return self._hashed["tables"].copy()

    def __getstate__(self) -> dict[str, Any]:
        """Leave out what cannot be written."""
        return {name: value for name, value in self.__dict__.items() if name != "_hashed"}

    def __eq__(self, other: object) -> bool:
        """Two scenarios are equal when their content and their words are."""
        if not isinstance(other, Scenario):
            return NotImplemented
        return self._identity == other._identity

    def __hash__(self) -> int:
        return hash(self._identity)

    @property
    def _identity(self) -> tuple[str, ...]:
        return (self.name, self.title, self.description, self.currency, self.digest)

    @cached_property
    def last_year_sales(self) -> pd.Series:
        """Sales of the twelve months before the plan year by customer, money; 0 where nothing was bought."""
        recent = self.history["date"] >= pd.Timestamp(self.year.month(-12))
        sums = self.history[recent].groupby("customer")["amount"].sum()
        return sums.reindex(self.customers.index, fill_value=0.0).rename("sales").astype("float64")

    @cached_property
    def target_amount(self) -> float:
        """The company's target of the plan year, money, a multiple of the rounding unit."""
        return self.target.in_money(float(self.last_year_sales.sum()))

    @cached_property
    def line_mix(self) -> pd.DataFrame:
        """Shares of each customer's purchases by product line, customers x lines, estimated from the past."""
        return line_mix(self.customers, self.history, self.order_lines, self.products)

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The product lines in alphabetical order; one empty name where there are none."""
        return tuple(sorted(self.products["line"].unique())) or ("",)

    @cached_property
    def sites(self) -> pd.Series:
        """The place of each customer's visits: its site, or where that is empty the customer itself."""
        site = self.customers["site"]
        return site.where(site != "", self.customers.index.to_series())

    @cached_property
    def eligible(self) -> pd.DataFrame:
        """Who may serve whom by all hard rules, true or false, customers x reps."""
        return pd.DataFrame(permissions.eligible(self), index=self.customers.index, columns=self.reps.index)
