"""What comes of it: a plan played through a year, many times, with luck."""

from simulation.paying.pay import Pay, pay
from simulation.replicating.blocks import Rows
from simulation.replicating.controls import Controls
from simulation.replicating.foreknown import FOREKNOWN
from simulation.replicating.outcome import NoRowsKept, Outcome
from simulation.replicating.replications import journal, simulate, simulate_together

__all__ = [
    "FOREKNOWN",
    "Controls",
    "NoRowsKept",
    "Outcome",
    "Pay",
    "Rows",
    "journal",
    "pay",
    "simulate",
    "simulate_together",
]
