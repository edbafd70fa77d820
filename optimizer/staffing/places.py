"""Places where a seat might be: the cities of customers, the ones where it would spare most first."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.compiling.travel import travel_hours
from optimizer.compiling.workload import capacity_hours, journeys, selling_hours, service_hours
from optimizer.staffing.headcount import hour_value, least_hours
from optimizer.staffing.roles import standard_hours
from scenarios import Scenario
from scenarios.market import Seniority

ROLE: Seniority = "middle"
"""Of a new seat."""

NEW = "new seat"

MOST_PLACES = 200
"""Places looked at before a few are chosen, those with the most hours."""


@dataclass(frozen=True)
class Saving:
    """What a seat saves in a year, money: an estimate, and what is proved that it is not under or above.

    The estimate is the difference of two plans found by searches alike, or of two bounds.
    """

    estimate: float
    low: float
    high: float

    def less(self, pay: float) -> "Saving":
        """Take the seat's pay off."""
        return Saving(self.estimate - pay, self.low - pay, self.high - pay)


@dataclass(frozen=True)
class Place:
    """A place for a seat.

    Parameters
    ----------
    name
        City, with its state or country; or degrees.
    latitude, longitude
        Mean of its customers, by hours, degrees.
    saving, net
        What the first new seat there saves, and the same less its pay; money a year.
    """

    name: str
    latitude: float
    longitude: float
    saving: Saving
    net: Saving


def find_places(scenario: Scenario, count: int) -> list[Place]:
    """Choose the places where a seat would save most if all else stayed: nearer, or hours nobody works.

    Each customer counts with the travel it would spare and, as far as its rep has too much to do, the value
    of its hours; the seat takes those that save most for an hour until it is full. What one place takes does
    not count for the next, so that places lie apart.
    """
    nothing = Saving(0.0, 0.0, 0.0)
    table = _sites(scenario)
    rows = zip(table.index, table["latitude"].tolist(), table["longitude"].tolist(), strict=True)
    sites = [Place(str(s), lat, lon, nothing, nothing) for s, lat, lon in rows]
    way = pd.concat([travel_hours(part) for part in with_seats(scenario, sites, 1).parts()])
    busy = _busy(scenario)
    room = standard_hours(scenario) * scenario.rules.utilization_limit
    hours, gain = [], []
    for visit in way.to_numpy().T[len(scenario.reps) :]:
        hours.append((busy["journeys"] * visit + busy["there"]).clip(lower=1e-9).to_numpy())
        spared = busy["journeys"] * (busy["travel"] - visit) * scenario.travel.cost_per_hour
        gain.append((spared + busy["short"]).clip(lower=0.0).to_numpy())
    left, chosen = np.ones(len(busy)), []
    for _ in range(min(count, len(sites))):
        taken = [_takes(h, g * left, room) for h, g in zip(hours, gain, strict=True)]
        worth = [-1.0 if n in chosen else float((gain[n] * left) @ part) for n, part in enumerate(taken)]
        chosen.append(int(np.argmax(worth)))
        left = left * (1 - taken[chosen[-1]])
    return [sites[n] for n in chosen]


def _takes(hours: np.ndarray, gain: np.ndarray, room: float) -> np.ndarray:
    """Give the part of each customer that a seat takes, those with the largest gain for an hour first."""
    order = np.argsort(-gain / hours, kind="stable")
    left = room - np.cumsum(hours[order]) + hours[order]
    part = np.empty_like(gain)
    part[order] = np.clip(left / hours[order], 0.0, 1.0)
    return np.where(gain > 0, part, 0.0)


def _sites(scenario: Scenario) -> pd.DataFrame:
    """List places of customers, those with the most hours: name, latitude, longitude."""
    customers = scenario.customers
    degrees = customers["latitude"].round(1).astype(str) + ", " + customers["longitude"].round(1).astype(str)
    wider = customers["state"].where(customers["state"] != "", customers["country"])
    city = customers["city"] + (", " + wider).where(wider != "", "")
    table = pd.DataFrame(
        {"name": city.where(customers["city"] != "", degrees), "hours": least_hours(scenario)}
    )
    weight = table["hours"].clip(lower=1e-9)
    for column in ("latitude", "longitude"):
        table[column] = customers[column] * weight
    table["weight"] = weight
    sums = table.groupby("name")[["latitude", "longitude", "weight"]].sum()
    sums = sums.nlargest(MOST_PLACES, "weight")
    return sums[["latitude", "longitude"]].div(sums["weight"], axis=0)


def _busy(scenario: Scenario) -> pd.DataFrame:
    """Say of every customer what it takes today: journeys, travel hours of each, hours there, and the
    value of what its rep has no hours for, money a year.
    """
    customers = scenario.customers
    way = pd.concat([travel_hours(part) for part in scenario.parts()])
    own = scenario.reps.index.get_indexer(pd.Index(customers["owner"]))
    nearest = way.where(scenario.eligible).to_numpy()
    near = np.where(np.isfinite(nearest), nearest, np.inf).argmin(axis=1)
    rep = np.where(own >= 0, own, near)
    table = pd.DataFrame(
        {
            "journeys": journeys(scenario),
            "travel": way.to_numpy()[np.arange(len(rep)), rep],
            "there": customers["visits_per_year"] * customers["hours_per_visit"]
            + selling_hours(scenario)
            + service_hours(scenario),
        }
    )
    hours = table["journeys"] * table["travel"] + table["there"]
    load = np.bincount(rep, hours, len(scenario.reps))
    room = capacity_hours(scenario).to_numpy() * scenario.rules.utilization_limit
    over = np.divide(np.maximum(load - room, 0.0), load, out=np.zeros_like(load), where=load > 0)
    table["short"] = hours * over[rep] * hour_value(scenario)
    return table


def with_seats(scenario: Scenario, places: list[Place], copies: int) -> Scenario:
    """Add seats at every place, each like its nearest colleague in whom it may serve."""
    reps = scenario.reps
    rows, names = [], []
    for place in places:
        away = np.hypot(
            reps["latitude"] - place.latitude,
            (reps["longitude"] - place.longitude) * np.cos(np.radians(place.latitude)),
        )
        colleague = reps.loc[away.idxmin()]
        for number in range(copies):
            row = colleague.copy()
            row["name"], row["home"], row["seniority"] = f"{NEW} in {place.name}", place.name, ROLE
            row["latitude"], row["longitude"] = place.latitude, place.longitude
            row["hours_per_year"] = standard_hours(scenario)
            row["start"], row["end"] = pd.Timestamp(scenario.year.start), pd.NaT
            rows.append(row)
            names.append(f"{NEW} {number + 1} in {place.name}".replace("|", "/").replace(";", ","))
    added = pd.DataFrame(rows, index=pd.Index(names, name=reps.index.name))[reps.columns]
    together = pd.concat([reps, added.astype(reps.dtypes.to_dict())])
    return scenario.replace(reps=together)
