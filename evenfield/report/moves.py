"""The page of who changes hands: a few sentences, maps of before and after, a list one can search."""

from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import plotly.graph_objects as go

from evenfield.money import exact
from evenfield.phrases import Language
from evenfield.plots.outlines import ATTRIBUTION
from evenfield.report import contents
from evenfield.report.page import DRAWING_LIBRARY, environment, verbatim
from evenfield.report.sentences import called, label
from optimizer import TODAY
from scenarios import Scenario

MOST = 2_000
"""Customers the page lists; the files beside it have all."""

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Before and after", "over": "Who changes hands",
        "moved": "{moved:,} of {all:,} customers have another rep with {after} than with {before}: {sales} "
        "of last year's sales and {hours:,.0f} hours a year.",
        "none": "All {all:,} customers keep their rep: {after} and {before} give everybody the same.",
        "map": "Maps", "list": "Customers", "search": "Customer, rep …",
        "rings": "A dark ring marks a customer who has another rep; a double click on a name shows one book "
        "alone.",
        "parts": "Of a customer that was in parts the first map shows who had the largest part.",
        "placeless": "{count:,} customers have no place and are on no map.",
        "no map": "There is no map: no customer has a place.",
        "drawn": "Of so large a company only {count:,} customers that move are drawn, most potential first.",
        "cut": "Listed are the {count:,} of most sales; all are in the files beside this page.",
        "customer": "Customer", "from": "From", "to": "To", "why": "Why", "price": "Staying costs more",
        "sales": "Last year's sales", "hours": "Hours a year", "hand": "by hand", "nobody": "nobody",
        "again": "Do it again",
    },
    "zh": {
        "title": "调整前后", "over": "哪些客户换了负责人",
        "moved": "{all:,} 个客户中有 {moved:,} 个在{after}下的负责人与{before}不同："
        "涉及去年销售额 {sales}、每年工时 {hours:,.0f} 小时。",
        "none": "全部 {all:,} 个客户的负责人不变：{after}与{before}相同。",
        "map": "地图", "list": "客户", "search": "客户、代表 …",
        "rings": "深色圆环表示换了负责人的客户；双击名字只看一位代表的客户。",
        "parts": "曾拆成几部分的客户，第一张地图显示最大部分的负责人。",
        "placeless": "{count:,} 个客户没有坐标，不在地图上。",
        "no map": "没有地图：客户都没有坐标。",
        "drawn": "公司规模很大，地图只画出换负责人的 {count:,} 个客户（潜力大者优先）。",
        "cut": "这里列出销售额最大的 {count:,} 个；全部客户见同一文件夹中的文件。",
        "customer": "客户", "from": "原负责人", "to": "新负责人", "why": "原因", "price": "不换每年多花",
        "sales": "去年销售额", "hours": "每年工时", "hand": "人工指定", "nobody": "无",
        "again": "重新生成",
    },
}  # fmt: skip


NAMES_ZH = {TODAY: "现有客户分配", "plan": "新方案"}
"""Chinese names of plans that have one of their own."""


@dataclass(frozen=True, eq=False)
class MovesPage:
    """What the page shows.

    Parameters
    ----------
    scenario
        Whose customers.
    table
        As of `evenfield.moves.moved_customers`.
    before, after
        What the two plans are called.
    maps
        Of before and after; empty where no customer has a place.
    placeless, drawn
        Customers without a place, and customers on the maps.
    command
        What makes it again.
    in_parts
        Whether customers were in parts before and are whole now.
    """

    scenario: Scenario
    table: pd.DataFrame
    before: str
    after: str
    maps: tuple[go.Figure, ...]
    placeless: int
    drawn: int
    command: str
    in_parts: bool = False


def write_moves_page(page: MovesPage, path: Path, language: Language = "en") -> Path:
    """Write the page: one HTML file that loads nothing from anywhere.

    Returns
    -------
    The path.
    """
    words, scenario, table = WORDS[language], page.scenario, page.table
    count = {
        "all": len(scenario.customers), "moved": len(table),
        "before": _called(page.before, language), "after": _called(page.after, language),
        "sales": exact(float(table["sales_last_year"].sum()), scenario.currency),
        "hours": float(table["hours"].sum()),
    }  # fmt: skip
    answer = [words["moved" if len(table) else "none"].format(**count)]
    notes = [words["rings"] if page.maps else words["no map"]]
    if page.maps and page.in_parts:
        notes.append(words["parts"])
    if page.maps and page.drawn < len(scenario.customers) - page.placeless:
        notes.append(words["drawn"].format(count=page.drawn))
    if page.maps and page.placeless:
        notes.append(words["placeless"].format(count=page.placeless))
    text = (
        environment(scenario.currency)
        .get_template("moves.html.jinja")
        .render(
            page=page,
            words=words,
            language=language,
            answer=answer,
            titles=[_title(name, language) for name in (page.before, page.after)],
            notes=notes,
            rows=table.head(MOST).to_dict("records"),
            cut=words["cut"].format(count=MOST) if len(table) > MOST else "",
            outlines=ATTRIBUTION,
            version=contents.versions()["evenfield"],
            style=verbatim("page.css"),
            script=verbatim("page.js"),
            search=verbatim("search.js"),
            drawing_library=verbatim(DRAWING_LIBRARY),
        )
    )
    path.write_text(text, encoding="utf-8", newline="\n")
    return path


def _called(name: str, language: Language) -> str:
    """Put a plan's name into a sentence."""
    return called(name) if language == "en" else f"“{NAMES_ZH.get(name, name)}”"


def _title(name: str, language: Language) -> str:
    """Put a plan's name over a map."""
    return label(name) if language == "en" else NAMES_ZH.get(name, name)
