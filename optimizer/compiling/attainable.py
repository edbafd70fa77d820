"""How even books can be at best, before anything is planned: what eligibility alone allows."""

from dataclasses import dataclass

import pandas as pd

from optimizer.compiling.shares import fair_shares
from optimizer.compiling.workload import capacity_hours
from scenarios import Scenario
from scenarios.rules import Measure


@dataclass(frozen=True)
class Attainable:
    """The most even division of a measure that eligibility allows, if customers could be divided.

    Parameters
    ----------
    measure
        What is divided.
    least, most
        Smallest and largest share of a rep, relative to the mean of all per hour of capacity; 1 is even.
    least_rep, most_rep
        Whose they are.
    """

    measure: Measure
    least: float
    most: float
    least_rep: str
    most_rep: str

    def __str__(self) -> str:
        if self.most - self.least < 0.005:
            return f"{self.measure}: everybody can have an even share"
        ends = f"{self.least:.0%} ({self.least_rep}) to {self.most:.0%} ({self.most_rep})"
        return f"{self.measure}: eligibility allows nothing more even than {ends} of an even share"


def attainable(scenario: Scenario) -> list[Attainable]:
    """Say of each measure that is balanced or compared how evenly it can be divided at best.

    The division of `fair_shares`: the largest share per hour of capacity is as small as eligibility allows,
    then the next largest, and so on. Whole customers, hours and prices can only make it less even.
    """
    rules = scenario.rules
    capacity = capacity_hours(scenario)
    found = []
    asked = [*(rule.measure for rule in rules.balance), *(rule.measure for rule in rules.fairness)]
    for measure in dict.fromkeys(asked):
        fair = fair_shares(scenario, measure)
        even = capacity * fair.sum() / capacity.sum() if capacity.sum() > 0 else capacity
        ratio: pd.Series = (fair / even)[even > 0]
        if len(ratio):
            least, most = str(ratio.idxmin()), str(ratio.idxmax())
            found.append(Attainable(measure, float(ratio.min()), float(ratio.max()), least, most))
    return found
