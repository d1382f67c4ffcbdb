"""The floor: the same page when its rows, counts and choices come from memory. What is left is middleware and template."""

import sys
from contextlib import ExitStack
from importlib import import_module
from unittest import mock

HEADER = "X-Bench-Floor"
REMEMBERED = {
    "inspections.views.ledger": ("_page", "capped_counts", "ledger_of"),
    "campaign_portal.campaigns.views": ("_counted",),
}
answers = {}


class FloorMiddleware:
    """A request with the header is answered from what its first time asked of the database."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if HEADER not in request.headers:
            return self.get_response(request)
        with ExitStack() as stack:
            for path, names in REMEMBERED.items():
                import_module(path)
                module = sys.modules[path]  # not what import_module gives: a view may bear the module's name
                for name in names:
                    key = (name, request.user.pk, request.get_full_path())
                    stack.enter_context(mock.patch.object(module, name, remembered(getattr(module, name), key)))
            return self.get_response(request)


def remembered(function, key):
    """The function, answering the n-th call of a request as it did the n-th call of the first request of this key."""
    known = answers.setdefault(key, [])
    turn = iter(range(1_000_000))

    def answer(*args, **kwargs):
        number = next(turn)
        if number == len(known):
            known.append(function(*args, **kwargs))
        return known[number]

    return answer
