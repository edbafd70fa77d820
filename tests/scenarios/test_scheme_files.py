"""Schemes as files: everything wrong comes at once, with file, key, value and remedy."""

import pytest

from scenarios import InputError, read
from scenarios.building import build
from scenarios.pay_elements import Bonus, Commission
from scenarios.scheme import Scheme
from scenarios.scheme_files import find_scheme, fitting_scheme, judged_scheme, read_scheme
from scenarios.scheme_reading import reading_of, scheme_of

GOOD = """
[elements.commission]
kind = "commission"
weight = 0.7
[elements.bonus]
kind = "bonus"
weight = 0.3
"""


def problems(raw):
    scheme, found = scheme_of(raw, "p.toml")
    assert (scheme is None) == bool(found)
    return [str(problem) for problem in found]


def test_a_file_has_the_keys_of_the_scheme_and_gives_it_its_name(tmp_path):
    (tmp_path / "field.toml").write_text(GOOD, encoding="utf-8")
    elements = {"commission": Commission(weight=0.7), "bonus": Bonus(weight=0.3)}
    assert read_scheme(tmp_path / "field.toml") == Scheme(name="field", elements=elements)


def test_a_name_is_looked_for_in_the_scenarios_folder(tmp_path):
    (tmp_path / "schemes").mkdir()
    (tmp_path / "schemes" / "field.toml").write_text(GOOD, encoding="utf-8")
    assert find_scheme("field", tmp_path) == tmp_path / "schemes" / "field.toml"
    with pytest.raises(InputError, match=r"scheme: no such file; did you mean 'field'\? \(found 'feild'\)"):
        read_scheme("feild", tmp_path)


def test_every_element_says_what_is_wrong_with_it_although_others_are_broken():
    wrong = {
        "a": {"kind": "comission", "weight": 1},
        "b": {"kind": "bonus", "weigth": 0.5},
        "c": {"kind": "commission", "weight": 0.5, "amount": 3},
        "d": {"kind": "bonus", "weight": 0.1, "steps": [{"at": 1, "pays": 1}, {"at": "x", "pays": 1}]},
        "e": {"weight": 1},
        "f": 3,
    }
    assert problems({"elements": wrong}) == [
        "p.toml, elements.a, kind: no such kind of element; did you mean 'commission'? (found 'comission')",
        "p.toml, elements.b, weigth: unknown setting; did you mean 'weight'? (found '0.5')",
        "p.toml, elements.c, amount: give either weight or amount (found '3')",
        "p.toml, elements.d, steps number 2, at: must be a number such as 1234.5 (found 'x')",
        "p.toml, elements.e, kind: say what kind of element it is: one of commission, bonus, team bonus, "
        "scorecard, spiff, contest, penalty",
        "p.toml, elements.f: must be a group of settings (found '3')",
    ]


def test_misspelled_keys_are_guessed_at_every_depth():
    steps = {"kind": "bonus", "weight": 1, "steps": [{"at": 1, "pay": 1}], "gates": [{"mesure": "cost"}]}
    found = problems({"elements": {"b": steps}, "most_incentiv": 2, "windfall": {"abve": 2}})
    assert "p.toml, most_incentiv: unknown setting; did you mean 'most_incentive'? (found '2')" in found
    assert "p.toml, windfall, abve: unknown setting; did you mean 'above'? (found '2')" in found
    assert (
        "p.toml, elements.b, steps number 1, pay: unknown setting; did you mean 'pays'? (found '1')" in found
    )
    assert (
        "p.toml, elements.b, gates number 1, mesure: unknown setting; did you mean 'measure'? (found 'cost')"
        in found
    )
    assert len(found) == 5  # and `pays` is missing


def test_terms_are_checked_against_sound_elements_and_keep_their_numbers():
    raw = {
        "elements": {"b": {"kind": "bonus", "weight": 1, "roles": ["support"], "x": 1}},
        "draws": [{"amount": 0}, {"amount": 1, "roles": ["manger"]}, {"amount": 1, "roles": ["support"]}],
        "differentials": [{"times": 1.1, "elements": ["b", "c"]}],
    }
    assert problems(raw) == [
        "p.toml, draws number 1, amount: must be greater than 0 (found '0')",
        "p.toml, elements.b, x: unknown setting; one of " + ", ".join(Bonus.model_fields) + " (found '1')",
        "p.toml, differentials number 1, elements: no such element; one of b (found 'c')",
        "p.toml, draws number 2, roles: the scheme pays nothing to manger; one of support (found 'manger')",
    ]


def test_weights_are_not_summed_where_one_of_them_could_not_be_read():
    broken = {"kind": "bonus", "weight": "half"}
    sound = {"kind": "commission", "weight": 0.5}
    assert len(problems({"elements": {"a": broken, "b": sound}})) == 1
    assert problems({"elements": {"b": sound}}) == [
        "p.toml, elements of rep: weights of b must add up to 1 (found '0.5')"
    ]


def test_weights_may_be_judged_later(tmp_path):
    (tmp_path / "half.toml").write_text('[elements.b]\nkind = "bonus"\nweight = 0.5\n', encoding="utf-8")
    judged = judged_scheme(tmp_path / "half.toml")
    assert [problem.value for problem in judged.weights] == ["0.5"]
    assert list(judged.scheme.elements) == ["b"]
    with pytest.raises(InputError):
        read_scheme(tmp_path / "half.toml")


@pytest.mark.parametrize("raw", [3, [], "x"])
def test_a_scheme_that_is_no_group_at_all(raw):
    assert problems(raw) == [f"p.toml: must be a group of settings (found '{raw}')"]
    assert problems({"elements": raw})[0].startswith("p.toml, elements: must be a group of settings")
    assert problems({"elements": {}}) == ["p.toml, elements: a scheme needs at least one element"]


def test_without_elements_it_is_a_commission():
    assert reading_of({}, "p.toml").scheme == Scheme()


def test_errors_of_a_scenarios_scheme_come_one_by_one(towns):
    wrong = {"a": {"kind": "bonus", "weight": 0.5, "amount": 2}, "b": {"kind": "bonus"}}
    towns.settings["scheme"] = {"elements": wrong}
    with pytest.raises(InputError) as caught:
        build(towns)
    assert [str(problem) for problem in caught.value.problems] == [
        "scenario.toml, scheme.elements.a, amount: give either weight or amount (found '2')",
        "scenario.toml, scheme.elements.b, weight: say what it is worth: weight (of the target incentive) or "
        "amount (money)",
    ]


def test_one_wrong_value_hides_no_other_fault_of_its_element():
    wrong = {
        "c": {"kind": "comission", "weight": 60, "tires": [{"at": 0, "rate": 1}, {"at": 0, "rate": 2}]},
        "k": {"kind": "scorecard", "weight": "x", "steps": [{"at": 1, "pays": 1}, {"at": 0.9, "pays": 1}],
              "items": [{"measure": "satisfacton", "weight": 1}]},
        "r": {"kind": "contest", "prizes": [1, 2], "period": "week", "gates": []},
    }  # fmt: skip
    found = [problem.removeprefix("p.toml, elements.") for problem in problems({"elements": wrong})]
    assert [problem.split(":")[0] for problem in found] == [
        "c, kind", "c, tires", "c, weight", "c, tiers", "k, weight", "k, items number 1, measure", "k, steps",
        "r, gates", "r, period", "r, prizes",
    ]  # fmt: skip
    assert "r, gates: a contest has no gates; take it out (found '[]')" in found


def test_what_could_not_be_read_is_not_said_to_be_missing():
    worth = {"kind": "bonus", "weight": "half"}
    goal = {"kind": "bonus", "amount": 1, "measure": "new_customers", "goal": "last yer", "goal_share": 1.1}
    assert len(problems({"elements": {"a": worth}})) == 1
    found = problems({"elements": {"b": goal}})
    assert found
    assert not any("goal_share" in problem for problem in found)


def test_what_does_not_fit_a_scenario_comes_with_what_is_wrong_in_the_file(tmp_path):
    file, two_towns = tmp_path / "p.toml", read("two_towns")
    lines = '[elements.s]\nkind = "spiff"\nper_deal = 5\nlines = ["Nails"]\n'
    file.write_text(f'{lines}[elements.b]\nkind = "bonus"\nweight = "x"\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        fitting_scheme(file, two_towns)
    assert [problem.value for problem in caught.value.problems] == ["x", "Nails"]
    file.write_text(f'{lines}[elements.b]\nkind = "bonus"\nweight = 0.5\n', encoding="utf-8")
    with pytest.raises(InputError) as caught:
        fitting_scheme(file, two_towns)
    assert [problem.value for problem in caught.value.problems] == ["0.5", "Nails"]
