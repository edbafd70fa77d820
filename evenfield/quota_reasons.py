"""Why this quota, in words: from the company's number down to a person's, in English and Chinese."""

from pathlib import Path
from typing import Any

import pandas as pd

from evenfield.money import exact
from evenfield.phrases import Language
from optimizer import Plan
from optimizer.quotas import Quotas, by_quarter, make_quotas
from optimizer.quotas.laws import Sample
from optimizer.quotas.tracing import Split, Trace
from scenarios import InputError, Problem, Scenario
from scenarios.quota_checks import COMPANY
from scenarios.quota_edits import read_edits

DRIVERS = {
    "en": {
        "history": "sales of the last year",
        "expected": "expected sales",
        "potential": "potential",
        "customers": "number of customers",
        "equal": "equal shares",
        "odds": "quotas of equal chances",
    },
    "zh": {
        "history": "去年销售额",
        "expected": "预期销售额",
        "potential": "潜力",
        "customers": "客户数",
        "equal": "平均分配",
        "odds": "达成概率相等的配额",
    },
}

WORDS = {
    "en": {
        "whole": "Company",
        "company": "The company is asked for {money}.",
        "split": "{node} gets {share:.2%} of what {above} has: {money}.",
        "driver": "{driver} ({weight:.0%}): {share:.2%} of {above}",
        "by": "  It follows, for the time {node} serves: {drivers}.",
        "off": "  By these alone it would be {money}; time in the seat, new hires, entitlement, targets of "
        "parts, floors or ceilings make the difference.",
        "edit": "The edit '{edit}' makes it {money} {more}.",
        "together": "Where edits meet, what they do only together makes it {money} {more}.",
        "more": "more",
        "less": "less",
        "base": "After edits {node} has {money}.",
        "padded": "This base layer is the quota: it adds up, and odds, pay and the simulated year use it. "
        "With padding x {factor:.4g}, the layer handed down, it is {money}.",
        "list": "; ",
    },
    "zh": {
        "whole": "公司",
        "company": "公司目标为{money}。",
        "split": "{node}分得{above}的{share:.2%}，即{money}。",
        "driver": "{driver}（权重{weight:.0%}）占{above}的{share:.2%}",
        "by": "  依据（按{node}在岗服务时间计）：{drivers}。",
        "off": "  仅按上述依据应为{money}；差额来自在岗时间、新员工、销售资格、分项目标、下限或上限。",
        "edit": "调整“{edit}”使其{more}{money}。",
        "together": "多项调整共同作用的部分（无法归于其中任何一项）使其{more}{money}。",
        "more": "增加",
        "less": "减少",
        "base": "调整后{node}为{money}。",
        "padded": "配额即此基础层：各级相加一致，达成概率、薪酬与模拟年度均以此为准。"
        "乘以超额分配系数{factor:.4g}后，下达层为{money}。",
        "list": "；",
    },
}


def quotas_of(scenario: Scenario, made: Plan, folder: Path) -> Quotas:
    """Make the quotas of a plan again, under the edits and simulated years kept in its folder.

    Raises
    ------
    InputError
        If they are not those of the folder's quotas.csv.
    """
    kept, law = folder / "edits.toml", folder / "simulated_sales.csv"
    edits = read_edits(kept).named() if kept.is_file() else {}
    found = make_quotas(scenario, made.owner, edits, _simulated(law) if law.is_file() else None)
    again = by_quarter(scenario, found.cube)
    if (folder / "quotas.json").is_file() and made.quota is not None:
        off = (again - made.quota).abs().sum(axis=1)
        if off.max() > 0.5 * scenario.target.rounding_unit:
            remedy = "made again, quotas are others; run `evenfield quotas` again, then explain"
            raise InputError([Problem(f"{folder.name}, quotas.csv", str(off.idxmax()), remedy)])
    return found


def _simulated(file: Path) -> Sample:
    years = pd.read_csv(file, index_col="year", dtype=str, keep_default_na=False).astype("float64")
    reps = [name for name in years.columns if not name.startswith("Unnamed")]
    house = years.drop(columns=reps).to_numpy()
    return Sample(tuple(reps), years[reps].to_numpy(), house[:, 0] if house.size else None)


def quota_reason(found: Quotas, name: str, language: Language = "en") -> dict[str, Any]:
    """Describe how a rep, or a node above, comes to its quota, for programs and people.

    Raises
    ------
    InputError
        If nobody is called so.
    """
    why = found.why(name)
    return {
        "quota": why.splits[-1].node if why.splits else found.cube.people.names[0],
        "company": why.company,
        "splits": [vars(split) for split in why.splits],
        "edits": why.edits,
        "together": why.together,
        "base": why.base,
        "factor": why.factor,
        "padded": why.padded,
        "sentences": sentences(found.scenario, why, language),
    }


def sentences(scenario: Scenario, why: Trace, language: Language) -> list[str]:
    """Say the way from the company's number to a node's, a step each."""
    say, money = WORDS[language], scenario.currency
    said = [say["company"].format(money=exact(why.company, money))]
    for split in why.splits:
        said += _split(scenario, split, language)
    for edit, effect in why.edits.items():
        more = say["more" if effect > 0 else "less"]
        said.append(say["edit"].format(edit=edit, money=exact(abs(effect), money), more=more))
    node = _called(scenario, why.splits[-1].node, language) if why.splits else scenario.title
    if abs(why.together) > 0.005:
        more = say["more" if why.together > 0 else "less"]
        said.append(say["together"].format(money=exact(abs(why.together), money), more=more))
    if why.edits or abs(why.together) > 0.005:
        said.append(say["base"].format(node=node, money=exact(why.base, money)))
    if why.factor != 1:
        said.append(say["padded"].format(factor=why.factor, money=exact(why.padded, money)))
    return said


def _split(scenario: Scenario, split: Split, language: Language) -> list[str]:
    say, money = WORDS[language], scenario.currency
    above = _called(scenario, split.above, language)
    drivers = say["list"].join(
        say["driver"].format(
            driver=DRIVERS[language].get(name, name), weight=weight, share=share, above=above
        )
        for name, (weight, share) in split.drivers.items()
    )
    amount = exact(split.amount, money)
    said = [
        say["split"].format(
            node=_called(scenario, split.node, language), above=above, share=split.share, money=amount
        ),
        say["by"].format(drivers=drivers, node=_called(scenario, split.node, language)),
    ]
    if abs(split.by_drivers - split.amount) > 0.005 * max(abs(split.amount), scenario.target.rounding_unit):
        said.append(say["off"].format(money=exact(split.by_drivers, money)))
    return said


def _called(scenario: Scenario, node: str, language: Language) -> str:
    """Name a rep by name and key, the company by its word, anybody else by the node."""
    if node == COMPANY:
        return WORDS[language]["whole"]
    name = scenario.reps["name"].get(node, "")
    return f"{name} ({node})" if name else node
