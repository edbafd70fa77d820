"""Who else has a part in customers' orders: splits, dated moves and specialists of a plan."""

import numpy as np
import pandas as pd

from optimizer import Plan
from scenarios import Scenario
from simulation.paying.crediting import Sharing
from simulation.paying.exact import millionths
from simulation.paying.payroll import Payroll


def sharing_of(scenario: Scenario, plan: Plan, roll: Payroll) -> Sharing:
    """Say who else has a part in customers' orders: by splits, dated moves and specialists of a plan."""
    position = {name: number for number, name in enumerate(roll.people.names)}
    table = scenario.splits
    places = scenario.customers.index.get_indexer(pd.Index(table["customer"])).tolist()
    splits: dict[int, list[tuple[int, int]]] = {}
    for customer, person, share in zip(places, table["person"], table["share"], strict=True):
        splits.setdefault(customer, []).append((position[str(person)], millionths(float(share))))
    return Sharing(splits, _moves(scenario, plan, position), _supported(scenario, plan, position))


def _moves(scenario: Scenario, plan: Plan, position: dict[str, int]) -> list[tuple[float, int, int]]:
    owner = plan.owner.to_dict()
    moves = scenario.moves.sort_values("day", kind="stable")
    days = (pd.to_datetime(moves["day"]) - pd.Timestamp(scenario.year.start)).dt.days.tolist()
    places = scenario.customers.index.get_indexer(pd.Index(moves["customer"])).tolist()
    found = []
    for day, place, customer, rep in zip(days, places, moves["customer"], moves["rep"], strict=True):
        found.append((float(day), place, position.get(str(owner[customer]), -1)))
        owner[customer] = rep
    return found


def _supported(scenario: Scenario, plan: Plan, position: dict[str, int]) -> np.ndarray:
    found = np.full((len(scenario.customers), len(scenario.lines)), -1, np.int64)
    if plan.support.empty:
        return found
    for team in scenario.overlays.teams:
        if team.name in plan.support:
            who = plan.support[team.name].reindex(scenario.customers.index).fillna("")
            specialist = who.map(lambda name: position.get(name, -1)).to_numpy()
            lines = [scenario.lines.index(line) for line in team.lines] or range(len(scenario.lines))
            for line in lines:
                found[:, line] = np.where(specialist >= 0, specialist, found[:, line])
    return found
