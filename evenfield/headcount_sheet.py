"""What `evenfield headcount` shows: the answer in sentences, tables with their meaning, assumptions."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from evenfield.money import exact
from evenfield.plots.headcount import draw_months, draw_next_seats
from evenfield.report.sheet import Part, Sheet
from evenfield.terminal import answers, show_table
from optimizer.staffing.headcount import Need
from optimizer.staffing.places import Saving
from optimizer.staffing.roles import ROLES, Mix, RoleMix
from optimizer.staffing.siting import Siting
from scenarios import Scenario
from scenarios.settings import Settings
from scenarios.working_days import Calendar

Row = tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Headcount:
    """All that the command finds.

    Parameters
    ----------
    need
        Hours by month and quarter.
    siting
        Where to hire, and what seats are worth.
    roles
        Which roles the year's hours take.
    """

    need: Need
    siting: Siting
    roles: RoleMix


@dataclass(frozen=True)
class Assumption:
    """A setting the figures rest on: name, value in words, and whether it differs from the default."""

    setting: str
    value: str
    given: bool


def show_headcount(scenario: Scenario, found: Headcount) -> None:
    """Show what was found: the answer, each table with what it says, the assumptions at the end."""
    for sentence in answer(scenario, found):
        answers.print(sentence, markup=False)
    *tables, assumed = _parts(scenario, found)
    for part in tables:
        show_table(part.title, list(part.columns), [list(row) for row in part.rows])
        for sentence in part.words:
            answers.print(sentence, markup=False, style="dim")
    answers.print(f"\n{assumed.title}", style="bold")
    for setting, value, whose in assumed.rows:
        answers.print(f"{setting}: {value} [{whose}]", markup=False)


def headcount_sheet(scenario: Scenario, found: Headcount, command: str) -> Sheet:
    """Write what was found as a page with charts."""
    months, quarters, *others = _parts(scenario, found)
    drawn = "Bars: hours needed. Lines: hours planned (dotted), and productive ones (solid)."
    words = (*months.words, drawn)
    parts = [Part(months.title, words, draw_months(found.need.months), months.columns, months.rows), quarters]
    if found.siting.hires:
        figure = draw_next_seats(found.siting, scenario.currency)
        said = "The whisker is the interval that is proved; the line is the pay a seat has to earn."
        parts.append(Part("What the next reps save", (said,), figure))
    title = f"{scenario.title or scenario.name}: how many reps"
    over = f"Headcount · plan year from {scenario.year.start:%B %Y}"
    return Sheet(title, over, tuple(answer(scenario, found)), command, (*parts, *others))


def answer(scenario: Scenario, found: Headcount) -> list[str]:
    """Say the tightest month, what the next rep is worth, who is missed least and which roles it takes."""
    sited, money = found.siting, scenario.currency
    said = [_tightest(found.need), _shortfalls(found)]
    if sited.hours_short > 0.5:
        said.append(f"{sited.hours_short:,.0f} hours a year find no rep with room in the plan behind this.")
    if sited.hires:
        said.append(_next_rep(sited, money))
    least = next((gone for gone in sited.removals if gone.loss is not None), None)
    if least is not None and least.loss is not None:
        said.append(
            f"Missed least: {least.rep}. Without this seat {_between(least.loss, money)} a year more is "
            f"lost, and its pay of {exact(least.pay, money)} is saved."
        )
    return [*said, _roles_in_words(found, money)]


def assumptions(scenario: Scenario, found: Headcount) -> list[Assumption]:
    """List the settings the figures rest on, and say which the scenario gives and which are defaults."""
    market, money = scenario.market, scenario.currency
    staffing, turnover = market.staffing, market.turnover
    by_role = ", ".join(f"{role} {staffing.productivity[role]:g}" for role in ROLES)
    pay = ", ".join(f"{role} {exact(found.roles.pay[role], money)}" for role in ROLES)

    roles, people = "market.staffing", "market.turnover"

    def row(group: Settings, path: str, field: str, value: str) -> Assumption:
        return Assumption(
            f"{path}.{field}", value, getattr(group, field) != type(group).model_fields[field].default
        )

    return [
        row(staffing, roles, "leave_days", f"{staffing.leave_days:g} days a year"),
        row(staffing, roles, "productivity", f"{by_role} (what an hour of each role sells)"),
        row(staffing, roles, "pay", f"{pay} a year; the medians of the reps where not given"),
        row(staffing, roles, "most_juniors", f"at most {staffing.most_juniors:.0%} of all reps"),
        row(
            staffing, roles, "training_hours",
            f"{staffing.training_hours:g} hours, then after {staffing.training_months:g} months like a "
            f"middle rep, at {staffing.training_cost:.0%} of a junior's pay",
        ),
        row(turnover, people, "yearly_quit_rate", f"{turnover.yearly_quit_rate:.0%} of seats a year"),
        row(turnover, people, "vacancy_days", f"{turnover.vacancy_days:g} days empty after a quit"),
        row(
            turnover, people, "ramp_months",
            f"{turnover.ramp_months:g} months from {turnover.starting_productivity:.0%} to full productivity",
        ),
        row(market, "market", "demand_noise", f"a year's market is {market.demand_noise:.0%} up or down"),
        row(
            market, "market", "unattended_share",
            f"{market.unattended_share:.0%} of sales come without anybody; so an hour not worked loses "
            f"{exact(found.siting.hour_value, money)} of margin on average",
        ),
        Assumption("calendar", _working_days(scenario), scenario.calendar != Calendar()),
    ]  # fmt: skip


def _working_days(scenario: Scenario) -> str:
    days = int(scenario.calendar.works(scenario.year).sum())
    known = "" if scenario.calendar.holidays else "; no public holidays are named"
    return f"{days} in the plan year, by the calendar{known}"


def _tightest(need: Need) -> str:
    months = need.months
    row = months.iloc[int(months["missing_reps"].fillna(0.0).to_numpy().argmax())]
    if row["missing_reps"] > 0:
        return (
            f"{month_name(str(row.name))} is the tightest month: {row['reps_needed']:.1f} reps needed, "
            f"{row['seats']:.1f} planned, {row['missing_reps']:.1f} missing."
        )
    return f"No month needs more reps than are planned; at most {months['reps_needed'].max():.1f}."


def _shortfalls(found: Headcount) -> str:
    likely = found.need.quarters["shortfall_probability"]
    said = (
        f"Chance that a quarter's hours fall short: {', '.join(f'{q} {p:.0%}' for q, p in likely.items())}."
    )
    short = [month_name(str(name)) for name in found.need.months.index[found.need.months["missing_reps"] > 0]]
    if short and found.roles.needed <= found.roles.here:
        many = "One month is" if len(short) == 1 else f"{len(short)} months are"
        said += (
            f" {many} short ({', '.join(short)}) though the year as a whole is not: moving leave or visits "
            "to other months helps more there than a hire."
        )
    return said


def _next_rep(sited: Siting, money: str) -> str:
    hire = sited.hires[0]
    pays = (
        "surely earns its pay" if hire.net.low > 0
        else "surely does not earn its pay" if hire.net.high < 0
        else "may earn its pay or not: the interval holds it"
    )  # fmt: skip
    return (
        f"The next rep, best in {hire.place}, saves {_between(hire.saving, money)} a year (proved; most "
        "likely "
        f"{exact(hire.saving.estimate, money)}) and costs {exact(sited.pay, money)}: it {pays}."
    )


def _roles_in_words(found: Headcount, money: str) -> str:
    roles = found.roles
    missing = roles.needed - roles.here
    if missing <= 0:
        return (
            f"Counted as hours of a middle rep, the target takes {roles.needed:,.0f} over the year and "
            f"{roles.here:,.0f} are here: no role has to be hired."
        )
    if roles.best is None:
        return f"{missing:,.0f} hours of a middle rep are missing, and no mix of roles may bring them."
    return (
        f"{missing:,.0f} hours of a middle rep a year are missing for the target; the cheapest mix is "
        f"{_mix(roles.best)}, for {exact(roles.best.cost, money)} a year."
    )


def _mix(mix: Mix) -> str:
    named = [f"{mix.hires[role]} {role}" for role in ROLES if mix.hires[role]]
    if mix.trained:
        named.append(f"{mix.trained} junior{'s' if mix.trained > 1 else ''} trained")
    return ", ".join(named) or "nobody"


def _between(saving: Saving, money: str) -> str:
    if saving.high == float("inf"):
        return f"at least {exact(saving.low, money)}"
    return f"{exact(saving.low, money)} to {exact(saving.high, money)}"


def month_name(period: str) -> str:
    """Write a month such as 2026-01 in words; quarters stay."""
    return f"{pd.Timestamp(period):%b %Y}" if period[:1].isdigit() else period


def _parts(scenario: Scenario, found: Headcount) -> list[Part]:
    """Lay what was found out as tables with what they say: periods, seats, roles, assumptions."""
    return [
        _periods("Month by month", found.need.months, scenario.currency),
        _periods("Quarter by quarter", found.need.quarters, scenario.currency),
        *_next_seats(found.siting, scenario.currency),
        _seats_of_today(found.siting, scenario.currency),
        *_roles(found.roles, scenario.currency),
        _assumed(scenario, found),
    ]


def _periods(title: str, table: pd.DataFrame, money: str) -> Part:
    hours = ("hours needed", "planned", "productive")
    columns = ("period", *hours, "seats", "reps needed", "chance short", "target", "sales in reach")
    records: Any = table.itertuples()
    rows = [
        (
            month_name(str(row.Index)), f"{row.hours_needed:,.0f}", f"{row.capacity_hours:,.0f}",
            f"{row.productive_hours:,.0f}", f"{row.seats:.1f}",
            "—" if pd.isna(row.reps_needed) else f"{row.reps_needed:.1f}",
            f"{row.shortfall_probability:.0%}", exact(row.target, money), exact(row.sales_in_reach, money),
        )
        for row in records
    ]  # fmt: skip
    words = (
        "Needed: promised visits and calls for service with their travel, and selling by season. Planned: "
        "what the seats give by working days less leave. Productive: the same less what quits leave empty "
        "and newcomers cannot do yet. Reps needed: seats whose productive hours cover the hours needed. "
        "Sales in reach: expected sales less what hours short do not sell.",
    )
    return Part(title, words, None, columns, tuple(rows))


def _next_seats(sited: Siting, money: str) -> list[Part]:
    parts = []
    worth = ("saves a year", "proved", "net of its pay")
    saves = (
        "A rep saves travel, changes of owner and lack of skill, and works hours nobody has time for, at "
        f"{exact(sited.hour_value, money)} each; its own ramp counts against it. Proved: no plan can save "
        "less or "
        "more. Net: less its pay."
    )
    if sited.hires:
        rows = [
            (f"{n}. {hire.place}", exact(hire.saving.estimate, money), _between(hire.saving, money),
             exact(hire.net.estimate, money), f"{hire.hours_short:,.0f}")
            for n, hire in enumerate(sited.hires, 1)
        ]  # fmt: skip
        columns = ("place", *worth, "hours short after it")
        parts.append(Part("The next reps, one after the other", (saves,), None, columns, tuple(rows)))
    if sited.places:
        where = [
            (place.name, exact(place.saving.estimate, money), _between(place.saving, money),
             exact(place.net.estimate, money))
            for place in sited.places
        ]  # fmt: skip
        said = (
            "Each place alone, with today's seats; best first. Only places looked at closely (--candidates)."
        )
        parts.append(Part("Where the first of them could be", (said,), None, ("place", *worth), tuple(where)))
    return parts


def _seats_of_today(sited: Siting, money: str) -> Part:
    rows = [
        (gone.rep, "others may not serve all" if gone.loss is None else exact(gone.loss.estimate, money),
         "" if gone.loss is None else _between(gone.loss, money), exact(gone.pay, money))
        for gone in sited.removals
    ]  # fmt: skip
    said = (
        "What a year without this one seat would lose, its customers served by the others; the pay it "
        "would save "
        "beside it. Only of the first a plan was made, so of the others only the least loss is proved."
    )
    columns = ("rep", "lost without the seat", "proved", "its pay")
    return Part("Today's seats, the one missed least first", (said,), None, columns, tuple(rows))


def _roles(roles: RoleMix, money: str) -> list[Part]:
    each = [
        (role, f"{roles.hours_each[role]:,.0f}", exact(roles.pay[role], money),
         exact(roles.pay[role] / roles.hours_each[role], money) if roles.hours_each[role] > 0 else "—")
        for role in ROLES
    ]  # fmt: skip
    said = (
        "Hours of a middle rep count what a rep does by role: an hour of a senior is more than one of a "
        "middle rep, one of a junior less. Like the productive hours of the months they leave out what ramp "
        "and quits take; they differ by the roles, and the hours needed here are those for the target, not "
        "those for the sales expected."
    )
    columns = ("role", "hours of a middle rep a hire brings", "pay a year", "pay for such an hour")
    parts = [Part("What a hire of each role brings", (said,), None, columns, tuple(each))]
    if roles.needed <= roles.here:
        return parts
    mixes = [("cheapest mix", roles.best), *roles.alternatives.items()]
    listed = [
        (name, "not possible" if mix is None else _mix(mix), "—" if mix is None else f"{mix.hours:,.0f}",
         "—" if mix is None else exact(mix.cost, money))
        for name, mix in mixes
    ]  # fmt: skip
    said = f"Ways to the {roles.needed - roles.here:,.0f} hours of a middle rep that the target lacks."
    columns = ("way", "whom to hire", "hours of a middle rep", "cost a year")
    return [*parts, Part("Which roles to hire", (said,), None, columns, tuple(listed))]


def _assumed(scenario: Scenario, found: Headcount) -> Part:
    rows = [
        (row.setting, row.value, "the scenario's" if row.given else "ASSUMPTION (default)")
        for row in assumptions(scenario, found)
    ]
    said = "Defaults are assumptions until you set your own; docs/data.md says what each one means."
    return Part("What the figures rest on", (said,), None, ("setting", "value", "whose"), tuple(rows))
