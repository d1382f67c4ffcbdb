"""Ways out of the portal behind one call: `send(attempt)`. Each channel is a module with a `send` of its own."""

from ..models import Delivery
from . import mail, robots, sms
from .errors import Failed, Unanswered

__all__ = ["Failed", "Unanswered", "send"]

C = Delivery.Channel
SENDERS = {C.EMAIL: mail.send, C.SMS: sms.send, C.ROBOT: robots.send}


def send(attempt) -> str:
    """Call the channel of an attempt. Returns what it answered; raises Failed or Unanswered."""
    return SENDERS[attempt.delivery.channel](attempt)
