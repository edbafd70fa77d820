"""The answer in three sentences: will it work, what changes, what it costs; every word from the study."""

import numpy as np
import pandas as pd
from scipy import stats

from evenfield.comparison import CONFIDENCE, SAME, UNDECIDED
from evenfield.figures import figure
from evenfield.money import short
from evenfield.study import Study
from optimizer import TODAY, loads
from optimizer.compiling.costs import expected_sales, relationship_loss
from optimizer.score import book, moved
from simulation import Outcome
from simulation.replicating.precision import interval_of_chance


def answer(study: Study) -> list[str]:
    """Say what a study found, in three sentences of plain text.

    Returns
    -------
    Whether the target is reached, with the plan and with the reference; what changes; what it costs.
    """
    return [_whether_the_target_is_reached(study), _what_changes(study), _what_it_costs(study)]


def chance(outcome: Outcome) -> tuple[float, float, float]:
    """Give the chance to reach the target, and the ends of its interval.

    Returns
    -------
    Share of the simulated years; Wilson's score interval at the level of the comparison's verdicts.
    """
    years = outcome.replications
    found = interval_of_chance(round(outcome.p_target * years), years, CONFIDENCE)
    return found.mean, found.low, found.high


def label(name: str) -> str:
    """Put an alternative's name over a column; one given by the user stays as it is."""
    return {"plan": "Plan", TODAY: "Today's book"}.get(name, name)


def called(name: str) -> str:
    """Put an alternative's name into a sentence: the plan, today's book, “growth_30”."""
    return {"plan": "the plan", TODAY: TODAY}.get(name, f"“{name}”")


def row(study: Study, name: str) -> pd.Series | None:
    """Find the comparison of the plan with the reference in one figure; none where it was not compared."""
    rows = study.rows[(study.rows["scenario"] == study.plan) & (study.rows["figure"] == name)]
    return None if rows.empty else rows.iloc[0]


def reach(study: Study, standard_error: float) -> float:
    """Give half the width of the interval around a paired difference, by Student's t."""
    years = study.outcomes[study.plan].replications
    return float(standard_error * stats.t.ppf((1 + CONFIDENCE) / 2, years - 1)) if years > 1 else 0.0


def at_risk(study: Study) -> float:
    """Give expected sales of moved customers times the share lost when the rep changes; money a year."""
    scenario, plan = study.scenarios[study.plan], study.plans[study.plan]
    lost = 0.0
    for part in scenario.parts():
        sales = relationship_loss(part).mul(expected_sales(part), axis=0)
        lost += float(book(sales, plan.owner[part.customers.index]).sum())
    return lost


def fullest(study: Study, name: str) -> float:
    """Give the largest share of a rep's hours that promised work takes; NaN where nobody has hours."""
    used = loads(study.scenarios[name], study.plans[name].owner)["utilization"]
    return float(used.where(np.isfinite(used)).max())


def _whether_the_target_is_reached(study: Study) -> str:
    outcome, scenario = study.outcomes[study.plan], study.scenarios[study.plan]
    target = f"{short(outcome.target, scenario.currency)}{_growth(study)}"
    share, low, high = chance(outcome)
    said = f"{_capital(called(study.plan))} reaches the target of {target} in {share:.0%} of simulated years"
    interval = f"({CONFIDENCE:.0%} interval {low:.0%} to {high:.0%})"
    compared = row(study, "reached_target")
    if compared is None:
        return f"{said} {interval}{_what_it_books(study)}."
    share, low, high = chance(study.outcomes[study.reference])
    other = f"{called(study.reference)} in {share:.0%} ({low:.0%} to {high:.0%})"
    return f"{said} {interval}, {other}: {_verdict_on_chance(study, compared)}{_what_it_books(study)}."


def _verdict_on_chance(study: Study, compared: pd.Series) -> str:
    if compared["verdict"] == UNDECIDED:
        return f"{UNDECIDED} after {study.outcomes[study.plan].replications:,} years under the same luck"
    if compared["verdict"] == SAME:
        return "the same in every year under the same luck"
    points = abs(compared["difference"]) * 100
    within = reach(study, compared["standard_error"]) * 100
    return f"{compared['verdict']} by {points:.0f} points (± {within:.0f}) under the same luck"


def _what_it_books(study: Study) -> str:
    """Say what the company books on average, since a chance near 0 or 1 says little about by how much."""
    outcome, currency = study.outcomes[study.plan], study.scenarios[study.plan].currency
    mean = float(outcome.company.mean())
    said = f"; on average it books {short(mean, currency)}, {mean / outcome.target:.0%} of the target"
    compared = row(study, "bookings")
    if compared is None:
        return said
    if compared["verdict"] == UNDECIDED:
        return f"{said}, {UNDECIDED} from {called(study.reference)}"
    if compared["verdict"] == SAME:
        return f"{said}, the same as {called(study.reference)} in every year"
    change = "more" if compared["difference"] > 0 else "less"
    return f"{said}, {short(abs(compared['difference']), currency)} {change} than {called(study.reference)}"


def _growth(study: Study) -> str:
    scenario = study.scenarios[study.plan]
    last_year = float(scenario.last_year_sales.sum())
    if last_year <= 0:
        return ""
    return f" ({scenario.target_amount / last_year - 1:+.0%} on last year's sales)"


def _what_changes(study: Study) -> str:
    scenario, plan = study.scenarios[study.plan], study.plans[study.plan]
    moves = moved(scenario, plan.owner)
    first = int(((scenario.customers["owner"] == "") & (plan.owner != "")).sum())
    parts = [f"All {len(moves):,} customers keep their rep"]
    if moves.any():
        sales = short(float(scenario.last_year_sales[moves].sum()), scenario.currency)
        parts = [
            f"{moves.sum():,} of {len(moves):,} customers change their rep, with {sales} of last year's sales"
        ]
    elif first:
        parts = ["Nobody who has a rep gets another"]
    if first:
        parts.append(f"{first:,} that have no rep get one")
    parts += [_how_full(study), _how_well_served(study)]
    return "; ".join(part for part in parts if part) + "."


def _how_full(study: Study) -> str:
    now, then = fullest(study, study.reference), fullest(study, study.plan)
    if study.plan == study.reference or not np.isfinite(now + then):
        return ""
    if f"{now:.0%}" == f"{then:.0%}":
        return f"promised work takes {then:.0%} of the fullest rep's hours, as before"
    verb = "falls" if then < now else "rises"
    return f"promised work of the fullest rep {verb} from {now:.0%} to {then:.0%} of the hours there are"


def _how_well_served(study: Study) -> str:
    """Say how the share of promised visits kept changes, where the years tell."""
    rows = study.rows[(study.rows["scenario"] == study.plan) & (study.rows["figure"] == "visits_kept")]
    if rows.empty or rows["verdict"].iloc[0] in (UNDECIDED, SAME):
        return ""
    now, then = rows["reference"].iloc[0], rows["other"].iloc[0]
    return f"{then:.0%} of promised visits are kept instead of {now:.0%}"


def _what_it_costs(study: Study) -> str:
    currency = study.scenarios[study.plan].currency
    figures = study.outcomes[study.plan].figures()
    pay, share = figures["pay"].mean(), figures["cost_of_sales"].mean()
    paid = f"pay comes to {short(pay, currency)}, {share:.1%} of bookings"
    compared = row(study, "cost_of_sales")
    if compared is not None:
        verdict = compared["verdict"]
        judged = verdict if verdict in (UNDECIDED, SAME) else f"{called(study.plan)} is {verdict}"
        paid += f", against {compared['reference']:.1%} with {called(study.reference)} ({judged})"
    travel = row(study, "travel_hours")
    if travel is not None and abs(travel["difference"]) >= 0.5:
        change = figure("travel_hours").write(abs(travel["difference"]), currency)
        paid += f"; travel {'falls' if travel['difference'] < 0 else 'rises'} by {change} a year"
    risk = at_risk(study)
    if risk <= 0:
        return f"{_capital(paid)}."
    return f"Changing reps puts {short(risk, currency)} of sales at risk in the first year; {paid}."


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
