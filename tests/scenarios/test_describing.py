"""The page on data formats says what the models say."""

import io
import re
import tomllib
from pathlib import Path

import pandas as pd

from scenarios import NamedShock
from scenarios.building import build
from scenarios.describing import describe
from scenarios.pay_elements import ELEMENTS
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


def test_every_key_of_every_element_is_listed_with_its_range():
    page = describe()
    for model in ELEMENTS:
        kind = model.model_fields["kind"].default
        table = page.split(f'#### [scheme.elements.NAME] with kind = "{kind}"')[1].split("\n#")[0]
        assert re.findall(r"^\| `(\w+)`", table, re.MULTILINE) == list(model.model_fields)
    assert "| `weight` | number | at least 0, at most 1 |  | Worth as a share" in page
    assert "Commission(" not in page


def test_the_example_of_rules_is_one():
    example = re.search(r"an example.*?```toml\n(.*?)```", describe(), re.DOTALL)
    assert example is not None
    rules = Rules.model_validate(tomllib.loads(example[1])["rules"])
    assert [rule.kind for rule in rules.accounts] == ["only", "stay", "only"]


def examples(heading, language):
    """Cut the examples of one language out of a section of the page."""
    section = describe().split(f"\n## {heading}")[1].split("\n## ")[0]
    return [block.split("```")[0] for block in section.split(f"```{language}\n")[1:]]


def test_the_example_of_the_year_can_be_read(towns):
    (settings,) = examples("Within the year", "toml")
    asked = tomllib.loads(settings)
    towns.settings["market"] |= asked["market"]
    towns.settings["calendar"] = asked["calendar"]
    for name, table in zip(("absences", "moves"), examples("Within the year", "csv"), strict=True):
        towns.tables[name] = pd.read_csv(io.StringIO(table), dtype="str")
    scenario = build(towns)
    assert scenario.market.stages[1].pool == "engineers"
    # 1 January is a Thursday, a holiday like the Friday; Sunday is worked.
    assert scenario.calendar.works(scenario.year)[:4].tolist() == [False, False, False, True]
    assert scenario.moves["rep"].tolist() == ["East"]


def test_the_examples_of_shocks_can_be_read(towns):
    own, named = (tomllib.loads(text) for text in examples("Shocks", "toml"))
    towns.settings["market"]["shocks"] = own["market"]["shocks"]
    struck = NamedShock.model_validate(named | {"name": "mine"}).apply(build(towns))
    assert [shock.name for shock in struck.market.shocks] == ["Port closure in the West", "Entry", "Prices"]
    assert str(struck.market.shocks[2].start) == "2026-06-15"
