"""The benchmark of effort: what it times, and what it says of kinds."""

import numpy as np
import pytest

from benchmarks.effort import cliff, how_alike, main, quarter, retroactive, tiers


def test_the_reps_are_as_described():
    for deals in (True, False):
        asked = quarter(50, cliff, deals=deals, seasonal=True)
        potential = asked.bookings.sum(axis=1) / asked.quota
        assert potential.min() >= 0.6 - 1e-9
        assert potential.max() <= 1.4 + 1e-9
        assert asked.bookings[:, -1] / asked.bookings[:, 0] == pytest.approx(np.full(50, 1.3 / 0.7))


def test_the_pay_is_as_described():
    at = np.array([0.4, 0.75, 1.0, 1.2, 2.0])
    assert tiers(at) == pytest.approx([0, 0.3, 0.6, 1.2, 1.5])
    assert cliff(at).tolist() == [0, 0, 1, 1, 1]
    assert retroactive(at) == pytest.approx([0.4, 0.75, 2, 2.4, 4])


def test_as_many_kinds_as_reps_are_the_reps_themselves():
    apart, spread = how_alike(6, 6, sample=3)
    assert apart == pytest.approx(0, abs=1e-6)
    assert spread > 0.1
    assert how_alike(6, 1, sample=3)[0] > 0.02


def test_the_table_names_every_row(capsys, tmp_path):
    assert main(["--reps", "3", "--runs", "1", "--out", str(tmp_path / "table.md")]) == 0
    told = capsys.readouterr().out
    assert told == (tmp_path / "table.md").read_text(encoding="utf-8")
    assert told.count("3 reps, a quarter") == 8
    assert told.count("kinds, 41 credits so far") == 3
