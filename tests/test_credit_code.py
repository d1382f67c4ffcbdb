"""A unified social credit code is checked by its own last character, and the message says what is wrong."""

import pytest
from django.core.exceptions import ValidationError

from facilities.credit_code import ALPHABET, check_character, validate_credit_code

# Published codes of large companies, and the example of the standard.
REAL = ["91350100M000100Y43", "9144030071526726XG", "914403001922038216", "91330100799655058B"]


def refusal(code):
    with pytest.raises(ValidationError) as error:
        validate_credit_code(code)
    return error.value.messages[0]


@pytest.mark.parametrize("code", REAL)
def test_a_code_as_printed_on_the_certificate_is_taken(code):
    validate_credit_code(code)


@pytest.mark.parametrize("code", ["", "9135", "91350100M000100Y434"])
def test_a_code_of_the_wrong_length_says_how_long_it_is(code):
    assert refusal(code) == f"统一社会信用代码应为 18 位，现在是 {len(code)} 位。"


@pytest.mark.parametrize("wrong", ["I", "O", "S", "V", "Z", "m", "０"])
def test_a_letter_that_no_code_contains_is_named(wrong):
    assert f"“{wrong}”" in refusal("91350100" + wrong + "000100Y43")


@pytest.mark.parametrize("place", range(17))
def test_one_wrong_character_anywhere_is_noticed(place):
    code = REAL[0]
    other = ALPHABET[(ALPHABET.index(code[place]) + 1) % 31]
    assert "校验位" in refusal(code[:place] + other + code[place + 1 :])


def test_two_neighbours_swapped_are_noticed():
    assert "校验位" in refusal("91350100M000010Y43")


def test_the_check_character_completes_any_body():
    body = "52431023MJJ000001"
    validate_credit_code(body + check_character(body))
