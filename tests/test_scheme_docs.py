"""The pages on schemes: every worked example pays what it says, and every element and term has a page."""

from pathlib import Path

import pytest
from worked import blocks, check, scheme_of

from scenarios.pay_elements import ELEMENTS
from scenarios.scheme import Scheme

PAGES = sorted((Path(__file__).parents[1] / "docs" / "schemes").glob("*.md"))
PLAIN = {"README.md", "linter.md", "facts.md", "behavior.md", "comparing.md"}


@pytest.mark.parametrize("page", [p for p in PAGES if p.name not in PLAIN], ids=lambda page: page.stem)
def test_worked_examples_pay_what_they_say(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    schemes, examples = blocks(text, "toml"), blocks(text, "pay")
    assert schemes
    assert len(examples) == len(schemes), "an example below each scheme"
    for scheme, example in zip(schemes, examples, strict=True):
        assert check(scheme_of(scheme), example) > 0


def test_every_element_and_term_has_a_page() -> None:
    index = (PAGES[0].parent / "README.md").read_text(encoding="utf-8")
    kinds = {e.model_fields["kind"].default for e in ELEMENTS}
    terms = set(Scheme.model_fields) - {"name", "description", "elements"}
    for name in kinds | terms:
        assert f"`{name}`" in index, f"docs/schemes/README.md does not name {name}"
    for page in PAGES:
        assert page.name == "README.md" or f"({page.name})" in index
