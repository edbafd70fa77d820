"""The terminal: progress and messages on standard error, answers on standard output, errors as exit codes."""

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pandas as pd
from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table
from rich.text import Text

from evenfield.money import exact
from optimizer.attainable import attainable
from optimizer.core.stopping import Progress as Told
from scenarios import EvenfieldError, InputError, NoPlanExists, NoPlanFoundInTime, Scenario

INPUT_IS_WRONG, NO_PLAN_EXISTS, NONE_FOUND_IN_TIME, INTERRUPTED = 2, 3, 4, 130
"""Exit codes besides 0, done."""

messages = Console(stderr=True, highlight=False)
answers = Console(highlight=False, width=None if sys.stdout.isatty() else 120)


class Exit(Exception):
    """Leave with an exit code."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


@contextmanager
def told(as_json: bool) -> Iterator[None]:
    """Turn what goes wrong on purpose into a message and an exit code, without traceback.

    With `as_json` standard output still gets one JSON object that says what is wrong.
    """
    try:
        yield
    except InputError as error:
        _fail(error, INPUT_IS_WRONG, as_json, problems=[vars(p) for p in error.problems])
    except NoPlanExists as error:
        _fail(error, NO_PLAN_EXISTS, as_json, status="no plan exists", reasons=list(error.reasons))
    except NoPlanFoundInTime as error:
        _fail(error, NONE_FOUND_IN_TIME, as_json, status="none found in time")
    except EvenfieldError as error:
        _fail(error, INPUT_IS_WRONG, as_json, problems=[{"place": "", "value": "", "remedy": str(error)}])
    except KeyboardInterrupt:
        messages.print("Interrupted before there was anything to keep.")
        raise Exit(INTERRUPTED) from None


def _fail(error: Exception, code: int, as_json: bool, **words: Any) -> None:
    messages.print(str(error), style="red", markup=False, soft_wrap=True)
    if as_json:
        print_json({"error": str(error).splitlines()[0], **words})
    raise Exit(code) from None


def print_json(words: dict[str, Any]) -> None:
    """Print one JSON object on standard output."""
    sys.stdout.write(json.dumps(plain(words), ensure_ascii=False, allow_nan=False) + "\n")


def plain(value: Any) -> Any:
    """Make JSON of numbers and tables; what is not a number becomes null."""
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, pd.DataFrame):
        return plain(value.to_dict("records"))
    if isinstance(value, np.ndarray):
        return plain(value.tolist())
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, np.integer):
        return int(value)
    if isinstance(value, float | np.floating):
        return float(value) if np.isfinite(value) else None
    return value


def say(text: str) -> None:
    """Tell the user something on standard error."""
    messages.print(text, markup=False, soft_wrap=True)


def show_table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """Show a table on standard output; texts are taken literally."""
    table = Table(
        title=Text(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False
    )
    for number, column in enumerate(columns):
        first = number == 0
        table.add_column(
            Text(column), justify="left" if first else "right", no_wrap=not first, overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    answers.print(table)


@contextmanager
def working(what: str) -> Iterator[None]:
    """Show that something of unknown length goes on, with the seconds gone."""
    with _progress(TimeElapsedColumn()) as progress:
        progress.add_task(what, total=None)
        yield


@contextmanager
def planning() -> Iterator[Callable[[str, str], Told]]:
    """Show a line for each plan in the making: best, bound, gap and seconds.

    Yields a function of the plan's name and its currency that gives what `optimize` tells its progress.
    """
    with _progress(TextColumn("{task.fields[known]}", markup=False), TimeElapsedColumn()) as progress:

        def begin(name: str, currency: str) -> Told:
            if progress.task_ids:
                progress.stop_task(progress.task_ids[-1])
            current = progress.add_task(f"planning {name}", total=None, known="")

            def tell(best: float | None, bound: float | None, gap: float | None, seconds: float) -> None:
                progress.update(current, known=found_so_far(best, bound, gap, currency))

            return tell

        yield begin


def say_attainable(scenario: Scenario) -> None:
    """Say how even books can be at best, before anything is planned."""
    for best in attainable(scenario):
        say(f"Best balance: {best}")


def found_so_far(best: float | None, bound: float | None, gap: float | None, currency: str) -> str:
    """Say how far a search has come, e.g. "best $110,482, bound $109,930, gap 0.50%"."""
    known = []
    if best is not None:
        known.append(f"best {exact(best, currency)}")
    if bound is not None:
        known.append(f"bound {exact(bound, currency)}")
    if gap is not None:
        known.append(f"gap {gap:.2%}")
    return ", ".join(known)


@contextmanager
def counting(doing: str = "simulating") -> Iterator[Callable[[str, int, int], None]]:
    """Show bars of work whose length is known, one a name; yields what `study` tells."""
    with _progress(
        BarColumn(), TextColumn("{task.completed:.0f} of {task.total:.0f}"), TimeRemainingColumn()
    ) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(f"{doing} {name}", total=total)
            progress.update(tasks[name], completed=done)

        yield tell


def _progress(*columns: Any) -> Progress:
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}", markup=False), *columns, console=messages
    )
