"""How a channel says that a message did not arrive, or that nobody knows. The sentences stand on the page of deliveries."""

import socket
import ssl

from urllib3 import exceptions as urllib3_errors

WORDS = [
    ((TimeoutError, urllib3_errors.ReadTimeoutError, urllib3_errors.ConnectTimeoutError), "等不到回答"),
    ((ssl.SSLError, urllib3_errors.SSLError), "证书或加密方式不对"),
    (socket.gaierror, "找不到这个主机"),
    ((ConnectionRefusedError, urllib3_errors.NewConnectionError), "对方没有开放"),
]


def cause(error):
    """Why a connection failed, in words."""
    return next((words for kinds, words in WORDS if isinstance(error, kinds)), "连接中断")


class Failed(Exception):
    """It was not sent. `is_permanent`: it will not be sent by trying again. `is_down`: nothing can be sent this way now."""

    def __init__(self, sentence, *, is_permanent=False, is_down=False):
        super().__init__(sentence)
        self.is_permanent, self.is_down = is_permanent, is_down


class Unanswered(Exception):
    """It was handed over, but the answer got lost: it may have arrived."""
