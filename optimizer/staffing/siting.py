"""Where to hire: what a further seat is worth at a place, proved from both sides, and who is missed least.

What a company loses (travel, changes of owner, lack of skill, ramp, and hours nobody works, at their value)
is bounded from below by the linear relaxation and from above by a plan. So what a seat saves, loss without
less loss with it, lies between two differences of these. Places come one after the other, each time the one
with the least bound (greedy, as for p-medians: A. Kuehn, M. Hamburger, Management Science 9, 1963).
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from optimizer.compiling.territories import HOURS, compile_problem
from optimizer.core.assignment import Problem, only
from optimizer.core.bound import lower_bound
from optimizer.core.engines import Options, assign
from optimizer.core.stopping import Watch
from optimizer.rivals import cheapest_with_room
from optimizer.staffing.headcount import hour_value
from optimizer.staffing.places import ROLE, Place, Saving, find_places, with_seats
from optimizer.staffing.roles import role_pay
from scenarios import Scenario
from scenarios.rules import Rules

ENOUGH = 1e-4
"""A gap that ends the search of a plan."""

MOST_REMOVED = 60
"""Seats looked at for removal, those with the fewest hours of work."""

COPIES = 3
"""Seats that may be added at one place, at most."""


@dataclass(frozen=True)
class Hire:
    """The next seat, and what it saves after those before it.

    Parameters
    ----------
    place
        Where.
    saving, net
        Money a year, of this seat alone.
    hours_short
        Hours a year nobody works after it, in the plan found.
    kept
        Contribution of the sales these hours no longer lose, money a year; part of the saving.
    """

    place: str
    saving: Saving
    net: Saving
    hours_short: float
    kept: float


@dataclass(frozen=True)
class Removal:
    """A seat taken away.

    Parameters
    ----------
    rep
        Whose.
    loss
        What more is lost without it, money a year; None where customers have no other rep who may serve them.
    pay
        What is saved, money a year.
    """

    rep: str
    loss: Saving | None
    pay: float

    @property
    def net(self) -> Saving | None:
        """What taking it away gains: pay less loss, money a year."""
        if self.loss is None:
            return None
        return Saving(self.pay - self.loss.estimate, self.pay - self.loss.high, self.pay - self.loss.low)


@dataclass(frozen=True)
class Siting:
    """Where to hire, and how far.

    Parameters
    ----------
    hour_value
        What an hour of work nobody does loses, money.
    hours_short
        Hours a year that today's seats cannot give, in the plan found.
    pay
        Pay a year of a new seat.
    places
        Candidates for the next seat, best first.
    hires
        The next seats in order.
    removals
        Today's seats, the one whose loss is least first.
    owner
        Who serves whom with today's seats, in the plan found; hours short included.
    interrupted
        Whether people asked to stop before all was looked at.
    """

    hour_value: float
    hours_short: float
    pay: float
    places: tuple[Place, ...]
    hires: tuple[Hire, ...]
    removals: tuple[Removal, ...]
    owner: pd.Series
    interrupted: bool = False


def where_to_hire(
    scenario: Scenario,
    *,
    hires: int = 3,
    candidates: int = 6,
    time_limit: float | None = None,
    work_limit: float | None = None,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> Siting:
    """Say what the next seats are worth, where, and which of today's is worth least.

    A new seat has a usual seat's hours, begins with the plan year (and ramps up), and may serve whom its
    nearest colleague may. Rules on how even books are do not count here: they are relative to the seats there
    are.

    Parameters
    ----------
    hires
        How many further seats.
    candidates
        How many places are looked at closely for each.
    time_limit, work_limit, seed
        For all plans together, as in `optimizer.core.engines.assign`.
    progress
        Told how many plans are made, of how many.

    Raises
    ------
    NoPlanExists
        If a customer has no eligible rep.
    """
    places = find_places(scenario, candidates)
    copies = min(max(hires, 1), COPIES)
    bigger, rules = with_seats(scenario, places, copies), _rules_of_hours(scenario)
    value = hour_value(scenario)
    compiled = compile_problem(bigger.replace(rules=rules))
    hours = compiled.problem.measure(HOURS)
    priced = replace(hours, price=max(value, 1e-9))
    problem = replace(
        compiled.problem, measures=tuple(priced if m is hours else m for m in compiled.problem.measures)
    )
    if time_limit is None:
        time_limit = 60.0 if work_limit is None else np.inf
    plans = 1 + len(places) * (hires > 0) + hires + 1
    run = _Run(problem, len(scenario.reps), copies, plans, Watch(time_limit, work_limit, 0.0), seed, progress)
    pay = role_pay(scenario)[ROLE]
    try:
        run.base()
        found = run.look_at_places(places, pay) if hires > 0 else []
        steps = run.hire(places, hires, pay)
        gone = run.remove(scenario)
    except KeyboardInterrupt:
        if run.plan is None:
            raise
        run.watch.interrupted = True
        found, steps, gone = run.found, run.steps, run.gone
    assert run.first is not None
    return Siting(
        hour_value=value,
        hours_short=run.short(run.first),
        pay=pay,
        places=tuple(sorted(found, key=lambda place: -place.saving.estimate)),
        hires=tuple(steps),
        removals=tuple(sorted(gone, key=lambda r: np.inf if r.loss is None else r.loss.estimate)),
        owner=compiled.owners(run.first),
        interrupted=run.watch.interrupted,
    )


@dataclass(eq=False)
class _Run:
    """The seats that are open, the bound and the plan for them, and what was found so far."""

    problem: Problem
    today: int
    copies: int
    plans: int
    watch: Watch
    seed: int
    progress: Callable[[int, int], None] | None
    open: np.ndarray = field(init=False)
    bound: float = -np.inf
    plan: np.ndarray | None = None
    first: np.ndarray | None = None
    made: int = 0
    found: list[Place] = field(default_factory=list)
    steps: list[Hire] = field(default_factory=list)
    gone: list[Removal] = field(default_factory=list)

    def base(self) -> None:
        """Bound and plan with today's seats."""
        self.open = np.arange(self.problem.reps) < self.today
        self.bound = self.least(self.open)
        self.plan = self.first = self.best(self.open, None)

    def least(self, seats: np.ndarray) -> float:
        """Bound what is lost with these seats."""
        return lower_bound(only(self.problem, seats[self.problem.rep])).value

    def best(self, seats: np.ndarray, start: np.ndarray | None) -> np.ndarray:
        """Make a plan with these seats, from one with other seats if there is one."""
        keep = np.flatnonzero(seats[self.problem.rep])
        part = only(self.problem, seats[self.problem.rep])
        begin = cheapest_with_room(part, HOURS)
        if start is not None:
            stays = seats[self.problem.rep[start]]
            begin = np.where(stays, np.searchsorted(keep, start), begin)
        rest = max(self.plans - self.made, 1)
        work = None if np.isinf(self.watch.work_limit) else self.watch.work_limit / self.plans
        seconds = max(self.watch.seconds_left / rest, 0.05)
        how: Options = {"time_limit": seconds, "work_limit": work, "gap": ENOUGH, "seed": self.seed}
        answer = assign(part, start=begin, **how)
        self.watch.interrupted |= answer.status == "interrupted"
        self.made += 1
        if self.progress is not None:
            self.progress(min(self.made, self.plans), self.plans)
        if self.watch.interrupted and self.plan is not None:
            raise KeyboardInterrupt
        # The search may leave a good start worse off only by the clock.
        chosen = min((answer.chosen, begin), key=part.objective)
        return keep[chosen]

    def cost(self, chosen: np.ndarray | None) -> float:
        """Give what is lost in a plan."""
        assert chosen is not None
        return self.problem.objective(chosen)

    def short(self, chosen: np.ndarray) -> float:
        """Give the hours nobody works in a plan."""
        hours = self.problem.measure(HOURS)
        return float(np.maximum(self.problem.loads(hours, chosen) - hours.upper, 0.0).sum())

    def with_place(self, place: int) -> np.ndarray | None:
        """Open one more seat at a place; None where all there are open."""
        first = self.today + place * self.copies
        closed = np.flatnonzero(~self.open[first : first + self.copies])
        if not len(closed):
            return None
        seats = self.open.copy()
        seats[first + closed[0]] = True
        return seats

    def look_at_places(self, places: list[Place], pay: float) -> list[Place]:
        """Say what the first seat at each place saves."""
        for number, place in enumerate(places):
            seats = self.with_place(number)
            assert seats is not None
            bound, plan = self.least(seats), self.best(seats, self.plan)
            saving = self._saving(bound, plan)
            self.found.append(replace(place, saving=saving, net=saving.less(pay)))
        return self.found

    def hire(self, places: list[Place], count: int, pay: float) -> list[Hire]:
        """Open seats one after the other, each where the bound falls most."""
        for _ in range(count):
            options = [(number, self.with_place(number)) for number in range(len(places))]
            bounds = {n: (self.least(seats), seats) for n, seats in options if seats is not None}
            if not bounds:
                break
            number = min(bounds, key=lambda n: bounds[n][0])
            bound, seats = bounds[number]
            plan = self.best(seats, self.plan)
            saving = self._saving(bound, plan)
            assert self.plan is not None
            price = self.problem.measure(HOURS).price
            kept = price * (self.short(self.plan) - self.short(plan))
            short = self.short(plan)
            self.steps.append(Hire(places[number].name, saving, saving.less(pay), short, kept))
            self.open, self.bound, self.plan = seats, bound, plan
        return self.steps

    def remove(self, scenario: Scenario) -> list[Removal]:
        """Close each of today's seats by itself; of the one missed least a plan is made."""
        self.open, self.plan = np.arange(self.problem.reps) < self.today, self.first
        assert self.first is not None
        self.bound, cost = self.least(self.open), self.cost(self.first)
        paid = (scenario.reps["base_pay"] + scenario.reps["target_incentive"]).to_numpy()
        load = self.problem.loads(self.problem.measure(HOURS), self.first)[: self.today]
        bounds: dict[int, float] = {}
        for j in np.argsort(load, kind="stable")[:MOST_REMOVED].tolist():
            seats = self.open.copy()
            seats[j] = False
            served = np.bincount(self.problem.unit[seats[self.problem.rep]], minlength=self.problem.units)
            if not served.all():
                self.gone.append(Removal(str(scenario.reps.index[j]), None, float(paid[j])))
                continue
            bounds[j] = self.least(seats)
        for j, bound in bounds.items():
            high = np.inf
            if bound == min(bounds.values()):
                seats = self.open.copy()
                seats[j] = False
                high = self.cost(self.best(seats, self.first)) - self.bound
            low = max(bound - cost, 0.0)
            loss = Saving(float(np.clip(bound - self.bound, low, high)), low, high)
            self.gone.append(Removal(str(scenario.reps.index[j]), loss, float(paid[j])))
        return self.gone

    def _saving(self, bound: float, plan: np.ndarray) -> Saving:
        """Compare with the seats now open."""
        before, after = self.cost(self.plan), self.cost(plan)
        # With one seat more nothing is lost that was not before: the seat may stay without customers.
        low, high = max(self.bound - after, 0.0), max(before - bound, 0.0)
        return Saving(float(np.clip(before - after, low, high)), low, high)


def _rules_of_hours(scenario: Scenario) -> Rules:
    """Leave out what compares books: with another seat every fair share is another one."""
    none = {"balance": (), "fairness": (), "limits": (), "objective": "weighted", "priority": ()}
    return scenario.rules.model_copy(update=none)
