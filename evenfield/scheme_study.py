"""Incentive schemes side by side: the same plan and luck, another pay; who wins, who loses, how sure that
is.
"""

import dataclasses
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from evenfield.comparison import CONFIDENCE, UNDECIDED, compare_figures
from optimizer import Plan
from scenarios import Scenario
from scenarios.scheme import Scheme
from simulation import Outcome, simulate_together
from simulation.paying.past import past
from simulation.paying.pay import pay
from simulation.paying.payroll import payroll

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
}
"""What schemes are compared by, and which way is better for the company."""

BEHAVIOR = {
    "elasticity": (0.2, 0.45),
    "least": (0.3, 0.8),
    "weekly_patience": (0.93, 1.0),
}
"""How far what is assumed of reps in `market.effort` may be off (docs/schemes/behavior.md)."""

PILOT_YEARS = 16
"""Years in which reps learn under each scheme what their effort brings, where the scenario does not say."""

ROUNDING = 1e-9
"""Differences below so many of their standard errors are what adding up in another order leaves."""

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
        years would decide, if the difference is what it looks like; 0 where it is decided).
    people
        scheme, rep, reference, other, difference (mean pay a year, money), standard_error and verdict
        ("wins", "loses", "not distinguishable yet").
    past
        scheme, rep, pay (of the last twelve months under the scheme, no behavior, money), sales (money).
    sensitivity
        assumption, value, scheme, figure, difference, verdict.
    """

    scenarios: dict[str, Scenario]
    plan: Plan
    outcomes: dict[str, Outcome]
    reference: str
    rows: pd.DataFrame
    people: pd.DataFrame
    past: pd.DataFrame
    sensitivity: pd.DataFrame


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
    market = scenario.market.model_copy(update={"effort": effort})
    return {name: scenario.replace(scheme=scheme, market=market) for name, scheme in schemes.items()}


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

    Raises
    ------
    KeyboardInterrupt
        If interrupted before all had two years.
    """
    pairs = {name: (one, plan) for name, one in scenarios.items()}
    outcomes = simulate_together(
        pairs, seed=seed, replications=replications, precision=precision, reference=reference,
        workers=workers, progress=progress, keep=keep, rows=True,
    )  # fmt: skip
    if min(outcome.replications for outcome in outcomes.values()) < 2:
        raise KeyboardInterrupt
    return SchemeStudy(
        scenarios=scenarios,
        plan=plan,
        outcomes=outcomes,
        reference=reference,
        rows=judged(scenarios, plan, outcomes, reference),
        people=winners_and_losers(outcomes, reference),
        past=past_pay(scenarios, plan),
        sensitivity=_sensitivity(scenarios, plan, reference, seed, sensitivity_years, workers, progress),
    )


def judged(
    scenarios: Mapping[str, Scenario], plan: Plan, outcomes: Mapping[str, Outcome], reference: str
) -> pd.DataFrame:
    """Compare every scheme with the reference in pairs of years."""
    figures = {name: figures_of(scenarios[name], plan, outcome) for name, outcome in outcomes.items()}
    rows = compare_figures(figures, reference, BETTER).rename(columns={"scenario": "scheme"})
    rows["difference"] = rows["difference"].mask(
        rows["difference"].abs() < ROUNDING * rows["standard_error"], 0.0
    )
    years = next(iter(outcomes.values())).replications
    decided = rows["verdict"] != UNDECIDED
    rows["years_needed"] = [
        0 if told else years_needed(float(difference), float(error), years)
        for told, difference, error in zip(decided, rows["difference"], rows["standard_error"], strict=True)
    ]
    return rows


def years_needed(difference: float, error: float, years: int) -> int:
    """Say how many years would decide, if the difference and its scatter are what they look like.

    Parameters
    ----------
    difference, error
        Mean of the pairs and its standard error.
    years
        Years they come from.

    Returns
    -------
    Years in all; 0 where the difference is nothing, so that no number would.
    """
    if difference == 0 or not math.isfinite(difference) or error == 0:
        return 0
    reach = float(stats.norm.ppf((1 + CONFIDENCE) / 2))
    return max(years + 1, math.ceil(years * (reach * error / abs(difference)) ** 2))


def figures_of(scenario: Scenario, plan: Plan, outcome: Outcome) -> pd.DataFrame:
    """Give what schemes are compared by, a row a year; columns as in `BETTER`."""
    assert outcome.rows is not None
    years, rows = outcome.years, outcome.rows
    incentive = _incentive_over_target(scenario, outcome)
    sold = rows.measures.bookings.sum(axis=2)
    asked = outcome.quota.sum(axis=1).to_numpy()
    owned = scenario.customers["potential"].groupby(plan.owner).sum()
    potential = owned.reindex(outcome.reps).fillna(0).to_numpy(dtype="float64")
    reached = np.divide(sold, asked, out=np.full(sold.shape, np.nan), where=asked > 0)
    margin = scenario.market.contribution_margin * years["bookings"] - years["pay"]
    return pd.DataFrame(
        {
            "bookings": years["bookings"],
            "collected": years["collected"],
            "reached_target": years["reached_target"],
            "share_at_quota": years["share_at_quota"],
            "pay": years["pay"],
            "cost_of_sales": years["cost_of_sales"],
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
        }
    )


def winners_and_losers(outcomes: Mapping[str, Outcome], reference: str) -> pd.DataFrame:
    """Say what each scheme means for the pay of every rep, in pairs of years."""
    base = outcomes[reference]
    assert base.rows is not None
    parts = []
    for name, outcome in outcomes.items():
        if name == reference or outcome.rows is None:
            continue
        pairs = outcome.rows.pay - base.rows.pay
        difference = pairs.mean(axis=0)
        error = pairs.std(axis=0, ddof=1) / math.sqrt(len(pairs))
        reach = stats.t.ppf((1 + CONFIDENCE) / 2, len(pairs) - 1) * error
        sure = np.abs(difference) > np.maximum(reach, 0.005)
        verdict = np.where(sure, np.where(difference > 0, "wins", "loses"), UNDECIDED)
        parts.append(
            pd.DataFrame(
                {
                    "scheme": name,
                    "rep": outcome.reps,
                    "reference": base.rows.pay.mean(axis=0),
                    "other": outcome.rows.pay.mean(axis=0),
                    "difference": difference,
                    "standard_error": error,
                    "verdict": verdict,
                }
            )
        )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["scheme", "rep"])


def past_pay(scenarios: Mapping[str, Scenario], plan: Plan) -> pd.DataFrame:
    """Say what the last twelve months would have paid under each scheme, if everybody had sold the same.

    Orders count for whoever serves the customer in the plan, and quotas are scaled so that all together were
    just reached: what-if on past results, without behavior.
    """
    return pd.concat([_past(name, scenario, plan) for name, scenario in scenarios.items()], ignore_index=True)


def _past(name: str, scenario: Scenario, plan: Plan) -> pd.DataFrame:
    results, sales, quota = past(scenario, plan)
    roll = payroll(scenario, quota)
    paid = pay(roll.scheme, roll.people, results, roll.year, roll.starts).total / 100
    reps = len(scenario.reps)
    return pd.DataFrame({"scheme": name, "rep": scenario.reps.index, "pay": paid[:reps], "sales": sales})


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
    seed: int,
    years: int,
    workers: int,
    progress: Callable[[str, int, int], None] | None,
) -> pd.DataFrame:
    """Judge again under other assumptions about behavior."""
    columns = ["assumption", "value", "scheme", "figure", "difference", "verdict"]
    parts: list[pd.DataFrame] = []
    for assumption, values in BEHAVIOR.items() if years else ():
        for value in values:
            others = {name: _assuming(one, assumption, value) for name, one in scenarios.items()}
            outcomes = simulate_together(
                {name: (one, plan) for name, one in others.items()},
                seed=seed,
                replications=years,
                workers=workers,
                progress=None if progress is None else _told(progress, f"{assumption} {value:g}: "),
                rows=True,
            )
            rows = judged(others, plan, outcomes, reference)
            rows = rows[rows["figure"].isin(JUDGED)].assign(assumption=assumption, value=value)
            parts.append(rows[columns])
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)


def _told(progress: Callable[[str, int, int], None], before: str) -> Callable[[str, int, int], None]:
    return lambda name, done, total: progress(before + name, done, total)


def _assuming(scenario: Scenario, assumption: str, value: float) -> Scenario:
    effort = scenario.market.effort.model_copy(update={assumption: value})
    return dataclasses.replace(scenario, market=scenario.market.model_copy(update={"effort": effort}))


def turned(sensitivity: pd.DataFrame, rows: pd.DataFrame) -> dict[tuple[str, str], list[str]]:
    """Say of each scheme and judged figure under which assumptions the difference is the other way round."""
    usual = rows.set_index(["scheme", "figure"])["difference"].to_dict()
    found: dict[tuple[str, str], list[str]] = {}
    names = ("assumption", "value", "scheme", "figure", "difference", "verdict")
    for assumption, value, scheme, figure, difference, verdict in zip(
        *(sensitivity[name] for name in names), strict=True
    ):
        turns = found.setdefault((str(scheme), str(figure)), [])
        if verdict != UNDECIDED and difference * usual[scheme, figure] < 0:
            turns.append(f"{assumption} = {value:g}")
    return found
