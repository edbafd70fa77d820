"""The linter of schemes: everything found of a typical person of each role, or of everybody in a scenario."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from scenarios import Scenario
from scenarios.scheme import Scheme
from simulation.paying.linting import deals, slopes, terms
from simulation.paying.linting.finding import KINDS, Finding
from simulation.paying.linting.paying import Payer
from simulation.paying.linting.slopes import Followed, followed
from simulation.paying.linting.subject import Subject, everybody, typical
from simulation.paying.payroll import payroll

CHECKS: tuple[Callable[[Followed], list[Finding]], ...] = (
    terms.target_pay,
    slopes.drops,
    terms.other_drops,
    slopes.cliffs,
    slopes.flats,
    slopes.costs,
    deals.shifts,
    deals.cuts,
    slopes.double_pay,
    terms.gates,
    terms.penalties,
    terms.draws,
)


@dataclass(frozen=True, eq=False)
class Judgement:
    """What is found of a scheme.

    Parameters
    ----------
    scheme
        Which.
    findings
        Faults first, then notes, each in the order of their kinds and the largest first.
    followed
        The first person of each role, with its pay by sales.
    people
        How many were judged.
    without
        Roles of the scheme of which nobody could be judged: nobody has them, or nobody sells for them.
    unasked
        Reps who are not judged, since nothing is asked of them.
    """

    scheme: Scheme
    findings: tuple[Finding, ...]
    followed: tuple[Followed, ...]
    people: int
    without: tuple[str, ...] = ()
    unasked: tuple[str, ...] = ()

    @property
    def faults(self) -> tuple[Finding, ...]:
        """What a scheme should not have."""
        return tuple(finding for finding in self.findings if finding.is_fault)

    @property
    def notes(self) -> tuple[Finding, ...]:
        """What its owner should know."""
        return tuple(finding for finding in self.findings if not finding.is_fault)


def lint(scheme: Scheme, quota: float | None = None, incentive: float | None = None) -> Judgement:
    """Judge a scheme by a typical person of each of its roles.

    Parameters
    ----------
    quota, incentive
        Of this person, money a year; by default round numbers.
    """
    return _judged(scheme, [typical(scheme, role, quota, incentive) for role in scheme.roles], [])


def lint_for(
    scenario: Scenario,
    scheme: Scheme,
    quota: pd.DataFrame,
    progress: Callable[[int, int], None] | None = None,
) -> Judgement:
    """Judge a scheme by everybody it pays in a scenario.

    Parameters
    ----------
    scheme
        The scenario's or another one.
    quota
        Money, reps x quarters.
    progress
        Told how many people are judged, of how many.
    """
    roll = payroll(replace(scenario, scheme=scheme), quota)
    subjects, unasked = everybody(scenario, scheme, quota)
    made = _judged(scheme, subjects, terms.contests(scheme, roll.people), progress)
    return replace(made, unasked=unasked)


def _judged(
    scheme: Scheme,
    subjects: Sequence[Subject],
    found: Sequence[Finding],
    progress: Callable[[int, int], None] | None = None,
) -> Judgement:
    first: dict[str, Followed] = {}
    findings = list(found)
    for number, subject in enumerate(subjects, 1):
        if subject.elements:
            it = followed(Payer(subject))
            first.setdefault(subject.role, it)
            findings += [finding for check in CHECKS for finding in check(it)]
        if progress is not None:
            progress(number, len(subjects))
    without = tuple(role for role in scheme.roles if role not in first)
    return Judgement(scheme, _in_order(findings), tuple(first.values()), len(subjects), without)


def _in_order(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Keep of what is the same for several people the worst, and say of how many it was found.

    The same is what is of one kind, of the same elements, at the same place; and what lies elsewhere for
    other people, as where all reach what their team is asked for by different sales of their own.
    """
    groups: dict[tuple[object, ...], list[Finding]] = {}
    for finding in findings:
        at = round(float(finding.facts.get("at", finding.facts.get("from", 0.0))), 2)
        groups.setdefault((*_sort_of(finding), at), []).append(finding)
    merged: dict[tuple[object, ...], list[list[Finding]]] = {}
    for key, group in sorted(groups.items(), key=lambda item: -len(item[1])):
        others = merged.setdefault(key[:-1], [])
        who = {finding.person for finding in group}
        into = next((other for other in others if not who & {f.person for f in other}), None)
        if into is None:
            others.append(list(group))
        else:
            into += group
    every = [
        replace(worst, people=max(worst.people, len({f.person for f in group})))
        for same in merged.values()
        for group in same
        for worst in (max(group, key=lambda f: (f.is_fault, f.size)),)
    ]
    return tuple(sorted(every, key=lambda f: (not f.is_fault, KINDS.index(f.kind), -f.size)))


def _sort_of(finding: Finding) -> tuple[object, ...]:
    """Say what is the same of all people: kind, role, elements and which number of which measure."""
    place = {k: v for k, v in finding.facts.items() if k in ("period", "over", "where", "number", "measure")}
    return finding.kind, finding.role, finding.elements, *place.values()
