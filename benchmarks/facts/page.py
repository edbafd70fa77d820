"""The page of published facts: python -m benchmarks.facts [--only F16] > docs/facts.md."""

import argparse
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path

from benchmarks.facts.fact import Fact, Maker, Row

HEAD = """\
# Published facts

What has been published about sales organizations, and what comes out here. Made by
`python -m benchmarks.facts`; `tests/facts/` tests the same bands with fewer runs. All facts are run with the
default beliefs of [data.md](data.md); a fact varies only what its *run* names. *Band*: where ours has to lie;
where there is none, the row only informs. Where a fact does not come out, the page says so and why."""


def makers() -> dict[str, Maker]:
    """Collect who runs which fact, by key in order of numbers: `FACTS` of all modules named *_facts."""
    found: dict[str, Maker] = {}
    for path in sorted(Path(__file__).parent.glob("*_facts.py")):
        module: Mapping[str, Maker] = import_module(f"benchmarks.facts.{path.stem}").FACTS
        twice = found.keys() & module.keys()
        assert not twice, f"two modules have {', '.join(sorted(twice))}"
        found.update(module)
    return dict(sorted(found.items(), key=lambda item: int(item[0][1:])))


def page(facts: Sequence[Fact]) -> str:
    """Write the page as Markdown."""
    lines = [HEAD, "", "| fact | | holds |", "|---|---|---|"]
    lines += [f"| [{f.key}](#{f.key.lower()}) | {f.title} | {_held(f)} |" for f in facts]
    for fact in facts:
        lines += ["", *_section(fact)]
    return "\n".join(lines)


def _held(fact: Fact) -> str:
    held = sum(row.holds for row in fact.rows)
    return "yes" if fact.holds else f"**{held} of {len(fact.rows)}**"


def _section(fact: Fact) -> Iterable[str]:
    yield f"## {fact.key}"
    yield ""
    yield f"**{fact.title}.** {fact.source}"
    yield ""
    yield f"*Run:* {fact.run}"
    yield ""
    yield "| figure | published | band | ours | holds |"
    yield "|---|---|--:|--:|---|"
    yield from (_line(row) for row in fact.rows)
    if fact.why:
        yield ""
        yield fact.why


def _line(row: Row) -> str:
    band = "" if row.band is None else f"{_number(row.band[0])} to {_number(row.band[1])}"
    answer = "" if row.band is None and row.holds else "yes" if row.holds else "**no**"
    said = ": ".join(part for part in (answer, row.note) if part)
    return f"| {row.figure} | {row.published} | {band} | {_number(row.ours)} | {said} |"


def _number(value: float) -> str:
    """Write a number with six digits at most."""
    return f"{value:,.6g}" if abs(value) < 1e5 else f"{value:,.0f}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.facts", description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="FACT", help="these facts only, such as F16")
    parser.add_argument("--quick", action="store_true", help="as few runs as the tests make")
    options = parser.parse_args(arguments)
    known = makers()
    asked = options.only or list(known)
    unknown = [key for key in asked if key not in known]
    if unknown:
        parser.error(f"no such fact: {', '.join(unknown)}; there are {', '.join(known)}")
    facts = []
    for key in asked:
        began = time.perf_counter()
        facts.append(known[key](not options.quick))
        print(f"{key}: {_held(facts[-1])}, {time.perf_counter() - began:.1f} s", file=sys.stderr, flush=True)
    print(page(facts))
    return 0
