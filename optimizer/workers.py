"""Work for several processes, here or on a cluster: in order, and none outlives the process that asked."""

import multiprocessing
import os
import threading
import time
import warnings
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from itertools import islice
from typing import Any, TypeVar

from joblib import Parallel, delayed, effective_n_jobs
from joblib.externals.loky.process_executor import TerminatedWorkerError
from joblib.parallel import LokyBackend, get_active_backend

from scenarios import WorkerKilled

Answer = TypeVar("Answer")

SECONDS = 1.0
"""Between two looks whether the parent of a worker, or the workers of a cluster, are still there."""

PATIENCE = 60.0
"""Seconds a cluster may be without any worker; killed ones are often begun again."""

AHEAD = 2
"""Jobs a worker of a cluster has at hand."""

LOST = {
    ("distributed", "KilledWorker"),
    ("distributed", "CommClosedError"),
    ("distributed", "FutureCancelledError"),
    ("distributed", "FuturesCancelledError"),
    ("ray", "RayActorError"),
    ("ray", "ActorDiedError"),
    ("ray", "ActorUnavailableError"),
    ("ray", "WorkerCrashedError"),
    ("ray", "OutOfMemoryError"),
    ("ray", "NodeDiedError"),
}
"""What clusters raise when a worker, or the way to it, is gone: package and name; none need be installed."""


def side_by_side(
    work: Callable[..., Answer], jobs: Iterable[tuple[Any, ...]], workers: int
) -> Generator[Answer, None, None]:
    """Do jobs on any number of workers and give the answers in the order of the jobs.

    Closed before its end, it lets the rest of the work go.

    Parameters
    ----------
    work
        What to do with the arguments of each job; importable by name.
    jobs
        Taken as workers become free.
    workers
        Processes on this machine, 1 for this very one; inside `joblib.parallel_config` those of its backend.

    Raises
    ------
    WorkerKilled
        If a worker was killed from outside.
    """
    if workers == 1:
        yield from (work(*job) for job in jobs)
        return
    backend = get_active_backend()[0]
    try:
        if type(backend).__name__ == "DaskDistributedBackend":
            yield from _on_dask(backend.client, work, jobs, workers)
        elif backend.supports_return_generator:
            yield from _streamed(work, jobs, workers)
        else:
            yield from _in_batches(work, iter(jobs), workers)
    except TerminatedWorkerError:
        raise WorkerKilled from None
    except Exception as error:
        if (type(error).__module__.split(".")[0], type(error).__name__) in LOST:
            raise WorkerKilled(of_cluster=True) from None
        raise


def begins_processes() -> bool:
    """Say whether several workers are processes of this machine that have yet to be begun."""
    return isinstance(get_active_backend()[0], LokyBackend)


def end_with_parent() -> None:
    """Let this process end as soon as the one that began it is gone, however that ended."""
    parent = multiprocessing.parent_process()
    if parent is not None and parent.pid is not None:
        threading.Thread(target=_end_without, args=(parent.pid,), daemon=True).start()


def _streamed(
    work: Callable[..., Answer], jobs: Iterable[tuple[Any, ...]], workers: int
) -> Generator[Answer, None, None]:
    here = {"initializer": end_with_parent} if begins_processes() else {}
    found = Parallel(n_jobs=workers, return_as="generator", **here)(delayed(work)(*job) for job in jobs)
    try:
        for answer in found:  # noqa: UP028 - so that it is we who close it
            yield answer
    finally:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # joblib regrets the work an interruption wastes
            found.close()


def _on_dask(
    client: Any, work: Callable[..., Answer], jobs: Iterable[tuple[Any, ...]], workers: int
) -> Generator[Answer, None, None]:
    """Ask Dask itself: joblib waits forever for a job whose worker was killed."""
    ahead: deque[Any] = deque()
    many = AHEAD * (effective_n_jobs(-1) if workers == -1 else workers)
    try:
        for job in jobs:
            with warnings.catch_warnings():
                warnings.filterwarnings("ignore", "Sending large graph")
                ahead.append(client.submit(work, *job, pure=False))
            if len(ahead) >= many:
                yield _awaited(client, ahead.popleft())
        while ahead:
            yield _awaited(client, ahead.popleft())
    finally:
        client.cancel(list(ahead))


def _awaited(client: Any, future: Any) -> Any:
    """Wait for an answer as long as there are workers, or some may come back."""
    done, last_seen = threading.Event(), time.monotonic()
    future.add_done_callback(lambda _: done.set())
    while True:
        if done.wait(SECONDS) or future.done():
            try:
                return future.result(timeout=max(PATIENCE, SECONDS))
            except TimeoutError:
                if future.status == "error":  # the work's own; else its worker was lost with the answer
                    raise
        if client.ncores():
            last_seen = time.monotonic()
        elif time.monotonic() - last_seen > PATIENCE:
            raise WorkerKilled(of_cluster=True)


def _in_batches(
    work: Callable[..., Answer], jobs: Iterator[tuple[Any, ...]], workers: int
) -> Generator[Answer, None, None]:
    while some := list(islice(jobs, 4 * effective_n_jobs(workers))):
        yield from Parallel(n_jobs=workers)(delayed(work)(*job) for job in some)


def _end_without(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(SECONDS)
    os._exit(1)
