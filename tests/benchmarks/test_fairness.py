"""The table of fairness figures."""

import numpy as np
import pytest

from benchmarks.fairness import fair_share, main
from benchmarks.instances import planning


def test_prints_three_tables_even_without_runs(capsys):
    assert main(["--seeds", "0"]) == 0
    text = capsys.readouterr().out
    assert [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("| ")] == [
        "largest deviation",
        "twelve points",
        "unevenness at a price",
    ]


def test_shares_follow_capacity_and_add_up_to_everything():
    problem = planning(60, 4, candidates=4, seed=1).problem
    share = fair_share(problem, "potential")
    assert share.sum() == pytest.approx(problem.measure("potential").amount[problem.starts[:-1]].sum())
    assert np.ptp(share / problem.measure("hours").lower) == pytest.approx(0.0, abs=1e-9)
