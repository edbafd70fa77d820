"""Blocks on disk: found again by the run they belong to and by no other."""

import dataclasses

import numpy as np
import pytest
from made_up_years import held_against, measures_of, results_of

from scenarios import InputError
from simulation import simulate
from simulation.accounting.yardstick import yardstick
from simulation.replicating.blocks import BLOCK, Job, boil_down, play_together
from simulation.replicating.keeping import Keep, key_of
from simulation.world.world import world_of


@pytest.fixture
def block():
    measures = measures_of([[[1.0, 2, 3, 4]], [[5.0, 6, 7, 8]]])
    made = boil_down(measures, results_of(measures), held_against({"ann": 2.0}, 9.0), rows=True)
    return dataclasses.replace(made, controls=np.array([[1.0], [2.0]]), seconds=0.25)


def test_a_block_is_read_as_it_was_written(block, tmp_path):
    Keep(tmp_path, "a" * 64).save(0, 2, block)
    found = Keep(tmp_path, "a" * 64).load(0, 2)
    assert list(found.years) == list(block.years)
    for name, values in block.years.items():
        assert np.array_equal(found.years[name], values, equal_nan=True)
    for name, moments in block.moments.items():
        assert np.array_equal(found.moments[name].stacked(), moments.stacked(), equal_nan=True)
    for name, codes in block.codes.items():
        assert np.array_equal(found.codes[name], codes)
    assert np.array_equal(found.grades, block.grades)
    assert np.array_equal(found.misses, block.misses)
    assert found.controls.tolist() == [[1], [2]]
    assert found.seconds == 0.25
    assert np.array_equal(found.rows.measures.bookings, block.rows.measures.bookings)
    assert np.array_equal(found.rows.pay, block.rows.pay)


def test_blocks_of_another_run_are_left_alone_and_named(block, tmp_path):
    Keep(tmp_path, "a" * 64).save(0, 2, block)
    other = Keep(tmp_path, "b" * 64)
    assert not other.has(0, 2)
    assert other.load(0, 2) is None
    [note] = [n for n in other.notes() if "left alone" in n]
    assert note.startswith("1 block in")
    assert len(list(tmp_path.iterdir())) == 1


def test_blocks_of_who_plays_at_the_same_time_are_no_strangers(block, tmp_path):
    mine, other = Keep(tmp_path, "a" * 64), Keep(tmp_path, "b" * 64)
    mine.is_with([mine, other])
    other.save(0, 2, block)
    assert mine.notes() == []


def test_a_block_under_a_name_that_is_not_its_own_is_not_taken(block, tmp_path):
    mine, other = Keep(tmp_path, "a" * 64), Keep(tmp_path, "a" * 16 + "b" * 48)
    other.save(0, 2, block)
    assert mine.has(0, 2)
    assert mine.load(0, 2) is None
    assert any("simulated anew" in note for note in mine.notes())


def test_a_damaged_block_is_simulated_anew(block, tmp_path):
    kept = Keep(tmp_path, "a" * 64)
    kept.save(0, 2, block)
    [file] = tmp_path.iterdir()
    whole = file.read_bytes()
    for damaged in (b"", whole[:100], whole[: len(whole) // 2], b"not years"):
        file.write_bytes(damaged)
        assert kept.load(0, 2) is None
    assert kept.notes() == [f"4 damaged blocks in {tmp_path} simulated anew."]


def test_a_full_disk_does_not_stop_the_run(block, tmp_path, monkeypatch):
    def full(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    kept = Keep(tmp_path, "a" * 64)
    kept.save(0, 2, block)
    kept.save(2, 4, block)
    [note] = kept.notes()
    assert note == f"Finished years could not be kept in {tmp_path} any more (No space left on device)."
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_is_refused(tmp_path):
    (tmp_path / "file").write_text("here")
    with pytest.raises(InputError, match="name another folder"):
        Keep(tmp_path / "file" / "years", "a" * 64)


def test_a_key_is_of_scenario_plan_seed_and_program(company, plan_for, monkeypatch):
    scenario = company({"Ames": {"owner": "ann"}, "Boone": {"owner": "bob"}}, ["ann", "bob"])
    richer = company({"Ames": {"owner": "ann"}, "Boone": {"owner": "bob"}}, ["ann", "bob"], target=2.0)
    plan = plan_for(scenario)

    def key(scenario, plan, **others):
        job = Job(world_of(scenario, plan), yardstick(scenario, plan), **{"seed": 1, **others})
        return key_of(scenario, plan, job)

    keys = [
        key(scenario, plan),
        key(scenario, plan, seed=2),
        key(scenario, plan, rows=True),
        key(richer, plan),
        key(scenario, plan_for(scenario, {"Ames": "bob"})),
        key(scenario, plan_for(scenario, quota={"ann": [1.0] * 4})),
    ]
    assert len(set(keys)) == len(keys)
    assert key(scenario, dataclasses.replace(plan, name="the same by another name")) == keys[0]
    monkeypatch.setattr("simulation.replicating.keeping._program", lambda: "newer")
    assert key(scenario, plan) != keys[0]


def test_what_is_kept_is_small(company, plan_for, tmp_path):
    # 32 years of 3 reps: about a kilobyte a year
    scenario = company({f"c{i}": {"owner": "ann"} for i in range(9)}, ["ann", "bob", "eve"])
    plan = plan_for(scenario)
    job = Job(world_of(scenario, plan), yardstick(scenario, plan), 1)
    Keep(tmp_path, "a" * 64).save(0, 32, *play_together([job], 0, 32))
    [file] = tmp_path.iterdir()
    assert file.stat().st_size < 40 * 1024


def test_a_block_with_any_byte_changed_is_none(block, tmp_path):
    kept = Keep(tmp_path, "a" * 64)
    kept.save(0, 2, block)
    [file] = tmp_path.iterdir()
    whole = file.read_bytes()
    places = range(0, len(whole), 7)
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << place % 8
        file.write_bytes(bytes(damaged))
        assert kept.load(0, 2) is None
    assert kept.damaged == len(places)
    file.write_bytes(whole)
    assert kept.load(0, 2) is not None


def test_a_run_over_a_damaged_block_ends_as_without_it_and_says_so(company, plan_for, tmp_path):
    scenario = company({"Ames": {"owner": "ann"}}, ["ann"])
    plan = plan_for(scenario)
    whole = simulate(scenario, plan, replications=BLOCK, keep=tmp_path)
    [file] = tmp_path.iterdir()
    written = file.read_bytes()
    # the last array of the zip's directory under another name: a zip file still, but for the flipped bit
    at = written.rindex(b"seconds.npy")
    file.write_bytes(written[:at] + bytes([written[at] ^ 1]) + written[at + 1 :])
    again = simulate(scenario, plan, replications=BLOCK, keep=tmp_path)
    assert again.notes == (f"1 damaged block in {tmp_path} simulated anew.",)
    assert again.digest == whole.digest
    assert simulate(scenario, plan, replications=BLOCK, keep=tmp_path).notes == (
        f"1 finished block of years taken from {tmp_path}.",
    )
