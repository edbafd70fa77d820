"""What we decide: who serves whom, and who is asked for what.

For problems in arrays, without a scenario: `Problem`, `Measure`, `Budget`, `assign` and `lower_bound`.
For geographic units: `Areas` and `divide`.
"""

from optimizer.areas.division import divide
from optimizer.areas.units import Areas, Division, join_islands, with_barriers
from optimizer.asking.editing import Draft, draft_of
from optimizer.asking.prices import GoalPrice, Price, price_of_owner, price_of_rule
from optimizer.asking.reasons import Reason, Reasons
from optimizer.asking.relaxing import rule_names, without
from optimizer.core.assignment import Assignment, Budget, Measure, Problem
from optimizer.core.bound import lower_bound
from optimizer.core.engines import assign
from optimizer.core.result import Result
from optimizer.overlays.assigning import support_for
from optimizer.overlays.support import specialist_loads
from optimizer.plan import Plan
from optimizer.planning import optimize
from optimizer.rivals import TODAY, todays_book
from optimizer.rules import Violation, violations
from optimizer.score import Score, duplicate_visits, loads, score
from optimizer.staffing.siting import where_to_hire
from optimizer.trading.tradeoffs import trade_offs

__all__ = [
    "TODAY",
    "Areas",
    "Assignment",
    "Budget",
    "Division",
    "Draft",
    "GoalPrice",
    "Measure",
    "Plan",
    "Price",
    "Problem",
    "Reason",
    "Reasons",
    "Result",
    "Score",
    "Violation",
    "assign",
    "divide",
    "draft_of",
    "duplicate_visits",
    "join_islands",
    "loads",
    "lower_bound",
    "optimize",
    "price_of_owner",
    "price_of_rule",
    "rule_names",
    "score",
    "specialist_loads",
    "support_for",
    "todays_book",
    "trade_offs",
    "violations",
    "where_to_hire",
    "with_barriers",
    "without",
]
