"""Blocks put together: memory that hardly grows with the years, and figures of all of them in order."""

import copy
import tracemalloc

import numpy as np
from made_up_years import held_against, measures_of, results_of

from simulation.replicating.blocks import BLOCK, Job, boil_down
from simulation.replicating.gathering import Gathering

REPS = {f"r{i}": 25.0 for i in range(60)}


def block_of(rng):
    measures = measures_of(rng.lognormal(3.2, 0.3, (BLOCK, len(REPS), 4)))
    return boil_down(measures, results_of(measures), held_against(REPS, 6000.0))


def grown(gathered, blocks, times):
    """Bytes that are held after adding blocks over and over, above those before."""
    before = tracemalloc.get_traced_memory()[0]
    for _ in range(times):
        gathered.add(copy.deepcopy(blocks[0]))
    return tracemalloc.get_traced_memory()[0] - before


def test_memory_hardly_grows_with_the_years():
    # Rows of 60 reps would be 60 x (3 x 4 + 5) x 8 = 8 kilobytes a year; the company's figures are 40 columns
    blocks = [block_of(np.random.default_rng(1))]
    gathered = Gathering(Job(None, held_against(REPS, 6000.0), 1))
    gathered.add(blocks[0])
    tracemalloc.start()
    try:
        grown(gathered, blocks, 10)
        held = grown(gathered, blocks, 300)
        years = gathered.years()
        table = years.to_numpy().nbytes
    finally:
        tracemalloc.stop()
    assert gathered.count == len(years) == 311 * BLOCK
    assert held < 300 * BLOCK * 520
    assert table < 311 * BLOCK * 400


def test_years_stand_in_the_order_in_which_blocks_came():
    rng = np.random.default_rng(2)
    gathered, blocks = Gathering(Job(None, held_against(REPS, 6000.0), 1)), [block_of(rng) for _ in range(3)]
    for block in blocks:
        gathered.add(block)
    bookings = np.concatenate([block.years["bookings"] for block in blocks])
    assert gathered.years()["bookings"].tolist() == bookings.tolist()
    assert gathered.years().index.tolist() == list(range(3 * BLOCK))
