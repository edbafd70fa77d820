"""`evenfield statement` and `evenfield statements`: what people are paid, where each amount comes from."""

import json
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from evenfield.alternatives import open_plan
from evenfield.answering import write_json
from evenfield.options import Changes, Json, LanguageOption, again, made_folder
from evenfield.pay_reasons import sums
from evenfield.pay_terms import Terms
from evenfield.phrases import Language
from evenfield.report.moves import NAMES_ZH
from evenfield.report.sheet import Part, write_sheet
from evenfield.saving import is_plan, scenario_folder
from evenfield.scheme_choice import chosen_scheme
from evenfield.statement import credit_table, statement_sheet, statement_words
from evenfield.terminal import answers, print_json, say, show_table, told, working
from optimizer import Plan
from scenarios import InputError, Problem, Scenario
from scenarios.naming import no_such
from scenarios.reading import locate
from simulation.accounting.books import books_of_past, books_of_year, unknown_of_past
from simulation.paying.statement import Statement
from simulation.paying.tracing import Tracer

PAGE_FILE, WORDS_FILE, LINES_FILE = "statement.html", "statement.json", "credit_lines.csv"
TABLE_FILE = "statements.csv"
SIMULATION_FILE = "simulation.json"

OutArgument = Annotated[
    str,
    typer.Argument(
        metavar="OUT", help="The --out folder of `evenfield plan` or `simulate`; or a scenario: today's book"
    ),
]
Whose = Annotated[
    str,
    typer.Option("--rep", help="Whose pay: a key of reps.csv, specialists.csv or staff.csv"),
]
Replication = Annotated[
    int | None,
    typer.Option("--replication", help="Which of the simulated years, from 0 [default: 0]", min=0),
]
Actuals = Annotated[
    bool,
    typer.Option(
        "--actuals", help="Pay the orders of the last twelve months instead: nobody behaves otherwise"
    ),
]
SeedOfYears = Annotated[
    int | None,
    typer.Option("--seed", help="Seed of the years [default: that of OUT's simulation, else 1]", min=0),
]
UnderScheme = Annotated[
    str | None,
    typer.Option(
        "--scheme",
        help="Pay by this scheme: a TOML file, a name in the scenario's schemes folder or the library",
    ),
]
StatementFolder = Annotated[
    Path | None, typer.Option("--out", help="Folder for the results [default: OUT/statements/...]")
]


def statement_command(
    out_folder: OutArgument,
    rep: Whose,
    replication: Replication = None,
    actuals: Actuals = False,
    scheme: UnderScheme = None,
    change: Changes = None,
    language: LanguageOption = "en",
    out: StatementFolder = None,
    seed: SeedOfYears = None,
    as_json: Json = False,
) -> None:
    """State what somebody is paid for a simulated year or for past orders, every amount from order to pay."""
    with told(as_json):
        year = Opened(out_folder, change, replication, seed, language, actuals=actuals, scheme=scheme)
        person = year.position(rep)
        found = year.tracer.statement(person)
        folder = made_folder(out or year.folder / f"{_plain(rep)}-{year.label}")
        command = again("statement", out_folder, change, rep=rep, **year.options)
        sheet = statement_sheet(
            year.terms, year.tracer, found, year.over, year.notes(found), command, LINES_FILE
        )
        words = {**year.options, "actuals": actuals, "digest": year.scenario.digest} | statement_words(
            year.terms, year.tracer, found
        )
        write_json(folder / WORDS_FILE, words)
        _write(credit_table(year.terms, year.tracer, found.lines), folder / LINES_FILE)
        write_sheet(sheet, folder / PAGE_FILE, year.scenario.currency)
        if as_json:
            print_json(words)
        else:
            answers.print(sheet.title, style="bold", markup=False)
            answers.print(year.terms.words["space"].join(sheet.answer), markup=False, soft_wrap=True)
            for part in sheet.parts[:1]:
                _show(part)
        say(f"Saved in {folder}; open {folder / PAGE_FILE}")


def statements_command(
    out_folder: OutArgument,
    replication: Replication = None,
    actuals: Actuals = False,
    scheme: UnderScheme = None,
    change: Changes = None,
    language: LanguageOption = "en",
    out: StatementFolder = None,
    seed: SeedOfYears = None,
    as_json: Json = False,
) -> None:
    """State what everybody is paid: a page for each person, one table of all, all lines of credit."""
    with told(as_json):
        year = Opened(out_folder, change, replication, seed, language, actuals=actuals, scheme=scheme)
        folder = made_folder(out or year.folder / year.label)
        tracer, terms, rows = year.tracer, year.terms, []
        for person, name in enumerate(tracer.people.names):
            found = tracer.statement(person)
            command = again("statement", out_folder, change, rep=name, **year.options)
            sheet = statement_sheet(terms, tracer, found, year.over, year.notes(found), command, LINES_FILE)
            write_sheet(sheet, folder / f"{_plain(name)}.html", year.scenario.currency)
            rows.append(_row(terms, tracer, found))
        table = pd.DataFrame(rows).fillna(0.0)
        _write(table, folder / TABLE_FILE)
        _write(credit_table(terms, tracer, tracer.lines), folder / LINES_FILE)
        if as_json:
            print_json({**year.options, "actuals": actuals, "people": table.to_dict("records")})
        else:
            cells = [
                [
                    terms.person(row["person"]),
                    row["role"],
                    *(terms.money(round(row[c] * 100)) for c in TOTALS),
                ]
                for row in rows
            ]
            words = terms.words
            names = [words["person"], "role", words["base"], words["incentive"], words["total"]]
            show_table(year.over, names, cells)
        say(f"Saved in {folder}: a page for each of {len(rows)} people, {TABLE_FILE}, {LINES_FILE}")


TOTALS = ("base", "incentive", "total")


class Opened:
    """A year of pay as a command names it.

    Parameters
    ----------
    where, change
        Plan or scenario, and what-ifs.
    replication, seed
        Of a simulated year.
    language
        English or Chinese.
    actuals
        Whether past orders are paid instead.
    scheme
        Name or file of another scheme to pay by.
    """

    def __init__(
        self,
        where: str,
        change: list[str] | None,
        replication: int | None,
        seed: int | None,
        language: Language,
        *,
        actuals: bool = False,
        scheme: str | None = None,
    ) -> None:
        _refuse_contradictions(where, replication, seed, actuals=actuals)
        self.scenario, self.plan = open_plan(where, change or [])
        if scheme is not None:
            beside = scenario_folder(where, self.scenario) if is_plan(where) else locate(where)
            self.scenario = self.scenario.answering(scheme=chosen_scheme(self.scenario, scheme, beside))
        self.actuals = actuals
        self.replication = replication or 0
        self.seed = seed if seed is not None else _seed_of(where)
        with working("opening the books"):
            self.tracer = Tracer(self._books(self.scenario, self.plan))
        self.terms = Terms(self.scenario, self.tracer.books, language)
        self.folder = (Path(where) if is_plan(where) else Path("out") / self.scenario.name) / "statements"
        self.label = "past" if actuals else str(self.replication)
        if scheme is not None:
            self.label += f"-{_plain(Path(scheme).stem)}"
        self.options: dict[str, Any] = {"language": language, "scheme": scheme}
        if not actuals:
            self.options |= {"replication": self.replication, "seed": self.seed}

    def _books(self, scenario: Scenario, plan: Plan) -> Any:
        if self.actuals:
            return books_of_past(scenario, plan)
        return books_of_year(scenario, plan, self.seed, self.replication)

    @property
    def over(self) -> str:
        """The line above the title."""
        words = self.terms.words
        name = self.plan.name
        plan = NAMES_ZH.get(name, name) if self.terms.language == "zh" else name
        year = (
            words["over past"]
            if self.actuals
            else words["over year"].format(seed=self.seed, replication=self.replication)
        )
        return f"{self.scenario.title or self.scenario.name} · {plan} · {self.scenario.scheme.name} · {year}"

    def notes(self, found: Statement) -> tuple[str, ...]:
        """Say whose results count where they are others', and what is not known of the past."""
        words, said = self.terms.words, []
        own, team = (self._named(found.counted[of]) for of in ("own", "team"))
        if found.counted["own"] != (found.name,) or found.role not in ("rep",):
            said.append(words["counted"].format(people=own or "—", team=team or "—"))
        if self.actuals:
            said.append(words["past"])
            if unknown := unknown_of_past(self.scenario):
                names = [words.get(name, name.removeprefix("score:")) for name in unknown]
                said.append(words["unknown"].format(measures=words["list"].join(names)))
        return tuple(said)

    def _named(self, names: tuple[str, ...]) -> str:
        return self.terms.words["list"].join(self.terms.person(name) for name in names)

    def position(self, name: str, option: str = "--rep") -> int:
        """Find a person; `option` named it.

        Raises
        ------
        InputError
            If nobody is called so.
        """
        names = self.tracer.people.names
        if name not in names:
            remedy = no_such("person", "reps.csv, specialists.csv or staff.csv", name, names)
            raise InputError([Problem(option, name, remedy)])
        return names.index(name)


def _refuse_contradictions(where: str, replication: int | None, seed: int | None, *, actuals: bool) -> None:
    problems = []
    if actuals:
        remedy = "past orders have no simulated years; leave it out beside --actuals"
        asked = {"--replication": replication, "--seed": seed}
        problems += [Problem(name, str(v), remedy) for name, v in asked.items() if v is not None]
    if not is_plan(where) and (Path(where) / SIMULATION_FILE).is_file():
        seeds = f"--seed {_seed_of(where)}"
        remedy = f"it holds years of today's book and no plan; name the scenario instead, with {seeds}"
        problems.append(Problem("OUT", where, remedy))
    if problems:
        raise InputError(problems)


def _seed_of(where: str) -> int:
    """Read the seed of the years simulated into a folder; 1 where there are none."""
    file = Path(where) / SIMULATION_FILE
    return int(json.loads(file.read_text(encoding="utf-8")).get("seed", 1)) if file.is_file() else 1


def _row(terms: Terms, tracer: Tracer, found: Statement) -> dict[str, Any]:
    parts = {name: amount / 100 for name, amount in sums(found).items()}
    return {
        "person": found.name,
        "name": terms.person(found.name),
        "role": found.role,
        "team": found.team,
        "base": found.base / 100,
        **parts,
        "incentive": (found.total - found.base) / 100,
        "total": found.total / 100,
        "target_incentive": tracer.people.incentive_planned(found.person) / 100,
        "owed": found.settlements[-1].owing / 100,
    }


def _show(part: Part) -> None:
    show_table(part.title, list(part.columns), [list(row) for row in part.rows])


def _write(table: pd.DataFrame, file: Path) -> None:
    table.to_csv(file, index=False, encoding="utf-8", lineterminator="\n")


def _plain(name: str) -> str:
    return "".join(c if c.isalnum() else "-" for c in name)
