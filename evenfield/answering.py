"""What commands answer: the JSON that programs rely on, and the same as tables for people."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from evenfield.alternatives import Pair
from evenfield.comparison import CONFIDENCE, SAME, UNDECIDED
from evenfield.figures import figure
from evenfield.money import exact
from evenfield.study import Study
from evenfield.terminal import answers, plain, say, show_table
from evenfield.year_words import of_level, year_words
from optimizer import Plan, duplicate_visits, loads, score, specialist_loads, violations
from optimizer.asking.wishes import wishes_not_granted
from optimizer.clashing.unserved import unserved
from optimizer.compiling.attainable import attainable
from optimizer.compiling.territories import nobody_may_serve
from optimizer.compiling.travel import known_pairs
from optimizer.compiling.workload import capacity_hours, workload
from optimizer.quotas.budget import COMPANY
from optimizer.score import moved, territory_allowances
from scenarios import InputError, Problem, Scenario
from scenarios.naming import near
from scenarios.pay_checks import notes_of_scheme
from simulation import Outcome
from simulation.replicating.outcome import ADJUSTED
from simulation.replicating.precision import years_worth

PLAIN = ["mean", "low", "high"]
"""Of a figure without correction, in the order of `ADJUSTED`."""

SHORT_DIGEST = 12
"""Letters of a digest that are shown; the JSON has all."""

WISHES_SHOWN = 3
"""Customers named for each wish that is not granted; the JSON has all."""


def write_json(file: Path, words: dict[str, Any]) -> None:
    """Write an answer to a file; folders are made."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(plain(words), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def check_words(scenario: Scenario) -> dict[str, Any]:
    """Describe a scenario that passed its checks."""
    hours, lost_customers = workload(scenario).where(scenario.eligible), unserved(scenario)
    return {
        "problems": [],
        "scenario": scenario.name,
        "digest": scenario.digest,
        "customers": len(scenario.customers),
        "reps": len(scenario.reps),
        "orders": len(scenario.history),
        "last_year_sales": float(scenario.last_year_sales.sum()),
        "target": scenario.target_amount,
        "without_owner": int((scenario.customers["owner"] == "").sum()),
        "least_hours": float(hours.min(axis=1).sum()),
        "capacity_hours": float(capacity_hours(scenario).sum()),
        "nobody_may_serve": sum(len(lost.customers) for lost in lost_customers),
        "clashes": [
            {"customers": list(lost.customers), "rules": list(lost.rules)} for lost in lost_customers
        ],
        "reasons": nobody_may_serve(scenario),
        **dict(zip(("ways_known", "ways_estimated"), known_pairs(scenario), strict=True)),
        "reps_that_may_serve_nobody": [str(r) for r in scenario.reps.index[~scenario.eligible.any(axis=0)]],
        "notes": [vars(note) for note in notes_of_scheme(scenario, scenario.scheme)],
    }


def show_check(scenario: Scenario, words: Mapping[str, Any]) -> None:
    """Show what a scenario holds."""
    money = scenario.currency
    rows = [
        ["customers", f"{words['customers']:,}"],
        ["  of them without an owner today", f"{words['without_owner']:,}"],
        ["  of them nobody may serve", f"{words['nobody_may_serve']:,}"],
        ["reps", f"{words['reps']:,}"],
        ["  of them may serve nobody", ", ".join(words["reps_that_may_serve_nobody"]) or "none"],
        ["orders", f"{words['orders']:,}"],
        ["sales of the last twelve months", exact(words["last_year_sales"], money)],
        ["target", exact(words["target"], money)],
        ["ways known from travel times", f"{words['ways_known']:,}"],
        ["  ways estimated", f"{words['ways_estimated']:,}"],
        ["hours needed a year, at least", f"{words['least_hours']:,.0f}"],
        ["hours the reps have", f"{words['capacity_hours']:,.0f}"],
    ]
    said = "no problems found"
    if words["least_hours"] > words["capacity_hours"]:
        said = "well-formed, but hours are short: see those needed and those there are"
    if words["nobody_may_serve"]:
        said = "well-formed, but no plan can exist: see the customers nobody may serve"
    show_table(f"{scenario.title or scenario.name}: {said}", ["", ""], rows)
    for note in words["notes"]:
        found = f" ({note['value']})" if note["value"] else ""
        say(f"Note: {note['place']}: {note['remedy']}{found}")


def plan_words(scenario: Scenario, plan: Plan, seed: int) -> dict[str, Any]:
    """Describe a plan: how it was found, what it costs by term, whom it moves."""
    result = plan.result
    found = {} if result is None else {**result.words, "gap": result.gap, "log": list(result.log)}
    return {
        **found,
        "customers": len(plan.owner),
        "reps": len(scenario.reps),
        "moved": int(moved(scenario, plan.owner).sum()),
        "violations": [str(v) for v in violations(scenario, plan)],
        "attainable": [asdict(best) for best in attainable(scenario)],
        "terms": score(scenario, plan.owner, plan.support).terms,
        "duplicate_visits": duplicate_visits(scenario, plan.owner, plan.support),
        **_specialist_words(scenario, plan),
        **_allowance_words(scenario, plan),
        "wishes_not_granted": wishes_not_granted(scenario, plan.owner).to_dict("records"),
        "target": scenario.target_amount,
        "quota_total": float(plan.quota.to_numpy().sum()),
        "scenario": scenario.name,
        "digest": scenario.digest,
        "seed": seed,
    }


def show_plan(scenario: Scenario, plan: Plan, words: Mapping[str, Any]) -> None:
    """Show a plan: the verdict of the solver, then each rep's book and quota."""
    money = scenario.currency
    answers.print(
        f"{words['status']}: at most {words['gap']:.2%} from the best possible "
        f"(cost {exact(words['objective'], money)} a year, bound {exact(words['bound'], money)}, "
        f"{words['engine']}, {words['seconds']:.1f} s)"
    )
    answers.print(
        f"{words['customers']:,} customers, {words['reps']} reps, {words['moved']:,} customers change"
        f" owner, {len(words['violations'])} hard rules broken"
    )
    table = loads(scenario, plan.owner)
    table["quota"] = plan.quota.sum(axis=1)
    records: Any = table.itertuples()
    rows = [
        [
            str(load.Index),
            f"{load.customers:,}",
            "-" if load.capacity_hours == 0 else f"{load.utilization:.0%}",
            exact(load.potential, money),
            "-" if load.fair_potential == 0 else f"{load.potential / load.fair_potential:.0%}",
            exact(load.quota, money),
            *([exact(load.allowance, money)] if scenario.allowances.rules else []),
        ]
        for load in records
    ]
    potential, quota, paid = (
        exact(table[column].sum(), money) for column in ("potential", "quota", "allowance")
    )
    rows.append(["all", f"{table['customers'].sum():,}", "", potential, "", quota])
    columns = ["rep", "customers", "hours used", "potential", "of fair share", "quota"]
    if scenario.allowances.rules:
        columns.append("allowance")
        rows[-1].append(paid)
    show_table(scenario.title or scenario.name, columns, rows)
    _show_wishes(words["wishes_not_granted"], money)
    if words.get("specialists"):
        _show_specialists(scenario, words["specialists"])


def _show_wishes(wishes: Sequence[Mapping[str, Any]], currency: str) -> None:
    """Show which wishes cost what; nothing where all are granted."""
    if not wishes:
        return
    rows = []
    for rule, against in pd.DataFrame(wishes).groupby("rule", sort=False):
        some = ", ".join(against["customer"][:WISHES_SHOWN])
        dots = ", ..." if len(against) > WISHES_SHOWN else ""
        rows.append([str(rule), f"{len(against):,}", exact(against["price"].sum(), currency), some + dots])
    show_table("Wishes not granted", ["rule", "customers", "price paid a year", "which"], rows)
    answers.print(
        "What granting one would cost instead: `evenfield explain` with the plan's folder and --customer.",
        markup=False,
    )


def _allowance_words(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    """Say what reps are paid for their territories, by allowance and rep; nothing where none is asked for."""
    if not scenario.allowances.rules:
        return {}
    paid = territory_allowances(scenario, plan.owner)
    return {"allowances": {name: {str(rep): float(v) for rep, v in paid[name].items()} for name in paid}}


def _specialist_words(scenario: Scenario, plan: Plan) -> dict[str, Any]:
    """Describe what specialists do; nothing where there are none."""
    if plan.support.empty:
        return {}
    table = specialist_loads(scenario, plan.owner, plan.support)
    return {"specialists": table.reset_index(names="specialist").to_dict("records")}


def _show_specialists(scenario: Scenario, specialists: Sequence[Mapping[str, Any]]) -> None:
    rows = [
        [
            f"{one['specialist']} ({one['overlay']})",
            f"{one['customers']:,}",
            f"{one['reps']:,}",
            f"{one['visits']:,.0f}",
            f"{one['utilization']:.0%}",
            exact(one["pay"], scenario.currency),
        ]
        for one in specialists
    ]
    columns = ["specialist", "customers", "reps dealt with", "visits", "hours used", "pay, not in the cost"]
    show_table("Specialists", columns, rows)


def simulate_words(scenario: Scenario, plan: Plan, outcome: Outcome, seconds: float) -> dict[str, Any]:
    """Describe what a plan came to; `seconds` is the time it took."""
    return {
        **outcome.summary(),
        **year_words(scenario, outcome),
        "seconds": seconds,
        "plan": plan.name,
        "scenario": scenario.name,
        "target": scenario.target_amount,
    }


def say_notes(*outcomes: Outcome) -> None:
    """Say what there is to say of simulated years besides their figures, on standard error."""
    for note in dict.fromkeys(note for outcome in outcomes for note in outcome.notes):
        say(note)
    first = outcomes[0]
    if first.precision is not None and first.stopped != "precise enough":
        say(f"{first.replications:,} years were simulated; not all figures are as precise as asked for yet.")


def show_simulation(scenario: Scenario, plan: Plan, outcome: Outcome) -> None:
    """Show what a plan came to: means, the range of eight years in ten, who and when misses, the worst."""
    figures, money, corrected = outcome.figures(), scenario.currency, outcome.controls is not None
    found = _as_known(outcome)
    rows = [
        [
            figure(name).label,
            *(figure(name).write(float(found[end][name]), money) for end in ("mean", "low", "high")),
            *([_years(float(found["worth"][name]))] if corrected else []),
            *_range(name, figures[name], money),
        ]
        for name in map(str, figures)
    ]
    title = f"{scenario.title or scenario.name}, {plan.name}: {outcome.replications:,} simulated years"
    title += f", outcome {outcome.digest[:SHORT_DIGEST]}"
    known = ["mean", "at least, 95 %", "at most", *(["worth years"] if corrected else [])]
    show_table(title, ["figure", *known, "1 year in 10 below", "1 in 10 above"], rows)
    if corrected:
        answers.print(_what_correcting_gives(found, outcome.replications), markup=False)
    _show_misses(outcome, money)
    tail = outcome.tail()
    answers.print(
        f"The worst year in ten: {exact(tail['bookings'], money)} booked on average, "
        f"{exact(tail['short'], money)} short of the target.",
        markup=False,
    )


def _as_known(outcome: Outcome) -> pd.DataFrame:
    """Give mean, low and high of each figure, corrected where possible, and the years that is worth."""
    found = outcome.estimates()
    known = pd.DataFrame(
        {end: found[better].fillna(found[end]) for end, better in zip(PLAIN, ADJUSTED, strict=True)}
    )
    return known.assign(worth=years_worth(found, outcome.replications))


def _what_correcting_gives(found: pd.DataFrame, years: int) -> str:
    """Say what the corrected means are, in a sentence about bookings."""
    worth = found["worth"]["bookings"]
    if not np.isfinite(worth):
        return "Too few years to correct means by what is known of the luck drawn; these are the plain ones."
    return (
        "Means are corrected by what is known of the luck drawn; — is not. The interval of bookings is as "
        f"narrow as that of {_years(worth)} years without, {worth / years:.1f} times as many."
    )


def _years(worth: float) -> str:
    return f"{worth:,.0f}" if np.isfinite(worth) else "—"


def _show_misses(outcome: Outcome, money: str) -> None:
    """Show which quarter misses, and which team."""
    quarters = of_level(outcome.by_quarter(), COMPANY).set_index("quarter")
    rows = [
        [str(name), exact(q["quota"], money), f"{q['missed']:.0%}", exact(q["short"], money)]
        for name, q in quarters.iterrows()
    ]
    teams = outcome.teams()
    rows += [
        [str(name), exact(team["quota"], money), f"{team['missed']:.0%}", exact(team["short"], money)]
        for name, team in teams.iterrows()
        if len(teams) > 1
    ]
    show_table("Who and when misses", ["", "asked for", "years that miss", "short on average"], rows)


def _range(name: str, years: pd.Series, currency: str) -> tuple[str, str]:
    """Write between what eight years in ten lie; of a yes or no there is nothing between."""
    if name == "reached_target":
        return "", ""
    low, high = (figure(name).write(float(years.quantile(q)), currency) for q in (0.1, 0.9))
    return low, high


def reference_of(sides: Mapping[str, Pair], named: str | None) -> str:
    """Give the name of the alternative to compare with.

    Raises
    ------
    InputError
        If there is none of that name.
    """
    if named is None:
        return next(iter(sides))
    if named not in sides:
        meant = near(named, sides) or ";"
        raise InputError(
            [Problem("--reference", named, f"no such alternative{meant} there are {', '.join(sides)}")]
        )
    return named


def compare_words(study: Study) -> dict[str, Any]:
    """Describe a comparison: its rows, and how to make it again."""
    outcome = study.outcomes[study.reference]
    return {
        "rows": study.rows,
        "reference": study.reference,
        "seed": outcome.seed,
        "replications": outcome.replications,
        "stopped": outcome.stopped,
        "control_variates": study.corrected,
        "digests": {name: scenario.digest for name, scenario in study.scenarios.items()},
        "violations": {
            name: [str(v) for v in violations(study.scenarios[name], plan)]
            for name, plan in study.plans.items()
        },
    }


def show_comparison(study: Study) -> None:
    """Show a comparison: a table for each alternative."""
    signs = {"better": "+ better", "worse": "- worse", UNDECIDED: "undecided", SAME: SAME}
    money = study.scenarios[study.reference].currency
    for name in study.plans:
        table = study.rows[study.rows["scenario"] == name]
        if table.empty:
            continue
        records: Any = table.itertuples()
        rows = [
            [
                figure(row.figure).label,
                figure(row.figure).write(row.reference, money),
                figure(row.figure).write(row.other, money),
                figure(row.figure).write_difference(row.difference, money),
                signs[row.verdict],
            ]
            for row in records
        ]
        title = study.scenarios[name].title if study.scenarios[name].name == name else ""
        heading = f"{name} ({title})" if title else name
        heading += f" against {study.reference}"
        show_table(heading, ["", study.reference, name, "difference", "verdict"], rows)
    years = study.outcomes[study.reference].replications
    answers.print(
        f"{years} years under the same luck; undecided: not distinguishable yet at {CONFIDENCE:.0%}."
        + (" Differences are corrected by what is known of the luck." if study.corrected else "")
    )
