import pytest

from evenfield.money import exact, short, symbol


@pytest.mark.parametrize(
    ("amount", "written"),
    [
        (73_104_672, "$73.1 million"),
        (9_870_000, "$9.87 million"),
        (999_960, "$1.00 million"),
        (999_400, "$999 thousand"),
        (1_250_000_000, "$1.25 billion"),
        (812, "$812"),
        (0, "$0"),
        (-2_500_000, "-$2.50 million"),
        (float("nan"), "—"),
    ],
)
def test_a_sentence_gets_three_digits_and_the_size_in_words(amount, written):
    assert short(amount, "USD") == written


def test_a_table_gets_every_unit():
    assert exact(73_104_672, "USD") == "$73,104,672"
    assert exact(-1200, "USD") == "-$1,200"
    assert exact(-0.2, "USD") == "$0"
    assert exact(float("nan"), "USD") == "—"


def test_a_currency_without_a_sign_of_its_own_is_written_as_its_code():
    assert exact(5, "CNY") == "¥5"
    assert exact(5, "CHF") == "CHF 5"
    assert symbol("") == ""
