"""Scenarios out: a folder that `read` reads back as an equal scenario."""

from pathlib import Path

import tomlkit

from scenarios.building import source_of
from scenarios.scenario import TABLES, Scenario


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
