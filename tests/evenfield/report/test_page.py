import html.parser
import json
import re
import shutil
import subprocess
from dataclasses import replace

import plotly.offline
import pytest

from evenfield import report
from evenfield.money import exact
from evenfield.report import year
from evenfield.report.page import DRAWING_LIBRARY, HERE, page

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


class Page(html.parser.HTMLParser):
    """What a browser would see: elements with their attributes, and the text of each script."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.scripts, self.text = [], [], ""
        self.inside = None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        self.inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag):
        self.inside = None

    def handle_data(self, data):
        if self.inside == "script":
            self.scripts[-1] += data
        elif self.inside != "style":
            self.text += data


@pytest.fixture(scope="module")
def text(done):
    return page(done)


@pytest.fixture(scope="module")
def seen(text):
    return Page(text)


def test_it_is_one_file_that_loads_nothing(seen):
    for tag, attributes in seen.elements:
        assert "src" not in attributes
        assert tag not in ("link", "iframe", "object", "embed", "base")
        assert attributes.get("href", "#").startswith("#")
    (policy,) = [a["content"] for _, a in seen.elements if a.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'")


def test_styles_load_nothing_either(text):
    style = text[text.index("<style>") : text.index("</style>")]
    assert not re.search(r"url\(|@import", style)


def test_the_answer_stands_on_top(done, seen):
    words = " ".join(seen.text.split())
    for sentence in report.answer(done):
        assert sentence in words


def test_another_study_gives_another_page(done, text):
    moved = replace(done, plans={**done.plans, "plan": done.plans["today's book"]})
    assert "All 6 customers keep their rep" in page(moved)
    assert "All 6 customers keep their rep" not in text


def test_the_quotas_visibly_add_up(done, seen):
    words = " ".join(seen.text.split())
    for amount in [*done.plans["plan"].quota.sum(), done.scenarios["plan"].target_amount]:
        assert exact(amount, "USD") in words
    assert "The quotas add up to it exactly." in words


def test_quotas_that_do_not_add_up_are_called_out(done):
    short = replace(done.plans["plan"], quota=done.plans["plan"].quota - 1000.0)
    words = " ".join(Page(page(replace(done, plans={**done.plans, "plan": short}))).text.split())
    assert "The quotas miss it by $8,000." in words


def test_names_cannot_become_part_of_the_page(text, seen):
    assert "alert('hi')" in seen.scripts[0] + seen.scripts[1]
    assert not re.search(r"<script>\s*alert", text)
    assert "<b>Ann</b>" not in text
    assert "&lt;b&gt;Ann&lt;/b&gt; &amp; 吴" in text
    assert "海尔集团" in text


def test_figures_are_data_that_reads_back(seen):
    figures = [
        json.loads(s) for (t, a), s in zip(scripts(seen), seen.scripts, strict=True) if a.get("data-for")
    ]
    assert len(figures) == 12
    assert all(figure["data"] for figure in figures)
    places = {a["id"] for tag, a in seen.elements if "plot" in a.get("class", "").split()}
    assert places == {a["data-for"] for _, a in scripts(seen) if "data-for" in a}


def scripts(seen):
    return [(tag, attributes) for tag, attributes in seen.elements if tag == "script"]


def test_the_year_is_told_in_words_and_pictures(done, seen):
    words, outcome = " ".join(seen.text.split()), done.outcomes["plan"]
    scenario = done.scenarios["plan"]
    for sentence in (
        year.say_quarters(outcome, "USD"),
        year.say_teams(scenario, outcome),
        year.say_worst_years(outcome, "USD"),
        year.say_hours(scenario, outcome),
        year.say_cost(scenario, outcome),
    ):
        assert sentence in words
    drawn = {attributes.get("data-for") for tag, attributes in seen.elements if tag == "script"}
    assert {f"plot-{name}" for name in ("shortfall", "misses", "tails", "capacity")} <= drawn


def test_it_says_how_to_make_it_again(done, seen):
    assert "evenfield demo two_towns --seed 1 --replications 24" in seen.text
    assert done.scenarios["plan"].digest in seen.text
    assert done.outcomes["plan"].digest in seen.text


def test_a_study_of_one_book_alone_has_a_page_too(done):
    alone = replace(
        done,
        scenarios={"plan": done.scenarios["plan"]},
        plans={"plan": done.plans["plan"]},
        outcomes={"plan": done.outcomes["plan"]},
        rows=done.rows.iloc[:0],
        reference="plan",
    )
    words = " ".join(Page(page(alone)).text.split())
    assert "Compared with" not in words
    assert "The plan reaches the target" in words


def test_the_drawing_library_is_that_of_the_plotly_in_use():
    head = HERE.joinpath(DRAWING_LIBRARY).read_text(encoding="utf-8")[:200]
    version = plotly.offline.get_plotlyjs_version()
    assert f"(cartesian - minified) v{version}" in head, (
        f"fetch plotly.js-cartesian-dist-min@{version} with npm pack and put its file and license here"
    )


@pytest.mark.skipif(CHROMIUM is None, reason="needs chromium to look at the page")
def test_a_browser_draws_every_figure_and_asks_nobody_for_anything(text, tmp_path):
    # without the policy, which would hide that somebody tried
    free = re.sub(r"<meta http-equiv[^>]*>", "", text)
    drawn, asked = browse(free, tmp_path)
    assert len(re.findall(r'class="plot js-plotly-plot"', drawn)) == 12
    assert asked == []

    # the control: a page that does ask is noticed, and its policy would have kept it from asking
    picture = '<img src="https://example.com/x.png"></body>'
    assert browse(free.replace("</body>", picture), tmp_path)[1] == ["https://example.com/x.png"]
    assert browse(text.replace("</body>", picture), tmp_path)[1] == []


def browse(text, folder):
    """Open a page; give the document after its scripts ran, and the addresses the page asked for."""
    file, log = folder / "page.html", folder / "log.json"
    file.write_text(text, encoding="utf-8")
    command = [
        CHROMIUM,
        *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"),
        *("--virtual-time-budget=5000", "--dump-dom"),
        *(f"--user-data-dir={folder / 'profile'}", f"--log-net-log={log}", file.as_uri()),
    ]
    drawn = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True).stdout
    events = [event.get("params", {}) for event in json.loads(log.read_text(encoding="utf-8"))["events"]]
    # what the browser asks for itself, such as its updates, has an initiator that is "not an origin"
    of_the_page = [e["url"] for e in events if e.get("initiator", "not an origin") != "not an origin"]
    return drawn, sorted({url for url in of_the_page if not url.startswith(("file:", "data:", "blob:"))})
