"""Make a whole plan: first who serves whom, then who is asked for what."""

from optimizer.engines import Engine
from optimizer.plan import Plan
from optimizer.quotas import split_target
from optimizer.stopping import Progress
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
    engine: Engine = "auto",
    progress: Progress | None = None,
) -> Plan:
    """Make the best plan for a scenario: territories, then quotas for them.

    Parameters
    ----------
    name
        What to call the plan.
    time_limit, work_limit, gap, seed, engine, progress
        For who serves whom, as in `optimizer.engines.assign`.

    Raises
    ------
    NoPlanExists
        If the hard rules clash.
    NoPlanFoundInTime
        If the limits ran out first.
    """
    owner, result = assign_customers(
        scenario,
        time_limit=time_limit,
        work_limit=work_limit,
        gap=gap,
        seed=seed,
        engine=engine,
        progress=progress,
    )
    return Plan(name, scenario.digest, owner, split_target(scenario, owner), result)
