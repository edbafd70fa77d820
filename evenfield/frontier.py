"""`evenfield frontier`: what balance costs in moves, travel or money, as plans one can take."""

from pathlib import Path
from typing import Annotated, Any, get_args

import typer

from evenfield.alternatives import open_scenario
from evenfield.answering import write_json
from evenfield.options import (
    AllTimeLimit,
    Changes,
    Json,
    Out,
    ScenarioArgument,
    Seed,
    WorkLimit,
    again,
    leave_if_interrupted,
    made_folder,
)
from evenfield.plots.frontier import draw_frontier, draw_plans, write_figure
from evenfield.report.sheet import Part, Sheet, write_sheet
from evenfield.saving import save_plan
from evenfield.terminal import (
    answers,
    counting,
    print_json,
    say,
    say_attainable,
    show_table,
    told,
)
from optimizer.trading.pareto import Point
from optimizer.trading.tradeoffs import AXES, UNITS, Compromise, TradeOffs, goals_in_order, trade_offs
from scenarios import InputError, Problem, Scenario
from scenarios.naming import near
from scenarios.reading import locate
from scenarios.rules import Measure

COSTS = {"travel": "travel", "disruption": "money at risk", "value": "money lost"}
"""What the goals that count as cost are called in a sentence."""

HOLD = "Hard rules hold in all of them."

POINTS_FOLDER, PAGE, SUMMARY = "points", "frontier.html", "frontier.json"


def frontier_command(
    scenario: ScenarioArgument,
    over: Annotated[
        str, typer.Option("--over", help=f"Two or three of {', '.join(AXES)}, with commas between")
    ] = "balance,moves",
    points: Annotated[int, typer.Option("--points", help="Levels to look for a plan at", min=1)] = 12,
    measure: Annotated[
        str | None,
        typer.Option("--measure", help="What balance is about [default: the first balance rule's measure]"),
    ] = None,
    change: Changes = None,
    time_limit: AllTimeLimit = None,
    work_limit: WorkLimit = None,
    out: Out = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Show what one goal costs in terms of another: plans along the trade-off, each with a proven bound."""
    with told(as_json):
        about = _checked(over.split(","), measure)
        asked = open_scenario(scenario, change or [])
        folder = made_folder(out or Path("out") / asked.name)
        say_attainable(asked)
        with counting("planning") as tell:

            def progress(done: int, total: int, newest: Point | None) -> None:
                tell(f"{over} points", done, total)

            found = trade_offs(
                asked,
                over.split(","),
                measure=about,
                points=points,
                time_limit=time_limit,
                work_limit=work_limit,
                seed=seed,
                progress=progress,
            )
        words = frontier_words(asked, found, seed)
        for row, point in zip(words["points"], found.points, strict=True):
            place = folder / POINTS_FOLDER / row["name"]
            row["plan"] = str(save_plan(place, asked, point.plan, locate(scenario)))
        write_json(folder / SUMMARY, words)
        options = {"measure": measure, "points": points, "time_limit": time_limit, "work_limit": work_limit}
        command = again("frontier", scenario, change, over=over, **options, seed=seed)
        write_sheet(frontier_sheet(asked, found, command), folder / PAGE, asked.currency)
        if as_json:
            print_json(words)
        else:
            show_frontier(asked, found)
        say(f"Saved in {folder}: open {PAGE}; each plan in {POINTS_FOLDER}/NN, for simulate and compare")
        leave_if_interrupted(found.interrupted)


def _checked(over: list[str], measure: str | None) -> Measure | None:
    """Refuse unknown goals and measures, all at once."""
    problems: list[Problem] = []
    try:
        goals_in_order(over)
    except InputError as error:
        problems += error.problems
    known = get_args(Measure)
    if measure is not None and measure not in known:
        remedy = f"name one of {', '.join(known)}{near(measure, known)}"
        problems.append(Problem("--measure", measure, remedy))
    if problems:
        raise InputError(problems)
    return measure  # type: ignore[return-value]


def frontier_words(scenario: Scenario, found: TradeOffs, seed: int) -> dict[str, Any]:
    """Describe a trade-off for programs; where plans are saved is added by who saves them."""
    best = found.best.get("balance")
    return {
        "points": [
            {
                "name": f"{number:02}",
                **point.figures,
                "bound": point.bound,
                "gap": _gap(point.figures[found.least], point.bound),
                "levels": point.levels,
                "status": None if point.plan.result is None else point.plan.result.status,
                "price_of_fairness": point.price_of_fairness,
                "violations": list(point.breaks),
            }
            for number, point in enumerate(found.points, 1)
        ],
        "over": list(found.over),
        "made_least": found.least,
        "units": UNITS,
        "measure": found.measure,
        "best_balance": None if best is None else {"reached": best.reached, "bound": best.bound},
        "best": {name: {"reached": end.reached, "bound": end.bound} for name, end in found.best.items()},
        "today": {**found.today, "violations": list(found.today_breaks)},
        "price_of_fairness": found.price_of_fairness,
        "cost": found.cost,
        "per_move": found.per_move,
        "missing": [{"levels": levels, "why": why} for levels, why in found.missing],
        "interrupted": found.interrupted,
        "scenario": scenario.name,
        "digest": scenario.digest,
        "seed": seed,
    }


def show_frontier(scenario: Scenario, found: TradeOffs) -> None:
    """Show a trade-off: the best balance first, then a row a plan."""
    for sentence in _answer(scenario, found):
        answers.print(sentence, markup=False)
    columns, rows = _table(scenario, found)
    show_table(scenario.title or scenario.name, list(columns), [list(row) for row in rows])


def frontier_sheet(scenario: Scenario, found: TradeOffs, command: str) -> Sheet:
    """Write a trade-off as a page with its chart."""
    columns, rows = _table(scenario, found)
    explained = tuple(f"{name}: {UNITS[name]}." for name in found.over)
    three = len(found.over) == 3
    held = "The color says where it stands in the third goal. " if three else ""
    kept = "" if _broken(found) else " that keeps all hard rules"
    drawn = Part(
        "The trade-off",
        (
            (
                f"Every dot is a plan{kept}; none is as good as another in every goal. "
                f"{held}The gray line at a dot ends where it is proved that no plan so tight can be."
            ),
            *explained,
        ),
        draw_frontier(found, scenario.currency),
    )
    parts = [drawn]
    if three:
        said = (
            "Every plan is a line; on each scale the best of these plans is at the bottom, the worst on"
            " top. Where lines cross, one plan is better in the one goal and the other in the next."
        )
        parts.append(Part("The same plans, goal by goal", (said,), draw_plans(found, scenario.currency)))
    parts.append(Part("The plans", (_first_column(found),), None, columns, rows))
    if _broken(found):
        broken = tuple((point.plan.name, words) for point in found.points for words in point.breaks)
        said = (
            "The books keep their rules; specialists are chosen and quotas set for them afterwards, and may"
            " break rules where the books leave no room."
        )
        parts.append(Part("Hard rules that plans break", (said,), None, ("plan", "rule"), broken))
    if found.per_move:
        steps = tuple(
            (
                f"{step['from_moves']:,.0f} to {step['to_moves']:,.0f} customers",
                f"{100 * step['balance_gained']:.1f}",
                f"{100 * step['per_customer']:.3f}",
            )
            for step in found.per_move
        )
        gained = ("From one plan to the next", "balance gained, points", "for each customer moved, points")
        parts.append(Part("Balance gained for each customer moved", (), None, gained, steps))
    title = f"{scenario.title or scenario.name}: {' against '.join(found.over)}"
    over = f"Trade-off · plan year from {scenario.year.start:%B %Y}"
    return Sheet(title, over, tuple(_answer(scenario, found)), command, tuple(parts))


def _answer(scenario: Scenario, found: TradeOffs) -> list[str]:
    """Say the best balance, where today's book stands and what fairness costs."""
    said, money = [], scenario.currency
    best = found.best.get("balance")
    if best is not None:
        said.append(
            f"Best balance of {found.measure.replace('_', ' ')}: every book within {best.reached:.2%} of"
            f" its fair share; no plan is within less than {max(best.bound, 0.0):.2%}."
        )
    stands = ", ".join(f"{name} {write_figure(name, found.today[name], money)}" for name in found.over)
    broken = len(found.today_breaks)
    said.append(
        f"Today's book stands at {stands}, and breaks {broken} hard rule{'' if broken == 1 else 's'}."
    )
    price = found.price_of_fairness
    if price is not None and len(found.points) > 1:
        said.append(
            f"Price of fairness: the most even of these plans costs {price:.1%} more {COSTS[found.cost]} "
            "than the cheapest."
        )
    if len(found.per_move) > 1:
        first, last = found.per_move[0], found.per_move[-1]
        said.append(
            f"Balance gained for each customer moved: {100 * first['per_customer']:.2f} points for those "
            f"up to {first['to_moves']:,.0f}, {100 * last['per_customer']:.2f} points for those from "
            f"{last['from_moves']:,.0f} on."
        )
    if broken := _broken(found):
        said.append(f"{broken} of {len(found.points)} plans break{'s' if broken == 1 else ''} hard rules.")
    if found.missing:
        said.append(f"{len(found.missing)} of the levels have no plan, or none was found in time.")
    return said


def _broken(found: TradeOffs) -> int:
    """Count the plans that break hard rules."""
    return sum(bool(point.breaks) for point in found.points)


def _first_column(found: TradeOffs) -> str:
    last = found.least
    kept = "Not all keep the hard rules, see the last column." if _broken(found) else HOLD
    return (
        f"{kept} The bound is that of {last} among plans within the same levels; "
        "the gap is how much better a plan there may be at most. Each plan is saved in "
        f"{POINTS_FOLDER}/ under its "
        "number, for the commands simulate, compare and calls."
    )


def _table(scenario: Scenario, found: TradeOffs) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    money, others = scenario.currency, [name for name in AXES if name not in found.over]
    columns = ("plan", *found.over, f"bound of {found.least}", "gap", "price of fairness", *others)
    told_broken = _broken(found) > 0
    columns += ("hard rules broken",) * told_broken

    def row(point: Compromise) -> tuple[str, ...]:
        price = point.price_of_fairness
        return (
            point.plan.name,
            *(write_figure(name, point.figures[name], money) for name in found.over),
            write_figure(found.least, point.bound, money),
            f"{_gap(point.figures[found.least], point.bound):.2%}",
            "—" if price is None else f"{price:.1%}",
            *(write_figure(name, point.figures[name], money) for name in others),
            *(str(len(point.breaks)),) * told_broken,
        )

    shown = ["today's book", *(write_figure(n, found.today[n], money) for n in found.over), "", "", ""]
    shown += [write_figure(name, found.today[name], money) for name in others]
    shown += [str(len(found.today_breaks))] * told_broken
    return columns, (tuple(shown), *(row(point) for point in found.points))


def _gap(value: float, bound: float) -> float:
    apart = value - bound
    return 0.0 if apart <= 1e-9 else apart / abs(value)
