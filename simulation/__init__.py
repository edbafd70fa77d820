"""What comes of it: a plan played through a year, many times, with luck."""

from simulation.outcome import Outcome
from simulation.pay import Earnings, earnings, pay
from simulation.replications import journal, simulate

__all__ = ["Earnings", "Outcome", "earnings", "journal", "pay", "simulate"]
