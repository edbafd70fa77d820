"""Measure what it costs to decide between two incentive schemes: python -m benchmarks.schemes.

How many CPU seconds it takes until the mean difference between two schemes is known to within 1 %, at 95 %,
in bookings and in pay. Ours lives through the same years under both, so that luck cancels; all it does is
counted: compiling both companies, luck, years, measures and pay. The peer is plain SimPy with a process an
opportunity, which gives each scheme years of its own: its CPU seconds a year are measured, the years it needs
are computed from the variances of our years. It neither pays nor chooses effort.
"""

import argparse
import math
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

from benchmarks import simpy_year
from benchmarks.companies import simple
from benchmarks.pipeline import pipeline_of
from benchmarks.report import _commit, _machine
from evenfield.scheme_study import PILOT_YEARS
from optimizer import Plan
from scenarios import Scenario
from scenarios.market import Effort
from scenarios.scheme_files import read_scheme
from simulation import Outcome, simulate_together
from simulation.luck.fate import draw
from simulation.replicating.precision import (
    CHANCES,
    FIRST,
    JUDGED,
    LEVEL,
    SHARES,
    widths_of_differences,
)
from simulation.world.world import world_of

SIZE = (1_000, 20)
SCHEMES = ("straight-commission", "saas-accelerator")
FIGURES = ("bookings", "pay")
PRECISION = 0.01
REACH = 100
"""Times our CPU seconds that the peer is meant to take at least, in `FIGURES`."""

SEED, OTHER_SEED = 1, 2

Pairs = dict[str, tuple[Scenario, Plan]]


@dataclass(frozen=True)
class Need:
    """What a figure takes to be known.

    Parameters
    ----------
    figure
        Of `JUDGED`.
    half_width
        Asked for, in the figure's unit.
    scatter, scatter_in_pairs
        Standard deviations of a year's difference with other luck and with the same.
    years, years_in_pairs
        Of each scheme that they ask for.
    """

    figure: str
    half_width: float
    scatter: float
    scatter_in_pairs: float
    years: int
    years_in_pairs: int


@dataclass(frozen=True)
class Case:
    """How a decision is made.

    Parameters
    ----------
    says
        In words.
    figures
        What is to be known.
    first
        Years before anything is judged; they double until all is known. None: as `simulate_together` goes on.
    pilot_years
        In which reps learn first, as `evenfield schemes` lets them.
    has_reach
        Whether `REACH` is meant for it.
    """

    says: str
    figures: tuple[str, ...] = FIGURES
    first: int | None = FIRST
    pilot_years: int = 0
    has_reach: bool = False


@dataclass(frozen=True)
class PeerYear:
    """CPU seconds of a year of the peer, medians: drawing its luck and writing it as rows, playing it."""

    luck: float
    play: float


@dataclass(frozen=True)
class Decision:
    """What a decision took.

    Parameters
    ----------
    case
        How it was decided.
    years, seconds
        Of ours: years of each scheme, and CPU seconds in all, median of several decisions.
    needs
        By figure.
    peer
        What a year of the peer takes.
    """

    case: Case
    years: int
    seconds: float
    needs: tuple[Need, ...]
    peer: PeerYear

    @property
    def peer_years(self) -> int:
        """Years of each scheme that the peer needs."""
        return max(need.years for need in self.needs)

    @property
    def ratio(self) -> float:
        """CPU seconds the peer would take to play both schemes, over ours for everything."""
        return 2 * self.peer_years * self.peer.play / self.seconds

    @property
    def ratio_with_luck(self) -> float:
        """The same with the drawing of the peer's luck."""
        return 2 * self.peer_years * (self.peer.play + self.peer.luck) / self.seconds


CASES = (
    Case(f"at least {FIRST} years, as `--precision`", has_reach=True),
    Case("at least 32 years", first=32, has_reach=True),
    Case(f"at least {FIRST}, and reps learn before, as in `evenfield schemes`", pilot_years=PILOT_YEARS),
)
EVERY_FIGURE = Case("all figures that are judged, as `--precision`", JUDGED, first=None)


def sides_of(customers: int, reps: int, pilot_years: int = 0) -> Pairs:
    """Give the simple company under both schemes, its reps answering them."""
    scenario, plan = simple(customers, reps)
    usual = float(scenario.reps["target_incentive"].sum() / scenario.target_amount)
    effort = Effort(mode="forward-looking", reference_commission=usual, pilot_years=pilot_years)
    answering = scenario.replace(market=scenario.market.model_copy(update={"effort": effort}))
    return {name: (answering.answering(scheme=read_scheme(name, Path())), plan) for name in SCHEMES}


def decide(pairs: Pairs, case: Case, precision: float = PRECISION) -> tuple[int, float]:
    """Simulate both until the differences in some figures are known; give years and CPU seconds."""
    reference, other = pairs
    most = case.first
    began = time.process_time()
    while True:
        found = simulate_together(
            pairs, seed=SEED, replications=most, precision=precision, reference=reference
        )
        width = widths_of_differences(found[other].years, found[reference].years)
        known = (width[[name for name in case.figures if name in width]] <= precision).all()
        if most is None or known:
            return found[reference].replications, time.process_time() - began
        most *= 2


def needs_of(
    outcomes: Mapping[str, Outcome], apart: pd.DataFrame, figures: Sequence[str], precision: float
) -> tuple[Need, ...]:
    """Say how many years it takes to know figures, in pairs and not.

    Parameters
    ----------
    outcomes
        Of both schemes under the same luck, the reference first.
    apart
        Years of the other scheme under other luck.
    figures
        Which.
    precision
        Half width of the interval, a share of the reference's mean, of shares in points.
    """
    reference, other = (outcome.years for outcome in outcomes.values())
    return tuple(
        need_of(
            figure,
            *(table[figure].to_numpy(dtype="float64") for table in (reference, other, apart)),
            precision,
        )
        for figure in figures
        if figure in reference and reference[figure].notna().any()
    )


def need_of(
    figure: str, reference: np.ndarray, same_luck: np.ndarray, other_luck: np.ndarray, precision: float
) -> Need:
    """Say how many years a figure takes.

    Independent years differ with variance var(A) + var(B), paired ones with var(A - B); (1.96 sd / half
    width)^2 years bring the interval down to the half width.
    """
    known = ~(np.isnan(reference) | np.isnan(same_luck) | np.isnan(other_luck))
    reference, same_luck, other_luck = reference[known], same_luck[known], other_luck[known]
    half = precision * (1.0 if figure in SHARES | CHANCES else abs(float(reference.mean())))
    scatter = math.sqrt(reference.var(ddof=1) + other_luck.var(ddof=1))
    in_pairs = float((same_luck - reference).std(ddof=1))
    return Need(figure, half, scatter, in_pairs, years_for(scatter, half), years_for(in_pairs, half))


def years_for(scatter: float, half_width: float) -> int:
    """Give (1.96 sd / half width)^2, whole years."""
    z = float(stats.norm.ppf((1 + LEVEL) / 2))
    return max(2, math.ceil((z * scatter / half_width) ** 2))


def peer_year(size: tuple[int, int], years: int) -> PeerYear:
    """Measure years of the peer: the simple company with effort as usual, its luck drawn by our functions."""
    world = world_of(*simple(*size))
    luck, played = [], []
    for number in range(years):
        began = time.process_time()
        rows = pipeline_of(world, draw(world, SEED, number))
        drawn = time.process_time()
        simpy_year.play(rows)
        luck.append(drawn - began)
        played.append(time.process_time() - drawn)
    return PeerYear(float(np.median(luck)), float(np.median(played)))


def measure(
    size: tuple[int, int], cases: Sequence[Case], years: int, peer_years: int, times: int = 3
) -> list[Decision]:
    """Measure decisions.

    Parameters
    ----------
    size
        Customers, reps.
    cases
        How they are made.
    years
        Simulated to know the variances; they are not counted.
    peer_years
        Timed.
    times
        Every decision is made so often; the median counts. One that takes all figures is made once.
    """
    pairs = sides_of(*size)
    other = SCHEMES[1]
    together = simulate_together(pairs, seed=SEED, replications=years)
    alone = simulate_together({other: pairs[other]}, seed=OTHER_SEED, replications=years)[other]
    peer = peer_year(size, peer_years)
    decisions = []
    for case in cases:
        made = [decide(sides_of(*size, case.pilot_years), case) for _ in range(times if case.first else 1)]
        needs = needs_of(together, alone.years, case.figures, PRECISION)
        seconds = float(np.median([took for _, took in made]))
        decisions.append(Decision(case, made[0][0], seconds, needs, peer))
        print(f"{case.says}: {made[0][0]} years, {seconds:.1f} s", file=sys.stderr, flush=True)
    return decisions


def report(decisions: Sequence[Decision], size: tuple[int, int], years: int) -> str:
    """Write Markdown tables."""
    peer = decisions[0].peer
    return "\n".join(
        [
            f"{time.strftime('%Y-%m-%d')}, commit {_commit()}, {_machine()}; {size[0]:,} customers x "
            f"{size[1]} reps, {' against '.join(SCHEMES)}; variances from {years} years. A year of SimPy: "
            f"{1e3 * peer.play:.0f} ms, its luck {1e3 * peer.luck:.0f} ms.",
            "",
            "| decided by | years in pairs | CPU s, ours | years of each, SimPy (computed) | CPU s, SimPy "
            "(computed) | times ours | reach | with its luck: times ours |",
            "|---|--:|--:|--:|--:|--:|---|--:|",
            *(_line(decision) for decision in decisions),
            "",
            "| figure | half width | sd of a difference, other luck | years needed | sd, same luck | years "
            "needed |",
            "|---|--:|--:|--:|--:|--:|",
            *(
                f"| {need.figure.replace('_', ' ')} | {need.half_width:,.4g} | {need.scatter:,.4g} "
                f"| {need.years:,} | {need.scatter_in_pairs:,.4g} | {need.years_in_pairs:,} |"
                for need in max(decisions, key=lambda one: len(one.needs)).needs
            ),
        ]
    )


def _line(decision: Decision) -> str:
    reach = ""
    if decision.case.has_reach:
        reach = f"{REACH} reached" if decision.ratio >= REACH else f"{REACH} **missed**"
    total = 2 * decision.peer_years * decision.peer.play
    return (
        f"| {decision.case.says} | {decision.years:,} | {decision.seconds:.2f} | {decision.peer_years:,} "
        f"| {total:,.0f} | {decision.ratio:,.0f} | {reach} | {decision.ratio_with_luck:,.0f} |"
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.schemes", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--years", type=int, default=640, help="for the variances (640)")
    parser.add_argument("--peer-years", type=int, default=15, help="of SimPy that are timed (15)")
    parser.add_argument(
        "--every-figure", action="store_true", help="also until every judged figure is known: minutes"
    )
    parser.add_argument("--out", type=Path, help="write the tables here")
    options = parser.parse_args(arguments)
    cases = [*CASES, *([EVERY_FIGURE] if options.every_figure else [])]
    text = report(measure(SIZE, cases, options.years, options.peer_years), SIZE, options.years)
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
