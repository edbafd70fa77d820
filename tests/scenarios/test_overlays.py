"""Overlays that make no sense are refused with place and remedy; a scenario without them is as it was."""

import pandas as pd
import pytest

from scenarios import Change, InputError, read, write
from scenarios.building import build
from scenarios.overlays import supported


def with_overlay(towns, **team):
    towns.tables["specialists"] = pd.DataFrame(
        {
            "specialist": ["Sam"],
            "overlay": ["Pumps"],
            "latitude": ["0"],
            "longitude": ["0"],
            "hours_per_year": ["100"],
        },
        dtype="str",
    )
    towns.settings["overlays"] = {"teams": [{"name": "Pumps", "visits_per_year": 2.0, **team}]}
    return towns


def test_specialists_and_overlays_are_written_and_read_back(towns, tmp_path):
    scenario = build(with_overlay(towns, where={"potential": [">= 200"]}))
    assert read(write(scenario, tmp_path / "two_towns")) == scenario
    assert supported(scenario, scenario.overlays.teams[0]).tolist() == [False, True, True] * 2


def test_without_overlays_a_scenario_has_the_digest_it_had(towns):
    before = build(towns).digest
    after = build(with_overlay(towns))
    assert after.digest != before
    gone = Change.model_validate({"name": "x", "title": "X", "set": {"overlays": {"teams": []}}})
    bare = gone.apply(after)
    assert bare.replace(specialists=bare.specialists.iloc[:0]).digest == before


def test_unknown_names_are_said_with_what_comes_near(towns):
    towns = with_overlay(
        towns,
        lines=["Pump"],
        where={"tear": ["A"]},
        one_per="teem",
        eligibility=[{"customer": "region", "rep": "regoins"}],
    )
    towns.tables["specialists"]["overlay"] = "Pmups"
    with pytest.raises(InputError) as caught:
        build(towns)
    place = "scenario.toml, overlays.teams 'Pumps'"
    assert [str(p) for p in caught.value.problems] == [
        (
            "specialists.csv row 2, overlay: no such overlay in scenario.toml, overlays.teams; correct it"
            " or take it out; did you mean 'Pumps'? (found 'Pmups')"
        ),
        f"{place}, lines: no such product line in products.csv; correct it or take it out (found 'Pump')",
        f"{place}, where: no such column in customers.csv; did you mean 'tier'? (found 'tear')",
        (
            f"{place}, rep: no such column in specialists.csv; did you mean 'regions' or 'region'? "
            "(found 'regoins')"
        ),
        (
            f"{place}, one_per: give rep, customer or a column of reps.csv; did you mean 'team'? (found"
            " 'teem')"
        ),
        f"{place}: nobody in specialists.csv belongs to this overlay; add its people or take it out",
    ]


def test_an_overlay_is_named_once(towns):
    towns = with_overlay(towns)
    towns.settings["overlays"]["teams"] *= 2
    with pytest.raises(InputError, match="two overlays have the same name: Pumps"):
        build(towns)
