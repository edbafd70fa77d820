"""Other machines to work on: an existing Dask cluster, or Ray."""

import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from joblib import effective_n_jobs, parallel_config

from scenarios import InputError, Problem

PLACE = "--cluster"
SECONDS = 10
"""Patience with a scheduler that does not answer."""


@contextmanager
def machines(cluster: str | None, workers: int) -> Iterator[int]:
    """Let what is done inside work on a cluster; yields how many may work at once.

    Parameters
    ----------
    cluster
        Address of a Dask scheduler such as tcp://scheduler:8786; "ray" for a Ray begun here,
        ray://head:10001 for one that runs; none for processes on this machine.
    workers
        Processes on this machine, where there is no cluster; of a cluster all take part.

    Raises
    ------
    InputError
        If there is none at this address, or what it needs is not installed.
    """
    if cluster is None:
        yield workers
        return
    with ExitStack() as stack:
        backend = _open_ray(stack, cluster) if cluster.startswith("ray") else _open_dask(stack, cluster)
        stack.enter_context(parallel_config(backend=backend, n_jobs=-1))
        yield effective_n_jobs(-1)


def _open_dask(stack: ExitStack, address: str) -> str:
    try:
        from distributed import Client
    except ImportError:
        raise _problem(address, "needs Dask: pip install 'evenfield[cluster]'") from None
    connected: Any = Client
    stack.enter_context(_silent("distributed", "distributed.client"))
    try:
        client = stack.enter_context(connected(address, timeout=SECONDS))
        some = client.scheduler_info()["workers"]
    except (OSError, TimeoutError, ValueError) as error:
        raise _problem(
            address, f"no Dask scheduler answers there ({type(error).__name__}); start one"
        ) from None
    if not some:
        raise _problem(address, "this cluster has no workers; start some with `dask worker ADDRESS`")
    return "dask"


@contextmanager
def _silent(*names: str) -> Iterator[None]:
    """Leave it to our own words to say what went wrong, instead of to these logs."""
    levels = {log: log.level for log in map(logging.getLogger, names)}
    for log in levels:
        log.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for log, level in levels.items():
            log.setLevel(level)


def _open_ray(stack: ExitStack, address: str) -> str:
    try:
        import ray
        from ray.util.joblib import register_ray
    except ImportError:
        raise _problem(address, "needs Ray: pip install ray") from None
    try:
        ray.init(address=None if address == "ray" else address, log_to_driver=False)
    except (OSError, ConnectionError, ValueError) as error:
        raise _problem(address, f"no Ray answers there ({type(error).__name__}); start one") from None
    stack.callback(ray.shutdown)
    register_ray()
    return "ray"


def _problem(address: str, remedy: str) -> InputError:
    return InputError([Problem(PLACE, address, remedy)])
