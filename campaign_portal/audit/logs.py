"""What goes into the log: one line an event, with the request's id, as text or as JSON (PORTAL_LOG).

What a client sent may stand in a message, so nothing in it can begin a new line.
"""

import logging
import re
import time
from copy import copy
from datetime import datetime

from django.conf import settings
from django.core.exceptions import BadRequest, PermissionDenied, SuspiciousOperation
from django.http import Http404
from django.utils.functional import LazyObject
from pythonjsonlogger.json import JsonFormatter

from .context import current

REFUSALS = (BadRequest, Http404, PermissionDenied, SuspiciousOperation)
LINE_BREAKERS = {code: f"\\u{code:04x}" for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}


# What follows these in a path lets in whoever knows it, without signing in: no line says it, whoever writes the line.
SECRET = re.compile(r"(/deadlines/feed/)[^\s\"'?]+")

access = logging.getLogger("portal.access")


class RequestIdFilter(logging.Filter):
    """Puts the id on every record: of the request at hand, or of the one that Django logs about afterwards."""

    def filter(self, record):
        record.request_id = getattr(getattr(record, "request", None), "request_id", current().id)
        return True


def without_secrets(line):
    return SECRET.sub(r"\1…", line)


def without_traceback_of_refusals(record):
    """A traceback for errors of ours; a refused request is one line, as where it was refused says nothing new."""
    if record.exc_info and isinstance(record.exc_info[1], REFUSALS):
        record = copy(record)
        record.exc_info = record.exc_text = None
    return record


class LineFormatter(logging.Formatter):
    """A line of text an event. The lines of a traceback are set in, so that none of them looks like an event."""

    def format(self, record):
        return without_secrets(super().format(without_traceback_of_refusals(record)))

    def formatMessage(self, record):
        return super().formatMessage(record).translate(LINE_BREAKERS)

    def formatException(self, exc_info):
        return "\n".join(f"    {line}" for line in super().formatException(exc_info).splitlines())


class ObjectFormatter(JsonFormatter):
    """A JSON object an event. Only these fields: other extras carry whole requests, query string and all."""

    NAMES = {"levelname": "level", "name": "logger", "exc_info": "traceback"}
    ALWAYS = ("time", "level", "logger", "request_id", "message")
    KEPT = (*ALWAYS, "method", "path", "status", "ms", "user", "office", "address", "traceback")

    def __init__(self):
        super().__init__(["levelname", "name", "request_id", "message"], json_ensure_ascii=False)

    def format(self, record):
        return without_secrets(super().format(without_traceback_of_refusals(record)).translate(LINE_BREAKERS))

    def add_fields(self, log_data, record, message_dict):
        super().add_fields(log_data, record, message_dict)
        log_data["time"] = datetime.fromtimestamp(record.created).astimezone().isoformat(timespec="milliseconds")

    def process_log_record(self, log_data):
        named = {self.NAMES.get(name, name): value for name, value in log_data.items()}
        return {name: named[name] for name in self.KEPT if name in named}


class AccessLogMiddleware:
    """One line a request, static files aside: who asked for what and how it ended. Never the query string, which may
    hold names that somebody searched for."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        began = time.monotonic()
        response = self.get_response(request)
        if not request.path.startswith(settings.STATIC_URL):
            user = _user_of(request)
            facts = {
                "method": request.method,
                "path": request.path,
                "status": response.status_code,
                "ms": round((time.monotonic() - began) * 1000),
                "user": getattr(user, "pk", None),
                "office": getattr(user, "office_id", None),
                "address": current().address,
            }
            access.info(
                "%(method)s %(path)s %(status)s %(ms)s ms user=%(user)s office=%(office)s from=%(address)s",
                facts,
                extra=facts,
            )
        return response


def _user_of(request):
    """Who is signed in, as far as this request has already found out: logging asks the database nothing."""
    user = getattr(request, "user", None)
    return getattr(request, "_cached_user", None) if isinstance(user, LazyObject) else user
