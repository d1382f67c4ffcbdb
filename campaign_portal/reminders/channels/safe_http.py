"""The one way to call another server: only named hosts, only public addresses, exactly the address that was checked.

What is typed on a page (a robot's address) ends here, so a name is resolved once, every address it has is looked at, and
the connection goes to that address with the certificate of the name. Nothing is redirected, no proxy is asked.
"""

import ipaddress
import json
import socket
import ssl
import time
from typing import NamedTuple
from urllib.parse import urlsplit

from django.conf import settings
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3 import exceptions as urllib3_errors

from .errors import Failed, Unanswered, cause

CONNECT, READ, WHOLE = 5, 10, 20  # seconds
MOST_BYTES = 64 * 1024
PORTS = {"https": 443, "http": 80}
NAT64 = ipaddress.ip_network("64:ff9b::/96")  # IPv4 addresses in IPv6 clothes


class Target(NamedTuple):
    """An address that may be called."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def named(self):
        """How a list of hosts names it: a port is written only where it is not the usual one."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == PORTS[self.scheme] else f"{host}:{self.port}"


class Answer(NamedTuple):
    status: int
    text: str

    def json(self):
        """The answer as a dict; empty where it is none."""
        try:
            read = json.loads(self.text)
        except ValueError:
            return {}
        return read if isinstance(read, dict) else {}


def check(url) -> Target:
    """The target that a URL names. Raises Failed, with a sentence, for one that may not be called. Resolves nothing."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        raise Failed("地址的写法不对。", is_permanent=True) from None
    if parts.scheme not in PORTS or not parts.hostname or parts.username is not None or not url.isascii():
        raise Failed("地址要以 https:// 开头，不含账号和口令。", is_permanent=True)
    path = f"{parts.path or '/'}{'?' + parts.query if parts.query else ''}"
    target = Target(parts.scheme, parts.hostname, port, path)
    if target.named not in settings.MESSAGE_HOSTS:
        raise Failed(f"{target.named} 不在允许发送消息的地址之列。", is_permanent=True)
    if target.scheme != "https" and target.named not in settings.PLAIN_HOSTS:
        raise Failed("地址要以 https:// 开头。", is_permanent=True)
    if any(ord(character) <= 32 or ord(character) == 127 for character in url):
        raise Failed("地址的写法不对。", is_permanent=True)
    return target


def call(method, url, *, headers=None, body=None) -> Answer:
    """Call an allowed address and return what it answered. Failed: not called. Unanswered: called, and no whole answer."""
    target = check(url)
    address = _address_of(target)
    pool = _pool(target, address)
    deadline = time.monotonic() + WHOLE
    try:
        response = pool.urlopen(
            method,
            target.path,
            body=body,
            headers={"Host": target.named, "User-Agent": "portal", "Connection": "close"} | (headers or {}),
            retries=False,
            redirect=False,
            preload_content=False,
            assert_same_host=False,
        )
        with response:
            return _answer(response, deadline)
    except (urllib3_errors.NewConnectionError, urllib3_errors.ConnectTimeoutError, urllib3_errors.SSLError) as error:
        raise Failed(f"连不上 {target.host}：{cause(error)}。", is_down=True) from None
    except (urllib3_errors.HTTPError, OSError) as error:
        raise Unanswered(f"{target.host} 没有答完：{cause(error)}。") from None
    finally:
        pool.close()


def _pool(target, address):
    timeout = Timeout(connect=CONNECT, read=READ)
    if target.scheme == "http":
        return HTTPConnectionPool(address, target.port, timeout=timeout)
    context = ssl.create_default_context()
    return HTTPSConnectionPool(
        address,
        target.port,
        timeout=timeout,
        ssl_context=context,
        server_hostname=target.host,
        assert_hostname=target.host,
    )


def _answer(response, deadline):
    if response.status in range(300, 400):
        raise Failed(f"对方转到别处（{response.status}），没有跟过去。", is_permanent=True)
    taken = b""
    while part := response.read1(8192):
        taken += part
        if len(taken) > MOST_BYTES:
            raise Unanswered("对方的回答太长，没有读完。")
        if time.monotonic() > deadline:
            raise Unanswered("对方答得太慢，没有等完。")
    if response.status >= 400:
        is_permanent = response.status < 500 and response.status not in (408, 429)
        raise Failed(f"对方回答 {response.status}。", is_permanent=is_permanent, is_down=response.status >= 500)
    return Answer(response.status, taken.decode("utf-8", "replace"))


def _address_of(target):
    """The address to connect to. If one of a name's addresses is not a public one, none is called."""
    try:
        found = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Failed(f"找不到 {target.host}，请检查域名解析。", is_down=True) from None
    addresses = [entry[4][0] for entry in found]
    if target.named not in settings.PRIVATE_HOSTS and not all(is_public(address) for address in addresses):
        raise Failed(f"{target.host} 指向内部地址，没有发送。", is_permanent=True)
    return addresses[0]


def is_public(text):
    """Whether an address is one of the public network: not this machine's, not the office network's, not a group's."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if address.version == 6:
        inner = address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
        if address in NAT64:
            inner = ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return address.is_global and not address.is_multicast and not address.is_reserved
