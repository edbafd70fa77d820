"""What the linter of schemes found, in words: what it is, where, and an example with numbers."""

from collections.abc import Mapping

from evenfield.money import exact
from evenfield.phrases import Language, together
from simulation.paying.linting.finding import Finding

MONEY = {
    "after", "amount", "at_100", "at_200", "at_300", "before", "costs", "deal", "from_value", "gain",
    "height", "monthly", "more", "paid", "part", "sales", "sales_200", "sales_300", "sure", "target",
    "to_value", "yearly",
}  # fmt: skip
SHARES = {
    "at", "first", "from", "level", "limit", "rate", "recovers", "second", "share", "share_200",
    "share_300", "to", "total",
}  # fmt: skip
COUNTS = {"count", "number", "parts", "prizes"}
"""Facts that are money, shares and whole numbers; others are shown as they are."""

KINDS: dict[Language, dict[str, str]] = {
    "en": {
        "weights": "weights do not add up",
        "target pay": "pay at 100% is not the target incentive",
        "drop": "more earns less",
        "cliff": "cliff",
        "flat": "flat stretch",
        "cost": "pay above what the sale brings",
        "no cap": "no limit",
        "shift": "gain from moving a deal",
        "split": "gain from splitting a deal",
        "merge": "gain from joining deals",
        "double pay": "the same sale paid several times",
        "gate": "gate without effect",
        "penalty": "penalty without effect",
        "draw": "advance above the target incentive",
        "contest": "everybody wins",
        "not by sales": "not paid by sales",
    },
    "zh": {
        "weights": "权重之和不为 1",
        "target pay": "达成 100% 时的奖金不等于目标奖金",
        "drop": "多做反而少得",
        "cliff": "奖金跳跃",
        "flat": "多做不多得",
        "cost": "奖金高于销售所得",
        "no cap": "没有上限",
        "shift": "挪动订单时间有利可图",
        "split": "拆分订单有利可图",
        "merge": "合并订单有利可图",
        "double pay": "同一笔销售重复计奖",
        "gate": "门槛不起作用",
        "penalty": "扣罚不起作用",
        "draw": "预支高于目标奖金",
        "contest": "人人得奖",
        "not by sales": "奖金与销售额无关",
    },
}
"""What each kind is called."""

PERIODS: dict[Language, dict[str, str]] = {
    "en": {"month": "month", "quarter": "quarter", "half-year": "half-year", "year": "year"},
    "zh": {"month": "月", "quarter": "季度", "half-year": "半年", "year": "年"},
}

WHERE: dict[Language, dict[str, str]] = {
    "en": {
        "cliff": "at {at} of a {period}'s goal",
        "drop": "from {from} to {to} of a {period}'s sales",
        "drop other": "{measure} from {from_value} to {to_value}",
        "flat start": "below {to} of the year's sales",
        "flat middle": "from {from} to {to} of the year's sales",
        "flat end": "above {from} of the year's sales",
        "cost": "from {from} to {to} of the year's sales",
        "no cap": "above 200%",
        "shift quarter": "between two quarters, at {first} and {second}",
        "shift year": "between two years, at {first} and {second}",
        "split": "at {level} of the quota",
        "merge": "at {level} of the quota",
        "double pay": "above 100%",
        "gate": "gate number {number}",
        "draw": "draws number {number}",
        "target pay": "at 100%",
        "weights": "at 100%",
    },
    "zh": {
        "cliff": "{period}目标的 {at} 处",
        "drop": "{period}销售额从 {from} 到 {to}",
        "drop other": "{measure} 从 {from_value} 到 {to_value}",
        "flat start": "全年销售额低于 {to}",
        "flat middle": "全年销售额从 {from} 到 {to}",
        "flat end": "全年销售额高于 {from}",
        "cost": "全年销售额从 {from} 到 {to}",
        "no cap": "200% 以上",
        "shift quarter": "两个季度之间（{first} 与 {second}）",
        "shift year": "两年之间（{first} 与 {second}）",
        "split": "达成 {level} 时",
        "merge": "达成 {level} 时",
        "double pay": "100% 以上",
        "gate": "第 {number} 个门槛",
        "draw": "第 {number} 项预支",
        "target pay": "100% 处",
        "weights": "100% 处",
    },
}

EXAMPLES: dict[Language, dict[str, str]] = {
    "en": {
        "weights": (
            "Weights add up to {sum}, not to 1: who reaches 100% of everything earns {paid}; the target "
            "incentive is {target}."
        ),
        "target pay": (
            "Who reaches 100% of everything earns {paid}, which is {share} of the target incentive of "
            "{target}."
        ),
        "drop": (
            "When sales of a {period} rise from {from_value} to {to_value}, pay of the year falls from "
            "{before} to {after}."
        ),
        "drop other": (
            "With sales at 100%, pay of the year falls from {before} to {after} when {measure} goes from "
            "{from_value} to {to_value}."
        ),
        "cliff": (
            "The last cent to {sales} in a {period} pays {height} at once, {share} of the {period}'s "
            "target incentive."
        ),
        "flat start": (
            "Up to {to_value} a year more sales earn nothing: {more} more in a year that sells little pays "
            "nothing."
        ),
        "flat middle": (
            "From {from_value} to {to_value} a year pay stays at {paid}: {more} more pays nothing."
        ),
        "flat end": "From {from_value} a year on pay stays at {paid}: {more} more pays nothing.",
        "cost": ("{more} more in sales costs {costs} in pay, {rate} of it; the sale itself brings {limit}."),
        "no cap": (
            "Who sells {sales_200} (200%) earns {at_200}, {share_200} of the target incentive; with "
            "{sales_300} (300%) {at_300}, {share_300}."
        ),
        "shift quarter later": (
            "With one quarter at {first} and the next at {second}, to book a deal of {deal} in the later "
            "instead of the earlier one earns {gain} more: {after} in the year instead of {before}."
        ),
        "shift quarter earlier": (
            "With one quarter at {first} and the next at {second}, to book a deal of {deal} in the earlier "
            "instead of the later one earns {gain} more: {after} in the year instead of {before}."
        ),
        "shift year later": (
            "With this year at {first} and the next at {second}, to book a deal of {deal} next January "
            "instead of in December earns {gain} more: {after} in both years instead of {before}."
        ),
        "shift year earlier": (
            "With this year at {first} and the next at {second}, to book a deal of {deal} in December "
            "instead of next January earns {gain} more: {after} in both years instead of {before}."
        ),
        "split": (
            "A deal of {amount} written as {parts} deals of {part} earns {gain} more: {after} in the year "
            "instead of {before}."
        ),
        "merge": (
            "{parts} deals of {part} written as one of {amount} earn {gain} more: {after} in the year "
            "instead of {before}."
        ),
        "double pay": "{more} more from a new customer pays {paid}, {total} of it: {rates}.",
        "double pay same": ("{more} more pays {paid}, {total} of it: {rates}. {same} pay for the very same."),
        "gate missed": (
            "It asks for {measure} {side} {edge}, but the element pays the same whatever happens: nobody "
            "can miss it."
        ),
        "gate reached": (
            "It asks for {measure} {side} {edge}, which nothing reaches: of up to {paid} behind it only "
            "what is left to those who miss it is ever paid."
        ),
        "penalty": (
            "It is for {measure} around {edge}, where nothing is earned from which it could be taken: it "
            "never takes a cent."
        ),
        "draw": "{monthly} a month in advance is {yearly} a year; the target incentive is {target}.",
        "contest": ("{prizes} prizes for {count} {between}: the last of them wins {sure} for being there."),
        "not by sales": "{paid} is paid whatever is sold.",
    },
    "zh": {
        "weights": "权重之和为 {sum}，不是 1：各项都达成 100% 时得 {paid}，而目标奖金是 {target}。",
        "target pay": "各项都达成 100% 时奖金为 {paid}，是目标奖金 {target} 的 {share}。",
        "drop": "某{period}销售额从 {from_value} 升到 {to_value} 时，全年奖金从 {before} 降到 {after}。",
        "drop other": (
            "销售达成 100% 时，{measure} 从 {from_value} 到 {to_value}，全年奖金从 {before} 降到 {after}。"
        ),
        "cliff": ("某{period}做到 {sales} 的最后一分钱一次带来 {height}，占该{period}目标奖金的 {share}。"),
        "flat start": "全年 {to_value} 以下多做不多得：销售少的年份再多卖 {more} 也没有奖金。",
        "flat middle": "全年从 {from_value} 到 {to_value}，奖金停在 {paid}：多卖 {more} 没有奖金。",
        "flat end": "全年超过 {from_value} 后奖金停在 {paid}：多卖 {more} 没有奖金。",
        "cost": "多卖 {more} 要付奖金 {costs}，占 {rate}；而这笔销售本身只带来 {limit}。",
        "no cap": (
            "卖 {sales_200}（200%）得 {at_200}，为目标奖金的 {share_200}；卖 {sales_300}（300%）得 "
            "{at_300}，为 {share_300}。"
        ),
        "shift quarter later": (
            "前一季度达成 {first}、后一季度达成 {second} 时，把 {deal} 的订单推迟到后一季度多得 "
            "{gain}：全年 {after}，而不是 {before}。"
        ),
        "shift quarter earlier": (
            "前一季度达成 {first}、后一季度达成 {second} 时，把 {deal} 的订单提前到前一季度多得 "
            "{gain}：全年 {after}，而不是 {before}。"
        ),
        "shift year later": (
            "今年达成 {first}、明年达成 {second} 时，把 {deal} 的订单从年末推到明年初多得 {gain}：两年共 "
            "{after}，而不是 {before}。"
        ),
        "shift year earlier": (
            "今年达成 {first}、明年达成 {second} 时，把 {deal} 的订单从明年初提前到年末多得 {gain}：两年共 "
            "{after}，而不是 {before}。"
        ),
        "split": "把 {amount} 的订单写成 {parts} 笔 {part} 多得 {gain}：全年 {after}，而不是 {before}。",
        "merge": (
            "把 {parts} 笔 {part} 的订单合成一笔 {amount} 多得 {gain}：全年 {after}，而不是 {before}。"
        ),
        "double pay": "新客户多卖 {more} 共付 {paid}，占 {total}：{rates}。",
        "double pay same": "多卖 {more} 共付 {paid}，占 {total}：{rates}。其中 {same} 为同一件事计奖。",
        "gate missed": "要求 {measure} {side} {edge}，但无论如何该项奖金都一样：没有人会达不到。",
        "gate reached": ("要求 {measure} {side} {edge}，但不可能达到：背后最多 {paid} 的奖金从不足额发放。"),
        "penalty": "针对 {measure} 在 {edge} 附近，而那里没有可扣的奖金：从来扣不到一分钱。",
        "draw": "每月预支 {monthly}，一年 {yearly}；目标奖金只有 {target}。",
        "contest": "{count} 个参加者（{between}）有 {prizes} 个奖：最后一名也得 {sure}。",
        "not by sales": "无论卖多少都付 {paid}。",
    },
}

SIDES_ZH = {"at least": "不低于", "at most": "不高于", "people": "个人", "teams": "团队", "sales": "销售额"}


def place_of(finding: Finding, currency: str, language: Language) -> str:
    """Say where it was found: whose pay, which elements, at which attainment."""
    key = _variant(finding, WHERE[language])
    at = WHERE[language][key].format(**_said(finding, currency, language)) if key else ""
    who = finding.role if finding.person == finding.role else f"{finding.role} {finding.person}"
    if finding.people > 1 and finding.kind != "contest":
        more = finding.people - 1
        who += f" and {more} more" if language == "en" else f"等 {finding.people} 人"
    some = together(list(finding.elements), language)
    return (": " if language == "en" else "：").join(part for part in (who, some, at) if part)


def example_of(finding: Finding, currency: str, language: Language) -> str:
    """Give an example with numbers."""
    said = EXAMPLES[language][_variant(finding, EXAMPLES[language])].format(
        **_said(finding, currency, language)
    )
    if finding.people > 1 and finding.kind != "contest":
        more = f" Of {finding.people} people, {finding.person} is the worst case."
        said += more if language == "en" else f"共 {finding.people} 人如此，{finding.person} 最甚。"
    return said


def finding_words(finding: Finding, currency: str, language: Language) -> dict[str, object]:
    """Describe a finding for other programs; `size` is money."""
    return {
        "kind": finding.kind,
        "where": place_of(finding, currency, language),
        "size": finding.size,
        "example": example_of(finding, currency, language),
        "role": finding.role,
        "person": finding.person,
        "people": finding.people,
        "elements": list(finding.elements),
        "facts": dict(finding.facts),
    }


def share(value: float) -> str:
    """Write a share in percent, with as many digits as say something."""
    return f"{100 * value:.4g}%" if abs(value) < 100 else f"{100 * value:,.0f}%"


def _variant(finding: Finding, known: Mapping[str, str]) -> str:
    """Find the words for a finding: those of its kind, or of what sets it apart."""
    facts = finding.facts
    parts = [str(facts.get(key, "")) for key in ("where", "over", "way", "why")]
    if finding.kind == "drop" and facts["measure"] != "sales":
        parts.append("other")
    if facts.get("same"):
        parts.append("same")
    words = [finding.kind]
    for part in parts:
        if part and any(key.startswith(" ".join([*words, part])) for key in known):
            words.append(part)
    key = " ".join(words)
    return key if key in known else ""


def _said(finding: Finding, currency: str, language: Language) -> dict[str, str]:
    """Write facts in words; values of measures that are no money stay numbers."""
    said = {}
    is_money = finding.facts.get("measure", "sales") == "sales"
    for key, value in finding.facts.items():
        if isinstance(value, str):
            said[key] = PERIODS[language].get(
                value, SIDES_ZH.get(value, value) if language == "zh" else value
            )
        elif key in ("from_value", "to_value") and not is_money:
            said[key] = f"{value:.4g}"
        elif key in MONEY:
            said[key] = exact(value, currency)
        elif key in SHARES:
            said[key] = share(value)
        else:
            said[key] = f"{value:,.0f}" if key in COUNTS else f"{value:.6g}"
    return said
