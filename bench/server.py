"""gunicorn on a free port for the length of a with block, and signed-in requests to it."""

import http.client
import os
import subprocess
import sys
import time
from contextlib import contextmanager

from tests.services import free_ports, stop


@contextmanager
def gunicorn(workers):
    """The port of a gunicorn that serves the bench settings."""
    (port,) = free_ports(1)
    command = [sys.executable, "-m", "gunicorn", "campaign_portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    options = ["--workers", str(workers), "--log-level", "warning", "--no-control-socket", "--timeout", "120"]
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "bench.settings"}
    process = subprocess.Popen(command + options, env=environment)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                get(port, "/accounts/sign-in/", "")
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)
        yield port
    finally:
        stop(process, 15)


def get(port, path, cookie, **headers):
    """(status, body) of one request on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=120)
    try:
        connection.request("GET", path, headers={"Cookie": cookie} | headers)
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def cookie_of(username):
    """A session of this user, as a Cookie header."""
    from campaign_portal.accounts.models import User
    from tests.builders import browser

    client = browser(User.objects.select_related("office__area").get(username=username))
    return f"sessionid={client.cookies['sessionid'].value}"
