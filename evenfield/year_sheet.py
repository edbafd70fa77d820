"""The sheet of the simulated years: figures with intervals, hours by month, units, and units by quarter."""

from collections.abc import Sequence

import pandas as pd

from evenfield.figures import figure, in_order
from evenfield.sheets import Block, Book, Column, Kind
from evenfield.study import Study
from evenfield.year_words import hours_by_month
from optimizer.quotas.budget import GRADES
from scenarios import Scenario
from simulation import Outcome
from simulation.accounting.yardstick import REP
from simulation.replicating.outcome import ADJUSTED

UNITS: dict[str, Kind] = {"money": "money", "share": "fine share", "grade": "grade"}
"""How figures are written, by unit; finely, so that small differences show."""


def add_year_sheet(book: Book, study: Study) -> None:
    """Add what the year brings with the plan, as tables one below the other, each with its filters."""
    scenario, outcome = study.scenarios[study.plan], study.outcomes[study.plan]
    years = f"{outcome.replications:,} simulated years with {study.plan}"
    book.add_tables(
        "Year",
        [
            Block(f"Figures of the company, {years}; 95 % intervals", _figures(study)),
            Block("By month, mean hours of the company", _months(scenario, outcome)),
            Block("By team and rep", _units(scenario, outcome)),
            Block("By quarter", _quarters(scenario, outcome)),
        ],
        frozen=3,
    )


def _figures(study: Study) -> list[Column]:
    outcome = study.outcomes[study.plan]
    known, before = outcome.estimates(), study.outcomes[study.reference].figures().mean()
    names = in_order(set(map(str, known.index)))
    kinds = [UNITS.get(figure(name).unit, "number") for name in names]
    titles = {"mean": "Mean", "low": "Mean, from", "high": "Mean, to"}
    if outcome.controls is not None:
        titles |= dict(
            zip(ADJUSTED, ("Corrected for known luck", "Corrected, from", "Corrected, to"), strict=True)
        )
    columns = [
        Column("Figure", [figure(name).label for name in names]),
        Column("Key", names),
        Column("Unit", [figure(name).unit for name in names]),
        *(Column(title, known.loc[names, key].tolist(), kinds) for key, title in titles.items()),
    ]
    if study.reference != study.plan:
        columns.append(Column(f"Mean of {study.reference}", before[names].tolist(), kinds))
    return columns


def _months(scenario: Scenario, outcome: Outcome) -> list[Column]:
    hours = hours_by_month(scenario, outcome)
    part = hours["unserved"] / hours["asked"].where(hours["asked"] > 0)
    return [
        Column("Month", hours.index.tolist()),
        Column("Hours of filled seats", hours["capacity"].tolist(), "whole"),
        Column("Hours asked for", hours["asked"].tolist(), "whole"),
        Column("Hours worked", hours["worked"].tolist(), "whole"),
        Column("Hours nobody had time for", hours["unserved"].tolist(), "whole"),
        Column(
            "of those asked for",
            part.tolist(),
            "share",
        ),
    ]


def _units(scenario: Scenario, outcome: Outcome) -> list[Column]:
    units = outcome.units()
    teams = outcome.teams().reindex(units["name"].where(units["level"] == "team"))
    off = units["cost"] / units["budget"].where(units["budget"] > 0) - 1
    return [
        *_who(scenario, units),
        Column("Quota", units["quota"].tolist(), "money"),
        Column("Bookings", units["bookings"].tolist(), "money"),
        Column("Attainment, p10", units["attainment_p10"].tolist(), "share"),
        Column("Attainment, median", units["attainment_p50"].tolist(), "share"),
        Column("Attainment, p90", units["attainment_p90"].tolist(), "share"),
        Column("Years at quota", units["at_quota"].tolist(), "share"),
        *(Column(f"Sales: {grade}", units[f"sales_{grade}"].tolist(), "share") for grade in reversed(GRADES)),
        Column("Collected", units["collected"].tolist(), "money"),
        Column("Pay", units["pay"].tolist(), "money"),
        Column("Budget of selling", units["budget"].tolist(), "money"),
        Column("Cost of selling", units["cost"].tolist(), "money"),
        Column("Cost off budget", off.tolist(), "share"),
        Column("Cost of budget, p10", units["cost_p10"].tolist(), "share"),
        Column("Cost of budget, p90", units["cost_p90"].tolist(), "share"),
        *(Column(f"Cost: {grade}", units[f"cost_{grade}"].tolist(), "share") for grade in reversed(GRADES)),
        Column("Satisfaction", units["satisfaction"].tolist(), "share"),
        *(
            Column(f"Satisfaction: {grade}", units[f"satisfaction_{grade}"].tolist(), "share")
            for grade in reversed(GRADES)
        ),
        Column("Growth on the year before", units["improvement"].tolist(), "share"),
        *(
            Column(f"Growth: {grade}", units[f"improvement_{grade}"].tolist(), "share")
            for grade in reversed(GRADES)
        ),
        Column("Misses when the company does", teams["missed_with_target"].tolist(), "share"),
        Column("Part of what teams then lack", teams["share_of_short"].tolist(), "share"),
    ]


def _quarters(scenario: Scenario, outcome: Outcome) -> list[Column]:
    table = outcome.by_quarter()
    return [
        *_who(scenario, table),
        Column("Quarter", table["quarter"].tolist()),
        Column("Quota", table["quota"].tolist(), "money"),
        Column("Bookings", table["bookings"].tolist(), "money"),
        Column("Attainment, p10", table["attainment_p10"].tolist(), "share"),
        Column("Attainment, median", table["attainment_p50"].tolist(), "share"),
        Column("Attainment, p90", table["attainment_p90"].tolist(), "share"),
        Column("Years that miss", table["missed"].tolist(), "share"),
        Column("Misses when the company does", table["missed_with_target"].tolist(), "share"),
        Column("Short on average", table["short"].tolist(), "money"),
        Column("Satisfaction at its end", table["satisfaction"].tolist(), "share"),
        Column("Growth on the year before", table["improvement"].tolist(), "share"),
    ]


def _who(scenario: Scenario, table: pd.DataFrame) -> Sequence[Column]:
    """Name units by level, key and the name people know."""
    names = scenario.reps["name"].reindex(table["name"].where(table["level"] == REP)).fillna("")
    return [
        Column("Level", table["level"].tolist()),
        Column("Key", table["name"].tolist()),
        Column("Name", names.tolist()),
    ]
