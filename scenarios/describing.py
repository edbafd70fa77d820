"""The data formats in words: every column and setting with unit and meaning, from the models themselves.

`python -m scenarios.describing > docs/data.md` writes the page; a test keeps it current.
"""

import sys
import types
from collections.abc import Iterator
from datetime import date
from typing import Any, Literal, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from scenarios.change import Change
from scenarios.pay_curves import Cost, Factor, Step, Tier
from scenarios.pay_elements import ELEMENTS, Gate, Item, Multiplier
from scenarios.quota_edits import QuotaEdits
from scenarios.scenario import SETTINGS, TABLES
from scenarios.settings import Settings

HEAD = """# Data: what a scenario holds

*Made from the models by `python -m scenarios.describing`; a test keeps it current.*

A scenario is a folder with `scenario.toml` and tables as CSV files (UTF-8, or GB18030 as Excel in
China saves it). Money is in the scenario's currency, dates are written 2026-01-31, truth values true or
false. Columns beginning with `x_` are your own: they are kept and read by nothing. `heldout.csv`, if any,
holds orders of the plan year itself for a later comparison; nothing here reads it.

Territories from counties or postal areas (`evenfield areas`) need no scenario; [areas.md](areas.md) has
their files.
"""

ORGANIZATIONS = """
## Organizations: an example of each

In a scenario file, or below `set` in a what-if:

- *by region*: `eligibility = [{ customer = "region", rep = "regions" }]`
- *by customer type*: `eligibility = [{ customer = "industry", rep = "segments" }]`, or `segment`
- *by product*: `[structure]` with `split_by = "product_line"`, and
  `eligibility = [{ customer = "product_line", rep = "skills" }]`
- *mixed*: the same with `split_where`, and rules of accounts that say who serves parts and who whole
  customers
- *overlay*: whole customers with one rep each, and specialists beside them (`[[overlays.teams]]`,
  `specialists.csv`)

Whole customers name no product line, so they pass its rule; a rule of accounts with
`where = { product_line = [""] }` means them. What an organization costs in people who meet at one place is
`duplicate_visits` of a plan.
"""

ACCOUNTS = """
## Rules about accounts: an example

In `scenario.toml`, below all plain settings of `[rules]`:

```toml
[[rules.accounts]]                             # a named account
name = "Harbor is Rosa's"
owner = "VP East"                              # who asks for it
reason = "She brought them in."
kind = "only"
customers = ["NY-new-york-city-CO"]
reps = ["east-new-york"]

[[rules.accounts]]                             # stability
name = "No change before a renewal"
kind = "stay"
renewal_within_days = 90

[[rules.accounts]]                             # a wish: it may be broken at a price
name = "Key customers with seniors"
kind = "only"
where = { tier = ["A"] }
reps_where = { seniority = ["senior"] }
price = 2000.0                                 # money a year for each customer against it
```

All hard rules hold together. Where several are about one customer, a rep has to pass each of them.
"""

EDITS = """
## Edits of quotas: edits.toml

A file for `evenfield quotas --edits`. The order of edits means nothing; nodes are reps by key, or what
stands in the columns of `quotas.hierarchy`, where needed as a path (`East/Team 2`).

```toml
[[pin]]
name = "Rosa's number"
owner = "VP East"
reason = "Agreed in October."
node = "east-new-york"
amount = 7_500_000                             # her year; siblings make up for it
[[pin]]
node = "West"
amount = 24_000_000
absorb = "company"                             # everybody else makes up for it
[[limit]]
node = "south-atlanta"
most_change = 0.05                             # at most 5 % more than before edits
[[freeze]]
node = "west-seattle"
[[move]]
from = ["west-denver"]                         # 30 % of hers go to another
to = { "west-san-francisco" = 1 }
share = 0.3
[[transfer]]
from = "east-columbus"
to = "central-detroit"
amount = 100_000
periods = ["Q3", "Q4"]
[[gate]]
node = "south-richmond"
lines = ["Technology"]                         # where quotas are split by product line
```
"""

YEAR = """
## Within the year: an example

In `scenario.toml`:

```toml
[calendar]                                     # lists of several years may stand here; the plan year's count
weekdays = [1, 2, 3, 4, 5]
holidays = [2026-01-01, 2026-01-02, 2026-02-16, 2026-02-17]
extra_workdays = [2026-01-04]                  # a Sunday that makes up for the Friday before

[[market.pools]]                               # two engineers whom all reps share
name = "engineers"
slots_per_week = 8

[[market.stages]]
name = "qualify"
hours = 0.5
conversion = 0.6
days = 5.0
[[market.stages]]
name = "demonstrate"
hours = 2.0
conversion = 0.5
days = 14.0
at_customer = true                             # a journey on top of the two hours
pool = "engineers"                             # waits until one of them has time

[market.service]
calls_per_year = 4.0                           # of each customer; its own number: customers.csv
hours = 0.5
on_site = false                                # by telephone

[market.relationships]
full_after_years = 3.0                         # one year with the owner: a third is at stake
new_hire = 1.3
same_team = 0.8
```

`absences.csv`, hours that are not made up for:

```csv
rep,start,end,reason
East,2026-03-02,2026-06-01,parental leave
```

`moves.csv`, customers that change hands on a day, whatever the plan says:

```csv
day,customer,rep
2026-07-01,W1,East
```

Holidays of a country come as such lists from the Python package `holidays` (MIT license), which Evenfield
does not need:

```python
import holidays

days = holidays.country_holidays("CN", years=2026)
worked = [day for day in getattr(days, "weekend_workdays", ()) if day.year == 2026]
for name, dates in (("holidays", days), ("extra_workdays", worked)):
    print(name, "=", "[" + ", ".join(str(day) for day in sorted(dates)) + "]")
```

China announces the days that are worked instead a few weeks before the year: look at the lists before using
them.
"""

SHOCKS = """
## Shocks: an example

A shock in `scenario.toml` belongs to the scenario and happens with its probability:

```toml
[[market.shocks]]
name = "Port closure in the West"
start = 2026-08-01
end = 2026-10-01                               # the first day after it
latest_start = 2026-09-15                      # begins on any day from 1 August on, and lasts 61 days
probability = 0.2
where = { longitude = "<= 0" }
demand = 0.85
delivery_delay_days = 20.0
```

A named shock is a file of its own, to ask what becomes of a plan if it happens: `evenfield simulate SCENARIO
--shock NAME`, and the same for `compare`. `evenfield shocks` lists those of the library; your own stand in a
folder `shocks` beside `scenario.toml`:

```toml
title = "A competitor enters, then cuts prices"
why = "They said so at the fair."
sizes = "A guess."                             # where the sizes come from

[[shocks]]                                     # settings as above; days are dates, or those of any plan year:
name = "Entry"
start = "month 4"                              # the first day of the plan year's fourth month
end = "month 13"                               # the first day after the year
win = 0.9
[[shocks]]
name = "Prices"
start = "month 6 day 15"
end = "month 13"
price = 0.93
```

Several happen together with `--shock a --shock b` of `simulate`, with `--shock a+b` of both, or as
`shocks = ["a", "b"]` of a change; for `compare` each `--shock` is an alternative of its own, under the plan
as it is. Named shocks come on top of those of the scenario. In Python: `ef.with_shocks(scenario, "a", "b")`,
and `ef.shocks()` is the library.
"""

CHANGES = """
## Changes: what-ifs

A file in `changes/` makes another scenario of the one it lies in:

```toml
title = "Thirty percent instead of twenty"     # what people call it
why = "The board asks what it would take."     # the story
shocks = ["price-war"]                         # named shocks that happen as well
[set.target]                                   # settings, merged into the scenario's
growth = 0.30
[[edit.reps]]                                  # rows named by their key, with the columns to change
rep = "east-boston"
end = 2017-05-15
[[add.reps]]                                   # new rows
rep = "east-miami"
# ...
[[add.moves]]                                  # tables without a key have new rows only
day = 2017-07-01
customer = "NY-new-york-city-CO"
rep = "east-miami"
[split]                                        # one part of a customer for each product line
by = "product_line"
where = { tier = ["A"] }                       # which customers; left out: all
least_visits = 4
```

A change has the parts {parts}. It splits first, then sets, edits and adds; shocks come last.
Changes compose in the order given.
"""


def describe() -> str:
    """Write the page on data formats, in Markdown."""
    parts = [HEAD, "\n## Tables\n"]
    for table in TABLES:
        must = "required" if table.required else "optional"
        parts.append(f"\n### {table.file}\n\n{_sentence(table.row)} ({must})\n\n")
        parts += _fields(table.row, "column")
    parts.append("\n## Settings: scenario.toml\n\nBeside `title`, `description` and `currency` (texts):\n")
    for name, model in SETTINGS.items():
        parts += _group(f"[{name}]", model)
        if name == "scheme":
            parts += _elements()
    names = ", ".join(f"`{n}`" for n in Change.model_fields if n != "name")
    parts.append(EDITS)
    for name, field in QuotaEdits.model_fields.items():
        parts += _group(f"[[{name}]]", get_args(field.annotation)[0])
    return "".join(parts) + "".join(
        [ORGANIZATIONS, ACCOUNTS, YEAR, SHOCKS, CHANGES.replace("{parts}", names)]
    )


def _group(heading: str, model: type[BaseModel]) -> Iterator[str]:
    yield f"\n### {heading}\n\n{_sentence(model)}\n\n"
    yield from _fields(model, "setting")
    for name, field in model.model_fields.items():
        inner = _inner(field.annotation)
        if inner is not None:
            yield from _group(f"{heading[:-1]}.{name}]", inner)


def _elements() -> Iterator[str]:
    """Write the keys of each kind of element, and of the groups within them."""
    kinds = " or ".join(f'`"{model.model_fields["kind"].default}"`' for model in ELEMENTS)
    yield f"\n### [scheme.elements.NAME]\n\nEach element has a name of its own and a `kind`: {kinds}.\n"
    for model in ELEMENTS:
        kind = model.model_fields["kind"].default
        yield f'\n#### [scheme.elements.NAME] with kind = "{kind}"\n\n{_sentence(model)}\n\n'
        yield from _ranged(model)
    for name, within in WITHIN.items():
        yield f"\n#### {name}\n\n{_sentence(within)}\n\n"
        yield from _ranged(within)


WITHIN: dict[str, type[BaseModel]] = {
    "tiers of a commission": Tier,
    "steps of a bonus, team bonus, scorecard or item": Step,
    "items of a scorecard": Item,
    "gates": Gate,
    "multipliers": Multiplier,
    "steps of multipliers": Factor,
    "steps of a penalty": Cost,
}
"""Groups within elements."""

LIMITS = (("gt", "above"), ("ge", "at least"), ("lt", "below"), ("le", "at most"))


def _ranged(model: type[BaseModel]) -> Iterator[str]:
    yield "| key | type | range | default | meaning |\n|---|---|---|---|---|\n"
    for name, field in model.model_fields.items():
        limits = [
            f"{word} {getattr(limit, key):g}"
            for limit in field.metadata
            for key, word in LIMITS
            if getattr(limit, key, None) is not None
        ]
        limits += ["one entry or more" for limit in field.metadata if getattr(limit, "min_length", None)]
        meaning = (field.description or "").replace("|", "\\|")
        cells = (f"`{name}`", _kind(field.annotation), ", ".join(limits), _default(field), meaning)
        yield f"| {' | '.join(cells)} |\n"


def _fields(model: type[BaseModel], what: str) -> Iterator[str]:
    yield f"| {what} | type | default | meaning |\n|---|---|---|---|\n"
    for name, field in model.model_fields.items():
        meaning = (field.description or "").replace("|", "\\|")
        yield f"| `{field.alias or name}` | {_kind(field.annotation)} | {_default(field)} | {meaning} |\n"


def _sentence(model: type[BaseModel]) -> str:
    first = (model.__doc__ or "").strip().splitlines()[0]
    said = first.split("`: ", 1)[-1]
    return said[0].upper() + said[1:]


def _kind(annotation: Any) -> str:
    origin, inner = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return " or ".join(str(v) for v in inner)
    if origin in (Union, types.UnionType):
        return _kind(next(a for a in inner if a is not type(None)))
    if origin is tuple:
        return f"list of {_kind(inner[0])}"
    if origin is dict:
        return f"table of {_kind(inner[1])}"
    names = {float: "number", int: "whole number", str: "text", bool: "true or false", date: "date"}
    return names.get(annotation, "group")


def _inner(annotation: Any) -> type[Settings] | None:
    for candidate in (annotation, *get_args(annotation)):
        if isinstance(candidate, type) and issubclass(candidate, Settings):
            return candidate
    return None


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined:
        return "*required*"
    if isinstance(value, dict) and any(isinstance(one, Settings) for one in value.values()):
        return "see below"
    if isinstance(value, Settings) or (isinstance(value, tuple) and value and isinstance(value[0], Settings)):
        return "see below"
    if value is None or value in ("", (), {}):
        return ""
    if isinstance(value, tuple) and isinstance(value[0], str):
        return ", ".join(value)
    if isinstance(value, tuple):
        return f"{len(value)} x {value[0]:.4g}"
    return (
        str(value).lower()
        if isinstance(value, bool)
        else f"{value:g}"
        if isinstance(value, float)
        else str(value)
    )


if __name__ == "__main__":
    sys.stdout.write(describe())
