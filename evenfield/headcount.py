"""`evenfield headcount`: how many reps by month, where to hire, what the next one is worth, which roles."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from evenfield.alternatives import open_scenario
from evenfield.answering import write_json
from evenfield.headcount_sheet import Headcount, assumptions, headcount_sheet, show_headcount
from evenfield.options import (
    AllTimeLimit,
    Changes,
    Json,
    Out,
    ScenarioArgument,
    Seed,
    WorkLimit,
    again,
    leave_if_interrupted,
    made_folder,
)
from evenfield.report.sheet import write_sheet
from evenfield.terminal import counting, print_json, say, told
from optimizer.staffing.headcount import need
from optimizer.staffing.roles import role_mix
from optimizer.staffing.siting import Siting, where_to_hire
from scenarios import Scenario

PAGE, SUMMARY = "headcount.html", "headcount.json"

UNITS = {
    "hours": "hours of work for customers, travel included",
    "seats, reps": "people at work; reps_needed: seats whose productive hours cover the hours needed",
    "roles": "hours of a middle rep: an hour counts by the productivity of the role; needed for the target",
    "shortfall_probability": "that needed hours exceed productive ones, normal law over seats and market",
    "money": "the scenario's currency a year; of months and quarters in that time",
    "saving": "loss without the seat less loss with it; estimate, and the ends that are proved",
    "net": "saving less the seat's pay",
}


def headcount_command(
    scenario: ScenarioArgument,
    hires: Annotated[int, typer.Option("--hires", help="Further seats to look at", min=0, max=50)] = 3,
    candidates: Annotated[
        int, typer.Option("--candidates", help="Places looked at closely for each", min=1, max=50)
    ] = 6,
    change: Changes = None,
    time_limit: AllTimeLimit = None,
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
        limits = {"time_limit": time_limit, "work_limit": work_limit}
        command = again(
            "headcount", scenario, change, hires=hires, candidates=candidates, **limits, seed=seed
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
        "assumptions": [asdict(row) for row in assumptions(scenario, found)],
        "units": UNITS,
        "interrupted": sited.interrupted,
        "scenario": scenario.name,
        "digest": scenario.digest,
        "seed": seed,
    }


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
