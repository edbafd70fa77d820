"""Which solver answers a model of quotas."""

from optimizer.quotas import judge
from optimizer.quotas.departure import Departure, Model, NotSettled, least_departure
from optimizer.quotas.feasibility import fits


def settle(model: Model) -> Departure:
    """Solve a model: by the Newton method, or by a general solver where that does not settle.

    Raises
    ------
    NotSettled
        If its limits cannot be kept together.
    """
    if model.measure == "absolute":
        return judge.solve(model)
    try:
        return least_departure(model)
    except NotSettled:
        if model.measure == "entropy" or not fits(model):
            raise
        return judge.solve(model)
