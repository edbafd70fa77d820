"""The page on data formats says what the models say."""

from pathlib import Path

from scenarios.describing import describe
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
