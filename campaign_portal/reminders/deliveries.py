"""How a message reaches people outside the inbox: one Delivery for each channel and address, one Attempt for each call."""


def arrange(message):
    """Make the deliveries that a new message needs. Runs in the transaction that makes the message."""
