"""Prove that a table of quotas adds up: each node against those below it, the company against its target."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from optimizer.quotas.tree import Tree

KEYS = ["node", "line", "period"]
"""What a row of a table of quotas is about; beside them stand base and padded, money."""


def reconcile(
    table: pd.DataFrame,
    people: Tree,
    factor: np.ndarray,
    unit: float,
    target: float,
    pinned: Collection[int] = (),
) -> pd.DataFrame:
    """Recompute every sum of a table of quotas from its own rows.

    Parameters
    ----------
    table
        Columns node, line, period, base and padded (money), a row for every node, line and period.
    factor
        Padded over base by node.
    unit
        Rounding unit, money.
    target
        What the company is to be asked for, money.
    pinned
        Nodes with a pin in the padded layer: the base, in whole units, may be half a unit off, which is more
        in that layer.

    Returns
    -------
    A row for every node: node, level, base (its year), below (sum of those right below it), difference (the
    largest in absolute value over lines and periods, money), padded, times (padded over base), ok. In the row
    of the company, `below` is compared with it and it with the target.
    """
    base = table.pivot_table(index="node", columns=["line", "period"], values="base", aggfunc="sum")
    padded = table.groupby("node")["padded"].sum()
    base = base.reindex(list(people.names)).fillna(0.0)
    cells = base.to_numpy()
    below = np.zeros_like(cells)
    np.add.at(below, people.parent[1:], cells[1:])
    inner = np.zeros(len(people), dtype=bool)
    inner[people.parent[1:]] = True
    off = np.where(inner, np.abs(cells - below).max(axis=1), 0.0)
    off[0] = max(off[0], abs(cells[0].sum() - target))
    yearly, layer = cells.sum(axis=1), padded.reindex(list(people.names)).fillna(0.0).to_numpy()
    allowed = np.full(len(people), 0.5)
    allowed[list(pinned)] = 0.5 * np.maximum(factor[list(pinned)], 1.0)
    far = np.abs(layer - yearly * factor) > allowed * unit + 1e-9 * np.abs(layer)
    return pd.DataFrame(
        {
            "node": people.names,
            "level": [people.level_of(k) for k in range(len(people))],
            "base": yearly,
            "below": np.where(inner, below.sum(axis=1), np.nan),
            "difference": off,
            "padded": layer,
            "times": factor,
            "ok": (off < 0.5 * unit) & ~far,
        }
    )


def unreconciled(checks: pd.DataFrame) -> int:
    """Count the nodes that do not add up."""
    return int((~checks["ok"]).sum())
