"""What specialists take and cost: an overlay is a scenario of its own, its specialists being the reps."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.compiling.travel import travel_cost, travel_hours
from scenarios import Scenario
from scenarios.overlays import CUSTOMER, REP, Overlay, supported
from scenarios.rules import Rules
from scenarios.scenario import TABLES

SPECIALISTS = "specialists"
"""Term of the objective: what specialists' ways cost above those of the nearest ones."""


@dataclass(frozen=True, eq=False)
class Support:
    """What supporting each customer takes of each specialist of an overlay.

    Parameters
    ----------
    overlay
        Whose it is.
    people
        Keys of the specialists.
    meant
        Whether a customer is supported at all, by customer.
    allowed
        Whether a specialist may support a customer, customers x specialists; true where none is asked for.
    visits
        Of the specialist a year, by customer.
    hours, travel, cost
        Hours a year, those on the road among them, and money a year for travel, customers x specialists; 0
        where no support is asked for.
    capacity
        Hours a year by specialist.
    group
        Which reps have one specialist together: number of the group by rep; none where each customer has its
        own.
    """

    overlay: Overlay
    people: pd.Index
    meant: np.ndarray
    allowed: np.ndarray
    visits: np.ndarray
    hours: np.ndarray
    travel: np.ndarray
    cost: np.ndarray
    capacity: np.ndarray
    group: np.ndarray | None

    @property
    def limit(self) -> np.ndarray:
        """Hours a year that may be promised, by specialist."""
        return self.capacity * self.overlay.utilization_limit

    @property
    def above_nearest(self) -> np.ndarray:
        """Money a year above each customer's cheapest specialist, customers x specialists, >= 0."""
        open_cost = np.where(self.allowed, self.cost, np.inf)
        least = open_cost.min(axis=1, keepdims=True)
        above: np.ndarray = self.cost - np.where(np.isfinite(least), least, 0.0)
        return above


def supports(scenario: Scenario) -> list[Support]:
    """Say for every overlay what supporting customers takes; worked out once a scenario."""
    if SPECIALISTS not in scenario.memory:
        scenario.memory[SPECIALISTS] = [_support(scenario, team) for team in scenario.overlays.teams]
    kept: list[Support] = scenario.memory[SPECIALISTS]
    return kept


def picked(support: Support, chosen: pd.Series) -> tuple[np.ndarray, np.ndarray]:
    """Give positions of the customers who are supported and have a specialist, and of those specialists."""
    place = support.people.get_indexer(pd.Index(chosen))
    rows = np.flatnonzero(support.meant & (place >= 0))
    return rows, place[rows]


def specialist_cost(scenario: Scenario, chosen: pd.DataFrame) -> float:
    """Give what specialists' ways cost above those of the nearest ones, money a year.

    Parameters
    ----------
    chosen
        Specialist by customer, a column for each overlay.
    """
    return float(
        sum(part.above_nearest[picked(part, chosen[part.overlay.name])].sum() for part in supports(scenario))
    )


def specialist_loads(scenario: Scenario, owner: pd.Series, chosen: pd.DataFrame) -> pd.DataFrame:
    """Describe what each specialist has to do.

    Returns
    -------
    By specialist, of all overlays: overlay, customers, reps (how many he or she deals with), visits, hours,
    capacity_hours, utilization, travel_hours (a year), pay (money a year).
    """
    tables = []
    for part in supports(scenario):
        rows, place = picked(part, chosen[part.overlay.name])
        count = len(part.people)
        deals = pd.DataFrame({"who": place, "rep": owner.to_numpy()[rows]}).drop_duplicates()
        table = pd.DataFrame({"overlay": part.overlay.name}, index=part.people)
        table["customers"] = np.bincount(place, minlength=count)
        table["reps"] = np.bincount(deals["who"], minlength=count)
        table["visits"] = np.bincount(place, part.visits[rows], count)
        table["hours"] = np.bincount(place, part.hours[rows, place], count)
        table["capacity_hours"] = part.capacity
        table["utilization"] = table["hours"] / table["capacity_hours"]
        table["travel_hours"] = np.bincount(place, part.travel[rows, place], count)
        table["pay"] = scenario.specialists.loc[part.people, "pay"]
        tables.append(table)
    return pd.concat(tables) if tables else pd.DataFrame()


def specialist_visits(scenario: Scenario, chosen: pd.DataFrame) -> pd.DataFrame:
    """List the visits of specialists: columns site, who (overlay and key) and visits a year."""
    sites = scenario.sites.to_numpy()
    found = []
    for part in supports(scenario):
        rows, place = picked(part, chosen[part.overlay.name])
        who = part.overlay.name + "\n" + part.people.to_numpy(str)[place]
        found.append(pd.DataFrame({"site": sites[rows], "who": who, "visits": part.visits[rows]}))
    return pd.concat(found) if found else pd.DataFrame({"site": [], "who": [], "visits": []})


def _support(scenario: Scenario, overlay: Overlay) -> Support:
    meant = supported(scenario, overlay)
    promised = scenario.customers["visits_per_year"].to_numpy(dtype="float64")
    visits = np.where(meant, overlay.visits_per_year + overlay.visits_share * promised, 0.0)
    people = scenario.specialists[scenario.specialists["overlay"] == overlay.name]
    shape = (len(scenario.customers), len(people))
    allowed, travel, cost = np.ones(shape, dtype=bool), np.zeros(shape), np.zeros(shape)
    if meant.any() and len(people):
        layer = _layer(scenario, overlay, meant, visits, people)
        allowed[meant] = layer.eligible.to_numpy()
        travel[meant] = travel_hours(layer).to_numpy() * visits[meant, None]
        cost[meant] = travel_cost(layer).to_numpy() * visits[meant, None]
    work = np.where(meant, visits * overlay.hours_per_visit + overlay.hours_per_year, 0.0)
    return Support(
        overlay,
        people.index,
        meant,
        allowed,
        visits,
        travel + work[:, None],
        travel,
        cost,
        (people["hours_per_year"] * people["share"]).to_numpy(dtype="float64"),
        _groups(scenario, overlay),
    )


def _layer(
    scenario: Scenario, overlay: Overlay, meant: np.ndarray, visits: np.ndarray, people: pd.DataFrame
) -> Scenario:
    """Make the scenario in which the specialists are the reps and the supported customers the customers."""
    customers = scenario.customers[meant].assign(
        visits_per_year=visits[meant], hours_per_visit=overlay.hours_per_visit, owner="", lock=False
    )
    reps = next(t for t in TABLES if t.name == "reps").empty().reindex(people.index)
    known = people.columns.intersection(reps.columns)
    reps[known] = people[known]
    extra = [column for column in people.columns if column not in reps.columns]
    return Scenario(
        scenario.name,
        customers,
        reps.join(people[extra]),
        scenario.year,
        scenario.target,
        scenario.market,
        rules=Rules(eligibility=overlay.eligibility),
        travel=scenario.travel,
    )


def _groups(scenario: Scenario, overlay: Overlay) -> np.ndarray | None:
    if overlay.one_per == CUSTOMER:
        return None
    if overlay.one_per == REP:
        return np.arange(len(scenario.reps))
    groups: np.ndarray = pd.factorize(scenario.reps[overlay.one_per])[0]
    return groups
