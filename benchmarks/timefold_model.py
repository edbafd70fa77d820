"""The plain model for Timefold's Python package (its last release is 1.24.0b0): constraint streams, untuned.

Reps and customers are Python objects, as its guide has them, and the search starts from today's book, so
that all its time goes into local search. Numbers are whole: limits in tenths, cost in whole units.
Annotations must be real types here, because Timefold reads them when it makes Java classes.
"""

from dataclasses import dataclass, field
from typing import Annotated

import numpy as np
from timefold.solver import SolverFactory
from timefold.solver.config import Duration, ScoreDirectorFactoryConfig, SolverConfig, TerminationConfig
from timefold.solver.domain import (
    PlanningEntityCollectionProperty,
    PlanningId,
    PlanningScore,
    PlanningVariable,
    ProblemFactCollectionProperty,
    ValueRangeProvider,
    planning_entity,
    planning_solution,
)
from timefold.solver.score import (
    Constraint,
    ConstraintCollectors,
    ConstraintFactory,
    HardSoftScore,
    constraint_provider,
)

from benchmarks.instances import Instance

SCALE = 10
FORBIDDEN = 10_000_000


@dataclass
class Rep:
    """A rep with the limits of hours and potential, in tenths."""

    id: Annotated[int, PlanningId]
    least_hours: int
    most_hours: int
    least_potential: int
    most_potential: int


@planning_entity
@dataclass
class Customer:
    """A customer; `costs` has one number a rep."""

    id: Annotated[int, PlanningId]
    hours: int
    potential: int
    costs: list[int]
    rep: Annotated[Rep | None, PlanningVariable] = field(default=None)

    def cost(self) -> int:
        """Give the cost of today's choice."""
        return self.costs[self.rep.id]


@planning_solution
@dataclass
class Book:
    """Who serves whom."""

    reps: Annotated[list[Rep], ProblemFactCollectionProperty, ValueRangeProvider]
    customers: Annotated[list[Customer], PlanningEntityCollectionProperty]
    score: Annotated[HardSoftScore | None, PlanningScore] = field(default=None)


@constraint_provider
def rules(factory: ConstraintFactory) -> list[Constraint]:
    """State limits as hard and cost as soft constraints."""
    hours = factory.for_each(Customer).group_by(
        lambda customer: customer.rep, ConstraintCollectors.sum(lambda customer: customer.hours)
    )
    potential = factory.for_each(Customer).group_by(
        lambda customer: customer.rep, ConstraintCollectors.sum(lambda customer: customer.potential)
    )
    return [
        hours.penalize(
            HardSoftScore.ONE_HARD,
            lambda rep, load: max(load - rep.most_hours, rep.least_hours - load, 0),
        ).as_constraint("hours"),
        potential.penalize(
            HardSoftScore.ONE_HARD,
            lambda rep, load: max(load - rep.most_potential, rep.least_potential - load, 0),
        ).as_constraint("potential"),
        factory.for_each(Customer)
        .filter(lambda customer: customer.cost() >= FORBIDDEN)
        .penalize(HardSoftScore.ONE_HARD, lambda customer: customer.hours)
        .as_constraint("eligible"),
        factory.for_each(Customer)
        .penalize(HardSoftScore.ONE_SOFT, lambda customer: customer.cost())
        .as_constraint("cost"),
    ]


def solve(instance: Instance, seconds: float) -> tuple[np.ndarray, str]:
    """Search for so many seconds; give owners and what Timefold thinks of them."""
    problem = instance.problem
    hours, potential = problem.measure("hours"), problem.measure("potential")
    limits = [
        np.floor(np.stack([-np.ceil(-limit * SCALE) for limit in (m.lower, m.upper)])).astype(int)
        for m in (hours, potential)
    ]
    reps = [
        Rep(r, *(int(v) for limit in limits for v in (limit[0, r], limit[1, r]))) for r in range(problem.reps)
    ]
    table = np.full((problem.units, problem.reps), FORBIDDEN)
    table[problem.unit, problem.rep] = np.rint(problem.cost).astype(int)
    customers = [
        Customer(i, int(h), int(p), costs, reps[o])
        for i, (h, p, costs, o) in enumerate(
            zip(
                np.rint(instance.hours * SCALE),
                np.rint(instance.potential * SCALE),
                table.tolist(),
                instance.owner.tolist(),
                strict=True,
            )
        )
    ]
    config = SolverConfig(
        solution_class=Book,
        entity_class_list=[Customer],
        score_director_factory_config=ScoreDirectorFactoryConfig(constraint_provider_function=rules),
        termination_config=TerminationConfig(spent_limit=Duration(milliseconds=int(seconds * 1000))),
    )
    best = SolverFactory.create(config).build_solver().solve(Book(reps, customers))
    return np.array(
        [customer.rep.id for customer in best.customers]
    ), f"from today's book, score {best.score}"
