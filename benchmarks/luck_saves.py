"""Measure how many years keyed luck saves where plans are compared: python -m benchmarks.luck_saves.

Two plans meet the same luck, so their difference varies less than that of years with other luck; as many
times less, as many times fewer years say the same with the same certainty. Control variates explain some of
what still varies. On the company with everything on.
"""

import argparse
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.companies import everything
from benchmarks.report import _commit, _machine
from optimizer import Plan
from scenarios import Scenario
from scenarios.distance import great_circle_km
from simulation import FOREKNOWN, simulate
from simulation.replicating.controls import corrected

CUSTOMERS, REPS = 1_000, 20
FIGURES = ("bookings", "pay", "share_at_quota", "collected")
REACH: Mapping[tuple[str, str], float] = {
    ("10 % of customers moved", "bookings"): 30,
    ("10 % of customers moved", "pay"): 30,
    ("10 % of customers moved", "share_at_quota"): 10,
    ("one customer moved", "bookings"): 1_000,
    ("one customer moved", "pay"): 1_000,
    ("one customer moved", "share_at_quota"): 10,
    ("quota +5 %", "bookings"): 50,
    ("quota +5 %", "pay"): 50,
    ("quota +5 %", "share_at_quota"): 10,
}
"""Times fewer years that keyed luck is meant to need at least."""

RESAMPLES = 2_000

COMPANIES = {
    "Everything on:": True,
    "Everything but what couples reps (helpers all share, quits that follow sales):": False,
}
"""Companies measured, and whether reps are coupled there."""


@dataclass(frozen=True)
class Saving:
    """What keyed luck saves in one figure of one comparison.

    Parameters
    ----------
    comparison, figure
        Of which plans, in which figure of `Outcome.figures`.
    difference
        Mean over the years with the same luck.
    apart, together
        Standard deviation of a year's difference, with other and with the same luck.
    saved
        Replications needed with other luck over those needed with the same; infinite if years with the same
        luck all differ by the same.
    low, high
        Its 95 % interval, by the bootstrap over years.
    corrected
        Standard deviation of a year's difference with the same luck that control variates leave; of the plain
        one where they do not apply.
    """

    comparison: str
    figure: str
    difference: float
    apart: float
    together: float
    saved: float
    low: float
    high: float
    corrected: float

    @property
    def saved_corrected(self) -> float:
        """Replications needed with other luck over those with the same luck and control variates."""
        return float(_ratio(np.array([self.apart**2]), np.array([self.corrected**2]))[0])


def changed_plans(scenario: Scenario, plan: Plan, seed: int = 0) -> dict[str, Plan]:
    """Make the plans to compare with a plan, by what is changed.

    Customers move to the rep nearest to them beside their own; the one that moves alone is the one whose
    potential is nearest to the mean, of all and of those whose rep stays.
    """
    potential = scenario.customers["potential"]
    some = np.random.default_rng(seed).choice(potential.index, len(potential) // 10, replace=False)
    away = (potential - potential.mean()).abs()
    stays = scenario.customers["owner"].map(scenario.reps["end"].isna())
    return {
        "quota +5 %": Plan("quotas", plan.scenario_digest, plan.owner, plan.quota * 1.05),
        "10 % of customers moved": _moved(scenario, plan, list(some)),
        "one customer moved": _moved(scenario, plan, [away.idxmin()]),
        "one customer moved whose rep stays": _moved(scenario, plan, [away[stays].idxmin()]),
    }


def _moved(scenario: Scenario, plan: Plan, customers: Sequence[str]) -> Plan:
    places, homes = scenario.customers.loc[list(customers)], scenario.reps
    ways = great_circle_km(*(table[axis] for table in (places, homes) for axis in ("latitude", "longitude")))
    ways[plan.owner[places.index].to_numpy()[:, None] == homes.index.to_numpy()[None, :]] = np.inf
    owner = plan.owner.copy()
    owner[places.index] = homes.index[ways.argmin(axis=1)]
    return Plan("moves", plan.scenario_digest, owner, plan.quota)


def savings(
    comparison: str,
    base: pd.DataFrame,
    same: pd.DataFrame,
    other: pd.DataFrame,
    seen: np.ndarray | None = None,
    seed: int = 0,
) -> list[Saving]:
    """Say what keyed luck saves.

    Parameters
    ----------
    comparison
        What is compared.
    base, same, other
        Figures by year: of one plan, and of the other plan with the same and with other luck.
    seen
        Differences of control variates with the same luck, [years, controls], of mean 0.
    """
    draws = np.random.default_rng(seed).integers(0, len(base), (RESAMPLES, len(base)))
    found = []
    for figure in FIGURES:
        together = (same[figure] - base[figure]).to_numpy()
        apart = (other[figure] - base[figure]).to_numpy()
        ratios = _ratio(apart[draws].var(axis=1, ddof=1), together[draws].var(axis=1, ddof=1))
        low, high = np.quantile(ratios, [0.025, 0.975], method="nearest")
        sd = apart.std(ddof=1), together.std(ddof=1)
        saved = float(_ratio(np.array([sd[0] ** 2]), np.array([sd[1] ** 2]))[0])
        better = None if seen is None else corrected(together, seen, np.zeros(seen.shape[1]))
        left = sd[1] if better is None else float(better.std(ddof=1))
        mean = float(together.mean())
        found.append(Saving(comparison, figure, mean, *sd, saved, float(low), float(high), left))
    return found


def _ratio(some: np.ndarray, others: np.ndarray) -> np.ndarray:
    return np.divide(some, others, out=np.full(len(some), np.inf), where=others > 0)


def measure(
    years: int, customers: int = CUSTOMERS, reps: int = REPS, *, coupled: bool = True
) -> list[Saving]:
    """Simulate all comparisons, so many years each."""
    scenario, plan = everything(customers, reps, coupled=coupled)

    def lived(of: Plan, seed: int) -> tuple[pd.DataFrame, np.ndarray]:
        outcome = simulate(scenario, of, seed=seed, replications=years, controls=FOREKNOWN)
        return outcome.figures(), np.array(outcome.controls)

    base, usual = lived(plan, 1)
    found = []
    for comparison, changed in changed_plans(scenario, plan).items():
        same, seen = lived(changed, 1)
        found += savings(comparison, base, same, lived(changed, 2)[0], seen - usual)
        print(f"{comparison}: {years} years", file=sys.stderr, flush=True)
    return found


def report(found: Sequence[Saving], years: int) -> str:
    """Write a Markdown table."""
    lines = [
        f"{time.strftime('%Y-%m-%d')}, commit {_commit()}, {_machine()}; {years:,} years a plan and seed.",
        "",
        "| plans differ by | in | mean difference | sd, other luck | sd, same luck | years saved: times "
        "| 95 % | reach | with control variates |",
        "|---|---|--:|--:|--:|--:|--:|---|--:|",
    ]
    for saving in found:
        reach = REACH.get((saving.comparison, saving.figure))
        goal = f"{reach:g} " + ("reached" if saving.saved >= reach else "**missed**") if reach else ""
        sizes = (saving.difference, saving.apart, saving.together)
        lines.append(
            f"| {saving.comparison} | {saving.figure.replace('_', ' ')} | "
            + " | ".join(f"{size:,.4g}" if abs(size) < 1 else f"{size:,.0f}" for size in sizes)
            + f" | {saving.saved:,.1f} | {saving.low:,.0f} to {saving.high:,.0f} | {goal} "
            f"| {saving.saved_corrected:,.1f} |"
        )
    return "\n".join(lines)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.luck_saves", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--years", type=int, default=400, help="of each plan and seed (400)")
    parser.add_argument("--out", type=Path, help="write the table here")
    options = parser.parse_args(arguments)
    text = "\n\n".join(
        f"{title}\n\n{report(measure(options.years, coupled=coupled), options.years)}"
        for title, coupled in COMPANIES.items()
    )
    print(text)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
