"""How long it takes to say which of twenty rules clash: python -m benchmarks.clashes [CUSTOMERS REPS]."""

import sys
import time

from benchmarks.editing import company
from optimizer.clashing.clashes import clash
from optimizer.compiling.territories import contested
from scenarios import Scenario
from scenarios.rules import Rules

SECONDS = 10.0
"""Given to each clash."""

STORIES = ("an account nobody may serve", "too few moves for hard balance", "an empty book that must be full")


def clashing(scenario: Scenario, story: str) -> Scenario:
    """Give a company seventeen rules that bother nobody, and three in which two or three clash."""
    reps, customers = scenario.reps.index, scenario.customers.index
    whole = float(scenario.customers["potential"].sum())
    limits = [
        {"name": f"not all with {rep}", "measure": "potential", "reps": [rep], "at_most": whole / 2}
        for rep in reps[:9]
    ]
    accounts = [
        {"name": f"not {customer}", "kind": "never", "customers": [customer], "reps": [reps[-1]]}
        for customer in customers[:8]
    ]
    rules = {"limits": limits, "accounts": accounts, "move_limit": len(customers)}
    if story == STORIES[0]:
        here, there = reps[0], reps[1]
        accounts += [
            {"name": "here alone", "kind": "only", "customers": [customers[20]], "reps": [here]},
            {"name": "there alone", "kind": "only", "customers": [customers[20]], "reps": [there]},
            {"name": "not here", "kind": "never", "customers": [customers[21]], "reps": [here]},
        ]
    elif story == STORIES[1]:
        rules |= {
            "balance": [{"measure": "customers", "tolerance": 0.05, "hard": True}],
            "move_limit": 2,
            "move_limit_per_rep": len(customers),
        }
    else:
        mine = customers[scenario.customers["owner"] == reps[2]]
        accounts += [{"name": "leave", "kind": "leave", "customers": mine.tolist()}]
        limits += [{"name": "full", "measure": "customers", "reps": [reps[2]], "at_least": 40}]
        rules |= {"move_limit": len(mine) + 20}
    return scenario.replace(rules=Rules.model_validate(rules))


def main() -> None:
    """Time each story and print what was found."""
    sizes = [int(word) for word in sys.argv[1:3]] or [1_000, 20]
    scenario = company(*sizes)
    for story in STORIES:
        made = clashing(scenario, story)
        began = time.perf_counter()
        opened = contested(made)
        found = None if opened is None else clash(opened, SECONDS)
        seconds = time.perf_counter() - began
        count = len(opened.rules) if opened is not None else 0
        smallest = "a smallest set" if found is not None and found.proved else "not proved"
        print(f"{story}: {count} rules, {seconds:.1f} s, {smallest}")
        for line in found.lines if found is not None else ["nothing found"]:
            print(f"  {line[:150]}")


if __name__ == "__main__":
    main()
