"""`evenfield edit`: move customers by hand and see totals, price and broken limits at once."""

from pathlib import Path
from typing import Annotated, Any

import typer

from evenfield.alternatives import open_plan
from evenfield.answering import plan_words, write_json
from evenfield.money import exact
from evenfield.options import Json, Out, Seed, TimeLimit, WorkLimit, leave_if_interrupted, made_folder
from evenfield.saving import save_plan
from evenfield.terminal import answers, planning, print_json, say, show_table, told
from optimizer.editing import Draft, draft_of
from scenarios import InputError, Problem, Scenario

SHOWN = 10
"""Customers listed one by one; programs get all."""

Moves = Annotated[
    list[str],
    typer.Option("--move", metavar="CUSTOMER=REP", help="A customer and its new rep; may be repeated"),
]
Solve = Annotated[bool, typer.Option("--solve", help="Plan all others anew around these moves")]


def edit(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The --out folder of `evenfield plan`")],
    move: Moves,
    solve: Solve = False,
    time_limit: TimeLimit = None,
    work_limit: WorkLimit = None,
    out: Out = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Move customers by hand: totals, price and broken limits at once, swaps that would help.

    The edited plan is saved beside the one given, in PLAN-edited, unless --out names another folder.
    """
    with told(as_json):
        scenario, made = open_plan(plan, [])
        before = draft_of(scenario, made)
        draft, moved = before, _moves(move, scenario)
        for customer, rep in moved:
            draft = draft.move(customer, rep)
        words = edit_words(before, draft, [customer for customer, _ in moved])
        folder = made_folder(out or Path(f"{plan.rstrip('/')}-edited"))
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
        save_plan(folder, scenario, finished)
        write_json(folder / "edited.json", words)
        if as_json:
            print_json(words)
        else:
            show_edit(scenario, words)
        say(f"Saved in {folder}")
        result = finished.result
        leave_if_interrupted(result is not None and result.status == "interrupted")


def edit_words(before: Draft, draft: Draft, customers: list[str]) -> dict[str, Any]:
    """Describe an edited plan: what it costs more, what it breaks, which books changed, which swaps help."""
    old, new = before.totals, draft.totals
    names = [m.name for m in draft.compiled.problem.measures]
    changed = new.index[(old[names] != new[names]).any(axis=1)]
    return {
        "objective": draft.cost,
        "price": draft.cost - before.cost,
        "violations": [str(broken) for broken in draft.broken],
        "books": [
            {
                "rep": str(rep),
                "limit": name,
                "before": float(old.loc[rep, name]),
                "after": float(new.loc[rep, name]),
                "least": float(new.loc[rep, f"{name} least"]),
                "most": float(new.loc[rep, f"{name} most"]),
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
        ]
        for book in words["books"]
    ]
    show_table("Books that change", ["", "before", "after", "at least", "at most"], rows)
    price = exact(words["price"], scenario.currency)
    what = "the moves with all others planned around them" if "solved" in words else "the moves alone"
    answers.print(f"Price of {what}: {price} a year.", markup=False)
    for broken in words["violations"]:
        answers.print(f"Breaks {broken}", markup=False, style="red")
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
    return f"{value:,.1f}" if abs(value) < 1e15 else ""


def _moves(moves: list[str], scenario: Scenario) -> list[tuple[str, str]]:
    """Read CUSTOMER=REP; where keys hold an = of their own, where both sides are keys."""
    wrong = [m for m in moves if "=" not in m]
    if wrong:
        remedy = "write it as CUSTOMER=REP, both by their keys"
        raise InputError([Problem("--move", m, remedy) for m in wrong])
    return [_customer_and_rep(m, scenario) for m in moves]


def _customer_and_rep(move: str, scenario: Scenario) -> tuple[str, str]:
    ways = [(move[:at].strip(), move[at + 1 :].strip()) for at, sign in enumerate(move) if sign == "="]
    known = [way for way in ways if way[0] in scenario.customers.index and way[1] in scenario.reps.index]
    return known[0] if known else ways[-1]
