"""What a search for a scheme found, as a table, a page and JSON."""

from typing import Any

from evenfield.figures import figure
from evenfield.money import exact
from evenfield.plots.scheme_candidates import draw_candidates
from evenfield.report.sheet import Part, Sheet
from evenfield.scheme_candidates import Range
from evenfield.scheme_search import PARETO, Search
from evenfield.scheme_study import answers_pay
from evenfield.scheme_words import setting_in_words
from evenfield.terminal import answers, say, show_table
from scenarios import Scenario

SHOWN = 20

SHORT = {"pay_for_territory": "Follows territory", "gaming": "Gaming"}
"""Headings of figures with long names; the words above the table explain them."""

RIVALS = 3
"""Candidates named that cannot be told from the best; of more, how many."""


NOBODY_ANSWERS = (
    "In this scenario effort is constant, whatever is paid: reps do not answer a scheme, so the cheapest"
    ' candidate looks best. Set market.effort.mode to "closed form" or "dynamic" before you choose by it.'
)
"""Said of a search where nobody answers what is paid."""


def search_words(found: Search, ranges: list[Range], budget: float | None) -> dict[str, Any]:
    """Describe a search for programs."""
    selection = found.selection
    return {
        "candidates": found.candidates,
        "varied": [one.name for one in ranges],
        "pay_budget": budget,
        "best": None if found.best is None else found.schemes[found.best].model_dump(mode="json"),
        "unsure_of_budget": (
            None if found.unsure is None else found.schemes[found.unsure].model_dump(mode="json")
        ),
        "interrupted": found.is_interrupted,
        "decided": selection is not None and selection.decided,
        "indifference": None if selection is None else selection.indifference,
    }


def show_search(scenario: Scenario, found: Search, ranges: list[Range]) -> None:
    """Show the frontier and the best."""
    if not answers_pay(scenario):
        say(NOBODY_ANSWERS)
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
            " gains at most (gaming). Means of the"
            f" {int(found.candidates['years'].min()):,} years that all candidates share."
        ),
    )
    parts = (
        Part(
            "Bookings and pay of every candidate",
            (
                (
                    "The best is a star, what nothing beats is filled and has its number. Blue is within"
                    " the pay budget for sure, orange above it, gray may be either."
                ),
            ),
            draw_candidates(found, scenario.currency),
        ),
        Part("What nothing beats", words, columns=columns, rows=rows, texts=2),
    )
    return Sheet(
        "Which scheme to design",
        scenario.title or scenario.name,
        (*(() if answers_pay(scenario) else (NOBODY_ANSWERS,)), _answer(scenario, found, ranges)),
        command,
        parts,
    )


def _answer(scenario: Scenario, found: Search, ranges: list[Range]) -> str:
    if found.is_interrupted:
        return _so_far(scenario, found, ranges)
    unsure = "" if found.unsure is None else _unsure(scenario, found, ranges, found.unsure)
    if found.best is None or found.selection is None:
        if unsure:
            return f"No candidate is surely within the pay budget; allow more pay or vary more. {unsure}"
        return "No candidate is within the pay budget; allow more pay or vary more."
    row = found.candidates.iloc[found.best]
    sure = (
        "best with 95 % certainty"
        if found.selection.decided
        else f"ahead, but not told apart yet from {_rivals(found, ranges)}"
    )
    if unsure:
        sure += ", of those surely within the pay budget"
    margin = figure("margin_after_pay").write(float(row["margin_after_pay"]), scenario.currency)
    within = exact(found.selection.indifference, scenario.currency)
    twins = "; ".join(_chosen(found, ranges, n) for n in found.twins)
    return (
        f"{_number(found.best).capitalize()}, {_chosen(found, ranges, found.best)}: {sure}, by margin after"
        f" pay ({margin} a year; differences below {within} do not count), after"
        f" {sum(found.candidates['years']):,} simulated years of {len(found.candidates)} candidates."
        + (f" The same in every year: {twins}." if twins else "")
        + (f" {unsure}" if unsure else "")
    )


def _rivals(found: Search, ranges: list[Range]) -> str:
    """Name the candidates that are still in the running beside the best."""
    assert found.selection is not None
    others = [found.able[k] for k in found.selection.left if found.able[k] != found.best]
    rest = f" and {len(others) - RIVALS} more" if len(others) > RIVALS else ""
    return "; ".join(f"{_number(n)} ({_chosen(found, ranges, n)})" for n in others[:RIVALS]) + rest


def _number(position: int) -> str:
    """Call a candidate by its number, as the picture and the tables do."""
    return f"number {position + 1}"


def _so_far(scenario: Scenario, found: Search, ranges: list[Range]) -> str:
    """Say who is ahead when a search is interrupted, and what was compared."""
    years = found.candidates["years"]
    compared = (
        f"Interrupted after {years.sum():,} simulated years of {len(years)} candidates, "
        f"{years.min():,} of each at least"
    )
    if found.best is None:
        return f"{compared}: none of them is within the pay budget for sure so far."
    row = found.candidates.iloc[found.best]
    margin = figure("margin_after_pay").write(float(row["margin_after_pay"]), scenario.currency)
    return (
        f"{compared}: {_chosen(found, ranges, found.best)} is ahead so far, by margin after pay ({margin} a"
        " year); which one is best is not yet known for sure."
    )


def _chosen(found: Search, ranges: list[Range], number: int) -> str:
    row = found.candidates.iloc[number]
    return ", ".join(f"{one.name} = {setting_in_words(row[one.name])}" for one in ranges)


def _unsure(scenario: Scenario, found: Search, ranges: list[Range], number: int) -> str:
    row = found.candidates.iloc[number]
    money = scenario.currency
    return (
        f"Unsure is {_number(number)}, {_chosen(found, ranges, number)}: more margin"
        f" ({figure('margin_after_pay').write(float(row['margin_after_pay']), money)}), but its pay over"
        f" all its {row['years']:,} years, {exact(float(row['pay_known']), money)} ±"
        f" {exact(float(row['pay_half_width']), money)}, may be within the budget or above it (in the"
        f" {found.candidates['years'].min():,} years that all candidates share, which tables and the"
        f" picture show, it is {exact(float(row['pay']), money)})."
    )


def _frontier_rows(
    scenario: Scenario, found: Search, ranges: list[Range]
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...]]:
    table = found.candidates[found.candidates["on_frontier"] | found.candidates["best"]]
    table = table.sort_values("margin_after_pay", ascending=False).head(SHOWN)
    figures = ["margin_after_pay", *PARETO]
    columns = (
        *("Number", "Within budget"),
        *(one.name for one in ranges),
        *(SHORT.get(name, figure(name).label) for name in figures),
    )
    rows = tuple(
        (
            f"{int(position) + 1}" + ", best" * bool(row["best"]),
            str(row["within"]),
            *(setting_in_words(row[one.name]) for one in ranges),
            *(figure(name).write(float(row[name]), scenario.currency) for name in figures),
        )
        for position, row in zip(table.index.tolist(), table.to_dict("records"), strict=True)
    )
    return columns, rows
