"""What a change of hands loses, by hand."""

import pytest

from optimizer.compiling.costs import at_stake, losses, relationship_loss
from scenarios.building import build


def test_a_change_of_hands_loses_what_is_at_risk(towns):
    towns.tables["customers"]["owner"] = ["West"] * 5 + [""]
    loss = relationship_loss(build(towns))
    assert loss["West"].tolist() == [0.0] * 6
    assert loss["East"].tolist() == [0.1] * 5 + [0.0]


def test_relationships_grow_with_the_years(towns):
    towns.settings["market"]["relationships"] = {"full_after_years": 4.0}
    towns.tables["customers"]["owner_since"] = ["2024-01-01", "2016-01-01", "", "2026-06-01", "", ""]
    # 731 days of four years of 365.25; ten years; not known: all; only after the year has begun: nothing.
    expected = [0.1 * 731 / 1461, 0.1, 0.1, 0.0, 0.1, 0.1]
    assert at_stake(build(towns)).tolist() == pytest.approx(expected)
    assert relationship_loss(build(towns))["East"].tolist() == pytest.approx(expected)


def test_colleagues_of_the_team_lose_less_and_new_hires_more(towns):
    towns.settings["market"]["relationships"] = {"same_team": 0.5, "new_hire": 3.0}
    towns.tables["reps"]["team"] = ["One", "One"]
    assert relationship_loss(build(towns)).loc["W1", "East"] == pytest.approx(0.1 * 0.5)
    towns.tables["reps"]["start"] = ["", "2026-01-01"]
    assert relationship_loss(build(towns)).loc["W1", "East"] == pytest.approx(0.1 * 0.5 * 3)
    towns.tables["reps"]["start"] = ["", "2025-12-31"]
    assert relationship_loss(build(towns)).loc["W1", "East"] == pytest.approx(0.1 * 0.5)
    towns.tables["reps"]["team"] = ["", ""]
    assert relationship_loss(build(towns)).loc["W1", "East"] == pytest.approx(0.1)


def test_no_more_than_all_is_lost(towns):
    towns.settings["market"] |= {"relationship_risk": 0.6, "relationships": {"new_hire": 2.0}}
    towns.tables["reps"]["start"] = ["", "2026-07-01"]
    assert relationship_loss(build(towns)).loc["W1", "East"] == 1.0


def test_disruption_is_what_a_change_of_hands_loses(towns):
    towns.settings["market"]["relationships"] = {"same_team": 0.5}
    towns.tables["reps"]["team"] = ["One", "One"]
    # 300 of potential, 5 % lost, half of it margin
    assert losses(build(towns))["disruption"].loc["E3", "East"] == pytest.approx(300 * 0.05 * 0.5)
