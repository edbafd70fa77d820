"""The words of reasons, English and Chinese: sentences, and names of terms, limits, rules and goals."""

import re
from collections.abc import Callable
from typing import Literal

Language = Literal["en", "zh"]

MEASURES_ZH = {
    "hours": "工时", "potential": "潜力", "sales": "销售额", "customers": "客户数", "top_tier": "重点客户数",
}  # fmt: skip

RULES_ZH = {
    "hours": "工时",
    "moves": "客户调整数",
    "sales moved": "调整的销售额",
    "customers kept": "每人保留客户",
    "locks": "锁定",
    "families": "集团客户一起分配",
}
"""Chinese names of the rules that have a fixed name."""

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
    "balance": "均衡",
    "the weighted sum": "加权总和",
}
"""Chinese names of terms and goals."""

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

KINDS_ZH = {"only": "指定", "never": "禁止", "stay": "保留", "leave": "更换"}

NOTIONS_ZH = {
    "maximum deviation": "最大偏差", "range": "极差", "mean deviation": "平均偏差", "gini": "基尼系数",
    "jain": "Jain 指数", "owa": "有序加权", "alpha": "α 公平", "response": "响应函数",
}  # fmt: skip


def count(number: float, one: str, many: str = "") -> str:
    """Write a number with what is counted: "1 visit", "1,204 visits".

    Parameters
    ----------
    one, many
        What it is called; many of it, where that is not the same with an s.
    """
    return f"{number:,.0f} {one if round(number) == 1 else many or one + 's'}"


def term(name: str, language: Language) -> str:
    """Name a term of the cost, or what room within a limit is worth."""
    known = TERMS_ZH if language == "zh" else TERMS_EN
    return known.get(name) or rule(name, language)


def goal(name: str, language: Language) -> str:
    """Name a goal."""
    return TERMS_ZH.get(name, name) if language == "zh" and name != "moves" else rule(name, language)


def rule(name: str, language: Language) -> str:
    """Name a rule or limit; one that the user has named keeps its name."""
    if language == "en":
        return name
    if name in RULES_ZH:
        return RULES_ZH[name]
    for pattern, write in _USUAL_NAMES:
        if found := re.fullmatch(pattern, name):
            return write(*found.groups())
    return name


def together(names: list[str], language: Language) -> str:
    """Name several, e.g. "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    before, last = (", ".join(names[:-1]), names[-1])
    return "、".join(names) if language == "zh" else f"{before} and {last}"


def _measure(name: str) -> str:
    return MEASURES_ZH.get(name, name)


_USUAL_NAMES: tuple[tuple[str, Callable[..., str]], ...] = (
    (r"balance of (.+)", lambda m: f"{_measure(m)}均衡"),
    (r"limit (\d+) on (\w+)", lambda n, m: f"第 {n} 条限额（{_measure(m)}）"),
    (r"limit (\d+) on (\w+), at least", lambda n, m: f"第 {n} 条限额（{_measure(m)}，下限）"),
    (r"fairness of (\w+)", lambda m: f"{_measure(m)}公平性"),
    (r"fairness of (\w+), (.+)", lambda m, n: f"{_measure(m)}公平性（{NOTIONS_ZH.get(n, n)}）"),
    (r"eligibility \((.+) in (.+)\)", lambda c, r: f"负责资格（{c} 须在 {r} 之内）"),
    (r"accounts (\d+) \((\w+)\)", lambda n, k: f"第 {n} 条客户规则（{KINDS_ZH.get(k, k)}）"),
    (r"lock of (.+)", lambda c: f"锁定 {c}"),
    (r"family (.+)", lambda f: f"集团 {f} 一起分配"),
)

ENGLISH = {
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
    "alone": " That is by the prices of the plan; this move alone costs {money}.",
    "alone at least": (
        " That is by the prices of the plan; when all else adapts it is at least {least}, this "
        "move alone costs {money}."
    ),
    "breaks": " Alone it would break limits: {limits}.",
    "over": "{limit} would be {load}{unit}, {amount}{unit} over {allowed}{unit}",
    "under": "{limit} would be {load}{unit}, {amount}{unit} under {allowed}{unit}",
    "limit of": "{limit} of {rep}",
    "nobody else": "Nobody else may serve it.",
    "nobody else by": "Nobody else may serve it, by {rules}.",
    "may not": "{rep} may not serve it: {rules}.",
    "would stay": "{customer} would stay with {rep}",
    "would go": "{customer} would go to {rep}",
    "if allowed": " if these rules allowed it: {rules}.",
    "if goal": " if {goal} did not come first: by this move alone it would become {amount} worse.",
    "left out": (
        "{count} more may serve it but were not looked at: the company is so large that only each "
        "customer's cheapest and nearest reps are."
    ),
    "order": (
        "The plan follows goals in strict order: {goals}; amounts are of the weighted sum, which comes last."
    ),
    "worse": " Goal by goal it alone changes {goals}.",
    "by goals": "{what}, goal by goal in strict order: {goals}; {moved} customers have another rep.",
    "goal": "{goal} {change} ({with_it} with it, {without} without)",
    "nothing": "nothing",
    "customer": "{count:,.0f} customer",
    "customers": "{count:,.0f} customers",
    "back": "to stay with {rep} would cost {money} more a year: {terms}",
    "back cheaper": (
        "to stay with {rep} would cost {money} less a year by itself ({terms}); other customers decided"
    ),
    "back may not": "{rep} may not serve it: {rules}",
    "back gone": "{rep} is no rep of this scenario",
    "back left out": "{rep} was not looked at, since the company is so large",
    "first": "it had no owner",
    "parts": "its parts were with {reps}, now it is whole",
    "none": "it has no owner now",
    "by hand": "moved by hand: this move alone costs {money} a year",
    "by hand cheaper": "moved by hand: this move alone saves {money} a year",
    "if room": " if these limits gave room: {limits}.",
    "if room and money": " if these limits gave room ({limits}) and it cost {money} a year less.",
    "if money": " if it cost about {money} a year less.",
    "if proved": " if it cost {money} a year less.",
    "as good": "By the prices of the plan {rep} is as good for {customer}: other customers decided.",
    "price": (
        "{what}: {money} a year, between {least} and {most} for sure; {moved} customers have another rep."
    ),
}

CHINESE = {
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
    "alone": "这是按方案的影子价格计算的金额；只移动这一个客户要花 {money}。",
    "alone at least": (
        "这是按方案的影子价格计算的金额；其他客户随之调整后至少多花 {least}，只移动这一个客户要花 {money}。"
    ),
    "breaks": "只移动它会超出限制：{limits}。",
    "over": "{limit}会达到 {load}{unit}，比上限 {allowed}{unit} 多 {amount}{unit}",
    "under": "{limit}会降到 {load}{unit}，比下限 {allowed}{unit} 少 {amount}{unit}",
    "limit of": "{rep} 的{limit}",
    "nobody else": "没有其他人可以负责。",
    "nobody else by": "没有其他人可以负责，依据：{rules}。",
    "may not": "{rep} 不能负责：{rules}。",
    "would stay": "{customer} 会留在 {rep} 名下",
    "would go": "{customer} 会分给 {rep}",
    "if allowed": "，条件是这些规则允许：{rules}。",
    "if goal": "，条件是“{goal}”不排在前面：只移动这一个客户会使它变差 {amount}。",
    "left out": (
        "另有 {count} 人可以负责但未纳入比较：公司规模很大，每个客户只比较成本最低和距离最近的代表。"
    ),
    "order": "方案按目标的严格优先次序制定：{goals}；金额是排在最后的加权总和。",
    "worse": "只移动这一个客户时各目标的变化：{goals}。",
    "by goals": "{what}，按目标的严格优先次序：{goals}；{moved} 个客户换了负责人。",
    "goal": "{goal} {change}（有它时 {with_it}，没有它时 {without}）",
    "nothing": "无变化",
    "customer": "{count:,.0f} 个客户",
    "customers": "{count:,.0f} 个客户",
    "back": "留在 {rep} 名下每年多花 {money}：{terms}",
    "back cheaper": "单看这一个客户，留在 {rep} 名下每年少花 {money}（{terms}）；由其他客户的分配决定",
    "back may not": "{rep} 不能负责：{rules}",
    "back gone": "{rep} 不在这个情景的代表之中",
    "back left out": "公司规模很大，{rep} 未纳入比较",
    "first": "原无负责人",
    "parts": "各部分原由 {reps} 负责，现合为一个客户",
    "none": "现在没有负责人",
    "by hand": "人工指定：只移动这一个客户每年要花 {money}",
    "by hand cheaper": "人工指定：只移动这一个客户每年节省 {money}",
    "if room": "，条件是放宽这些限制：{limits}。",
    "if room and money": "，条件是放宽这些限制（{limits}），并且每年成本少 {money}。",
    "if money": "，条件是每年成本少 {money} 左右。",
    "if proved": "，条件是每年成本少 {money}。",
    "as good": "按方案的影子价格，{rep} 对 {customer} 同样合适：由其他客户的分配决定。",
    "price": "{what}：每年 {money}，确定在 {least} 与 {most} 之间；{moved} 个客户换了负责人。",
}
