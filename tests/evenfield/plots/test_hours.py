from evenfield.plots import draw_hours
from optimizer import loads


def trace(figure, name):
    (found,) = [trace for trace in figure.data if trace.name == name]
    return found


def test_dots_are_the_hours_and_the_tick_is_what_there_is(done):
    plan = loads(done.scenarios["plan"], done.plans["plan"].owner)
    today = loads(done.scenarios["today's book"], done.plans["today's book"].owner)
    figure = draw_hours(plan, today)
    assert list(trace(figure, "plan").x) == plan["hours"].to_list()
    assert list(trace(figure, "today's book").x) == today["hours"].to_list()
    assert list(trace(figure, "hours there are").x) == plan["capacity_hours"].to_list()
    assert list(figure.layout.yaxis.ticktext) == ["west", "east"]


def test_a_rep_who_is_gone_has_the_hours_of_before_only(done):
    plan = loads(done.scenarios["plan"], done.plans["plan"].owner)
    figure = draw_hours(plan.drop("east"), plan, names={"west": "Ann"})
    assert list(figure.layout.yaxis.ticktext) == ["Ann", "east"]
    assert len(trace(figure, "plan").x) == 1
    assert len(trace(figure, "today's book").x) == 2


def test_without_a_book_before_only_the_plan_is_drawn(done):
    plan = loads(done.scenarios["plan"], done.plans["plan"].owner)
    assert len(trace(draw_hours(plan), "today's book").x) == 0
