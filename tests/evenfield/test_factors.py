"""What a statement shows, a calculator gets: to the cent."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from evenfield.factors import decimal, factor, percent, told
from simulation.paying.exact import half_up

AMOUNTS = st.lists(st.integers(1, 10**10), min_size=1, max_size=4)


def test_a_rate_has_the_digits_it_takes():
    # 2.25089 % of 428,500.00 would be 9,645.06; 9,645.08 needs one digit more.
    (rate,) = told([Fraction(10000, 444268)], [428_500_00], 964_508, 6)
    assert half_up(rate * 428_500_00) == 964_508
    assert percent(rate) == "2.250894%"
    assert [percent(r) for r in told([Fraction(1, 3)], [10], 3, 3)] == ["33.3%"]
    assert [percent(r) for r in told([Fraction(1, 3)], [1_000_000], 333_333, 3)] == ["33.3333%"]


def test_factors_are_written_whole():
    assert [factor(n) for n in (1_000_000, 1_378_125, 0)] == ["1", "1.378125", "0"]
    assert decimal(Fraction(12_345, 10)) == "1,234.5"


@given(AMOUNTS, st.integers(1, 10**6), st.integers(1, 10**6), st.integers(-2, 2))
def test_products_add_up_to_what_is_paid(amounts, up, down, off):
    rates = [Fraction(up, down + n) for n in range(len(amounts))]
    total = half_up(sum(r * a for r, a in zip(rates, amounts, strict=True))) + off
    shown = told(rates, amounts, total, 3)
    assert half_up(sum(r * a for r, a in zip(shown, amounts, strict=True))) == total
