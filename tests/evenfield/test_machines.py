"""Other machines: a real Dask scheduler with two workers on this one, Ray where it is installed, and none."""

import json
import os
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from evenfield.machines import machines
from scenarios import InputError, WorkerKilled
from simulation import simulate
from simulation.replicating.blocks import BLOCK
from simulation.replicating.controls import Controls

HERE = Path(__file__).parents[2]
YEARS = 2 * BLOCK + 1


@pytest.fixture(scope="module")
def case(two_towns):
    from optimizer import todays_book

    return two_towns, todays_book(two_towns)


def port_that_is_free():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]


@contextmanager
def begun_cluster(folder):
    """Start `dask scheduler` and two times `dask worker` as a user would; gives the address and processes."""
    address = f"tcp://127.0.0.1:{port_that_is_free()}"
    environment = {
        **os.environ, "PYTHONPATH": str(HERE), "DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES": "0"
    }  # fmt: skip
    worker = ["worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder)]
    begun = []
    with (folder / "log").open("w") as log:
        for words in (
            ["scheduler", "--host", "127.0.0.1", "--port", address.split(":")[-1], "--no-dashboard"],
            [*worker, "--name", "one"],
            [*worker, "--name", "two"],
        ):
            command = [sys.executable, "-m", "dask", *words]
            begun.append(subprocess.Popen(command, cwd=folder, env=environment, stdout=log, stderr=log))
    try:
        yield _with_workers(address, 2), begun
    finally:
        for process in reversed(begun):
            process.terminate()
        for process in begun:
            try:
                process.wait(timeout=60)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Give the address of a cluster."""
    pytest.importorskip("distributed")
    with begun_cluster(tmp_path_factory.mktemp("cluster")) as (address, _):
        yield address


def _with_workers(address, count):
    """Wait until a scheduler has its workers."""
    from distributed import Client

    until = time.monotonic() + 120
    while True:
        try:
            with Client(address, timeout=5) as client:
                client.wait_for_workers(count, timeout=60)
            return address
        except (OSError, TimeoutError):
            if time.monotonic() > until:
                raise
            time.sleep(0.5)


def test_a_dask_cluster_gives_the_same_to_the_last_bit(cluster, case):
    with machines(cluster, 1) as at_once:
        together = simulate(*case, replications=YEARS, workers=at_once)
    assert at_once == 2
    alone = simulate(*case, replications=YEARS)
    assert together.digest == alone.digest
    assert together.years.equals(alone.years)


def test_the_command_line_works_on_it(cluster, run):
    words = ("simulate", "two_towns", "--replications", YEARS, "--json")
    code, there, _ = run(*words, "--cluster", cluster, "--out", "there")
    assert code == 0
    here = run(*words, "--workers", 1, "--out", "here")[1]
    there, here = ({**json.loads(answer), "seconds": 0, "workers": 0} for answer in (there, here))
    assert there == here


def test_a_worker_of_the_cluster_that_is_killed_is_said_in_words(cluster, case, tmp_path):
    here = os.getpid()

    def dies_elsewhere(world, year):
        if os.getpid() != here:
            os._exit(9)
        return np.zeros(1)

    nothing = Controls(("nothing",), dies_elsewhere, lambda world: np.zeros(1))
    simulate(*case, replications=BLOCK, controls=nothing, keep=tmp_path)
    with (
        machines(cluster, 1) as at_once,
        pytest.raises(WorkerKilled, match=f"lost workers .* {BLOCK} finished years are kept") as caught,
    ):
        simulate(*case, replications=YEARS, controls=nothing, keep=tmp_path, workers=at_once)
    assert caught.value.of_cluster


@pytest.mark.parametrize("what", ["workers", "scheduler"])
def test_a_cluster_that_is_gone_is_said_in_words(what, case, tmp_path, monkeypatch, capfd):
    pytest.importorskip("distributed")
    monkeypatch.setattr("optimizer.workers.PATIENCE", 2.0)
    monkeypatch.setattr("evenfield.machines.SECONDS", 5)
    with begun_cluster(tmp_path) as (address, (scheduler, *workers)):

        def takes_away(done, total):
            for process in workers if what == "workers" else [scheduler]:
                process.kill()
                process.wait(timeout=60)

        with machines(address, 1) as at_once, pytest.raises(WorkerKilled) as caught:
            simulate(*case, replications=50 * BLOCK, workers=at_once, progress=takes_away)
    assert caught.value.of_cluster
    assert "Traceback" not in "".join(capfd.readouterr())


def test_ray_gives_the_same_to_the_last_bit(case):
    pytest.importorskip("ray")
    with machines("ray", 1) as at_once:
        together = simulate(*case, replications=YEARS, workers=at_once)
    assert together.digest == simulate(*case, replications=YEARS).digest


def test_without_a_cluster_work_is_done_here():
    with machines(None, 3) as at_once:
        assert at_once == 3


def test_where_nobody_answers_it_says_so(run, monkeypatch):
    pytest.importorskip("distributed")
    monkeypatch.setattr("evenfield.machines.SECONDS", 1)
    for address in (f"tcp://127.0.0.1:{port_that_is_free()}", "nowhere at all"):
        code, _, err = run("simulate", "two_towns", "--cluster", address)
        assert code == 2
        assert "no Dask scheduler answers there" in err
        assert "Traceback" not in err


@pytest.mark.parametrize(("missing", "address"), [("distributed", "tcp://h:1"), ("ray", "ray")])
def test_what_has_to_be_installed_is_named(monkeypatch, missing, address):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(InputError, match="pip install"), machines(address, 1):
        pass
