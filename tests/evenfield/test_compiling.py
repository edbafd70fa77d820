"""Whether loops are compiled, and that people are told before they wait for it."""

import importlib.util
import os
import subprocess
import sys

import pytest

from evenfield import terminal
from evenfield.compiling import is_compiled, while_compiling

SOURCE = """
from numba import njit

@njit(cache=True)
def twice(x):
    return 2 * x

@njit
def thrice(x):
    return 3 * x

def once(x):
    return x
"""


@pytest.fixture
def loops(tmp_path, monkeypatch):
    """Import the loops anew, as another process would."""
    file = tmp_path / "some_loops.py"

    def imported(source=SOURCE):
        if not file.exists() or file.read_text() != source:
            file.write_text(source)
        spec = importlib.util.spec_from_file_location("some_loops", file)
        module = importlib.util.module_from_spec(spec)
        monkeypatch.setitem(sys.modules, "some_loops", module)
        spec.loader.exec_module(module)
        return module

    return imported


def test_a_loop_is_compiled_once_it_ran_here_or_in_another_process(loops):
    first = loops()
    assert not is_compiled(first.twice)
    assert first.twice(2) == 4
    assert is_compiled(first.twice)
    assert is_compiled(loops().twice)


def test_a_loop_that_has_changed_is_compiled_again(loops):
    loops().twice(2)
    changed = loops(SOURCE.replace("2 * x", "x + x + 0 * x"))
    assert not is_compiled(changed.twice)


def test_what_is_not_kept_is_compiled_by_every_process_and_plain_python_by_none(loops):
    loops().thrice(2)
    assert not is_compiled(loops().thrice)
    assert is_compiled(loops().once)


def test_it_is_told_when_compiling_begins_and_only_then(loops):
    told = []
    with while_compiling(lambda: told.append("compiling")):
        loops().once(2)
        assert told == []
        loops().twice(2)
        assert told == ["compiling"]
        loops().twice(2)
        assert told == ["compiling"]
    loops().thrice(2)
    assert told == ["compiling"]


def test_before_years_are_counted_people_are_told_once(loops, monkeypatch, capsys):
    monkeypatch.setattr(terminal, "LOOPS", (loops().twice,))
    terminal.say_compiling.cache_clear()
    for _ in range(2):
        with terminal.counting():
            pass
    assert " ".join(capsys.readouterr().err.split()).count(terminal.COMPILING) == 1
    loops().twice(2)
    monkeypatch.setattr(terminal, "LOOPS", (loops().twice,))
    terminal.say_compiling.cache_clear()
    with terminal.counting():
        pass
    assert terminal.COMPILING not in " ".join(capsys.readouterr().err.split())


def test_the_first_command_in_a_fresh_clone_says_so_and_the_next_does_not(tmp_path):
    command = [sys.executable, "-m", "evenfield", "check", "two_towns", "--json"]
    said = []
    for _ in range(2):
        done = subprocess.run(
            command,
            capture_output=True,
            timeout=300,
            check=True,
            env={**os.environ, "NUMBA_CACHE_DIR": str(tmp_path)},
        )
        assert done.stdout.startswith(b"{")
        said.append(" ".join(done.stderr.decode().split()))
    assert terminal.COMPILING in said[0]
    assert "ompiling" not in said[1]
