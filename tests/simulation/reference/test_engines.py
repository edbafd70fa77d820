"""Both engines tell the same year, record by record, whatever the company and its luck."""

import itertools

from hypothesis import example, given
from hypothesis import strategies as st
from random_years import any_company

from simulation.accounting.journal import What
from simulation.company.year import live_a_year
from simulation.luck.fate import draw
from simulation.reference import live_by_the_book
from simulation.world.world import world_of


@given(seed=st.integers(0, 999_999), replication=st.integers(0, 9))
@example(seed=0, replication=0)
@example(seed=41, replication=0)  # reps who play with time, as in the next two
@example(seed=273, replication=1)
@example(seed=342, replication=2)
@example(seed=98588, replication=0)  # two moves of a customer on one day
@example(seed=377, replication=0)  # a visit in hand at the end, of a customer who has moved
def test_both_engines_tell_the_same_year(seed, replication):
    here = world_of(*any_company(seed))
    by_the_book = sorted(
        tuple(map(float, record)) for record in live_by_the_book(here, draw(here, seed, replication))
    )
    told = sorted(map(tuple, live_a_year(here, seed, replication).records.tolist()))
    pairs = itertools.zip_longest(told, by_the_book)
    differs = next((pair for pair in pairs if pair[0] != pair[1]), None)
    assert differs is None, [record and (What(int(record[1])).name, record) for record in differs]


def test_all_that_reps_do_who_play_with_time_happens_in_such_years():
    told = live_a_year(world_of(*any_company(342)), 342, 2).journal["what"]
    kinds = range(What.HELD_BACK, What.LOST_PRESSED + 1)
    assert {int(kind) for kind in told} >= set(kinds)
