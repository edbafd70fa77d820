"""Trade-offs of a scenario: what balance costs in moves, travel or money, as plans one can take."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, Literal, get_args

import numpy as np
import pandas as pd

from optimizer.compiling.shares import fair_shares
from optimizer.compiling.territories import HOURS, Compiled, compile_problem
from optimizer.core.result import Result
from optimizer.overlays.assigning import support_for
from optimizer.plan import Plan
from optimizer.quotas import split_target
from optimizer.rivals import TODAY, cheapest_with_room
from optimizer.rules import violations
from optimizer.score import known_owner, measured, moved, score
from optimizer.trading.frontier import Told, frontier
from optimizer.trading.goals import Axis, Cost, Evenness, Goal, Spending
from optimizer.trading.pareto import End, Point
from scenarios import InputError, Problem, Scenario
from scenarios.naming import near
from scenarios.rules import FairnessRule, Measure
from scenarios.rules import Goal as Ordered

Name = Literal["balance", "moves", "disruption", "travel", "value"]

AXES: tuple[Name, ...] = get_args(Name)
"""The goals; the last one asked for is made least, the others are held at levels."""

UNITS = {
    "balance": "largest departure from the fair share, as a share of it",
    "moves": "customers who change their owner",
    "disruption": "money at risk a year because owners change",
    "travel": "money a year for hours on the road",
    "value": "money lost a year against each customer's best rep, all terms and prices",
}


@dataclass(frozen=True, eq=False)
class Compromise:
    """A point of the trade-off as a plan.

    Parameters
    ----------
    plan
        Owners and quotas; the result's objective and bound are those of the scenario's objective among plans
        that stand as well in the other goals; its `within` says so.
    figures
        Where the plan stands in all goals, asked for or not, recomputed from the tables.
    levels
        Where the held goals were held, by name.
    bound
        No plan within these levels is under this in the goal that was made least.
    price_of_fairness
        (cost - least cost) / least cost of all points; the cost is the goal made least if that is money, the
        value otherwise. None where the least cost is 0.
    breaks
        Hard rules that the plan breaks, in words. Rules of the books hold, but specialists are chosen for the
        books (`support_for`), and where these leave no room, their hours run over.
    """

    plan: Plan
    figures: dict[str, float]
    levels: dict[str, float]
    bound: float
    price_of_fairness: float | None = None
    breaks: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class TradeOffs:
    """A trade-off of a scenario.

    Parameters
    ----------
    over
        The goals, those held first, the one made least at the end.
    measure
        What balance is about.
    points
        Plans none of which is as good as another in all goals and worse in one; widest levels first.
    today
        Where today's book stands, in all goals.
    today_breaks
        Hard rules that today's book breaks, in words.
    best
        The best of each held goal alone: what was reached, and what no plan can be under.
    missing
        Levels without a plan, and why.
    interrupted
        Whether people asked to stop before all levels had their turn.
    """

    over: tuple[Name, ...]
    measure: Measure
    points: tuple[Compromise, ...]
    today: dict[str, float]
    today_breaks: tuple[str, ...]
    best: dict[str, End]
    missing: tuple[tuple[dict[str, float], str], ...]
    interrupted: bool

    @property
    def least(self) -> Name:
        """The goal that was made least."""
        return self.over[-1]

    @property
    def cost(self) -> Name:
        """The goal that counts as cost: the one made least if it is money, the value otherwise."""
        return self.least if self.least not in ("balance", "moves") else "value"

    @property
    def price_of_fairness(self) -> float | None:
        """What the fairest point costs above the cheapest, as a share; None without balance or cost."""
        if "balance" not in self.over or not self.points:
            return None
        return min(self.points, key=lambda point: point.figures["balance"]).price_of_fairness

    @property
    def per_move(self) -> list[dict[str, float]]:
        """Balance gained for each customer moved, from one point to the next with more moves.

        Empty where not both are goals. Balance is a share of the fair share, so .01 is a percentage point.
        """
        if not {"balance", "moves"} <= set(self.over):
            return []
        steps: list[dict[str, float]] = []
        stairs: list[dict[str, float]] = []
        for point in sorted(self.points, key=lambda p: (p.figures["moves"], p.figures["balance"])):
            if not stairs or point.figures["balance"] < stairs[-1]["balance"]:
                stairs.append(point.figures)
        for one, other in pairwise(stairs):
            more, gained = other["moves"] - one["moves"], one["balance"] - other["balance"]
            if more > 0:
                ends = {"from_moves": one["moves"], "to_moves": other["moves"]}
                steps.append({**ends, "balance_gained": gained, "per_customer": gained / more})
        return steps


def trade_offs(
    scenario: Scenario,
    over: Sequence[str],
    *,
    measure: Measure | None = None,
    points: int = 12,
    time_limit: float | None = None,
    work_limit: float | None = None,
    seed: int = 1,
    progress: Told | None = None,
) -> TradeOffs:
    """Find plans along a trade-off of two or three goals.

    Hard rules of reps and books hold at every point; those of specialists, who are chosen for the books
    afterwards, may not, and each point says which it breaks. Priced rules count in the value, and wherever
    the goals leave a choice. Goals in strict order (`rules.priority`) do not count here.

    Parameters
    ----------
    over
        Two or three of `AXES`.
    measure
        What balance is about; by default that of the first balance rule, or potential.
    points, time_limit, work_limit, seed, progress
        As in `optimizer.trading.frontier.frontier`.

    Raises
    ------
    InputError
        If the goals are not two or three of `AXES`, or a rep can have no fair share to compare with.
    NoPlanExists
        If the hard rules clash.
    NoPlanFoundInTime
        If the limits ran out first.
    """
    names = goals_in_order(over)
    balanced: list[Measure] = [rule.measure for rule in scenario.rules.balance]
    about = measure or (balanced[0] if balanced else "potential")
    compiled, goals = _compile(scenario, about, names)
    held: list[Axis] = [goals[name] for name in names[:-1]]  # type: ignore[misc]
    found = frontier(
        compiled.problem, held, goals[names[-1]], points=points, time_limit=time_limit, work_limit=work_limit,
        seed=seed, start=cheapest_with_room(compiled.problem, HOURS), progress=progress,
    )  # fmt: skip
    shares = fair_shares(scenario, about)
    compromises = [
        _compromise(scenario, compiled, names, point, number, about, shares)
        for number, point in enumerate(found.best, 1)
    ]
    book = known_owner(scenario, scenario.customers["owner"])
    today = Plan(TODAY, scenario.digest, book, split_target(scenario, book))
    return TradeOffs(
        over=names,
        measure=about,
        points=tuple(_with_prices(compromises, names)),
        today=_figures(scenario, book, about, shares),
        today_breaks=tuple(str(v) for v in violations(scenario, today)),
        best=dict(zip(names, found.ends, strict=False)),
        missing=tuple((dict(zip(names, levels, strict=False)), why) for levels, why in found.missing),
        interrupted=found.interrupted,
    )


def goals_in_order(over: Sequence[str]) -> tuple[Name, ...]:
    """Put goals in the order in which they are held, the one to be made least at the end.

    Raises
    ------
    InputError
        If they are not two or three different ones of `AXES`.
    """
    asked = [name.strip() for name in over]
    choice = f"name two or three of {', '.join(AXES)}"
    problems = [
        Problem("--over", name, f"no such goal{near(name, AXES) or ';'} {choice}")
        for name in asked
        if name not in AXES
    ]
    problems += [Problem("--over", n, "named twice; name it once") for n in AXES if asked.count(n) > 1]
    if not 2 <= len(asked) <= 3:
        problems.append(Problem("--over", ",".join(asked), choice))
    if problems:
        raise InputError(problems)
    return tuple(name for name in AXES if name in asked)


def _compile(scenario: Scenario, about: Measure, names: tuple[Name, ...]) -> tuple[Compiled, dict[str, Goal]]:
    """Compile the scenario so that it holds the goals' amounts, and take these out as goals."""
    rules = scenario.rules
    shares = fair_shares(scenario, about).to_numpy()
    if "balance" in names and (shares <= 0).any():
        remedy = (
            f"this rep has no fair share of {about} to compare with; take the rep out, or another --measure"
        )
        nobody = scenario.reps.index[shares <= 0]
        raise InputError([Problem("reps.csv", str(rep), remedy) for rep in nobody])
    spent: tuple[Ordered, ...] = ("moves", "disruption", "travel")
    changed: dict[str, Any] = {"objective": "priority", "priority": spent}
    known = any(r.measure == about and r.notion == "maximum deviation" for r in rules.fairness)
    if "balance" in names and not known:
        compared = FairnessRule(measure=about, notion="maximum deviation", price=1.0)
        changed["fairness"] = (*rules.fairness, compared)
    compiled = compile_problem(scenario.replace(rules=rules.model_copy(update=changed)))
    terms = compiled.problem.fairness[: len(rules.fairness)]
    goals: dict[str, Goal] = {"value": Cost()}
    for level in compiled.levels:
        if level.cost is not None and level.name in spent:
            goals[level.name] = Spending(level.name, np.asarray(level.cost, dtype=float))
    if "balance" in names:
        goals["balance"] = Evenness(f"fairness of {about}", shares)
    return replace(compiled, problem=replace(compiled.problem, fairness=terms), levels=()), goals


def _compromise(
    scenario: Scenario, compiled: Compiled, names: tuple[Name, ...], point: Point, number: int,
    about: Measure, shares: pd.Series,
) -> Compromise:  # fmt: skip
    owner, made = compiled.owners(point.plan.chosen), point.plan
    figures = _figures(scenario, owner, about, shares)
    result = Result(
        made.status, figures["value"], min(made.bound, figures["value"]), made.seconds, made.engine,
        (*compiled.log, *made.log),
        within=f"stands as well in {' and '.join(name for name in names if name != 'value')}",
    )  # fmt: skip
    plan = Plan(f"point {number:02}", scenario.digest, owner, split_target(scenario, owner), result)
    plan = replace(plan, support=support_for(scenario, owner))
    levels: dict[str, float] = dict(zip(names, point.levels, strict=False))
    breaks = tuple(str(violation) for violation in violations(scenario, plan))
    return Compromise(plan, figures, levels, min(point.bound, figures[names[-1]]), breaks=breaks)


def _figures(scenario: Scenario, owner: pd.Series, about: Measure, shares: pd.Series) -> dict[str, float]:
    """Say where a book stands in all goals, from the tables."""
    scored = score(scenario, owner)
    load = measured(scenario, about, owner)
    apart = (load - shares).abs() / shares.where(shares > 0)
    return {
        "balance": float(apart.max()),
        "moves": float(moved(scenario, owner).sum()),
        "disruption": scored.terms["disruption"],
        "travel": scored.terms["travel"],
        "value": scored.objective,
    }


def _with_prices(points: list[Compromise], names: tuple[Name, ...]) -> list[Compromise]:
    """Give each point the price of fairness, where balance is a goal."""
    if "balance" not in names or not points:
        return points
    cost = names[-1] if names[-1] not in ("balance", "moves") else "value"
    least = min(point.figures[cost] for point in points)
    if not least > 0:
        return points
    return [replace(point, price_of_fairness=(point.figures[cost] - least) / least) for point in points]
