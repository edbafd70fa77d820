"""Other machines: a real Dask scheduler with two workers on this one, Ray where it is installed, and none."""

import json
import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from evenfield.machines import machines
from scenarios import InputError
from simulation import simulate
from simulation.replicating.blocks import BLOCK

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


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """Start `dask scheduler` and two times `dask worker` as a user would; gives the address."""
    pytest.importorskip("distributed")
    folder = tmp_path_factory.mktemp("cluster")
    address = f"tcp://127.0.0.1:{port_that_is_free()}"
    environment = {**os.environ, "PYTHONPATH": str(HERE)}
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
        yield _with_workers(address, 2)
    finally:
        for process in reversed(begun):
            process.terminate()
        for process in begun:
            process.wait(timeout=60)


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
