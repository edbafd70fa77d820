"""What may happen: the data model of a company before its plan year."""

from scenarios.change import Change, find_change
from scenarios.errors import EvenfieldError, InputError, NoPlanExists, NoPlanFoundInTime, Problem
from scenarios.reading import read
from scenarios.scenario import Scenario
from scenarios.writing import write

__all__ = [
    "Change",
    "EvenfieldError",
    "InputError",
    "NoPlanExists",
    "NoPlanFoundInTime",
    "Problem",
    "Scenario",
    "find_change",
    "read",
    "write",
]
