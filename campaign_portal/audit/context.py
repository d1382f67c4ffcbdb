"""What is known about the request at hand: its id and where it came from. Read by audit.record and by the log."""

import re
import uuid
from contextlib import contextmanager
from contextvars import ContextVar
from typing import NamedTuple

from django.conf import settings


class RequestContext(NamedTuple):
    id: str
    address: str


NO_REQUEST = RequestContext(id="-", address="")
A_PROXYS_ID = re.compile(r"[0-9a-f]{8,32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII | re.IGNORECASE)

_current: ContextVar[RequestContext] = ContextVar("request", default=NO_REQUEST)


def current() -> RequestContext:
    return _current.get()


def new_id():
    return uuid.uuid4().hex[:16]


@contextmanager
def during(context):
    """Within the block `context` is the current one."""
    token = _current.set(context)
    try:
        yield context
    finally:
        _current.reset(token)


class RequestContextMiddleware:
    """Gives each request an id (also sent back as X-Request-ID) and settles the client's address once.

    Behind our own proxy (PORTAL_BEHIND_PROXY=1) the address is the last one in X-Forwarded-For, the only one that the
    proxy itself wrote; everything to its left is the client's word. The id is then the proxy's X-Request-ID, so that
    its log and ours tell of the same request, as long as it is a short hexadecimal number or a UUID.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.BEHIND_PROXY and (forwarded := request.META.get("HTTP_X_FORWARDED_FOR")):
            request.META["REMOTE_ADDR"] = forwarded.split(",")[-1].strip()
        with during(RequestContext(id=_id_of(request), address=request.META.get("REMOTE_ADDR", ""))) as context:
            request.request_id = context.id  # Django logs a refusal after the last middleware has ended
            response = self.get_response(request)
        response["X-Request-ID"] = context.id
        return response


def _id_of(request):
    given = request.META.get("HTTP_X_REQUEST_ID", "")
    return given if settings.BEHIND_PROXY and A_PROXYS_ID.fullmatch(given) else new_id()
