"""What we decide: who serves whom, and who is asked for what."""

from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.result import Result
from optimizer.rivals import TODAY, todays_book
from optimizer.rules import Violation, violations
from optimizer.score import Score, duplicate_visits, loads, score

__all__ = [
    "TODAY",
    "Plan",
    "Result",
    "Score",
    "Violation",
    "duplicate_visits",
    "loads",
    "optimize",
    "score",
    "todays_book",
    "violations",
]
