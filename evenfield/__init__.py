"""Evenfield: plan a sales organization, simulate its year, compare and report."""

from evenfield.comparison import compare
from evenfield.report import write as write_report
from evenfield.saving import load_plan, save_plan
from evenfield.study import Study, study
from evenfield.workbook import write as write_workbook
from optimizer import (
    Plan,
    Result,
    Score,
    Violation,
    duplicate_visits,
    loads,
    optimize,
    score,
    todays_book,
    trade_offs,
    violations,
    where_to_hire,
)
from scenarios import (
    Change,
    EvenfieldError,
    InputError,
    NoPlanExists,
    NoPlanFoundInTime,
    Problem,
    Scenario,
    find_change,
    read,
    write,
)
from simulation import Outcome, journal, simulate

__version__ = "0.1.0"

__all__ = [
    "Change",
    "EvenfieldError",
    "InputError",
    "NoPlanExists",
    "NoPlanFoundInTime",
    "Outcome",
    "Plan",
    "Problem",
    "Result",
    "Scenario",
    "Score",
    "Study",
    "Violation",
    "compare",
    "duplicate_visits",
    "find_change",
    "journal",
    "load_plan",
    "loads",
    "optimize",
    "read",
    "save_plan",
    "score",
    "simulate",
    "study",
    "todays_book",
    "trade_offs",
    "violations",
    "where_to_hire",
    "write",
    "write_report",
    "write_workbook",
]
