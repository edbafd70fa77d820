"""What the report's tables hold, read from a study; how it looks is the template's business."""

import importlib.metadata
import platform
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from pydantic import BaseModel

from evenfield.comparison import BETTER
from evenfield.figures import figure, in_order
from evenfield.money import exact, short
from evenfield.report.sentences import chance, fullest, reach
from evenfield.study import Study
from optimizer import Plan, Score, Violation, loads, score, violations
from optimizer.compiling.attainable import attainable
from optimizer.score import moved
from scenarios import Scenario
from simulation.accounting.yardstick import REP

PACKAGES = ("evenfield", "ortools", "simpy", "numpy", "scipy", "pandas")

TERMS = {
    "travel": "hours on the road, at their cost",
    "disruption": "margin on expected sales at risk where a customer changes reps",
    "fit": "margin lost where a rep lacks the skill for what a customer buys",
    "ramp": "margin lost while a new rep is not yet fully productive",
    "vacancy": "margin lost while the seat is empty",
    "specialists": "ways of specialists above those of the nearest ones, at their cost",
    "wishes": "customers against rules that may be broken at a price, at their price",
    "unavoidable": "what each customer's best eligible rep would cost anyway, taken off",
}

RULES = {
    "balance": "what a book has outside the tolerance around its fair share, at its price",
    "limits": "what a book has beyond its limits, at its price",
    "fairness": "how unevenly books fall on the reps, at its price",
    "moves": "customers who change their rep beyond the limit, at their price",
    "sales moved": "last year's sales that change hands beyond the limit, at their price",
    "customers kept": "customers who leave a rep beyond the limit for one, at their price",
    "allowances": "what reps are paid for long ways, or for potential below the fair share",
}
"""What terms of priced rules mean, by their list or, where they have none, by name."""

LEANED_ON = (
    "market.growth",
    "market.new_customers_per_year",
    "market.new_customer_value",
    "market.demand_noise",
    "market.stages",
    "market.relationship_risk",
    "market.skill_gap",
    "market.unattended_share",
    "market.patience_days",
    "market.satisfaction.sensitivity",
    "market.turnover.yearly_quit_rate",
    "market.turnover.ramp_months",
    "market.effort.mode",
    "market.effort.elasticity",
    "market.bad_debt",
    "market.shocks",
    "travel.speed_km_per_hour",
)
"""Settings to doubt first, since bookings, pay or travel follow them closely."""

STATUS = {
    "optimal": "The search is complete: no plan that {kept} costs less.",
    "within gap": "The search stopped once the plan was proved good enough.",
    "time limit": "The search stopped at its time limit.",
    "work limit": "The search stopped at its limit of work.",
    "stopped improving": "The search stopped when it found nothing better for long.",
    "interrupted": "The search was interrupted; this is the best plan until then.",
}


class Tile(NamedTuple):
    """A number at the top of the page: the plan's, and the reference's below."""

    label: str
    value: str
    before: str


def tiles(study: Study) -> list[Tile]:
    """Give the four numbers a reader looks for first."""
    scenario, outcome = study.scenarios[study.plan], study.outcomes[study.plan]
    money, before = scenario.currency, study.outcomes[study.reference]
    moves = int(moved(scenario, study.plans[study.plan].owner).sum())
    return [
        Tile("chance to reach the target", f"{chance(outcome)[0]:.0%}", f"{chance(before)[0]:.0%}"),
        Tile(
            "expected bookings",
            short(float(outcome.company.mean()), money),
            short(float(before.company.mean()), money),
        ),
        Tile(
            "of the fullest rep's hours taken",
            _share(fullest(study, study.plan)),
            _share(fullest(study, study.reference)),
        ),
        Tile("customers change their rep", f"{moves:,}", ""),
    ]


def gap_in_words(plan: Plan, currency: str) -> str:
    """Say how good an assignment is known to be."""
    found = plan.result
    if found is None:
        return "Nothing was optimized: this is the book as it stands."
    kept = " and ".join(["keeps the hard rules", *filter(None, [found.within])])
    why = STATUS.get(found.status, f"The search ended with “{found.status}”.").replace("{kept}", kept)
    if found.gap <= 0:
        return why
    apart = exact(found.objective - found.bound, currency)
    return f"{why} No plan that {kept} can cost over {apart} ({found.gap:.2%}) less."


def _score(study: Study, name: str) -> Score:
    plan = study.plans[name]
    return score(study.scenarios[name], plan.owner, plan.support)


def term_rows(study: Study) -> list[dict[str, str]]:
    """List what makes up the objective, for the reference and for the plan, money a year."""
    names = (study.reference, study.plan)
    money = study.scenarios[study.plan].currency
    terms = {name: _score(study, name).terms for name in names}
    kinds = {name: kind for plan in names for (kind, _), name in study.scenarios[plan].rules.names().items()}
    kinds |= {term: "allowances" for plan in names for term in study.scenarios[plan].allowances.names}
    listed = list(dict.fromkeys(term for name in names for term in terms[name]))
    rows = [
        {
            "term": term.capitalize(),
            "meaning": TERMS.get(term, RULES.get(kinds.get(term, term), "")),
            "before": exact(terms[study.reference].get(term, np.nan), money),
            "after": exact(terms[study.plan].get(term, np.nan), money),
        }
        for term in listed
    ]
    sums = {name: exact(sum(terms[name].values()), money) for name in names}
    return [*rows, {"term": "Sum", "meaning": "", "before": sums[study.reference], "after": sums[study.plan]}]


def broken_rules(study: Study) -> dict[str, list[Violation]]:
    """List the hard rules that the plan and the reference break."""
    names = dict.fromkeys((study.plan, study.reference))
    return {name: violations(study.scenarios[name], study.plans[name]) for name in names}


def balance_in_words(study: Study) -> list[str]:
    """Say how even books can be at best, by measure that is balanced."""
    return [str(best) for best in attainable(study.scenarios[study.plan])]


def load_rows(study: Study) -> list[dict[str, Any]]:
    """List every rep's book with the plan, and with the reference where that differs."""
    scenario = study.scenarios[study.plan]
    after = loads(scenario, study.plans[study.plan].owner)
    before = loads(study.scenarios[study.reference], study.plans[study.reference].owner).reindex(after.index)
    return [
        {
            "rep": scenario.reps.loc[rep, "name"] or rep,
            "team": scenario.reps.loc[rep, "team"],
            "now": after.loc[rep],
            "was": before.loc[rep],
            "of_fair": _ratio(after.loc[rep, "potential"], after.loc[rep, "fair_potential"]),
        }
        for rep in after.index
    ] + [{"rep": "All reps", "team": "", "now": _sums(after), "was": _sums(before), "of_fair": np.nan}]


def quota_rows(scenario: Scenario, plan: Plan) -> list[dict[str, Any]]:
    """List who is asked for what, then the sums, the target and what is between them."""
    yearly = plan.quota.sum(axis=1)
    rows = [
        {
            "rep": scenario.reps.loc[rep, "name"] or rep,
            "quarters": plan.quota.loc[rep].tolist(),
            "year": float(yearly[rep]),
            "share": float(_ratio(yearly[rep], yearly.sum())),
        }
        for rep in plan.quota.index
    ]
    return [
        *rows,
        {"rep": "Sum", "quarters": plan.quota.sum().tolist(), "year": float(yearly.sum()), "share": 1.0},
    ]


def rep_rows(study: Study) -> list[dict[str, Any]]:
    """List what the year brings every rep with the plan: quota, attainment, chance of quota, pay."""
    scenario, outcome = study.scenarios[study.plan], study.outcomes[study.plan]
    yearly = study.plans[study.plan].quota.sum(axis=1)
    units = outcome.units().pipe(lambda table: table[table["level"] == REP]).set_index("name")
    return [
        {
            "rep": scenario.reps.loc[rep, "name"] or rep,
            "quota": float(yearly[rep]),
            **{p: float(units[f"attainment_{p}"][rep]) for p in ("p10", "p50", "p90")},
            "at_quota": float(units["at_quota"][rep]),
            "pay": float(units["pay"][rep]),
        }
        for rep in outcome.reps
    ]


def comparison_rows(study: Study) -> list[dict[str, Any]]:
    """List all differences to the reference in words, figure by figure."""
    money = study.scenarios[study.plan].currency
    rows = []
    for name in in_order(set(study.rows["figure"])):
        words = figure(name)
        for record in study.rows[study.rows["figure"] == name].to_dict("records"):
            error = record["standard_error"]
            rows.append(
                {
                    "figure": words.label,
                    "wanted": BETTER.get(name, ""),
                    "scenario": record["scenario"],
                    "reference": words.write(record["reference"], money),
                    "other": words.write(record["other"], money),
                    "difference": words.write_difference(record["difference"], money),
                    "reach": words.write_difference(reach(study, error), money)[1:] if error else "",
                    "verdict": record["verdict"],
                }
            )
    return rows


def versions() -> dict[str, str]:
    """Give the versions of everything that shapes the numbers."""
    return {name: importlib.metadata.version(name) for name in PACKAGES} | {
        "Python": platform.python_version()
    }


def setting_rows(scenario: Scenario) -> list[dict[str, str]]:
    """List every setting with its value, its meaning and whether it was set for this company.

    Those the answer leans on most come first, marked as such.
    """
    groups = ("target", "quotas", "rules", "travel", "scheme", "market")
    lines = [line for group in groups for line in _settings(group, getattr(scenario, group))]
    place = {name: number for number, name in enumerate(LEANED_ON)}
    for line in lines:
        line["weight"] = "first" if line["name"] in place else "other"
    return sorted(lines, key=lambda line: place.get(line["name"], len(place)))


def _settings(path: str, settings: BaseModel) -> list[dict[str, str]]:
    lines = []
    for name, field in type(settings).model_fields.items():
        value, place = getattr(settings, name), f"{path}.{name}"
        if isinstance(value, BaseModel):
            lines += _settings(place, value)
            continue
        default = field.get_default(call_default_factory=True)
        lines.append(
            {
                "name": place,
                "value": _plainly(value),
                "meaning": field.description or "",
                "source": "default"
                if not field.is_required() and value == default
                else "set for this company",
            }
        )
    return lines


def _plainly(value: Any) -> str:
    """Write a setting as text: lists and tables as `name: value` pairs."""
    if isinstance(value, BaseModel):
        return ", ".join(f"{key} {_plainly(v)}" for key, v in value if v not in (None, {}, ()))
    if isinstance(value, dict):
        return "; ".join(f"{key or 'all'}: {_plainly(v)}" for key, v in value.items()) or "none"
    if isinstance(value, (list, tuple)):
        return "; ".join(_plainly(v) for v in value) or "none"
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.6g}" if isinstance(value, float) else str(value)


def _sums(table: pd.DataFrame) -> pd.Series:
    total = table.sum()
    total["utilization"] = _ratio(total["hours"], total["capacity_hours"])
    return total


def _ratio(part: float, whole: float) -> float:
    return float(part / whole) if whole else float("nan")


def _share(value: float) -> str:
    return f"{value:.0%}" if np.isfinite(value) else "—"
