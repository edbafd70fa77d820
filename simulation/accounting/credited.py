"""What a simulated year counts for whom: its journal as a ledger, credited as the scheme says."""

from collections.abc import Sequence

import numpy as np

from simulation.accounting.journal import What
from simulation.accounting.measures import Measures
from simulation.accounting.shares import cost_over_budget, shares_of_year
from simulation.accounting.yardstick import Yardstick
from simulation.company.year import Year
from simulation.luck.opportunities import Opportunities
from simulation.paying.crediting import (
    BOOKED,
    COLLECTED,
    INVOICED,
    WRITTEN_OFF,
    Ledger,
    Positions,
    Sharing,
    accounts,
    credits_of,
    spiffs,
)
from simulation.paying.exact import Whole
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
        order=_orders(deals, subject),
    )


def _orders(deals: Opportunities, subject: Positions) -> Positions:
    """Number orders: opportunities by position, those of before the year behind, all lines of one alike."""
    first_open = deals.first[-1]
    number = subject.copy()
    before = subject >= first_open
    number[before] = first_open + deals.open_order[subject[before] - first_open]
    return number


def credited(world: World, year: Year, roll: Payroll, sharing: Sharing) -> Results:
    """Give what a year counts for whom."""
    ledger = ledger_of(world, year)
    credit = credits_of(roll.scheme, roll.people, ledger, sharing)
    shared = (roll.scheme, roll.people, ledger, credit, world.month_ends, world.lines)
    return Results(
        accounts(*shared),
        shares=shares_of_year(world, year, roll),
        spiffs=spiffs(*shared, roll.year),
    )


def joined(years: Sequence[Results], measures: Measures, held: Yardstick) -> Results:
    """Put years side by side; with them go when seats were filled, what managers scored and cost."""
    roll, filled = held.roll, measures.filled
    others = len(roll.people) - filled.shape[1]
    there = roll.people.present[len(roll.people) - others :].reshape(others, 4, 3).sum(axis=-1)
    planned = there / roll.people.days.reshape(4, 3).sum(axis=-1)
    staff = np.broadcast_to(planned, (len(filled), others, 4))
    return Results(
        accounts={a: np.stack([year.accounts[a] for year in years]) for a in years[0].accounts},
        shares={
            **{name: _stacked([year.shares[name] for year in years]) for name in years[0].shares},
            **{name: _repeated(pair, len(years)) for name, pair in roll.scores.items()},
            **cost_over_budget(measures, held),
        },
        spiffs={name: np.stack([year.spiffs[name] for year in years]) for name in years[0].spiffs},
        before=roll.before,
        filled=np.concatenate([filled, staff], axis=1),
    )


def _stacked(pairs: Sequence[tuple[Whole, Whole]]) -> tuple[Whole, Whole]:
    return np.stack([pair[0] for pair in pairs]), np.stack([pair[1] for pair in pairs])


def _repeated(pair: tuple[Whole, Whole], years: int) -> tuple[Whole, Whole]:
    weighted, weights = pair
    shape = (years, *weights.shape)
    return np.broadcast_to(weighted, shape), np.broadcast_to(weights, shape)
