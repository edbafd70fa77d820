"""Why this quota: the way from the company's number to a person's, each factor in money."""

import itertools
from dataclasses import dataclass

from optimizer.quotas.baselines import Baseline
from optimizer.quotas.editing import Edited
from optimizer.quotas.planning import QuotaPlan
from scenarios import Scenario


@dataclass(frozen=True)
class Split:
    """One step down the tree of people.

    Parameters
    ----------
    node, level, above
        Whom it is about, and who is right above.
    amount
        Base amount of the year before edits, money.
    share
        Of the base amount of the node above.
    drivers
        By driver: its weight at this level and the node's share of what those under the same node have.
    by_drivers
        What the drivers alone would give of the amount above, money.
    """

    node: str
    level: str
    above: str
    amount: float
    share: float
    drivers: dict[str, tuple[float, float]]
    by_drivers: float


@dataclass(frozen=True)
class Trace:
    """How a node comes to its quota.

    Parameters
    ----------
    company
        The company's number, money.
    splits
        From the top down to the node.
    edits
        By edit: what the node would have less without it (above 0) or more, all other edits kept; money.
    together
        The rest of what all edits change, where they meet: it cannot be told whose it is; money.
    base, factor, padded
        The base amount after edits, padded over base, and the padded amount; money.
    """

    company: float
    splits: tuple[Split, ...]
    edits: dict[str, float]
    together: float
    base: float
    factor: float
    padded: float


def splits(scenario: Scenario, plan: QuotaPlan, node: int) -> tuple[Split, ...]:
    """Follow the baseline's division from the company down to a node."""
    tree, steps = plan.cube.people, []
    way = [node]
    while tree.parent[way[0]] >= 0:
        way.insert(0, int(tree.parent[way[0]]))
    for above, below in itertools.pairwise(way):
        whole, amount = plan.cube.total(above), plan.cube.total(below)
        shares = _shares(scenario, plan.base, above, below)
        drawn = sum(weight * share for weight, share in shares.values())
        steps.append(
            Split(
                tree.names[below],
                tree.level_of(below),
                tree.names[above],
                amount * plan.cube.unit,
                amount / whole if whole else 0.0,
                shares,
                drawn * whole * plan.cube.unit,
            )
        )
    return tuple(steps)


def _shares(scenario: Scenario, base: Baseline, above: int, below: int) -> dict[str, tuple[float, float]]:
    """By driver: weight at the level, and share of the node among those right below the same one."""
    tree, found = base.people, {}
    for driver, weight in scenario.quotas.blend_of(tree.level_of(below)).items():
        cells = base.drivers[driver]
        whole = float(cells[tree.under(above)].sum())
        found[driver] = (weight, float(cells[tree.under(below)].sum()) / whole if whole > 0 else 0.0)
    return found


def trace(
    scenario: Scenario,
    plan: QuotaPlan,
    edited: Edited,
    without: dict[str, Edited],
    node: int,
    padded: float,
    factor: float,
) -> Trace:
    """Tell how a node comes to its quota.

    Parameters
    ----------
    edited
        The plan after all edits.
    without
        By edit: the plan after all the others.
    node
        Of the people's tree.
    padded
        Its padded amount, money.
    factor
        Padded over base.
    """
    after, before = edited.cube.total(node), plan.cube.total(node)
    effects = {name: (after - other.cube.total(node)) * plan.cube.unit for name, other in without.items()}
    return Trace(
        plan.cube.total() * plan.cube.unit,
        splits(scenario, plan, node),
        {name: effect for name, effect in effects.items() if effect},
        (after - before) * plan.cube.unit - sum(effects.values()),
        after * plan.cube.unit,
        factor,
        padded,
    )
