"""Whether the incentive scheme fits its scenario: roles, product lines, teams, splits, scores, the past."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from scenarios.errors import Problem, row_of
from scenarios.filters import fits
from scenarios.naming import SHOWN, near, no_such, unknown_keys
from scenarios.open_orders import open_orders
from scenarios.pay_elements import AnyElement, Commission, Contest, Element, Scorecard, Spiff, TeamBonus
from scenarios.pay_measures import LAST_YEAR, QUOTA, SCORE, Gauge
from scenarios.pay_notes import notes_of_company, notes_of_terms
from scenarios.reps import listed
from scenarios.rule_checks import problems_of_where

if TYPE_CHECKING:
    from scenarios.scenario import Scenario
    from scenarios.scheme import Scheme

OVERLAY = "overlay"
"""Role of specialists in a scheme."""

PLACE = "scenario.toml, scheme."
"""Where a scenario's own scheme stands."""


def problems_of_pay(scenario: Scenario) -> list[Problem]:
    """List what does not fit in the scheme, in `staff.csv`, `splits.csv` and `scores.csv`."""
    return [
        *_names_are_used_once(scenario),
        *_staff_lead_teams_and_support_reps(scenario),
        *_splits_name_customers_and_people(scenario),
        *_splits_leave_nothing_below_zero(scenario),
        *_scores_name_people(scenario),
        *problems_of_scheme(scenario, scenario.scheme),
    ]


def problems_of_scheme(
    scenario: Scenario, scheme: Scheme, place: str = PLACE, *, whole: bool = True
) -> list[Problem]:
    """List what does not fit between a scheme and a scenario.

    Parameters
    ----------
    scheme
        The scenario's or another one.
    place
        Where it stands, for messages: what comes before a key.
    whole
        Whether the scheme has all its elements; else others may pay whom it does not.
    """
    checks: tuple[Callable[[Scenario, Scheme, str], list[Problem]], ...] = (
        *((_it_pays_somebody,) if whole else ()),
        _lines_are_there,
        _differentials_mean_reps,
        _scores_are_there,
        _goals_of_last_year_have_one,
        _there_is_something_to_measure,
        _teams_are_there,
        _specialists_have_credit_for_spiffs,
    )
    return [problem for check in checks for problem in check(scenario, scheme, place)]


def notes_of_scheme(scenario: Scenario, scheme: Scheme, place: str = PLACE) -> list[Problem]:
    """List what a planner may want to know of a scheme in its scenario, though nothing is wrong.

    Parameters
    ----------
    scheme, place
        As in `problems_of_scheme`.
    """
    held = people(scenario)
    notes = [
        Problem(f"{place}elements.{name}, roles", role, "nobody has this role; it pays nobody")
        for name, element in scheme.elements.items()
        for role in element.roles
        if not (held["role"] == role).any()
    ]
    for role in dict.fromkeys(held["role"]):
        promised = held.index[(held["role"] == role) & (held["target_incentive"] > 0)]
        if role not in scheme.roles and len(promised):
            remedy = (
                f"the scheme pays nothing to {role}, whose target incentive stays unpaid: {_some(promised)}"
            )
            notes.append(Problem(f"{place}elements", role, remedy))
        weighs = any(getattr(e, "weight", None) for e in scheme.for_role(role).values())
        without = held.index[(held["role"] == role) & (held["target_incentive"] == 0)]
        if weighs and role not in scheme.pay and len(without):
            remedy = f"weights are shares of a target incentive, and these have none: {_some(without)}"
            notes.append(Problem(f"{place}elements", role, remedy))
    for name, element in scheme.elements.items():
        shares = isinstance(element, TeamBonus) or (
            isinstance(element, Contest) and element.between == "teams"
        )
        alone = held.index[held["role"].isin(element.roles) & (held["team"] == "") & (held["leads"] == "")]
        if shares and getattr(element, "of", "team") != "company" and len(alone):
            remedy = f"these have no team and get nothing of it: {_some(alone)}"
            notes.append(Problem(f"{place}elements.{name}", "", remedy))
    read = {g.measure for e in scheme.elements.values() for _, g in gauges(e)}
    unread = [
        s
        for s in dict.fromkeys(scenario.scores["score"])
        if f"{SCORE}{s}" not in read | {f"{SCORE}satisfaction"}
    ]
    notes += [Problem("scores.csv, score", s, "the scheme reads no such score") for s in unread]
    if "collections" in read and open_orders(scenario).empty:
        remedy = (
            "the scheme pays for collections, but no order of last year is still to be paid when the year"
        )
        remedy += " begins, so little is collected in its first weeks; add the orders of last year"
        notes.append(Problem("history.csv", "", remedy))
    notes += notes_of_terms(scheme, place)
    return notes + notes_of_company(scenario, scheme, place, set(held["role"]))


def people(scenario: Scenario) -> pd.DataFrame:
    """List everybody who may be paid, by key: role, team, leads, supports, target_incentive."""
    reps, others, staff = scenario.reps, scenario.specialists, scenario.staff
    columns = ["role", "team", "leads", "supports", "target_incentive"]
    parts = [reps.assign(leads="", supports="", role=reps.get("role", "rep"))[columns]]
    if len(others):
        parts.append(
            others.assign(role=OVERLAY, team="", leads="", supports="", target_incentive=0.0)[columns]
        )
    if len(staff):
        parts.append(staff.assign(team="", leads=staff["teams"])[columns])
    return pd.concat(parts)


def gauges(element: AnyElement) -> Iterator[tuple[str, Gauge]]:
    """Give everything an element reads, with the key behind its name: "", ", gates number 1", ..."""
    if isinstance(element, Spiff):
        return
    if not isinstance(element, Scorecard):
        yield "", element
    parts: dict[str, tuple[Gauge, ...]] = {}
    if isinstance(element, Scorecard):
        parts["items"] = element.items
    if isinstance(element, Element):
        parts |= {"gates": element.gates, "multipliers": element.multipliers}
    for kind, some in parts.items():
        for number, gauge in enumerate(some, 1):
            yield f", {kind} number {number}", gauge


def _names_are_used_once(scenario: Scenario) -> list[Problem]:
    tables = (
        ("reps.csv", scenario.reps),
        ("specialists.csv", scenario.specialists),
        ("staff.csv", scenario.staff),
    )
    first: dict[str, str] = {}
    problems = []
    for file, table in tables:
        for row, name in enumerate(map(str, table.index)):
            if name in first:
                remedy = (
                    f"{first[name]} has somebody of this name; everybody who is paid needs a key of their own"
                )
                problems.append(Problem(row_of(file, row, str(table.index.name)), name, remedy))
        first |= dict.fromkeys(map(str, table.index), file)
    return problems[:SHOWN]


def _staff_lead_teams_and_support_reps(scenario: Scenario) -> list[Problem]:
    staff, teams = scenario.staff, [t for t in dict.fromkeys(scenario.reps["team"]) if t]
    reps = list(map(str, scenario.reps.index))
    problems = []
    for row, (leads, supports) in enumerate(zip(staff["teams"], staff["supports"], strict=True)):
        problems += [
            Problem(row_of("staff.csv", row, "teams"), team, no_such("team", "reps.csv", team, teams))
            for team in listed(leads)
            if team not in teams
        ]
        problems += [
            Problem(row_of("staff.csv", row, "supports"), rep, no_such("rep", "reps.csv", rep, reps))
            for rep in listed(supports)
            if rep not in reps
        ]
    return problems


def _splits_name_customers_and_people(scenario: Scenario) -> list[Problem]:
    table, somebody = scenario.splits, people(scenario).index
    if table.empty:
        return []
    customers = scenario.customers.index
    remedy = "no such customer in customers.csv; correct or remove the row"
    problems = unknown_keys(table, "customer", customers, "splits.csv", remedy)
    remedy = "no such person in reps.csv, specialists.csv or staff.csv; correct or remove the row"
    problems += unknown_keys(table, "person", somebody, "splits.csv", remedy)
    twice = np.flatnonzero(table.duplicated(["customer", "person"]).to_numpy())[:SHOWN]
    remedy = "this person has a part of this customer already; keep one row"
    who = table["person"].tolist()
    return problems + [Problem(row_of("splits.csv", int(r), "person"), str(who[r]), remedy) for r in twice]


def _splits_leave_nothing_below_zero(scenario: Scenario) -> list[Problem]:
    total = scenario.splits.groupby("customer", sort=False)["share"].sum()
    over = total[total > 1 + 1e-9].iloc[:SHOWN]
    remedy = "parts of this customer add up to more than its sales; make them 1 or less together"
    return [Problem(f"splits.csv, {customer}", f"{share:g}", remedy) for customer, share in over.items()]


def _scores_name_people(scenario: Scenario) -> list[Problem]:
    table = scenario.scores
    if table.empty:
        return []
    remedy = "no such person in reps.csv, specialists.csv or staff.csv; correct or remove the row"
    problems = unknown_keys(table, "person", people(scenario).index, "scores.csv", remedy)
    twice = np.flatnonzero(table.duplicated(["person", "score", "period"]).to_numpy())[:SHOWN]
    remedy = "this score of this person and period has a row already; keep one"
    who = table["person"].tolist()
    return problems + [Problem(row_of("scores.csv", int(r), "person"), str(who[r]), remedy) for r in twice]


def _it_pays_somebody(scenario: Scenario, scheme: Scheme, place: str) -> list[Problem]:
    held = dict.fromkeys(people(scenario)["role"])
    if not held or set(held) & set(scheme.roles):
        return []
    hints = "".join(near(role, held) for role in scheme.roles)
    remedy = "nobody has a role that the scheme pays" + (hints or f"; there are {', '.join(held)}")
    return [Problem(f"{place}elements", ", ".join(scheme.roles), remedy)]


def _lines_are_there(scenario: Scenario, scheme: Scheme, place: str) -> list[Problem]:
    read = [
        (f"{place}elements.{name}{key}, lines", line)
        for name, element in scheme.elements.items()
        for key, lines in _lines_of(element)
        for line in lines
        if line not in scenario.lines
    ]
    return [
        Problem(spot, line, no_such("product line", "products.csv", line, scenario.lines))
        for spot, line in read
    ]


def _lines_of(element: AnyElement) -> list[tuple[str, tuple[str, ...]]]:
    if isinstance(element, Spiff):
        return [("", element.lines)]
    return [(key, gauge.lines) for key, gauge in gauges(element)]


def _differentials_mean_reps(scenario: Scenario, scheme: Scheme, place: str) -> list[Problem]:
    problems = []
    for number, rule in enumerate(scheme.differentials, 1):
        spot = f"{place}differentials number {number}, where"
        wrong = problems_of_where(scenario.reps, "reps.csv", rule.where, spot)
        problems += wrong
        if not wrong and rule.where and not fits(scenario.reps, rule.where).any():
            said = "; ".join(f"{column} = {', '.join(values)}" for column, values in rule.where.items())
            problems.append(Problem(spot, said, "none of the reps is so; correct the values"))
    return problems


def _scores_are_there(scenario: Scenario, scheme: Scheme, place: str) -> list[Problem]:
    """Refuse scores nobody has given where nothing is assumed: people would be paid as if they were 0."""
    held, problems = people(scenario), []
    for name, element in scheme.elements.items():
        for key, gauge in gauges(element):
            if not gauge.measure.startswith(SCORE) or gauge.assumed is not None:
                continue
            score = gauge.measure.removeprefix(SCORE)
            scored = set(scenario.scores["person"][scenario.scores["score"] == score])
            paid = held[held["role"].isin(element.roles)]
            if gauge.of == "own":
                own = [{str(who), *listed(supports)} for who, supports in paid["supports"].items()]
                without = [str(w) for w, some in zip(paid.index, own, strict=True) if not some & scored]
            else:
                without = [] if scored else [str(who) for who in paid.index]
            if without:
                known = near(score, dict.fromkeys(scenario.scores["score"])) if not scored else ""
                remedy = (
                    f"scores.csv has no {score} of {_some(without)}, which would count as 0; add rows, or say"
                )
                remedy += f" what is assumed{known}"
                problems.append(Problem(f"{place}elements.{name}{key}, measure", gauge.measure, remedy))
    return problems


def _goals_of_last_year_have_one(scenario: Scenario, scheme: Scheme, place: str) -> list[Problem]:
    if scenario.last_year_sales.sum() > 0:
        return []
    remedy = "history.csv has no sales in the last twelve months; give quota or a number as the goal"
    return [
        Problem(f"{place}elements.{name}{key}, goal", LAST_YEAR, remedy)
        for name, element in scheme.elements.items()
        for key, gauge in gauges(element)
        if gauge.held_against == LAST_YEAR
    ]


def _pays_shares_of_money(element: AnyElement) -> bool:
    """Say whether an element needs no goal: a commission on amounts."""
    worth = isinstance(element, Commission) and (element.weight is not None or element.amount is not None)
    return isinstance(element, Commission) and element.tiers_in == "amount" and not worth


def _there_is_something_to_measure(scenario: Scenario, scheme: Scheme, place: str) -> list[Problem]:
    """Refuse elements that can never pay: nobody's sales count, or there is no quota to hold them against."""
    held, problems = people(scenario), []
    teams = set(scenario.reps["team"]) - {""}
    for name, element in scheme.elements.items():
        paid = held[held["role"].isin(element.roles)]
        for key, gauge in gauges(element):
            spot = f"{place}elements.{name}{key}"
            if not gauge.adds_up or paid.empty:
                continue
            if gauge.of == "team" and not isinstance(element, TeamBonus | Contest):
                led = [
                    set(listed(leads)) or {team}
                    for leads, team in zip(paid["leads"], paid["team"], strict=True)
                ]
                lost = [str(who) for who, some in zip(paid.index, led, strict=True) if not some & teams]
                remedy = (
                    f"no team counts for {_some(lost)}; fill in their team in reps.csv, or teams in staff.csv"
                )
                problems += [Problem(f"{spot}, of", "team", remedy)] if lost else []
            if gauge.of == "own":
                sells = paid.index.isin(scenario.reps.index)
                by_quota = gauge.held_against == QUOTA and not _pays_shares_of_money(element)
                if not by_quota and scheme.crediting.overlay_share:
                    sells |= paid.index.isin(scenario.specialists.index)
                if not by_quota:
                    sells |= paid.index.isin(scenario.splits["person"])
                lost = [str(w) for w in paid.index[~sells & (paid["supports"] == "")]]
                what = "no quota" if by_quota else "no sales of their own"
                remedy = f"{what} and nobody to support: {_some(lost)}; it would never pay them; fill in"
                remedy += " supports in staff.csv, or say of = team or company"
                problems += [Problem(f"{spot}, of", "own", remedy)] if lost else []
    return problems


def _teams_are_there(scenario: Scenario, scheme: Scheme, place: str) -> list[Problem]:
    """Refuse what teams earn together where nobody who takes part has a team, or somebody has several."""
    held, problems = people(scenario), []
    for name, element in scheme.elements.items():
        shares = isinstance(element, TeamBonus) and element.of == "team"
        shares |= isinstance(element, Contest) and element.between == "teams"
        paid = held[held["role"].isin(element.roles)]
        if not shares:
            continue
        spot = f"{place}elements.{name}"
        if len(paid) and ((paid["team"] == "") & (paid["leads"] == "")).all():
            who = " or ".join(element.roles)
            remedy = f"nobody who is {who} has a team; fill in team in reps.csv, or teams in staff.csv"
            problems.append(Problem(spot, "", remedy))
        several = [
            str(who) for who, leads in zip(paid.index, paid["leads"], strict=True) if len(listed(leads)) > 1
        ]
        if several:
            remedy = f"{_some(several)} leads several teams and can share in one only; pay them by an element"
            remedy += ' of their own, such as a bonus with of = "team"'
            problems.append(Problem(spot, "", remedy))
    return problems


def _specialists_have_credit_for_spiffs(scenario: Scenario, scheme: Scheme, place: str) -> list[Problem]:
    """Refuse spiffs for specialists alone where no deal that they support counts for them."""
    if scheme.crediting.overlay_share:
        return []
    remedy = "deals that specialists support do not count for them; give crediting.overlay_share"
    return [
        Problem(f"{place}elements.{name}, roles", OVERLAY, remedy)
        for name, element in scheme.elements.items()
        if isinstance(element, Spiff) and set(element.roles) == {OVERLAY}
    ]


def _some(names: object) -> str:
    """Name three at most, and say how many more there are."""
    every = [str(name) for name in names]  # type: ignore[attr-defined]
    rest = f" and {len(every) - 3} more" if len(every) > 3 else ""
    return ", ".join(every[:3]) + rest
