"""Evenfield: plan a sales organization, simulate its year, compare and report."""

from evenfield.comparison import compare
from evenfield.deciding import holdings
from evenfield.reasoning import sentences as reasons_in_words
from evenfield.report import write as write_report
from evenfield.saving import load_plan, save_plan
from evenfield.scheme_choice import (
    compare_schemes,
    pay_curves,
    pay_on_past_results,
    scheme_candidates,
)
from evenfield.scheme_search import Search, search_schemes
from evenfield.scheme_study import SchemeStudy
from evenfield.study import Study, study
from evenfield.workbook import write as write_workbook
from optimizer import (
    Draft,
    Plan,
    Price,
    Reasons,
    Result,
    Score,
    Violation,
    draft_of,
    duplicate_visits,
    loads,
    optimize,
    price_of_owner,
    price_of_rule,
    rule_names,
    score,
    todays_book,
    trade_offs,
    violations,
    where_to_hire,
    without,
)
from scenarios import (
    Change,
    EvenfieldError,
    InputError,
    NamedShock,
    NoPlanExists,
    NoPlanFoundInTime,
    Problem,
    Scenario,
    WorkerKilled,
    find_change,
    find_shock,
    read,
    with_shocks,
    write,
)
from scenarios import (
    shock_library as shocks,
)
from scenarios.scheme import Scheme
from scenarios.scheme_files import read_scheme
from simulation import Outcome, journal, simulate

__version__ = "0.1.0"

__all__ = [
    "Change",
    "Draft",
    "EvenfieldError",
    "InputError",
    "NamedShock",
    "NoPlanExists",
    "NoPlanFoundInTime",
    "Outcome",
    "Plan",
    "Price",
    "Problem",
    "Reasons",
    "Result",
    "Scenario",
    "Scheme",
    "SchemeStudy",
    "Score",
    "Search",
    "Study",
    "Violation",
    "WorkerKilled",
    "compare",
    "compare_schemes",
    "draft_of",
    "duplicate_visits",
    "find_change",
    "find_shock",
    "holdings",
    "journal",
    "load_plan",
    "loads",
    "optimize",
    "pay_curves",
    "pay_on_past_results",
    "price_of_owner",
    "price_of_rule",
    "read",
    "read_scheme",
    "reasons_in_words",
    "rule_names",
    "save_plan",
    "scheme_candidates",
    "score",
    "search_schemes",
    "shocks",
    "simulate",
    "study",
    "todays_book",
    "trade_offs",
    "violations",
    "where_to_hire",
    "with_shocks",
    "without",
    "write",
    "write_report",
    "write_workbook",
]
