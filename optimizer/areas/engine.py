"""How territories are found: a search, a bound, and where the bound leaves few pairs a program, in turns."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from optimizer.areas.bound import CenterBound, bound_centers, possible_pairs, still_open
from optimizer.areas.center_list import fit_together, list_territories
from optimizer.areas.exact import AreaProgram, Round
from optimizer.areas.model import Model
from optimizer.areas.search import WARM, Found, Search, anneal, start_from
from optimizer.core.assignment import Measure, Problem
from optimizer.core.bound import lower_bound
from optimizer.core.guide import reduced_costs
from optimizer.core.rows import compile_rows
from optimizer.core.solvers import Watch as SolverWatch
from optimizer.core.stopping import Watch
from scenarios.errors import NoPlanExists, NoPlanFoundInTime

FIRST_STARTS, STEPS = 24, 400_000
"""Starts of the first search, and steps of each; fewer where units are few, more where they are many."""

FEWEST_STEPS_PER_UNIT, MOST_STEPS_PER_UNIT = 250, 10_000
"""Steps of each start a unit, at least and at most."""

FIRST_SHARE, BOUND_SHARE = 0.2, 0.4
"""Share of the time for the first search, and of what is left then for the bound."""

BOUND_STEPS = 1_500
"""Steps of the prices at most."""

MOST_PAIRS = 12_000
"""Pairs of unit and center up to which the program takes its turn."""

HARD, HARD_SHARE = 1_500, 0.4
"""Pairs from which the program is slow: more searches go before it, for this share of the time left."""

FINEST = 1e-4
"""The program is solved to this gap at least, or to the wanted one."""

ROUNDS = 200
"""Rounds of the program at most."""

MOST_VAIN = 60
"""Searches in vain in a row after which we stop."""

LOOK_SECONDS = 2.0
"""Seconds at most to see whether it is contiguity that leaves no plan."""

NODE_WORK = 20_000
"""What a node of the program's search tree counts for, in steps of search."""


@dataclass
class Engine:
    """One division in the making.

    Parameters
    ----------
    model
        What to divide.
    watch
        The clock, and what is known so far.
    seed
        Seed of all searches.
    limits
        What every territory may add up to, in words, by measure: for messages.
    start
        A division to begin with, whatever its loads, if there is one.
    """

    model: Model
    watch: Watch
    seed: int
    limits: Mapping[str, str]
    log: list[str] = field(default_factory=list)
    found: Found = field(default_factory=Found)
    engines: list[str] = field(default_factory=lambda: ["search"])
    with_contiguity: bool = False
    suggested: np.ndarray | None = None
    prices: CenterBound | None = None
    start: np.ndarray | None = None

    def run(self) -> None:
        """Search, bound, prove, search on.

        Raises
        ------
        NoPlanExists
            If that is proved.
        NoPlanFoundInTime
            If the limits ran out before a division was found.
        """
        search = Search(self.model, self.found, self.seed)
        steps = _steps(self.model)
        try:
            if self.start is not None:
                search.begin(self.start, self.watch.part(FIRST_SHARE / 2), steps=steps)
            search.run(self.watch.part(FIRST_SHARE), starts=FIRST_STARTS, steps=steps)
            self._say("The first search")
            open_ = self._bound()
            if open_.sum() > HARD and self.found.owner is not None:
                self._search_on(search, steps, self.watch.part(HARD_SHARE))
                if self.prices is not None:
                    open_ = still_open(self.model, open_, self.prices, self.found.cost)
            if self.watch.verdict() is None and open_.sum() <= MOST_PAIRS and not self._list():
                self._prove(open_)
            self._search_on(search, steps, self.watch)
        except KeyboardInterrupt:
            self.watch.interrupted = True
        except SystemError as error:
            # So numba tells of an interrupt that came while it handed over arguments.
            if not isinstance(error.__cause__ or error.__context__, KeyboardInterrupt):
                raise
            self.watch.interrupted = True
        if self.found.owner is None:
            raise NoPlanFoundInTime(
                f"no such territories found in {self.watch.seconds:.1f} seconds; "
                "allow more time or wider limits"
            )

    def _say(self, who: str) -> None:
        cost = "nothing yet" if self.found.owner is None else f"{self.found.cost:,.6g}"
        self.log.append(f"{who} found {cost} ({self.watch.seconds:.1f} s).")

    def _raise(self, value: float, with_contiguity: bool) -> None:
        """Take note of a bound, and of what it knows."""
        if value > self.watch.bound:
            self.with_contiguity = with_contiguity
            self.watch.tell(bound=value)

    def _bound(self) -> np.ndarray:
        """Bound, and give the pairs that a better division may have."""
        watch = self.watch.part(BOUND_SHARE)
        if self.model.fixed:
            open_ = self._bound_fixed()
        else:
            open_ = possible_pairs(self.model)
            quiet = Watch(watch.seconds_left, None, 0.0)
            bound = bound_centers(self.model, open_, self.found.cost, quiet, steps=BOUND_STEPS)
            self.watch.work += quiet.work
            if np.isinf(bound.value):
                raise NoPlanExists(self._reasons("even if units could be shared and territories fall apart"))
            self._raise(bound.value, not self.model.contiguous)
            self.suggested = bound.centers[: self.model.territories]
            self.prices = bound
            open_ = still_open(self.model, open_, bound, self.found.cost)
        self.log.append(
            f"Prices prove that none costs less than {self.watch.bound:,.6g}; {int(open_.sum()):,} of "
            f"{open_.size:,} pairs of unit and center are left ({self.watch.seconds:.1f} s)."
        )
        return open_

    def _bound_fixed(self) -> np.ndarray:
        model = self.model
        assert model.seats is not None
        unit, seat = np.divmod(np.arange(model.units * model.territories), model.territories)
        own = np.full(model.units, -1)
        own[model.seats] = np.arange(model.territories)
        open_ = ((own[unit] < 0) | (own[unit] == seat)).reshape(model.cost.shape)
        pairs = np.flatnonzero(open_.ravel())
        measures = tuple(
            Measure(name, amount[unit[pairs]], lower, upper)
            for name, amount, lower, upper in zip(
                model.measures, model.amount, model.lower, model.upper, strict=True
            )
        )
        problem = Problem(
            model.units, model.territories, unit[pairs], seat[pairs], model.cost.ravel()[pairs], measures
        )
        bound = lower_bound(problem)
        self._raise(bound.value, not model.contiguous)
        rows = compile_rows(problem)
        reduced = reduced_costs(rows, rows.prices(problem, bound.certificate))
        room = self.found.cost - bound.value
        open_[unit[pairs], seat[pairs]] = reduced <= room + 1e-9 * abs(bound.value)
        price = np.array([bound.certificate.measures[name] for name in model.measures])
        self._anneal_from_prices(price)
        return open_

    def _anneal_from_prices(self, price: np.ndarray) -> None:
        """Search from the territories that the prices of the bound suggest."""
        model = self.model
        owner = start_from(model, np.asarray(model.seats), price=price, rounds=10)
        steps = _steps(model)
        anneal(model, owner, self.found, self.watch, steps=steps, heat=WARM, seed=self.seed)
        self._say("A search from the prices of the bound")

    def _list(self) -> bool:
        """List all territories that may be and choose those that fit together; say whether it is settled."""
        if self.model.fixed or not self.model.contiguous:
            return False
        listed = list_territories(self.model, self.prices, self.found.cost)
        if listed is None:
            self.log.append(f"Too many connected territories to list them ({self.watch.seconds:.1f} s).")
            return False
        answer = fit_together(
            self.model, listed, time_limit=self.watch.seconds_left, nodes=self._nodes_left(),
            gap=self._gap(), seed=self.seed, watch=SolverWatch(),
        )  # fmt: skip
        self._count(answer)
        self.engines.append("list of all territories, HiGHS")
        self.log.append(
            f"{len(listed.members):,} connected territories may be part of it ({self.watch.seconds:.1f} s)."
        )
        if answer.ended == "infeasible":
            if self.found.owner is None:
                raise NoPlanExists(self._reasons("each in one piece"))
            self._raise(self.found.cost, True)
        else:
            if answer.owner is not None:
                self._offer(answer.owner)
            self._raise(min(answer.bound, self.found.cost), True)
        return answer.ended in ("infeasible", "proved") or self.watch.interrupted

    def _nodes_left(self) -> int | None:
        left = self.watch.work_limit - self.watch.work
        return None if np.isinf(left) else max(int(left / NODE_WORK), 1)

    def _gap(self) -> float:
        return min(max(self.watch.gap / 2, FINEST), 0.1)

    def _count(self, answer: Round) -> None:
        self.watch.work += NODE_WORK * max(answer.nodes, 1)
        if answer.ended == "interrupted":
            self.watch.interrupted = True

    def _prove(self, open_: np.ndarray) -> None:
        """Solve the program, cut what falls apart, and solve it again."""
        program = AreaProgram(self.model, open_)
        pruned = np.isfinite(self.found.cost)
        self.engines.append("HiGHS")
        for number in range(ROUNDS):
            if self.watch.verdict() is not None:
                return
            answer = program.solve(
                self.found.owner,
                time_limit=self.watch.seconds_left,
                nodes=self._nodes_left(),
                gap=self._gap(),
                seed=self.seed,
                watch=SolverWatch(),
            )
            self._count(answer)
            if self.watch.interrupted:
                return
            if answer.ended == "infeasible":
                if not pruned:
                    raise NoPlanExists(self._reasons("each in one piece"))
                self._raise(self.found.cost, True)
                return
            self._raise(min(answer.bound, self.found.cost), True)
            apart = 0
            if answer.owner is not None and answer.center is not None:
                apart = program.cut(answer.owner, answer.center)
                if apart == 0:
                    self._offer(answer.owner)
                    self._raise(min(answer.bound, self.found.cost), True)
                else:
                    self._mend(answer.center, number)
            self.log.append(
                f"Program, round {number + 1}: {len(program.unit):,} pairs, {len(program.cuts):,} cuts, "
                f"{answer.nodes:,} nodes, bound {answer.bound:,.6g}, {apart} parts apart "
                f"({self.watch.seconds:.1f} s)."
            )
            if apart == 0:
                return
            if self.prices is not None and np.isfinite(self.found.cost):
                pruned = True
                open_ = still_open(self.model, open_, self.prices, self.found.cost)
                program.restrict(open_)

    def _offer(self, owner: np.ndarray) -> None:
        if self.model.keeps(owner) and self.found.offer(owner, self.model.objective(owner)):
            self.watch.tell(best=self.found.cost)

    def _mend(self, centers: np.ndarray, number: int) -> None:
        """Look for connected territories around the centers of a division that falls apart."""
        seats = centers if self.model.seats is None else self.model.seats
        owner = start_from(self.model, seats, rounds=6)
        anneal(self.model, owner, self.found, self.watch, steps=STEPS, heat=WARM, seed=self.seed + number)

    def _search_on(self, search: Search, steps: int, watch: Watch) -> None:
        """Search from new starts and from the best in turns, until nothing better is found for long."""
        vain, suggested = 0, self.suggested
        while watch.verdict() is None and vain < MOST_VAIN:
            before = self.found.cost
            longer = int(steps * 1.1**vain)
            if vain % 2 == 0:
                search.improve(watch, steps=longer)
            else:
                search.run(watch, starts=1, steps=longer, suggested=suggested)
                suggested = None
            vain = 0 if self.found.cost < before else vain + 1
            if vain == 0:
                self._say("A further search")

    def _reasons(self, how: str) -> list[str]:
        k = self.model.territories
        limits = " and ".join(f"{name} {words}" for name, words in self.limits.items())
        many = "1 territory exists" if k == 1 else f"{k} territories exist"
        said = [f"No {many}, {how}, with {limits or 'no limits'}; allow wider limits or another number"]
        if self.model.contiguous and self._exists_in_pieces():
            said.append("Without contiguity there is such a division: join units by links or lift a barrier")
        return said

    def _exists_in_pieces(self) -> bool:
        """Say whether a short search finds a division that may fall apart."""
        found = Found()
        watch = Watch(min(self.watch.time_limit, LOOK_SECONDS), None, 0.0)
        search = Search(self.model.in_pieces(), found, self.seed)
        for _ in range(FIRST_STARTS):
            if found.owner is None and watch.verdict() is None:
                search.run(watch, starts=1, steps=_steps(self.model))
        return found.owner is not None


def _steps(model: Model) -> int:
    """Say how many steps one search takes."""
    return int(np.clip(STEPS, FEWEST_STEPS_PER_UNIT * model.units, MOST_STEPS_PER_UNIT * model.units))
