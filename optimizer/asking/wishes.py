"""Wishes a plan does not grant: rules about accounts that have a price, and the customers against them."""

import numpy as np
import pandas as pd

from scenarios import Scenario
from scenarios.permissions import against_rule


def wishes_not_granted(scenario: Scenario, owner: pd.Series) -> pd.DataFrame:
    """List the customers whose rep is against a rule that may be broken at a price.

    Parameters
    ----------
    owner
        Rep by customer; customers without a rep are against nothing.

    Returns
    -------
    A row for each rule and customer, in their order: rule (its name), asked_by (its owner), customer, rep,
    price (money a year).
    """
    rows = []
    names = scenario.rules.names()
    owner = owner.reindex(scenario.customers.index, fill_value="")
    wishes = [(n, rule) for n, rule in enumerate(scenario.rules.accounts) if rule.price is not None]
    for part in scenario.parts():
        place = scenario.reps.index.get_indexer(pd.Index(owner[part.customers.index]))
        served = np.flatnonzero(place >= 0)
        for number, rule in wishes:
            against = served[against_rule(part, rule)[served, place[served]]]
            rows += [
                (number, str(customer), str(owner[customer])) for customer in part.customers.index[against]
            ]
    rules = scenario.rules.accounts
    return pd.DataFrame(
        [
            (names["accounts", number], rules[number].owner, customer, rep, rules[number].price)
            for number, customer, rep in sorted(rows, key=lambda row: row[0])
        ],
        columns=["rule", "asked_by", "customer", "rep", "price"],
    )
