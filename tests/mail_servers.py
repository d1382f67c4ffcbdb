"""A real SMTP server on this machine that behaves as it is told."""

import asyncio
import email
import email.policy
import threading

from aiosmtpd.controller import Controller

from .services import free_ports

TAKE, BUSY, UNKNOWN, HANG, HANG_UP, SLOW = "take", "busy", "unknown", "hang", "hang up", "slow"


class MailServer:
    """SMTP on a free loopback port for the length of a with block. `letters` are what came with DATA, in order."""

    def __init__(self, behaviour=TAKE):
        self.behaviour = behaviour
        self.letters = []
        self.let_go = threading.Event()  # what a slow answer waits for
        (self.port,) = free_ports(1)
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    def __enter__(self):
        self.controller.start()
        return self

    def __exit__(self, *_):
        self.controller.stop()

    # What aiosmtpd asks

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if self.behaviour == BUSY:
            return "451 try later"
        if self.behaviour == UNKNOWN:
            return "550 no such user here"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        self.letters.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        if self.behaviour == HANG_UP:
            server.transport.abort()
        if self.behaviour in (HANG, HANG_UP):
            await asyncio.sleep(3600)  # ended with its connection
        while self.behaviour == SLOW and not self.let_go.is_set():
            await asyncio.sleep(0.02)
        return "250 taken"

    def subjects(self):
        return [letter["Subject"] for letter in self.letters]
