from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn as luhn_by_the_library
from stdnum.iso7064 import mod_97_10

from rules.checkdigits import luhn, mod_97

DIGITS = st.text("0123456789", min_size=2, max_size=20)


@given(DIGITS)
def test_luhn_says_what_the_library_says(digits):
    assert luhn(digits) == luhn_by_the_library.is_valid(digits)
    whole = digits + luhn_by_the_library.calc_check_digit(digits)
    assert luhn(whole)


@given(st.text("0123456789ABCXYZ", min_size=4, max_size=34))
def test_the_remainder_of_ninety_seven_is_what_the_library_says(number):
    assert mod_97(number) == mod_97_10.is_valid(number)
    assert mod_97(number + mod_97_10.calc_check_digits(number))


@given(
    st.text(max_size=12).filter(lambda text: not (text.isascii() and text.isalnum() and text == text.upper()))
)
def test_what_is_no_number_has_no_right_check_digit(text):
    assert not luhn(text)
    assert not mod_97(text)
