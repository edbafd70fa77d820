"""`evenfield headcount`: how many reps by month, where to hire, what the next one is worth, which roles."""

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from evenfield.alternatives import open_scenario
from evenfield.answering import write_json
from evenfield.money import exact
from evenfield.options import (
    Changes,
    Json,
    Out,
    ScenarioArgument,
    Seed,
    TimeLimit,
    WorkLimit,
    leave_if_interrupted,
    made_folder,
)
from evenfield.plots.headcount import draw_months, draw_next_seats
from evenfield.report.sheet import Part, Sheet, write_sheet
from evenfield.terminal import (
    answers,
    counting,
    print_json,
    say,
    show_table,
    told,
)
from optimizer.staffing.headcount import Need, need
from optimizer.staffing.places import Saving
from optimizer.staffing.roles import ROLES, Mix, RoleMix, role_mix
from optimizer.staffing.siting import Siting, where_to_hire
from scenarios import Scenario

PAGE, SUMMARY = "headcount.html", "headcount.json"

UNITS = {
    "hours": "hours of work for customers, travel included",
    "seats, reps": "people at work; reps_needed: seats whose productive hours cover the hours needed",
    "shortfall_probability": "that needed hours exceed productive ones, normal law over seats and market",
    "money": "the scenario's currency a year; of months and quarters in that time",
    "saving": "loss without the seat less loss with it; estimate, and the ends that are proved",
    "net": "saving less the seat's pay",
}


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


def headcount_command(
    scenario: ScenarioArgument,
    hires: Annotated[int, typer.Option("--hires", help="Further seats to look at", min=0, max=50)] = 3,
    candidates: Annotated[
        int, typer.Option("--candidates", help="Places looked at closely for each", min=1, max=50)
    ] = 6,
    change: Changes = None,
    time_limit: TimeLimit = None,
    work_limit: WorkLimit = None,
    out: Out = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Size the sales force: reps needed by month, where to hire, what the next one is worth, which roles."""
    with told(as_json):
        asked = open_scenario(scenario, change or [])
        folder = made_folder(out or Path("out") / asked.name)
        with counting("planning") as tell:
            sited = where_to_hire(
                asked,
                hires=hires,
                candidates=candidates,
                time_limit=time_limit,
                work_limit=work_limit,
                seed=seed,
                progress=lambda done, total: tell("with other seats", done, total),
            )
        needed = need(asked, sited.owner)
        year = needed.months.sum()
        roles = role_mix(asked, year["visit_hours"], year["selling_hours"], year["expected_sales"])
        found = Headcount(needed, sited, roles)
        words = headcount_words(asked, found, seed)
        write_json(folder / SUMMARY, words)
        what = "".join(f" --change {name}" for name in change or [])
        command = (
            f"evenfield headcount {scenario} --hires {hires} --candidates {candidates}{what} --seed {seed}"
        )
        write_sheet(headcount_sheet(asked, found, command), folder / PAGE, asked.currency)
        if as_json:
            print_json(words)
        else:
            show_headcount(asked, found)
        say(f"Saved in {folder}: open {PAGE}")
        leave_if_interrupted(sited.interrupted)


def headcount_words(scenario: Scenario, found: Headcount, seed: int) -> dict[str, Any]:
    """Describe what was found for programs."""
    sited, roles = found.siting, found.roles
    return {
        "months": _records(found.need.months),
        "quarters": _records(found.need.quarters),
        "hour_value": found.need.hour_value,
        "hours_short": sited.hours_short,
        "pay_of_a_new_seat": sited.pay,
        "places": [asdict(place) for place in sited.places],
        "next_reps": [{"number": n, **asdict(hire)} for n, hire in enumerate(sited.hires, 1)],
        "worth_hiring": _worth(sited),
        "removals": [
            {**asdict(gone), "net": None if gone.net is None else asdict(gone.net)} for gone in sited.removals
        ],
        "roles": {
            **{name: getattr(roles, name) for name in ("needed", "here", "pay", "hours_each")},
            "missing": max(roles.needed - roles.here, 0.0),
            "training": {"hours": roles.training[0], "cost": roles.training[1]},
            "best": None if roles.best is None else asdict(roles.best),
            "alternatives": {
                name: None if mix is None else asdict(mix) for name, mix in roles.alternatives.items()
            },
        },
        "units": UNITS,
        "interrupted": sited.interrupted,
        "scenario": scenario.name,
        "digest": scenario.digest,
        "seed": seed,
    }


def show_headcount(scenario: Scenario, found: Headcount) -> None:
    """Show what was found: the answer, then the months, the next seats and the roles."""
    for sentence in _answer(scenario, found):
        answers.print(sentence, markup=False)
    for part in _tables(scenario, found):
        show_table(part.title, list(part.columns), [list(row) for row in part.rows])


def headcount_sheet(scenario: Scenario, found: Headcount, command: str) -> Sheet:
    """Write what was found as a page with charts."""
    months, quarters, *others = _tables(scenario, found)
    words = (
        "Bars: hours that promised visits (travel included) and selling take. Lines: hours that seats give "
        "by working days less leave, as planned, and less what quits empty and newcomers cannot do yet.",
    )
    parts = [
        Part("Month by month", words, draw_months(found.need.months), months.columns, months.rows),
        quarters,
    ]
    if found.siting.hires:
        said = (
            "What a seat saves: travel, changes of owner, lack of skill, its own ramp, and hours nobody "
            f"works at {exact(found.siting.hour_value, scenario.currency)} each. The whisker is proved, by a "
            "bound and a plan.",
        )
        figure = draw_next_seats(found.siting, scenario.currency)
        parts.append(Part("The next seats", said, figure))
    title = f"{scenario.title or scenario.name}: how many reps"
    over = f"Headcount · plan year from {scenario.year.start:%B %Y}"
    return Sheet(title, over, tuple(_answer(scenario, found)), command, (*parts, *others))


def _worth(sited: Siting) -> dict[str, int]:
    """Count the next seats that earn their pay: surely, probably (by the estimate), possibly."""
    counts = dict.fromkeys(("surely", "probably", "possibly"), 0)
    for key, end in (("surely", "low"), ("probably", "estimate"), ("possibly", "high")):
        for hire in sited.hires:
            if getattr(hire.net, end) <= 0:
                break
            counts[key] += 1
    return counts


def _records(table: pd.DataFrame) -> list[dict[str, Any]]:
    records: Any = table.reset_index().to_dict("records")
    return list(records)


def _answer(scenario: Scenario, found: Headcount) -> list[str]:
    """Say the worst month, what the next seat is worth and which roles it takes."""
    months, sited, money = found.need.months, found.siting, scenario.currency
    worst = int(months["missing_reps"].fillna(0.0).to_numpy().argmax())
    row, name = months.iloc[worst], months.index[worst]
    if row["missing_reps"] > 0:
        tight = (
            f"{name} is the tightest month: {row['reps_needed']:.1f} reps needed, {row['seats']:.1f} planned"
        )
    else:
        tight = f"No month needs more reps than are planned; at most {months['reps_needed'].max():.1f}"
    likely = found.need.quarters["shortfall_probability"]
    said = [f"{tight}. Chance that hours fall short: {', '.join(f'{q} {p:.0%}' for q, p in likely.items())}."]
    if sited.hours_short > 0.5:
        said.append(f"{sited.hours_short:,.0f} hours a year find no rep with room.")
    if sited.hires:
        hire = sited.hires[0]
        verdict = "pays" if hire.net.low > 0 else "does not pay" if hire.net.high < 0 else "may pay"
        said.append(
            f"The next rep, best in {hire.place}, saves {_between(hire.saving, money)} a year against a pay "
            f"of {exact(sited.pay, money)}: it {verdict}."
        )
    least = next((gone for gone in sited.removals if gone.loss is not None), None)
    if least is not None and least.loss is not None:
        said.append(
            f"Missed least: {least.rep}; without this seat {_between(least.loss, money)} more is lost, "
            f"{exact(least.pay, money)} of pay saved."
        )
    return [*said, _mix_in_words(found.roles, money)]


def _mix_in_words(roles: RoleMix, money: str) -> str:
    missing = roles.needed - roles.here
    if missing <= 0:
        said = f"Over the year the target takes {roles.needed:,.0f} productive hours"
        return f"{said}; {roles.here:,.0f} are here."
    if roles.best is None:
        return f"{missing:,.0f} productive hours a year are missing, and no mix of roles may bring them."
    return (
        f"{missing:,.0f} productive hours a year are missing; cheapest: {_mix(roles.best)}, for "
        f"{exact(roles.best.cost, money)} a year."
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


def _tables(scenario: Scenario, found: Headcount) -> list[Part]:
    """Lay what was found out as tables: months, quarters, next seats, places, today's seats, roles."""
    money, sited = scenario.currency, found.siting
    columns = ("period", "hours needed", "planned", "productive", "seats", "reps needed", "short, chance",
               "target", "sales in reach")  # fmt: skip

    def periods(title: str, table: pd.DataFrame) -> Part:
        records: Any = table.itertuples()
        rows = [
            (
                str(row.Index), f"{row.hours_needed:,.0f}", f"{row.capacity_hours:,.0f}",
                f"{row.productive_hours:,.0f}", f"{row.seats:.1f}",
                "—" if pd.isna(row.reps_needed) else f"{row.reps_needed:.1f}",
                f"{row.shortfall_probability:.0%}", exact(row.target, money),
                exact(row.sales_in_reach, money),
            )
            for row in records
        ]  # fmt: skip
        return Part(title, (), None, columns, tuple(rows))

    parts = [periods("By month", found.need.months), periods("By quarter", found.need.quarters)]
    worth = ("saves", "proved", "net of pay", "hours short after")
    if sited.hires:
        rows = [
            (f"{n}. {hire.place}", exact(hire.saving.estimate, money), _between(hire.saving, money),
             exact(hire.net.estimate, money), f"{hire.hours_short:,.0f}")
            for n, hire in enumerate(sited.hires, 1)
        ]  # fmt: skip
        parts.append(Part("The next reps, one after the other", (), None, ("place", *worth), tuple(rows)))
    if sited.places:
        where = [
            (place.name, exact(place.saving.estimate, money), _between(place.saving, money),
             exact(place.net.estimate, money))
            for place in sited.places
        ]  # fmt: skip
        parts.append(Part("Where the first of them could be", (), None, ("place", *worth[:3]), tuple(where)))
    gone = [
        (r.rep, "other reps may not serve all" if r.loss is None else exact(r.loss.estimate, money),
         "" if r.loss is None else _between(r.loss, money), exact(r.pay, money))
        for r in sited.removals
    ]  # fmt: skip
    parts.append(Part("Today's seats, the one missed least first", (), None,
                      ("rep", "lost without it", "proved", "its pay"), tuple(gone)))  # fmt: skip
    roles = found.roles
    mixes = [("cheapest", roles.best), *roles.alternatives.items()]
    listed = [
        (name, "—" if mix is None else _mix(mix), "—" if mix is None else f"{mix.hours:,.0f}",
         "—" if mix is None else exact(mix.cost, money))
        for name, mix in mixes
    ]  # fmt: skip
    parts.append(Part("Roles", (), None, ("mix", "hires", "productive hours", "cost a year"), tuple(listed)))
    return parts
