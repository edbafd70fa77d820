"""How the kernels write the journal."""

from simulation.seats.codes import RECORDS
from simulation.seats.compiled import compiled


@compiled
def note(now, day, what, seat, subject, hours, amount):
    """Write a record down."""
    at = now.counts[RECORDS]
    now.records[at]["day"] = day
    now.records[at]["what"] = what
    now.records[at]["by"] = seat
    now.records[at]["subject"] = subject
    now.records[at]["hours"] = hours
    now.records[at]["amount"] = amount
    now.counts[RECORDS] = at + 1
