"""What every form keeps of a text that somebody typed or pasted."""

import pytest

from campaign_portal.fields import PlainText


@pytest.mark.parametrize("typed", ["一段\r\n二段", "一段\r二段", "一段\n二段"])
def test_every_kind_of_line_break_becomes_one(typed):
    assert PlainText().clean(typed) == "一段\n二段"


def test_control_characters_go_and_everything_else_stays():
    assert PlainText().clean("\x00灭火器🧯\t过期\x1b\x7f\x85 é") == "灭火器🧯\t过期 é"


def test_an_empty_text_is_what_the_column_calls_empty():
    assert PlainText(required=False).clean("") == ""
    assert PlainText(required=False, empty_value=None).clean("") is None


def test_a_text_is_measured_without_what_goes():
    assert PlainText(max_length=3).clean("一\r\n二") == "一\n二"
