"""The plan as an Excel workbook that planners recognize: numbers as numbers, filters, nothing hidden."""

import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from evenfield import tables
from evenfield.figures import figure, in_order
from evenfield.lettering import width
from evenfield.quota_sheets import add_quota_sheets
from evenfield.reasoning import short_reasons
from evenfield.report.contents import balance_in_words, gap_in_words, versions
from evenfield.report.sentences import answer, chance, reach
from evenfield.sheets import Book, Column
from evenfield.study import Study
from evenfield.year_sheet import UNITS, add_year_sheet
from optimizer import Plan, loads, specialist_loads, violations
from optimizer.asking.reasons import Reasons
from optimizer.quotas import by_quarter, make_quotas
from optimizer.score import territory_allowances
from scenarios import Scenario


def write(study: Study, path: str | Path) -> Path:
    """Write the workbook of a study: Summary, Assignments, Reps, Specialists (if any), Quotas and their tree,
    Year, Comparison, Moves.

    Parameters
    ----------
    study
        What was found.
    path
        The file, ending in `.xlsx`; its folder is made.

    Returns
    -------
    The path.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    scenario = study.scenarios[study.plan]
    book = Book(str(path), scenario.currency)
    first_day = datetime.datetime.combine(scenario.year.start, datetime.time())
    book.file.set_properties({"title": scenario.title or scenario.name, "created": first_day})
    assigned = tables.assignments(scenario, study.plans[study.plan])
    _add_summary(book, study)
    reasons = Reasons(scenario, study.plans[study.plan])
    _add_assignments(book, assigned.assign(reason=short_reasons(scenario, reasons)))
    _add_reps(book, study)
    _add_specialists(book, study)
    _add_quotas(book, study)
    _add_quota_tree(book, scenario, study.plans[study.plan])
    add_year_sheet(book, study)
    _add_comparison(book, study)
    _add_moves(book, assigned)
    book.file.close()
    return path


def _add_summary(book: Book, study: Study) -> None:
    """Say the answer in words, then the facts behind it, and how to make it again."""
    scenario, plan, outcome = (
        study.scenarios[study.plan],
        study.plans[study.plan],
        study.outcomes[study.plan],
    )
    sheet = book.file.add_worksheet("Summary")
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 90)
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, scenario.title or scenario.name, book.formats["title"])
    sheet.write_string(1, 0, scenario.description, book.formats["quiet"])
    for row, sentence in enumerate(answer(study), 3):
        sheet.merge_range(row, 0, row, 1, "", book.formats["prose"])
        sheet.write_string(row, 0, sentence, book.formats["prose"])
        sheet.set_row(row, 17 * (1 + width(sentence) // 115))
    share, low, high = chance(outcome)
    facts: list[tuple[str, Any, Any]] = [
        (
            "Plan year",
            f"{scenario.year.start} to {scenario.year.end - datetime.timedelta(days=1)}",
            "text",
        ),
        ("Target", outcome.target, "money"),
        ("Chance to reach it", share, "share"),
        ("its 99 % interval from", low, "share"),
        ("to", high, "share"),
        ("Customers", len(plan.owner), "whole"),
        ("Reps", len(scenario.reps), "whole"),
        ("Hard rules broken", len(violations(scenario, plan)), "whole"),
        *(("Best balance", sentence, "text") for sentence in balance_in_words(study)),
        ("How good the plan is known to be", gap_in_words(plan, scenario.currency), "text"),
        ("Simulated years", outcome.replications, "whole"),
        ("Seed", outcome.seed, "whole"),
        ("Scenario", scenario.name, "text"),
        ("Digest of the scenario", scenario.digest, "text"),
        ("Digest of the outcome", outcome.digest, "text"),
        ("Versions", ", ".join(f"{name} {version}" for name, version in versions().items()), "text"),
    ]
    for row, (label, value, kind) in enumerate(facts, 7):
        sheet.write_string(row, 0, label, book.formats["quiet"])
        book.write(sheet, row, 1, value, kind, look="fact")
        if kind == "text":
            sheet.set_row(row, 15 * -(-width(value) // 88))


def _add_assignments(book: Book, assigned: pd.DataFrame) -> None:
    """List every customer; those who change their rep have a colored row."""
    begin = tables.SPECIALIST_COLUMN.format("")
    specialists = [name for name in map(str, assigned.columns) if name.startswith(begin)]
    sheet = book.add_table(
        "Assignments",
        [
            Column("Customer", assigned["customer"].tolist()),
            Column("Name", assigned["name"].tolist()),
            Column("City", assigned["city"].tolist()),
            Column("Segment", assigned["segment"].tolist()),
            Column("Tier", assigned["tier"].tolist()),
            Column("Owner today", _with_id(assigned["was_name"], assigned["was"])),
            Column("Owner new", _with_id(assigned["rep_name"], assigned["rep"])),
            Column("Moved", assigned["moved"].map({True: "yes", False: ""}).tolist()),
            Column("Potential", assigned["potential"].tolist(), "money"),
            Column("Sales last year", assigned["sales_last_year"].tolist(), "money"),
            Column("Hours a year", assigned["hours"].tolist(), "number"),
            Column("Next best rep, and what it would cost", assigned["reason"].tolist()),
            *(Column(name[:1].upper() + name[1:], assigned[name].tolist()) for name in specialists),
        ],
        frozen=2,
    )
    rule = {"type": "formula", "criteria": '=$H2="yes"', "format": book.formats["moved"]}
    sheet.conditional_format(1, 0, max(len(assigned), 1), 11 + len(specialists), rule)


def _add_reps(book: Book, study: Study) -> None:
    """Describe every rep's book with the plan and with the reference."""
    scenario = study.scenarios[study.plan]
    after = loads(scenario, study.plans[study.plan].owner)
    before = loads(study.scenarios[study.reference], study.plans[study.reference].owner).reindex(after.index)
    then = f", {study.reference}"
    columns = [
        Column("Rep", [str(rep) for rep in after.index]),
        Column("Name", scenario.reps["name"].tolist()),
        Column("Team", scenario.reps["team"].tolist()),
        Column("Customers", after["customers"].tolist(), "whole"),
        Column(f"Customers{then}", before["customers"].tolist(), "whole"),
        Column("Hours", after["hours"].tolist(), "whole"),
        Column(f"Hours{then}", before["hours"].tolist(), "whole"),
        Column("Capacity, hours", after["capacity_hours"].tolist(), "whole"),
        Column("Of capacity", after["utilization"].tolist(), "share"),
        Column(f"Of capacity{then}", before["utilization"].tolist(), "share"),
        Column("Travel, hours", after["travel_hours"].tolist(), "whole"),
        Column(f"Travel, hours{then}", before["travel_hours"].tolist(), "whole"),
        Column("Potential", after["potential"].tolist(), "money"),
        Column(f"Potential{then}", before["potential"].tolist(), "money"),
        Column("Fair share of potential", after["fair_potential"].tolist(), "money"),
        Column("Sales last year", after["sales"].tolist(), "money"),
        Column("Moved in", after["moved_in"].tolist(), "whole"),
        Column("Moved out", after["moved_out"].tolist(), "whole"),
        Column("Quota", study.plans[study.plan].quota.sum(axis=1).reindex(after.index).tolist(), "money"),
    ]
    for name, paid in territory_allowances(scenario, study.plans[study.plan].owner).items():
        columns.append(Column(str(name)[:1].upper() + str(name)[1:], paid.tolist(), "money"))
    book.add_table("Reps", columns, frozen=2)


def _add_specialists(book: Book, study: Study) -> None:
    """Describe what every specialist has to do, where there are any."""
    scenario, plan = study.scenarios[study.plan], study.plans[study.plan]
    if plan.support.empty:
        return
    table = specialist_loads(scenario, plan.owner, plan.support)
    columns = [
        Column("Specialist", [str(who) for who in table.index]),
        Column("Name", scenario.specialists["name"].reindex(table.index).tolist()),
        Column("Overlay", table["overlay"].tolist()),
        Column("Customers", table["customers"].tolist(), "whole"),
        Column("Reps dealt with", table["reps"].tolist(), "whole"),
        Column("Visits", table["visits"].tolist(), "whole"),
        Column("Hours", table["hours"].tolist(), "whole"),
        Column("Capacity, hours", table["capacity_hours"].tolist(), "whole"),
        Column("Of capacity", table["utilization"].tolist(), "share"),
        Column("Travel, hours", table["travel_hours"].tolist(), "whole"),
        Column("Pay", table["pay"].tolist(), "money"),
    ]
    book.add_table("Specialists", columns, frozen=2)


def _add_quotas(book: Book, study: Study) -> None:
    """List quotas with sums as numbers, and a column that checks them when someone edits."""
    scenario, asked = (
        study.scenarios[study.plan],
        tables.quotas(study.scenarios[study.plan], study.plans[study.plan]),
    )
    quarters = [name for name in asked.columns if name not in ("rep", "name", "team", "year")]
    sums = {name: [*asked[name].tolist(), asked[name].sum()] for name in [*quarters, "year"]}
    sheet = book.add_table(
        "Quotas",
        [
            Column("Rep", [*asked["rep"].tolist(), "Sum"]),
            Column("Name", [*asked["name"].tolist(), ""]),
            *(Column(name, sums[name], "money") for name in quarters),
            Column("Year", sums["year"], "money"),
            Column("Check: year less quarters", [None] * len(sums["year"]), "money"),
        ],
        frozen=2,
        sums=True,
    )
    first, last = 2, 1 + len(quarters)
    for row in range(1, len(asked) + 2):
        cells = f"{_letter(first)}{row + 1}:{_letter(last)}{row + 1}"
        parts = sums["year"][row - 1] - sum(sums[name][row - 1] for name in quarters)
        formula = f"={_letter(last + 1)}{row + 1}-SUM({cells})"
        sheet.write_formula(row, last + 2, formula, book.formats["money"], round(float(parts), 6))
    _add_target(book, sheet, scenario, len(asked) + 2, last + 1, float(sums["year"][-1]))


def _add_quota_tree(book: Book, scenario: Scenario, plan: Plan) -> None:
    """Add the tree of quotas and the proof of their sums, unless somebody has edited the plan's quotas."""
    found = make_quotas(scenario, plan.owner)
    if by_quarter(scenario, found.cube).equals(plan.quota.astype("float64")):
        add_quota_sheets(book, found, pd.DataFrame(), {}, cells=False)


def _add_target(book: Book, sheet: Any, scenario: Scenario, row: int, column: int, total: float) -> None:
    """Put the target below the sum, and what is between them."""
    sheet.write_string(row, 0, "Target", book.formats["text"])
    sheet.write_number(row, column, scenario.target_amount, book.formats["money"])
    sheet.write_string(row + 1, 0, "Target less sum", book.formats["text"])
    formula = f"={_letter(column)}{row + 1}-{_letter(column)}{row}"
    sheet.write_formula(
        row + 1, column, formula, book.formats["money"], round(scenario.target_amount - total, 6)
    )


def _add_comparison(book: Book, study: Study) -> None:
    """List all differences to the reference as numbers, with what luck could have made of them."""
    order = {name: place for place, name in enumerate(in_order(set(study.rows["figure"])))}
    rows = study.rows.sort_values("figure", key=lambda names: names.map(order), kind="stable")
    reaches = [reach(study, error) for error in rows["standard_error"]]
    kinds = [UNITS.get(figure(name).unit, "number") for name in rows["figure"]]
    book.add_table(
        "Comparison",
        [
            Column("Figure", [figure(name).label for name in rows["figure"]]),
            Column("Key", rows["figure"].tolist()),
            Column("Alternative", rows["scenario"].tolist()),
            Column(f"Reference: {study.reference}", rows["reference"].tolist(), kinds),
            Column("Alternative's mean", rows["other"].tolist(), kinds),
            Column("Difference", rows["difference"].tolist(), kinds),
            Column("Standard error", rows["standard_error"].tolist(), kinds),
            Column("99 % interval ±", reaches, kinds),
            Column("Verdict", rows["verdict"].tolist()),
        ],
    )


def _add_moves(book: Book, assigned: pd.DataFrame) -> None:
    """List the customers who change their rep, those with most sales first."""
    moves = assigned[assigned["moved"]].sort_values("sales_last_year", ascending=False, kind="stable")
    book.add_table(
        "Moves",
        [
            Column("Customer", moves["customer"].tolist()),
            Column("Name", moves["name"].tolist()),
            Column("City", moves["city"].tolist()),
            Column("From", _with_id(moves["was_name"], moves["was"])),
            Column("To", _with_id(moves["rep_name"], moves["rep"])),
            Column("Sales last year", moves["sales_last_year"].tolist(), "money"),
            Column("Potential", moves["potential"].tolist(), "money"),
            Column("Tier", moves["tier"].tolist()),
        ],
        frozen=2,
    )


def _with_id(names: pd.Series, ids: pd.Series) -> list[str]:
    """Name a rep by name; by id where there is none."""
    return [str(name) or str(key) for name, key in zip(names, ids, strict=True)]


def _letter(column: int) -> str:
    """Give the letter of one of the first 26 columns, counted from 0."""
    return chr(ord("A") + column)
