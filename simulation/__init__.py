"""What comes of it: a plan played through a year, many times, with luck."""

from simulation.blocks import Rows
from simulation.controls import Controls
from simulation.foreknown import FOREKNOWN
from simulation.outcome import NoRowsKept, Outcome
from simulation.pay import Earnings, earnings, pay
from simulation.replications import journal, simulate, simulate_together

__all__ = [
    "FOREKNOWN",
    "Controls",
    "Earnings",
    "NoRowsKept",
    "Outcome",
    "Rows",
    "earnings",
    "journal",
    "pay",
    "simulate",
    "simulate_together",
]
