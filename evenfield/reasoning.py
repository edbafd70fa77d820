"""Reasons in words, English and Chinese: why a customer has its rep, and what a rule costs."""

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

import pandas as pd

from evenfield import phrases
from evenfield.money import exact
from evenfield.phrases import CHINESE, ENGLISH, Language
from optimizer.asking.missing import Missing
from optimizer.asking.ordered import unit_of
from optimizer.asking.prices import GoalPrice, Price
from optimizer.asking.reasons import Alternative, Reason, Reasons
from scenarios import Scenario

WORTH_TELLING = 1e-6
"""Change of a goal below which nothing is said."""

SMALL = 0.02
"""Share of the largest term below which a term is not worth a word."""


def why_words(
    scenario: Scenario, reason: Reason, language: Language = "en", planned: tuple[str, Price] | None = None
) -> dict[str, Any]:
    """Describe why a customer has its rep, for programs and people; `planned` as in `counterfactual`."""
    return {
        "customer": reason.customer,
        "owner": reason.owner,
        "today": reason.today,
        "with_it": list(reason.with_it),
        "alternatives": [
            {
                "rep": a.rep,
                "cost": a.cost,
                "terms": a.terms,
                "breaks": {broken.where: broken.amount for broken in a.breaks},
                "alone": a.alone,
                "least": a.least,
            }
            | ({"goals": a.goals} if a.goals else {})
            for a in reason.alternatives
        ],
        "forbidden": {rep: list(rules) for rep, rules in reason.forbidden.items()},
        "left_out": list(reason.left_out),
        "counterfactual": counterfactual(scenario, reason, language, planned),
        "sentences": sentences(scenario, reason, language),
    }


def sentences(scenario: Scenario, reason: Reason, language: Language = "en") -> list[str]:
    """Say why a customer has its rep."""
    say = CHINESE if language == "zh" else ENGLISH
    customer_called, called = _names(scenario.customers), _names(scenario.reps)
    customer, owner, today = customer_called(reason.customer), called(reason.owner), called(reason.today)
    kind = "new" if not reason.today else "stays" if reason.owner == reason.today else "moves"
    kind = kind if reason.owner else "nobody"
    said = [say[kind].format(customer=customer, owner=owner, today=today)]
    if reason.with_it:
        some = say["list"].join(customer_called(c) for c in reason.with_it[:5])
        said.append(say["family"].format(some=some, count=len(reason.with_it)))
    if reason.alternatives and reason.alternatives[0].goals:
        goals = say["list"].join(phrases.goal(goal, language) for goal in reason.alternatives[0].goals)
        said.append(say["order"].format(goals=goals))
    for place, other in enumerate(reason.alternatives):
        money = exact(abs(other.cost), scenario.currency)
        key = ("second" if place else "next") if other.cost >= 0 else "cheaper"
        line = say[key].format(
            rep=called(other.rep), money=money, terms=terms_words(scenario, other, language)
        )
        alone = exact(other.alone, scenario.currency)
        sure = other.least is not None and round(other.least) > 0
        least = exact(other.least or 0.0, scenario.currency)
        line += say["alone at least" if sure else "alone"].format(money=alone, least=least)
        if other.breaks:
            line += say["breaks"].format(limits=_limits(scenario, other, language))
        if other.goals:
            line += say["worse"].format(goals=_goals_changed(scenario, other, language))
        said.append(line)
    if not reason.alternatives and not reason.left_out:
        named = dict.fromkeys(rule for rules_of in reason.forbidden.values() for rule in rules_of)
        by = say["list"].join(phrases.rule(rule, language) for rule in named)
        said.append(say["nobody else by"].format(rules=by) if by else say["nobody else"])
    if reason.left_out:
        said.append(say["left out"].format(count=len(reason.left_out)))
    if reason.today and reason.today != reason.owner and reason.today in reason.forbidden:
        rules = say["list"].join(phrases.rule(r, language) for r in reason.forbidden[reason.today])
        said.append(say["may not"].format(rep=today, rules=rules))
    return said


def counterfactual(
    scenario: Scenario, reason: Reason, language: Language = "en", planned: tuple[str, Price] | None = None
) -> str:
    """Say what would have to be otherwise for the nearest other owner, today's if there is one.

    Parameters
    ----------
    planned
        A rep to say it of instead, and what that owner costs by planning anew.
    """
    say = CHINESE if language == "zh" else ENGLISH
    customer, called = _names(scenario.customers)(reason.customer), _names(scenario.reps)
    if planned is not None and not planned[1].goals and round(planned[1].estimate) > 0:
        rep, price = planned
        head = say["would stay" if rep == reason.today else "would go"].format(
            customer=customer, rep=called(rep)
        )
        return head + say["if proved"].format(money=exact(price.estimate, scenario.currency))
    if reason.today not in ("", reason.owner) and reason.today in reason.forbidden:
        rules = say["list"].join(phrases.rule(r, language) for r in reason.forbidden[reason.today])
        head = say["would stay"].format(customer=customer, rep=called(reason.today))
        return head + say["if allowed"].format(rules=rules)
    if not reason.alternatives:
        return say["left out"].format(count=len(reason.left_out)) if reason.left_out else say["nobody else"]
    named = {other.rep: other for other in reason.alternatives}
    other = named.get(reason.today, reason.alternatives[0])
    verb = "would stay" if other.rep == reason.today else "would go"
    head = say[verb].format(customer=customer, rep=called(other.rep))
    worse = [(goal, more) for goal, more in other.goals.items() if more > WORTH_TELLING]
    if worse:
        first, more = worse[0]
        amount = _of_goal(scenario, first, more, language)
        return head + say["if goal"].format(goal=phrases.goal(first, language), amount=amount)
    if other.breaks:
        room = _limits(scenario, other, language)
        if other.cost <= max(abs(v) for v in other.terms.values()) * SMALL if other.terms else True:
            return head + say["if room"].format(limits=room)
        money = exact(other.cost, scenario.currency)
        return head + say["if room and money"].format(limits=room, money=money)
    if round(other.cost) <= 0:
        return say["as good"].format(customer=customer, rep=called(other.rep))
    return head + say["if money"].format(money=exact(other.cost, scenario.currency))


def price_words(scenario: Scenario, what: str, price: Price, language: Language = "en") -> dict[str, Any]:
    """Describe what something costs."""
    say = CHINESE if language == "zh" else ENGLISH
    words: dict[str, Any] = {
        "what": what, "price": price.estimate, "least": price.least, "most": price.most, "moved": price.moved,
    }  # fmt: skip
    if price.goals:
        words["goals"] = [asdict(one) | {"change": one.change} for one in price.goals]
        goals = say["list"].join(_goal_words(scenario, one, language) for one in price.goals)
        return words | {"sentences": [say["by goals"].format(what=what, goals=goals, moved=price.moved)]}
    money = {
        name: exact(float("nan") if amount is None else amount, scenario.currency)
        for name, amount in (("money", price.estimate), ("least", price.least), ("most", price.most))
    }
    return words | {"sentences": [say["price"].format(what=what, moved=price.moved, **money)]}


def _goal_words(scenario: Scenario, one: GoalPrice, language: Language) -> str:
    say = CHINESE if language == "zh" else ENGLISH
    change, with_it, without = (
        _of_goal(scenario, one.goal, amount, language) for amount in (one.change, one.with_it, one.without)
    )
    named = phrases.goal(one.goal, language)
    sign = "+" if one.change > WORTH_TELLING else ""
    return say["goal"].format(goal=named, change=f"{sign}{change}", with_it=with_it, without=without)


def _of_goal(scenario: Scenario, name: str, amount: float, language: Language) -> str:
    """Write an amount of a goal in its own unit."""
    if unit_of(name) == "money":
        return exact(amount, scenario.currency)
    return (CHINESE if language == "zh" else ENGLISH)["customer" if abs(amount) == 1 else "customers"].format(
        count=amount
    )


def _goals_changed(scenario: Scenario, other: Alternative, language: Language) -> str:
    say = CHINESE if language == "zh" else ENGLISH
    told = [
        f"{phrases.goal(name, language)} {'+' if more > 0 else ''}{_of_goal(scenario, name, more, language)}"
        for name, more in other.goals.items()
        if abs(more) > WORTH_TELLING
    ]
    return say["list"].join(told) or say["nothing"]


def short_reasons(scenario: Scenario, reasons: Reasons) -> list[str]:
    """Say in a few words for each customer who is the next best and what that would cost more a year."""
    called = _names(scenario.reps)
    table = reasons.table()
    return [
        "nobody else may serve"
        if not rep
        else f"{called(rep)}: {'+' if more >= 0 else '-'}{exact(abs(more), scenario.currency)} a year"
        for rep, more in zip(table["next_best"], table["costs_more"].fillna(0.0), strict=True)
    ]


def back_words(
    scenario: Scenario, rep: str, back: Alternative | None, why_not: Missing, language: Language = "en"
) -> str:
    """Say in a few words why a customer did not stay with the rep it had.

    Parameters
    ----------
    rep
        Who had it; "": nobody.
    back
        What staying would cost; None where that rep does not come into question.
    why_not
        Why that may be.
    """
    say, called = CHINESE if language == "zh" else ENGLISH, _names(scenario.reps)(rep)
    if not rep:
        return say["first"]
    if rep not in scenario.reps.index:
        return say["back gone"].format(rep=rep)
    if back is not None:
        money = exact(abs(back.cost), scenario.currency)
        key = "back" if back.cost >= 0 else "back cheaper"
        return say[key].format(rep=called, money=money, terms=terms_words(scenario, back, language))
    if rep in why_not.forbidden:
        rules = say["list"].join(phrases.rule(r, language) for r in why_not.forbidden[rep])
        return say["back may not"].format(rep=called, rules=rules)
    return say["back left out"].format(rep=called)


def _names(table: pd.DataFrame) -> Callable[[str], str]:
    """Give what people call customers, or reps; their key where they have no name."""
    names = table["name"]

    def called(key: str) -> str:
        return str(names.get(key) or key)

    return called


def terms_words(scenario: Scenario, other: Alternative, language: Language) -> str:
    """List the terms that matter, the largest first; of the others, where it shows, what they add up to."""
    largest = max((abs(v) for v in other.terms.values()), default=0.0)
    told = sorted(other.terms.items(), key=lambda term: -abs(term[1]))
    named = [(phrases.term(name, language), value) for name, value in told if abs(value) >= SMALL * largest]
    rest = sum(value for _, value in told if abs(value) < SMALL * largest)
    if round(rest):
        named.append(("其他小项" if language == "zh" else "smaller terms", rest))
    return ("、" if language == "zh" else ", ").join(
        f"{name} {'+' if value > 0 else '-'}{exact(abs(value), scenario.currency)}" for name, value in named
    )


def _limits(scenario: Scenario, other: Alternative, language: Language) -> str:
    """Say which hard limits would be passed, whose, which way and by how much."""
    say, called = CHINESE if language == "zh" else ENGLISH, _names(scenario.reps)
    told = []
    for broken in other.breaks:
        limit = phrases.rule(broken.limit, language)
        if broken.rep:
            limit = say["limit of"].format(limit=limit, rep=called(broken.rep))
        load, amount, allowed = (
            f"{value:,.1f}".removesuffix(".0") for value in (broken.load, broken.amount, broken.allowed)
        )
        unit = say["hours"] if broken.limit == "hours" else ""
        key = "under" if broken.under else "over"
        told.append(say[key].format(limit=limit, unit=unit, load=load, amount=amount, allowed=allowed))
    return say["list"].join(told)
