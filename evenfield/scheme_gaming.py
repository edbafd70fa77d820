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
from simulation.paying.outlook import outlooks
from simulation.replicating.beliefs import Beliefs
from simulation.replicating.outcome import INTERRUPTED

Numbers = NDArray[np.float64]

USUAL = Timing(window_days=21)
"""How reps play with time where the scenario does not say that they do."""

COLUMNS = (
    *(
        "scheme",
        "years",
        "paid_more",
        "paid_later",
        "gain",
        "standard_error",
        "exploitability",
        "reps",
        "most",
    ),
    *(
        "most_gains",
        "held",
        "pulled_in",
        "discounts",
        "lost",
        "lost_later",
        "left_the_year",
        "bookings",
        "cost",
    ),
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
    `paid_more` (pay of all with playing less without), `paid_later` (what reps are paid for what left the
    year, as of `carried`), `gain` (both), its standard error, `exploitability` (the gain as a share of the
    incentive paid without), `reps` (share of reps who gain in the mean), `most` and `most_gains` (who gains
    most, and what), `held`, `pulled_in`, `discounts`, `lost` (orders), `lost_later` (of those held back from
    the last quarter, expected), `left_the_year` (held back from its last quarter less pulled into it),
    `bookings` (with less without) and `cost`: discounts, the contribution of lost orders, and the gain, if
    there is one.
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
            plain = outcomes["honest"] if known is None else known
            rows.append({"scheme": name, **row_of_gaming(_gaming(scenario), plain, outcomes["gaming"])})
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _first_years(scenario: Scenario, outcome: Outcome | None, years: int) -> Outcome | None:
    """Give the first years of an outcome, if there are so many in which nobody plays with time."""
    if outcome is None or outcome.replications < years or scenario.market.timing.window_days > 0:
        return None
    assert outcome.rows is not None
    return dataclasses.replace(outcome, years=outcome.years[:years], rows=outcome.rows.first(years))


def carried(scenario: Scenario, honest: Outcome, gaming: Outcome) -> Numbers:
    """Say what reps are paid next year for deals that left this one, money, [years, reps].

    As if the next year began like this one, and everything but these deals were as without playing: with b
    booked in the first quarter, D put off out of the last quarter, of which `market.timing.keeps` stays, and
    E pulled into it, at their prices before discounts, that is

        pay(b + keeps D - E) - pay(b)

    by what the first quarter pays for own sales (`simulation.paying.outlook`).
    """
    assert honest.rows is not None
    assert gaming.rows is not None
    played, roll = gaming.rows.measures, honest.held.roll
    came = scenario.market.timing.keeps * played.held - played.pulled_in - played.discounts
    booked = honest.rows.measures.bookings[..., 0]
    views = outlooks(roll.scheme, roll.people, roll.before)
    after = np.maximum(booked + came[..., -1], 0.0)
    paid = [views[r][0].pay(after[:, r]) - views[r][0].pay(booked[:, r]) for r in range(booked.shape[1])]
    return np.stack(paid, axis=1)


def row_of_gaming(scenario: Scenario, honest: Outcome, gaming: Outcome) -> dict[str, object]:
    """Give a row of `exploitability`, but for the scheme's name, of a scenario in which reps play."""
    assert honest.rows is not None
    assert gaming.rows is not None
    more, later = (gaming.years["pay"] - honest.years["pay"]).to_numpy(), carried(scenario, honest, gaming)
    gain = more + later.sum(axis=1)
    by_rep = (gaming.rows.pay - honest.rows.pay + later).mean(axis=0)
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
        "lost_later": _a_year((1 - scenario.market.timing.keeps) * played.held[..., -1:]),
    }
    return {
        "years": len(more),
        "paid_more": float(more.mean()),
        "paid_later": float(later.sum(axis=1).mean()),
        "gain": float(gain.mean()),
        "standard_error": float(gain.std(ddof=1)) / math.sqrt(len(gain)),
        "exploitability": float(gain.mean()) / incentive if incentive > 0 else math.nan,
        "reps": float((by_rep > 0.005).mean()),
        "most": str(honest.reps[int(by_rep.argmax())]),
        "most_gains": float(by_rep.max()),
        **sums,
        "left_the_year": float(last.sum(axis=1).mean()),
        "bookings": float((gaming.years["bookings"] - honest.years["bookings"]).mean()),
        "cost": (
            sums["discounts"]
            + scenario.market.contribution_margin * (sums["lost"] + sums["lost_later"])
            + max(float(gain.mean()), 0.0)
        ),
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
