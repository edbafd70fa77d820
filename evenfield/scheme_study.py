"""Incentive schemes side by side: the same plan and luck, another pay; who wins, who loses, how sure that
is.
"""

import contextlib
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from evenfield.comparison import UNDECIDED, compare_figures
from evenfield.deciding import without_rounding, years_for_yes_or_no, years_needed
from evenfield.scheme_gaming import exploitability
from evenfield.scheme_past import past_pay
from evenfield.scheme_people import not_counted, pay_of, unpaid, winners_and_losers
from optimizer import Plan
from scenarios import Scenario
from scenarios.scheme import Scheme
from simulation import Outcome, simulate_together
from simulation.replicating.beliefs import Beliefs
from simulation.replicating.outcome import INTERRUPTED

Numbers = NDArray[np.float64]

BETTER: dict[str, Literal["higher", "lower"]] = {
    "bookings": "higher",
    "collected": "higher",
    "reached_target": "higher",
    "share_at_quota": "higher",
    "pay": "lower",
    "cost_of_sales": "lower",
    "margin_after_pay": "higher",
    "effort": "higher",
    "quits": "lower",
    "satisfaction": "higher",
    "late_share": "lower",
    "pay_for_results": "higher",
    "pay_for_territory": "lower",
    "pay_spread": "lower",
    "held": "lower",
    "pulled_in": "lower",
    "discounts": "lower",
}
"""What schemes are compared by, and which way is better for the company."""

OF_TIMING = ("held", "pulled_in", "discounts")
"""Figures that are shown only where reps play with time."""

BEHAVIOR = {
    "elasticity": (0.2, 0.45),
    "least": (0.3, 0.8),
    "weekly_patience": (0.93, 1.0),
}
"""How far what is assumed of reps in `market.effort` may be off (docs/schemes/behavior.md)."""

PILOT_YEARS = 16
"""Years in which reps learn under each scheme what their effort brings, where the scenario does not say."""

JUDGED = ("bookings", "pay", "margin_after_pay")
"""Figures whose verdict is tried again under other assumptions."""


@dataclass(frozen=True, eq=False)
class SchemeStudy:
    """Schemes that were compared.

    Parameters
    ----------
    scenarios
        By name of the scheme, the reference first.
    plan
        The plan that all keep.
    outcomes
        By name.
    reference
        Name of the scheme the others are compared with.
    rows
        scheme, figure, reference, other, difference, standard_error, verdict and years_needed (how many
        years would decide with a chance of 80 %, if the difference is what it looks like; 0 where it is
        decided).
    people
        As of `evenfield.scheme_people.winners_and_losers`.
    past
        scheme, rep, pay (of the last twelve months under the scheme, no behavior, money), sales (money).
    sensitivity
        assumption, value, scheme, figure, difference, verdict, years; empty where effort is constant.
    gaming
        As of `evenfield.scheme_gaming.exploitability`; empty where it was not asked for.
    left_out
        What was asked for and not done, in words, because it was interrupted.
    """

    scenarios: dict[str, Scenario]
    plan: Plan
    outcomes: dict[str, Outcome]
    reference: str
    rows: pd.DataFrame
    people: pd.DataFrame
    past: pd.DataFrame
    sensitivity: pd.DataFrame
    gaming: pd.DataFrame
    left_out: tuple[str, ...] = ()

    @property
    def unpaid(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """Whom a scheme pays nothing that another pays, by scheme and role."""
        return unpaid(self.scenarios)

    @property
    def reps_answer(self) -> bool:
        """Whether effort depends on pay at all."""
        return answers_pay(self.scenarios[self.reference])


def answers_pay(scenario: Scenario) -> bool:
    """Say whether the effort of reps depends on their pay."""
    return scenario.market.effort.mode != "constant"


def with_schemes(scenario: Scenario, schemes: Mapping[str, Scheme]) -> dict[str, Scenario]:
    """Give the scenario under each scheme, by name; reps learn first what their effort brings under it.

    Raises
    ------
    InputError
        If a scheme and the scenario do not fit together.
    """
    effort = scenario.market.effort
    if effort.pilot_years == 0:
        effort = effort.model_copy(update={"pilot_years": PILOT_YEARS})
    return {name: scenario.answering(scheme=scheme, effort=effort) for name, scheme in schemes.items()}


def scheme_study(
    scenarios: dict[str, Scenario],
    plan: Plan,
    reference: str,
    *,
    seed: int = 1,
    replications: int | None = None,
    precision: float | None = None,
    workers: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
    keep: Path | None = None,
    sensitivity_years: int = 0,
    gaming_years: int = 0,
) -> SchemeStudy:
    """Live through the same years under every scheme, and judge the differences.

    Parameters
    ----------
    scenarios
        By name of the scheme, as of `with_schemes`.
    plan
        Owners and quotas, the same under all.
    reference
        Name of the one the others are compared with.
    seed, replications, precision, workers, progress, keep
        As in `simulation.simulate_together`.
    sensitivity_years
        Years to simulate under each other assumption about behavior; 0: none.
    gaming_years
        Years to simulate with reps who play with time and with reps who do not; 0: none.

    Interrupted from the keyboard it gives what it has; `SchemeStudy.left_out` says what is missing.

    Raises
    ------
    KeyboardInterrupt
        If interrupted before all had two years.
    """
    pairs = {name: (one, plan) for name, one in scenarios.items()}
    beliefs = Beliefs()
    outcomes = simulate_together(
        pairs, seed=seed, replications=replications, precision=precision, reference=reference,
        workers=workers, progress=progress, keep=keep, rows=True, beliefs=beliefs,
    )  # fmt: skip
    if min(outcome.replications for outcome in outcomes.values()) < 2:
        raise KeyboardInterrupt
    is_whole = outcomes[reference].stopped != INTERRUPTED
    asked = assumptions() if sensitivity_years and answers_pay(scenarios[reference]) else []
    sensitivity = _sensitivity(
        scenarios, plan, reference, asked if is_whole else [], seed=seed, years=sensitivity_years,
        workers=workers, progress=progress, beliefs=beliefs,
    )  # fmt: skip
    tried = set(zip(sensitivity["assumption"], sensitivity["value"], strict=True))
    untried = [one for one in asked if one not in tried]
    played = exploitability(
        scenarios if gaming_years and is_whole and not untried else {}, plan, seed=seed, years=gaming_years,
        workers=workers, progress=progress, honest=outcomes, beliefs=beliefs,
    )  # fmt: skip
    unplayed = [name for name in scenarios if gaming_years and name not in set(played["scheme"])]
    return SchemeStudy(
        scenarios=scenarios,
        plan=plan,
        outcomes=outcomes,
        reference=reference,
        rows=judged(scenarios, plan, outcomes, reference),
        people=winners_and_losers(scenarios, outcomes, reference),
        past=past_pay(scenarios, plan),
        sensitivity=sensitivity,
        gaming=played,
        left_out=_left_out(outcomes[reference], untried, unplayed),
    )


def assumptions() -> list[tuple[str, float]]:
    """List the other assumptions about behavior, one at a time."""
    return [(assumption, value) for assumption, values in BEHAVIOR.items() for value in values]


def _left_out(
    outcome: Outcome, untried: Sequence[tuple[str, float]], unplayed: Sequence[str]
) -> tuple[str, ...]:
    """Say what an interrupt left out."""
    said = []
    if outcome.stopped == INTERRUPTED:
        said.append(f"{outcome.asked - outcome.replications:,} of {outcome.asked:,} years")
    if untried:
        names = ", ".join(f"{assumption} = {value:g}" for assumption, value in untried)
        said.append(f"the verdict under other assumptions ({names})")
    if unplayed:
        said.append(f"how {' and '.join(unplayed)} may be gamed")
    return tuple(said)


def judged(
    scenarios: Mapping[str, Scenario], plan: Plan, outcomes: Mapping[str, Outcome], reference: str
) -> pd.DataFrame:
    """Compare every scheme with the reference in pairs of years; pay is that of whom all of them pay."""
    left = not_counted(scenarios)
    figures = {n: figures_of(scenarios[n], plan, outcome, left) for n, outcome in outcomes.items()}
    plays = any(figure[list(OF_TIMING)].to_numpy().any() for figure in figures.values())
    if not plays:
        figures = {name: figure.drop(columns=list(OF_TIMING)) for name, figure in figures.items()}
    rows = compare_figures(figures, reference, BETTER).rename(columns={"scenario": "scheme"})
    rows["difference"] = without_rounding(rows["difference"], rows["standard_error"])
    rows["years_needed"] = [
        (
            0
            if verdict != UNDECIDED
            else _years_needed((figures[scheme][figure] - figures[reference][figure]).to_numpy())
        )
        for scheme, figure, verdict in zip(rows["scheme"], rows["figure"], rows["verdict"], strict=True)
    ]
    return rows


def _years_needed(pairs: Numbers) -> int:
    """Say how many years would decide; of what is yes or no by the test that is used for it."""
    if set(pairs) <= {-1.0, 0.0, 1.0}:
        return years_for_yes_or_no(pairs)
    return years_needed(float(pairs.mean()), float(pairs.std(ddof=1)) / math.sqrt(len(pairs)), len(pairs))


def figures_of(
    scenario: Scenario, plan: Plan, outcome: Outcome, left_out: Sequence[str] = ()
) -> pd.DataFrame:
    """Give what schemes are compared by, a row a year; columns as in `BETTER`, pay without those left out."""
    assert outcome.rows is not None
    years, rows = outcome.years, outcome.rows
    incentive = _incentive_over_target(scenario, outcome)
    sold = rows.measures.bookings.sum(axis=2)
    asked = outcome.quota.sum(axis=1).to_numpy()
    owned = scenario.customers["potential"].groupby(plan.owner).sum()
    potential = owned.reindex(outcome.reps).fillna(0).to_numpy(dtype="float64")
    reached = np.divide(sold, asked, out=np.full(sold.shape, np.nan), where=asked > 0)
    paid = years["pay"] - pay_of(outcome, left_out)
    margin = scenario.market.contribution_margin * years["bookings"] - paid
    return pd.DataFrame(
        {
            "bookings": years["bookings"],
            "collected": years["collected"],
            "reached_target": years["reached_target"],
            "share_at_quota": years["share_at_quota"],
            "pay": paid,
            "cost_of_sales": paid / years["bookings"].where(years["bookings"] > 0),
            "margin_after_pay": margin,
            "effort": years["effort"],
            "quits": years["quits"],
            "satisfaction": years["satisfaction"],
            "late_share": years["late_bookings"] / years["bookings"].where(years["bookings"] > 0),
            "pay_for_results": _rank_correlation(incentive, reached),
            "pay_for_territory": np.abs(
                _rank_correlation(incentive, np.broadcast_to(potential, incentive.shape))
            ),
            "pay_spread": _spread(incentive),
            **{name: years[name] for name in OF_TIMING},
        }
    )


def _incentive_over_target(scenario: Scenario, outcome: Outcome) -> Numbers:
    """Pay beyond base pay over the target incentive, [years, reps]; not a number without one."""
    assert outcome.rows is not None
    here = np.average(outcome.rows.measures.filled, axis=2, weights=outcome.held.days)
    roll = outcome.held.roll
    base = np.array(roll.people.base[: len(outcome.reps)]) / 100 * here
    target = np.array(roll.people.incentive[: len(outcome.reps)]) / 100
    return np.divide(outcome.rows.pay - base, target, out=np.full(here.shape, np.nan), where=target > 0)


def _rank_correlation(some: Numbers, others: Numbers) -> Numbers:
    """Spearman's rank correlation over reps, year by year; not a number where one of both is the same for
    all.
    """
    known = ~(np.isnan(some).any(axis=0) | np.isnan(others).any(axis=0))
    found = np.full(len(some), np.nan)
    if known.sum() < 3:
        return found
    ranks = [stats.rankdata(table[:, known], axis=1) for table in (some, others)]
    centered = [rank - rank.mean(axis=1, keepdims=True) for rank in ranks]
    size = np.sqrt((centered[0] ** 2).sum(axis=1) * (centered[1] ** 2).sum(axis=1))
    np.divide((centered[0] * centered[1]).sum(axis=1), size, out=found, where=size > 0)
    return found


def _spread(incentive: Numbers) -> Numbers:
    known = incentive[:, ~np.isnan(incentive).any(axis=0)]
    if not known.size:
        return np.full(len(incentive), np.nan)
    p10, p90 = np.quantile(known, [0.1, 0.9], axis=1)
    return np.asarray(p90 - p10)


def _sensitivity(
    scenarios: Mapping[str, Scenario],
    plan: Plan,
    reference: str,
    asked: Sequence[tuple[str, float]],
    *,
    seed: int,
    years: int,
    workers: int,
    progress: Callable[[str, int, int], None] | None,
    beliefs: Beliefs,
) -> pd.DataFrame:
    """Judge again under other assumptions about behavior, as many as there were before an interrupt."""
    columns = ["assumption", "value", "scheme", "figure", "difference", "verdict", "years"]
    parts: list[pd.DataFrame] = []
    with contextlib.suppress(KeyboardInterrupt):
        for assumption, value in asked:
            others = {name: _assuming(one, assumption, value) for name, one in scenarios.items()}
            outcomes = simulate_together(
                {name: (one, plan) for name, one in others.items()},
                seed=seed,
                replications=years,
                workers=workers,
                progress=None if progress is None else _told(progress, f"{assumption} {value:g}: "),
                rows=True,
                beliefs=beliefs,
            )
            if outcomes[reference].stopped == INTERRUPTED:
                break
            rows = judged(others, plan, outcomes, reference)
            rows = rows[rows["figure"].isin(JUDGED)].assign(assumption=assumption, value=value, years=years)
            parts.append(rows[columns])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _told(progress: Callable[[str, int, int], None], before: str) -> Callable[[str, int, int], None]:
    return lambda name, done, total: progress(before + name, done, total)


def _assuming(scenario: Scenario, assumption: str, value: float) -> Scenario:
    return scenario.answering(effort=scenario.market.effort.model_copy(update={assumption: value}))
