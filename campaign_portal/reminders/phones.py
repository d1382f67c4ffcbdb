"""Phone numbers as people write them."""

import re

MOBILE = re.compile(r"1[3-9]\d{9}")


def mobile(phone):
    """The number as SMS gateways want it, or "" for one that no SMS reaches."""
    digits = re.sub(r"[\s\-()（）]", "", phone).removeprefix("+86")
    return digits if MOBILE.fullmatch(digits) else ""
