"""`evenfield schemes`: incentive schemes side by side, and a verdict before one is launched."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from evenfield import answering
from evenfield.alternatives import open_plan
from evenfield.answering import say_notes
from evenfield.comparison import CONFIDENCE
from evenfield.deciding import holdings
from evenfield.figures import figure
from evenfield.machines import machines
from evenfield.options import (
    CORES,
    Changes,
    Cluster,
    Json,
    Keep,
    Out,
    PlanArgument,
    Precision,
    Replications,
    Seed,
    Shocks,
    Workers,
    again,
    free_folder,
    leave_if_interrupted,
    made_folder,
)
from evenfield.report.sheet import write_sheet
from evenfield.saving import is_plan, scenario_folder
from evenfield.scheme_candidates import Range, candidates_of, read_range, usual_ranges
from evenfield.scheme_choice import YEARS, named_schemes
from evenfield.scheme_designs import search_sheet, search_words, show_search
from evenfield.scheme_search import search_schemes
from evenfield.scheme_sheet import scheme_sheet
from evenfield.scheme_study import SchemeStudy, answers_pay, scheme_study, with_schemes
from evenfield.scheme_words import (
    GAMING_COLUMNS,
    GAMING_NOTE,
    against_in_words,
    best_in_words,
    gaming_in_words,
    left_out_in_words,
    no_gain_in_words,
    people_in_words,
    tried_in_words,
    unpaid_in_words,
    verdict_in_words,
)
from evenfield.simulating import KEPT
from evenfield.terminal import INTERRUPTED as EXIT_OF_INTERRUPT
from evenfield.terminal import Exit, answers, counting, print_json, say, show_table, told
from optimizer import Plan
from scenarios import InputError, Problem, Scenario
from scenarios.reading import locate
from scenarios.writing import write_scheme

SHARE_OF_YEARS = 4
"""Under other assumptions about behavior, and with reps who play with time, one year in so many is
simulated."""

PAGE, WORDS, PEOPLE = "schemes.html", "schemes.json", "pay_by_rep.csv"
SEARCH_PAGE, SEARCH, CANDIDATES, BEST = "search.html", "search.json", "candidates.csv", "best.toml"

MOST_YEARS = 640
"""Years of a candidate after which a search ends undecided."""

Schemes = Annotated[
    list[str] | None,
    typer.Option(
        "--scheme",
        help=(
            "A scheme: a TOML file, a name in the scenario's schemes folder or in the library; may be"
            " repeated. The first is the reference; with one alone, the scenario's own scheme is"
        ),
    ),
]


def schemes_command(
    scenario: PlanArgument,
    scheme: Schemes = None,
    change: Changes = None,
    shock: Shocks = None,
    replications: Replications = None,
    precision: Precision = None,
    search: Annotated[
        bool, typer.Option("--search", help="Search for a better scheme around the last one named")
    ] = False,
    vary: Annotated[
        list[str] | None,
        typer.Option(
            "--vary",
            help=(
                'With --search: what to vary, "ELEMENT.KEY=VALUE,VALUE", e.g.'
                ' "commission.tiers.2.rate=1.5,2"; '
                "may be repeated [default: top rate, share and cap of commissions]"
            ),
        ),
    ] = None,
    pay_budget: Annotated[
        float | None,
        typer.Option("--pay-budget", help="With --search: most pay a year, base pay included", min=0),
    ] = None,
    gaming: Annotated[
        bool, typer.Option(help="Say how each scheme may be gamed by moving deals over quarters' ends")
    ] = True,
    sensitivity: Annotated[
        bool, typer.Option(help="Try the verdict again under other assumptions about behavior")
    ] = True,
    workers: Workers = CORES,
    cluster: Cluster = None,
    keep: Keep = None,
    out: Out = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Compare incentive schemes on the same plan, under the same luck: cost, effort, winners and losers.

    100 years, unless --replications or --precision ask for others.
    """
    with told(as_json):
        asked, plan = open_plan(scenario, change or [], shock or [])
        if search:
            options = _Search(
                vary or [],
                pay_budget,
                replications,
                workers,
                cluster,
                keep,
                out,
                default_folder(scenario, asked, "search"),
                seed,
                as_json,
            )
            command = again("schemes", scenario, change) + _words(scheme, shock) + " --search"
            _search(asked, plan, _folder_of(scenario, asked), scheme or [], options, command)
            return
        if vary or pay_budget is not None:
            raise InputError([Problem("--vary", "", "goes with --search; so does --pay-budget")])
        named = named_schemes(asked, scheme or [], _folder_of(scenario, asked))
        reference = next(iter(named))
        sides = with_schemes(asked, named)
        question = again("schemes", scenario, change) + _words(scheme, shock) + f" --seed {seed}"
        folder = made_folder(free_folder(default_folder(scenario, asked, "schemes"), WORDS, question, out))
        if replications is None and precision is None:
            replications = YEARS
        some = max(2, (replications or YEARS) // SHARE_OF_YEARS)
        kept = keep or folder / KEPT
        with _nothing_yet(kept), machines(cluster, workers) as at_once, counting() as progress:
            study = scheme_study(
                sides,
                plan,
                reference,
                seed=seed,
                replications=replications,
                precision=precision,
                workers=at_once,
                progress=progress,
                keep=kept,
                sensitivity_years=some if sensitivity else 0,
                gaming_years=some if gaming else 0,
            )
        say_notes(*study.outcomes.values())
        words = {"question": question, **scheme_words(study, seed)}
        answering.write_json(folder / WORDS, words)
        study.people.to_csv(folder / PEOPLE, index=False)
        years = f" --replications {study.outcomes[study.reference].replications}"
        command = question + years + " --no-gaming" * (not gaming) + " --no-sensitivity" * (not sensitivity)
        write_sheet(scheme_sheet(study, command), folder / PAGE, asked.currency)
        if as_json:
            print_json(words)
        else:
            show_schemes(study)
        say(f"Saved in {folder}: open {PAGE}")
        leave_if_interrupted(bool(study.left_out))


def default_folder(where: str, scenario: Scenario, what: str) -> Path:
    """Give the folder where nothing is asked: within a saved plan's, else beside others in `out`."""
    return Path(where) / what if is_plan(where) else Path("out") / f"{scenario.name}-{what}"


def _words(scheme: list[str] | None, shock: list[str] | None) -> str:
    return "".join(
        [
            *(f" --scheme {shlex.quote(one)}" for one in scheme or []),
            *(f" --shock {shlex.quote(one)}" for one in shock or []),
        ]
    )


@dataclass(frozen=True)
class _Search:
    """Options of a search."""

    vary: list[str]
    pay_budget: float | None
    replications: int | None
    workers: int
    cluster: str | None
    keep: Path | None
    out: Path | None
    folder: Path
    seed: int
    as_json: bool


def _search(
    asked: Scenario, plan: Plan, folder: Path, schemes: list[str], options: _Search, command: str
) -> None:
    """Search around the last scheme named, or the scenario's own, and show what was found."""
    start = list(named_schemes(asked, schemes, folder).values())[-1] if schemes else asked.scheme
    problems: list[Problem] = []
    ranges: list[Range] = []
    for text in options.vary:
        try:
            ranges.append(read_range(text, start))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(problems)
    ranges = ranges or usual_ranges(start)
    candidates = candidates_of(start, ranges)
    budget = "" if options.pay_budget is None else f" --pay-budget {options.pay_budget:.15g}"
    varied = "".join(f" --vary {shlex.quote(one)}" for one in options.vary)
    question = f"{command}{varied}{budget} --seed {options.seed}"
    results = made_folder(free_folder(options.folder, SEARCH, question, options.out))
    kept = options.keep or results / KEPT
    with _nothing_yet(kept), machines(options.cluster, options.workers) as at_once, counting() as progress:
        found = search_schemes(
            asked,
            plan,
            candidates,
            pay_budget=options.pay_budget,
            seed=options.seed,
            most=options.replications or MOST_YEARS,
            workers=at_once,
            progress=progress,
            keep=kept,
        )
    words = (
        {"question": question}
        | search_words(found, ranges, options.pay_budget)
        | {"reps_answer": answers_pay(asked)}
    )
    answering.write_json(results / SEARCH, words)
    found.candidates.to_csv(results / CANDIDATES, index=False)
    (results / BEST).unlink(missing_ok=True)
    if found.best is not None:
        write_scheme(found.schemes[found.best], results / BEST)
    years = "" if options.replications is None else f" --replications {options.replications}"
    write_sheet(search_sheet(asked, found, ranges, question + years), results / SEARCH_PAGE, asked.currency)
    if options.as_json:
        print_json(words)
    else:
        show_search(asked, found, ranges)
    best = f"; the best scheme is {BEST}" if found.best is not None else ""
    say(f"Saved in {results}: open {SEARCH_PAGE}{best}")
    leave_if_interrupted(found.is_interrupted)


@contextmanager
def _nothing_yet(kept: Path) -> Iterator[None]:
    """Say what there is when somebody interrupts before there is anything to compare."""
    try:
        yield
    except KeyboardInterrupt:
        say(
            "Interrupted before all schemes had their first years: there is nothing to compare yet."
            f" Finished years are kept in {kept}; the same command goes on from them."
        )
        raise Exit(EXIT_OF_INTERRUPT) from None


def _folder_of(where: str, scenario: Scenario) -> Path:
    return scenario_folder(where, scenario) if is_plan(where) else locate(where)


def scheme_words(study: SchemeStudy, seed: int) -> dict[str, Any]:
    """Describe a comparison of schemes for programs."""
    outcome = study.outcomes[study.reference]
    held = holdings(study.sensitivity, study.rows)
    return {
        "rows": study.rows,
        "reference": study.reference,
        "unpaid": study.unpaid,
        "winners": _list(study.people, "wins"),
        "losers": _list(study.people, "loses"),
        "past": study.past,
        "sensitivity": study.sensitivity,
        "reps_answer": study.reps_answer,
        "exploitability": study.gaming,
        "turns": [
            {
                "scheme": scheme,
                "figure": name,
                "verdict": one.word,
                "under": list(one.turns),
                "unsure": list(one.unsure),
                "same_sign": list(one.alike),
                "years": one.years,
            }
            for (scheme, name), one in held.items()
        ],
        "seed": seed,
        "replications": outcome.replications,
        "stopped": outcome.stopped,
        "left_out": list(study.left_out),
        "digests": {name: one.digest for name, one in study.outcomes.items()},
    }


def _list(people: pd.DataFrame, verdict: str) -> pd.DataFrame:
    return people[people["verdict"] == verdict].drop(columns="verdict") if len(people) else people


def show_schemes(study: SchemeStudy) -> None:
    """Show the verdicts as tables, one for each scheme."""
    money = study.scenarios[study.reference].currency
    for sentence in (*unpaid_in_words(study), *best_in_words(study)):
        answers.print(sentence, markup=False)
    for name in study.scenarios:
        table = study.rows[study.rows["scheme"] == name]
        if table.empty:
            continue
        columns = (
            "figure",
            "reference",
            "other",
            "difference",
            "standard_error",
            "verdict",
            "years_needed",
        )
        rows = [
            [
                figure(key).label,
                figure(key).write(before, money),
                figure(key).write(after, money),
                figure(key).write_difference(difference, money),
                verdict_in_words(verdict, difference, error, needed),
            ]
            for key, before, after, difference, error, verdict, needed in zip(
                *(table[column] for column in columns), strict=True
            )
        ]
        show_table(
            f"{name} against {study.reference}", ["", "before", "after", "difference", "verdict"], rows
        )
        answers.print(against_in_words(study, name), markup=False)
        answers.print(people_in_words(study, name), markup=False)
    if len(study.gaming):
        show_table(
            "How it may be gamed, means of a year",
            ["", *GAMING_COLUMNS],
            [gaming_in_words(row, money) for row in study.gaming.to_dict("records")],
        )
        answers.print(" ".join([GAMING_NOTE, no_gain_in_words(study.gaming)]).strip(), markup=False)
    if len(study.sensitivity):
        answers.print(tried_in_words(study), markup=False)
    years = study.outcomes[study.reference].replications
    answers.print(f"{years} years under the same luck, verdicts at {CONFIDENCE:.0%}.")
    if study.left_out:
        answers.print(left_out_in_words(study))
