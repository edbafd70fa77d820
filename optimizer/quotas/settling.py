"""Which solver answers a model of quotas."""

from optimizer.quotas import judge
from optimizer.quotas.departure import Departure, Infeasible, Model, NotSettled, least_departure
from optimizer.quotas.feasibility import fits

PATIENCE = 15
"""Newton steps before it is asked whether a model's limits can be kept at all."""


def settle(model: Model) -> Departure:
    """Solve a model: by the Newton method, or by a general solver where that does not settle.

    Raises
    ------
    Infeasible
        If its limits cannot be kept together.
    NotSettled
        If they can, and no answer was found.
    """
    try:
        return _settle(model)
    except Infeasible:
        raise
    except NotSettled:
        if not fits(model):
            raise Infeasible from None
        raise


def _settle(model: Model) -> Departure:
    if model.measure == "absolute":
        return judge.solve(model)
    try:
        return least_departure(model, PATIENCE)
    except NotSettled:
        if not fits(model):
            raise Infeasible from None
    try:
        return least_departure(model)
    except NotSettled:
        if model.measure == "entropy":
            raise
        return judge.solve(model)
