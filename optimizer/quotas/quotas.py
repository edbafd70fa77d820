"""The whole answer about quotas: the plan, what edits make of it, its padded layer, the proof of its sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from optimizer.quotas.clash import said
from optimizer.quotas.cube import Cube
from optimizer.quotas.editing import Edited, apply_edits
from optimizer.quotas.laws import Law
from optimizer.quotas.padding import factors, padded_units
from optimizer.quotas.planning import COMPANY, QuotaPlan, plan_quotas
from optimizer.quotas.reconciling import reconcile
from optimizer.quotas.tracing import Trace, trace
from scenarios import Scenario
from scenarios.quota_edits import Edit, Gate, Limit, Pin


@dataclass(frozen=True, eq=False)
class Quotas:
    """Who is asked for what, and why.

    Parameters
    ----------
    scenario
        The company.
    plan
        The plan before edits.
    edited
        The plan after them; the same cube where there are none.
    factor
        Padded over base, by node.
    """

    scenario: Scenario
    plan: QuotaPlan
    edited: Edited
    factor: np.ndarray

    @property
    def cube(self) -> Cube:
        """The base layer after edits."""
        return self.edited.cube

    @cached_property
    def padded(self) -> np.ndarray:
        """The padded layer in whole units, [nodes, lines, periods]; pins in it are met exactly."""
        exact = {}
        for name, edit in self.edited.edits.items():
            if isinstance(edit, Pin) and edit.basis == "padded":
                node, cells = self._asked(name, edit)
                exact[node, cells.tobytes()] = (cells, round(edit.amount / self.cube.unit))
        return padded_units(self.cube, self.factor, exact)

    def _asked(self, name: str, edit: Pin) -> tuple[int, np.ndarray]:
        cube = self.cube
        lines, periods = (
            np.logical_or.reduce(
                [np.isin(np.arange(len(tree.leaves)), np.r_[tree.under(tree.find(n, name))]) for n in names]
                or [np.ones(len(tree.leaves), dtype=bool)]
            )
            for tree, names in ((cube.lines, edit.lines), (cube.periods, edit.periods))
        )
        return cube.people.find(edit.node, name), np.outer(lines, periods)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every node by line and period: node, level, line, period, base and padded (money)."""
        table = self.cube.table().rename(columns={"amount": "base"})
        return table.assign(padded=self.padded.ravel() * self.cube.unit)

    @cached_property
    def checks(self) -> pd.DataFrame:
        """The reconciliation table, as of `reconcile`."""
        total = self.asked if self._changes_the_total() else self.plan.demands[COMPANY]
        return reconcile(self.table, self.cube.people, self.factor, self.cube.unit, total)

    def _changes_the_total(self) -> bool:
        """Say whether an edit asks for more or less of all together."""
        for name, edit in self.edited.edits.items():
            if isinstance(edit, Gate) and edit.rest in ("strand", "refuse"):
                return True
            if isinstance(edit, Pin | Limit) and (
                edit.absorb == "nobody" or self.cube.people.find(edit.node, name) == 0
            ):
                return True
        return False

    @property
    def asked(self) -> float:
        """What all are asked for together, money: the company's target less what is asked of nobody, and
        what edits without absorbers add.
        """
        return self.cube.total() * self.cube.unit

    @property
    def unassigned(self) -> float:
        """Money of the company's target that is asked of nobody; below 0: more is asked than the target."""
        return self.scenario.target_amount - self.asked

    def without(self, name: str) -> Edited:
        """Give the plan under all edits but one."""
        others = {key: edit for key, edit in self.edited.edits.items() if key != name}
        return _apply(self.scenario, self.plan, others, self.factor)

    def effects(self) -> pd.DataFrame:
        """Say what each edit does, all others kept.

        Returns
        -------
        A row an edit: edit, says, moves (money that others have more or less because of it), most (who of the
        others is moved most), by (their change, money), departure (what it adds to the departure from the
        plan before edits, as the model measures it).
        """
        rows = []
        for name, edit in self.edited.edits.items():
            other = self.without(name)
            change = (self.cube.units - other.cube.units).sum(axis=(1, 2)) * self.cube.unit
            own = [self.cube.people.find(node, name) for node in _nodes(edit)]
            for node in own:
                change[self.cube.people.under(node)] = 0.0
            most = int(np.argmax(np.abs(change)))
            moved = bool(change[most])
            rows.append(
                {
                    "edit": name,
                    "says": said(self.plan.cube, edit),
                    "moves": float(np.abs(change).sum()),
                    "most": self.cube.people.names[self.cube.people.leaves[most]] if moved else "",
                    "by": float(change[most]),
                    "departure": self.edited.departure - other.departure,
                }
            )
        return pd.DataFrame(rows, columns=["edit", "says", "moves", "most", "by", "departure"])

    def why(self, name: str) -> Trace:
        """Tell how a rep, or a node above, comes to its quota.

        Raises
        ------
        InputError
            If nobody is called so.
        """
        node = self.cube.people.find(name, "--quota")
        without = {key: self.without(key) for key in self.edited.edits}
        padded = float(self.padded[node].sum()) * self.cube.unit
        factor = float(self.factor[node])
        return trace(self.scenario, self.plan, self.edited, without, node, padded, factor)


def make_quotas(
    scenario: Scenario, owner: pd.Series, edits: Mapping[str, Edit] | None = None, law: Law | None = None
) -> Quotas:
    """Divide the company's target, apply edits, and pad.

    Parameters
    ----------
    owner
        Rep by customer; "" for none.
    edits
        By name; without them, none.
    law
        Of what reps may sell, for equal odds; without it, fitted to history.

    Raises
    ------
    InputError
        If an edit speaks of what is not there.
    NoPlanExists
        If targets, floors and ceilings, or edits, clash.
    """
    plan = plan_quotas(scenario, owner, law)
    factor = factors(plan.cube.people, scenario.quotas.padding)
    return Quotas(scenario, plan, _apply(scenario, plan, edits or {}, factor), factor)


def _apply(scenario: Scenario, plan: QuotaPlan, edits: Mapping[str, Edit], factor: np.ndarray) -> Edited:
    return apply_edits(plan.cube, edits, padding=factor, measure=scenario.quotas.departure)


def _nodes(edit: Edit) -> tuple[str, ...]:
    """Nodes an edit is about."""
    about: list[str] = []
    for key in ("node", "source", "to"):
        named = getattr(edit, key, ())
        about += [named] if isinstance(named, str) else list(named)
    return tuple(name for name in about if name != "siblings")
