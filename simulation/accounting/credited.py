"""What a simulated year counts for whom: its journal as a ledger, credited as the scheme says."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from optimizer import Plan
from scenarios import Scenario
from simulation.accounting.journal import What
from simulation.accounting.measures import Measures
from simulation.company.year import Year
from simulation.paying.crediting import (
    BOOKED,
    COLLECTED,
    INVOICED,
    WRITTEN_OFF,
    Ledger,
    Sharing,
    accounts,
    credits_of,
    spiffs,
)
from simulation.paying.exact import millionths
from simulation.paying.payroll import Payroll
from simulation.paying.results import Results
from simulation.world.world import World

MOMENT_OF = np.full(len(What), -1)
MOMENT_OF[[What.WON, What.INVOICE, What.PAYMENT, What.BAD_DEBT]] = BOOKED, INVOICED, COLLECTED, WRITTEN_OFF


def ledger_of(world: World, year: Year) -> Ledger:
    """Write the ledger of a year from its journal, in the journal's order."""
    journal, deals = year.journal, year.fate.opportunities
    moment = MOMENT_OF[journal["what"].astype(np.int64)]
    about = moment >= 0
    records, subject = journal[about], journal["subject"][about].astype(np.int64)
    seat = records["by"].astype(np.int64)
    return Ledger(
        day=records["day"].astype(np.float64),
        moment=moment[about],
        person=np.where(seat < world.seats.house, seat, -1),
        customer=deals.customer[subject],
        line=deals.line[subject],
        amount=np.rint(records["amount"]).astype(np.int64),
        is_new=deals.is_new[subject],
        order=subject,
    )


def credited(world: World, year: Year, roll: Payroll, sharing: Sharing) -> Results:
    """Give what a year counts for whom."""
    ledger = ledger_of(world, year)
    credit = credits_of(roll.scheme, roll.people, ledger, sharing)
    shared = (roll.scheme, roll.people, ledger, credit, world.month_ends, world.lines)
    return Results(accounts(*shared), spiffs=spiffs(*shared, roll.year))


def joined(years: Sequence[Results], measures: Measures, roll: Payroll) -> Results:
    """Put years side by side; with them goes when seats were filled."""
    filled = measures.filled
    others = len(roll.people) - filled.shape[1]
    there = roll.people.present[len(roll.people) - others :].reshape(others, 4, 3).sum(axis=-1)
    planned = there / roll.people.days.reshape(4, 3).sum(axis=-1)
    staff = np.broadcast_to(planned, (len(filled), others, 4))
    return Results(
        accounts={a: np.stack([year.accounts[a] for year in years]) for a in years[0].accounts},
        spiffs={name: np.stack([year.spiffs[name] for year in years]) for name in years[0].spiffs},
        before=roll.before,
        filled=np.concatenate([filled, staff], axis=1),
    )


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
