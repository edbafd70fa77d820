"""The terminal: progress and messages on standard error, answers on standard output, errors as exit codes."""

import json
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
from rich import box
from rich.cells import cell_len
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

from evenfield.compiling import is_compiled, while_compiling
from evenfield.money import exact
from optimizer.compiling.attainable import attainable
from optimizer.core.stopping import Progress as Told
from scenarios import EvenfieldError, InputError, NoPlanExists, NoPlanFoundInTime, Scenario, WorkerKilled
from simulation.accounting.measures import tally
from simulation.seats import selling

FAILED, INPUT_IS_WRONG, NO_PLAN_EXISTS, NONE_FOUND_IN_TIME, INTERRUPTED = 1, 2, 3, 4, 130
"""Exit codes besides 0, done."""

SIMULATING = "simulating"

LOOPS = (selling.begin, selling.advance, selling.end, tally)
"""The loops every simulated year runs through, in this order."""

COMPILING = (
    "First run: compiling what makes this command fast, which takes up to a minute; later runs have it."
)

messages = Console(stderr=True, highlight=False)
answers = Console(highlight=False, width=None if sys.stdout.isatty() else 120)


SHORT = 16
"""Width up to which a cell with a figure, or a word, stays on one line."""

AROUND = 3
"""Width between two columns."""


class Exit(Exception):
    """Leave with an exit code."""

    def __init__(self, code: int) -> None:
        self.code = code
        super().__init__(code)


def keep_output_clean() -> None:
    """Leave standard output to Python for good: what native solvers print there is dropped.

    HiGHS prints some lines past all its options. So descriptor 1 leads nowhere, whatever thread or child
    writes to it, and `sys.stdout` writes to where it led. Errors still go to standard error.
    """
    python = sys.stdout
    try:
        python.flush()
        own = os.dup(python.fileno())
    except (AttributeError, OSError, ValueError):  # Closed, or no file.
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)
    sys.stdout = open(own, "w", encoding=python.encoding, errors=python.errors)  # noqa: SIM115


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
    except WorkerKilled as error:
        kept = {} if error.kept is None else {"years_kept": error.kept}
        _fail(error, FAILED, as_json, status="worker killed", **kept)
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


@cache
def say_compiling() -> None:
    """Tell the user, once a process, that loops are being compiled."""
    say(COMPILING)


def compiling_told() -> AbstractContextManager[None]:
    """Tell the user when this process compiles a loop, as long as the context lasts."""
    return while_compiling(say_compiling)


def say_what_workers_will_compile() -> None:
    """Tell the user if loops of the year are still to be compiled, whichever process will do it."""
    if not all(map(is_compiled, LOOPS)):
        say_compiling()


def show_table(title: str, columns: list[str], rows: list[list[str]]) -> None:
    """Show a table on standard output; texts are taken literally.

    Where it is too wide, texts fold; where that is not enough, lines are longer than the screen: nothing
    is cut.
    """
    table = Table(
        title=Text(title), title_justify="left", title_style="bold", box=box.SIMPLE_HEAD, pad_edge=False
    )
    wide = [max(map(cell_len, cells)) for cells in zip(columns, *rows, strict=True)]
    fitted = _fitted(columns, rows, wide)
    if (whole := sum(fitted) + AROUND * len(columns)) > answers.width:
        table.width = whole
    for number, (column, width) in enumerate(zip(columns, fitted, strict=True)):
        folds = width < max((cell_len(row[number]) for row in rows), default=0)
        table.add_column(
            Text(column), justify="left" if folds or not number else "right", width=width, overflow="fold"
        )
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    answers.print(table, crop=False)


def _fitted(columns: list[str], rows: list[list[str]], wide: list[int]) -> list[int]:
    """Narrow the widest columns until a table fits, as far as texts fold and no number is cut."""
    widths = list(wide)
    least = [
        max(1, _longest_word(column), *(_unfolded(row[number]) for row in rows))
        for number, column in enumerate(columns)
    ]
    room = answers.width - AROUND * len(columns)
    while sum(widths) > room:
        narrower = [n for n in range(len(widths)) if widths[n] > least[n]]
        if not narrower:
            break
        widths[max(narrower, key=lambda n: widths[n])] -= 1
    return widths


def _unfolded(cell: str) -> int:
    """Give the width a cell takes at least: short figures stay on one line."""
    is_figure = any(letter.isdigit() for letter in cell) and cell_len(cell) <= SHORT
    return cell_len(cell) if is_figure else _longest_word(cell)


def _longest_word(text: str) -> int:
    """Give the width of the longest word; long words fold, numbers do not."""
    return max(
        (
            cell_len(word) if any(letter.isdigit() for letter in word) else min(cell_len(word), SHORT)
            for word in text.split()
        ),
        default=0,
    )


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
def counting(doing: str = SIMULATING) -> Iterator[Callable[[str, int, int], None]]:
    """Show bars of work whose length is known, one a name; yields what `study` tells."""
    if doing == SIMULATING:
        say_what_workers_will_compile()
    with _progress(
        BarColumn(), TextColumn("{task.completed:.0f} of {task.total:.0f}"), TimeRemainingColumn()
    ) as progress:
        tasks: dict[str, TaskID] = {}

        def tell(name: str, done: int, total: int) -> None:
            if name not in tasks:
                tasks[name] = progress.add_task(f"{doing} {name}", total=total)
            progress.update(tasks[name], completed=done, total=total)

        yield tell


def _progress(*columns: Any) -> Progress:
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}", markup=False), *columns, console=messages
    )
