"""The page on data formats says what the models say."""

import re
import tomllib
from pathlib import Path

from scenarios.describing import describe
from scenarios.rules import Rules
from scenarios.scenario import SETTINGS, TABLES

PAGE = Path(__file__).parents[2] / "docs" / "data.md"


def test_the_page_is_current():
    assert PAGE.read_text(encoding="utf-8") == describe(), (
        "run: python -m scenarios.describing > docs/data.md"
    )


def test_every_column_and_setting_has_a_meaning():
    for model in [t.row for t in TABLES] + list(SETTINGS.values()):
        for name, field in model.model_fields.items():
            assert field.description, f"{model.__name__}.{name}"


def test_the_example_of_rules_is_one():
    example = re.search(r"an example.*?```toml\n(.*?)```", describe(), re.DOTALL)
    assert example is not None
    rules = Rules.model_validate(tomllib.loads(example[1])["rules"])
    assert [rule.kind for rule in rules.accounts] == ["only", "stay", "only"]
