"""What a rep did around the ends of quarters, in sentences."""

import pandas as pd

from evenfield.story_speech import Speech

KINDS = ("HELD_BACK", "LOST_HELD", "PULLED_IN", "DISCOUNT", "LOST_PRESSED")

TOLD_ONE_BY_ONE = 4
"""Largest of a month that have a sentence each."""


def played_with_time(speech: Speech, own: pd.DataFrame, month: int) -> list[str]:
    """Tell of deals held back and pulled in, and what became of them, the largest of a month.

    Parameters
    ----------
    speech
        How names, days and amounts are written.
    own
        Records of the rep's seat, as of `Chronicle`.
    month
        Position of the month.
    """
    some = own[own["kind"].isin(KINDS) & (own["month"] == month)]
    if some.empty:
        return []
    largest = some.nlargest(TOLD_ONE_BY_ONE, "amount").sort_values("time", kind="stable")
    said = [
        speech.words[f"timing {row['kind']}"].format(
            customer=speech.customer(row["customer"]),
            date=speech.day(row["time"]),
            amount=speech.money(row["amount"]),
        )
        for row in largest.to_dict("records")
    ]
    more = len(some) - len(largest)
    return [*said, speech.words["timing more"].format(count=more)] if more else said
