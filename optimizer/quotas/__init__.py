"""Who is asked for what: one convex model for the cube of people, product lines and periods."""

from optimizer.quotas.editing import Edited, apply_edits
from optimizer.quotas.planning import QuotaPlan, plan_quotas, yearly_limits
from optimizer.quotas.quotas import Quotas, make_quotas
from optimizer.quotas.splitting import by_quarter, split_target

__all__ = [
    "Edited",
    "QuotaPlan",
    "Quotas",
    "apply_edits",
    "by_quarter",
    "make_quotas",
    "plan_quotas",
    "split_target",
    "yearly_limits",
]
