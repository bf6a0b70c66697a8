"""The one kind of error a person reads: its text is the message, so it says what happened and what to do next."""

from __future__ import annotations


class LabError(Exception):
    """Something went wrong that a learner can understand; `str(error)` is shown on the page and in the terminal."""


class BadInput(LabError):
    """What the person gave cannot be used; nothing was changed."""


class Busy(LabError):
    """The model's queue is full; `ahead` requests are waiting or running."""

    def __init__(self, ahead: int) -> None:
        self.ahead = ahead
        super().__init__(
            f"The model is busy: {ahead} requests are ahead of you. Wait a few seconds, then press the button again."
        )


class Cancelled(LabError):
    """The person stopped the work; whatever was ready by then is kept."""
