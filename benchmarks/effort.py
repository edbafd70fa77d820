"""How fast effort is chosen: `python -m benchmarks.effort [--reps 1000] [--runs 5]`.

Reps differ in quota, potential, size of deals and incentive. Their quarter of 13 weeks is solved by dynamic
programming, each for itself, under several kinds of pay; then their year by kinds of reps, and the same
quarter in closed form. Times are CPU seconds of one thread after compiling: median of all runs, and range.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from benchmarks.report import _commit, _machine
from simulation.behaving.closed_form import forward_looking
from simulation.behaving.dynamic import Deals, Grid, Period, Scatter, respond
from simulation.behaving.preferences import Preferences
from simulation.behaving.whole_year import SO_FAR, Year, respond_in_year
from simulation.paying.outlook import Outlook

Numbers = NDArray[np.float64]

WEEKS = 13
GRID = Grid()
WHOLE = Grid(0.0, 0.0025, 801)
LIKES = Preferences()
KINDS = (8, 24, 64)
SECOND = 1.0
"""CPU seconds a thousand reps' quarter may take."""


def tiers(attainment: Numbers) -> Numbers:
    """Nothing to half of quota, 1.2 of the rate to it, 3 beyond it up to a cap at 130 %."""
    return 1.2 * np.clip(attainment - 0.5, 0, 0.5) + 3 * np.clip(attainment - 1, 0, 0.3)


def cliff(attainment: Numbers) -> Numbers:
    """A bonus at quota."""
    return 1.0 * (attainment >= 1)


def retroactive(attainment: Numbers) -> Numbers:
    """Double the rate on all bookings once quota is reached, the single one below."""
    return attainment * np.where(attainment >= 1, 2, 1)


def quarter(
    reps: int, pay: Callable[[Numbers], Numbers], *, deals: bool = True, seasonal: bool = False
) -> Period:
    """Make reps with quotas of 50,000 to 200,000, potentials of 60 to 140 % of them, .5 to 4 deals a week."""
    luck = np.random.default_rng(1)
    quota = luck.uniform(5e4, 2e5, reps)
    weekly = quota / WEEKS * luck.uniform(0.6, 1.4, reps)
    deal = quota / WEEKS / luck.uniform(0.5, 4, reps)
    season = np.linspace(0.7, 1.3, WEEKS) if seasonal else np.ones(WEEKS)
    incentive = quota * luck.uniform(0.05, 0.12, reps)
    at_end = incentive[:, None] * GRID.averaged(pay)
    return Period(
        quota,
        weekly[:, None] * season,
        np.ones(WEEKS),
        np.zeros_like(at_end),
        at_end,
        incentive,
        Deals(deal, luck.uniform(0.5, 1.5, reps)) if deals else Scatter((0.25 * quota) ** 2 / WEEKS),
    )


def year(reps: int) -> Year:
    """Make a year of four such quarters with a bonus each and one of the year."""
    one = quarter(reps, cliff)
    yearly = one.target_incentive[:, None] * WHOLE.averaged(cliff)
    return Year((one,) * 4, WHOLE, yearly)


def closed_form(period: Period) -> None:
    """Choose the same reps' effort under a bonus in closed form."""
    left = np.arange(WEEKS, 0, -1.0)[:, None]
    scatter = (0.25 * period.quota) ** 2 / WEEKS
    for rep, quota in enumerate(period.quota):
        bonus = Outlook(quota * np.ones(1), np.zeros(2), period.target_incentive[rep : rep + 1])
        weekly = float(period.bookings[rep, 0])
        forward_looking(LIKES, bonus, weekly, float(scatter[rep]), left, left, GRID.attainment * quota)


def measure(reps: int, runs: int) -> list[tuple[str, str, list[float]]]:
    """Time everything; the first run, which compiles, is left out."""
    biased = replace(LIKES, present_bias=0.7)
    wary = replace(LIKES, risk_aversion=1.0)
    bonus = quarter(reps, cliff)
    quarters = f"{reps:,} reps, a quarter"
    work: list[tuple[str, str, Callable[[], object]]] = [
        (quarters, "bonus, deals", _solving(quarter(reps, cliff))),
        (quarters, "tiers and cap, deals", _solving(quarter(reps, tiers))),
        (quarters, "retroactive rate, deals", _solving(quarter(reps, retroactive))),
        (quarters, "bonus, normal bookings", _solving(quarter(reps, cliff, deals=False))),
        (
            quarters,
            "bonus, deals, every week another season",
            _solving(quarter(reps, cliff, seasonal=True)),
        ),
        (quarters, "bonus, deals, present bias", _solving(quarter(reps, cliff), biased)),
        (quarters, "bonus, deals, aversion to risk", _solving(quarter(reps, cliff), wary)),
        (quarters, "bonus, normal, in closed form", lambda: closed_form(bonus)),
    ]
    whole = year(reps)
    for kinds in KINDS:
        name = f"{reps:,} reps, a year, {kinds} kinds, {len(SO_FAR)} credits so far"
        work.append((name, "bonuses of quarters and year, deals", _solving_year(whole, kinds)))
    found = []
    for who, what, run in work:
        run()
        seconds = []
        for _ in range(runs):
            start = time.process_time()
            run()
            seconds.append(time.process_time() - start)
        found.append((who, what, seconds))
        print(f"{who}, {what}: {np.median(seconds):.2f} s", file=sys.stderr, flush=True)
    return found


def _solving(period: Period, preferences: Preferences = LIKES) -> Callable[[], object]:
    return lambda: respond(period, preferences, GRID)


def _solving_year(whole: Year, kinds: int) -> Callable[[], object]:
    return lambda: respond_in_year(whole, LIKES, GRID, kinds)


def how_alike(reps: int, kinds: int, sample: int = 40) -> tuple[float, float]:
    """Say how far effort read from a rep's kind is from its own, in the third quarter.

    Returns
    -------
    Mean difference over a sample of reps at a third, half and two thirds of quota in weeks 4, 7 and 10, with
    the year at half its quota, and the standard deviation of the reps' own effort at the same points.
    """
    whole = year(reps)
    places = np.array([1 / 3, 1 / 2, 2 / 3])
    by_kind = respond_in_year(whole, LIKES, GRID, kinds)
    apart, own_efforts = [], []
    for rep in np.linspace(0, reps - 1, sample).astype(np.int64):
        alone = respond_in_year(_alone(whole, rep), LIKES, GRID, 1)
        for week in (3, 6, 9):
            own = alone.chosen(0, 2, week, 0.5, places)
            apart.append(np.abs(by_kind.chosen(rep, 2, week, 0.5, places) - own).mean())
            own_efforts.append(own)
    return float(np.mean(apart)), float(np.std(own_efforts, axis=0).mean())


def _alone(whole: Year, rep: int) -> Year:
    one = whole.quarters[0]
    luck = one.luck
    assert isinstance(luck, Deals)
    mine = slice(rep, rep + 1)
    quarter = Period(
        one.quota[mine],
        one.bookings[mine],
        one.weeks,
        one.at_once[mine],
        one.at_end[mine],
        one.target_incentive[mine],
        Deals(luck.amount[mine], luck.cv[mine]),
    )
    return Year((quarter,) * 4, whole.grid, whole.at_end[mine])


def report(found: list[tuple[str, str, list[float]]], reps: int) -> str:
    """Write a Markdown table."""
    lines = [
        (
            f"{time.strftime('%Y-%m-%d')}, commit {_commit()}, {_machine()}; one thread, after compiling."
            f" Grid of {GRID.points} attainments to {GRID.attainment[-1]:.0%} of quota, {WEEKS} weeks."
        ),
        "",
        "| reps | pay and bookings | CPU s, median (range) | ms a rep | reach |",
        "|---|---|--:|--:|---|",
    ]
    for who, what, seconds in found:
        middle = float(np.median(seconds))
        goal = ""
        if "quarter" in who and reps == 1000 and "closed" not in what:
            goal = f"{SECOND:g} " + ("reached" if middle < SECOND else "**missed**")
        a_rep = f"{middle / reps * 1e3:.2f}" if "quarter" in who else ""
        span = f"{min(seconds):.2f} to {max(seconds):.2f}"
        lines.append(f"| {who} | {what} | {middle:.2f} ({span}) | {a_rep} | {goal} |")
    lines.append("")
    for kinds in KINDS:
        apart, spread = how_alike(reps, kinds)
        lines.append(
            f"- {kinds} kinds: effort in the third quarter is {apart:.3f} from that of the rep's own year"
            f" in the mean; reps' own efforts scatter by {spread:.3f}."
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.effort", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--reps", type=int, default=1000, help="how many (1000)")
    parser.add_argument("--runs", type=int, default=5, help="of each, after one that compiles (5)")
    parser.add_argument("--out", type=Path, help="write the table here")
    options = parser.parse_args(arguments)
    text = report(measure(options.reps, options.runs), options.reps)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
