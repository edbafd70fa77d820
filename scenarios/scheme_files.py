"""Schemes by themselves: a TOML file, or a name of the library or of a scenario's schemes folder."""

from pathlib import Path

from scenarios.errors import InputError, Problem
from scenarios.reading import LIBRARY, read_toml
from scenarios.scheme import Scheme


def read_scheme(where: str | Path, folder: Path | None = None) -> Scheme:
    """Read a scheme."""
    folders = [LIBRARY / "schemes"] if folder is None else [folder / "schemes", LIBRARY / "schemes"]
    for file in [Path(where), *(one / f"{where}.toml" for one in folders)]:
        if file.is_file():
            return Scheme.model_validate(read_toml(file))
    raise InputError([Problem("scheme", str(where), "no such scheme")])
