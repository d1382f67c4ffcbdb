"""A real HTTP server on this machine, as a group robot or an SMS gateway answers."""

import json
import ssl
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import NamedTuple


class Call(NamedTuple):
    method: str
    path: str
    headers: dict
    body: bytes

    def json(self):
        return json.loads(self.body)


class WebServer:
    """HTTP on a free loopback port for the length of a with block; with `certificate`, HTTPS. `calls` are what came in."""

    def __init__(self, answer=None, *, status=200, headers=None, certificate=None):
        self.calls, self.status, self.headers = [], status, headers or {}
        self.answer = answer if answer is not None else {"errcode": 0, "errmsg": "ok"}
        self.let_go = threading.Event()  # what a slow answer waits for
        self.is_slow = False
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.server.daemon_threads = True
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        self.port = self.server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"{'https' if certificate else 'http'}://{self.host}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.let_go.set()
        self.server.shutdown()
        self.server.server_close()

    def _handler(self):
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("Content-Length", 0))
                outer.calls.append(Call(self.command, self.path, dict(self.headers), self.rfile.read(length)))
                if outer.is_slow:
                    outer.let_go.wait(30)
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                text = outer.answer if isinstance(outer.answer, str) else json.dumps(outer.answer)
                self.wfile.write(text.encode())

            do_GET = do_POST

            def log_message(self, *_):
                pass

        return Handler
