"""People who leave: what it costs their customers, and how much of a sales force is there."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from benchmarks.facts.company import START, bookings_by_customer, company, plan_of
from benchmarks.facts.fact import Fact, Maker, Row, within
from scenarios import Scenario
from simulation.accounting.journal import What
from simulation.company.year import play
from simulation.luck.fate import draw
from simulation.world.world import world_of

SEED = 1
REPS, BOOK, LEAVERS = 12, 20, 3
DAYS_PER_YEAR = 365.25


def departures(thorough: bool) -> Fact:
    """F15: customers of a rep who leaves buy less; with a new hire still less than with a colleague."""
    town = _Town()
    years = 200 if thorough else 40
    base = town.bookings(town.scenario(), years)
    gone = {"end": town.leave, "backfill": ~town.leaves}
    again = {"end": town.leave}
    mate = town.lost(base, town.scenario(gone), years, to_colleagues=True)
    hire = town.lost(base, town.scenario(again, turnover={"vacancy_days": 0.0}), years)
    late = town.lost(base, town.scenario(again), years)
    known = np.where(town.leaves, "machines;parts", "machines")
    other = town.lost(base, town.scenario({**gone, "skills": known}), years, to_colleagues=True)
    young = town.scenario(gone, since="2025-01-01", relationships={"full_after_years": 3.0})
    short = town.lost(base, young, years, to_colleagues=True)
    full = town.lost(base, town.scenario(gone, relationship_risk=0.0), years, to_colleagues=True)
    rows = (
        within(
            "sales of these customers lost, an existing colleague takes over",
            "13.2-17.6 %",
            (0.132, 0.176),
            mate,
        ),
        _more("..., a new hire takes over at once", "more than with a colleague", hire, mate),
        _more("..., a new hire takes over after the vacancy (60 days)", "more than at once", late, hire),
        _more(
            "..., a colleague without the skill for one of two lines",
            "more than with a similar one",
            other,
            mate,
        ),
        Row("..., a colleague, customers knew the former rep for 1 of 3 years", "", None, short, True),
        Row(
            "..., a colleague, nobody minds a new face (`relationship_risk` 0)",
            "",
            None,
            full,
            True,
            "what fuller books alone cost",
        ),
    )
    return Fact(
        "F15",
        "When a rep leaves, the customers buy 13 to 18 % less in a year, and still less from a new hire",
        "H. Shi, S. Sridhar, R. Grewal, G. Lilien, *Sales representative departures and customer "
        "reassignment strategies in business-to-business markets*, Journal of Marketing 81 (2017).",
        f"The simulated year, {years} times: {LEAVERS} of {REPS} reps, drawn at random, have left on the "
        "first day; their customers go to the nearest colleagues, or wait for a new hire. Bookings of "
        f"these {LEAVERS * BOOK} customers against the same years had nobody left. Quotas stay as they "
        "were. The last three rows vary skills, `relationships.full_after_years` and `relationship_risk`.",
        rows,
        "The default of `relationship_risk` was chosen after this study, so the first row shows that the "
        "year does with it what is meant: 15 % of what arises in the year (what was under way on the first "
        "day is still bought), and the little that fuller books cost. That new hires are worse is an "
        "outcome: of the vacancy and of the ramp.",
    )


def _more(figure: str, published: str, ours: float, than: float) -> Row:
    return Row(figure, published, (than, 1.0), ours, ours > than)


class _Town:
    """Reps whose books lie among each other, some of whom leave."""

    def __init__(self) -> None:
        rng = np.random.default_rng(SEED)
        of = np.repeat(np.arange(REPS), BOOK)
        home = rng.uniform(0.0, 0.3, (REPS, 2))
        place = home[of] + rng.normal(0.0, 0.08, (REPS * BOOK, 2))
        self.leaves = np.isin(np.arange(REPS), rng.choice(REPS, LEAVERS, replace=False))
        self.leave = np.where(self.leaves, str(START), "")
        self.theirs = self.leaves[of]
        away = np.hypot(*(place[:, None, :] - home[None, :, :]).transpose(2, 0, 1))
        self.nearest = np.where(self.leaves, np.inf, away).argmin(axis=1)
        self._customers = {
            "latitude": place[:, 0],
            "longitude": place[:, 1],
            "potential": 25_000,
            "visits_per_year": 6,
            "hours_per_visit": 0.5,
            "owner": [f"R{rep:02}" for rep in of],
        }
        self._reps = {"latitude": home[:, 0], "longitude": home[:, 1], "hours_per_year": 3_600}

    def scenario(self, reps: Mapping[str, Any] | None = None, since: str = "", **market: Any) -> Scenario:
        customers = {**self._customers, "owner_since": since}
        lines = ("machines", "parts")
        return company(customers, {**self._reps, "skills": ";".join(lines), **(reps or {})}, market, lines)

    def bookings(self, scenario: Scenario, years: int, *, to_colleagues: bool = False) -> float:
        """Give what the leavers' customers buy in all years, money."""
        owner = scenario.customers["owner"].copy()
        if to_colleagues:
            owner[self.theirs] = [f"R{rep:02}" for rep in self.nearest[self.theirs]]
        world = world_of(scenario, replace(plan_of(scenario), owner=owner))
        bought = [bookings_by_customer(play(world, draw(world, SEED, r)), len(owner)) for r in range(years)]
        return float(np.sum(bought, axis=0)[self.theirs].sum())

    def lost(self, base: float, scenario: Scenario, years: int, *, to_colleagues: bool = False) -> float:
        """Give the share of the base's bookings that is lost."""
        return 1 - self.bookings(scenario, years, to_colleagues=to_colleagues) / base


def capacity(thorough: bool) -> Fact:
    """F22: vacancies and ramps leave a tenth of a sales force's capacity unused."""
    seats, years = (400, 40) if thorough else (200, 12)
    force = _Force(seats)
    all_there = force.live(years, yearly_quit_rate=0.0, staying=True)
    rows = []
    for starting, published, band in (
        (0.0, ".944 (ramp from 0)", (0.934, 0.954)),
        (0.3, "", None),
    ):
        turned = force.live(years, starting_productivity=starting)
        filled, sold = turned[0], turned[1] / all_there[1]
        productive = sold / filled
        if starting == 0.0:
            rows.append(within("availability: share of seat-days filled", ".955", (0.945, 0.965), filled))
        figure = f"productivity of who is there, a new rep starts at {starting:.0%}"
        default = "the default; the published figure has a ramp from nothing"
        rows.append(
            within(figure, published, band, productive)
            if band
            else Row(figure, published, band, productive, True, default)
        )
        rows.append(
            within("capacity: sales against seats that are always filled", ".902", (0.885, 0.915), sold)
            if band
            else Row(f"capacity, a new rep starts at {starting:.0%}", "", None, sold, True, default)
        )
    return Fact(
        "F22",
        "People who leave and their successors' ramp cost a tenth of a sales force's capacity",
        "Rates: DePaul University, Sales Effectiveness Survey (2010), 28 % a year; The Bridge Group "
        "(2024), ramp of 5 months. Closed forms: 1 / (1 + h lag) and (1 - exp(-h R)) / (h R), renewal "
        "theory (D. Cox, 1962).",
        f"The simulated year, {years} times with {seats} seats: yearly_quit_rate .28, ramp_months 5, "
        "vacancy_days 60.9; tenures of the first day drawn so that the year begins in the steady state; "
        "work takes no time, nobody buys unattended and no customer minds a new face (`relationship_risk` "
        "0), so that sales are what seats can win. Productivity = capacity / availability.",
        tuple(rows),
    )


H, LAG, RAMP_MONTHS = 0.28, DAYS_PER_YEAR / 6, 5.0


class _Force:
    """Seats in the steady state of people who come and go."""

    def __init__(self, seats: int) -> None:
        rng = np.random.default_rng(SEED)
        staying = rng.exponential(DAYS_PER_YEAR / H, seats)
        waiting = rng.uniform(0.0, LAG, seats)
        empty = rng.random(seats) < H * LAG / DAYS_PER_YEAR / (1 + H * LAG / DAYS_PER_YEAR)
        day = np.where(empty, np.ceil(waiting), -np.floor(staying)).astype("timedelta64[D]")
        self._start = (np.datetime64(START) + day).astype(str)
        self._seats = seats

    def live(
        self,
        years: int,
        *,
        staying: bool = False,
        yearly_quit_rate: float = H,
        starting_productivity: float = 0.0,
    ) -> tuple[float, float]:
        """Give the share of seat-days filled and the sales of seats, money."""
        names = [f"R{number:0{len(str(self._seats - 1))}}" for number in range(self._seats)]
        turnover = {
            "yearly_quit_rate": yearly_quit_rate,
            "vacancy_days": LAG,
            "ramp_months": RAMP_MONTHS,
            "starting_productivity": starting_productivity,
        }
        scenario = company(
            {
                "latitude": 0.0,
                "longitude": 0.0,
                "potential": 250_000,
                "visits_per_year": 0,
                "hours_per_visit": 1,
                "owner": names,
            },
            {
                "latitude": 0.0,
                "longitude": 0.0,
                "hours_per_year": 1_700,
                "start": [""] * self._seats if staying else self._start,
            },
            {
                "turnover": turnover,
                "relationship_risk": 0.0,
                "unattended_share": 0.0,
                "effort": {"mode": "constant"},
                "stages": [{"name": "deal", "hours": 0.0, "conversion": 0.5, "days": 0.0}],
            },
            calendar={"weekdays": (1, 2, 3, 4, 5, 6, 7)},
        )
        world = world_of(scenario, plan_of(scenario))
        filled = sold = 0.0
        for replication in range(years):
            records = play(world, draw(world, SEED, replication)).records
            won = (records[:, 1] == What.WON) & (records[:, 2] < self._seats)
            sold += float(records[won, 5].sum()) / 100
            came = records[records[:, 1] == What.JOINS, 0]
            went = records[np.isin(records[:, 1], [What.LEAVES, What.QUITS]), 0]
            filled += float((world.days - came).sum() - (world.days - went).sum()) / world.days
        return filled / (years * self._seats), sold


FACTS: Mapping[str, Maker] = {"F15": departures, "F22": capacity}
