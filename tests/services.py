"""Run a command with a PostgreSQL and a Redis of its own.

    python tests/services.py -- .venv/bin/pytest -x

Both listen on free loopback ports and keep their files in a temporary directory. The command finds them in DATABASE_URL
and REDIS_URL; they go away with it, and its exit code becomes ours.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack, suppress
from pathlib import Path

PATIENCE = 20  # seconds to start, and after each request to stop


def postgres_programs() -> Path:
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    found = versions[-1] if versions else shutil.which("initdb")
    return Path(found).parent if found else sys.exit("PostgreSQL is missing: apt-get install postgresql")


def free_ports(number: int) -> list[int]:
    with ExitStack() as stack:  # all held at once, so that they differ
        return [stack.enter_context(socket.create_server(("127.0.0.1", 0))).getsockname()[1] for _ in range(number)]


def answers_ping(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1) as connection:
            connection.sendall(b"PING\r\n")
            return connection.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def stop(process: subprocess.Popen, *signals: int) -> None:
    """Ask with each signal in turn, then kill."""
    for number in (*signals, signal.SIGKILL):
        if process.poll() is not None:
            return
        process.send_signal(number)
        with suppress(subprocess.TimeoutExpired):
            process.wait(PATIENCE)


class Interrupted(BaseException):
    """Raised by the first signal; later ones do not disturb the tidying up."""


def interrupt(number: int, _frame) -> None:
    on_signals(signal.SIG_IGN)
    raise Interrupted(number)


def on_signals(handler) -> None:
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, handler)


class Services:
    """PostgreSQL and Redis for the length of a with block."""

    def __enter__(self) -> dict[str, str]:
        self.running = []
        self.home = Path(tempfile.mkdtemp(prefix="portal-", dir="/tmp"))
        try:
            return self.start()
        except BaseException:
            self.__exit__()
            raise

    def __exit__(self, *_) -> None:
        on_signals(signal.SIG_IGN)
        for process, number in reversed(self.running):
            stop(process, number)
        shutil.rmtree(self.home, ignore_errors=True)

    def start(self) -> dict[str, str]:
        programs = postgres_programs()
        redis = shutil.which("redis-server") or sys.exit("Redis is missing: apt-get install redis-server")
        # A session of their own: Ctrl-C is for the command.
        self.how = {"cwd": self.home, "stdin": subprocess.DEVNULL, "start_new_session": True}
        if os.getuid() == 0:  # PostgreSQL refuses to run as root
            shutil.chown(self.home, "postgres", "postgres")
            self.how |= {"user": "postgres", "group": "postgres", "extra_groups": []}
        data = self.home / "data"
        subprocess.run(
            [programs / "initdb", "--pgdata", data, "--username", "postgres", "--auth", "trust"]
            + ["--locale", "C.UTF-8", "--encoding", "UTF8", "--no-sync"],
            check=True,
            stdout=subprocess.DEVNULL,
            **self.how,
        )
        postgres_port, redis_port = free_ports(2)
        options = {
            "listen_addresses": "127.0.0.1",
            "port": postgres_port,
            "unix_socket_directories": self.home,
            "shared_preload_libraries": "",
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
        }
        settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        ready = [programs / "pg_isready", "--quiet", "--host", self.home, "--port", str(postgres_port)]
        self.launch(
            [programs / "postgres", "-D", data, *settings],
            signal.SIGINT,  # its "fast" shutdown
            lambda: subprocess.run(ready).returncode == 0,
        )
        self.launch(
            [redis, "--bind", "127.0.0.1", "--port", str(redis_port), "--save", "", "--appendonly", "no"],
            signal.SIGTERM,
            lambda: answers_ping(redis_port),
        )
        return {
            "DATABASE_URL": f"postgres://postgres@127.0.0.1:{postgres_port}/postgres",
            "REDIS_URL": f"redis://127.0.0.1:{redis_port}/0",
        }

    def launch(self, command: list, stop_signal: int, is_ready) -> None:
        log = self.home / f"{Path(command[0]).name}.log"
        with log.open("wb") as out:
            process = subprocess.Popen(command, stdout=out, stderr=out, **self.how)
        self.running.append((process, stop_signal))
        deadline = time.monotonic() + PATIENCE
        while not is_ready():
            if process.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"{command[0]} did not start:\n{log.read_text(errors='replace')[-2000:]}")
            time.sleep(0.05)


def run(command: list[str], environment: dict[str, str]) -> int:
    try:
        process = subprocess.Popen(command, env=os.environ | environment)
    except OSError as error:
        print(f"{command[0]}: {error.strerror}", file=sys.stderr)
        return 127
    try:
        code = process.wait()
    except Interrupted as interrupted:
        if interrupted.args[0] == signal.SIGINT and sys.stdin.isatty():  # the terminal has told it too
            with suppress(subprocess.TimeoutExpired):
                process.wait(PATIENCE)
        stop(process, signal.SIGINT, signal.SIGTERM)  # SIGINT first: pytest then runs its teardown
        raise
    return code if code >= 0 else 128 - code


def main(arguments: list[str]) -> int:
    if len(arguments) < 2 or arguments[0] != "--":
        print("usage: python tests/services.py -- COMMAND [ARGUMENT…]", file=sys.stderr)
        return 2
    on_signals(interrupt)
    try:
        with Services() as environment:
            return run(arguments[1:], environment)
    except Interrupted as interrupted:
        return 128 + interrupted.args[0]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
