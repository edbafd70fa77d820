"""What a search for a scheme found, as a table, a page and JSON."""

from typing import Any

from evenfield.figures import figure
from evenfield.money import exact
from evenfield.plots.scheme_candidates import draw_candidates
from evenfield.report.sheet import Part, Sheet
from evenfield.scheme_search import PARETO, Range, Search
from evenfield.scheme_words import setting_in_words
from evenfield.terminal import answers, show_table
from scenarios import Scenario

SHOWN = 20


def search_words(found: Search, ranges: list[Range], budget: float | None) -> dict[str, Any]:
    """Describe a search for programs."""
    selection = found.selection
    return {
        "candidates": found.candidates,
        "varied": [one.name for one in ranges],
        "pay_budget": budget,
        "best": None if found.best is None else found.schemes[found.best].model_dump(mode="json"),
        "decided": selection is not None and selection.decided,
        "indifference": None if selection is None else selection.indifference,
    }


def show_search(scenario: Scenario, found: Search, ranges: list[Range]) -> None:
    """Show the frontier and the best."""
    columns, rows = _frontier_rows(scenario, found, ranges)
    show_table("What nothing beats", list(columns), [list(row) for row in rows])
    answers.print(_answer(scenario, found, ranges))


def search_sheet(scenario: Scenario, found: Search, ranges: list[Range], command: str) -> Sheet:
    """Lay out the page of a search."""
    columns, rows = _frontier_rows(scenario, found, ranges)
    words = (
        (
            "Candidates that no other beats in bookings (motivation), pay (cost), how little incentive"
            " follows the territory (fairness) and what moving a tenth of a quarter's sales over its end"
            " gains at most (gaming)."
        ),
    )
    parts = (
        Part(
            "Bookings and pay of every candidate",
            ("The best is a star; what nothing beats is filled, what is above the pay budget orange.",),
            draw_candidates(found, scenario.currency),
        ),
        Part("What nothing beats", words, columns=columns, rows=rows),
    )
    return Sheet(
        "Which scheme to design",
        scenario.title or scenario.name,
        (_answer(scenario, found, ranges),),
        command,
        parts,
    )


def _answer(scenario: Scenario, found: Search, ranges: list[Range]) -> str:
    if found.best is None or found.selection is None:
        return "No candidate is within the pay budget; allow more pay or vary more."
    row = found.candidates.iloc[found.best]
    chosen = ", ".join(f"{one.name} = {setting_in_words(row[one.name])}" for one in ranges)
    sure = (
        "best with 95 % certainty"
        if found.selection.decided
        else f"ahead, but {len(found.selection.left)} candidates cannot be told apart yet"
    )
    margin = figure("margin_after_pay").write(float(row["margin_after_pay"]), scenario.currency)
    within = exact(found.selection.indifference, scenario.currency)
    return (
        f"{chosen}: {sure}, by margin after pay ({margin} a year; differences below {within} do not count),"
        f" after {sum(found.candidates['years']):,} simulated years of {len(found.candidates)} candidates."
    )


def _frontier_rows(
    scenario: Scenario, found: Search, ranges: list[Range]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    table = found.candidates[found.candidates["on_frontier"] | found.candidates["best"]]
    table = table.sort_values("margin_after_pay", ascending=False).head(SHOWN)
    figures = ["margin_after_pay", *PARETO]
    columns = (*(one.name for one in ranges), *(figure(name).label for name in figures), "Budget", "")
    rows = tuple(
        (
            *(setting_in_words(row[one.name]) for one in ranges),
            *(figure(name).write(float(row[name]), scenario.currency) for name in figures),
            str(row["within"]),
            "best" if row["best"] else "",
        )
        for _, row in table.iterrows()
    )
    return columns, rows
