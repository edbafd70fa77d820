"""What a comparison of schemes says in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from evenfield.comparison import SAME, UNDECIDED
from evenfield.deciding import ALIKE, HOLDS, TURNS, UNSURE, holdings
from evenfield.figures import figure
from evenfield.money import exact, short
from evenfield.scheme_people import LOSES, NEWLY, UNPAID, WINS
from evenfield.scheme_study import BETTER, SchemeStudy

HEADLINE = ("margin_after_pay", "bookings", "pay", "pay_for_results")
"""Figures of which the headline says who is best: worth, motivation, cost and fairness."""

SHOWN = 5
"""People named; of more, how many."""

NO_GAIN = " *"
"""Behind a gain that is a loss; explained below the table."""


def verdict_in_words(verdict: str, difference: float, error: float, needed: int) -> str:
    """Say a verdict; where there is none, how many years would bring one with a chance of 80 %."""
    if verdict != UNDECIDED:
        return verdict
    if difference == 0 and error == 0:
        return "the same"
    return f"not distinguishable yet ({needed:,} years would)" if needed else UNDECIDED


def people_in_words(study: SchemeStudy, name: str) -> str:
    """Say how many people win and lose, who most, and whom only one of the schemes pays."""
    people = study.people[study.people["scheme"] == name]
    money = study.scenarios[name].currency
    who = "people" if (people["rep"].isin(study.past["rep"]) == 0).any() else "reps"
    said = []
    for verdict in (WINS, LOSES):
        some = people[people["verdict"] == verdict]
        if len(some):
            most = some.iloc[int(some["difference"].abs().to_numpy().argmax())]
            said.append(
                f"{len(some)} of {len(people)} {who} {verdict.removesuffix('s')}, most "
                f"{most['rep']} ({exact(abs(most['difference']), money)} a year)"
            )
    for verdict in (UNPAID, NEWLY):
        some = people[people["verdict"] == verdict]
        if len(some):
            said.append(f"{verdict}: {', '.join(some['rep'])}")
    return f"{name}: " + ("; ".join(said) if said else f"no {who} win or lose for sure") + "."


def unpaid_in_words(study: SchemeStudy) -> list[str]:
    """Say first of all whom a scheme leaves unpaid that another pays, and that their pay is compared
    nowhere.
    """
    said = [
        f"{name} pays nothing beside base pay to "
        + " and ".join(f"{role} ({_some(people)})" for role, people in roles.items())
        + f", whom {_and(_who_pays(study, roles))} pays."
        for name, roles in study.unpaid.items()
    ]
    if said:
        said.append(
            "So pay, its share of bookings and margin after pay leave these people out under every scheme:"
            " what a scheme forgets to pay is no saving."
        )
    return said


def _who_pays(study: SchemeStudy, roles: Mapping[str, tuple[str, ...]]) -> list[str]:
    return [name for name, one in study.scenarios.items() if set(roles) <= set(one.scheme.roles)] or [
        "another scheme"
    ]


def _some(names: Sequence[str]) -> str:
    rest = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + rest


def _and(words: Sequence[str]) -> str:
    return " and ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def best_in_words(study: SchemeStudy) -> list[str]:
    """Say which scheme is best at what, and how sure that is."""
    money, reference = study.scenarios[study.reference].currency, study.reference
    said = []
    for key in HEADLINE:
        rows = study.rows[study.rows["figure"] == key].set_index("scheme")
        means = {reference: float(rows["reference"].iloc[0])} | {
            str(name): float(mean) for name, mean in rows["other"].items()
        }
        known = {name: mean for name, mean in means.items() if mean == mean}
        if not known or (rows["verdict"] == SAME).all():
            continue
        best = (max if BETTER[key] == "higher" else min)(known, key=lambda name: known[name])
        sure = (rows["verdict"] == "worse").all() if best == reference else rows["verdict"][best] == "better"
        against = "every other" if best == reference else reference
        told = f"for sure better than {against}" if sure else f"not sure against {against}"
        said.append(f"{figure(key).label}: {best} ({figure(key).write(known[best], money)}; {told})")
    return [f"Best at what: {'; '.join(said)}."] if said else []


def against_in_words(study: SchemeStudy, name: str) -> str:
    """Say in a sentence what a scheme is better and worse at than the reference, by how much where it
    counts.
    """
    money = study.scenarios[name].currency
    rows = study.rows[study.rows["scheme"] == name]
    parts = []
    for verdict in ("better", "worse"):
        some = [
            f"{figure(key).label[0].lower()}{figure(key).label[1:]}"
            + (f" ({figure(key).write_difference(difference, money)})" if key in HEADLINE else "")
            for key, difference, told in zip(
                *(rows[c] for c in ("figure", "difference", "verdict")), strict=True
            )
            if told == verdict
        ]
        parts.append(f"{verdict} in {', '.join(some)}" if some else f"{verdict} in nothing for sure")
    unsure = [
        figure(key).label.lower() for key in rows["figure"][rows["verdict"] == UNDECIDED] if key in HEADLINE
    ]
    tail = f"; {' and '.join(unsure)} cannot be told apart yet" if unsure else ""
    return f"{name} against {study.reference}: {'; '.join(parts)}{tail}."


def tried_in_words(study: SchemeStudy) -> str:
    """Say how the verdicts do under other assumptions about behavior."""
    held = holdings(study.sensitivity, study.rows)
    counts = {word: sum(one.word == word for one in held.values()) for word in (HOLDS, ALIKE, UNSURE, TURNS)}
    years = max(one.years for one in held.values())
    said = ", ".join(f"{word} {count}" for word, count in counts.items() if count)
    return (
        f"Under other assumptions about reps, {years:,} years each, of {len(held)} verdicts on bookings,"
        f" pay and margin: {said}."
    )


def left_out_in_words(study: SchemeStudy) -> str:
    """Say what was compared, and what an interrupt left out; nothing where it left nothing out."""
    if not study.left_out:
        return ""
    years = study.outcomes[study.reference].replications
    return (
        f"Interrupted: {len(study.scenarios)} schemes are compared in {years:,} years; left out are "
        + ", ".join(study.left_out)
        + "."
    )


def setting_in_words(value: Any) -> str:
    """Write a setting that was varied; a missing number is none."""
    if value is None or value != value:
        return "none"
    return f"{value:g}" if isinstance(value, float) else str(value)


GAMING_COLUMNS = (
    *("Reps gain", "Of the incentive", "Held back", "Pulled in", "Discounts", "Orders lost"),
    "Cost",
)
"""Headings of what `gaming_in_words` writes, but for the scheme."""

GAMING_NOTE = (
    "What reps gain is what they are paid more in this year, and what next year's first quarter pays for"
    " deals that they put off into it, less what it does not pay for those pulled out of it. Cost is that,"
    " discounts, and the contribution of lost orders; those put off and kept cost nothing."
)


def gaming_in_words(row: Mapping[Any, Any], currency: str) -> list[str]:
    """Write a row of `exploitability`: scheme, gain, its share, four sums, cost."""
    money = figure("pay")
    share = row["exploitability"]
    gain = f"{money.write_difference(row['gain'], currency)} ± {short(row['standard_error'], currency)}"
    return [
        str(row["scheme"]),
        gain + (NO_GAIN if row["gain"] < 0 else ""),
        f"{share:+.1%}" if share == share else "—",
        *(money.write(row[name], currency) for name in ("held", "pulled_in", "discounts")),
        money.write(row["lost"] + row["lost_later"], currency),
        money.write_difference(row["cost"], currency),
    ]


def no_gain_in_words(gaming: pd.DataFrame) -> str:
    """Say why playing does not pay under some schemes; nothing where it does under all."""
    some = list(gaming["scheme"][gaming["gain"] < 0])
    if not some:
        return ""
    return (
        f"{NO_GAIN.strip()} Under {_and(some)} reps who play are paid less in these years, not more. They"
        " judge deal by deal, by what they see of the scheme and expect of the quarter; orders lost, luck,"
        " and what they do not see (other goals, teams, caps of the year) may take more than playing"
        " brings. What they lose is not counted as a gain of the company."
    )
