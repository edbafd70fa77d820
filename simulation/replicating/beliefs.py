"""What reps believe their effort brings, learned in pilot years until it is what they then see."""

import contextlib
import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from optimizer import Plan
from optimizer.workers import side_by_side
from scenarios import Scenario
from scenarios.behavior import Effort, Timing
from simulation.accounting.measures import measure
from simulation.behaving.expectations import weekly_bookings
from simulation.behaving.own_rule import Rule
from simulation.company.year import play
from simulation.luck.fate import draw
from simulation.world.world import World, under_other_pay, with_one_luck, world_of

Numbers = NDArray[np.float64]
Told = Callable[[str, int, int], None]
Lived = tuple[Numbers, Numbers]
"""Bookings, money, and efforts of years, [years, reps]."""
Pairs = Mapping[str, tuple[Scenario, Plan]]

ROUNDS = 6
CLOSE = 0.02
"""Rounds of pilot years at most, and how near belief and bookings are to be, as a share."""

SMALL = 0.1
"""A step of beliefs no larger than this share is taken and not looked at again: what reps then see moves by
less than a fifth of it (docs/benchmarks.md).
"""

PILOT = 1 << 40
"""Added to the seed: the luck of pilot years is not that of the years that count."""

AT_ONCE = 4
"""Pilot years in a job."""

LEARNING = "pilot years"
"""What `progress` is told that reps learn."""

OF_WORDS = frozenset({"name", "title", "description", "currency"})
"""Of a scenario, what is for people."""


def learned_world(scenario: Scenario, plan: Plan, seed: int, rule: Rule | None = None) -> World:
    """Compile a scenario and a plan with reps who know what their effort brings; see `Beliefs`.

    With a user's own rule of effort there is nothing to learn.
    """
    if rule is not None:
        return world_of(scenario, plan, rule=rule)
    [world] = Beliefs().worlds({"": (scenario, plan)}, seed).values()
    return world


class Beliefs:
    """What reps have learned so far, so that nothing is learned or compiled twice.

    Expected bookings at effort 1 leave out what nobody has time for, empty seats, churn and all else that
    the year has in store. In pilot years reps see what they booked for the effort they gave: with elasticity
    eta and mean effort e, bookings are m (1 + eta (e - 1)). First all give effort 1: what they see then is
    the same whatever they are paid, and where beliefs begin. Under a scheme they give the effort that their
    belief asks for, see again, and believe what they see, until it is within 2 % of what they believed or the
    step was no larger than 10 %. Where a step did not halve the gap, the next goes half the way.

    What is learned depends on scenario, plan and seed, not on what was learned before.
    """

    def __init__(self) -> None:
        self._companies: list[_Company] = []
        self._known: list[_Known] = []

    def worlds(
        self, pairs: Pairs, seed: int, workers: int = 1, progress: Told | None = None
    ) -> dict[str, World]:
        """Compile scenarios and plans with reps who know what their effort brings.

        Worlds that differ in nothing but pay and the answers to it share all else.

        Parameters
        ----------
        pairs
            Scenario and plan by name.
        seed
            Of the years to come; the pilot years follow from it.
        workers
            Processes to work in, as of `simulate`.
        progress
            Told `LEARNING`, pilot years lived and in all as far as is known.
        """
        pilots = _Pilots(seed, workers, progress)
        learners = {}
        for name, (scenario, plan) in pairs.items():
            company = self._company_of(scenario, plan)
            learner = _Learner(scenario, plan, company)
            if learner.years:
                known = self._belief_of(scenario, plan, seed)
                learner.believe(company.start(pilots, learner.years) if known is None else known)
                learner.is_done = known is not None
            learners[name] = learner
        for _ in range(ROUNDS):
            busy = [one for one in learners.values() if not one.is_done]
            for group in _with_one_luck(busy):
                lived = pilots.live([one.world for one in group], group[0].years)
                for one, seen in zip(group, lived, strict=True):
                    one.learn(*seen)
        self._known += [
            _Known(one.scenario, one.plan, seed, one.belief)
            for one in learners.values()
            if one.belief is not None and self._belief_of(one.scenario, one.plan, seed) is None
        ]
        return {name: one.world for name, one in learners.items()}

    def _company_of(self, scenario: Scenario, plan: Plan) -> "_Company":
        """Find the company that a scenario shows under other pay, or compile it."""
        for one in self._companies:
            if one.plan is plan and _differ_in_pay_alone(one.scenario, scenario):
                return one
        made = _Company(scenario, plan)
        self._companies.append(made)
        return made

    def _belief_of(self, scenario: Scenario, plan: Plan, seed: int) -> Numbers | None:
        """Find what reps have learned before."""
        for one in self._known:
            if one.scenario is scenario and one.plan is plan and one.seed == seed:
                return one.belief
        return None


@dataclass(frozen=True, eq=False)
class _Known:
    """What reps have learned, see `_Learner.belief`."""

    scenario: Scenario
    plan: Plan
    seed: int
    belief: Numbers


class _Company:
    """A company in which all give effort 1, whatever they are paid, and what they see there.

    Parameters
    ----------
    scenario, plan
        The first that shows it.
    """

    def __init__(self, scenario: Scenario, plan: Plan) -> None:
        self.scenario, self.plan = scenario, plan
        self.world = world_of(scenario.answering(effort=Effort(mode="constant"), timing=Timing()), plan)
        self._starts: dict[tuple[int, int], Numbers] = {}

    @cached_property
    def expected(self) -> Numbers:
        """Bookings of the year at effort 1 if all work is done in time, money, [reps]."""
        world = self.world
        mean = weekly_bookings(
            self.scenario, world.seats, world.hands, world.streams, world.season, world.quarter_ends
        ).mean[:-1]
        weeks = np.diff(world.quarter_ends, prepend=0.0) / 7
        return mean @ weeks

    def start(self, pilots: "_Pilots", years: int) -> Numbers:
        """Give what pilot years with effort 1 show, over what was expected, [reps]."""
        key = (pilots.seed, years)
        if key not in self._starts:
            [(booked, _)] = pilots.live([self.world], years)
            self._starts[key] = self.found(booked.mean(axis=0), np.ones(len(self.expected)))
        return self._starts[key]

    def found(self, seen: Numbers, believed: Numbers) -> Numbers:
        """Set bookings at effort 1 against what was expected; who saw nothing believes as before, [reps]."""
        there = (self.expected > 0) & (seen > 0)
        return np.divide(seen, self.expected, out=believed.copy(), where=there)


class _Learner:
    """Reps under a scheme, on their way to what their effort brings.

    Parameters
    ----------
    scenario, plan
        What they live in.
    company
        Whose they are.

    Attributes
    ----------
    years
        Pilot years of a round; 0 where nobody learns.
    belief
        What effort brings over what was expected, [reps]; none where nobody learns.
    """

    def __init__(self, scenario: Scenario, plan: Plan, company: _Company) -> None:
        behavior = scenario.market.effort
        self.scenario, self.plan, self.company = scenario, plan, company
        self.years = 0 if behavior.mode == "constant" else behavior.pilot_years
        self.belief: Numbers | None = None
        self.is_done = self.years == 0
        self._gap = np.inf
        self._world: World | None = None

    @property
    def world(self) -> World:
        """The world of reps who believe this."""
        if self._world is None:
            belief = None if self.belief is None else np.append(self.belief, 1.0)
            self._world = under_other_pay(self.company.world, self.scenario, self.plan, belief)
        return self._world

    def believe(self, belief: Numbers) -> None:
        """Believe from now on what is said."""
        self.belief, self._world = belief, None

    def learn(self, booked: Numbers, effort: Numbers) -> None:
        """Move beliefs towards what years show, [years, reps]."""
        assert self.belief is not None
        given = _mean_of_known(effort, otherwise=1.0)
        seen = booked.mean(axis=0) / (1 + self.scenario.market.effort.elasticity * (given - 1))
        found = self.company.found(seen, self.belief)
        gap = float(np.abs(found / self.belief - 1).max(initial=0.0))
        if gap < CLOSE:
            self.is_done = True
            return
        goes_half = gap > self._gap / 2
        self.believe(np.sqrt(self.belief * found) if goes_half else found)
        self.is_done = gap < SMALL and not goes_half
        self._gap = gap


class _Pilots:
    """Pilot years, lived and counted.

    Parameters
    ----------
    seed, workers, progress
        As of `Beliefs.worlds`.
    """

    def __init__(self, seed: int, workers: int, progress: Told | None) -> None:
        self.seed = seed
        self._workers, self._progress = workers, progress
        self._done = self._all = 0

    def live(self, worlds: Sequence[World], years: int) -> list[Lived]:
        """Live through years in worlds of one luck."""
        self._all += years * len(worlds)
        spans = [(first, min(first + AT_ONCE, years)) for first in range(0, years, AT_ONCE)]
        jobs = ((worlds, self.seed + PILOT, *span) for span in spans)
        parts = []
        with contextlib.closing(side_by_side(_lived, jobs, self._workers)) as lived:
            for span, part in zip(spans, lived, strict=True):
                parts.append(part)
                self._done += (span[1] - span[0]) * len(worlds)
                if self._progress is not None:
                    self._progress(LEARNING, self._done, self._all)
        return [
            (np.concatenate([one[0] for one in of_world]), np.concatenate([one[1] for one in of_world]))
            for of_world in zip(*parts, strict=True)
        ]


def _lived(worlds: Sequence[World], seed: int, first: int, last: int) -> list[Lived]:
    """Live through the years `first` to `last` - 1 in worlds of one luck, which is drawn once a year."""
    booked: list[list[Numbers]] = [[] for _ in worlds]
    effort: list[list[Numbers]] = [[] for _ in worlds]
    for number in range(first, last):
        fate = draw(worlds[0], seed, number)
        for n, world in enumerate(worlds):
            seen = measure(world, play(world, fate))
            booked[n].append(seen.bookings.sum(axis=1))
            effort[n].append(seen.effort)
    return [(np.array(some), np.array(others)) for some, others in zip(booked, effort, strict=True)]


def _with_one_luck(learners: Sequence[_Learner]) -> list[list[_Learner]]:
    """Group learners by whether their pilot years have the very same luck."""
    of_years = [[one for one in learners if one.years == years] for years in {n.years: 0 for n in learners}]
    return [
        [some[n] for n in group] for some in of_years for group in with_one_luck([one.world for one in some])
    ]


def _differ_in_pay_alone(one: Scenario, other: Scenario) -> bool:
    """Say whether two scenarios are made of the same, but for pay and the answers to it."""
    if not all(
        getattr(one, field.name) is getattr(other, field.name)
        for field in dataclasses.fields(Scenario)
        if field.name not in {"scheme", "market"} | OF_WORDS
    ):
        return False
    answers = {"effort": other.market.effort, "timing": other.market.timing}
    has_its_ways = one.tours is other.tours or (one.tours is one and other.tours is other)
    return has_its_ways and one.market.model_copy(update=answers) == other.market


def _mean_of_known(values: Numbers, otherwise: float) -> Numbers:
    known = ~np.isnan(values)
    return np.divide(
        np.where(known, values, 0.0).sum(axis=0), known.sum(axis=0),
        out=np.full(values.shape[1], otherwise), where=known.any(axis=0),
    )  # fmt: skip
