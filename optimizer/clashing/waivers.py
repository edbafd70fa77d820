"""Which rules would have to make an exception for a customer to go to a rep, as the rules stand together."""

import dataclasses

import numpy as np

from scenarios import Scenario, permissions
from scenarios.permissions import LOCKS


def waivers(scenario: Scenario) -> dict[str, np.ndarray]:
    """Say of each hard rule about pairs which of them need its exception; a customer may go where none does.

    Rules are judged as they stand together. A lock keeps its customer with today's owner whatever
    eligibility says, so the owner needs no exception, but whoever else is to have the customer needs that of
    the lock and of eligibility. A rule that customers stay spares those whose owner is not eligible; where
    eligibility made an exception for such a customer, the owner would be, and it would have to stay.

    Returns
    -------
    True or false by rule, customers x reps.
    """
    customers, rules = scenario.customers, scenario.rules
    names = rules.names()
    unlocked = dataclasses.replace(scenario, customers=customers.assign(lock=False))
    owned = customers["owner"].to_numpy()[:, None] == scenario.reps.index.to_numpy()[None, :]
    locked = customers["lock"].to_numpy()[:, None] & owned
    asked = {names["eligibility", number] for number in range(len(rules.eligibility))}
    against = dict(permissions.forbidden(unlocked))
    stays = {
        names["accounts", number]: rule
        for number, rule in enumerate(rules.accounts)
        if rule.kind == "stay" and rule.price is None
    }
    for name, rule in stays.items():
        bound = permissions.meant_customers(scenario, rule)[:, None] & owned.any(axis=1)[:, None] & ~owned
        for one in asked:
            owner_fails = (against[one] & owned).any(axis=1)[:, None]
            bound &= ~owner_fails | against[one]
        against[name] = bound
    against |= {name: against[name] & ~locked for name in asked}
    against[LOCKS] = locked.any(axis=1)[:, None] & ~owned
    return against
