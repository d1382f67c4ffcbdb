"""A bad line: a proxy between a client and the live server that cuts, doubles, delays and reorders requests.

    with BadLine(live_server) as line:
        line.faults = iter([Cut(0.5), None, CutAnswer(0.1), Double(), Late()])
        …talk to line.url…

Every request of `line.troubled` (a predicate on its first line) takes the next fault; None lets it pass, and so does the
end of the faults. Each request has a connection of its own to the server.
"""

import re
import socket
import threading
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice

PATIENCE = 30  # seconds


@dataclass(frozen=True)
class Cut:
    """Only this share of the request reaches the server; then the line is dead on both sides."""

    share: float


@dataclass(frozen=True)
class CutAnswer:
    """The server does its work; only this share of its answer reaches the client."""

    share: float


@dataclass(frozen=True)
class Double:
    """The server gets the same bytes twice; the client hears the second answer."""


@dataclass(frozen=True)
class Late:
    """The client loses the line at once; the server gets the request after the next one that passes."""


class BadLine:
    def __init__(self, live_server):
        self.server = (live_server.thread.host, live_server.thread.port)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://localhost:{self.listener.getsockname()[1]}"
        self.faults = iter(())
        self.troubled = lambda first_line: True
        self.happened = []  # the faults so far
        self.late = []  # requests that the server has not seen yet
        self.lock = threading.Lock()

    def __enter__(self):
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *error):
        self.listener.close()

    def _accept(self):
        with suppress(OSError):  # closed
            while True:
                client, _ = self.listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        client.settimeout(PATIENCE)
        with client, suppress(OSError):
            request = read_request(client)
            if request:
                self._carry(request, client)

    def _carry(self, request, client):
        match self._next_fault(request):
            case Cut(share):
                self._ask(request[: int(len(request) * share)], cut=True)
            case CutAnswer(share):
                answer = self._ask(request)
                client.sendall(answer[: int(len(answer) * share)])
            case Double():
                self._ask(request)
                client.sendall(self._ask(request))
            case Late():
                with self.lock:
                    self.late.append(request)
            case None:
                client.sendall(self._ask(request))
                self.deliver_late()

    def _next_fault(self, request):
        first_line = request.partition(b"\r\n")[0].decode()
        if not self.troubled(first_line):
            return None
        with self.lock:
            fault = next(self.faults, None)
            if fault is not None:
                self.happened.append(fault)
        return fault

    def deliver_late(self):
        """Hand the server what it should have got earlier. Nobody hears its answers."""
        with self.lock:
            late, self.late = self.late, []
        for request in late:
            self._ask(request)

    def _ask(self, request, *, cut=False):
        """The server's whole answer, or what it says to half a request."""
        with socket.create_connection(self.server, timeout=PATIENCE) as server, suppress(ConnectionError):
            server.sendall(request)
            if cut:
                server.shutdown(socket.SHUT_WR)
            return b"".join(iter(lambda: server.recv(65536), b""))
        return b""


def read_request(client):
    """One whole request, asking the server to close the connection behind its answer."""
    data = b""
    while b"\r\n\r\n" not in data:
        more = client.recv(65536)
        if not more:
            return b""
        data += more
    head, _, body = data.partition(b"\r\n\r\n")
    length = re.search(rb"(?im)^content-length: *(\d+)", head)
    while length and len(body) < int(length[1]):
        more = client.recv(65536)
        if not more:
            return b""
        body += more
    head = re.sub(rb"(?im)^connection:.*\r\n", b"", head + b"\r\n")
    return head + b"Connection: close\r\n\r\n" + body


def shares(number):
    """So many places to cut at, from the first byte to the last, in an order that jumps about."""
    return [(step * 0.618034) % 1 for step in range(1, number + 1)]


def weather(number):
    """So many faults of every kind, each followed by a request that passes now and then so that something gets on."""
    places = iter(shares(number))
    kinds = [Cut, CutAnswer, Double, Cut, Late, CutAnswer]
    for index, place in enumerate(islice(places, number)):
        kind = kinds[index % len(kinds)]
        yield kind(place) if kind in (Cut, CutAnswer) else kind()
        if index % 3 == 2:
            yield None
