"""What the report says of the simulated years: hours by month, who misses when, the worst years, cost."""

import shlex
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from evenfield import plots
from evenfield.figures import figure, in_order
from evenfield.money import short
from evenfield.report.sentences import label
from evenfield.study import Study
from evenfield.year_words import hours_by_month
from optimizer.quotas.budget import COMPANY, GRADES, cost_grades
from scenarios import Scenario
from simulation import Outcome
from simulation.accounting.yardstick import REP, TEAM
from simulation.replicating.precision import interval_of_chance

SHOWN = 25
"""Teams or reps that are shown at most, the likeliest to miss first."""

WORST = 0.1
"""Share of the years that is called the worst."""

WHOLE_YEAR = "Year"
GRADED = {"excellent": "excellent", "pass": "a pass", "fail": "a fail"}


def figures_of_year(study: Study, names: dict[str, str]) -> dict[str, go.Figure]:
    """Draw hours by month, the chance to miss each quarter, who misses when, and the worst years.

    Parameters
    ----------
    names
        Label by rep, safe for plotly.
    """
    outcome, scenario = study.outcomes[study.plan], study.scenarios[study.plan]
    months = hours_by_month(scenario, outcome)
    sides = {label(name): study.outcomes[name] for name in dict.fromkeys((study.plan, study.reference))}
    missed = pd.DataFrame(
        {name: side.misses[0, -1] for name, side in sides.items()}, index=[*outcome.quarters, WHOLE_YEAR]
    )
    return {
        "capacity": plots.draw_capacity(
            months.index.tolist(), months["capacity"], months["worked"], months["unserved"]
        ),
        "shortfall": plots.draw_shortfall(missed, outcome.replications),
        "misses": plots.draw_misses(misses(outcome), None if level(outcome) == TEAM else names),
        "tails": plots.draw_tails(
            {name: side.company for name, side in sides.items()}, outcome.target, scenario.currency
        ),
    }


def level(outcome: Outcome) -> str:
    """Say whose misses are shown: teams, or reps where there are less than two teams."""
    teams = sum(level == TEAM for level, _ in outcome.held.units)
    return TEAM if teams > 1 else REP


def misses(outcome: Outcome) -> pd.DataFrame:
    """Give the chance of teams (or reps) to miss quarters and the year; the likeliest `SHOWN` at most."""
    rows = [n for n, (kind, _) in enumerate(outcome.held.units) if kind == level(outcome)]
    asked = outcome.held.asked[rows]
    there = np.column_stack([asked, asked.sum(axis=1)]) > 0
    chances = pd.DataFrame(
        np.where(there, outcome.misses[0, rows] / outcome.replications, np.nan),
        index=[outcome.held.units[row][1] for row in rows],
        columns=[*outcome.quarters, WHOLE_YEAR],
    )
    likeliest = chances.mean(axis=1).sort_values(ascending=False, kind="stable").index[:SHOWN]
    return chances.loc[likeliest]


def say_hours(scenario: Scenario, outcome: Outcome) -> str:
    """Say in words whether there are hours enough, and in which month least."""
    months = hours_by_month(scenario, outcome)
    year = months.sum()
    said = (
        f"In an average year reps have {year['capacity']:,.0f} hours and work {year['worked']:,.0f} of them, "
        f"travel included; for {year['unserved']:,.0f} hours more that are asked for, "
        f"{_part(year['unserved'], year['asked']):.1%} of all, nobody has time"
    )
    if year["unserved"] < 0.5:
        return f"{said}."
    left = (months["unserved"] / months["asked"].where(months["asked"] > 0)).fillna(0.0)
    worst = str(left.idxmax())
    return f"{said}. Time is shortest in {worst}: {left[worst]:.1%} of what is asked for stays undone."


def say_quarters(outcome: Outcome, currency: str) -> str:
    """Say in words which quarter of the company misses most often, how surely, and by how much."""
    quarters = len(outcome.quarters)
    counts, years = outcome.misses[0, -1, :quarters], outcome.replications
    often, seldom = int(counts.argmax()), int(counts.argmin())
    found = interval_of_chance(int(counts[often]), years)
    lack = short(float(outcome.moments["short"].mean[-1, often]), currency)
    said = f"in {found.mean:.0%} of years (95 % interval {found.low:.0%} to {found.high:.0%})"
    if counts[often] == counts[seldom]:
        return f"Every quarter of the company is missed {said}."
    return (
        f"{outcome.quarters[often]} is missed most often, {said}, and lacks {lack} of its target in an "
        f"average year; {outcome.quarters[seldom]} least often, in {counts[seldom] / years:.0%}."
    )


def say_teams(scenario: Scenario, outcome: Outcome) -> str:
    """Say in words who misses, when, and who has the largest part in the company's misses."""
    who, names = level(outcome), scenario.reps["name"]
    chances = misses(outcome)
    by_quarter = chances[list(outcome.quarters)].to_numpy()
    if np.isnan(by_quarter).all():
        return "Nobody is asked for anything."
    row, column = divmod(int(np.nanargmax(by_quarter)), by_quarter.shape[1])
    name, quarter, chance = str(chances.index[row]), outcome.quarters[column], by_quarter[row, column]
    said = f"The likeliest to miss is {_called(who, name, names)} in {quarter}, in {chance:.0%} of years"
    teams = outcome.teams()
    parts = teams["share_of_short"].dropna()
    if who == REP or parts.empty:
        return f"{said}."
    most = str(parts.idxmax())
    return (
        f"{said}. In years in which the company misses its target, {most} has the largest part of what teams "
        f"are short of: {parts[most]:.0%}; over all years it is short of "
        f"{short(float(teams['short'][most]), scenario.currency)} on average."
    )


def say_worst_years(outcome: Outcome, currency: str) -> str:
    """Say in words how bad the worst years are."""
    worst = plots.tail_mean(outcome.company, WORST)
    said = (
        f"The worst tenth of years book {short(worst, currency)} on average, "
        f"{_against(worst - outcome.target, currency)}; the worst year books "
        f"{short(float(outcome.company.min()), currency)}"
    )
    missed = outcome.tail()["short_when_missed"]
    if not np.isfinite(missed):
        return f"{said}. No simulated year misses the target."
    return f"{said}. A year that misses the target misses it by {short(missed, currency)} on average."


def story_command(outcome: Outcome) -> str:
    """Give the command that tells the company's worst year of the rep whose middle year is worst."""
    units = outcome.units().head(len(outcome.reps)).set_index("name")
    middle = units["attainment_p50"].dropna()
    rep = str(middle.idxmin()) if len(middle) else outcome.reps[0]
    worst = int(outcome.company.argmin())
    return f"evenfield story PLAN --rep {shlex.quote(rep)} --seed {outcome.seed} --replication {worst}"


def say_cost(scenario: Scenario, outcome: Outcome) -> str:
    """Say in words what selling costs against its budget, and how that is graded."""
    company, currency, rules = outcome.units().iloc[-1], scenario.currency, outcome.held.grades
    budget, cost = float(company["budget"]), float(company["cost"])
    paid = f"Selling costs {short(cost, currency)} in an average year (pay, travel and other cost)"
    if budget <= 0:
        return f"{paid}; there is no budget to hold it against."
    grade = GRADES[int(cost_grades(np.array(cost / budget - 1), rules))]
    return (
        f"{paid}, {_off(cost / budget - 1)} the budget of {short(budget, currency)} for selling the quotas: "
        f"{GRADED[grade]}. Within {rules.excellent_deviation:.0%} of budget, above or below, is excellent "
        f"({company['cost_excellent']:.0%} of years), within {rules.pass_deviation:.0%} a pass "
        f"({company['cost_pass']:.0%}), beyond a fail ({company['cost_fail']:.0%}). Of the bookings it takes "
        f"{_part(cost, company['bookings']):.2%}, where the budget has "
        f"{_part(budget, outcome.target):.2%} of the target."
    )


def cost_rows(scenario: Scenario, outcome: Outcome) -> list[dict[str, Any]]:
    """List cost against budget and both grades, of teams (or reps, at most `SHOWN`) and the company."""
    table = outcome.units()
    units = table[table["level"] == level(outcome)].head(SHOWN)
    return [
        {
            **{str(key): value for key, value in unit.items()},
            "who": _called(unit["level"], unit["name"], scenario.reps["name"]),
            "off_budget": _part(unit["cost"], unit["budget"]) - 1,
        }
        for unit in pd.concat([units, table.tail(1)]).to_dict("records")
    ]


def figure_rows(study: Study) -> list[dict[str, str]]:
    """List the company's figures of the simulated years: mean, its interval, the range of eight in ten."""
    money, outcome = study.scenarios[study.plan].currency, study.outcomes[study.plan]
    before, after = study.outcomes[study.reference].figures(), outcome.figures()
    known = outcome.estimates()
    return [
        {
            "figure": figure(name).label,
            "before": _mean_and_range(before, name, money),
            "after": _mean_and_range(after, name, money),
            "interval": " to ".join(
                figure(name).write(float(known[e][name]), money) for e in ("low", "high")
            ),
        }
        for name in in_order(set(after.columns))
    ]


def _called(level: str, name: str, names: pd.Series) -> str:
    """Name a unit: a rep by name, or by id where there is none."""
    if level == COMPANY:
        return "Company"
    return str(names.get(name) or name) if level == REP else name


def _written(known: pd.DataFrame, name: str, end: str, currency: str) -> str:
    return figure(name).write(float(known[end][name]), currency)


def _mean_and_range(figures: pd.DataFrame, column: str, currency: str) -> str:
    values = figures[column]
    mean, low, high = (
        figure(column).write(float(value), currency)
        for value in (values.mean(), values.quantile(0.1), values.quantile(0.9))
    )
    return mean if column == "reached_target" else f"{mean} ({low} to {high})"


def _against(difference: float, currency: str) -> str:
    where = "below" if difference < 0 else "above"
    return f"{short(abs(difference), currency)} {where} the target"


def _off(share: float) -> str:
    return f"{abs(share):.1%} {'below' if share < 0 else 'above'}"


def _part(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")
