"""Classes of customers by potential."""

import pandas as pd

from scenarios.importing.tiers import Tier, promises

TIERS = (Tier("A", 100, 24, 2.0), Tier("B", 50, 12, 1.5), Tier("C", 0, 6, 1.0))


def test_a_customer_is_in_the_highest_class_it_reaches():
    promised = promises(pd.Series({"large": 100, "middle": 99, "small": 49.9}), TIERS)
    assert promised.loc["large"].tolist() == ["A", 24, 2.0]
    assert promised.loc["middle"].tolist() == ["B", 12, 1.5]
    assert promised.loc["small"].tolist() == ["C", 6, 1.0]
