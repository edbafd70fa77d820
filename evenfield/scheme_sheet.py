"""`schemes.html`: schemes side by side as a page that opens offline."""

import pandas as pd

from evenfield.comparison import CONFIDENCE, SAME
from evenfield.deciding import holdings
from evenfield.figures import figure
from evenfield.money import exact
from evenfield.plots.scheme_curves import draw_curves
from evenfield.plots.scheme_people import draw_people
from evenfield.report.sheet import Part, Sheet
from evenfield.scheme_choice import curves_of
from evenfield.scheme_study import SchemeStudy
from evenfield.scheme_words import (
    GAMING_COLUMNS,
    GAMING_NOTE,
    against_in_words,
    best_in_words,
    gaming_in_words,
    left_out_in_words,
    no_gain_in_words,
    people_in_words,
    unpaid_in_words,
    verdict_in_words,
)
from scenarios.scheme import Scheme
from simulation.paying.outlook import unseen

CONSTANT = (
    "In this scenario effort is constant, whatever is paid, so reps have no reason to move deals and all is"
    ' zero. Set market.effort.mode to "closed form" or "dynamic" to see what they would do.'
)
"""Said where nobody answers what is paid."""

SHOWN = 12
"""Winners and losers in the table; the CSV has all."""


def scheme_sheet(study: SchemeStudy, command: str) -> Sheet:
    """Lay out the page."""
    scenario = study.scenarios[study.reference]
    parts = (
        _verdicts(study),
        _curves(study),
        *_people(study),
        _past(study),
        *_gaming(study),
        *_assumptions(study),
    )
    return Sheet("Which scheme", scenario.title or scenario.name, tuple(_answer(study)), command, parts)


def _answer(study: SchemeStudy) -> list[str]:
    """Say first whom a scheme leaves unpaid, then which scheme is best at what, then each in a sentence."""
    years = study.outcomes[study.reference].replications
    effort = (
        "reps answer each scheme"
        if study.reps_answer
        else "effort is constant, so that pay differs and nothing that reps do"
    )
    said = [
        *unpaid_in_words(study),
        *best_in_words(study),
        *(against_in_words(study, name) for name in study.scenarios if name != study.reference),
        (
            f"The same plan and the same luck in {years:,} simulated years, verdicts at {CONFIDENCE:.0%};"
            f" {effort}."
        ),
    ]
    return [*said, left_out_in_words(study)] if study.left_out else said


def _verdicts(study: SchemeStudy) -> Part:
    """Put schemes side by side: a row a figure, a column a scheme."""
    money = study.scenarios[study.reference].currency
    others = [name for name in study.scenarios if name != study.reference]
    columns = ("scheme", "figure", "reference", "difference", "standard_error", "verdict", "years_needed")
    before: dict[str, str] = {}
    cells: dict[tuple[str, str], str] = {}
    for name, key, base, difference, error, verdict, needed in zip(
        *(study.rows[column] for column in columns), strict=True
    ):
        told = verdict_in_words(verdict, difference, error, needed)
        before[key] = figure(key).write(base, money)
        cells[key, name] = (
            told if told == SAME else f"{figure(key).write_difference(difference, money)}: {told}"
        )
    rows = tuple(
        (figure(key).label, value, *(cells[key, name] for name in others)) for key, value in before.items()
    )
    words = (
        f"Means of a year under {study.reference}, and what each other scheme changes, in pairs of years.",
    )
    return Part("Verdicts", words, columns=("Figure", study.reference, *others), rows=rows)


def _curves(study: SchemeStudy) -> Part:
    """Draw what a quarter pays by attainment, of the rep with the median target incentive."""
    words: tuple[str, ...] = (
        (
            "Pay of the rep with the median target incentive for own sales of the first quarter, 1 being"
            " that quarter's part of the target incentive. Other quarters may pay otherwise, and what is"
            " paid by the year is not in it."
        ),
    )
    hidden = [said for name, one in study.scenarios.items() if (said := _unseen(name, one.scheme))]
    if hidden:
        words += (f"Reps do not see, and so do not answer: {'; '.join(hidden)}.",)
    return Part("What the first quarter pays", words, draw_curves(curves_of(study.scenarios, study.plan)))


def _unseen(name: str, scheme: Scheme) -> str:
    parts = [" and ".join(keys) + f" of {one}" if keys else one for one, keys in unseen(scheme).items()]
    return f"of {name} {', '.join(parts)}" if parts else ""


def _people(study: SchemeStudy) -> list[Part]:
    money = study.scenarios[study.reference].currency
    parts = []
    for name in study.scenarios:
        people = study.people[study.people["scheme"] == name].sort_values("difference", ascending=False)
        if people.empty:
            continue
        ends = people if len(people) <= 2 * SHOWN else pd.concat([people.head(SHOWN), people.tail(SHOWN)])
        rows = tuple(
            (str(rep), role, exact(before, money), exact(after, money), exact(difference, money), verdict)
            for rep, role, before, after, difference, verdict in zip(
                *(ends[c] for c in ("rep", "role", "reference", "other", "difference", "verdict")),
                strict=True,
            )
        )
        parts.append(
            Part(
                f"Who wins and who loses under {name}",
                (people_in_words(study, name),),
                draw_people(people, money),
                ("Who", "Role", "Pay before", "Pay after", "Difference", "Verdict"),
                rows,
                texts=2,
            )
        )
    return parts


def _past(study: SchemeStudy) -> Part:
    """Show what past results would have paid beside the forecast: the difference is behavior and the year
    ahead.
    """
    money = study.scenarios[study.reference].currency
    sums = {
        name: (float(part["pay"].sum()), float(part["sales"].sum()))
        for name, part in study.past.groupby("scheme", sort=False)
    }
    simulated = {
        name: float(outcome.rows.pay.sum(axis=1).mean())
        for name, outcome in study.outcomes.items()
        if outcome.rows is not None
    }
    rows = tuple(
        (
            name,
            exact(sums[name][0], money),
            f"{sums[name][0] / sums[name][1]:.2%}" if sums[name][1] else "—",
            exact(simulated[name], money),
            f"{simulated[name] / float(outcome.years['bookings'].mean()):.2%}",
        )
        for name, outcome in study.outcomes.items()
    )
    words = (
        (
            "Pay of reps, base pay included. Left, the orders of the last twelve months under each scheme,"
            " quotas scaled so that they were just reached and nobody selling otherwise; right, the"
            " simulated year" + (", in which reps answer." if study.reps_answer else ".")
        ),
    )
    return Part(
        "Past results and forecast",
        words,
        columns=("Scheme", "Pay on past results", "of sales", "Pay in the simulated year", "of bookings"),
        rows=rows,
    )


def _gaming(study: SchemeStudy) -> list[Part]:
    if study.gaming.empty:
        return []
    money = study.scenarios[study.reference].currency
    rows = tuple(tuple(gaming_in_words(row, money)) for row in study.gaming.to_dict("records"))
    years = int(study.gaming["years"].iloc[0])
    constant = study.scenarios[study.reference].market.effort.mode == "constant"
    words = (
        *((CONSTANT,) if constant else ()),
        (
            f"{years:,} years in which reps hold deals back to the next quarter or ask customers to decide"
            " early at a discount, wherever that pays them, against the same years without: means of a"
            " year, and ± the standard error."
        ),
        GAMING_NOTE,
        *((said,) if (said := no_gain_in_words(study.gaming)) else ()),
    )
    return [Part("How it may be gamed", words, columns=("Scheme", *GAMING_COLUMNS), rows=rows)]


def _assumptions(study: SchemeStudy) -> list[Part]:
    title = "If reps are not as assumed"
    if not study.reps_answer:
        words = "Effort is constant in this scenario, so no assumption about behavior could be tried."
        return [Part(title, (words,))]
    if study.sensitivity.empty:
        return []
    rows = tuple(
        (figure(key).label, name, held.said)
        for (name, key), held in holdings(study.sensitivity, study.rows).items()
    )
    words = (
        "The same comparison with other assumptions about behavior, each alone, at the ends of its range,"
        f" in {int(study.sensitivity['years'].max()):,} years each. Holds: the same verdict for sure"
        " everywhere. Same sign: the difference points the same way everywhere, but so few years decide"
        " only in some. Unsure: it points the other way somewhere, or is none, without a verdict."
    )
    return [Part(title, (words,), columns=("Figure", "Scheme", "Verdict"), rows=rows, texts=3)]
