"""A year of two towns written by hand, and what its story has to say."""

import json
from datetime import date

import numpy as np
import pandas as pd
import pytest

from evenfield import telling
from evenfield.chronicle import chronicle
from evenfield.story import tell
from evenfield.story_words import WORDS as STORY_WORDS
from evenfield.telling import save_events, story_sheet
from optimizer import todays_book
from scenarios import InputError
from scenarios.scheme import Bonus, Commission, Scheme
from simulation.accounting.journal import WORDS, What, dated

QUOTA = {"west": [100.0, 100.0, 100.0, 100.0], "east": [50.0, 50.0, 50.0, 50.0]}

# day, kind, rep, customer, line, opportunity, hours, amount; the year begins on a 1 January.
YEAR = [
    (0.0, "JOINS", "west", "", "", -1, 0, 0),
    (0.0, "JOINS", "east", "", "", -1, 0, 0),
    (0.0, "EFFORT", "west", "", "", -1, 0, 0.9),
    (0.0, "UNDER_WAY", "west", "W2", "", 2, 0, 0),
    (3.5, "ARISES", "west", "W1", "", 1, 0, 0),
    (7.0, "EFFORT", "west", "", "", -1, 0, 1.2),
    (9.0, "WORK", "west", "W1", "", 1, 2.5, 0),
    (11.0, "WON", "west", "W2", "", 2, 0, 30),
    (13.5, "WON", "west", "W1", "", 1, 0, 80),
    (14.0, "EFFORT", "west", "", "", -1, 0, 0.8),
    (20.0, "VISIT", "west", "W3", "", -1, 1.5, 0.9),
    (33.0, "MISSED_VISIT", "west", "W3", "", -1, 1.5, 0.8),
    (34.0, "LOST_WAITING", "west", "W3", "", 3, 0, 12),
    (35.0, "LOST_WAITING", "west", "W3", "", 4, 0, 0),
    (40.0, "WON", "east", "E1", "", 5, 0, 150),
    (45.0, "PAYMENT", "west", "W1", "", 1, 0, 80),
    (46.0, "BAD_DEBT", "west", "W2", "", 2, 0, 30),
    (60.0, "ARISES", "west", "W3", "", 6, 0, 0),
    (62.0, "WORK", "west", "W3", "", 6, 4.0, 0),
    (64.0, "LOST", "west", "W3", "", 6, 0, 0),
    (100.0, "CALL", "west", "W1", "", -1, 0, 0),
    (101.0, "UNSERVED", "west", "W1", "", -1, 0.5, 0.7),
    (102.0, "SERVED", "west", "W1", "", -1, 0.5, 0),
    (103.0, "HOLD", "west", "W1", "", 7, 0, 5),
    (110.0, "MOVES", "west", "E2", "", -1, 0, 0),
    (111.0, "MOVES", "east", "W2", "", -1, 0, 0),
    (120.0, "CUSTOMER_LOST", "west", "W1", "", -1, 0, 0),
    (150.0, "QUITS", "west", "", "", -1, 0, 0),
    (160.0, "LOST_UNATTENDED", "", "W3", "", 8, 0, 0),
    (161.0, "WON", "", "W3", "", 9, 0, 7),
    (162.0, "WON", "", "W2", "", 10, 0, 9),
    (190.0, "JOINS", "west", "", "", -1, 0, 0),
    (200.0, "solar eclipse", "west", "", "", -1, 0, 0),
    (365.0, "OPEN", "west", "W3", "", 11, 0, 0),
]


def written(rows):
    columns = ["time", "what", "rep", "customer", "line", "opportunity", "hours", "amount"]
    told = [WORDS[What[row[1]]] if row[1] in What.__members__ else row[1] for row in rows]
    return pd.DataFrame(rows, columns=columns).assign(what=told)


@pytest.fixture
def plan(two_towns):
    made = todays_book(two_towns)
    owner = pd.Series({c: "west" if c.startswith("W") else "east" for c in made.owner.index})
    quota = pd.DataFrame(QUOTA, index=made.quota.columns).T.loc[made.quota.index]
    return type(made)("plan", made.scenario_digest, owner, quota)


@pytest.fixture
def year(two_towns, plan):
    return chronicle(two_towns, plan, "west", written(YEAR))


def test_standings_are_sums_of_the_journal(year):
    first = year.quarters.iloc[0]
    assert first["booked"] == 30 + 80
    assert (first["orders"], first["visits"], first["missed"], first["refused"]) == (2, 1, 1, 1)
    assert (first["waiting"], first["waiting_amount"]) == (2, 12)
    assert first["hours"] == 2.5 + 1.5 + 4.0
    assert first["effort"] == pytest.approx((0.9 + 1.2 + 0.8) / 3)
    assert year.quarters["hours"].iloc[1] == 0.5  # the service call that was served
    assert year.months["booked"].iloc[0] == 110
    assert year.months["missed"].iloc[1] == 1
    # East made 150 of 200, west 110 of 400.
    assert (year.place, year.of) == (2, 2)


def test_deals_know_their_work_and_days(year):
    largest, next_ = year.won.to_dict("records")
    assert (largest["customer"], largest["amount"], largest["hours"], largest["took"]) == (
        "W1",
        80,
        2.5,
        10,
    )
    assert next_["customer"] == "W2"
    assert np.isnan(next_["took"])  # under way when the year began
    assert year.refused[["customer", "hours", "took"]].to_numpy().tolist() == [["W3", 4.0, 4.0]]
    assert year.waiting["amount"].tolist() == [12]


def test_customers_come_and_go(year):
    assert year.gained[["day", "customer", "rep"]].to_numpy().tolist() == [[110.0, "E2", "east"]]
    assert year.given[["day", "customer", "rep"]].to_numpy().tolist() == [[111.0, "W2", "east"]]
    assert year.lost["customer"].tolist() == ["W1"]
    # W2 had gone to east before it bought from the house on day 162.
    assert year.house["customer"].tolist() == ["W3", "W3"]


def test_the_seat_was_empty_between_quitting_and_joining(year):
    assert year.empty == ((150.0, 190.0),)


def test_a_seat_filled_late_or_left_for_good_is_empty_before_and_after(two_towns, plan):
    rows = [
        (90.0, "JOINS", "west", "", "", -1, 0, 0),
        (300.0, "LEAVES", "west", "", "", -1, 0, 0),
    ]
    assert chronicle(two_towns, plan, "west", written(rows)).empty == ((0.0, 90.0), (300.0, 365.0))


def test_the_largest_turn_of_effort_is_told_with_its_standing(year):
    (turn,) = year.turns
    assert (turn.before, turn.after, turn.day) == (1.2, 0.8, 14.0)
    assert turn.booked == 1.1  # 110 of 100
    assert turn.days_left == (date(2026, 4, 1) - date(2026, 1, 1)).days - 14


def test_the_story_says_it_in_sentences(two_towns, plan, year):
    story = tell(two_towns, plan, year, 1, 3, "en")
    answer = " ".join(story.answer)
    name = two_towns.reps["name"]["west"]
    assert f"{name} booked $110 of a quota of $400: 28%. That is place 2 of 2 reps." in answer
    assert (
        "1 visit made and 1 missed, 2 orders won, 1 opportunity where a customer said no, 2 opportunities "
        "lost since patience ran out before there was time." in answer
    )
    assert "$12 would have been bought" in answer
    assert (
        "Customers paid $80 within the year, 73% of what was booked; $30 of it will never be paid." in answer
    )
    assert "1 service call came, 1 found nobody with time." in answer
    assert "The seat was empty for 40 days" in answer
    assert "1 opportunity of these customers found nobody there; 1 order worth $7" in answer
    january, february, march, april, may, july = (" ".join(story.months[n][1]) for n in (0, 1, 2, 3, 4, 6))
    customer = two_towns.customers["name"]
    assert january.startswith("2 orders for $110, 1 visit made, 0 missed.")
    assert (
        f"{customer['W1'] or 'W1'} ordered for $80 on 14 January, after 2.5 hours of work in 10 days."
        in january
    )
    assert "On 15 January effort fell from 120% to 80%: 110% of the quarter's quota" in january
    assert "2 opportunities ran out of patience" in february
    assert "Q1 closed at 110% of quota: $110 of $100; the year so far stood at 110%." in march
    assert "1 order went on hold for credit, 0 released." in april
    assert "was lost for good on 1 May" in may
    assert "On 31 May" in may
    assert "On 10 July somebody new took the seat." in july
    assert story.deals[-1][0] == "customer said no"


def test_the_bonus_is_given_as_the_reason_where_there_is_one(two_towns, plan, year):
    scheme = Scheme(elements={"c": Commission(weight=0.5), "b": Bonus(weight=0.5)})
    january = tell(two_towns.replace(scheme=scheme), plan, year, 1, 0, "en").months[0][1]
    assert any(sentence.endswith("and the quarter's bonus was safe.") for sentence in january)
    scheme = Scheme()
    january = tell(two_towns.replace(scheme=scheme), plan, year, 1, 0, "en").months[0][1]
    assert not any("bonus" in sentence for sentence in january)


def test_what_no_sentence_tells_is_counted(two_towns, plan, year):
    assert year.others == {"solar eclipse": 1}
    sheet = story_sheet(two_towns, year, tell(two_towns, plan, year, 1, 0, "en"), "en", "evenfield story")
    assert sheet.parts[-1].rows == (("solar eclipse", "1"),)


def test_both_languages_say_the_same_things(two_towns, plan, year):
    assert STORY_WORDS["en"].keys() == STORY_WORDS["zh"].keys()
    english, chinese = (tell(two_towns, plan, year, 1, 0, language) for language in ("en", "zh"))
    assert [len(said) for _, said in english.months] == [len(said) for _, said in chinese.months]
    assert "努力程度由 120% 降至 80%" in " ".join(chinese.months[0][1])
    assert "1 月 14 日" in " ".join(chinese.months[0][1])


def test_a_year_in_which_nothing_happens_can_be_told(two_towns, plan):
    empty = written([(0.0, "JOINS", "west", "", "", -1, 0, 0)])
    story = tell(two_towns, plan, chronicle(two_towns, plan, "west", empty), 1, 0, "en")
    assert story.months[0][1] == ("No order, 0 visits made, 0 missed.",)
    assert "0 hours of work: 0 visits made and 0 missed, 0 orders won." in story.answer
    assert story.months[11][1][-1] == "Q4 closed at 0% of quota: $0 of $100; the year so far stood at 0%."
    assert story.deals == ()


def away(rows):
    table = pd.DataFrame(rows, columns=["rep", "start", "end", "reason"])
    return table.assign(start=pd.to_datetime(table["start"]), end=pd.to_datetime(table["end"]))


@pytest.fixture
def with_absences(two_towns):
    """2026 begins on a Thursday; leave is taken in August alone."""
    return two_towns.replace(
        calendar=two_towns.calendar.model_copy(update={"weekdays": (1, 2, 3, 4, 5)}),
        absences=away(
            [
                ("west", "2026-01-05", "2026-01-17", "influenza"),
                ("west", "2026-02-16", "2026-05-04", ""),
                ("west", "2026-06-02", "2026-06-20", "seat empty then"),
                ("west", "2026-12-31", "2027-02-01", "moving house"),
                ("east", "2026-01-05", "2026-12-01", "of somebody else"),
            ]
        ),
        market=two_towns.market.model_copy(
            update={
                "staffing": two_towns.market.staffing.model_copy(
                    update={"leave_days": 15.0, "leave_by_month": (0.0,) * 7 + (1.0,) + (0.0,) * 4}
                )
            }
        ),
    )


def test_absences_are_told_in_their_months_and_the_year(with_absences, plan):
    year = chronicle(with_absences, plan, "west", written(YEAR))
    # Monday 5 to Friday 16 January: two weeks. 16 February to 3 May: eleven weeks. 31 December is a
    # Thursday. In June nobody sat in the seat.
    assert [(one.first, one.last, one.workdays) for one in year.away] == [
        (4, 16, 10), (46, 123, 55), (364, 365, 1)
    ]  # fmt: skip
    story = tell(with_absences, plan, year, 1, 0, "en")
    name, months = with_absences.reps["name"]["west"], [" ".join(said) for _, said in story.months]
    assert f"{name} was away from 5 January to 16 January (influenza), 10 working days." in months[0]
    assert f"{name} was away from 16 February to 3 May, 55 working days." in months[1]
    assert f"{name} was away all month." in months[2]
    assert f"{name} was away all month." in months[3]
    assert "away" not in "".join(months[4:11])
    assert "The rep was away on 31 December (moving house)." in months[11].replace("the rep", "The rep")
    answer = " ".join(story.answer)
    assert "Usual leave takes 15 days of the year, most of them in August." in answer
    assert "66 working days were lost to absences." in answer


def test_absences_are_told_in_chinese_too(with_absences, plan):
    year = chronicle(with_absences, plan, "west", written(YEAR))
    story = tell(with_absences, plan, year, 1, 0, "zh")
    name = with_absences.reps["name"]["west"]
    assert f"1 月 5 日至1 月 16 日，{name} 缺勤（influenza），共 10 个工作日。" in story.months[0][1]
    assert f"{name} 整月缺勤。" in story.months[2][1]
    assert "常规休假全年共 15 天，8 月最多。" in story.answer
    assert "缺勤占去 66 个工作日。" in story.answer


def test_absences_are_shaded_in_the_picture(with_absences, plan):
    year = chronicle(with_absences, plan, "west", written(YEAR))
    sheet = story_sheet(with_absences, year, tell(with_absences, plan, year, 1, 0, "zh"), "zh", "again")
    layout = sheet.parts[0].figure.layout
    shaded = [(shape.x0[:10], shape.x1[:10]) for shape in layout.shapes]
    assert shaded == [
        ("2026-05-31", "2026-07-10"), ("2026-01-05", "2026-01-17"), ("2026-02-16", "2026-05-04"),
        ("2026-12-31", "2027-01-01"),
    ]  # fmt: skip
    assert [note.text for note in layout.annotations] == ["空岗", "缺勤", "缺勤", "缺勤"]


def test_a_rep_without_customers_is_told_in_one_sentence(two_towns, plan):
    plan = type(plan)(plan.name, plan.scenario_digest, plan.owner.replace("west", "east"), plan.quota)
    rows = [(0.0, "JOINS", "west", "", "", -1, 0, 0), (0.0, "EFFORT", "west", "", "", -1, 0, 1.0)]
    year = chronicle(two_towns, plan, "west", written(rows))
    story = tell(two_towns, plan, year, 1, 0, "en")
    name = two_towns.reps["name"]["west"]
    assert story.answer == (
        (
            f"{name} had a quota of $400 and no customers all year, so there is nothing to tell month by"
            " month."
        ),
    )
    assert all(said == () for _, said in story.months)
    assert story_sheet(two_towns, year, story, "en", "again").parts == ()
    gone = chronicle(two_towns, plan, "west", written([*rows, (150.0, "QUITS", "west", "", "", -1, 0, 0)]))
    told = tell(two_towns, plan, gone, 1, 0, "zh")
    assert told.months[4][1] == (f"5 月 31 日，{name} 离职。",)
    assert len(told.answer) == 2


def test_a_rep_misspelled_is_answered_with_who_is_meant(two_towns, plan):
    with pytest.raises(InputError, match=r"--rep: no such rep.*did you mean west\?"):
        chronicle(two_towns, plan, "wset", written(YEAR))


def test_a_no_without_any_work_is_not_told_as_a_refusal(two_towns, plan):
    records = [
        (0.0, "JOINS", "west", "", "", -1, 0, 0),
        (5.0, "LOST", "west", "W1", "", 1, 0, 0),
        (6.0, "WORK", "west", "W2", "", 2, 1.5, 0),
        (7.0, "LOST", "west", "W2", "", 2, 0, 0),
    ]
    told = chronicle(two_towns, plan, "west", written(records))
    assert told.refused["customer"].tolist() == ["W2"]
    assert "1 hour" not in tell(two_towns, plan, told, 1, 0, "en").answer[1]


def test_a_rep_nobody_knows_is_refused(two_towns, plan):
    with pytest.raises(InputError, match=r"--rep: no such rep.*name one of the 2 keys of reps: west, east"):
        chronicle(two_towns, plan, "north", written(YEAR))


def test_the_command_writes_page_words_and_events(run, folder, tmp_path):
    code, out, _ = run(
        "story", folder, "--rep", "West", "--replication", 2, "--events", "--out", tmp_path / "o", "--json"
    )
    assert code == 0
    words = json.loads(out)
    assert words == json.loads((tmp_path / "o" / "story.json").read_text(encoding="utf-8"))
    events = pd.read_csv(tmp_path / "o" / "events.csv", keep_default_na=False)
    won = events[(events["kind"] == "WON") & (events["rep"] == "West")]
    assert len(won) > 0
    assert sum(q["booked"] for q in words["quarters"]) == pytest.approx(won["amount"].sum())
    assert set(events["rep"]) >= {"West", "East"}
    page = (tmp_path / "o" / "story.html").read_text(encoding="utf-8")
    assert "src=" not in page.split("<script>")[0]
    assert words["title"] in page


def test_the_same_story_in_chinese_and_on_the_terminal(run, folder, tmp_path):
    code, out, _ = run("story", folder, "--rep", "West", "--language", "zh", "--out", tmp_path / "o")
    assert code == 0
    assert "全年签约" in out
    assert '<html lang="zh">' in (tmp_path / "o" / "story.html").read_text(encoding="utf-8")


def test_a_wrong_rep_is_an_error_of_the_user(run, folder):
    code, _, err = run("story", folder, "--rep", "nobody")
    assert code == 2
    assert "no such rep" in err


def test_a_folder_of_simulated_years_says_what_to_name_instead(run, folder, tmp_path):
    out = tmp_path / "years"
    asked = ("--change", "more", "--replications", 2, "--workers", 1, "--out", out)
    assert run("simulate", folder, *asked)[0] == 0
    code, _, err = run("story", out, "--rep", "West")
    said = " ".join(err.split())
    assert code == 2
    assert "holds what simulated years came to; name what was simulated instead" in said
    assert "--change more" in said
    (out / "simulation.json").write_text("{}")
    assert "name what was simulated instead" in " ".join(run("story", out, "--rep", "West")[2].split())


def test_dates_stand_beside_days(two_towns):
    events = dated(two_towns, written(YEAR))
    assert events["date"].iloc[4] == f"{two_towns.year.start.year}-01-04"  # day 3.5
    assert events["date"].iloc[-1] == f"{two_towns.year.start.year}-12-31"  # the very end
    assert events.columns[:4].tolist() == ["date", "time", "kind", "what"]


def test_parquet_is_written_where_it_can_be(two_towns, tmp_path, monkeypatch, capsys):
    events = dated(two_towns, written(YEAR))
    written_to = []
    monkeypatch.setattr(
        pd.DataFrame, "to_parquet", lambda self, path, index: written_to.append((path, index))
    )
    monkeypatch.setattr(telling.importlib.util, "find_spec", lambda name: None)
    save_events(tmp_path, events)
    assert written_to == []
    assert capsys.readouterr().err == ""  # nobody asked for this file
    monkeypatch.setattr(telling.importlib.util, "find_spec", lambda name: name == "pyarrow")
    save_events(tmp_path, events)
    assert written_to == [(tmp_path / "events.parquet", False)]
    assert (tmp_path / "events.csv").read_bytes().startswith(b"date,time,kind,what")


TIMING = [
    (85.0, "HELD_BACK", "west", "W1", "", 20, 0, 60),
    (86.0, "HELD_BACK", "west", "W2", "", 21, 0, 10),
    (87.0, "PULLED_IN", "west", "W3", "", 22, 0, 95),
    (87.5, "PULLED_IN", "west", "W3", "", 23, 0, 20),
    (89.9, "DISCOUNT", "west", "W3", "", 22, 0, 5),
    (89.9, "LOST_PRESSED", "west", "W3", "", 23, 0, 21),
    (90.0, "LOST_HELD", "west", "W1", "", 20, 0, 60),
]


def test_reps_who_play_with_time_are_told_of(two_towns, plan):
    year = chronicle(two_towns, plan, "west", written(YEAR + TIMING))
    assert "lost: held back too long" not in year.others
    english, chinese = (dict(tell(two_towns, plan, year, 1, 0, to).months) for to in ("en", "zh"))
    march, april = english["March 2026"], english["April 2026"]
    assert any("ready to sign for" in said and "26 March" not in said for said in march)
    assert any("agreed to decide before the quarter's end" in said for said in march)
    assert any("pressed to decide, said no" in said for said in march)
    assert any("2 more such moves" in said for said in march)
    assert any("who had been put off, did not sign any more on 1 April" in said for said in april)
    assert any("准备签约" in said for said in chinese["2026 年 3 月"])
