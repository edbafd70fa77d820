"""Public sample companies into scenarios: one file a company, and the rules they share."""

from collections.abc import Callable, Mapping
from pathlib import Path

from scenarios.importing.adventureworks import import_adventureworks
from scenarios.importing.superstore import import_superstore
from scenarios.scenario import Scenario

__all__ = ["IMPORTERS", "import_adventureworks", "import_superstore"]

IMPORTERS: Mapping[str, Callable[[str | Path, str | Path], Scenario]] = {
    "adventureworks": import_adventureworks,
    "superstore": import_superstore,
}
"""By the name used on the command line: makes a scenario of a folder of extracts in another folder."""
