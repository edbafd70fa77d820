"""What-ifs: each kind of change, composition, and what is said when one cannot be made."""

import pandas as pd
import pytest

from scenarios import Change, InputError
from scenarios.building import build
from scenarios.change import find_change
from scenarios.reading import locate


def test_settings_are_merged_and_the_original_stays(towns):
    scenario = build(towns)
    before = scenario.digest
    changed = Change(name="x", title="X", set={"market": {"turnover": {"vacancy_days": 5}}}).apply(scenario)
    assert changed.market.turnover.vacancy_days == 5
    assert changed.market.turnover.ramp_months == scenario.market.turnover.ramp_months
    assert changed.market.stages == scenario.market.stages
    assert (changed.name, changed.title) == ("x", "X")
    assert scenario.digest == before


def test_growth_replaces_an_amount(towns):
    changed = Change(name="x", title="X", set={"target": {"growth": 0.5}}).apply(build(towns))
    assert changed.target_amount == 300


def test_rows_are_edited_and_added(towns):
    change = Change(
        name="x",
        title="X",
        edit={
            "reps": [{"rep": "East", "end": "2026-05-15", "backfill": False, "regions": ["North", "East"]}]
        },
        add={"reps": [{"rep": "South", "latitude": -1, "longitude": 0, "hours_per_year": 100}]},
    )
    reps = change.apply(build(towns)).reps
    assert reps.loc["East", "regions"] == "North;East"
    assert not reps.loc["East", "backfill"]
    assert reps.loc["East", "end"] == pd.Timestamp("2026-05-15")
    assert list(reps.index) == ["West", "East", "South"]


def test_changes_compose_in_order(towns):
    more = Change(name="more", title="More", set={"target": {"amount": 2000}})
    less = Change(name="less", title="Less", set={"target": {"amount": 500}})
    assert less.apply(more.apply(build(towns))).target_amount == 500


def test_what_cannot_be_changed_is_listed(towns):
    change = Change(
        name="x",
        title="X",
        set={"wheather": {"rain": 1}},
        edit={"reps": [{"rep": "Nobody"}, {"rep": "East", "salery": 1}], "planets": [{"a": 1}]},
        add={"moons": [{"a": 1}]},
    )
    with pytest.raises(InputError) as caught:
        change.apply(build(towns))
    assert [p.place for p in caught.value.problems] == [
        "x.toml, set.wheather",
        "x.toml, edit.reps number 1",
        "x.toml, edit.reps number 2",
        "x.toml, edit.planets",
        "x.toml, add.moons",
    ]


def test_the_result_is_checked(towns):
    change = Change(name="x", title="X", edit={"customers": [{"customer": "W1", "owner": "Nobody"}]})
    with pytest.raises(InputError, match="no such rep"):
        change.apply(build(towns))


def test_files_are_read_and_misspelled_keys_refused(tmp_path):
    file = tmp_path / "more.toml"
    file.write_text('title = "More"\nwhy = "Because."\n[set.target]\ngrowth = 0.3\n', encoding="utf-8")
    change = Change.read(file)
    assert (change.name, change.why, change.set) == ("more", "Because.", {"target": {"growth": 0.3}})
    file.write_text('title = "More"\n[sett.target]\ngrowth = 0.3\n', encoding="utf-8")
    with pytest.raises(
        InputError,
        match=(
            r"unknown key; did you mean 'set'\? a change has title, why, split, set, edit, add and shocks"
        ),
    ):
        Change.read(file)


def test_a_change_is_called_as_its_file_and_nothing_else(tmp_path):
    file = tmp_path / "more.toml"
    file.write_text('title = "More"\nname = "../elsewhere"\n', encoding="utf-8")
    assert Change.read(file).name == "more"
    with pytest.raises(ValueError, match="name"):
        Change(name="../elsewhere", title="X")


def test_names_are_found_in_the_library():
    assert find_change("growth_30", "superstore").name == "growth_30.toml"
    with pytest.raises(InputError, match=r"the scenario has the changes .*growth_30"):
        find_change("nothing", "superstore")


def test_a_change_that_is_not_there_is_said_with_its_like_each_name_once():
    with pytest.raises(InputError) as error:
        find_change("growth30", locate("superstore"))
    said = str(error.value)
    assert "did you mean 'growth_30'? the scenario has the changes" in said
    assert said.split("has the changes")[1].count("growth_30") == 1
