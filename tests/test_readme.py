r"""What the README and other pages show, runs: the Python blocks of a page, in order, in one session.

A block ```python followed by a block ```text (with nothing between them but empty lines or one line that ends
in a colon) must print that text; `...` stands for whatever varies, such as seconds. A block without one must
print nothing.
"""

import contextlib
import difflib
import doctest
import io
import itertools
import re
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ("README.md", "docs/schemes/behavior.md")
FENCED = re.compile(r"^```(?P<language>\w*)[^\n]*\n(?P<body>.*?)^```[ ]*$", re.MULTILINE | re.DOTALL)
JOINING = re.compile(r"\s*(?:[^\n#]*:)?\s*")


class Example(NamedTuple):
    line: int
    code: str
    prints: str


def read_examples(text):
    """Pair each Python block with the text it is said to print, "" where nothing is said."""
    blocks = list(FENCED.finditer(text))
    examples = []
    for block, following in itertools.zip_longest(blocks, blocks[1:]):
        if block["language"] != "python":
            continue
        prints = ""
        if following and following["language"] == "text":
            between = text[block.end() : following.start()]
            prints = following["body"] if JOINING.fullmatch(between) else ""
        line = text.count("\n", 0, block.start()) + 2
        examples.append(Example(line, block["body"], prints))
    return examples


def run(examples, name):
    """Execute all examples in one namespace and tell, for each that prints something else, what differs."""
    namespace = {"__name__": "__main__"}
    differences = []
    for example in examples:
        code = "\n" * (example.line - 1) + example.code  # so that a traceback names the line of the README
        printed = io.StringIO()
        with contextlib.redirect_stdout(printed):
            exec(compile(code, name, "exec"), namespace)
        got, want = without_trailing_spaces(printed.getvalue()), without_trailing_spaces(example.prints)
        if not doctest.OutputChecker().check_output(want, got, doctest.ELLIPSIS):
            lines = difflib.unified_diff(want.split("\n"), got.split("\n"), "shown", "printed", lineterm="")
            differences.append(f"{name} line {example.line}:\n" + "\n".join(lines))
    return differences


def without_trailing_spaces(text):
    return "\n".join(line.rstrip() for line in text.rstrip().splitlines())


@pytest.mark.parametrize("page", PAGES)
def test_a_page_shows_what_its_code_prints(page, tmp_path, monkeypatch):
    examples = read_examples((ROOT / page).read_text(encoding="utf-8"))
    assert examples, f"{page} shows no ```python block"
    assert any(example.prints for example in examples), f"{page} shows no ```text block with what is printed"
    monkeypatch.chdir(tmp_path)
    assert run(examples, page) == []


def test_blocks_share_a_session_and_a_wrong_figure_is_told():
    text = (
        "# T\n```python\na = 2\n```\n\n"
        "```python\nprint(a + 1)\n```\nprints:\n```text\n4\n```\n\n"
        "```text\nno output\n```\n"
    )
    examples = read_examples(text)
    assert examples == [Example(3, "a = 2\n", ""), Example(7, "print(a + 1)\n", "4\n")]
    (difference,) = run(examples, "here")
    assert "here line 7" in difference
    assert "-4\n+3" in difference


def test_dots_stand_for_what_varies():
    assert run([Example(1, "print('done in 3.1 s')", "done in ... s")], "here") == []


def test_output_nobody_announced_is_told():
    assert run([Example(1, "print(1)", "")], "here") != []
