"""`evenfield edit`: move customers by hand and see totals, price and broken limits at once."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import typer

from evenfield.alternatives import open_saved_plan
from evenfield.answering import plan_words, write_json
from evenfield.money import exact, symbol
from evenfield.moves import moved_customers, moves_words, save_moves
from evenfield.options import (
    AnewLimit,
    Json,
    LanguageOption,
    Seed,
    WorkLimit,
    leave_if_interrupted,
    made_folder,
)
from evenfield.saving import is_plan, save_plan
from evenfield.terminal import answers, planning, print_json, say, show_table, told
from optimizer.asking.editing import Draft, draft_of
from optimizer.asking.matches import unknown
from optimizer.asking.ordered import unit_of
from optimizer.asking.prices import price_of_edit
from optimizer.asking.sums import Broken
from optimizer.core.assignment import CLOSE_ENOUGH
from scenarios import InputError, Problem, Scenario

SHOWN = 10
"""Customers listed one by one; programs get all."""

ENDLESS = 1e15
"""A limit beyond this is none."""

Moves = Annotated[
    list[str],
    typer.Option("--move", metavar="CUSTOMER=REP", help="A customer and its new rep; may be repeated"),
]
Solve = Annotated[bool, typer.Option("--solve", help="Plan all others anew around these moves")]
Force = Annotated[bool, typer.Option("--force", help="Write over a plan that is in the --out folder already")]
EditOut = Annotated[
    Path | None,
    typer.Option("--out", help="Folder for the edited plan [default: PLAN-edited, or the next that is free]"),
]


def edit(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The --out folder of `evenfield plan`")],
    move: Moves,
    solve: Solve = False,
    time_limit: AnewLimit = None,
    work_limit: WorkLimit = None,
    language: LanguageOption = "en",
    out: EditOut = None,
    force: Force = False,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Move customers by hand: totals, price and broken limits at once, swaps that would help.

    The edited plan is saved beside the one given, with a list and a map of all who change hands; nothing is
    written over.
    """
    with told(as_json):
        scenario, made = open_saved_plan(plan)
        _refuse_to_write_over(out, force)
        before = draft_of(scenario, made)
        draft, moved = before, _moves(scenario, move)
        for customer, rep in moved:
            draft = draft.move(customer, rep)
        words = edit_words(before, draft, [customer for customer, _ in moved])
        finished = draft.as_plan()
        if solve:
            with planning() as begin:
                finished = draft.finished(
                    time_limit=time_limit,
                    work_limit=work_limit,
                    seed=seed,
                    progress=begin("around the moves", scenario.currency),
                )
            after = draft_of(scenario, finished, draft.compiled)
            changed = finished.owner[finished.owner != draft.owner]
            words |= edit_words(before, after, [])
            words |= {"solved": plan_words(scenario, finished, seed), "changed": changed.to_dict()}
            if finished.result is not None:
                price = price_of_edit(before, after, finished.result)
                words |= {"least": price.least, "most": price.most}
        folder = made_folder(out or free_folder(plan))
        save_plan(folder, scenario, finished)
        table = moved_customers(
            scenario,
            finished,
            made.owner,
            hand=draft.alone(before),
            language=language,
            compiled=draft.compiled,
        )
        listed = moves_words(scenario, table, made.name, finished.name)
        words["moves"] = listed["moves"]
        write_json(folder / "edited.json", words)
        command = f"evenfield edit {plan} {' '.join(f'--move {m}' for m in move)}{' --solve' * solve}"
        page = save_moves(folder, scenario, finished, made.owner, listed, table, language, command)
        if as_json:
            print_json(words)
        else:
            show_edit(scenario, words)
        say(f"Saved in {folder}; who changes hands: {page}")
        result = finished.result
        leave_if_interrupted(result is not None and result.status == "interrupted")


def free_folder(plan: str) -> Path:
    """Name a folder beside a plan that holds nothing yet."""
    first = Path(f"{plan.rstrip('/')}-edited")
    folder, number = first, 2
    while folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        folder, number = Path(f"{first}-{number}"), number + 1
    return folder


def _refuse_to_write_over(out: Path | None, force: bool) -> None:
    if out is not None and is_plan(out) and not force:
        remedy = "a plan is saved there; name another folder, or add --force to write over it"
        raise InputError([Problem("--out", str(out), remedy)])


def edit_words(before: Draft, draft: Draft, customers: list[str]) -> dict[str, Any]:
    """Describe an edited plan: what it costs more, what it breaks, which books changed, which swaps help."""
    old, new = before.totals, draft.totals
    prices = {m.name: m.price for m in draft.compiled.problem.measures}
    names = list(prices)
    outside_before = {(broken.limit, broken.rep): broken.amount for broken in before.outside}
    changed = new.index[(old[names] != new[names]).any(axis=1)]
    return {
        "objective": draft.cost,
        "price": draft.cost - before.cost,
        "violations": [str(broken) for broken in draft.broken],
        "outside": [
            {**asdict(broken), "before": outside_before.get((broken.limit, broken.rep), 0.0)}
            for broken in draft.outside
        ],
        "goals": [
            {"goal": goal, "unit": unit_of(goal), "before": before.goals[goal], "after": value}
            for goal, value in draft.goals.items()
        ],
        "books": [
            {
                "rep": str(rep),
                "limit": name,
                "before": float(old.loc[rep, name]),
                "after": float(new.loc[rep, name]),
                "least": float(new.loc[rep, f"{name} least"]),
                "most": float(new.loc[rep, f"{name} most"]),
                "price": None if np.isinf(prices[name]) else prices[name],
            }
            for rep in changed
            for name in names
        ],
        "swaps": [
            {"moved": customer, "customer": swap.customer, "rep": swap.rep, "price": swap.price}
            for customer in customers
            for swap in draft.swaps(customer)
        ],
    }


def show_edit(scenario: Scenario, words: dict[str, Any]) -> None:
    """Show an edited plan."""
    called = scenario.reps["name"].to_dict()
    rows = [
        [
            f"{called.get(book['rep']) or book['rep']}: {book['limit']}",
            *(_amount(book[key]) for key in ("before", "after", "least", "most")),
            _kind(book, scenario.currency),
        ]
        for book in words["books"]
    ]
    show_table("Books that change", ["", "before", "after", "at least", "at most", "the limit is"], rows)
    for goal in words["goals"]:
        counted = goal["unit"] == "customers"
        before, after = (
            f"{goal[key]:,.0f} customers" if counted else exact(goal[key], scenario.currency)
            for key in ("before", "after")
        )
        answers.print(f"Goal in strict order: {goal['goal']}, {before} before, {after} now", markup=False)
    price = exact(words["price"], scenario.currency)
    what = "the moves with all others planned around them" if "solved" in words else "the moves alone"
    sure = ""
    if words.get("least") is not None:
        least, most = (exact(words[key], scenario.currency) for key in ("least", "most"))
        sure = f", between {least} and {most} for sure"
    answers.print(f"Price of {what}: {price} a year{sure}.", markup=False, soft_wrap=True)
    for broken in words["violations"]:
        answers.print(f"Breaks the hard limit {broken}", markup=False, style="red")
    for outside in words["outside"]:
        amount, was = outside["amount"], outside["before"]
        if abs(amount - was) > CLOSE_ENOUGH * max(amount, 1.0):
            said = str(Broken(**{key: value for key, value in outside.items() if key != "before"}))
            money, more = (exact(a * outside["price"], scenario.currency) for a in (amount, amount - was))
            answers.print(
                f"Outside a limit at a price: {said}; {money} a year, {more} more than before", markup=False
            )
    for swap in words["swaps"]:
        money = exact(-swap["price"], scenario.currency)
        rep = called.get(swap["rep"]) or swap["rep"]
        answers.print(f"With {swap['customer']} to {rep} it would cost {money} a year less.", markup=False)
    if "solved" in words:
        changed = words["changed"]
        some = ", ".join(f"{c} to {called.get(r) or r}" for c, r in list(changed.items())[:SHOWN])
        dots = " ..." if len(changed) > SHOWN else ""
        answers.print(f"{len(changed)} others go elsewhere than in the plan: {some}{dots}", markup=False)
        gap = words["solved"]["gap"]
        answers.print(f"A plan around these moves can be at most {gap:.2%} better.", markup=False)


def _amount(value: float) -> str:
    return f"{value:,.1f}" if abs(value) < ENDLESS else ""


def _kind(book: dict[str, Any], currency: str) -> str:
    """Say whether a limit is hard, or what a unit outside costs."""
    if abs(book["least"]) >= ENDLESS and abs(book["most"]) >= ENDLESS:
        return ""
    return "hard" if book["price"] is None else f"at {symbol(currency)}{book['price']:,.4g} a unit"


def _moves(scenario: Scenario, moves: list[str]) -> list[tuple[str, str]]:
    """Read CUSTOMER=REP; keys may hold the sign themselves, if only one reading names both."""
    problems, found = [], []
    for move in moves:
        parts = move.split("=")
        readings = [("=".join(parts[:n]).strip(), "=".join(parts[n:]).strip()) for n in range(1, len(parts))]
        known = [
            (customer, rep)
            for customer, rep in readings
            if customer in scenario.customers.index and rep in scenario.reps.index
        ]
        if not readings:
            problems.append(Problem("--move", move, "write it as CUSTOMER=REP, both by their keys"))
        elif len(known) > 1:
            said = " or ".join(f"{customer} to {rep}" for customer, rep in known)
            problems.append(Problem("--move", move, f"it can be read in more than one way: {said}"))
        elif known:
            found += known
        else:
            customer, rep = readings[-1]
            tables = (("customer", customer, scenario.customers), ("rep", rep, scenario.reps))
            problems += [unknown(what, key, table) for what, key, table in tables if key not in table.index]
    if problems:
        raise InputError(problems)
    return found
