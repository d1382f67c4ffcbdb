"""How a channel says that a message did not arrive, or that nobody knows. The sentences stand on the page of deliveries."""


class Failed(Exception):
    """It was not sent. `is_permanent`: it will not be sent by trying again. `is_down`: nothing can be sent this way now."""

    def __init__(self, sentence, *, is_permanent=False, is_down=False):
        super().__init__(sentence)
        self.is_permanent, self.is_down = is_permanent, is_down


class Unanswered(Exception):
    """It was handed over, but the answer got lost: it may have arrived."""
