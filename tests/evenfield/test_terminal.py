"""What people see while they wait."""

import subprocess
import sys

import pytest
from rich.cells import cell_len

from evenfield.terminal import answers, found_so_far, show_table

NOISE = """
import os, sys, threading
import evenfield.cli as cli

def command():
    os.write(1, b"native noise\\n")
    thread = threading.Thread(target=os.write, args=(1, b"noise of a thread\\n"))
    thread.start()
    thread.join()
    print('{"town": "北京"}')
    os.write(2, b"an error\\n")
    os.system("echo noise of a child")

cli.app = command
cli.main()
"""


def test_only_what_is_known_is_shown():
    assert found_so_far(None, None, None, "USD") == ""
    assert found_so_far(None, 99.6, None, "USD") == "bound $100"
    assert found_so_far(2000.0, 1990.0, 0.005, "EUR") == "best €2,000, bound €1,990, gap 0.50%"


def test_only_answers_reach_standard_output():
    done = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", NOISE], capture_output=True, timeout=120, check=True
    )
    assert done.stdout.decode() == '{"town": "北京"}\n'
    assert "an error" in done.stderr.decode()


def shown(capsys, columns, rows):
    show_table("Title", columns, rows)
    return capsys.readouterr().out.splitlines()


@pytest.mark.parametrize("why", ["2.5 more hours are needed on Monday; " * 8, "没有时间" * 40])
def test_long_texts_fold_and_no_column_is_lost(capsys, why):
    columns = ["customer", "made", "sales a year", "what is missing"]
    lines = shown(
        capsys, columns, [["C-1001 Anna", "1 of 12", "$1,234,567.89", why], ["C-2 Bo", "0", "$5", ""]]
    )
    assert max(map(cell_len, lines)) <= answers.width
    body = "\n".join(lines)
    assert all(text in body for text in (*columns, "C-1001 Anna", "1 of 12", "$1,234,567.89", "C-2 Bo"))
    letters = [letter for letter in body if letter in "没有时间" or letter == ";"]
    assert len(letters) == sum(letter in "没有时间;" for letter in why)


def test_numbers_are_never_cut(capsys):
    numbers = [f"{10**9 + n:,}" for n in range(15)]
    lines = shown(capsys, ["who", *(f"Q{n}" for n in range(15))], [["Anna", *numbers]])
    row = next(line for line in lines if "Anna" in line)
    assert row.split() == ["Anna", *numbers]


def test_a_table_that_fits_stays_on_one_line_a_row(capsys):
    lines = shown(capsys, ["who", "what they say of it"], [["Anna", "x " * 40 + "x"]])
    assert sum(bool(line.strip()) for line in lines) == 4


def test_a_table_without_rows_has_its_heads(capsys):
    assert any("who" in line and "what" in line for line in shown(capsys, ["who", "what"], []))
