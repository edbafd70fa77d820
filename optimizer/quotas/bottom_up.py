"""The plan from below: customers' forecasts and managers' commitments rolled up, against what is asked."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from optimizer.compiling.costs import expected_new_sales, expected_sales
from optimizer.compiling.workload import daily_presence, held_over_share
from optimizer.quotas.tree import Tree
from optimizer.score import known_owner
from scenarios import InputError, Problem, Scenario

CENT = 0.005


def customer_forecasts(scenario: Scenario, owner: pd.Series) -> pd.DataFrame:
    """Forecast what each rep sells to each customer in the plan year.

    Expected sales and those of new neighbors, for the time the rep serves: with ramp, and where a customer
    goes to a rep who starts later, today's owner until then. By rep they add up to the mean of `laws.fitted`.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.

    Returns
    -------
    Rows of customer, rep, forecast (money a year, > 0).

    Raises
    ------
    InputError
        If an owner is no rep of the scenario.
    """
    owner = known_owner(scenario, owner)
    served, reps = owner[owner != ""], scenario.reps.index
    yearly = (expected_sales(scenario) + expected_new_sales(scenario))[served.index]
    columns = reps.get_indexer(pd.Index(served))
    own = yearly.to_numpy() * daily_presence(scenario, ramped=True).mean(axis=1)[columns]
    rows = scenario.customers.index.get_indexer(served.index)
    held = yearly.to_numpy() * held_over_share(scenario).to_numpy()[rows, columns]
    today = scenario.customers.loc[served.index, "owner"].to_numpy()
    table = pd.concat(
        [
            pd.DataFrame({"customer": served.index, "rep": served.to_numpy(), "forecast": own}),
            pd.DataFrame({"customer": served.index, "rep": today, "forecast": held}),
        ],
        ignore_index=True,
    )
    return table[table["forecast"] > 0].reset_index(drop=True)


def roll_up(people: Tree, leaves: np.ndarray) -> np.ndarray:
    """Add amounts of leaves, [leaves, ...], up to all nodes, [nodes, ...]."""
    zero = np.zeros((1, *leaves.shape[1:]))
    sums = np.concatenate([zero, leaves.cumsum(axis=0)])
    added: np.ndarray = sums[people.span[:, 1]] - sums[people.span[:, 0]]
    return added


def from_below(
    people: Tree, periods: Sequence[str], forecast: np.ndarray, commitments: pd.DataFrame
) -> np.ndarray:
    """Roll forecasts up; where somebody committed to a number, that counts instead of what is below.

    A commitment for the year leaves those for quarters as they are and scales the quarters nobody committed
    to, in proportion to what is below.

    Parameters
    ----------
    periods
        Names, as the commitments have them.
    forecast
        Money, by leaf of the people in order and by period, [leaves, periods].
    commitments
        Rows of node, amount, period ("": the year), as of the scenario's table.

    Returns
    -------
    Money, [nodes, periods].

    Raises
    ------
    InputError
        If a commitment names nobody or no period, comes twice, or quarters and year of a node contradict each
        other.
    """
    given = _commitments(people, periods, commitments)
    amounts = np.zeros((len(people), len(periods)))
    problems: list[Problem] = []
    of_leaf = dict(zip(people.leaves.tolist(), forecast, strict=True))
    for node in range(len(people) - 1, -1, -1):
        amounts[node] = of_leaf[node] if node in of_leaf else amounts[people.children(node)].sum(axis=0)
        if node in given:
            try:
                amounts[node] = _committed(amounts[node], given[node], periods, people.names[node])
            except InputError as error:
                problems += error.problems
    if problems:
        raise InputError(problems)
    return amounts


def compare(
    people: Tree,
    periods: Sequence[str],
    asked: np.ndarray,
    forecast: np.ndarray,
    commitments: pd.DataFrame,
    period: str = "",
) -> pd.DataFrame:
    """Hold what is asked from above against the plan from below, and find where the gap comes from.

    gap(node) = asked - from below; its part is the gap less the gaps of the nodes right below it. So a rep's
    part is the whole gap of the rep, a manager's is what he or she committed to less (or more) than those
    below promise together, and all parts add up to the gap of the company; so do the gaps of any branches
    that divide it, with the parts of the nodes above them.

    Parameters
    ----------
    asked, forecast
        Money, by leaf of the people in order and by period, [leaves, periods].
    commitments
        As of `from_below`.
    period
        Name of one period; "" for all together.

    Returns
    -------
    Rows of nodes, the company first: node, level, asked, forecast (of the customers below), committed (not a
    number where nobody did), from_below, gap (money, > 0 where more is asked), of_gap (gap over the
    company's), part, share (part over the company's gap), rank (1 for the part that adds most), say.

    Raises
    ------
    InputError
        As of `from_below`, or if there is no such period.
    """
    if period and period not in periods:
        raise InputError([Problem("period", period, f"name one of {', '.join(periods)}")])
    chosen = np.array([not period or name == period for name in periods])
    below = from_below(people, periods, forecast, commitments)[:, chosen].sum(axis=1)
    above = roll_up(people, asked)[:, chosen].sum(axis=1)
    gap = above - below
    part = gap - np.bincount(people.parent[1:], gap[1:], minlength=len(people))
    part = np.where(np.abs(part) < CENT, 0.0, part)
    whole = gap[0] if abs(gap[0]) >= CENT else np.nan
    adds = part * (1 if gap[0] >= 0 else -1)
    rank = np.empty(len(people), dtype=np.int64)
    rank[np.argsort(-adds, kind="stable")] = np.arange(1, len(people) + 1)
    given = _commitments(people, periods, commitments)
    table = pd.DataFrame(
        {
            "node": people.names,
            "level": np.array(people.level)[people.depth],
            "asked": above,
            "forecast": roll_up(people, forecast)[:, chosen].sum(axis=1),
            "committed": [given.get(node, {}).get(period, np.nan) for node in range(len(people))],
            "from_below": below,
            "gap": gap,
            "of_gap": gap / whole,
            "part": part,
            "share": part / whole,
            "rank": rank,
        }
    )
    leaf = np.isin(np.arange(len(people)), people.leaves)
    table["say"] = [_said(row, end) for (_, row), end in zip(table.iterrows(), leaf.tolist(), strict=True)]
    return table


def _commitments(
    people: Tree, periods: Sequence[str], commitments: pd.DataFrame
) -> dict[int, dict[str, float]]:
    """Give what each node committed to, by period ("": the year)."""
    found: dict[int, dict[str, float]] = {}
    problems: list[Problem] = []
    for row, (name, amount, period) in enumerate(
        zip(commitments["node"], commitments["amount"], commitments["period"], strict=True)
    ):
        place = f"commitments.csv row {row + 2}"
        try:
            node = people.find(name, f"{place}, node")
        except InputError as error:
            problems += error.problems
            continue
        if period not in ("", *periods):
            problems.append(Problem(f"{place}, period", period, f"name one of {', '.join(periods)}"))
        elif period in found.setdefault(node, {}):
            remedy = "this node has a commitment for this period already; keep one"
            problems.append(Problem(f"{place}, node", name, remedy))
        else:
            found[node][period] = float(amount)
    if problems:
        raise InputError(problems)
    return found


def _committed(
    below: np.ndarray, given: Mapping[str, float], periods: Sequence[str], name: str
) -> np.ndarray:
    made = np.array([given.get(p, b) for p, b in zip(periods, below, strict=True)])
    if "" not in given:
        return made
    free = np.array([p not in given for p in periods])
    rest = given[""] - made[~free].sum()
    if rest < -CENT or (rest > CENT and not free.any()):
        remedy = f"its quarters add up to {made[~free].sum():,.2f}, so its year cannot be {given['']:,.2f}"
        raise InputError([Problem("commitments.csv", name, remedy)])
    pattern = below[free] if below[free].sum() > 0 else np.ones(free.sum())
    made[free] = max(rest, 0.0) * pattern / max(pattern.sum(), 1e-300)
    return made


def _said(row: pd.Series, leaf: bool) -> str:
    if row["part"] == 0:
        return ""
    name, amount = row["node"], f"{abs(row['part']):,.0f}"
    if leaf:
        return f"{name} is asked for {amount} {'more' if row['part'] > 0 else 'less'} than promised"
    return f"{name} commits to {amount} {'less' if row['part'] > 0 else 'more'} than those below promise"
