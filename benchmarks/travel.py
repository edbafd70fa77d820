"""How honest the hours are: `python -m benchmarks.travel [--seeds 3] [--books 6]`.

The judge plans what the estimate only estimates: the visits of a rep's book in some weeks, put on tours from
home by OR-Tools' routing solver, within the working day or away overnight, by road or plane. What a rep
drives per visit is compared with the estimate and with plainer ones.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from benchmarks.instances import planning
from benchmarks.report import _commit, _machine
from evenfield import optimize, read
from optimizer.calling.routing import Apart, Stops, Tour, route
from optimizer.compiling.travel import WEEKS_PER_YEAR, road_factors, travel_hours
from scenarios import Scenario
from scenarios.building import Source, build
from scenarios.distance import great_circle_km

WEEKS = WEEKS_PER_YEAR / 6
"""Weeks that are routed: in them a customer with six visits a year has one."""

KM_PER_DEGREE = 111.195
ALL = 1_000_000
"""Minutes of driving that a visit left out costs: none is."""


@dataclass(frozen=True)
class Book:
    """A rep's travel in the weeks routed, hours: as driven, and as estimated in several ways.

    Parameters
    ----------
    case, rep
        Whose.
    visits
        Visits in these weeks.
    driven
        By the judge.
    estimates
        By name.
    """

    case: str
    rep: str
    visits: int
    driven: float
    estimates: dict[str, float]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print Markdown tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--books", type=int, default=6, help="reps routed of each synthetic company")
    parser.add_argument("--cases", default="", help="only cases whose name contains this")
    asked = parser.parse_args(arguments)
    lines = [
        f"{time.strftime('%Y-%m-%d')}, commit {_commit()}, {_machine()}.",
        "",
        "| case | books | visits | driven, hours a visit | estimate | bias | mean abs. error of a rep's "
        "travel | of his or her hours | distance from home | former formula | distance to centroid |",
        "|---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|",
    ]
    for name, scenario, owner in _cases(asked.seeds, asked.cases):
        reps = [str(rep) for rep in scenario.reps.index if (owner == rep).sum() > 2][: asked.books]
        if name.startswith("superstore"):
            reps = [str(rep) for rep in scenario.reps.index if (owner == rep).sum() > 2]
        books = [judged(name, scenario, owner, rep) for rep in reps]
        lines.append(_row(name, books))
        sys.stderr.write(lines[-1] + "\n")
    sys.stdout.write("\n".join(lines) + "\n")
    return 0


def judged(case: str, scenario: Scenario, owner: pd.Series, rep: str, seed: int = 0) -> Book:
    """Route some weeks of a rep's visits and set the estimates beside."""
    rng = np.random.default_rng(seed)
    book = scenario.customers[owner == rep]
    expected = book["visits_per_year"].to_numpy() * WEEKS / WEEKS_PER_YEAR
    visits = np.floor(expected + rng.random(len(book))).astype(int)
    rows = np.repeat(np.arange(len(book)), visits)
    driven = _driven(scenario, book.iloc[rows], rows, rep)
    chosen = book.index[rows]
    guesses = {"estimate": travel_hours(scenario), **_plain(scenario, book)}
    hours = {name: float(table.loc[chosen, rep].sum()) for name, table in guesses.items()}
    hours["call"] = float(book["hours_per_visit"].iloc[rows].sum())
    return Book(case, rep, len(rows), driven, hours)


def _driven(scenario: Scenario, calls: pd.DataFrame, rows: np.ndarray, rep: str) -> float:
    settings, home = scenario.travel, scenario.reps.loc[rep]
    lat = np.append(home["latitude"], calls["latitude"]).astype("float64")
    lon = np.append(home["longitude"], calls["longitude"]).astype("float64")
    km = great_circle_km(lat, lon, lat, lon)
    drive = np.rint(km * road_factors(scenario)[0] / settings.speed_km_per_hour * 60).astype(np.int64)
    drive[1:, 1:] += round(settings.hours_between_visits * 60)
    call = np.append(0, np.rint(calls["hours_per_visit"] * 60)).astype(np.int64)
    day, many = round(settings.hours_per_day * 60), len(call)
    night = round(settings.cost_per_night / settings.cost_per_hour * 60)
    too_far = 2 * drive[0] + call > day
    far = _those((km[0] > settings.overnight_beyond_km) | too_far)
    fly = _those(km[0] > settings.fly_beyond_km)
    plane = drive.copy()
    plane[0, 1:] = plane[1:, 0] = round(settings.flight_hours_one_way * 60)
    longest = settings.days_per_trip
    groups = [np.flatnonzero(rows == row) + 1 for row in np.unique(rows)]
    stops = Stops(
        drive=drive,
        call=call,
        opens=np.zeros(many, dtype=np.int64),
        closes=np.full(many, day, dtype=np.int64),
        worth=np.full(many, ALL, dtype=np.int64),
        apart=tuple(Apart(tuple(int(stop) for stop in group)) for group in groups if len(group) > 1),
    )
    for shared in (3, 2, 1):
        tours = [Tour()] * (many // min(shared, 2) + 5)
        tours += [Tour(longest, night, None, far)] * (len(far) // shared + 1) * (len(far) > 0)
        tours += [Tour(longest, night, plane, fly)] * (len(fly) // shared + 1) * (len(fly) > 0)
        made = route(stops, tours, day)
        if sum(len(tour.visits) for tour in made) == many - 1:
            return sum(tour.drive for tour in made) / 60
    raise RuntimeError(f"{rep}: some visits could not be routed")


def _plain(scenario: Scenario, book: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Estimate as others do: a trip from home for each visit; four visits a trip; around the centroid."""
    settings, reps = scenario.travel, scenario.reps
    way = great_circle_km(book["latitude"], book["longitude"], reps["latitude"], reps["longitude"])
    by_road = 2 * way * road_factors(scenario)[0] / settings.speed_km_per_hour
    weight = book["visits_per_year"] / book["visits_per_year"].sum()
    middle = [[float((book[axis] * weight).sum())] for axis in ("latitude", "longitude")]
    around = great_circle_km(book["latitude"], book["longitude"], *middle)
    around = 2 * around * road_factors(scenario)[0] / settings.speed_km_per_hour
    fly = (way > settings.fly_beyond_km) & (by_road / 4 > 2 * settings.flight_hours_one_way / 10)
    former = np.where(fly, 2 * settings.flight_hours_one_way / 10, by_road / 4) + 0.25
    tables = {
        "home": by_road,
        "former": former,
        "centroid": np.repeat(around, len(reps), axis=1),
    }
    return {name: pd.DataFrame(table, book.index, reps.index) for name, table in tables.items()}


def _those(stops: np.ndarray) -> tuple[int, ...]:
    return tuple(int(stop) for stop in np.flatnonzero(stops))


def _cases(seeds: int, wanted: str) -> Iterator[tuple[str, Scenario, pd.Series]]:
    for seed in range(seeds):
        for scale in (0.5, 1.0, 3.0):
            name = f"synthetic, side {316 * scale:.0f} km, seed {seed}"
            if wanted in name:
                scenario, nearest = company(400, 10, scale, seed)
                yield f"{name}, today", scenario, scenario.customers["owner"]
                yield f"{name}, nearest", scenario, nearest
    for name in ("two_towns", "superstore"):
        if wanted in name:
            scenario = read(name)
            yield f"{name}, today", scenario, scenario.customers["owner"]
        if name == "superstore" and wanted in name:
            yield f"{name}, plan", scenario, optimize(scenario, work_limit=2_000_000, time_limit=30).owner


def company(customers: int, reps: int, scale: float, seed: int) -> tuple[Scenario, pd.Series]:
    """Make a company of a planning instance, drawn larger or smaller, and give each customer's nearest rep.

    Six, twelve or twenty-four visits a year of an hour, by the hours of work of the instance.
    """
    made = planning(customers, reps, seed=seed)
    cut = np.quantile(made.hours, [0.7, 0.92])
    visits = np.array([6, 12, 24])[np.searchsorted(cut, made.hours)]
    names = [f"R{j}" for j in range(reps)]
    place, home = made.place * scale / KM_PER_DEGREE, made.home * scale / KM_PER_DEGREE
    apart = ((place[:, None, :] - home[None, :, :]) ** 2).sum(axis=2)
    table = pd.DataFrame(
        {
            "customer": [f"C{i}" for i in range(customers)],
            "latitude": place[:, 1],
            "longitude": place[:, 0],
            "potential": made.potential,
            "visits_per_year": visits,
            "hours_per_visit": 1.0,
            "owner": [names[j] for j in made.owner],
        }
    )
    seats = pd.DataFrame(
        {"rep": names, "latitude": home[:, 1], "longitude": home[:, 0], "hours_per_year": 1800}
    )
    settings = {
        "year": {"start": "2026-01-01"},
        "target": {"amount": 1000.0},
        "market": {
            "order_values": {"": 100.0},
            "stages": [{"name": "deal", "hours": 0.0, "conversion": 1.0, "days": 0.0}],
        },
    }
    scenario = build(
        Source("company", settings, {"customers": table.astype("str"), "reps": seats.astype("str")})
    )
    nearest = pd.Series([names[j] for j in apart.argmin(axis=1)], index=scenario.customers.index)
    return scenario, nearest


def _row(case: str, books: Sequence[Book]) -> str:
    visits = sum(book.visits for book in books)
    driven = np.array([book.driven for book in books])
    work = driven + np.array([book.estimates["call"] for book in books])

    def guessed(name: str) -> np.ndarray:
        return np.array([book.estimates[name] for book in books])

    ours = guessed("estimate")
    cells = [
        case,
        f"{len(books)}",
        f"{visits:,}",
        f"{driven.sum() / visits:.2f}",
        f"{ours.sum() / visits:.2f}",
    ]
    cells += [f"{_bias(ours, driven):+.0%}", f"{_error(ours, driven):.0%}"]
    cells += [f"{np.mean(np.abs(ours - driven) / work):.0%}"]
    for name in ("home", "former", "centroid"):
        cells.append(f"{_bias(guessed(name), driven):+.0%}, {_error(guessed(name), driven):.0%}")
    return "| " + " | ".join(cells) + " |"


def _bias(guess: np.ndarray, driven: np.ndarray) -> float:
    return float(guess.sum() / driven.sum() - 1)


def _error(guess: np.ndarray, driven: np.ndarray) -> float:
    return float(np.mean(np.abs(guess - driven) / np.maximum(driven, 1e-9)))


if __name__ == "__main__":
    sys.exit(main())
