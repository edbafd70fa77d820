"""How a scheme may be gamed: years in which reps play with time against years in which they do not."""

import contextlib
import dataclasses
import math
from collections.abc import Callable, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from optimizer import Plan
from scenarios import Scenario
from scenarios.behavior import Timing
from simulation import Outcome, simulate_together
from simulation.replicating.beliefs import Beliefs
from simulation.replicating.outcome import INTERRUPTED

Numbers = NDArray[np.float64]

USUAL = Timing(window_days=21)
"""How reps play with time where the scenario does not say that they do."""

COLUMNS = (
    *("scheme", "years", "paid_more", "standard_error", "exploitability", "reps", "most", "most_gains"),
    *("held", "pulled_in", "discounts", "lost", "left_the_year", "bookings", "cost"),
)


def exploitability(
    scenarios: Mapping[str, Scenario],
    plan: Plan,
    *,
    seed: int = 1,
    years: int,
    workers: int = 1,
    progress: Callable[[str, int, int], None] | None = None,
    honest: Mapping[str, Outcome] | None = None,
    beliefs: Beliefs | None = None,
) -> pd.DataFrame:
    """Live through the same years with reps who play with time and with reps who do not, under each scheme.

    Parameters
    ----------
    scenarios
        By name of the scheme; `market.timing` says how reps play, or the usual way where it is off.
    plan
        Owners and quotas.
    seed, workers, progress, beliefs
        As in `simulation.simulate_together`.
    years
        How many, > 1.
    honest
        Outcomes of the same scenarios, plan and seed with rows, by name of the scheme: where reps do not play
        with time there, their first years are not simulated again.

    Returns
    -------
    A row a scheme, as many as there were before an interrupt from the keyboard; means of a year, money:
    `paid_more` (pay of all with playing less without), its standard error, `exploitability` (that as a share
    of the incentive paid without), `reps` (share of reps who earn more in the mean), `most` and `most_gains`
    (who gains most, and what), `held`, `pulled_in`, `discounts`, `lost` (orders), `left_the_year` (held back
    from its last quarter less pulled into it), `bookings` (with less without) and `cost`: discounts, the
    contribution of lost orders, and what is paid more.
    """
    rows = []
    with contextlib.suppress(KeyboardInterrupt):
        for name, scenario in scenarios.items():
            known = _first_years(scenario, (honest or {}).get(name), years)
            sides = {} if known is not None else {"honest": (_playing(scenario, Timing()), plan)}
            outcomes = simulate_together(
                {**sides, "gaming": (_gaming(scenario), plan)},
                seed=seed,
                replications=years,
                workers=workers,
                progress=None if progress is None else _told(progress, f"{name}: "),
                rows=True,
                beliefs=beliefs,
            )
            if outcomes["gaming"].stopped == INTERRUPTED:
                break
            margin = scenario.market.contribution_margin
            plain = outcomes["honest"] if known is None else known
            rows.append({"scheme": name, **_row(plain, outcomes["gaming"], margin)})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _first_years(scenario: Scenario, outcome: Outcome | None, years: int) -> Outcome | None:
    """Give the first years of an outcome, if there are so many in which nobody plays with time."""
    if outcome is None or outcome.replications < years or scenario.market.timing.window_days > 0:
        return None
    assert outcome.rows is not None
    return dataclasses.replace(outcome, years=outcome.years[:years], rows=outcome.rows.first(years))


def _row(honest: Outcome, gaming: Outcome, margin: float) -> dict[str, object]:
    assert honest.rows is not None
    assert gaming.rows is not None
    more = (gaming.years["pay"] - honest.years["pay"]).to_numpy()
    by_rep = (gaming.rows.pay - honest.rows.pay).mean(axis=0)
    base = np.array(honest.held.roll.people.base[: len(honest.reps)]) / 100
    here = np.average(honest.rows.measures.filled, axis=2, weights=honest.held.days)
    incentive = float((honest.rows.pay - base * here).sum(axis=1).mean())
    played = gaming.rows.measures
    last = (played.held - played.pulled_in - played.discounts)[..., -1]
    sums = {
        "held": _a_year(played.held),
        "pulled_in": _a_year(played.pulled_in),
        "discounts": _a_year(played.discounts),
        "lost": _a_year(played.lost_by_timing),
    }
    return {
        "years": len(more),
        "paid_more": float(more.mean()),
        "standard_error": float(more.std(ddof=1)) / math.sqrt(len(more)),
        "exploitability": float(more.mean()) / incentive if incentive > 0 else math.nan,
        "reps": float((by_rep > 0.005).mean()),
        "most": str(honest.reps[int(by_rep.argmax())]),
        "most_gains": float(by_rep.max()),
        **sums,
        "left_the_year": float(last.sum(axis=1).mean()),
        "bookings": float((gaming.years["bookings"] - honest.years["bookings"]).mean()),
        "cost": sums["discounts"] + margin * sums["lost"] + float(more.mean()),
    }


def _a_year(by_quarter: Numbers) -> float:
    return float(by_quarter.sum(axis=(1, 2)).mean())


def _gaming(scenario: Scenario) -> Scenario:
    timing = scenario.market.timing
    return _playing(scenario, timing if timing.window_days > 0 else USUAL)


def _playing(scenario: Scenario, timing: Timing) -> Scenario:
    return scenario.answering(timing=timing)


def _told(progress: Callable[[str, int, int], None], before: str) -> Callable[[str, int, int], None]:
    return lambda name, done, total: progress(before + name, done, total)
