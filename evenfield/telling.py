"""What `evenfield story` answers: sentences, a page with a picture, all events of the company as a table."""

import importlib.util
from pathlib import Path
from typing import Annotated, Any

import pandas as pd
import typer

from evenfield.alternatives import open_plan
from evenfield.answering import write_json
from evenfield.chronicle import Chronicle, chronicle
from evenfield.options import Changes, Json, LanguageOption, PlanArgument, Seed, again, made_folder
from evenfield.phrases import Language
from evenfield.plots.rep_year import MARKS, RepYear, draw_rep_year
from evenfield.plots.style import literally
from evenfield.report.sheet import Part, Sheet, write_sheet
from evenfield.saving import is_plan
from evenfield.story import LARGE, REFUSED, Story, Teller, tell
from evenfield.story_words import WORDS
from evenfield.terminal import answers, print_json, say, show_table, told, working
from optimizer import Plan
from scenarios import Scenario
from simulation import journal

STORY_FILE, PAGE_FILE = "story.json", "story.html"
EVENTS_FILE, PARQUET_FILE = "events.csv", "events.parquet"

SUMS = ("orders", "visits", "missed")
STANDINGS = (
    "quarter", "quota", "booked", "attained", *SUMS, "out of patience", "hours", "effort", "paid",
)  # fmt: skip
DEALS = ("what", "when", "customer", "line", "amount", "hours of work", "days")


def story_command(
    plan: PlanArgument,
    rep: Annotated[str, typer.Option("--rep", help="Whose year: a key of reps.csv")],
    replication: Annotated[
        int, typer.Option("--replication", help="Which of the simulated years, counted from 0", min=0)
    ] = 0,
    events: Annotated[
        bool,
        typer.Option("--events", help="Also write events.csv: all that happened in the company that year"),
    ] = False,
    change: Changes = None,
    language: LanguageOption = "en",
    out: Annotated[
        Path | None,
        typer.Option("--out", help="Folder [default: PLAN/story/REP-N, of a scenario out/NAME/story/REP-N]"),
    ] = None,
    seed: Seed = 1,
    as_json: Json = False,
) -> None:
    """Tell one simulated year of one rep: orders, losses and why, visits, effort, people, month by month."""
    with told(as_json):
        asked, decided = open_plan(plan, change or [])
        with working(f"living through year {replication}"):
            happened = journal(asked, decided, seed, replication)
            year = chronicle(asked, decided, rep, happened)
        story = tell(asked, decided, year, seed, replication, language)
        above = Path(plan) if is_plan(plan) else Path("out") / asked.name
        named = "".join(c if c.isalnum() else "-" for c in rep)
        folder = made_folder(out or above / "story" / f"{named}-{replication}")
        options = {"rep": rep, "replication": replication, "seed": seed, "language": language}
        command = again("story", plan, change, **options)
        words = story_words(asked, decided, year, story, **options)
        write_json(folder / STORY_FILE, words)
        write_sheet(story_sheet(asked, year, story, language, command), folder / PAGE_FILE, asked.currency)
        if events:
            save_events(folder, happened)
        if as_json:
            print_json(words)
        else:
            show_story(asked, year, story, language)
        say(f"Saved in {folder}; open {folder / PAGE_FILE}")


def story_words(
    scenario: Scenario, plan: Plan, year: Chronicle, story: Story, **options: Any
) -> dict[str, Any]:
    """Describe a story, for programs."""
    return {
        **options,
        "scenario": scenario.name,
        "scenario_digest": scenario.digest,
        "plan": plan.name,
        "title": story.title,
        "answer": list(story.answer),
        "quarters": year.quarters.rename_axis("quarter").reset_index(),
        "months": [
            {"month": month, "sentences": list(sentences), **figures}
            for (_, sentences), (month, figures) in zip(
                story.months, year.months.to_dict("index").items(), strict=True
            )
        ],
        "orders": year.won.head(LARGE),
        "ran_out_of_patience": year.waiting.head(LARGE),
        "refused": year.refused.head(LARGE),
        "effort_turns": [vars(turn) for turn in year.turns],
        "empty": [list(stretch) for stretch in year.empty],
        "away": [vars(away) for away in year.away],
        "customers_lost": year.lost,
        "customers_gained": year.gained,
        "customers_given": year.given,
        "place": year.place,
        "of": year.of,
        "others": year.others,
    }


def save_events(folder: Path, table: pd.DataFrame) -> None:
    """Write a year of the whole company as CSV, and as Parquet where pyarrow is installed."""
    table.to_csv(folder / EVENTS_FILE, index=False, encoding="utf-8", lineterminator="\n")
    if importlib.util.find_spec("pyarrow") is None:
        (folder / PARQUET_FILE).unlink(missing_ok=True)  # of an earlier year in the same folder
    else:
        table.to_parquet(folder / PARQUET_FILE, index=False)


def show_story(scenario: Scenario, year: Chronicle, story: Story, language: Language) -> None:
    """Show a story: the year in sentences, quarters as a table, then month by month."""
    words = WORDS[language]
    answers.print(story.title, style="bold", markup=False)
    answers.print(words["space"].join(story.answer), markup=False)
    if not year.idle:
        standings = _standings(scenario, year, language)
        show_table(standings.title, list(standings.columns), [list(row) for row in standings.rows])
    for month, sentences in ((month, sentences) for month, sentences in story.months if sentences):
        answers.print(month, style="bold", markup=False)
        answers.print(words["space"].join(sentences), markup=False)
    if year.others:
        others = words["list"].join(f"{what}: {number}" for what, number in year.others.items())
        answers.print(f"\n{words['others']}: {others}", markup=False)


def story_sheet(scenario: Scenario, year: Chronicle, story: Story, language: Language, command: str) -> Sheet:
    """Lay a story out as a page: picture, standings, quarter by quarter, deals."""
    words = WORDS[language]
    parts = []
    if not year.idle:
        parts.append(Part(words["picture"], (words["picture words"],), _picture(scenario, year, language)))
        parts.append(_standings(scenario, year, language))
    for number, quarter in enumerate(year.quarters.index):
        months = story.months[3 * number : 3 * number + 3]
        said = tuple(
            words["paragraph"].format(month=month, sentences=words["space"].join(sentences))
            for month, sentences in months
            if sentences
        )
        if said:
            parts.append(Part(str(quarter), said))
    if story.deals:
        parts.append(Part(words["deals"], (), None, tuple(words[c] for c in DEALS), story.deals))
    if year.others:
        rows = tuple((what, f"{number:,}") for what, number in year.others.items())
        parts.append(Part(words["others"], (), None, (words["what"], words["number"]), rows))
    return Sheet(story.title, story.over, story.answer, command, tuple(parts), language)


def _standings(scenario: Scenario, year: Chronicle, language: Language) -> Part:
    """Lay out each quarter's standing against quota, and the year's."""
    words, teller = WORDS[language], Teller(scenario, year, language)
    whole = year.quarters.sum()
    chosen = year.own.loc[year.own["kind"] == "EFFORT", "amount"]
    whole["effort"] = chosen.mean()
    rows = []
    for name, row in [*year.quarters.iterrows(), (words["all year"], whole)]:
        attained = teller.share(row["booked"] / row["quota"]) if row["quota"] > 0 else "—"
        effort = "—" if pd.isna(row["effort"]) else teller.share(row["effort"])
        rows.append(
            (
                str(name), teller.money(row["quota"]), teller.money(row["booked"]), attained,
                *(f"{row[key]:,.0f}" for key in (*SUMS, "waiting", "hours")), effort,
                teller.money(row["paid"]),
            )
        )  # fmt: skip
    return Part(words["standings"], (), None, tuple(words[c] for c in STANDINGS), tuple(rows))


def _picture(scenario: Scenario, year: Chronicle, language: Language) -> Any:
    words, teller, own = WORDS[language], Teller(scenario, year, language), year.own
    ends = [(quarter.end - year.start).days for quarter in scenario.year.quarters]
    marks = [
        (deal["day"], kind, f"{teller.day(deal['day'])}: {teller.customer(deal['customer'])}{amount}")
        for kind, deals in (
            ("won", year.won.head(LARGE)),
            ("waiting", year.waiting.head(LARGE)),
            ("refused", year.refused.head(REFUSED)),
            ("lost", year.lost.assign(amount=0.0)),
        )
        for deal in deals.to_dict("records")
        for amount in ("" if kind in ("refused", "lost") else f", {teller.money(deal['amount'])}",)
    ]
    won, effort = own[own["kind"] == "WON"], own[own["kind"] == "EFFORT"]
    drawn = RepYear(
        year.start,
        year.days,
        won[["time", "amount"]].set_axis(["day", "amount"], axis=1),
        pd.DataFrame({"quota": year.quarters["quota"].to_numpy(), "end": ends}),
        effort[["time", "amount"]].set_axis(["day", "effort"], axis=1),
        pd.DataFrame(
            [(day, kind, literally(text)) for day, kind, text in marks], columns=["day", "kind", "text"]
        ),
        year.empty,
        [(away.first, away.last) for away in year.away],
    )
    labels = {
        "bookings": words["bookings so far"], "quota": words["quota so far"], "effort": words["usual effort"],
        "empty": words["is empty"], "away": words["is away"],
        **{kind: words[f"mark {kind}"] for kind in MARKS},
    }  # fmt: skip
    months = [
        f"{scenario.year.month(m):%b}" if language == "en" else f"{scenario.year.month(m).month} 月"
        for m in range(12)
    ]
    return draw_rep_year(drawn, labels, months, scenario.currency)
