"""Finished blocks on disk, so that a run that was killed goes on where it was."""

import dataclasses
import hashlib
import io
import os
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import optimizer
import scenarios
from optimizer import Plan
from scenarios import InputError, Problem, Scenario
from simulation.accounting.measures import Measures
from simulation.replicating.blocks import BLOCK, Block, Job, Rows
from simulation.replicating.distributions import Moments

ENDING = ".years.npz"

DIGEST = hashlib.sha256().digest_size
"""Bytes at the end of a file: the SHA-256 of all before them, so that no damage goes unseen."""


class Keep:
    """A folder with finished blocks of one run; blocks of others in it are left alone.

    Parameters
    ----------
    folder
        Made if it is not there.
    key
        Of the run, as of `key_of`: a block with another one is not this run's.

    Raises
    ------
    InputError
        If the folder cannot be made.
    """

    def __init__(self, folder: Path, key: str) -> None:
        self.folder, self.key = folder, key
        self.taken = self.damaged = 0
        self.full = ""
        self.kin = {key[:16]}
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            remedy = f"finished years cannot be kept here ({error.strerror}); name another folder"
            raise InputError([Problem("keep", str(folder), remedy)]) from None

    def is_with(self, others: Iterable["Keep"]) -> None:
        """Take note of who else plays at the same time; their blocks are no strangers."""
        self.kin |= {other.key[:16] for other in others}

    def has(self, first: int, last: int) -> bool:
        """Say whether there is a file for a block."""
        return self._file(first, last).exists()

    def years(self) -> int:
        """Give the number of years of this run that are in the folder."""
        names = [file.name.removesuffix(ENDING) for file in self.folder.glob(f"{self.key[:16]}-*{ENDING}")]
        spans = [name.split("-")[1:] for name in names]
        return sum(int(last) - int(first) for first, last in spans)

    def load(self, first: int, last: int) -> Block | None:
        """Give a block if it was finished before; one that is damaged or another run's is none."""
        try:
            block = self._whole(self._file(first, last).read_bytes())
        except OSError:
            block = None
        if block is None:
            self.damaged += 1
            return None
        self.taken += 1
        return block

    def save(self, first: int, last: int, block: Block) -> None:
        """Write a block under another name and give it its own when it is whole.

        Where the disk is full or gone, the run goes on without; `notes` says so.
        """
        if self.full:
            return
        file = self._file(first, last)
        begun = file.with_name(f"{file.name}.{os.getpid()}.tmp")
        try:
            content = io.BytesIO()
            arrays: dict[str, Any] = {"key": np.array(self.key), **dict(_written(block))}
            np.savez(content, **arrays)
            begun.write_bytes(content.getvalue() + hashlib.sha256(content.getvalue()).digest())
            begun.replace(file)
        except OSError as error:
            self.full = error.strerror or str(error)
            begun.unlink(missing_ok=True)

    def notes(self) -> list[str]:
        """Say what was found in the folder."""
        others = sum(f.name[:16] not in self.kin for f in self.folder.glob(f"*{ENDING}"))
        said = []
        if self.taken:
            said.append(f"{self.taken} finished block{_s(self.taken)} of years taken from {self.folder}.")
        if self.damaged:
            said.append(f"{self.damaged} damaged block{_s(self.damaged)} in {self.folder} simulated anew.")
        if others:
            said.append(
                f"{others} block{_s(others)} in {self.folder} of another scenario, plan, seed or version of"
                " Evenfield left alone; delete them if you do not need them."
            )
        if self.full:
            said.append(f"Finished years could not be kept in {self.folder} any more ({self.full}).")
        return said

    def _whole(self, written: bytes) -> Block | None:
        """Read a block, once it is clear that it is as it was written and of this run."""
        content, digest = written[:-DIGEST], written[-DIGEST:]
        if hashlib.sha256(content).digest() != digest:
            return None
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            if str(arrays["key"]) != self.key:
                return None
            return _read({name: arrays[name] for name in arrays.files})

    def _file(self, first: int, last: int) -> Path:
        return self.folder / f"{self.key[:16]}-{first:07d}-{last:07d}{ENDING}"


def key_of(scenario: Scenario, plan: Plan, job: Job) -> str:
    """Give the name of a run: SHA-256 in hex of everything its blocks depend on.

    That is the scenario, owners and quotas of the plan, a user's own rule of effort, the seed, what is
    observed, the size of a block, and the program itself, source file by source file.
    """
    content = hashlib.sha256()
    owner, quota = plan.owner.loc[scenario.customers.index], plan.quota.loc[scenario.reps.index]
    controls = () if job.controls is None else job.controls.names
    heads = (scenario.digest, job.seed, controls, job.rows, BLOCK, np.__version__, _program())
    for part in (heads, *owner.astype("str").items(), tuple(quota.columns)):
        content.update(repr(part).encode())
    content.update(np.ascontiguousarray(quota.to_numpy(), dtype="<f8").tobytes())
    content.update(repr(sorted(map(tuple, plan.support.astype("str").reset_index().to_numpy()))).encode())
    if job.world.effort.own:
        content.update(job.world.effort.effort.astype("<f8").tobytes())
    return content.hexdigest()


@cache
def _program() -> str:
    """Give a hash of the source files that years depend on."""
    content = hashlib.sha256()
    for package in (
        Path(__file__).parents[1],
        *(Path(str(p.__file__)).parent for p in (optimizer, scenarios)),
    ):
        for file in sorted(package.rglob("*.py")):
            content.update(f"{package.name}/{file.relative_to(package).as_posix()}\n".encode())
            content.update(file.read_bytes())
    return content.hexdigest()


def _written(block: Block) -> Iterator[tuple[str, NDArray[Any]]]:
    yield from (("names", np.array(list(block.years))), ("years", np.stack(list(block.years.values()))))
    yield from ((f"codes/{name}", codes) for name, codes in block.codes.items())
    yield from ((f"moments/{name}", moments.stacked()) for name, moments in block.moments.items())
    yield from (("grades", block.grades), ("misses", block.misses), ("controls", block.controls))
    yield "seconds", np.array(block.seconds)
    if block.rows is not None:
        yield from (("pay", block.rows.pay), ("others_pay", block.rows.others_pay))
        measures = block.rows.measures
        yield from ((f"rows/{f.name}", getattr(measures, f.name)) for f in dataclasses.fields(Measures))


def _read(arrays: dict[str, NDArray[Any]]) -> Block:
    def of(kind: str) -> dict[str, NDArray[Any]]:
        return {name[len(kind) + 1 :]: a for name, a in arrays.items() if name.startswith(f"{kind}/")}

    rows = None
    if "pay" in arrays:
        rows = Rows(Measures(**of("rows")), arrays["pay"], arrays["others_pay"])
    return Block(
        years=dict(zip(map(str, arrays["names"]), arrays["years"], strict=True)),
        controls=arrays["controls"],
        moments={name: Moments.unstacked(parts) for name, parts in of("moments").items()},
        codes=of("codes"),
        grades=arrays["grades"],
        misses=arrays["misses"],
        rows=rows,
        seconds=float(arrays["seconds"]),
    )


def _s(count: int) -> str:
    return "" if count == 1 else "s"
