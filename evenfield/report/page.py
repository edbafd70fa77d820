"""The page: a template filled with a study, with styles, figures and the drawing library inside."""

import json
import math
from importlib.resources import files
from pathlib import Path

import jinja2
import plotly.graph_objects as go
from markupsafe import Markup

from evenfield import plots
from evenfield.comparison import CONFIDENCE
from evenfield.money import exact, short
from evenfield.plots.outlines import ATTRIBUTION
from evenfield.plots.style import labels
from evenfield.report import contents, sentences, year
from evenfield.report.why import panel
from evenfield.study import Study
from optimizer import loads

HERE = files(__package__)
DRAWING_LIBRARY = "plotly-cartesian.min.js"


def write(study: Study, path: str | Path, command: str = "") -> Path:
    """Write the report of a study: one HTML file that loads nothing from anywhere.

    Parameters
    ----------
    study
        What was found.
    path
        The file; its folder is made.
    command
        What makes it again; by default the demo of the scenario.

    Returns
    -------
    The path.
    """
    path = Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(page(study, command), encoding="utf-8", newline="\n")
    return path


def page(study: Study, command: str = "") -> str:
    """Make the report's HTML."""
    scenario, plan = study.scenarios[study.plan], study.plans[study.plan]
    template = environment(scenario.currency).get_template("page.html.jinja")
    return template.render(
        study=study,
        command=command or _demo_command(study),
        scenario=scenario,
        plan=plan,
        outcome=study.outcomes[study.plan],
        compared=study.plan != study.reference,
        answer=sentences.answer(study),
        contents=contents,
        year=year,
        figures=_figures(study),
        why=panel(study),
        confidence=CONFIDENCE,
        corrected=study.corrected,
        outlines=ATTRIBUTION,
        style=verbatim("page.css"),
        script=verbatim("page.js"),
        search=verbatim("search.js"),
        drawing_library=verbatim(DRAWING_LIBRARY),
    )


def _demo_command(study: Study) -> str:
    outcome = study.outcomes[study.plan]
    how = f"--seed {outcome.seed} --replications {outcome.replications}"
    return f"evenfield demo {study.scenarios[study.plan].name} {how}"


def json_in_script(figure: go.Figure) -> Markup:
    """Write a figure as JSON that may stand inside a script element, whatever texts are in it."""
    text = json.dumps(json.loads(figure.to_json()), ensure_ascii=False, separators=(",", ":"))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)


def environment(currency: str) -> jinja2.Environment:
    """Make the templates' environment, with filters that write amounts in a currency."""
    environment = jinja2.Environment(
        loader=jinja2.FunctionLoader(lambda name: HERE.joinpath(name).read_text(encoding="utf-8")),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["exact"] = lambda amount: exact(amount, currency)
    environment.filters["short"] = lambda amount: short(amount, currency)
    environment.filters["whole"] = lambda number: f"{number:,.0f}" if math.isfinite(number) else "—"
    environment.filters["percent"] = lambda share: f"{share:.0%}" if math.isfinite(share) else "—"
    environment.filters["label"] = sentences.label
    environment.filters["called"] = sentences.called
    environment.filters["json_in_script"] = json_in_script
    return environment


def verbatim(name: str) -> Markup:
    """Read a file of ours that goes into the page as it is."""
    return Markup(HERE.joinpath(name).read_text(encoding="utf-8"))


def _figures(study: Study) -> dict[str, go.Figure]:
    """Draw every figure of the page, by name."""
    scenario, plan = study.scenarios[study.plan], study.plans[study.plan]
    old, before = study.scenarios[study.reference], study.plans[study.reference]
    outcome, currency = study.outcomes[study.plan], scenario.currency
    names = labels(old.reps) | labels(scenario.reps)
    books = loads(scenario, plan.owner), loads(old, before.owner), names
    words = (study.plan, study.reference)
    pair = {name: study.outcomes[name] for name in dict.fromkeys((study.plan, study.reference))}
    return {
        "map_before": plots.draw_territory_map(old, before.owner),
        "map_after": plots.draw_territory_map(scenario, plan.owner, was=scenario.customers["owner"]),
        "hours": plots.draw_hours(*books, words=words),
        "potential": plots.draw_potential(*books, currency=currency, words=words),
        "quotas": plots.draw_quotas(plan.quota, names, currency),
        "bookings": plots.draw_bookings(study.outcomes, currency),
        "attainment": plots.draw_attainment(pair, names),
        **year.figures_of_year(study, names),
        "differences": plots.draw_differences(study.rows, outcome.replications, currency),
    }
