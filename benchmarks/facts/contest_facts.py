"""Contests: how many winners, and how unequal their prizes."""

from collections.abc import Mapping

import numpy as np

from benchmarks.facts.fact import Fact, Maker, Row, within
from simulation.behaving.contests import Rivals, compete

PEOPLE = 10
PURSE = 1.0
WINNERS = (2, 3, 5)
LITTLE = 0.1
"""More effort than this, as a share, is not little."""


def several_winners(thorough: bool) -> Fact:
    """F13: several winners beat one where people are afraid of risk; unequal prizes add little."""
    rivals = Rivals(PEOPLE, effect=1.0, noise=1.0, cost=1.0)
    one = compete(rivals, [PURSE], np.sqrt).effort
    rows = []
    for number in WINNERS:
        effort = compete(rivals, [PURSE / number] * number, np.sqrt).effort
        band = (1.0, 1.3)
        rows.append(within(f"effort, {number} equal winners, 1 winner = 1", "> 1", band, effort / one))
    three = compete(rivals, [PURSE / 3] * 3, np.sqrt).effort
    unequal = compete(rivals, [PURSE * share for share in (0.5, 0.3, 0.2)], np.sqrt).effort
    note = "adds a little; in the published field test nothing that could be measured"
    rows.append(
        within(
            "effort, 50-30-20 instead of three equal prizes",
            "adds little",
            (1 - LITTLE, 1 + LITTLE),
            unequal / three,
            note,
        )
    )
    neutral = [compete(rivals, [PURSE / m] * m).effort for m in (1, 3)]
    rows.append(
        Row(
            "effort, 3 winners, people who do not mind risk",
            "< 1",
            (0.0, 1.0),
            neutral[1] / neutral[0],
            neutral[1] < neutral[0],
        )
    )
    for people, constant in ((2, 1 / (2 * np.sqrt(np.pi))), (5, 0.23259), (10, 0.15388)):
        ours = compete(Rivals(people, 1.0, 1.0, 1.0), [1.0]).effort
        band = (round(constant, 5) - 1e-5, round(constant, 5) + 1e-5)
        rows.append(within(f"effort, winner takes all, {people} rivals", f"{constant:.5f}", band, ours))
    return Fact(
        "F13",
        "Contests: several winners beat one; unequal prizes add little",
        "N. Lim, M. Ahearne, S. Ham, *Designing sales contests: does the prize structure matter?*, Journal "
        "of Marketing Research 46 (2009); A. Kalra, M. Shi, Marketing Science 20 (2001). Closed form of "
        "two rivals: E. Lazear, S. Rosen, Journal of Political Economy 89 (1981).",
        "Symmetric equilibrium of `simulation/behaving/contests.py`, 10 rivals, normal noise, one purse, a "
        "prize A is worth sqrt(A); 1, 2, 3 and 5 equal winners, then 50-30-20. The last rows: prizes worth "
        "what they are.",
        tuple(rows),
        "With the square root, the best number of winners is a few and not one. It is the fear of risk "
        "that makes it so: whoever takes prizes for what they are tries hardest when the winner takes all. "
        "A prize for every second rival is still better than one winner; a prize for all would move nobody.",
    )


FACTS: Mapping[str, Maker] = {"F13": several_winners}
