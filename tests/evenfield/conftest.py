"""The command line in an empty folder, and a study of two towns whose names try to break things."""

import pytest

from evenfield import cli
from evenfield.study import study
from optimizer import optimize, todays_book
from scenarios import read, write
from scenarios.building import build

CHANGE = 'title = "More"\nwhy = "To see."\n[set.target]\namount = 2400.0\n'

NAMES = {
    "W1": "=1+1",
    "W2": "<script>alert('hi')</script>",
    "W3": "http://example.com/x",
    "E1": "海尔集团",
    "E2": "Smith & Söhne </script>",
    "E3": "+cmd|' /C calc'!A0",
}
REPS = {"west": "<b>Ann</b> & 吴", "east": "=HYPERLINK(A1)"}


@pytest.fixture(scope="session")
def two_towns():
    return read("two_towns")


@pytest.fixture(scope="session")
def hostile(two_towns):
    """Two towns with names of customers and reps that Excel, HTML or plotly would take for their own."""
    customers = two_towns.customers.assign(name=two_towns.customers.index.map(NAMES).astype("str"))
    reps = two_towns.reps.assign(name=two_towns.reps.index.map(REPS).astype("str"))
    return two_towns.replace(customers=customers, reps=reps)


@pytest.fixture(scope="session")
def done(hostile):
    """Today's book against the plan: one rep has all six customers, then each has the three of a town."""
    sides = {
        "today's book": (hostile, todays_book(hostile)),
        "plan": (hostile, optimize(hostile, time_limit=10)),
    }
    return study(sides, "today's book", "plan", seed=1, replications=24)


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Run a command in an empty folder; gives exit code, standard output and standard error."""
    monkeypatch.chdir(tmp_path)

    def command(*words):
        monkeypatch.setattr("sys.argv", ["evenfield", *map(str, words)])
        code = 0
        try:
            cli.main()
        except SystemExit as leaving:
            code = leaving.code or 0
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


@pytest.fixture
def folder(towns, tmp_path):
    towns.settings["market"]["order_value_cv"] = 0.5
    made = write(build(towns), tmp_path / "two_towns")
    (made / "changes").mkdir()
    (made / "changes" / "more.toml").write_text(CHANGE, encoding="utf-8")
    return made
