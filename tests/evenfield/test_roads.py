"""An OSRM server is asked once; what it says takes the place of the estimate."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import ClassVar
from urllib.parse import parse_qs, urlsplit

import pandas as pd
import pytest

from evenfield.roads import CACHE, with_road_times
from optimizer.compiling.travel import known_pairs, travel_hours
from scenarios import InputError
from scenarios.building import build


class Server(BaseHTTPRequestHandler):
    """Answers as OSRM's table service does: an hour and 80 km for each degree; no way to latitude 9."""

    requests: ClassVar[list[str]] = []
    status, wrong = 200, None

    def do_GET(self):
        Server.requests.append(self.path)
        asked = urlsplit(self.path)
        assert asked.path.startswith("/table/v1/driving/")
        places = [tuple(map(float, p.split(","))) for p in asked.path.split("/")[-1].split(";")]
        query = {k: v[0] for k, v in parse_qs(asked.query).items()}
        assert query["annotations"] == "duration,distance"
        rows, columns = ([int(n) for n in query[k].split(";")] for k in ("sources", "destinations"))
        degrees = [
            [None if places[j][1] == 9 else abs(places[i][0] - places[j][0]) for j in columns] for i in rows
        ]
        answer = {
            "code": "Ok",
            "durations": [[None if d is None else 3600 * d for d in row] for row in degrees],
            "distances": [[None if d is None else 80_000 * d for d in row] for row in degrees],
        }
        body = json.dumps(answer if Server.wrong is None else Server.wrong).encode()
        self.send_response(Server.status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@pytest.fixture
def url():
    Server.requests, Server.status, Server.wrong = [], 200, None
    server = HTTPServer(("127.0.0.1", 0), Server)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


def asking(towns, url):
    towns.settings["travel"] |= {"osrm_url": url}
    return build(towns)


def test_driving_times_come_from_the_server(towns, url):
    scenario = with_road_times(asking(towns, url))
    assert known_pairs(scenario) == (12, 0)
    assert travel_hours(scenario).loc["E1", "West"] == pytest.approx(2.0)
    assert scenario.travel_times["km"].max() == 80.0
    assert len(Server.requests) == 1  # both homes and both places in one table
    assert with_road_times(scenario) is scenario  # nothing is lacking any more


def test_answers_are_kept_beside_the_scenario(towns, url, tmp_path):
    scenario = asking(towns, url)
    first = with_road_times(scenario, tmp_path)
    assert (tmp_path / CACHE).is_file()
    again = with_road_times(scenario, tmp_path)
    assert len(Server.requests) == 1
    assert again == first


def test_many_places_take_several_requests(towns, url):
    rows = towns.tables["customers"].iloc[[0] * 250].reset_index(drop=True)
    rows["customer"] = [f"C{n}" for n in range(250)]
    rows["longitude"] = [str(n / 100) for n in range(250)]
    towns.tables["customers"], towns.tables["history"] = rows, towns.tables["history"].iloc[:0]
    scenario = with_road_times(asking(towns, url))
    assert known_pairs(scenario) == (500, 0)
    assert len(Server.requests) == 3  # 98 places beside two homes
    way = scenario.travel_times.set_index(["customer", "rep"])["minutes"]
    assert way["C249", "West"] == pytest.approx(60 * 2.49)


def test_where_there_is_no_road_the_estimate_stays(towns, url):
    towns.tables["customers"]["latitude"] = ["0"] * 5 + ["9"]
    scenario = with_road_times(asking(towns, url))
    assert known_pairs(scenario) == (10, 2)


def test_what_the_file_says_is_not_asked(towns, url):
    towns.tables["travel_times"] = pd.DataFrame(
        {"customer": ["E1"], "rep": ["West"], "minutes": ["7"]}, dtype="str"
    )
    scenario = with_road_times(asking(towns, url))
    way = scenario.travel_times.set_index(["customer", "rep"])["minutes"]
    assert way["E1", "West"] == 7
    assert known_pairs(scenario) == (12, 0)


@pytest.mark.parametrize(
    ("status", "wrong", "said"),
    [
        (400, {"code": "TooBig", "message": "Too many table coordinates"}, "Too many table coordinates"),
        (500, "", "answers with status 500"),
        (200, {"code": "NoTable", "message": "nothing here"}, "nothing here"),
        (200, {"code": "Ok"}, "holds no table"),
        (200, [1], "no object"),
    ],
)
def test_what_is_no_answer_is_said(towns, url, status, wrong, said):
    Server.status, Server.wrong = status, wrong
    with pytest.raises(InputError, match=said) as caught:
        with_road_times(asking(towns, url))
    assert caught.value.problems[0].place == "scenario.toml, travel.osrm_url"


def test_a_server_that_is_not_there_is_said(towns):
    with pytest.raises(InputError, match="cannot be reached") as caught:
        with_road_times(asking(towns, "http://127.0.0.1:9"), seconds=2)
    assert "start the server" in str(caught.value)


def test_without_a_server_nothing_is_asked(towns):
    scenario = build(towns)
    assert with_road_times(scenario) is scenario
