"""Make a whole plan: first who serves whom, then who is asked for what."""

from collections.abc import Callable

from optimizer.plan import Plan
from optimizer.quotas import split_target
from optimizer.territories import assign_customers
from scenarios import Scenario


def optimize(
    scenario: Scenario,
    *,
    name: str = "plan",
    time_limit: float | None = None,
    work_limit: int | None = None,
    gap: float = 5e-3,
    seed: int = 1,
    progress: Callable[[float], None] | None = None,
) -> Plan:
    """Make the best plan for a scenario: territories, then quotas for them.

    Parameters
    ----------
    name
        What to call the plan.
    time_limit
        Seconds of wall time for the assignment; none given: 60, or unlimited where there is a work limit.
    work_limit
        Nodes of the search tree instead; the same answer on every machine.
    gap
        Good enough: stop when proved to be within this fraction of the best.
    seed
        Seed of the solver.
    progress
        Told the seconds gone while the solver works.

    Raises
    ------
    NoPlanExists
        If the hard rules clash.
    NoPlanFoundInTime
        If the limits ran out first.
    """
    owner, result = assign_customers(
        scenario, time_limit=time_limit, work_limit=work_limit, gap=gap, seed=seed, progress=progress
    )
    return Plan(name, scenario.digest, owner, split_target(scenario, owner), result)
