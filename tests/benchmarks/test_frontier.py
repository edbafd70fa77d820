"""The table of trade-offs."""

import pytest

from benchmarks.fairness import CUSTOMERS
from benchmarks.frontier import main, trade_off


def test_prints_a_table_even_without_runs(capsys):
    assert main(["--seeds", "0"]) == 0
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("|")]
    assert lines[0].split("|")[1].strip() == "trade-off"


@pytest.mark.parametrize("name", ["moves", "travel"])
def test_today_and_travel_are_as_the_company_has_them(name):
    problem, even, (spending,) = trade_off([name], 0)
    assert problem.units == CUSTOMERS
    assert problem.budgets == ()
    assert even.share.sum() == pytest.approx(problem.measure("potential").amount[problem.starts[:-1]].sum())
    assert (spending.amount >= 0).all()
    assert set(spending.amount) == {0.0, 1.0} or name == "travel"
