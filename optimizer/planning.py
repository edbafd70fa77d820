"""Make a whole plan: first who serves whom, then who is asked for what."""

from typing import Unpack

from optimizer.core.engines import Options
from optimizer.plan import Plan
from optimizer.quotas import split_target
from optimizer.territories import assign_customers
from scenarios import Scenario


def optimize(scenario: Scenario, *, name: str = "plan", **options: Unpack[Options]) -> Plan:
    """Make the best plan for a scenario: territories, then quotas for them.

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
    owner, result = assign_customers(scenario, **options)
    return Plan(name, scenario.digest, owner, split_target(scenario, owner), result)
