"""`evenfield lint`: what is wrong with an incentive scheme, with examples, as JSON, tables and a page."""

from pathlib import Path
from typing import Annotated, Any

import typer

from evenfield.answering import write_json
from evenfield.lint_words import KINDS, finding_words, share
from evenfield.money import exact
from evenfield.options import Json, LanguageOption, made_folder
from evenfield.phrases import Language
from evenfield.plots.pay_curve import draw_pay, draw_rates
from evenfield.report.sheet import Part, Sheet, write_sheet
from evenfield.terminal import FAILED, Exit, answers, counting, print_json, say, show_table, told
from optimizer import todays_book
from scenarios import InputError, Problem, Scenario, read
from scenarios.pay_checks import notes_of_scheme, problems_of_scheme
from scenarios.pay_notes import notes_of_terms
from scenarios.reading import LIBRARY, locate
from scenarios.scheme import Scheme
from scenarios.scheme_files import find_scheme, fitting_scheme, judged_scheme
from simulation.paying.linting.linter import Judgement, lint, lint_for
from simulation.paying.linting.slopes import Followed, rates

PAGE, FILE = "lint.html", "lint.json"

WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "title": "Incentive scheme: {name}",
        "clean": "No fault was found.",
        "faults": "Faults",
        "notes": "Notes",
        "one or more": "fault|faults|note|notes",
        "count": "{faults} and {notes}.",
        "typical": (
            "Judged by a typical person of each role: quota {quota}, target incentive {incentive} a year."
        ),
        "everybody": (
            "Judged by the {people} people of {scenario} whom it pays by sales, on today's quotas."
        ),
        "fault columns": "What|Where|Example",
        "pay": "{who}: pay by sales",
        "next": "{who}: what the next sale pays",
        "rows": "Sales of the year|From|Incentive there|Next sale pays|Jumps",
        "note": "Pay of {who}, with everything but sales at par: goals reached, gates open.",
        "without": "Nobody could be judged as {roles}.",
        "unasked": "Without a quota on today's book, and so not judged: {names}.",
        "role": "note on the terms",
    },
    "zh": {
        "title": "激励方案：{name}",
        "clean": "没有发现错误。",
        "faults": "错误",
        "notes": "提示",
        "one or more": "个错误|个错误|条提示|条提示",
        "count": "{faults}，{notes}。",
        "typical": "按每种角色的典型人员判断：年度指标 {quota}，目标奖金 {incentive}。",
        "everybody": "按 {scenario} 中凭销售计奖的 {people} 人、以现有客户的指标判断。",
        "fault columns": "问题|位置|例子",
        "pay": "{who}：奖金与销售额",
        "next": "{who}：下一笔销售计多少奖",
        "rows": "全年销售额|起点|此处奖金|下一笔计奖|跳跃",
        "note": "{who} 的奖金；除销售额外各项都刚好达标。",
        "without": "没有可供判断的 {roles}。",
        "unasked": "按现有客户没有指标，未作判断：{names}。",
        "role": "条款提示",
    },
}


def lint_command(
    scheme: Annotated[
        str,
        typer.Argument(
            metavar="SCHEME",
            help="A TOML file with the keys of \\[scheme], a name in the library or in the schemes folder of "
            "--scenario, or a scenario, whose own scheme is meant",
        ),
    ],
    scenario: Annotated[
        str | None,
        typer.Option("--scenario", help="Judge it by everybody there, with today's quotas"),
    ] = None,
    quota: Annotated[
        float | None,
        typer.Option("--quota", help="Of a typical person, money a year [default: 1,000,000]", min=1),
    ] = None,
    incentive: Annotated[
        float | None,
        typer.Option(
            "--incentive", help="Target incentive of a typical person, money a year [default: 40,000]", min=1
        ),
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="Folder for the page [default: out/NAME]")] = None,
    language: LanguageOption = "en",
    as_json: Json = False,
) -> None:
    """Find what is wrong with an incentive scheme: cliffs, drops, flat stretches, gains from moving deals.

    Leaves with exit code 1 where there is a fault. Notes are things to know, and none.
    """
    with told(as_json):
        judged, name, company, notes = _opened(scheme, scenario)
        if company is None:
            made = lint(judged, quota, incentive)
        else:
            with counting("judging") as tell:
                made = lint_for(
                    company,
                    judged,
                    todays_book(company).quota,
                    lambda done, people: tell(name, done, people),
                )
        currency = "" if company is None else company.currency
        folder = made_folder(out or Path("out") / name)
        given = {"scenario": scenario, "quota": quota, "incentive": incentive}
        command = f"evenfield lint {scheme}" + "".join(
            f" --{k} {v}" for k, v in given.items() if v is not None
        )
        words = lint_words(made, name, company, notes, language)
        write_json(folder / FILE, words)
        write_sheet(lint_sheet(made, words, company, command, language), folder / PAGE, currency)
        if as_json:
            print_json(words)
        else:
            _show(words, language)
        say(f"Saved in {folder}")
        if made.faults:
            raise Exit(FAILED)


def _opened(scheme: str, where: str | None) -> tuple[Scheme, str, Scenario | None, list[Problem]]:
    """Read a scheme, alone or with a scenario: it, its name, the scenario and what is to be known of both."""
    path = Path(scheme)
    folder = path.parent if path.name == "scenario.toml" else path
    if any((base / "scenario.toml").is_file() for base in (folder, LIBRARY / folder)):
        company = read(folder if where is None else where)
        judged = company.scheme if where is None else read(folder).scheme
        return judged, folder.name, company, _fitting(company, judged, "scenario.toml, scheme.")
    beside = None if where is None else locate(where)
    file = find_scheme(scheme, beside)
    if where is None:
        judged = judged_scheme(scheme, beside).scheme
        return judged, file.stem, None, notes_of_terms(judged, f"{file.name}, ")
    company = read(where)
    found = fitting_scheme(scheme, company, beside)
    notes = [*found.notes, *notes_of_scheme(company, found.scheme, f"{file.name}, ")]
    return found.scheme, file.stem, company, notes


def _fitting(company: Scenario, scheme: Scheme, place: str) -> list[Problem]:
    problems = problems_of_scheme(company, scheme, place)
    if problems:
        raise InputError(problems)
    return notes_of_scheme(company, scheme, place)


def lint_words(
    made: Judgement, name: str, company: Scenario | None, notes: list[Problem], language: Language
) -> dict[str, Any]:
    """Describe what was found; `size` is money."""
    currency = "" if company is None else company.currency
    said = WORDS[language]
    known = [
        {
            "kind": said["role"],
            "where": n.place,
            "size": 0.0,
            "example": f"{n.remedy} ({n.value})" if n.value else n.remedy,
        }
        for n in notes
    ]
    for key, names in (("without", made.without), ("unasked", made.unasked)):
        if names:
            listed = ", ".join(names)
            example = said[key].format(roles=listed, names=listed)
            known.append({"kind": said["role"], "where": listed, "size": 0.0, "example": example})
    return {
        "scheme": name,
        "scenario": None if company is None else company.name,
        "people": made.people,
        "faults": [finding_words(f, currency, language) for f in made.faults],
        "notes": [finding_words(f, currency, language) for f in made.notes] + known,
        "pay_by_sales": {it.subject.name: rates(it.year) for it in made.followed},
    }


def lint_sheet(
    made: Judgement, words: dict[str, Any], company: Scenario | None, command: str, language: Language
) -> Sheet:
    """Lay out the page: the answer, faults, notes, and pay by sales of one person of each role."""
    currency, said = "" if company is None else company.currency, WORDS[language]
    columns = tuple(said["fault columns"].split("|"))
    parts = [
        Part(said[kind], columns=columns, rows=_rows(words[kind], language), texts=len(columns))
        for kind in ("faults", "notes")
        if words[kind]
    ]
    for it in made.followed:
        parts += _pay(it, currency, language)
    return Sheet(
        said["title"].format(name=words["scheme"]),
        "" if company is None else company.title or company.name,
        (_counted(words, language), _judged_by(made, company, language)),
        command,
        tuple(parts),
        language,
    )


def _pay(it: Followed, currency: str, language: Language) -> list[Part]:
    said, subject = WORDS[language], it.subject
    who = subject.role if subject.name == subject.role else f"{subject.name} ({subject.role})"
    target = subject.incentive / 100 if subject.has_incentive else 0.0
    rows = tuple(
        (
            f"{share(row['from'])} – {share(row['to'])}",
            exact(row["sales"], currency),
            exact(row["pay"], currency),
            f"{row['rate']:.2%}",
            exact(row["jumps"], currency) if row["jumps"] else "",
        )
        for row in rates(it.year)
    )
    columns = tuple(said["rows"].split("|"))
    title = said["pay"].format(who=who)
    note = said["note"].format(who=who)
    return [
        Part(title, (note,), draw_pay(it.year, target, currency, language)),
        Part(said["next"].format(who=who), (), draw_rates(it.year, language), columns, rows),
    ]


def _rows(found: list[dict[str, Any]], language: Language) -> tuple[tuple[str, ...], ...]:
    return tuple((KINDS[language].get(f["kind"], f["kind"]), f["where"], f["example"]) for f in found)


def _counted(words: dict[str, Any], language: Language) -> str:
    said, faults, notes = WORDS[language], len(words["faults"]), len(words["notes"])
    if not faults:
        return said["clean"]
    fault, more_faults, note, more_notes = said["one or more"].split("|")
    return said["count"].format(
        faults=f"{faults} {fault if faults == 1 else more_faults}",
        notes=f"{notes} {note if notes == 1 else more_notes}",
    )


def _judged_by(made: Judgement, company: Scenario | None, language: Language) -> str:
    said = WORDS[language]
    if company is not None:
        return said["everybody"].format(people=made.people, scenario=company.title or company.name)
    one = made.followed[0].subject if made.followed else None
    quota = exact(0 if one is None else int(one.quota.sum()) / 100, "")
    return said["typical"].format(quota=quota, incentive=exact(0 if one is None else one.incentive / 100, ""))


def _show(words: dict[str, Any], language: Language) -> None:
    said = WORDS[language]
    answers.print(_counted(words, language), markup=False)
    for kind in ("faults", "notes"):
        if words[kind]:
            rows = [list(row) for row in _rows(words[kind], language)]
            show_table(said[kind], said["fault columns"].split("|"), rows)
