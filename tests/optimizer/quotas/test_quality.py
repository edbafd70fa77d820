"""Tests a quota plan should pass: shares by hand, bias put in on purpose, and what cannot be told."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from optimizer.quotas.laws import Lognormal, Sample
from optimizer.quotas.quality import Bands, attributes, quality
from scenarios.building import build

NOTHING = {"potential": np.nan, "growth": np.nan, "quota": np.nan, "tenure": np.nan}


def judged(law, quotas, bands=None, **known):
    table = pd.DataFrame(NOTHING | known, index=list(law.names), dtype="float64")
    return quality(law, np.array(quotas, dtype="float64"), table, bands).set_index("what")


def reps(count, means, cv=0.25):
    means = np.broadcast_to(np.array(means, dtype="float64"), count)
    return Lognormal(tuple(map(str, range(count))), means, (means * cv) ** 2, 0.0)


def test_shares_of_reps_by_hand():
    # one rep, years of 60, 80, ..., 140 standing for .1, .3, .5, .7, .9; quota 100
    law = Sample(("A",), np.arange(60.0, 150.0, 20.0)[:, None])
    table = judged(law, [100])
    assert table["value"]["reps at quota"] == pytest.approx(0.5)
    assert table["value"]["accuracy"] == pytest.approx(0.4)  # between 80 and 120
    assert table["value"]["excellence"] == pytest.approx(0.3)
    assert table["value"]["far below"] == pytest.approx(0.2)  # 70 lies halfway between .1 and .3
    assert table["value"]["concentration"] == 1.0
    assert table["verdict"]["reps at quota"] == "good"
    assert table["verdict"]["accuracy"] == "warning"
    assert table["say"]["accuracy"] == "40% of reps are expected within 20 % of their quota, below 50%"


def test_quotas_that_are_too_high_say_by_how_much():
    # 45 % reach expected sales with CV .25; half do so at the median, 100 / sqrt(1.0625) = 97.01
    table = judged(reps(10, 100.0), [100.0] * 10)
    assert table["verdict"]["reps at quota"] == "warning"
    assert table["value"]["quotas for that"] == pytest.approx(1 / np.sqrt(1.0625))
    assert "if all quotas were 3.0% lower" in table["say"]["quotas for that"]
    assert "quotas for that" not in judged(reps(10, 100.0), [95.0] * 10).index


def test_quotas_that_forget_potential_are_caught():
    # quota 100 each, expected 90, 95, ..., 135: attainment grows with potential, exactly in a line
    potential = np.arange(90.0, 140.0, 5.0)
    table = judged(reps(10, potential), [100.0] * 10, potential=potential)
    row = table.loc["bias by potential"]
    assert row["value"] == pytest.approx(potential.std(ddof=1) / 100)
    assert row["low"] == pytest.approx(row["high"])
    assert row["verdict"] == "warning"
    assert row["say"].endswith("quotas are easier for reps with much potential")


def test_scatter_without_a_slope_is_no_bias():
    potential = np.array([1.0, 1, 2, 2, 3, 3])
    table = judged(reps(6, [90, 110, 90, 110, 90, 110]), [100.0] * 6, potential=potential)
    row = table.loc["bias by potential"]
    assert row["value"] == pytest.approx(0.0, abs=1e-12)
    assert row["low"] < 0 < row["high"]
    assert row["verdict"] == "good"


def test_the_interval_is_that_of_least_squares():
    rng = np.random.default_rng(3)
    tenure, means = rng.uniform(0, 20, 30), rng.uniform(80, 120, 30)
    row = judged(reps(30, means), [100.0] * 30, tenure=tenure).loc["bias by tenure"]
    x, y = tenure / tenure.std(ddof=1), means / 100
    slope = ((x - x.mean()) * (y - y.mean())).sum() / ((x - x.mean()) ** 2).sum()
    left = y - y.mean() - slope * (x - x.mean())
    error = np.sqrt((left**2).sum() / 28 / ((x - x.mean()) ** 2).sum())
    assert row["value"] == pytest.approx(slope)
    assert row["high"] - row["low"] == pytest.approx(2 * stats.t.ppf(0.975, 28) * error)


def test_what_is_not_known_is_no_warning():
    table = judged(reps(6, 100.0), [100.0] * 6, tenure=[1, 2, 3, np.nan, np.nan, np.nan], potential=[5.0] * 6)
    assert table["verdict"][["bias by tenure", "bias by potential"]].tolist() == ["not known"] * 2
    assert "known of 3 reps" in table["say"]["bias by tenure"]
    assert table["say"]["bias by potential"].endswith("known of 6 reps, all alike")


def test_who_is_asked_for_nothing_is_left_out():
    law = reps(3, [100, 100, 0])
    assert judged(law, [100, 100, 0])["value"]["reps at quota"] == pytest.approx(
        judged(reps(2, 100.0), [100, 100])["value"]["reps at quota"]
    )
    assert set(judged(law, [0, 0, 0])["verdict"]) == {"not known"}


def test_bands_are_data():
    strict = Bands(at_quota=(0.4, 0.46), top_fifth=(0.0, 0.1))
    table = judged(reps(10, 100.0), [100.0] * 10, strict)
    assert table["verdict"]["reps at quota"] == "good"
    assert table["band"]["reps at quota"] == "40% to 46%"
    assert table["say"]["concentration"] == "the largest fifth of quotas is 20% of them all, above 10%"


def test_attributes_of_the_teaching_world(towns):
    towns.tables["reps"]["start"] = ["2024-01-01", ""]
    scenario = build(towns)
    owner = pd.Series(["West"] * 3 + ["East"] * 3, index=scenario.customers.index)
    table = attributes(scenario, owner, np.array([160.0, 600.0]))
    assert table["potential"].tolist() == [600.0, 600.0]
    assert table["growth"].tolist() == [1.0, 4.0]  # on 80 and 120
    assert table["tenure"]["West"] == pytest.approx(731 / 365.25)
    assert np.isnan(table["tenure"]["East"])
