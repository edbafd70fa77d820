"""What we decide: who serves whom, and who is asked for what.

For problems in arrays, without a scenario: `Problem`, `Measure`, `Budget`, `assign` and `lower_bound`.
For geographic units: `Areas` and `divide`.
"""

from optimizer.area_division import divide
from optimizer.areas import Areas, Division, join_islands, with_barriers
from optimizer.assignment import Assignment, Budget, Measure, Problem
from optimizer.bound import lower_bound
from optimizer.engines import assign
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.result import Result
from optimizer.rivals import TODAY, todays_book
from optimizer.rules import Violation, violations
from optimizer.score import Score, duplicate_visits, loads, score

__all__ = [
    "TODAY",
    "Areas",
    "Assignment",
    "Budget",
    "Division",
    "Measure",
    "Plan",
    "Problem",
    "Result",
    "Score",
    "Violation",
    "assign",
    "divide",
    "duplicate_visits",
    "join_islands",
    "loads",
    "lower_bound",
    "optimize",
    "score",
    "todays_book",
    "violations",
    "with_barriers",
]
