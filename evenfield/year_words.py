"""What simulated years come to beside the company's figures, for programs: teams, quarters, months, money."""

from typing import Any

import pandas as pd

from optimizer.quotas.budget import COMPANY, GRADED, GRADES
from scenarios import Scenario
from simulation import Outcome
from simulation.accounting.yardstick import REP, TEAM

MONEY = {"invoiced": "invoiced", "bad_debt": "bad_debt", "held_back": "held"}
"""Money of the company beside bookings and cash: what it is called, and the measure it is."""


def year_words(scenario: Scenario, outcome: Outcome) -> dict[str, Any]:
    """Describe units, quarters and months of simulated years, means over the years.

    Returns
    -------
    invoiced, bad_debt, held_back (money); reps, teams (as `Outcome.units`, of teams also how they miss),
    quarters (of the company), rep_quarters and team_quarters (as `Outcome.by_quarter`), months (as
    `hours_by_month`), and grades (share of years with each, of the company).
    """
    units, quarters = outcome.units(), outcome.by_quarter()
    of_teams = of_level(units, TEAM).drop(columns="quota").set_index("name")
    company = of_level(units, COMPANY).iloc[0]
    return {
        **{name: float(outcome.years[measure].mean()) for name, measure in MONEY.items()},
        "reps": of_level(units, REP).to_dict("records"),
        "teams": outcome.teams().join(of_teams).reset_index().to_dict("records"),
        "quarters": of_level(quarters, COMPANY).drop(columns="name").to_dict("records"),
        "rep_quarters": of_level(quarters, REP).to_dict("records"),
        "team_quarters": of_level(quarters, TEAM).to_dict("records"),
        "months": hours_by_month(scenario, outcome).rename_axis("month").reset_index().to_dict("records"),
        "grades": {what: {grade: company[f"{what}_{grade}"] for grade in GRADES} for what in GRADED},
    }


def of_level(table: pd.DataFrame, level: str) -> pd.DataFrame:
    """Give what a table of units says of reps, of teams or of the company."""
    return table[table["level"] == level].drop(columns="level")


def hours_by_month(scenario: Scenario, outcome: Outcome) -> pd.DataFrame:
    """Give the mean hours of each month, by its name such as "Jan 2027".

    Returns
    -------
    capacity (hours of filled seats), worked, unserved (asked for, nobody had time), asked (their sum).
    """
    hours = {name: outcome.moments[f"{name}_by_month"].mean for name in ("capacity", "worked", "unserved")}
    index = [f"{scenario.year.month(number):%b %Y}" for number in range(len(hours["capacity"]))]
    return pd.DataFrame(hours, index=index).assign(asked=hours["worked"] + hours["unserved"])
