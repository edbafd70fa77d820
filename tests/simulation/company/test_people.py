"""People come and go: starts and ends as planned, quits, successors, ramps, seats that are given up."""

import math

import numpy as np
import pytest
from fates import story

from simulation.accounting.journal import What
from simulation.company.year import play
from simulation.luck.fate import draw
from simulation.world.world import world_of

GOINGS = ("somebody joins", "somebody leaves as planned", "somebody quits")
DAILY = 365.25 / 100  # .01 a day


@pytest.fixture
def watched(told):
    def watch(rep, quits_after=(), **turnover):
        """Comings and goings of ann, whose patience lasts so many days of the usual rate."""
        market = {"turnover": {"vacancy_days": 60.0, "yearly_quit_rate": DAILY, **turnover.pop("rates", {})}}
        market["shocks"] = turnover.pop("shocks", [])
        journal = told(
            ["Ames"], {"ann": rep}, market, stays={"ann": [days / 100 for days in quits_after]}, **turnover
        )
        return story(journal[journal["what"].isin(GOINGS)], without=())

    return watch


JOINS, LEAVES, QUITS = GOINGS


def test_who_is_there_stays(watched):
    assert watched({}) == [(0, JOINS)]


def test_who_starts_in_the_year_joins_then(watched):
    assert watched({"start": "2026-07-01"}) == [(181, JOINS)]


def test_a_planned_end_is_followed_by_vacancy_and_somebody_new(watched):
    assert watched({"end": "2026-04-01"}) == [(0, JOINS), (90, LEAVES), (150, JOINS)]


def test_without_backfill_the_seat_stays_empty(watched):
    assert watched({"end": "2026-04-01", "backfill": False}) == [(0, JOINS), (90, LEAVES)]
    assert watched({"backfill": False}, [50]) == [(0, JOINS), (50, QUITS)]


def test_who_quits_is_replaced_by_somebody_with_patience_of_their_own(watched):
    assert watched({}, [100, 30]) == [(0, JOINS), (100, QUITS), (160, JOINS), (190, QUITS), (250, JOINS)]


def test_who_quits_before_a_planned_end_has_no_further_end(watched):
    assert watched({"end": "2026-04-01"}, [20])[1:] == [(20, QUITS), (80, JOINS)]


def test_a_seat_left_last_year_is_filled_when_the_vacancy_is_over(watched):
    assert watched({"end": "2025-12-12"}) == [(40, JOINS)]
    assert watched({"end": "2025-12-12", "backfill": False}) == []
    assert watched({"end": "2025-10-01"}) == [(0, JOINS)]


def test_without_a_quit_rate_nobody_ever_quits(company, plan_for):
    scenario = company(["Ames"], [f"rep {i}" for i in range(50)])
    journal = play(world := world_of(scenario, plan_for(scenario)), draw(world, 1, 0)).journal
    assert not (journal["what"] == What.QUITS).any()


def test_shocks_change_the_rate_while_they_last_and_for_those_concerned(watched):
    # Twenty days at a third of the rate in place of full ones cost 40 / 3 days more of the holder's time.
    shock = {"name": "strike", "start": "2026-01-11", "end": "2026-01-31", "quits": 1 / 3}
    assert watched({}, [25], shocks=[shock])[1] == (pytest.approx(25 + 20 * 2 / 3, abs=1e-6), QUITS)


def test_a_shock_of_one_region_leaves_the_others_people_alone(told):
    shock = {"name": "strike", "start": "2026-01-11", "end": "2026-01-31", "quits": 0.0}
    journal = told(
        ["Ames"],
        {"ann": {"region": "East"}, "bob": {"region": "West"}},
        {
            "turnover": {"yearly_quit_rate": DAILY},
            "shocks": [{**shock, "reps": {"region": ["West"]}}],
        },
        stays={"ann": [0.25], "bob": [0.25]},
    )
    quits = journal[journal["what"] == "somebody quits"]
    assert story(quits, "rep") == [(25, "somebody quits", "ann"), (45, "somebody quits", "bob")]


MISSED = 28 + (38 - 7 * (1 + sum(2 ** (day / (90 + day)) for day in (7, 14, 21)))) / 2 ** (28 / 118)


@pytest.mark.parametrize(("quota", "day"), [(10_000.0, MISSED), (0.0, 38.0)])
def test_whoever_misses_the_quota_quits_sooner(told, quota, day):
    # Patience for 38 days, effect ln 2, nothing sold: with a quarter's quota counted as reached, attainment
    # is 90 / (90 + d) on the weekly look of day d, and the rate 2^(d / (90 + d)) as high until the next.
    turnover = {"yearly_quit_rate": DAILY, "attainment_effect": math.log(2)}
    journal = told(
        ["Ames"],
        market={"turnover": turnover},
        quota={"ann": [quota] * 4},
        stays={"ann": [0.38]},
    )
    assert (round(day, 6), "somebody quits") in story(journal)


def test_whoever_beats_the_quota_stays_longer(told):
    # Quota 9,000 for 90 days, 700 by day 7; 1,400 booked on day 3: attainment 10,400 / 9,700 with a quarter's
    # quota on both sides, and from day 14 on 1. What the week saves of the patience of 15 days comes on top.
    turnover = {"yearly_quit_rate": DAILY, "attainment_effect": math.log(2)}
    stages = [{"name": "deal", "hours": 0.0, "conversion": 1.0, "days": 0.0}]
    journal = told(
        ["Ames"],
        market={"turnover": turnover, "stages": stages},
        quota={"ann": [9000.0] * 4},
        stays={"ann": [0.15]},
        deals=[{"customer": "Ames", "arises": 3.0, "amount": 140_000}],
    )
    saved = 7 * (1 - 2 ** (-700 / 9700))
    assert (round(15 + saved, 6), "somebody quits") in story(journal)


@pytest.mark.parametrize("sold_before", [0, 5_000_000])
def test_a_successor_is_measured_by_his_own_time(told, sold_before):
    # Ann quits on day 50, the successor comes on day 110 to a quota of 100 a day, with a quarter of the
    # year's 10,000 counted as reached. Neither the empty seat nor what Ann sold is his: patience of 4 days is
    # 1 until the look of day 111, and then 3 at a rate of 2^(1 - 2,500 / 2,600).
    journal = told(
        ["Ames"],
        market={
            "turnover": {"yearly_quit_rate": DAILY, "attainment_effect": math.log(2), "ramp_months": 0.0},
            "stages": [{"name": "deal", "hours": 0.0, "conversion": 1.0, "days": 0.0}],
        },
        quota={"ann": [0.0, 9100.0, 900.0, 0.0]},
        stays={"ann": [0.5, 0.04]},
        deals=[{"customer": "Ames", "arises": 3.0, "amount": sold_before}],
    )
    quits = story(journal[journal["what"] == QUITS])
    assert [day for day, _ in quits] == [50, round(111 + 3 / 2 ** (1 / 26), 6)]


def test_who_ramps_up_is_asked_for_less(told):
    # He comes on day 110 at .5 and learns for 365.25 days, so by day 111 half a day, and half of 100.
    turnover = {
        **{"yearly_quit_rate": DAILY, "attainment_effect": math.log(2)},
        **{"ramp_months": 12.0, "starting_productivity": 0.5},
    }
    journal = told(
        ["Ames"],
        market={"turnover": turnover},
        quota={"ann": [0.0, 9100.0, 900.0, 0.0]},
        stays={"ann": [0.5, 0.04]},
    )
    asked = 100 * (0.5 + 0.5 * 0.5 / 365.25)
    last = story(journal[journal["what"] == QUITS])[-1]
    assert last == (round(111 + 3 / 2 ** (asked / (2500 + asked)), 6), QUITS)


@pytest.mark.parametrize(("quota", "agrees"), [(1.0, True), (1.5, False)])
def test_successors_on_plan_quit_at_the_set_rate(company, plan_for, quota, agrees):
    # Two hundred orders a year each, so attainment stays near 1 (its noise adds 1 % to the rate at most), in
    # ramps and after vacancies too. With quotas half as high again they quit by a third more.
    seats = [f"rep {number}" for number in range(60)]
    customers = {f"of {rep}": {"owner": rep, "potential": 20_000} for rep in seats}
    turnover = {"yearly_quit_rate": 1.0, "attainment_effect": 2.0, "vacancy_days": 60.0}
    scenario = company(customers, seats, {"turnover": {**turnover, "starting_productivity": 0.5}})
    asked = [quota * 20_000 * days / 365 for days in (90, 91, 92, 92)]
    world = world_of(scenario, plan_for(scenario, quota=dict.fromkeys(seats, asked)))
    quits, days = 0, 0.0
    for replication in range(40):
        found = tenures(play(world, draw(world, 1, replication)).journal)
        quits += sum(has_quit for _, has_quit in found)
        days += sum(served for served, _ in found)
    expected = days / 365.25
    assert expected > 400
    assert (abs(quits - expected) < 4 * math.sqrt(expected)) == agrees


def tenures(journal):
    """Days that successors served within the year, and whether they quit."""
    found, since = [], {}
    events = journal[np.isin(journal["what"], [What.JOINS, What.QUITS])]
    for record in np.sort(events, order="day"):
        seat, day = int(record["by"]), float(record["day"])
        if record["what"] == What.JOINS:
            since[seat] = day
        elif (came := since.pop(seat)) > 0:
            found.append((day - came, True))
    return found + [(365 - came, False) for came in since.values() if came > 0]


def test_a_hiring_freeze_puts_successors_off(watched):
    # Ann leaves on day 90, a successor would come on day 150; frozen from 140 to 160, then from 160 to 170.
    def frozen(name, start, end):
        return {"name": name, "start": start, "end": end, "hiring_freeze": True}

    one, other = frozen("a", "2026-05-21", "2026-06-10"), frozen("b", "2026-06-10", "2026-06-20")
    rep = {"end": "2026-04-01"}
    assert watched(rep, shocks=[one]) == [(0, JOINS), (90, LEAVES), (160, JOINS)]
    assert watched(rep, shocks=[one, other])[-1] == (170, JOINS)
    assert watched(rep, shocks=[other])[-1] == (150, JOINS)


FROZEN = {"name": "freeze", "start": "2026-02-01", "end": "2026-04-01", "hiring_freeze": True}


def test_a_hiring_freeze_puts_planned_starts_off(watched):
    assert watched({"start": "2026-03-01"}, shocks=[FROZEN]) == [(90, JOINS)]
    assert watched({"start": "2026-04-01"}, shocks=[FROZEN]) == [(90, JOINS)]
    assert watched({"start": "2026-01-31"}, shocks=[FROZEN]) == [(30, JOINS)]
    from_the_start = {**FROZEN, "start": "2025-11-01"}
    assert watched({"start": "2026-01-01"}, shocks=[from_the_start]) == [(90, JOINS)]
    assert watched({"start": "2025-12-01"}, shocks=[from_the_start]) == [(0, JOINS)]  # there already
    gone_again = {"start": "2026-03-01", "end": "2026-03-20"}
    assert watched(gone_again, shocks=[FROZEN]) == [(138, JOINS)]  # who follows, 60 days after day 78
    assert watched({**gone_again, "backfill": False}, shocks=[FROZEN]) == []


@pytest.mark.parametrize(
    ("moves", "then"),
    [
        ([], [(90, "ann")]),
        ([("2026-03-15", "Ames", "ann")], [(90, "ann")]),
        ([("2026-03-15", "Ames", "bob")], [(73, "bob")]),
        ([("2026-05-01", "Ames", "bob")], [(90, "ann"), (120, "bob")]),
    ],
)
def test_customers_wait_with_todays_owner_for_a_start_that_is_put_off(told, moves, then):
    journal = told(
        {"Ames": {"owner": "bob"}},
        {"ann": {"start": "2026-03-01"}, "bob": {}},
        {"shocks": [FROZEN]},
        owner={"Ames": "ann"},
        company_of={"moves": moves},
    )
    moved = journal[journal["what"] == "customer changes hands"]
    assert [(day, rep) for day, _, rep in story(moved, "rep")] == then


TRAINED = {"name": "course", "start": "2026-02-10", "end": "2026-02-20"}  # over on day 50


def test_a_training_goes_with_those_who_were_there(told):
    # Ann wins marks below .5 x 1.2 from day 50 on; who follows on day 150 was never trained and has .5.
    journal = told(
        ["Ames"],
        {"ann": {"end": "2026-04-01"}},
        {
            "stages": [{"name": "deal", "hours": 0.0, "conversion": 0.5, "days": 0.0}],
            "turnover": {"vacancy_days": 60.0, "ramp_months": 0.0},
            "shocks": [{**TRAINED, "productivity": 1.2}],
        },
        deals=[{"customer": "Ames", "arises": day, "mark": [0.55]} for day in (49.0, 51.0, 151.0)],
    )
    ends = journal[journal["what"].isin(["booking", "lost: customer said no"])]
    assert story(ends) == [
        (49, "lost: customer said no"),
        (51, "booking"),
        (151, "lost: customer said no"),
    ]


@pytest.mark.parametrize(("factor", "productive"), [(1.0, 0.7), (0.5, 0.8), (0.0, 1.0)])
def test_a_training_shortens_what_is_left_of_the_ramp(told, factor, productive):
    # From .2 on day 0 in a line to 1 on day 100: .6 on day 50. The 50 days left become 25, so on day 62.5
    # half of what was missing is there; and nothing is missing if they become none.
    journal = told(
        ["Ames"],
        {"ann": {"start": "2026-01-01"}},
        {
            "stages": [{"name": "deal", "hours": 0.0, "conversion": 1.0, "days": 0.0}],
            "turnover": {"ramp_months": 1200 / 365.25, "starting_productivity": 0.2},
            "shocks": [{**TRAINED, "ramp": factor, "training_hours": 1.0}],
        },
        deals=[
            {"customer": "Ames", "arises": 62.5 + moment, "mark": [productive + off]}
            for moment, off in ((0.0, -0.01), (0.001, 0.01))
        ],
    )
    ends = journal[journal["what"].isin(["booking", "lost: customer said no"])]["what"].tolist()
    assert ends == ["booking", "lost: customer said no"]


@pytest.mark.parametrize(("seniority", "months"), [("junior", 8.0), ("middle", 4.0)])
def test_productivity_rises_in_a_line_over_the_ramp_of_the_seniority(told, seniority, months):
    # Joined on day 0 at .2. A quarter later .4, halfway .6: at its end .99: marks just below pass,
    # just above not.
    ramp = months * 365.25 / 12
    turnover = {
        "ramp_months": 4.0,
        "ramp_months_by_seniority": {"junior": 8.0},
        "starting_productivity": 0.2,
    }
    journal = told(
        ["Ames"],
        {"ann": {"start": "2026-01-01", "seniority": seniority}},
        {
            "stages": [{"name": "deal", "hours": 0.0, "conversion": 1.0, "days": 0.0}],
            "turnover": turnover,
        },
        deals=[
            {"customer": "Ames", "arises": share * ramp + 1e-3 * k, "mark": [productive + 0.01 * (2 * k - 1)]}
            for share, productive in ((0.0, 0.2), (0.25, 0.4), (0.5, 0.6), (1.0, 0.99))
            for k in (0, 1)
        ],
    )
    ends = journal[journal["what"].isin(["booking", "lost: customer said no"])]["what"].tolist()
    assert ends == ["booking", "lost: customer said no"] * 4


def test_a_successor_is_new_to_the_customers(told):
    # A risk of .2, half as much again with somebody just hired: goodwill .7 from day 150 on.
    market = {
        "stages": [{"name": "deal", "hours": 0.0, "conversion": 1.0, "days": 0.0}],
        "relationship_risk": 0.2,
        "relationships": {"new_hire": 1.5},
        "turnover": {"vacancy_days": 60.0},
    }
    journal = told(
        ["Ames"],
        {"ann": {"end": "2026-04-01"}},
        market,
        deals=[
            {"customer": "Ames", "arises": day, "height": height}
            for day, height in ((149.0, 0.99), (151.0, 0.69), (152.0, 0.71))
        ],
    )
    arises = journal[journal["what"].str.startswith("opportunity arises")]
    assert story(arises, "rep") == [
        (149, "opportunity arises, nobody there", ""),
        (151, "opportunity arises", "ann"),
    ]


BOOK = {
    "Ames": {"potential": 500, "latitude": 0.1},
    "Boone": {"potential": 300, "latitude": 0.9},
    "Clive": {"potential": 200, "latitude": 0.2},
    "Derby": {"potential": 100, "owner": "bob"},
    "Essex": {"potential": 450, "owner": "cleo"},
}
GIVEN_UP = {"ann": {"end": "2026-02-01", "backfill": False}, "bob": {}, "cleo": {"latitude": 1.0}}


def movers(company, plan_for, reps, moves=()):
    scenario = company(
        {name: {"owner": "ann", **row} for name, row in BOOK.items()},
        reps,
        {"turnover": {"reassign": True}},
        moves=moves,
    )
    world = world_of(scenario, plan_for(scenario))
    journal = play(world, draw(world, 1, 0)).journal
    found = np.sort(journal[journal["what"] == What.MOVES], order=["day", "subject"])
    return [(r["day"], world.customers[r["subject"]], world.reps[r["by"]]) for r in found]


def test_customers_of_a_seat_given_up_go_to_the_nearest_colleague(company, plan_for):
    # Bob lives on the equator, cleo a degree north of it.
    assert movers(company, plan_for, GIVEN_UP) == [
        (31, "Ames", "bob"),
        (31, "Boone", "cleo"),
        (31, "Clive", "bob"),
    ]


def test_colleagues_of_the_team_come_before_nearer_ones(company, plan_for):
    reps = {name: {**row, "team": "north" if name != "bob" else "south"} for name, row in GIVEN_UP.items()}
    assert [rep for _, _, rep in movers(company, plan_for, reps)] == ["cleo", "cleo", "cleo"]


def test_who_is_not_there_that_day_takes_nobody_over(company, plan_for):
    reps = {**GIVEN_UP, "bob": {"start": "2026-02-02"}}
    assert {rep for _, _, rep in movers(company, plan_for, reps)} == {"cleo"}
    in_time = {**GIVEN_UP, "bob": {"start": "2026-02-01"}}
    assert {rep for _, _, rep in movers(company, plan_for, in_time)} == {"bob", "cleo"}


def test_planned_moves_of_the_day_go_first(company, plan_for):
    moved = movers(company, plan_for, GIVEN_UP, [("2026-02-01", "Ames", "cleo")])
    assert moved == [(31, "Ames", "cleo"), (31, "Boone", "cleo"), (31, "Clive", "bob")]


def test_a_seat_that_was_left_before_the_year_is_given_up_on_its_first_day(company, plan_for):
    reps = {**GIVEN_UP, "ann": {"end": "2025-12-01", "backfill": False}}
    assert {day for day, *_ in movers(company, plan_for, reps)} == {0}
    backfilled = {**GIVEN_UP, "ann": {"end": "2025-12-01"}}
    assert movers(company, plan_for, backfilled) == []


def test_the_share_of_empty_seats_follows_the_renewal_equation(company, plan_for):
    # f(t) filled: f' = -h f(t) + h f(t - L), with h = .8 a year and L = 73 days, starting filled. Days empty
    # have a cv of about 1; a vacancy 10 % longer is seen in (7.09 x 1 / .1)^2 = 5,000 seats.
    def empty(vacancy):
        market = {"turnover": {"yearly_quit_rate": 0.8, "vacancy_days": vacancy}}
        scenario = company({"Ames": {"potential": 0}}, [f"rep {i}" for i in range(500)], market)
        world = world_of(scenario, plan_for(scenario))
        days = [days_empty(play(world, draw(world, 1, r)).journal, 500) for r in range(10)]
        return np.concatenate(days)

    expected = empty_by_renewal(0.8, 73)
    for vacancy, agrees in ((73.0, True), (80.3, False)):
        days = empty(vacancy)
        assert (abs(days.mean() - expected) < 4 * days.std() / np.sqrt(len(days))) == agrees


def days_empty(journal, seats):
    days = np.full(seats, 365.0)
    for record in journal[journal["what"] == What.JOINS]:
        days[record["by"]] -= 365.0 - record["day"]
    for record in journal[journal["what"] == What.QUITS]:
        days[record["by"]] += 365.0 - record["day"]
    return days


def empty_by_renewal(yearly_rate, vacancy):
    step, rate = 0.05, yearly_rate / 365.25
    filled, lag = [1.0], round(vacancy / step)
    for k in range(round(365 / step)):
        back = filled[k - lag] if k >= lag else 0.0
        filled.append(filled[-1] + step * rate * (back - filled[-1]))
    return float((1 - np.array(filled)).sum() * step)
