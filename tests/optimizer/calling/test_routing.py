"""Tours one can find by hand."""

import itertools

import numpy as np

from optimizer.calling.routing import Apart, Stops, Tour, route


def on_a_line(minutes, call, opens=0, closes=480, worth=5000, apart=()):
    """Stops on a road from home, by minutes of driving."""
    place = np.array([0, *minutes])
    many = len(place)
    fill = lambda value: np.broadcast_to(np.array(value), many - 1).tolist()  # noqa: E731
    return Stops(
        drive=np.abs(place[:, None] - place[None, :]).astype(np.int64),
        call=np.array([0, *fill(call)], dtype=np.int64),
        opens=np.array([0, *fill(opens)], dtype=np.int64),
        closes=np.array([480, *fill(closes)], dtype=np.int64),
        worth=np.array([0, *fill(worth)], dtype=np.int64),
        apart=apart,
    )


def test_a_road_is_driven_once_there_and_once_back():
    made = route(on_a_line([30, 60, 90], 60), [Tour()], 480)
    assert len(made) == 1
    assert made[0].drive == 180
    assert {visit.stop for visit in made[0].visits} == {1, 2, 3}


def test_what_does_not_fit_a_day_goes_on_another_or_stays_out():
    stops = on_a_line([60, 60, 60, 60], 120)  # 120 minutes of driving and three calls fill a day
    assert sorted(len(tour.visits) for tour in route(stops, [Tour(), Tour()], 480)) in ([1, 3], [2, 2])
    assert sum(len(tour.visits) for tour in route(stops, [Tour()], 480)) == 3


def test_calls_wait_for_doors_to_open():
    made = route(on_a_line([30, 60], 30, opens=[240, 0], closes=[480, 150]), [Tour()], 480)
    by_stop = {visit.stop: visit for visit in made[0].visits}
    assert by_stop[2].leave <= 150
    assert by_stop[1].arrive >= 240


def test_a_trip_of_two_days_splits_no_call_over_the_night():
    # After 200 minutes of driving one call of two and a half hours fits into the day, a second one does not;
    # the next day has room for one more and the way home.
    stops = on_a_line([200, 210, 220, 230], 150)
    made = route(stops, [Tour(days=2)], 480)
    assert len(made[0].visits) == 2
    for visit in made[0].visits:
        assert visit.arrive // 480 == (visit.leave - 1) // 480
    assert made[0].ends <= 960


def test_two_calls_on_one_customer_fall_on_different_days():
    made = route(on_a_line([30, 30], 30, apart=(Apart((1, 2)),)), [Tour(), Tour()], 480)
    assert [len(tour.visits) for tour in made] == [1, 1]


def test_calls_on_one_customer_keep_their_days_apart():
    week = [Tour(begins=day) for day in range(5)]
    for days, fits in ((1, 5), (2, 3), (3, 2), (4, 2), (5, 1)):
        made = route(on_a_line([30] * 5, 30, apart=(Apart((1, 2, 3, 4, 5), days),)), week, 480)
        on = sorted(week[tour.tour].begins for tour in made)
        assert len(on) == fits  # Monday, then every so many days, as often as a week allows
        assert all(b - a >= days for a, b in itertools.pairwise(on))


def test_a_call_on_a_trip_keeps_its_days_from_those_after_it():
    # The trip may last until Tuesday, so a call three days from it is Friday's.
    week = [Tour(days=2, stops=(1,)), *(Tour(begins=day, stops=(2,)) for day in (2, 3, 4))]
    made = route(on_a_line([30, 30], 30, apart=(Apart((1, 2), 3),)), week, 480)
    assert [week[tour.tour].begins for tour in made] == [0, 4]


def test_a_flight_replaces_the_road():
    stops = on_a_line([900, 905], 60)
    ways = stops.drive.copy()
    ways[0, 1:] = ways[1:, 0] = 300
    made = route(stops, [Tour(), Tour(days=2, ways=ways)], 480)
    assert made[0].tour == 1
    assert made[0].drive == 300 + 5 + 300


def test_the_same_question_has_the_same_answer():
    rng = np.random.default_rng(3)
    stops = on_a_line(rng.integers(5, 100, 25), 45)
    tours = [Tour()] * 5
    assert route(stops, tours, 480) == route(stops, tours, 480)


def test_nothing_to_do_takes_no_tour():
    assert route(on_a_line([], []), [Tour()], 480) == []
