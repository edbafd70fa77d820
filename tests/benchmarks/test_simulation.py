"""The table of simulated years, and the others who play the simple one."""

import importlib
from dataclasses import replace

import pytest

from benchmarks import simpy_year, simulation
from benchmarks.companies import everything, simple
from benchmarks.pipeline import Deal, Pipeline, Totals, pipeline_of, totals_of
from benchmarks.simulation import LARGE, LUCK, MEASURES, REFERENCE, SMALL, YEAR, Many, Race
from simulation.accounting.journal import OF_TIMING, What
from simulation.company.year import play
from simulation.luck.fate import draw
from simulation.world.world import world_of

TINY = (60, 3)


def deal(customer, day, cents, marks=(0.4, 0.4), days=(3.0, 5.0), **fields):
    usual = Deal(customer, 0, day, 0, False, list(marks), list(days), cents, 10.0, False)
    return replace(usual, **fields)


@pytest.fixture
def year():
    """One rep, work of a day and of two, each stage passed by marks below one half.

    The first works on day 0, is decided on day 4, waits until the second's last work is done on day 5, works
    until day 7, buys on day 12 and pays on day 22. The second says no on day 6. The third and the fourth only
    decide: one never pays, one on day 105. The fifth's work is done on day 99.5, the sixth's is not.
    """
    deals = [
        deal(0, 0.0, 1_000),
        deal(1, 0.5, 90_000, marks=(0.4, 0.9), days=(1.0, 1.0)),
        deal(2, 50.0, 700, stage=1, is_worked=True, never_pays=True),
        deal(2, 95.0, 500, stage=1, is_worked=True),
        deal(0, 98.5, 90_000),
        deal(1, 99.0, 90_000),
    ]
    books = [[one for one in deals if one.customer == customer] for customer in range(3)]
    return Pipeline(deals, books, [0.5, 0.5], [[1.0, 2.0]], 100.0)


@pytest.mark.parametrize("module", ["simpy", "ciw", "salabim"])
def test_all_come_to_what_one_can_add_up_by_hand(module, year):
    pytest.importorskip(module)
    theirs = importlib.import_module(f"benchmarks.{module}_year")
    assert theirs.play(year) == Totals(booked=1_000 + 700 + 500, collected=1_000, work=2 + 2 + 1)


def test_plain_simpy_comes_to_our_cents():
    world = world_of(*simple(*TINY))
    fate = draw(world, 7, 0)
    found = totals_of(play(world, fate).records)
    assert simpy_year.play(pipeline_of(world, fate)) == found
    assert found.booked > found.collected > 0
    assert found.work > len(fate.pending)


def test_rows_are_what_arises_and_what_is_under_way():
    world = world_of(*simple(*TINY))
    fate = draw(world, 7, 0)
    rows = pipeline_of(world, fate)
    what = play(world, fate).records[:, 1]
    assert sum(not one.is_worked for one in rows.deals) == (what == What.ARISES).sum()
    assert sum(one.is_worked for one in rows.deals) == (what == What.UNDER_WAY).sum() == len(fate.pending)
    in_order = sorted(rows.deals, key=lambda one: one.customer)
    assert [one for book in sorted(rows.books, key=lambda book: book[0].customer) for one in book] == in_order


def test_with_everything_on_everything_happens():
    world = world_of(*everything(200, 10))
    seen = set()
    for number in range(20):
        seen |= set(play(world, draw(world, 1, number)).records[:, 1].astype(int))
    of_timing = {What(kind).name for kind in OF_TIMING}  # reps who play with time are no part of it
    assert {kind.name for kind in What} - {What(kind).name for kind in seen} == of_timing


def test_the_race_takes_turns_and_wants_the_same_story(monkeypatch):
    years = {YEAR: 2, "SimPy": 2, REFERENCE: 1, "ciw": 0, "salabim": 0}
    race = simulation.race_simple(TINY, years)
    assert {who: len(seconds) for who, seconds in race.seconds.items()} == {
        LUCK: 2,
        YEAR: 2,
        MEASURES: 2,
        "SimPy": 2,
    }
    race = simulation.race_everything(TINY, years)
    assert len(race.seconds[REFERENCE]) == 1
    monkeypatch.setattr(simpy_year, "play", lambda year: Totals())
    with pytest.raises(AssertionError, match="SimPy comes to"):
        simulation.race_simple(TINY, years)


def test_the_table_says_what_was_reached():
    seconds = {LUCK: [0.003], YEAR: [0.001, 0.002, 0.009], MEASURES: [0.005], "SimPy": [0.2, 0.1, 0.12]}
    races = [
        Race("simple", SMALL, 4_000, seconds, {"ciw": "not installed: ciw"}),
        Race("simple", LARGE, 40_000, seconds, {}),
    ]
    text = simulation.report(races, [Many("simple", SMALL, 100, 1.0, 2.0, 3_000_000, 2_000_000)], (9.0, 4.0))
    assert "| 1,000 x 20 | simple | 4,000 | SimPy | 3 | 120.00 | 60 | 60 reached | 12 |" in text
    assert "| 20,000 x 200 | simple | 40,000 | SimPy | 3 | 120.00 | 60 | 120 **missed** | 12 |" in text
    assert "| ciw | not installed: ciw |" in text
    assert "| 1,000 x 20 | simple | 100 | 1.0 | 10.00 | 2.0 | 3 (2) |" in text
    assert "takes 9.0 s with nothing compiled yet, then 4.0 s" in text


def test_many_years_are_counted():
    found = simulation.play_many("simple", TINY, 3)
    assert (found.company, found.replications) == ("simple", 3)
    assert found.memory >= found.memory_before > 0
