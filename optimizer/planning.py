"""Make a whole plan: first who serves whom, then who is asked for what."""

from typing import Unpack

from optimizer.compiling.territories import assign_customers
from optimizer.core.engines import Options
from optimizer.overlays.assigning import assign_with_specialists
from optimizer.plan import Plan
from optimizer.quotas import split_target
from scenarios import Scenario


def optimize(scenario: Scenario, *, name: str = "plan", **options: Unpack[Options]) -> Plan:
    """Make the best plan for a scenario: territories, with specialists where there are any, then quotas.

    Parameters
    ----------
    name
        What to call the plan.
    options
        For who serves whom, as in `optimizer.core.engines.assign`.

    Raises
    ------
    NoPlanExists
        If the hard rules clash.
    NoPlanFoundInTime
        If the limits ran out first.
    """
    if scenario.overlays.teams:
        owner, support, result = assign_with_specialists(scenario, **options)
        quota = split_target(scenario, owner)
        return Plan(name, scenario.digest, owner, quota, result, support)
    owner, result = assign_customers(scenario, **options)
    return Plan(name, scenario.digest, owner, split_target(scenario, owner), result)
