"""A run that is killed without warning goes on where it was, and ends as if nothing had happened."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from optimizer import todays_book
from scenarios import read
from simulation import simulate
from simulation.replicating.blocks import BLOCK

HERE = Path(__file__).parents[2]
YEARS = 6 * BLOCK
RUN = """
import sys
from pathlib import Path
from optimizer import todays_book
from scenarios import read
from simulation import simulate

town = read("two_towns")
simulate(town, todays_book(town), replications=int(sys.argv[1]), keep=Path(sys.argv[2]))
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing is killed like that here")
def test_killed_in_the_middle_it_goes_on_and_ends_with_the_same_digest(tmp_path):
    kept = tmp_path / "years"
    command = [sys.executable, "-c", RUN, str(50 * YEARS), str(kept)]
    running = subprocess.Popen(command, cwd=HERE, env={**os.environ, "PYTHONPATH": str(HERE)})
    until = time.monotonic() + 120
    while len(list(kept.glob("*.npz"))) < 2:
        assert running.poll() is None
        assert time.monotonic() < until
        time.sleep(0.01)
    running.send_signal(signal.SIGKILL)
    assert running.wait(timeout=60) == -signal.SIGKILL
    finished = len(list(kept.glob("*.npz")))
    (kept / "half-a-block.years.npz.1.tmp").write_bytes(b"what a kill in the middle of writing leaves")
    town = read("two_towns")
    on = simulate(town, todays_book(town), replications=YEARS, keep=kept)
    whole = simulate(town, todays_book(town), replications=YEARS)
    assert on.digest == whole.digest
    taken = min(finished, 6)
    assert on.notes[0] == f"{taken} finished blocks of years taken from {kept}."
