"""Scenarios out: a folder that `read` reads back as an equal scenario."""

from pathlib import Path

import tomlkit

from scenarios.building import source_of
from scenarios.scenario import TABLES, Scenario
from scenarios.scheme import Scheme


def write(scenario: Scenario, folder: str | Path) -> Path:
    """Write a scenario as a folder of `scenario.toml` and UTF-8 tables; empty tables are left out.

    Parameters
    ----------
    folder
        Made if it does not exist; its last part becomes the name when read back.

    Returns
    -------
    The folder.
    """
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    source = source_of(scenario)
    (folder / "scenario.toml").write_text(tomlkit.dumps(source.settings), encoding="utf-8", newline="\n")
    for table in TABLES:
        file = folder / table.file
        text = source.tables[table.name]
        if len(text) or table.required:
            text.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")
        else:
            file.unlink(missing_ok=True)
    return folder


def write_scheme(scheme: Scheme, file: Path) -> Path:
    """Write an incentive scheme as TOML, as `read_scheme` reads it; what is as usual is left out.

    Returns
    -------
    The file.
    """
    raw = scheme.model_dump(mode="json", exclude_defaults=True, exclude_none=True, exclude={"elements"})
    raw["elements"] = {
        name: {
            "kind": element.kind,
            **element.model_dump(mode="json", exclude_defaults=True, exclude_none=True),
        }
        for name, element in scheme.elements.items()
    }
    file.write_text(tomlkit.dumps({"name": scheme.name, **raw}), encoding="utf-8", newline="\n")
    return file
