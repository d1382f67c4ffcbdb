"""Half an upload is not an upload."""

from django.core.exceptions import BadRequest


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
