"""Half an upload is not an upload."""

from django.core.exceptions import BadRequest

WHOLE = -1


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

    def read(self, size=WHOLE, /):
        if size is None or size < 0:
            return b"".join(iter(lambda: self._take(self.stream.read, self.left), b""))
        return self._take(self.stream.read, size)

    def readline(self, size=WHOLE, /):
        return self._take(self.stream.readline, self.left if size is None or size < 0 else size)

    def close(self):
        self.stream.close()

    def _take(self, read, size):
        size = min(size, self.left)
        if not size:
            return b""
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
