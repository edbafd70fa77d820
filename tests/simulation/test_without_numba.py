"""The kernel is plain Python where nobody compiles it: the same year, bit by bit."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
YEARS = """
import hashlib, sys
import numpy as np
from random_years import any_company
from simulation.luck.fate import draw
from simulation.world.world import world_of
from simulation.company.year import play

told = hashlib.sha256()
for seed, replication in ((1, 0), (2, 0), (3, 0), (342, 2)):
    world = world_of(*any_company(seed))
    for record in play(world, draw(world, seed, replication)).records:
        told.update(record.tobytes())
print(told.hexdigest())
"""


def told(**environment):
    paths = os.pathsep.join([str(ROOT), str(ROOT / "tests" / "support")])
    run = subprocess.run(
        [sys.executable, "-c", YEARS],
        env={**os.environ, "PYTHONPATH": paths, **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return run.stdout


def test_plain_python_tells_the_same_year_to_the_last_bit():
    compiled = told()
    assert compiled != hashlib.sha256().hexdigest() + "\n"  # something was told
    assert told(NUMBA_DISABLE_JIT="1") == compiled
