"""What a comparison of schemes says in words."""

from collections.abc import Mapping
from typing import Any

from evenfield.comparison import UNDECIDED
from evenfield.figures import figure
from evenfield.money import exact, short
from evenfield.scheme_study import SchemeStudy


def verdict_in_words(verdict: str, difference: float, error: float, needed: int) -> str:
    """Say a verdict; where there is none, how many years would bring one with a chance of 80 %."""
    if verdict != UNDECIDED:
        return verdict
    if difference == 0 and error == 0:
        return "the same"
    return f"not distinguishable yet ({needed:,} years would)" if needed else UNDECIDED


def people_in_words(study: SchemeStudy, name: str) -> str:
    """Say how many reps win and lose, and who most."""
    people = study.people[study.people["scheme"] == name]
    money = study.scenarios[name].currency
    said = []
    for verdict in ("wins", "loses"):
        some = people[people["verdict"] == verdict]
        if len(some):
            most = some.iloc[int(some["difference"].abs().to_numpy().argmax())]
            said.append(
                f"{len(some)} of {len(people)} reps {verdict.removesuffix('s')}, most "
                f"{most['rep']} ({exact(abs(most['difference']), money)} a year)"
            )
    return f"{name}: " + ("; ".join(said) if said else "no rep wins or loses for sure") + "."


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


def gaming_in_words(row: Mapping[Any, Any], currency: str) -> list[str]:
    """Write a row of `exploitability`: scheme, paid more, its share, four sums, cost."""
    money = figure("pay")
    share = row["exploitability"]
    return [
        str(row["scheme"]),
        f"{money.write_difference(row['paid_more'], currency)} ± {short(row['standard_error'], currency)}",
        f"{share:+.1%}" if share == share else "—",
        *(money.write(row[name], currency) for name in ("held", "pulled_in", "discounts", "lost")),
        money.write_difference(row["cost"], currency),
    ]
