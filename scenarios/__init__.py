"""What may happen: the data model of a company before its plan year."""

from scenarios.change import Change, find_change
from scenarios.errors import (
    EvenfieldError,
    InputError,
    NoPlanExists,
    NoPlanFoundInTime,
    Problem,
    WorkerKilled,
)
from scenarios.named_shocks import NamedShock, find_shock, shock_library, with_shocks
from scenarios.reading import read
from scenarios.scenario import Scenario
from scenarios.writing import write

__all__ = [
    "Change",
    "EvenfieldError",
    "InputError",
    "NamedShock",
    "NoPlanExists",
    "NoPlanFoundInTime",
    "Problem",
    "Scenario",
    "WorkerKilled",
    "find_change",
    "find_shock",
    "read",
    "shock_library",
    "with_shocks",
    "write",
]
