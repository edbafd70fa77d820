"""Who changes hands between two plans: a list, and maps of before and after."""

import dataclasses
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pandas as pd
import typer

from evenfield import phrases
from evenfield.alternatives import open_saved_plan
from evenfield.answering import write_json
from evenfield.money import exact
from evenfield.options import Json, LanguageOption, made_folder
from evenfield.phrases import CHINESE, ENGLISH, Language
from evenfield.plots import draw_territory_map
from evenfield.reasoning import back_words
from evenfield.report.moves import MovesPage, write_moves_page
from evenfield.saving import is_plan, load_plan
from evenfield.tables import hours_with_their_rep, write_table
from evenfield.terminal import answers, plain, print_json, say, show_table, told
from optimizer import TODAY, Plan
from optimizer.asking.missing import missing
from optimizer.asking.reasons import Reasons
from optimizer.compiling.territories import Compiled
from scenarios import InputError, NoPlanExists, Problem, Scenario

SHOWN = 20
"""Customers listed on the terminal."""

DRAWN = 3_000
"""Customers on a map; of a larger company those that move, most potential first."""


SEPARATOR = ";"
"""Between the reps who had the parts of one customer."""


def held_before(scenario: Scenario, before: Scenario, owner: pd.Series) -> pd.Series:
    """Say who had each customer in another plan, where one of the two plans has customers in parts.

    Parameters
    ----------
    scenario
        Whose customers are asked about.
    before, owner
        Scenario and rep by customer of the other plan.

    Returns
    -------
    By customer of `scenario`: a part had the rep of its whole customer; a whole customer that was in parts
    had their reps, most potential first, with `SEPARATOR` between; "": nobody.
    """
    held = owner.reindex(scenario.customers.index).fillna("")
    whole = owner.reindex(scenario.customers["part_of"]).fillna("").set_axis(held.index)
    parts = before.customers[before.customers["part_of"] != ""].sort_values("potential", ascending=False)
    reps: dict[str, list[str]] = {}
    for customer, rep in zip(parts["part_of"], owner.reindex(parts.index).fillna(""), strict=True):
        reps.setdefault(customer, []).append(rep)
    together = [SEPARATOR.join(dict.fromkeys(filter(None, reps.get(str(c), [])))) for c in held.index]
    whole = whole.where(whole != "", pd.Series(together, index=held.index, dtype=whole.dtype))
    return held.where(held != "", whole)


def _reps_in(held: str, scenario: Scenario) -> list[str]:
    """Split who had a customer into reps; a key that a rep of the scenario has is left whole."""
    return [held] if held in scenario.reps.index else held.split(SEPARATOR)


def moved_customers(
    scenario: Scenario, plan: Plan, before: pd.Series, *, hand: Mapping[str, float] | None = None,
    language: Language = "en", compiled: Compiled | None = None, others: pd.Series | None = None,
) -> pd.DataFrame:  # fmt: skip
    """List the customers whose rep a plan changes, most sales first.

    Parameters
    ----------
    before
        Rep by customer before, or reps as of `held_before`; customers it does not know had none.
    hand
        Customers moved by hand, and what that move alone costs, money a year.
    language
        Of the reasons.
    compiled
        The scenario's core problem, if it is at hand.
    others
        What reps are called who only were there before, by key.

    Returns
    -------
    Columns customer, name; from, from_name, to, to_name ("" where nobody); price (money a year that staying
    would cost more by the prices of the bound, of a move by hand what that alone saves, below 0: less; nan
    where that cannot be), why (in words), by_hand; sales_last_year, potential (money); hours_before, hours
    (a year, with each rep; nan where nobody serves).
    """
    gone = {} if others is None else others.to_dict()
    customers, names = scenario.customers, gone | scenario.reps["name"].to_dict() | {"": ""}
    was = before.reindex(customers.index).fillna("")
    changed = (was != plan.owner).to_numpy()
    table = pd.DataFrame(
        {"customer": customers.index[changed], "name": customers["name"][changed].to_numpy()}
    )
    for column, owner in (("from", was), ("to", plan.owner)):
        table[column] = owner[changed].to_numpy()
        table[f"{column}_name"] = [
            phrases.together([names.get(rep) or rep for rep in _reps_in(held, scenario)], language)
            for held in table[column]
        ]
    prices, why = _why(scenario, plan, table, language, compiled)
    say = CHINESE if language == "zh" else ENGLISH
    why = [
        say["parts"].format(reps=reps) if len(_reps_in(held, scenario)) > 1 else said
        for held, reps, said in zip(table["from"], table["from_name"], why, strict=True)
    ]
    table["price"], table["why"] = prices, why
    table["by_hand"] = table["customer"].isin(list(hand or {}))
    for row in table.index[table["by_hand"]]:
        cost = (hand or {})[table["customer"][row]]
        money = exact(abs(cost), scenario.currency)
        table.loc[row, "price"] = -cost
        table.loc[row, "why"] = say["by hand" if cost >= 0 else "by hand cheaper"].format(money=money)
    table["sales_last_year"] = scenario.last_year_sales[changed].round(2).to_numpy()
    table["potential"] = customers["potential"][changed].round(2).to_numpy()
    known = was.where(was.isin(scenario.reps.index), "")
    part = scenario.part(np.flatnonzero(changed))
    for column, owner in (("hours_before", known), ("hours", plan.owner)):
        table[column] = hours_with_their_rep(part, owner[changed]).round(2).to_numpy()
    return table.sort_values(["sales_last_year", "potential"], ascending=False, ignore_index=True)


def _why(
    scenario: Scenario, plan: Plan, table: pd.DataFrame, language: Language, compiled: Compiled | None
) -> tuple[list[float], list[str]]:
    if table.empty:
        return [], []
    try:
        reasons = Reasons(scenario, plan, compiled)
    except NoPlanExists as error:
        return [np.nan] * len(table), [error.reasons[0]] * len(table)
    why_not = missing(scenario, reasons.compiled, table["customer"].tolist())
    prices, why = [], []
    for customer, rep in zip(table["customer"], table["from"], strict=True):
        back = reasons.to(customer, rep)
        prices.append(np.nan if back is None else back.cost)
        why.append(back_words(scenario, rep, back, why_not[customer], language))
    return prices, why


def moves_words(scenario: Scenario, table: pd.DataFrame, before: str, after: str) -> dict[str, Any]:
    """Describe who changes hands, for programs."""
    return {
        "from": before,
        "to": after,
        "customers": len(scenario.customers),
        "moved": len(table),
        "sales_moved": float(table["sales_last_year"].sum()),
        "hours_moved": float(table["hours"].sum()),
        "moves": plain(table),
    }


def save_moves(
    folder: Path, scenario: Scenario, plan: Plan, before: pd.Series, words: dict[str, Any],
    table: pd.DataFrame, language: Language = "en", command: str = "",
) -> Path:  # fmt: skip
    """Write `moves.csv` and the page `moves.html`, which opens offline.

    Returns
    -------
    The page.
    """
    write_table(table, folder / "moves.csv")
    drawn, shown = _drawn(scenario, table)
    owner, was = plan.owner[drawn.customers.index], before.reindex(drawn.customers.index).fillna("")
    largest = was.map(lambda held: _reps_in(held, scenario)[0])
    maps = () if drawn.customers.empty else (
        draw_territory_map(drawn, largest), draw_territory_map(drawn, owner, was=was)
    )  # fmt: skip
    in_parts = bool((largest != was).any())
    placeless = int(scenario.customers[["latitude", "longitude"]].isna().any(axis=1).sum())
    page = MovesPage(scenario, table, words["from"], words["to"], maps, placeless, shown, command, in_parts)
    return write_moves_page(page, folder / "moves.html", language)


def _drawn(scenario: Scenario, table: pd.DataFrame) -> tuple[Scenario, int]:
    """Leave out customers without a place, and of a large company those that stay; say how many are left."""
    customers = scenario.customers
    customers = customers[customers[["latitude", "longitude"]].notna().all(axis=1)]
    if len(customers) > DRAWN:
        moved = customers[customers.index.isin(table["customer"])]
        customers = moved.nlargest(DRAWN, "potential")
    return dataclasses.replace(scenario, customers=customers), len(customers)


def moves_command(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The --out folder of `evenfield plan`")],
    before: Annotated[
        str | None,
        typer.Option(
            "--from", metavar="PLAN", help="Another saved plan to start from [default: today's book]"
        ),
    ] = None,
    language: LanguageOption = "en",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder [default: PLAN/moves, PLAN/moves-from-NAME]"),
    ] = None,
    as_json: Json = False,
) -> None:
    """List who changes hands since today's book or another plan, why and at what price, with maps."""
    with told(as_json):
        scenario, made = open_saved_plan(plan)
        if not is_plan(plan):
            remedy = "this is a scenario, not a plan; plan it first and name the --out folder"
            raise InputError([Problem("PLAN", plan, remedy)])
        name, owner, others = TODAY, scenario.customers["owner"], None
        if before is not None:
            other, earlier = load_plan(before)
            name, owner = before.rstrip("/"), held_before(scenario, other, earlier.owner)
            others = other.reps["name"]
        table = moved_customers(scenario, made, owner, language=language, others=others)
        words = moves_words(scenario, table, name, made.name)
        tail = "moves" if before is None else f"moves-from-{Path(before).name}"
        folder = made_folder(out or Path(plan) / tail)
        write_json(folder / "moves.json", words)
        command = f"evenfield moves {plan}{f' --from {before}' if before else ''}"
        page = save_moves(folder, scenario, made, owner, words, table, language, command)
        if as_json:
            print_json(words)
        else:
            show_moves(scenario, words)
        say(f"Saved in {folder}; open {page}")


def show_moves(scenario: Scenario, words: dict[str, Any]) -> None:
    """Show who changes hands, those with most sales first."""
    money = scenario.currency
    rows = [
        [
            move["name"] or move["customer"],
            _briefly(scenario, move),
            move["to_name"] or "nobody",
            exact(np.nan if move["price"] is None else move["price"], money),
            exact(move["sales_last_year"], money),
        ]
        for move in words["moves"][:SHOWN]
    ]
    title = f"{words['moved']:,} of {words['customers']:,} customers change hands from {words['from']}"
    show_table(title, ["customer", "from", "to", "staying costs more", "last year's sales"], rows)
    if words["moved"] > SHOWN:
        answers.print(f"and {words['moved'] - SHOWN:,} more; see moves.csv", markup=False)


def _briefly(scenario: Scenario, move: dict[str, Any]) -> str:
    """Name who had a customer; of several say how many."""
    several = len(_reps_in(move["from"], scenario))
    return f"{several} reps of its parts" if several > 1 else move["from_name"] or "nobody"
