"""The page on quotas says what the command writes and what settings there are."""

import re
import tomllib
from pathlib import Path

from scenarios.targets import QuotaSettings, Target

PAGE = (Path(__file__).parents[2] / "docs" / "quotas.md").read_text(encoding="utf-8")


def test_every_file_that_is_written_is_on_the_page(run, folder):
    assert run("quotas", folder, "--out", "made")[0] == 0
    written = {path.name for path in Path("made").iterdir() if path.is_file()}
    named = set(re.findall(r"`([\w.]+\.(?:csv|html|json|xlsx))`", PAGE))
    assert written - {"plan.json", "assignments.csv"} <= named
    assert named - written <= {
        "actuals.csv",
        "forecast.csv",
        "edits.csv",
        "commitments.csv",
        "drivers.csv",
        "simulated_sales.csv",
    }


def test_the_settings_of_the_example_are_settings():
    example = tomllib.loads(re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)[1])
    Target.model_validate(example["target"])
    QuotaSettings.model_validate(example["quotas"])
