"""Half an upload is not an upload, and a form sent twice is one form."""

from django.contrib.messages import get_messages
from django.core.exceptions import BadRequest
from django.http import JsonResponse

from . import outbox


class CutShort(BadRequest):
    """The connection broke before the whole request had arrived. Answered with 400, in case somebody still listens."""


class WholeBodyMiddleware:
    """Refuses a request whose body ends before its announced length.

    A web server hands on what has arrived as if that were all, and Django's parsers take the end of the bytes for the
    end of the form: half a comment would be saved as the comment.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and hasattr(request, "_stream"):  # Django offers no public way to the unread body
            request._stream = WholeStream(request._stream, int(length))
        return self.get_response(request)


class WholeStream:
    """A stream of `length` bytes that raises CutShort if they do not all come."""

    def __init__(self, stream, length):
        self.stream, self.length, self.left = stream, length, length

    def read(self, size=-1, /):
        wanted = self._at_most(size)
        parts = []
        while wanted:  # Django takes one read for everything, so a short one must not pass
            parts.append(self._take(self.stream.read, wanted))
            wanted -= len(parts[-1])
        return b"".join(parts)

    def readline(self, size=-1, /):
        wanted = self._at_most(size)
        return self._take(self.stream.readline, wanted) if wanted else b""

    def close(self):
        self.stream.close()

    def _at_most(self, size):
        return self.left if size is None or size < 0 else min(size, self.left)

    def _take(self, read, size):
        try:
            data = read(size)
        except OSError as error:
            raise self._cut_short() from error
        if not data:
            raise self._cut_short()
        self.left -= len(data)
        return data

    def _cut_short(self):
        return CutShort(f"Connection cut: {self.length - self.left} of {self.length} bytes arrived")


class OutboxMiddleware:
    """What a phone sends in somebody's name is done only in that person's session, and only once (see outbox.py).

    Stands behind every middleware that may lead elsewhere instead of calling the view: a redirect that arrives here is the
    view's own.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        sender = request.headers.get("X-Portal-User")
        if sender is not None and sender != str(request.user.pk):
            return JsonResponse({"error": "请用原来的账号登录，登录后继续发送。"}, status=401)
        if not outbox.key_of(request) or not request.user.is_authenticated:
            return self.get_response(request)
        if receipt := outbox.earlier_receipt(request):
            return outbox.done(receipt)
        told_before = len(get_messages(request))
        response = self.get_response(request)
        return outbox.settle(request, response, told_before=told_before) if response.status_code == 302 else response
