"""A block of simulated years: lived through by one worker, boiled down to what an outcome needs of it."""

import dataclasses
import time
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from optimizer.quotas.budget import (
    GRADES,
    cost_grades,
    improvement_grades,
    sales_grades,
    satisfaction_grades,
)
from simulation.accounting.credited import credited, joined
from simulation.accounting.measures import Measures, measure
from simulation.accounting.yardstick import Yardstick
from simulation.company.year import Year
from simulation.company.year import play as play_year
from simulation.luck.fate import draw
from simulation.paying.pay import pay
from simulation.paying.results import Results
from simulation.replicating.controls import Controls
from simulation.replicating.distributions import Codes, Moments, codes_of
from simulation.world.world import World

Numbers = NDArray[np.float64]

BLOCK = 32
"""Years in a block. What an outcome says depends on it in the last digits, so it is no option."""

MEANS = frozenset({"filled", "effort"})
"""Measures of reps that a team has on average; of all others it has the sum."""

OF_COMPANY = frozenset(
    {
        *("house_bookings", "house_collected", "house_content", "house_served"),
        *("capacity_by_month", "worked_by_month", "unserved_by_month"),
    }
)
"""Measures of the company by quarter or month; of all others those that have an axis are of reps."""

OF_CONTENT = frozenset({"content", "served", "house_content", "house_served"})
"""Measures of which only the ratio is kept: the satisfaction of units by quarter."""

SHAPED = ("attainment", "collected", "pay", "cost")
"""Distributions: bookings and collections over quota, pay over pay at quota, cost over budget."""

RATIO = "_ratio"
"""Behind the name of moments of what is a share of something asked for."""


@dataclass(frozen=True, eq=False)
class Rows:
    """What every rep had in every year.

    Parameters
    ----------
    measures
        Years first.
    pay
        Total pay with base, money, [years, reps].
    others_pay
        That of specialists and staff, in the order of the payroll, money, [years, others].
    """

    measures: Measures
    pay: Numbers
    others_pay: Numbers

    def first(self, years: int) -> "Rows":
        """Give those of the first so many years."""
        fields = (field.name for field in dataclasses.fields(Measures))
        return Rows(
            Measures(**{name: getattr(self.measures, name)[:years] for name in fields}),
            self.pay[:years],
            self.others_pay[:years],
        )


@dataclass(frozen=True, eq=False)
class Block:
    """What is kept of some years, one after the other.

    Parameters
    ----------
    years
        Figures of the company by name, [years].
    controls
        Of each year, [years, controls].
    moments
        By name, over [units] or [units, quarters], or as the measure of that name is.
    codes
        Classes of values over what was asked, by `SHAPED`: [years, units, quarters + 1] (the year last) or
        [years, units]; their moments are under the name with `RATIO` behind it.
    grades
        Years with each grade, [units, what is graded, grades], as of `optimizer.quotas.budget.GRADED`.
    misses
        Years in which a unit misses what is asked of it, of all years and of those in which the company
        misses its target, [2, units, quarters + 1].
    rows
        Only where they were asked for.
    seconds
        Time it took the worker.
    """

    years: dict[str, Numbers]
    controls: Numbers
    moments: dict[str, Moments]
    codes: dict[str, Codes]
    grades: NDArray[np.int64]
    misses: NDArray[np.int64]
    rows: Rows | None
    seconds: float


@dataclass(frozen=True, eq=False)
class Job:
    """What blocks of a run have in common: all that a worker has to be told besides which years.

    Parameters
    ----------
    world, yardstick
        What is lived in and what it is held against.
    seed
        Name of the luck.
    controls
        What to observe beside the measures; none where nothing is.
    rows
        Whether to keep what every rep had in every year.
    """

    world: World
    yardstick: Yardstick
    seed: int
    controls: Controls | None = None
    rows: bool = False


def play_together(jobs: Sequence[Job], first: int, last: int) -> list[Block]:
    """Live through the years `first` to `last` - 1 in worlds of one luck, which is drawn once a year."""
    began = time.perf_counter()
    lived = [_Lived(job) for job in jobs]
    for number in range(first, last):
        fate = draw(jobs[0].world, jobs[0].seed, number)
        for one in lived:
            one.add(play_year(one.job.world, fate))
    blocks = [one.boiled_down() for one in lived]
    seconds = (time.perf_counter() - began) / len(jobs)
    return [dataclasses.replace(block, seconds=seconds) for block in blocks]


class _Lived:
    """Years of a job, measured and credited one after the other."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self._measured: list[Measures] = []
        self._counted: list[Results] = []
        self._controls: list[Numbers] = []

    def add(self, year: Year) -> None:
        """Take note of a year."""
        job, held = self.job, self.job.yardstick
        self._measured.append(measure(job.world, year))
        self._counted.append(credited(job.world, year, held.roll, held.sharing))
        self._controls.append(np.empty(0) if job.controls is None else job.controls.values(job.world, year))

    def boiled_down(self) -> Block:
        """Give what is kept of the years."""
        held, measures = self.job.yardstick, Measures.stacked(self._measured)
        found = boil_down(measures, joined(self._counted, measures, held), held, rows=self.job.rows)
        return dataclasses.replace(found, controls=np.stack(self._controls))


def boil_down(measures: Measures, results: Results, held: Yardstick, *, rows: bool = False) -> Block:
    """Compute what is kept of years, pay included; a function of their measures and of what was credited."""
    roll = held.roll
    everybody = pay(roll.scheme, roll.people, results, roll.year, roll.starts).total / 100
    paid, others = everybody[:, : len(held.reps)], everybody[:, len(held.reps) :]
    staff = others.sum(axis=1)
    tables = _by_unit(measures, paid, staff, held)
    bookings = _with_year(tables["bookings"])
    asked = _with_year(held.asked)
    asked[-1, -1] = held.target
    ratios = {
        "attainment": _over(bookings, asked),
        "collected": _over(tables["collected"].sum(axis=2), asked[:, -1]),
        "pay": _over(tables["pay"], held.target_pay),
        "cost": _over(tables["cost"], held.budget),
    }
    content = _over(tables["content"], tables["served"])
    improvement = _over(bookings, _with_year(held.before)) - 1
    short = np.where(asked > 0, np.maximum(asked - bookings, 0.0), 0.0)
    missed = short > 0
    off_target = missed[:, -1, -1]
    named = {
        **{name: table for name, table in tables.items() if name not in OF_CONTENT},
        **{name + RATIO: ratio for name, ratio in ratios.items()},
        "unit_satisfaction": content,
        "short": short,
        "short_when_missed": np.where(off_target[:, None, None], short, 0.0),
    }
    return Block(
        years=_company(measures, tables, ratios["attainment"], held),
        controls=np.empty((len(paid), 0)),
        moments={name: Moments.of(table) for name, table in named.items()},
        codes={name: codes_of(ratio) for name, ratio in ratios.items()},
        grades=np.stack(
            [
                _counted(sales_grades(ratios["attainment"][..., -1], held.grades)),
                _counted(cost_grades(ratios["cost"] - 1, held.grades)),
                _counted(satisfaction_grades(content[..., -1], held.grades)),
                _counted(improvement_grades(_of_teams(improvement[..., -1], held), held.grades)),
            ],
            axis=1,
        ),
        misses=np.stack([missed.sum(axis=0), missed[off_target].sum(axis=0)]),
        rows=Rows(measures, paid, others) if rows else None,
        seconds=0.0,
    )


def _by_unit(measures: Measures, paid: Numbers, staff: Numbers, held: Yardstick) -> dict[str, Numbers]:
    """Give everything that is measured, of units where reps have it; others as they are."""
    tables = {}
    for field in dataclasses.fields(Measures):
        values: Numbers = getattr(measures, field.name)
        of_reps = values.ndim > 1 and field.name not in OF_COMPANY
        tables[field.name] = _united(field.name, values, held) if of_reps else values
    for name in ("bookings", "collected", "content", "served"):
        tables[name][:, -1] += getattr(measures, f"house_{name}")
    tables["pay"] = held.of_units(paid)
    tables["pay"][:, -1] += staff
    tables["cost"] = _cost(tables, measures, paid, held)
    tables["cost"][:, -1] += staff
    return tables


def _united(name: str, values: Numbers, held: Yardstick) -> Numbers:
    """Add up over the reps of each unit, or average over those of whom there is something to say."""
    if name not in MEANS:
        return held.of_units(values)
    there = ~np.isnan(values)
    count = held.of_units(there.astype("float64"))
    total = held.of_units(np.where(there, values, 0.0))
    return np.divide(total, count, out=np.full(total.shape, np.nan), where=count > 0)


def _cost(tables: dict[str, Numbers], measures: Measures, paid: Numbers, held: Yardstick) -> Numbers:
    """Add up what selling cost: pay, hours on the road at what they cost, and the budget's other rates."""
    travel = held.travel_rates * measures.road_hours
    here = np.average(measures.filled, axis=2, weights=held.days)
    cost = held.of_units(paid + travel + held.per_rep * here)
    cost += held.share_of_sales * tables["bookings"].sum(axis=2)
    cost[:, -1] += held.fixed
    return cost


def _company(
    measures: Measures, tables: dict[str, Numbers], attainment: Numbers, held: Yardstick
) -> dict[str, Numbers]:
    """Give the company's figures of each year."""
    reps = len(held.reps)
    bookings, pay_ = tables["bookings"][:, -1].sum(axis=1), tables["pay"][:, -1]
    of_reps = attainment[:, :reps, -1]
    of_reps = of_reps[:, ~np.isnan(of_reps).all(axis=0)]
    promised = tables["visits_due"][:, -1] + measures.unserved_visits
    found = {
        "bookings": bookings,
        "collected": tables["collected"][:, -1].sum(axis=1),
        "reached_target": (bookings >= held.target).astype("float64"),
        "attainment": bookings / held.target,
        "share_at_quota": _mean_of_rows(of_reps >= 1),
        "pay": pay_,
        "cost_of_sales": _over(pay_, bookings),
        "satisfaction": measures.satisfaction,
        "visits_kept": _over(tables["visits_made"][:, -1], promised),
        "spread": _spread(of_reps),
        "cost": tables["cost"][:, -1],
    }
    for quarter in range(tables["bookings"].shape[2]):
        found[f"bookings_{quarter + 1}"] = tables["bookings"][:, -1, quarter]
    for field in dataclasses.fields(Measures):
        if field.name in OF_CONTENT:
            continue
        table = tables[field.name]
        of_units = table.ndim > 1 and table.shape[1] == len(held.units)
        total = table[:, -1] if of_units else table
        total = total.reshape(len(total), -1)
        mean = field.name in MEANS
        found.setdefault(field.name, np.mean(total, axis=1) if mean else total.sum(axis=1))
    return found


def _with_year(by_quarter: Numbers) -> Numbers:
    """Put the year's sum behind the quarters."""
    return np.concatenate([by_quarter, by_quarter.sum(axis=-1, keepdims=True)], axis=-1)


def _of_teams(values: Numbers, held: Yardstick) -> Numbers:
    """Leave out what is said of single reps, whose customers change."""
    return np.where(np.arange(values.shape[1]) < len(held.reps), np.nan, values)


def _over(part: Numbers, whole: Numbers) -> Numbers:
    whole = np.broadcast_to(whole, part.shape)
    return np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole > 0)


def _counted(grade: NDArray[np.int64]) -> NDArray[np.int64]:
    """Count years by unit and grade."""
    return (grade[..., None] == np.arange(len(GRADES))).sum(axis=0)


def _mean_of_rows(flags: NDArray[np.bool_]) -> Numbers:
    if flags.shape[1] == 0:
        return np.full(len(flags), np.nan)
    mean: Numbers = flags.mean(axis=1)
    return mean


def _spread(attainment: Numbers) -> Numbers:
    """Give p90 - p10 over reps, year by year."""
    if not attainment.size:
        return np.full(len(attainment), np.nan)
    p10, p90 = np.quantile(attainment, [0.1, 0.9], axis=1)
    return np.asarray(p90 - p10)
