"""The baseline of quotas: the company's number divided from the top by drivers, level by level.

What cannot be divided as asked is listed by `notices`, never lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from optimizer.compiling.workload import days_from
from optimizer.quotas.drivers import drivers, entitled, presence, season, sold_last_year
from optimizer.quotas.laws import Law, fitted
from optimizer.quotas.odds import Group, equal_odds, fairest_odds
from optimizer.quotas.tree import Tree, tree_of
from scenarios import NoPlanExists, Scenario
from scenarios.errors import InputError, Problem
from scenarios.quota_checks import COMPANY, lines_of

ODDS = "odds"
"""The driver by which everybody has the same chance to reach the quota."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """How the company's number would be divided if nothing else were asked.

    Parameters
    ----------
    people, lines, periods
        The trees.
    rep
        By leaf of `people`: position of the rep in the scenario.
    shares
        Share of the company's number, [people, lines, periods]; adds up to 1 less what is stranded.
    drivers
        What the division followed, by name, as of `drivers`, in the order of the leaves.
    alike
        Nodes whose children share alike for want of any driver.
    new
        By leaf: whether it is a new hire with a baseline of its own rule.
    stranded
        Share of the company's number that falls on people not entitled to sell a line.
    """

    people: Tree
    lines: Tree
    periods: Tree
    rep: np.ndarray
    shares: np.ndarray
    drivers: dict[str, np.ndarray]
    alike: tuple[int, ...]
    new: np.ndarray
    stranded: float


def baseline(scenario: Scenario, owner: pd.Series, law: Law | None = None) -> Baseline:
    """Divide 1 over reps, lines and periods by the drivers of each level.

    At every node and for every line and period, those right below share in proportion to their weighted
    drivers. Where these are all 0 they share by the drivers of all lines and periods, and alike where those
    are 0, too.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.
    law
        Of what reps may sell, for the driver "odds"; without it, fitted to history.

    Raises
    ------
    NoPlanExists
        If no driver is above 0 for anybody.
    """
    people, rep = _people(scenario)
    names = {d for level in scenario.quotas.levels[1:] for d in scenario.quotas.blend_of(level)}
    known = drivers(scenario, owner, sorted(names - {ODDS} | ({"expected"} if ODDS in names else set())))
    if ODDS in names:
        known[ODDS] = _of_equal_odds(
            scenario, known["expected"], law or fitted(scenario, owner), _groups(scenario, owner, people, rep)
        )
    amounts = {name: known[name][rep] for name in sorted(names)}
    allowed = entitled(scenario)[rep][:, :, None]
    divided = _Division(scenario, people, rep, amounts, allowed)
    shares = divided.shares()
    lines, _ = tree_of([(line,) for line in lines_of(scenario) if line], ("all", "line"), "all lines")
    return Baseline(
        people,
        lines,
        _periods(scenario),
        rep,
        shares,
        amounts,
        tuple(divided.alike),
        divided.new & (scenario.quotas.new_hires is not None),
        divided.stranded,
    )


def _groups(scenario: Scenario, owner: pd.Series, people: Tree, rep: np.ndarray) -> list[Group]:
    """The company and the nodes with a target of their own for the year."""
    everybody = np.ones(len(rep), dtype=bool)
    groups = [Group("company", everybody, scenario.target_amount)]
    for number, part in enumerate(scenario.target.parts, start=1):
        if part.line or part.period:
            continue
        members = np.zeros(len(rep), dtype=bool)
        node = people.find(part.node, f"scenario.toml, target.parts {number}, node")
        members[rep[people.under(node)]] = True
        amount = part.amount if part.amount is not None else (part.share or 0.0) * scenario.target_amount
        if part.growth is not None:
            amount = float(sold_last_year(scenario, owner)[members].sum()) * (1 + part.growth)
        groups.append(Group(part.title, members, amount))
    return groups


def _of_equal_odds(scenario: Scenario, expected: np.ndarray, law: Law, groups: Sequence[Group]) -> np.ndarray:
    """Shares by which all reach the yearly quota with one chance; under targets of nodes, the fairest."""
    yearly = expected.sum(axis=(1, 2), keepdims=True)
    alike = len(groups) == 1
    odds = equal_odds(law, scenario.target_amount) if alike else fairest_odds(law, groups)
    quotas = odds.quotas[:, None, None]
    cells: np.ndarray = np.where(yearly > 0, expected / np.where(yearly > 0, yearly, 1.0), 0.0) * quotas
    return cells / cells.sum() if cells.sum() > 0 else cells


class _Division:
    def __init__(
        self,
        scenario: Scenario,
        people: Tree,
        rep: np.ndarray,
        amounts: dict[str, np.ndarray],
        allowed: np.ndarray,
    ) -> None:
        self.scenario, self.people, self.amounts, self.allowed = scenario, people, amounts, allowed
        self.strands = scenario.quotas.unentitled != "siblings"
        self.new = _new_hires(scenario)[rep]
        self.there = presence(scenario)[rep]
        self.alike: list[int] = []
        self.stranded = 0.0

    def weights(self, level: str) -> np.ndarray:
        """Weighted drivers of a level by leaf, without what people may not sell, unless it is stranded."""
        blend = self.scenario.quotas.blend_of(level)
        added = np.sum([weight * self.amounts[name] for name, weight in blend.items()], axis=0)
        return added if self.strands else added * self.allowed

    def shares(self) -> np.ndarray:
        """Divide 1 from the top. [people, lines, periods]."""
        tree = self.people
        by_level = {level: self._running(self.weights(level)) for level in tree.level[1:]}
        first = by_level[tree.level[1]]
        lines = first[-1].sum(axis=1)
        whole = np.multiply.outer(lines / max(lines.sum(), 1e-300), season(self.scenario))
        if not lines.any():
            reason = "no rep has customers with sales or potential, so nobody can be asked for the target"
            raise NoPlanExists([f"quotas: {reason}"])
        cells = np.zeros((len(tree), *whole.shape))
        cells[0] = whole
        for node in range(len(tree)):
            children = tree.children(node)
            if len(children):
                below = self._below(node, children, by_level, cells[node].sum())
                cells[children] = below * cells[node]
        found: np.ndarray = cells[tree.leaves]
        if self.strands:
            if self.scenario.quotas.unentitled == "refuse" and (found * ~self.allowed).any():
                much = f"{(found * ~self.allowed).sum() * self.scenario.target_amount:,.2f}"
                way = 'let others of the team sell it (quotas.unentitled = "siblings")'
                reason = f"quotas: {much} falls on reps not entitled to sell the line"
                raise NoPlanExists([reason, f"way out: {way}"])
            lost = found * ~self.allowed
            self.stranded = float(lost.sum())
            found = found - lost
        return found

    def _below(
        self, node: int, children: np.ndarray, by_level: dict[str, np.ndarray], amount: float
    ) -> np.ndarray:
        """Shares of those below a node, [children, lines, periods]; each line and period adds up to 1."""
        spans = self.people.span[children]
        weight = np.stack(
            [
                by_level[self.people.level_of(child)][after] - by_level[self.people.level_of(child)][first]
                for child, (first, after) in zip(children.tolist(), spans, strict=True)
            ]
        )
        weight = self._with_new_hires(children, np.maximum(weight, 0.0))
        whole = weight.sum(axis=(1, 2))
        if not whole.sum() > 0:
            if amount > 0:
                self.alike.append(node)
            whole = np.ones(len(children))
        sums = weight.sum(axis=0)
        usual = np.broadcast_to((whole / whole.sum())[:, None, None], weight.shape)
        with np.errstate(invalid="ignore", divide="ignore"):
            found: np.ndarray = np.where(sums > 1e-15, weight / sums, usual)
        return found

    def _with_new_hires(self, children: np.ndarray, weight: np.ndarray) -> np.ndarray:
        share, tree = self.scenario.quotas.new_hires, self.people
        first, after = tree.span[children].T
        leaves = np.where(after - first == 1, first, -1)
        new = (leaves >= 0) & self.new[leaves]
        if share is None or not new.any() or new.all():
            return weight
        mean = weight[~new].mean(axis=0)
        weight[new] = share * mean * self.there[leaves[new]][:, None, :]
        if not self.strands:
            weight[new] *= self.allowed[leaves[new]]
        return weight

    @staticmethod
    def _running(weights: np.ndarray) -> np.ndarray:
        """Sums over the first leaves, so that any range of them is a difference."""
        return np.concatenate([np.zeros((1, *weights.shape[1:])), weights.cumsum(axis=0)])


def _people(scenario: Scenario) -> tuple[Tree, np.ndarray]:
    reps, columns = scenario.reps, scenario.quotas.hierarchy
    paths = [(*(str(reps[c].iloc[k]).strip() for c in columns), rep) for k, rep in enumerate(reps.index)]
    try:
        tree, at = tree_of(paths, scenario.quotas.levels, COMPANY)
    except ValueError:
        remedy = "a rep has the name of a node that holds others; fill every level for every rep"
        raise InputError([Problem("reps.csv", ", ".join(columns), remedy)]) from None
    rep = np.empty(len(at), dtype=np.int64)
    rep[at] = np.arange(len(at))
    return tree, rep


def _periods(scenario: Scenario) -> Tree:
    quarters = [q.name for q in scenario.year.quarters]
    if scenario.quotas.periods == "quarter":
        return tree_of([(q,) for q in quarters], ("year", "quarter"), "year")[0]
    months = [(quarters[m // 3], name) for m, name in enumerate(scenario.year.months)]
    return tree_of(months, ("year", "quarter", "month"), "year")[0]


def _new_hires(scenario: Scenario) -> np.ndarray:
    """Who starts in the plan year, or shortly before it. [reps], bool."""
    start = days_from(scenario, scenario.reps["start"], -np.inf)
    found: np.ndarray = np.asarray(start) > -max(scenario.quotas.new_hire_days, 0) - 0.5
    return found
