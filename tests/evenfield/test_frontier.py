"""`evenfield frontier` as scripts use it, and its chart."""

import json
from dataclasses import replace

import pytest

from evenfield import frontier as command
from evenfield.plots import draw_frontier, draw_plans
from evenfield.saving import load_plan
from optimizer.trading.tradeoffs import AXES, trade_offs


@pytest.fixture
def roomy(folder):
    text = (folder / "reps.csv").read_text(encoding="utf-8")
    (folder / "reps.csv").write_text(text.replace("100", "1000"), encoding="utf-8")
    return folder


def test_points_bounds_and_plans_for_later_commands(run, roomy, tmp_path):
    code, out, err = run("frontier", roomy, "--over", "balance,moves", "--points", 6, "--json", "--seed", 2)
    words = json.loads(out)
    assert code == 0
    assert words == json.loads((tmp_path / "out" / "two_towns" / "frontier.json").read_text(encoding="utf-8"))
    assert [(p["moves"], p["bound"]) for p in words["points"]] == [(0, 0), (1, 1), (2, 2)]
    assert [p["balance"] for p in words["points"]] == pytest.approx([1.0, 0.5, 0.0])
    assert (words["over"], words["made_least"], words["seed"]) == (["balance", "moves"], "moves", 2)
    assert words["best_balance"] == {"reached": pytest.approx(0), "bound": pytest.approx(0)}
    assert set(AXES) <= set(words["today"])
    assert words["today"]["moves"] == 0
    assert words["per_move"][0]["per_customer"] == pytest.approx(0.5)
    assert "best balance" in err.lower() or "Saved in" in err
    for point in words["points"]:
        scenario, plan = load_plan(point["plan"])
        assert (plan.owner != scenario.customers["owner"]).sum() == point["moves"]
    again = run("simulate", words["points"][2]["plan"], "--replications", 4, "--workers", 1, "--json")
    assert again[0] == 0


def test_the_chart_stands_in_a_page_that_loads_nothing(run, roomy, tmp_path):
    code, out, _ = run(
        "frontier", roomy, "--over", "travel,disruption,balance", "--points", 4, "--out", "made"
    )
    assert code == 0
    assert "Today's book stands at" in out
    page = (tmp_path / "made" / "frontier.html").read_text(encoding="utf-8")
    assert "today's book" in page or "today\\u0027s book" in page
    assert "data-picture" in page
    assert "https://" not in page.split("<script>")[0]
    assert "evenfield frontier" in page


def test_what_each_move_gains_is_said_and_listed(run, roomy, tmp_path):
    # 0 customers moved: 100 % apart; one: 50 %; two: even. So 50 points for each.
    code, out, _ = run("frontier", roomy, "--over", "balance,moves", "--points", 6, "--out", "made")
    assert code == 0
    said = " ".join(out.split())
    assert "Balance gained for each customer moved: 50.00 points for those up to 1, 50.00 points" in said
    page = (tmp_path / "made" / "frontier.html").read_text(encoding="utf-8")
    assert '<td>1 to 2 customers</td><td class="n">50.0</td><td class="n">50.000</td>' in page


def test_wrong_goals_are_2_all_at_once(run, roomy):
    code, out, _ = run("frontier", roomy, "--over", "balance,luck", "--measure", "weight", "--json")
    words = json.loads(out)
    assert code == 2
    assert [p["value"] for p in words["problems"]] == ["luck", "weight"]
    assert run("frontier", roomy, "--over", "moves")[0] == 2
    assert run("frontier", "nowhere")[0] == 2


def test_no_plan_is_3(run, roomy):
    settings = roomy / "scenario.toml"
    text = settings.read_text(encoding="utf-8")
    settings.write_text(text.replace("utilization_limit = 1.0", "utilization_limit = 0.01"), encoding="utf-8")
    assert run("frontier", roomy)[0] == 3


def test_an_interrupt_keeps_the_points_and_leaves_with_130(run, roomy, tmp_path, monkeypatch):
    def interrupted(*given, **named):
        return replace(trade_offs(*given, **named), interrupted=True)

    monkeypatch.setattr(command, "trade_offs", interrupted)
    assert run("frontier", roomy, "--points", 3)[0] == 130
    assert (tmp_path / "out" / "two_towns" / "points" / "01" / "plan.json").is_file()


def test_a_dot_a_plan_and_todays_book(two_towns):
    hours = two_towns.rules.model_copy(update={"utilization_limit": 3.0})
    two_towns = two_towns.replace(rules=hours)
    found = trade_offs(two_towns, ["travel", "disruption"], points=4)
    figure = draw_frontier(found)
    plans, today = figure.data
    # Each of the three of East that West keeps costs 800 on the road.
    assert sorted(plans.x) == [pytest.approx(800.0 * n, abs=0.01) for n in range(4)]
    assert sorted(plans.y) == [0.0, 5_000.0, 15_000.0, 30_000.0]
    assert (list(today.x), list(today.y)) == ([pytest.approx(2400.0, abs=0.01)], [0.0])


def test_three_goals_are_across_up_and_color_and_then_a_line_a_plan(two_towns):
    hours = two_towns.rules.model_copy(update={"utilization_limit": 3.0})
    found = trade_offs(two_towns.replace(rules=hours), ["balance", "moves", "travel"], points=9)
    plans = draw_frontier(found).data[0]
    by_travel = sorted(found.points, key=lambda point: point.figures["travel"])
    assert list(plans.marker.color) == [point.figures["moves"] for point in by_travel]
    assert list(plans.text) == [point.plan.name.split()[-1] for point in by_travel]
    lines = draw_plans(found).data
    assert [line.name for line in lines] == [point.plan.name for point in found.points]
    for line, point in zip(lines, found.points, strict=True):
        for place, name in zip(line.y, found.over, strict=True):
            values = [other.figures[name] for other in found.points]
            assert 0 <= place <= 1
            span = max(values) - min(values)
            assert place == (pytest.approx((point.figures[name] - min(values)) / span) if span else 0.5)


def test_the_page_of_three_goals_has_both_pictures_and_every_plan(run, roomy, tmp_path):
    over = "balance,moves,travel"
    assert run("frontier", roomy, "--over", over, "--points", 9, "--time-limit", 30, "--out", "made")[0] == 0
    page = (tmp_path / "made" / "frontier.html").read_text(encoding="utf-8")
    assert page.count("data-picture") >= 2
    assert "The same plans, goal by goal" in page
    assert "price of fairness" in page
    assert f"evenfield frontier {roomy} --over {over} --points 9 --time-limit 30 --seed 1" in page
    assert "for all plans together" in " ".join(run("frontier", "--help")[1].split())


def test_plans_that_break_rules_are_told_in_the_answer_the_table_and_the_page(two_towns):
    found = trade_offs(two_towns, ["balance", "moves"], points=4)
    words = "overlay Pumps: Sam needs 17 hours, 6 are allowed"
    first = found.points[0]
    over = replace(found, points=(replace(first, breaks=(words,)), first))
    said = command.frontier_words(two_towns, over, 1)
    assert [point["violations"] for point in said["points"]] == [[words], []]
    sheet = command.frontier_sheet(two_towns, over, "")
    assert any("1 of 2 plans breaks hard rules." in sentence for sentence in sheet.answer)
    parts = {part.title: part for part in sheet.parts}
    assert parts["The plans"].columns[-1] == "hard rules broken"
    assert [row[-1] for row in parts["The plans"].rows[1:]] == ["1", "0"]
    assert parts["Hard rules that plans break"].rows == ((first.plan.name, words),)
    every = " ".join(line for part in sheet.parts for line in part.words)
    assert "keeps all hard rules" not in every
    assert command.HOLD not in every
    kept = command.frontier_sheet(two_towns, found, "")
    assert "hard rules broken" not in kept.parts[1].columns
    assert "keeps all hard rules" in kept.parts[0].words[0]


def test_one_plan_alone_has_no_price_of_fairness(run, roomy, tmp_path, monkeypatch):
    def first(*given, **named):
        found = trade_offs(*given, **named)
        return replace(found, points=found.points[:1]) if only_one else found

    monkeypatch.setattr("evenfield.frontier.trade_offs", first)
    said = []
    for only_one in (False, True):
        out = tmp_path / str(only_one)
        said.append("Price of fairness" in run("frontier", roomy, "--points", "3", "--out", out)[1])
    assert said == [True, False]
