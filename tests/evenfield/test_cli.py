"""The command line as scripts use it: exit codes, JSON on standard output, files."""

import json
import signal
import subprocess
import sys
from dataclasses import replace

import pandas as pd
import pytest

from evenfield import cli
from evenfield.figures import figure
from optimizer import optimize
from scenarios import WorkerKilled
from simulation.replicating.outcome import ADJUSTED


def replace_in(file, old, new):
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")


def test_plan_prints_one_json_object_and_saves(run, folder, tmp_path):
    code, out, err = run("plan", folder, "--json", "--seed", 3)
    words = json.loads(out)
    assert code == 0
    assert words["status"] == "optimal"
    assert words["objective"] == pytest.approx(0.0, abs=1e-6)
    assert words["bound"] == pytest.approx(0.0, abs=1e-6)
    assert words["terms"]["disruption"] == pytest.approx(30.0)
    assert words["terms"]["unavoidable"] == pytest.approx(-30.0)
    assert words["gap"] == pytest.approx(0.0, abs=1e-9)
    assert (words["customers"], words["reps"], words["moved"], words["violations"]) == (6, 2, 3, [])
    assert words["seed"] == 3
    assert words["seconds"] >= 0
    assert len(words["digest"]) == 64
    assert "Saved in" in err
    for name in ("assignments.csv", "quotas.csv", "plan.json", "summary.json"):
        assert (tmp_path / "out" / "two_towns" / name).is_file()


def test_a_plan_can_be_simulated_and_compared(run, folder):
    run("plan", folder, "--out", "planned")
    code, out, _ = run("simulate", "planned", "--json", "--replications", 12, "--workers", 1, "--seed", 5)
    words = json.loads(out)
    assert code == 0
    keys = {"p_target", "attainment", "share_at_quota", "pay", "cost_of_sales", "collected", "replications"}
    assert keys | {"seconds", "digest", "seed"} <= set(words)
    assert set(words["attainment"]) == {"mean", "p10", "p50", "p90"}
    assert (words["plan"], words["replications"], words["seed"]) == ("plan", 12, 5)
    again = json.loads(
        run("simulate", "planned", "--json", "--replications", 12, "--workers", 2, "--seed", 5)[1]
    )
    assert again["digest"] == words["digest"]
    today = json.loads(
        run("simulate", folder, "--json", "--replications", 12, "--workers", 1, "--seed", 5)[1]
    )
    assert today["plan"] == "today's book"
    assert today["digest"] != words["digest"]
    code, out, _ = run("compare", "planned", "--json", "--replications", 12, "--workers", 1)
    assert code == 0
    assert {r["scenario"] for r in json.loads(out)["rows"]} == {"today's book", "more"}


def test_simulate_says_who_and_when_misses_and_how_sure_it_is(run, folder):
    code, out, _ = run("simulate", folder, "--json", "--replications", 12, "--workers", 1)
    words = json.loads(out)
    assert code == 0
    assert [rep["name"] for rep in words["reps"]] == ["West", "East"]
    assert [quarter["quarter"] for quarter in words["quarters"]] == ["Q1", "Q2", "Q3", "Q4"]
    for quarter in words["quarters"]:
        assert quarter["quota"] == pytest.approx(words["target"] / 4)
        assert 0 <= quarter["missed"] <= 1
    for graded in ("sales", "cost", "satisfaction", "improvement"):
        assert sum(words["grades"][graded].values()) == pytest.approx(1)
    assert len(words["months"]) == 12
    assert all(m["asked"] == pytest.approx(m["worked"] + m["unserved"]) for m in words["months"])
    assert 0 < words["invoiced"] < words["bookings"] + words["collected"]
    assert words["bad_debt"] >= 0 == words["held_back"]
    assert len(words["rep_quarters"]) == 8
    quarters = words["rep_quarters"]
    assert all(0 < q["satisfaction"] <= 1 for q in quarters if q["name"] == "West")
    assert all(q["satisfaction"] is None for q in quarters if q["name"] == "East")  # serves nobody today
    interval = words["intervals"]["pay"]
    assert interval["low"] <= words["pay"] == interval["mean"] <= interval["high"]
    assert words["tail"]["bookings"] <= words["bookings"]
    table = run("simulate", folder, "--replications", 12, "--workers", 1)[1]
    assert "Who and when misses" in table
    assert "The worst year in ten" in table


def test_a_run_to_a_precision_says_why_it_stopped(run, folder):
    code, out, _ = run("simulate", folder, "--json", "--precision", 0.2, "--workers", 1)
    words = json.loads(out)
    assert (code, words["stopped"]) == (0, "precise enough")
    assert words["intervals"]["reached_target"]["high"] - words["p_target"] <= 0.2
    cut = ("--precision", 0.001, "--replications", 10, "--workers", 1)
    code, out, err = run("simulate", folder, "--json", *cut)
    assert (code, json.loads(out)["stopped"]) == (0, "most years done")
    assert "10 years were simulated; not all figures are as precise as asked for yet." in " ".join(
        err.split()
    )
    code, out, _ = run("compare", folder, "--json", "--precision", 0.5, "--workers", 1)
    assert (code, json.loads(out)["stopped"]) == (0, "precise enough")
    assert run("simulate", folder, "--precision", 0)[0] == 2


def test_finished_years_are_kept_and_found_again(run, folder, tmp_path):
    words = ("simulate", folder, "--json", "--workers", 1)
    run(*words, "--replications", 32)
    kept = tmp_path / "out" / "two_towns" / "years"
    assert len(list(kept.iterdir())) == 1
    _, out, err = run(*words, "--replications", 40)
    assert "1 finished block of years taken from" in err
    _, fresh, err = run(*words, "--replications", 40, "--keep", "elsewhere")
    assert "taken from" not in err
    assert {**json.loads(out), "seconds": 0} == {**json.loads(fresh), "seconds": 0}
    _, _, err = run(*words, "--replications", 4, "--seed", 2)
    assert "2 blocks in" in " ".join(err.split())
    assert "left alone" in " ".join(err.split())
    (tmp_path / "file").write_text("here")
    code, _, err = run(*words, "--keep", tmp_path / "file" / "years")
    assert code == 2
    assert "name another folder" in err


def test_compare_corrects_differences_by_known_luck_where_asked(run, folder, tmp_path):
    asked = ("compare", folder, "--change", "more", "--hold-plan", "--replications", 40, "--workers", 1)
    code, out, _ = run(*asked, "--control-variates", "--json")
    better, plain = json.loads(out), json.loads(run(*asked, "--json")[1])
    assert code == 0
    assert (better["control_variates"], plain["control_variates"]) == (True, False)
    kinds = ("reference", "other")
    for one, other in zip(better["rows"], plain["rows"], strict=True):
        assert [one[kind] for kind in kinds] == [other[kind] for kind in kinds]
    assert better["rows"] != plain["rows"]
    page = tmp_path / "out" / "two_towns" / "comparison.html"
    assert "corrected by what is known" not in page.read_text(encoding="utf-8")
    _, shown, said = run(*asked, "--control-variates")
    assert "corrected by what is known" in " ".join((shown + said).split())
    assert "corrected by what is known" in page.read_text(encoding="utf-8")


def test_compare_shows_all_what_ifs_beside_the_plan(run, folder, tmp_path):
    code, out, _ = run("compare", folder, "--json", "--replications", 12, "--workers", 1)
    words = json.loads(out)
    assert code == 0
    assert words["reference"] == "plan"
    assert [*dict.fromkeys(r["scenario"] for r in words["rows"])] == ["today's book", "more"]
    assert (tmp_path / "out" / "two_towns" / "comparison.html").stat().st_size > 100_000
    for row in words["rows"]:
        keys = {"scenario", "figure", "reference", "other", "difference", "standard_error", "verdict"}
        assert set(row) == keys
        assert row["verdict"] in ("better", "worse", "not distinguishable yet", "the same")
    attained = {r["scenario"]: r for r in words["rows"] if r["figure"] == "attainment"}
    # the same luck, twice the target
    assert attained["more"]["other"] < attained["more"]["reference"]
    held = json.loads(
        run("compare", folder, "--change", "more", "--hold-plan", "--json", "--replications", 4)[1]
    )
    assert held["violations"]["more"] == ["quotas: they add up to 1,200.00, the target is 2,400.00"]


def test_changes_apply_to_check_and_plan(run, folder):
    words = json.loads(run("check", folder, "--change", "more", "--json")[1])
    assert (words["target"], words["problems"]) == (2400.0, [])
    words = json.loads(run("plan", folder, "--change", folder / "changes" / "more.toml", "--json")[1])
    assert words["quota_total"] == 2400.0


def test_wrong_input_is_2_with_all_problems(run, folder):
    replace_in(folder / "customers.csv", "W1,", "W2,")
    replace_in(folder / "reps.csv", "100", "-100")
    code, out, err = run("check", folder, "--json")
    words = json.loads(out)
    assert code == 2
    assert [p["place"] for p in words["problems"]] == [
        "customers.csv row 3, customer",
        "reps.csv row 2, hours_per_year",
    ]
    assert all(p["remedy"] for p in words["problems"])
    assert "Traceback" not in err
    assert "reps.csv row 2, hours_per_year: must be greater than 0 (found '-100')" in err
    assert run("plan", folder)[0] == 2
    assert run("simulate", folder)[0] == 2
    assert run("compare", folder)[0] == 2
    assert run("demo", folder)[0] == 2


def test_an_unknown_scenario_or_change_is_2(run, folder):
    assert run("plan", "nowhere")[0] == 2
    code, out, _ = run("plan", folder, "--change", "nothing", "--json")
    assert code == 2
    assert "the scenario has the changes more" in json.loads(out)["problems"][0]["remedy"]
    assert run("compare", folder, "--reference", "nobody")[0] == 2


def test_no_plan_is_3_with_the_reason(run, folder):
    replace_in(folder / "scenario.toml", "utilization_limit = 1.0", "utilization_limit = 0.3")
    code, out, err = run("plan", folder, "--json")
    words = json.loads(out)
    assert code == 3
    assert words["status"] == "no plan exists"
    said = words["reasons"]
    assert any(reason.startswith("hours: in all") for reason in said)
    assert "this rule cannot be kept by itself: hours" in said
    assert said[-1] == "way out: hours: West 36 instead of at most 30; East 36 instead of at most 30"
    assert "No plan keeps all hard rules" in err


def test_check_names_whom_nobody_may_serve_and_by_which_rules(run, folder):
    rules = """accounts = [
  { name = "for East", kind = "only", customers = ["W1"], reps = ["East"] },
  { name = "not East", kind = "never", customers = ["W1"], reps = ["East"] },
]
utilization_limit"""
    replace_in(folder / "scenario.toml", "accounts = []\n", "")
    replace_in(folder / "scenario.toml", "utilization_limit", rules)
    code, out, err = run("check", folder, "--json")
    words = json.loads(out)
    assert code == 3
    assert words["nobody_may_serve"] == 1
    assert words["clashes"] == [{"customers": ["W1"], "rules": ["for East", "not East"]}]
    assert words["reasons"][1] == "these rules clash: for East, not East"
    assert len([reason for reason in words["reasons"] if reason.startswith("way out: ")]) == 2
    assert "no rep may serve 1 of 6 customers by for East, not East together: W1" in err
    assert run("check", folder)[0] == 3


def test_none_found_in_time_is_4(run):
    code, out, _ = run("plan", "superstore", "--time-limit", 0, "--json")
    assert code == 4
    assert json.loads(out)["status"] == "none found in time"


def test_demo_writes_everything(run, folder, tmp_path):
    code, out, err = run("demo", folder, "--replications", 12, "--workers", 1, "--json")
    assert code == 0
    made = tmp_path / "out" / "two_towns"
    for name in ("report.html", "plan.xlsx", "assignments.csv", "quotas.csv", "summary.json"):
        assert (made / name).stat().st_size > 50
    words = json.loads(out)
    assert words == json.loads((made / "summary.json").read_text(encoding="utf-8"))
    assert set(words["simulate"]) == {"today's book", "plan"}
    assert words["compare"]["reference"] == "today's book"
    assert "report.html" in err


def test_brackets_in_names_are_only_brackets(run, folder):
    replace_in(folder / "scenario.toml", 'title = "Two towns"', 'title = "Plan [/FY26] [red]"')
    for file in ("reps.csv", "customers.csv", "history.csv"):
        text = (folder / file).read_text(encoding="utf-8")
        (folder / file).write_text(text.replace("West", "we[/b]st"), encoding="utf-8")
    code, out, _ = run("check", folder)
    assert code == 0
    assert "Plan [/FY26] [red]" in out
    code, out, _ = run("plan", folder)
    assert code == 0
    assert "we[/b]st" in out
    assert run("simulate", folder, "--replications", 2, "--workers", 1)[0] == 0


def test_help_has_examples(run):
    for command in ("check", "plan", "simulate", "compare", "frontier", "headcount", "demo", "import"):
        code, out, _ = run(command, "--help")
        assert code == 0
        assert "Example: evenfield" in out


@pytest.mark.parametrize("engine", ["auto", "exact", "search"])
def test_the_engine_can_be_chosen_and_says_what_it_did(run, folder, engine):
    code, out, err = run("plan", folder, "--engine", engine, "--verbose", "--json")
    words = json.loads(out)
    assert code == 0
    assert words["objective"] == pytest.approx(0.0, abs=1e-6)
    assert words["log"]
    assert f"plan: {words['log'][0]}" in err
    assert run("plan", folder, "--engine", "magic")[0] == 2


def test_best_balance_is_said_before_planning(run, folder):
    rules = '[set.rules]\nbalance = [{ measure = "potential", tolerance = 0.1, price = 1.0 }]\n'
    replace_in(folder / "changes" / "more.toml", "[set.target]\n", rules + "[set.target]\n")
    _, out, err = run("plan", folder, "--change", "more", "--json")
    assert "Best balance: potential: everybody can have an even share" in err
    assert json.loads(out)["attainable"][0]["most"] == pytest.approx(1.0)


def test_an_interrupted_search_is_saved_and_leaves_with_130(run, folder, tmp_path, monkeypatch):
    def interrupted(scenario, **options):
        made = optimize(scenario)
        return replace(made, result=replace(made.result, status="interrupted"))

    monkeypatch.setattr(cli, "optimize", interrupted)
    code, _, err = run("plan", folder)
    assert code == 130
    assert "the best so far is saved" in err
    assert (tmp_path / "out" / "two_towns" / "plan.json").is_file()
    monkeypatch.setattr("evenfield.alternatives.optimize", interrupted)
    assert run("compare", folder, "--replications", 4)[0] == 130
    monkeypatch.setattr("evenfield.demo.optimize", interrupted)
    assert run("demo", folder, "--out", "demo")[0] == 130
    assert (tmp_path / "demo" / "plan.json").is_file()


def test_the_version_is_told(run):
    code, out, _ = run("--version")
    assert code == 0
    assert out.startswith("evenfield 0.")


IMPORTS_SLOWLY = """
import sys, time

class Slow:
    def find_spec(self, name, path=None, target=None):
        if name == sys.argv[1]:
            print("importing", flush=True)
            time.sleep(600)

sys.meta_path.insert(0, Slow())
import evenfield_start
evenfield_start.main()
"""


@pytest.mark.parametrize("module", ["evenfield", "numpy", "pandas", "ortools", "numba", "evenfield.terminal"])
def test_ctrl_c_while_it_imports_ends_without_traceback(module):
    """Import one module so slowly that the interrupt comes in the middle of it."""
    with subprocess.Popen(
        [sys.executable, "-c", IMPORTS_SLOWLY, module],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "importing\n"
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert err == "Interrupted before there was anything to keep.\n"


def test_calls_say_when_a_seat_is_filled_and_whom_it_serves_for_a_colleague(run, folder, tmp_path):
    reps = pd.read_csv(folder / "reps.csv", dtype="str")
    reps.assign(start=["", "2026-07-01"], hours_per_year="600").to_csv(folder / "reps.csv", index=False)
    assert run("plan", folder, "--out", tmp_path / "plan")[0] == 0
    code, said, _ = run("calls", tmp_path / "plan", "--rep", "East", "--json")
    presence = json.loads(said)["presence"]
    assert code == 0
    # 31 + 28 + 31 + 30 + 31 + 30 = 181 days are over by July.
    assert presence["filled"] == [{"from": "2026-07-01", "to": "2026-12-31"}]
    assert presence["days_filled"] == 365 - 181
    assert presence["weeks_without_calls"] == [1]
    code, said, _ = run("calls", tmp_path / "plan", "--rep", "East")
    assert code == 0
    assert "the first week with calls is 27: --first-week 27" in " ".join(said.split())
    code, said, _ = run("calls", tmp_path / "plan", "--rep", "West")
    assert code == 0
    assert "starts on 2026-07-01" in " ".join(said.split())


def test_calls_of_a_plan_are_planned_and_saved(run, folder, tmp_path):
    assert run("plan", folder, "--out", tmp_path / "plan")[0] == 0
    code, said, _ = run("calls", tmp_path / "plan", "--rep", "West", "--weeks", 5, "--json")
    assert code == 0
    words = json.loads(said)
    assert words["rep"] == "West"
    assert words["hours_a_year"] <= words["hours_for_visits"] + 1e-6
    out = tmp_path / "plan" / "calls" / "West"
    header, *rows = (out / "calls.csv").read_text(encoding="utf-8").splitlines()
    assert header == "week,day,order,customer,trip,by,arrive,leave,travel_minutes,km"
    assert len(rows) == len(words["calls"]) > 0
    assert json.loads((out / "calls.json").read_text(encoding="utf-8")) == words
    assert "https://" not in (out / "calls.html").read_text(encoding="utf-8").split("<script>")[0]
    code, said, _ = run("calls", tmp_path / "plan", "--rep", "West", "--promised")
    assert code == 0
    assert "Nobody gets fewer visits a year than promised" in said
    tiers = words["tiers"]
    assert all(isinstance(tier[name], int) for tier in tiers for name in ("customers", "promised", "visits"))
    code, said, _ = run("calls", tmp_path / "plan", "--rep", "West", "--let-go", "--json")
    assert code == 0
    assert set(json.loads(said)) == set(words)


def test_calls_of_nobody_or_of_no_plan_are_2(run, folder, tmp_path):
    assert run("plan", folder, "--out", tmp_path / "plan")[0] == 0
    code, said, _ = run("calls", tmp_path / "plan", "--rep", "Nobody", "--json")
    assert code == 2
    assert json.loads(said)["problems"][0]["value"] == "Nobody"
    assert run("calls", folder, "--rep", "West")[0] == 2  # a scenario is no plan


def test_the_page_of_calls_says_how_to_make_it_again_and_holds_all_tables(run, folder, tmp_path):
    assert run("plan", folder, "--out", tmp_path / "plan")[0] == 0
    code, _, _ = run("calls", tmp_path / "plan", "--rep", "West", "--weeks", 2, "--let-go")
    assert code == 0
    out = tmp_path / "plan" / "calls" / "West"
    page = (out / "calls.html").read_text(encoding="utf-8")
    assert "--rep West --weeks 2 --first-week 1 --seed 1 --let-go" in page
    assert 'id="plot-map-1"' in page
    assert "How often to call, a year" in page
    header = (out / "trips.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "week,from_day,to_day,trip,calls,nights,travel_hours,call_hours,hours"
    header = (out / "unserved.csv").read_text(encoding="utf-8").splitlines()[0]
    assert header == "customer,due,made,missing,week,reason"


def test_a_killed_worker_is_1_and_says_what_is_kept(run, folder, monkeypatch):
    def killed(*_, **__):
        raise WorkerKilled(64)

    monkeypatch.setattr("evenfield.simulating.simulate", killed)
    code, out, said = run("simulate", folder, "--json")
    assert code == 1
    assert said.strip().splitlines() == [
        "A worker process was killed, often for want of memory; 64 finished years are kept. "
        "Run the same again with fewer workers (--workers)."
    ]
    assert json.loads(out) == {"error": said.strip(), "status": "worker killed", "years_kept": 64}


def test_a_worker_killed_while_planning_is_1_and_says_so(run, folder, monkeypatch):
    def killed(*_, **__):
        raise WorkerKilled

    monkeypatch.setattr(cli, "optimize", killed)
    code, out, said = run("plan", folder, "--json")
    assert code == 1
    words = "A worker process was killed, often for want of memory. Run the same again with fewer workers"
    assert f"{words} (--workers)." in said
    assert json.loads(out) == {"error": f"{words} (--workers).", "status": "worker killed"}


def test_corrected_means_are_shown_with_the_years_they_are_worth(run, folder, tmp_path):
    words = ("simulate", folder, "--replications", 64, "--out", tmp_path / "out")
    code, said, _ = run(*words, "--control-variates")
    assert code == 0
    found = json.loads((tmp_path / "out" / "simulation.json").read_text(encoding="utf-8"))["intervals"]
    bookings = found["bookings"]
    shown = [figure("bookings").write(bookings[end], "USD") for end in ADJUSTED]
    # Half as wide is worth four times the years.
    times = (bookings["high"] - bookings["low"]) / (bookings["adjusted_high"] - bookings["adjusted_low"])
    row = next(line for line in said.splitlines() if line.strip().startswith("Bookings "))
    assert row.split()[1:5] == [*shown, f"{64 * times**2:,.0f}"]
    assert f"narrow as that of {64 * times**2:,.0f} years without, {times**2:.1f} times as many" in " ".join(
        said.split()
    )
    plain = run(*words)[1]
    assert "worth years" not in plain
    assert "corrected" not in plain


def test_too_few_years_to_correct_means_show_the_plain_ones(run, folder, tmp_path):
    words = ("--replications", 8, "--control-variates", "--out", tmp_path / "out")
    code, said, _ = run("simulate", folder, *words)
    assert code == 0
    assert "Too few years to correct means" in said
    found = json.loads((tmp_path / "out" / "simulation.json").read_text(encoding="utf-8"))["intervals"]
    row = next(line for line in said.splitlines() if line.strip().startswith("Bookings "))
    assert row.split()[1] == figure("bookings").write(found["bookings"]["mean"], "USD")


def test_a_shock_named_twice_is_2(run, folder):
    for command in ("simulate", "compare"):
        code, _, said = run(command, folder, "--shock", "price-war", "--shock", "price-war")
        assert code == 2
        assert "shock: is named twice; name it once (found 'price-war')" in said
