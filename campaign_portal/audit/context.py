"""What is known about the request at hand: its id and where it came from. Read by audit.record and by the log."""

import logging
import uuid
from contextvars import ContextVar
from copy import copy
from typing import NamedTuple

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404


class RequestContext(NamedTuple):
    id: str
    address: str


NO_REQUEST = RequestContext(id="-", address="")
_current: ContextVar[RequestContext] = ContextVar("request", default=NO_REQUEST)


def current() -> RequestContext:
    return _current.get()


class RequestContextMiddleware:
    """Gives each request an id (also sent back as X-Request-ID) and settles the client's address once.

    Behind our own proxy (PORTAL_BEHIND_PROXY=1) the address is the last one in X-Forwarded-For, the only one that the
    proxy itself wrote; everything to its left is the client's word.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if settings.BEHIND_PROXY and (forwarded := request.META.get("HTTP_X_FORWARDED_FOR")):
            request.META["REMOTE_ADDR"] = forwarded.split(",")[-1].strip()
        context = RequestContext(id=uuid.uuid4().hex[:16], address=request.META.get("REMOTE_ADDR", ""))
        token = _current.set(context)
        try:
            response = self.get_response(request)
        finally:
            _current.reset(token)
        response["X-Request-ID"] = context.id
        return response


class RequestIdFilter(logging.Filter):
    def filter(self, record):
        record.request_id = current().id
        return True


class LineFormatter(logging.Formatter):
    """A traceback for errors of ours; a refused request is one line, as where it was refused says nothing new."""

    REFUSALS = (BadRequest, Http404, PermissionDenied, SuspiciousOperation)

    def format(self, record):
        if record.exc_info and isinstance(record.exc_info[1], self.REFUSALS):
            record = copy(record)
            record.exc_info = record.exc_text = None
        return super().format(record)
