"""Reasons in words, English and Chinese: why a customer has its rep, and what a rule costs."""

from collections.abc import Callable, Mapping
from typing import Any, Literal

from evenfield.money import exact
from optimizer.reasons import Alternative, Price, Reason, Reasons
from scenarios import Scenario

Language = Literal["en", "zh"]

TERMS_ZH = {
    "travel": "差旅",
    "disruption": "更换负责人的销售风险",
    "fit": "能力匹配",
    "ramp": "新人爬坡",
    "vacancy": "岗位空缺",
    "wishes": "意愿规则",
    "hours": "工时紧张",
    "moves": "调整数量限制",
    "sales moved": "调整销售额限制",
    "customers kept": "每人保留客户",
}
"""Chinese names of terms and of the rules that have a fixed name; others keep the name they were given."""

MEASURES_ZH = {
    "hours": "工时", "potential": "潜力", "sales": "销售额", "customers": "客户数", "top_tier": "重点客户数",
}  # fmt: skip

TERMS_EN = {
    "disruption": "risk to sales when the owner changes",
    "fit": "lack of skill",
    "ramp": "a new rep's ramp",
    "vacancy": "an empty seat",
    "hours": "scarce hours",
    "moves": "the limit on moves",
    "sales moved": "the limit on sales moved",
    "customers kept": "customers a rep keeps",
}

SMALL = 0.02
"""Share of the largest term below which a term is not worth a word."""


def why_words(scenario: Scenario, reason: Reason, language: Language = "en") -> dict[str, Any]:
    """Describe why a customer has its rep, for programs and people."""
    return {
        "customer": reason.customer,
        "owner": reason.owner,
        "today": reason.today,
        "with_it": list(reason.with_it),
        "alternatives": [
            {"rep": a.rep, "cost": a.cost, "terms": a.terms, "breaks": a.breaks, "alone": a.alone}
            for a in reason.alternatives
        ],
        "forbidden": {rep: list(rules) for rep, rules in reason.forbidden.items()},
        "counterfactual": counterfactual(scenario, reason, language),
        "sentences": sentences(scenario, reason, language),
    }


def sentences(scenario: Scenario, reason: Reason, language: Language = "en") -> list[str]:
    """Say why a customer has its rep."""
    say = _CHINESE if language == "zh" else _ENGLISH
    called = _names(scenario)
    customer, owner, today = called(reason.customer), called(reason.owner), called(reason.today)
    kind = "new" if not reason.today else "stays" if reason.owner == reason.today else "moves"
    kind = kind if reason.owner else "nobody"
    said = [say[kind].format(customer=customer, owner=owner, today=today)]
    if reason.with_it:
        some = say["list"].join(called(c) for c in reason.with_it[:5])
        said.append(say["family"].format(some=some, count=len(reason.with_it)))
    for place, other in enumerate(reason.alternatives):
        money = exact(abs(other.cost), scenario.currency)
        key = ("second" if place else "next") if other.cost >= 0 else "cheaper"
        line = say[key].format(rep=called(other.rep), money=money, terms=_terms(scenario, other, language))
        alone = exact(other.alone, scenario.currency)
        line += say["alone"].format(money=alone)
        if other.breaks:
            line += say["breaks"].format(limits=_limits(scenario, other, say))
        said.append(line)
    if not reason.alternatives:
        named = dict.fromkeys(rule for rules_of in reason.forbidden.values() for rule in rules_of)
        by = say["list"].join(_term(rule, language) for rule in named)
        said.append(say["nobody else by"].format(rules=by) if by else say["nobody else"])
    if reason.today and reason.today != reason.owner and reason.today in reason.forbidden:
        rules = say["list"].join(_term(r, language) for r in reason.forbidden[reason.today])
        said.append(say["may not"].format(rep=today, rules=rules))
    return said


def counterfactual(scenario: Scenario, reason: Reason, language: Language = "en") -> str:
    """Say what would have to be otherwise for the nearest other owner, today's if there is one."""
    say = _CHINESE if language == "zh" else _ENGLISH
    if not reason.alternatives:
        return say["nobody else"]
    named = {other.rep: other for other in reason.alternatives}
    other = named.get(reason.today, reason.alternatives[0])
    called = _names(scenario)
    verb = "would stay" if other.rep == reason.today else "would go"
    head = say[verb].format(customer=called(reason.customer), rep=called(other.rep))
    if other.breaks:
        room = _limits(scenario, other, say)
        if other.cost <= max(abs(v) for v in other.terms.values()) * SMALL if other.terms else True:
            return head + say["if room"].format(limits=room)
        money = exact(other.cost, scenario.currency)
        return head + say["if room and money"].format(limits=room, money=money)
    if round(other.cost) <= 0:
        return say["as good"].format(customer=called(reason.customer), rep=called(other.rep))
    return head + say["if money"].format(money=exact(other.cost, scenario.currency))


def price_words(scenario: Scenario, what: str, price: Price, language: Language = "en") -> dict[str, Any]:
    """Describe what something costs."""
    say = _CHINESE if language == "zh" else _ENGLISH
    numbers = {
        "money": exact(price.estimate, scenario.currency),
        "least": exact(price.least, scenario.currency),
        "most": exact(price.most, scenario.currency),
    }
    said = say["price"].format(what=what, moved=price.moved, **numbers)
    return {
        "what": what, "price": price.estimate, "least": price.least, "most": price.most,
        "moved": price.moved, "sentences": [said],
    }  # fmt: skip


def short_reasons(scenario: Scenario, reasons: Reasons) -> list[str]:
    """Say in a few words for each customer who is the next best and what that would cost more a year."""
    called = _names(scenario)
    table = reasons.table()
    return [
        "nobody else may serve"
        if not rep
        else f"{called(rep)}: {'+' if more >= 0 else '-'}{exact(abs(more), scenario.currency)} a year"
        for rep, more in zip(table["next_best"], table["costs_more"].fillna(0.0), strict=True)
    ]


def _names(scenario: Scenario) -> Callable[[str], str]:
    """Give what people call customers and reps, their key where they have no name."""
    names = {**scenario.customers["name"].to_dict(), **scenario.reps["name"].to_dict()}

    def called(key: str) -> str:
        return names.get(key) or key

    return called


def _terms(scenario: Scenario, other: Alternative, language: Language) -> str:
    """List the terms that matter, the largest first."""
    largest = max((abs(v) for v in other.terms.values()), default=0.0)
    told = sorted(other.terms.items(), key=lambda term: -abs(term[1]))
    return ("、" if language == "zh" else ", ").join(
        f"{_term(name, language)} {'+' if value > 0 else '-'}{exact(abs(value), scenario.currency)}"
        for name, value in told
        if abs(value) >= SMALL * largest
    )


def _term(name: str, language: Language) -> str:
    known = TERMS_ZH if language == "zh" else TERMS_EN
    kind, _, measure = name.rpartition(" of ")
    if language == "zh" and kind == "balance" and measure in MEASURES_ZH:
        return f"{MEASURES_ZH[measure]}均衡"
    return known.get(name, name)


def _limits(scenario: Scenario, other: Alternative, say: Mapping[str, str]) -> str:
    called = _names(scenario)
    told = []
    for name, amount in other.breaks.items():
        rep = max((str(r) for r in scenario.reps.index if name.endswith(f" of {r}")), key=len, default="")
        limit = name.removesuffix(f" of {rep}") if rep else ""
        unit = say["hours"] if limit == "hours" else ""
        told.append(
            say["limit of"].format(limit=limit, rep=called(rep), amount=f"{amount:,.1f}", unit=unit)
            if limit
            else say["limit"].format(limit=name, amount=f"{amount:,.1f}")
        )
    return say["list"].join(told)


_ENGLISH = {
    "list": ", ",
    "hours": " h",
    "new": "{customer} had no owner and goes to {owner}.",
    "stays": "{customer} stays with {owner}.",
    "moves": "{customer} moves from {today} to {owner}.",
    "nobody": "{customer} has no owner.",
    "family": "It goes together with {count} more of its family: {some}.",
    "next": "The next best is {rep}, for {money} more a year: {terms}.",
    "second": "Then {rep}, for {money} more: {terms}.",
    "cheaper": "By the prices of the plan {rep} would cost {money} less a year: {terms}.",
    "alone": " That is when all else adapts; this move alone costs {money}.",
    "breaks": " Alone it would break limits: {limits}.",
    "limit of": "{limit} of {rep} by {amount}{unit}",
    "limit": "{limit} by {amount}",
    "nobody else": "Nobody else may serve it.",
    "nobody else by": "Nobody else may serve it, by {rules}.",
    "may not": "{rep} may not serve it: {rules}.",
    "would stay": "{customer} would stay with {rep}",
    "would go": "{customer} would go to {rep}",
    "if room": " if these limits were wider: {limits}.",
    "if room and money": " if these limits were wider ({limits}) and it cost {money} a year less.",
    "if money": " if it cost {money} a year less.",
    "as good": "By the prices of the plan {rep} is as good for {customer}: other customers decided.",
    "price": "{what}: {money} a year, between {least} and {most} for sure; "
    "{moved} customers have another rep.",
}

_CHINESE = {
    "list": "、",
    "hours": "小时",
    "new": "{customer} 原无负责人，现分配给 {owner}。",
    "stays": "{customer} 仍由 {owner} 负责。",
    "moves": "{customer} 由 {today} 转给 {owner}。",
    "nobody": "{customer} 没有负责人。",
    "family": "与同一集团的另外 {count} 个客户一起分配：{some}。",
    "next": "次优人选是 {rep}，每年多花 {money}：{terms}。",
    "second": "其次是 {rep}，多花 {money}：{terms}。",
    "cheaper": "按方案的影子价格，{rep} 每年会少花 {money}：{terms}。",
    "alone": "这是其他客户随之调整后的金额；只移动这一个客户要花 {money}。",
    "breaks": "只移动它会超出限制：{limits}。",
    "limit of": "{rep} 的{limit}超出 {amount}{unit}",
    "limit": "{limit}超出 {amount}",
    "nobody else": "没有其他人可以负责。",
    "nobody else by": "没有其他人可以负责，依据：{rules}。",
    "may not": "{rep} 不能负责：{rules}。",
    "would stay": "{customer} 会留在 {rep} 名下",
    "would go": "{customer} 会分给 {rep}",
    "if room": "，条件是放宽这些限制：{limits}。",
    "if room and money": "，条件是放宽这些限制（{limits}），并且每年成本少 {money}。",
    "if money": "，条件是每年成本少 {money}。",
    "as good": "按方案的影子价格，{rep} 对 {customer} 同样合适：由其他客户的分配决定。",
    "price": "{what}：每年 {money}，确定在 {least} 与 {most} 之间；{moved} 个客户换了负责人。",
}
