"""`evenfield explain`: why this rep, this quota, this pay; what a rule or another owner costs."""

from pathlib import Path
from typing import Annotated, Any

import typer

from evenfield import phrases
from evenfield.alternatives import open_saved_plan
from evenfield.answering import write_json
from evenfield.options import (
    AnewLimit,
    Json,
    LanguageOption,
    Out,
    WorkLimit,
    leave_if_interrupted,
    made_folder,
)
from evenfield.pay_reasons import pay_reason
from evenfield.quota_reasons import quota_reason, quotas_of
from evenfield.reasoning import price_words, why_words
from evenfield.stating import Opened
from evenfield.terminal import answers, planning, print_json, told
from optimizer.asking.prices import price_of_owner, price_of_rule
from optimizer.asking.reasons import Reasons
from optimizer.asking.relaxing import rule_names
from scenarios import InputError, Problem, Scenario

Customer = Annotated[str | None, typer.Option("--customer", help="Why has this customer its rep?")]
Rep = Annotated[
    str | None, typer.Option("--rep", help="With --customer: what would it cost to give it to this rep?")
]
Rule = Annotated[
    str | None, typer.Option("--rule", help="What does this rule cost? An unknown name shows all rules")
]
Quota = Annotated[
    str | None, typer.Option("--quota", help="How does this rep, or a node above, come to its quota?")
]
Pay = Annotated[
    str | None, typer.Option("--pay", help="Why is this person paid that, and what would have paid more?")
]
Replication = Annotated[
    int | None,
    typer.Option("--replication", help="With --pay: which of the simulated years, from 0", min=0),
]
SeedOrSimulated = Annotated[
    int | None,
    typer.Option(
        "--seed", help="Seed of luck and search [default: 1; of --pay that of PLAN's simulation]", min=0
    ),
]
Most = Annotated[int, typer.Option("--alternatives", help="How many of the next best reps", min=1)]


def explain(
    plan: Annotated[str, typer.Argument(metavar="PLAN", help="The --out folder of `evenfield plan`")],
    customer: Customer = None,
    rep: Rep = None,
    rule: Rule = None,
    quota: Quota = None,
    pay: Pay = None,
    replication: Replication = None,
    actuals: Annotated[
        bool, typer.Option("--actuals", help="With --pay: of the orders of the last twelve months instead")
    ] = False,
    alternatives: Most = 2,
    language: LanguageOption = "en",
    time_limit: AnewLimit = None,
    work_limit: WorkLimit = None,
    out: Out = None,
    seed: SeedOrSimulated = None,
    as_json: Json = False,
) -> None:
    """Say why a customer has its rep, what a rule or another owner costs, why somebody has this quota or pay.

    Figures of alternatives come from the prices of the plan's bound; those of --rep and --rule from planning
    anew.
    """
    with told(as_json):
        scenario, made = open_saved_plan(plan)
        _refuse_contradictions(
            scenario,
            {"--customer": customer, "--rep": rep, "--rule": rule},
            quota,
            pay,
            replication,
            actuals=actuals,
        )
        words: dict[str, Any] = {}
        if pay is not None:
            year = Opened(plan, None, replication, seed, language, actuals=actuals)
            found = year.tracer.statement(year.position(pay, "--pay"))
            words = {**year.options, **pay_reason(year.terms, year.tracer, found)}
        reason = Reasons(scenario, made).why(customer, alternatives) if customer is not None else None
        if reason is not None:
            words = why_words(scenario, reason, language)
        if quota is not None:
            words = quota_reason(quotas_of(scenario, made, Path(plan)), quota, language)
        if rep is not None or rule is not None:
            with planning() as begin:
                told_progress = begin("anew", scenario.currency)
                options = {
                    "time_limit": time_limit,
                    "work_limit": work_limit,
                    "seed": 1 if seed is None else seed,
                }
                price = (
                    price_of_rule(scenario, made, rule, progress=told_progress, **options)  # type: ignore[arg-type]
                    if rule is not None
                    else price_of_owner(scenario, made, customer, rep, progress=told_progress, **options)  # type: ignore[arg-type]
                )
            what = phrases.rule(rule, language) if rule is not None else f"{customer} -> {rep}"
            priced = price_words(scenario, what, price, language)
            if reason is not None and rep is not None:
                words = why_words(scenario, reason, language, (rep, price))
            words = {
                **priced,
                **words,
                "price": priced["price"],
                "sentences": [*words.get("sentences", []), *priced["sentences"]],
            }
        if out is not None:
            write_json(made_folder(out) / "explained.json", words)
        if as_json:
            print_json(words)
        else:
            for sentence in words["sentences"]:
                answers.print(sentence, markup=False, soft_wrap=True)
            if words.get("alternatives"):
                answers.print(words["counterfactual"], markup=False, soft_wrap=True)
        leave_if_interrupted(False)


def _refuse_contradictions(
    scenario: Scenario,
    asked: dict[str, str | None],
    quota: str | None,
    pay: str | None,
    replication: int | None,
    *,
    actuals: bool,
) -> None:
    """Refuse options that ask two things at once, or nothing."""
    customer, rep, rule = asked.values()
    problems = []
    if pay is None and replication is not None:
        remedy = "it says which year of --pay; leave it out"
        problems.append(Problem("--replication", str(replication), remedy))
    if pay is None and actuals:
        problems.append(Problem("--actuals", "", "it goes with --pay; leave it out"))
    if quota is not None and pay is not None:
        problems.append(Problem("--pay", pay, "--quota asks about a quota alone: leave one of them out"))
    if quota is not None or pay is not None:
        alone = "--quota asks about a quota" if quota is not None else "--pay asks about pay"
        remedy = f"{alone} alone: leave this out"
        problems += [Problem(key, value, remedy) for key, value in asked.items() if value is not None]
    else:
        problems += _unclear(scenario, customer, rep, rule)
    if problems:
        raise InputError(problems)


def _unclear(scenario: Scenario, customer: str | None, rep: str | None, rule: str | None) -> list[Problem]:
    """List what contradicts itself in a question about a customer or a rule, or that there is none."""
    problems = []
    if rule is not None and customer is not None:
        remedy = "--rule asks what a rule costs, --customer why a customer has its rep: give one of them"
        problems.append(Problem("--rule", rule, remedy))
    if rule is not None and rep is not None:
        problems.append(Problem("--rep", rep, "it belongs to --customer, not to --rule: leave it out"))
    elif rep is not None and customer is None:
        problems.append(Problem("--rep", rep, "say with --customer which customer this rep should have"))
    elif rule is None and customer is None:
        known = ", ".join(rule_names(scenario)[:30])
        remedy = f"give --customer, --rule, --quota or --pay; the rules are: {known}"
        problems.append(Problem("explain", "", remedy))
    return problems
