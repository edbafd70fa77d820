"""A subject and everybody else put together: what pays the subject alone needs no more of the others than
sums.

People whose sales count for the subject in the same way (own, team, company) are one; results add up exactly.
What a team earns together and shares needs everybody and is not computed so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from simulation.paying.exact import MILLION, Whole
from simulation.paying.linting.subject import Subject
from simulation.paying.people import People
from simulation.paying.results import Account, Results


@dataclass(frozen=True, eq=False)
class Few:
    """The subject first, then everybody else in groups.

    Parameters
    ----------
    people
        Only the first has a role and is paid.
    members
        1 where a person belongs to a group, [groups, people].
    before
        Accounts of the twelve months before, [groups, 12].
    starts
        As in `Payroll`.
    """

    people: People
    members: Whole
    before: Mapping[Account, Whole]
    starts: tuple[date | None, ...]

    def added(self, results: Results) -> Results:
        """Add results up by group; of shares, which are the same for all, take those of one member."""
        one = self.members.argmax(axis=1)
        return Results(
            {account: self.members @ table for account, table in results.accounts.items()},
            {
                name: (part[..., one, :], weights[..., one, :])
                for name, (part, weights) in results.shares.items()
            },
            {name: self.members @ table for name, table in results.spiffs.items()},
            self.before,
        )


def few_of(subject: Subject) -> Few:
    """Put everybody but the subject together, group by group."""
    people, who = subject.people, subject.person
    others = [n for n in range(len(people)) if n != who]
    ways = {n: tuple(int(table[who, n]) for table in people.counts.values()) for n in others}
    groups = [[who], *([n for n in others if ways[n] == way] for way in dict.fromkeys(ways.values()))]
    members = np.zeros((len(groups), len(people)), np.int64)
    for number, group in enumerate(groups):
        members[number, group] = 1
    heads, size = [group[0] for group in groups], len(groups)
    counts = {of: np.eye(size, dtype=np.int64) for of in people.counts}
    for of, table in people.counts.items():
        counts[of][0] = table[who, heads]
    few = replace(
        people,
        names=tuple(people.names[n] for n in heads),
        roles=(subject.role, *[""] * (size - 1)),
        teams=(people.teams[who], *[""] * (size - 1)),
        reps=min(people.reps, size),
        base=(people.base[who], *[0] * (size - 1)),
        incentive=(people.incentive[who], *[0] * (size - 1)),
        present=people.present[heads],
        counts=counts,
        quota=members @ people.quota,
        times={
            name: np.array([factor[who], *[MILLION] * (size - 1)], np.int64)
            for name, factor in people.times.items()
        },
    )
    before = {account: members @ table for account, table in subject.before.items()}
    starts = tuple(subject.starts[n] for n in heads) if subject.starts else ()
    return Few(few, members, before, starts)
