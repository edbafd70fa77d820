"""Workers: answers in order, killed ones are said in words, and none outlives the process that began it."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from joblib import parallel_config

from benchmarks.instances import planning
from optimizer.core import search as searching
from optimizer.core.engines import assign
from optimizer.workers import side_by_side
from scenarios import WorkerKilled

HERE = Path(__file__).parents[2]
PATIENCE = 120
"""Seconds until what should happen in a few counts as not happening."""

CALLS_HOME = """
import os, socket, sys, time

from optimizer.workers import side_by_side

def calls_home(number, port, busy):
    line = socket.create_connection(("127.0.0.1", port))
    line.sendall(f"{os.getpid()} ".encode())
    calls_home.line = line
    while busy:
        sum(range(1000))

if __name__ == "__main__":
    port, busy = int(sys.argv[1]), sys.argv[2] == "busy"
    for _ in side_by_side(calls_home, [(number, port, busy) for number in range(2)], 2):
        pass
    time.sleep(1000)
"""


def square(number):
    return number * number


def dies(number, here):
    if number == 3 and os.getpid() != here:
        os._exit(9)
    return number


@pytest.mark.parametrize("workers", [1, 2])
def test_answers_come_in_the_order_of_the_jobs(workers):
    assert list(side_by_side(square, ((n,) for n in range(20)), workers)) == [n * n for n in range(20)]


def test_a_backend_that_gives_all_answers_at_once_gives_them_in_order_too():
    with parallel_config(backend="multiprocessing"):
        assert list(side_by_side(square, ((n,) for n in range(20)), 2)) == [n * n for n in range(20)]


def test_a_killed_worker_is_said_in_words_and_the_next_ones_work():
    with pytest.raises(WorkerKilled, match=r"killed, often for want of memory\. Run .* fewer workers"):
        list(side_by_side(dies, ((n, os.getpid()) for n in range(6)), 2))
    assert list(side_by_side(square, ((n,) for n in range(3)), 2)) == [0, 1, 4]


def test_an_error_of_the_work_itself_comes_out_as_it_is():
    with pytest.raises(TypeError, match="can't multiply"):
        list(side_by_side(square, [("a",), ("b",)], 2))


def test_a_worker_killed_while_planning_is_said_in_words(monkeypatch):
    here, real = os.getpid(), searching.anneal

    def dies_elsewhere(*job):
        if os.getpid() != here:
            os._exit(9)
        return real(*job)

    for name, small in (("WHOLE", 50), ("PART_UNITS", 50), ("PART_REPS", 5), ("anneal", dies_elsewhere)):
        monkeypatch.setattr(searching, name, small)
    problem = planning(200, 20, candidates=6, seed=3, hours_tolerance=0.2).problem
    with pytest.raises(WorkerKilled) as caught:
        assign(problem, engine="search", work_limit=2e6, gap=0.0, workers=2)
    assert caught.value.kept is None


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="nothing is killed like that here")
@pytest.mark.parametrize("when", ["busy", "idle"])
def test_workers_end_when_their_parent_is_killed(when, tmp_path):
    """Each worker holds a line to us, which closes when it ends, however it does."""
    program = tmp_path / "calls_home.py"
    program.write_text(CALLS_HOME, encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(PATIENCE)
        command = [sys.executable, str(program), str(server.getsockname()[1]), when]
        environment = {**os.environ, "PYTHONPATH": str(HERE)}
        with subprocess.Popen(command, env=environment) as parent:
            lines, workers = [], []
            try:
                for _ in range(2):
                    line, _ = server.accept()
                    line.settimeout(PATIENCE)
                    lines.append(line)
                    workers.append(int(line.recv(20)))
                assert parent.pid not in workers
                parent.kill()
                assert parent.wait(PATIENCE) == -signal.SIGKILL
                assert [line.recv(1) for line in lines] == [b"", b""]
                workers.clear()
            finally:
                parent.kill()
                for line in lines:
                    line.close()
                for worker in set(workers):
                    os.kill(worker, signal.SIGKILL)
