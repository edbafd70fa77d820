"""`evenfield shocks`: the named shocks of the library, a line each."""

import re
from collections.abc import Mapping
from typing import Any

from evenfield.options import Json
from evenfield.terminal import print_json, say, show_table, told
from scenarios import NamedShock, shock_library
from scenarios.reading import LIBRARY

EFFECTS = {
    "demand": "demand x {:g}",
    "price": "prices x {:g}",
    "win": "chance to win x {:g}",
    "loses": "customers lost for good",
    "decision_delay_days": "decisions {:g} days later",
    "delivery_delay_days": "deliveries {:g} days later",
    "late_payment": "delay of payments x {:g}",
    "bad_debt": "unpaid invoices x {:g}",
    "hiring_freeze": "nobody joins",
    "quits": "quits x {:g}",
    "capacity": "hours of reps x {:g}",
    "training_hours": "{:g} hours of training each",
    "productivity": "afterwards chance to win x {:g}",
    "ramp": "what is left of ramps x {:g}",
}
"""What a shock does, in words."""

WHOLE_MONTH = re.compile(r"month (\d+)")


def shocks_command(as_json: Json = False) -> None:
    """List the shocks of the library: what may happen to any plan, for --shock of simulate and compare."""
    with told(as_json):
        library = shock_library()
        if as_json:
            print_json({"folder": str(LIBRARY / "shocks"), "shocks": [_words(s) for s in library.values()]})
            return
        rows = [[name, f"{shock.title}. {_capital(said(shock))}."] for name, shock in library.items()]
        show_table("Shocks of the library", ["name", "what happens, and when in the plan year"], rows)
        folder = LIBRARY / "shocks"
        say(f"Stories, and where the sizes come from, are in {folder}; copy a file to change it.")


def said(shock: NamedShock) -> str:
    """Say in words what a shock does and when."""
    return "; ".join(f"{_when(event)}: {_effects(event)}" for event in shock.shocks)


def _words(shock: NamedShock) -> dict[str, Any]:
    words = shock.model_dump()
    return words | {"why": shock.why.strip(), "sizes": shock.sizes.strip(), "does": said(shock)}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _when(event: Mapping[str, Any]) -> str:
    start, end = event["start"], event["end"]
    first, last = WHOLE_MONTH.fullmatch(str(start)), WHOLE_MONTH.fullmatch(str(end))
    if first is None or last is None:
        return f"{start} to before {end}"
    months = int(first[1]), int(last[1]) - 1
    return f"month {months[0]}" if months[0] == months[1] else f"months {months[0]}-{months[1]}"


def _effects(event: Mapping[str, Any]) -> str:
    words = ", ".join(EFFECTS[name].format(event[name]) for name in EFFECTS if name in event)
    if "largest" not in event:
        return words
    count = "one" if event["largest"] == 1 else event["largest"]
    return f"{words} (the {count} of most potential)"
