"""What is found: faults, which a scheme should not have, and notes, which its owner should know."""

from collections.abc import Mapping
from dataclasses import dataclass, field

CLIFF = 0.25
"""Largest jump that is no fault, as a share of the target incentive of the period."""
SMALL = 0.01
"""Share of the target incentive below which nothing is said."""
MATTERS = (0.8, 1.2)
"""Attainments between which more sales should earn more."""
STRETCH = 0.05
"""Length of a flat stretch there that is a fault, in attainment."""
SHIFT = 0.10
"""Largest gain from moving a deal that is no fault, as a share of the target incentive of the year."""
DEAL = 0.10
"""Size of the deal that is moved, as a share of the quota of a quarter."""
SPLIT = 0.01
"""Largest gain from cutting or joining deals that is no fault, as a share of the target incentive."""
OFF_TARGET = 0.02
"""How far pay at 100 % may be from the target incentive, as a share of it."""

Fact = float | str


@dataclass(frozen=True)
class Finding:
    """Something found.

    Parameters
    ----------
    kind
        What: one of `KINDS`.
    is_fault
        Whether a scheme should not have it.
    role, person
        Of whom it was found; the person is a key of the scenario, or the role.
    elements
        Those concerned.
    size
        Money.
    facts
        Numbers and names from which words are made; money in money, shares as shares.
    people
        How many people it was found of.
    """

    kind: str
    is_fault: bool
    role: str
    person: str
    elements: tuple[str, ...]
    size: float
    facts: Mapping[str, Fact] = field(default_factory=dict)
    people: int = 1


KINDS = (
    "weights",
    "target pay",
    "drop",
    "cliff",
    "flat",
    "cost",
    "no cap",
    "shift",
    "split",
    "merge",
    "double pay",
    "gate",
    "penalty",
    "draw",
    "contest",
    "not by sales",
)
"""What may be found, in the order in which it is told."""
