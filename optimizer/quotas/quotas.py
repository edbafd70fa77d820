"""The whole answer about quotas: the plan, what edits make of it, its padded layer, the proof of its sums."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from optimizer.quotas.asks import among
from optimizer.quotas.clash import said
from optimizer.quotas.cube import Cube
from optimizer.quotas.edit_notices import notices_of_edits
from optimizer.quotas.editing import Edited, apply_edits
from optimizer.quotas.laws import Law
from optimizer.quotas.padding import factors, padded_units
from optimizer.quotas.planning import COMPANY, QuotaPlan, plan_quotas
from optimizer.quotas.reconciling import reconcile
from optimizer.quotas.tracing import Trace, trace
from scenarios import InputError, NoPlanExists, Scenario
from scenarios.quota_checks import unknown_node
from scenarios.quota_edits import Edit, Pin


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
        """Of which node an edit speaks, and of which lines and periods."""
        lines, periods = among(self.cube.lines, edit.lines), among(self.cube.periods, edit.periods)
        return self.cube.people.find(edit.node, name), np.outer(lines, periods)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Every node by line and period: node, level, line, period, base and padded (money)."""
        table = self.cube.table().rename(columns={"amount": "base"})
        return table.assign(padded=self.padded.ravel() * self.cube.unit)

    @cached_property
    def checks(self) -> pd.DataFrame:
        """The reconciliation table, as of `reconcile`."""
        total = self.plan.demands[COMPANY] + self._beyond() * self.cube.unit
        padded = [
            self.cube.people.find(edit.node, name)
            for name, edit in self.edited.edits.items()
            if isinstance(edit, Pin) and edit.basis == "padded"
        ]
        return reconcile(self.table, self.cube.people, self.factor, self.cube.unit, total, padded)

    def _beyond(self) -> int:
        """Units by which edits that nobody makes up for change what all are asked for."""
        return self.edited.wanted - self.plan.cube.total()

    @cached_property
    def notices(self) -> pd.DataFrame:
        """What people should know: that of the plan before edits, and what edits strand, add or give up."""
        listed = self.plan.notices
        some = {name for node, name in enumerate(self.cube.people.names) if self.cube.total(node)}
        listed = listed[(listed["kind"] != "zero driver") | ~listed["node"].isin(some)]
        rows = notices_of_edits(self.scenario, self.plan, self.edited)
        if self._beyond() > 0:
            words = "more is asked than the target, by edits that nobody makes up for"
            rows.append(("beyond the target", "", "", self._beyond() * self.cube.unit, words))
        added = pd.DataFrame(rows, columns=list(listed.columns))
        return pd.concat([listed, added], ignore_index=True) if rows else listed.reset_index(drop=True)

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

    @cached_property
    def without(self) -> dict[str, Edited | None]:
        """By edit: the plan under all the others; None where these clash without it."""
        edits = self.edited.edits
        return {name: self._under({k: e for k, e in edits.items() if k != name}) for name in edits}

    def _under(self, edits: Mapping[str, Edit]) -> Edited | None:
        try:
            return _apply(self.scenario, self.plan, edits, self.factor)
        except NoPlanExists:
            return None

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
            other = self.without[name]
            if other is None:
                says = f"{said(self.plan.cube, edit)}; without it the others clash"
                rows.append({"edit": name, "says": says, "moves": np.nan, "most": "", "by": np.nan})
                continue
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
        unknown = unknown_node(self.scenario, name, "--quota")
        if unknown:
            raise InputError(unknown)
        node = self.cube.people.find(name, "--quota")
        without = {key: other for key, other in self.without.items() if other is not None}
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
