"""A reply that must be one sentence, at its edges."""

from __future__ import annotations

import pytest

from lab.tuning.checks.sentences import CHECKS
from lab.tuning.schema import Fields


def is_one(reply: str) -> tuple[bool, str]:
    return CHECKS["one_sentence"](Fields({}, "style.yaml"))({}, reply)


@pytest.mark.parametrize(
    "reply",
    [
        "It costs £4.50.",
        " The doors open at 8 a.m. on weekdays.\n",
        "Who knows?",
        "“It is shut.”",
        "Ask at no. twelve, or ring us!",
        "It is in Dr. beyond doubt.",
    ],
)
def test_one_sentence_passes(reply: str) -> None:
    assert is_one(reply) == (True, "Is one sentence")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "The reply is empty"),
        ("It is shut. Come back later.", "Goes on after the first sentence, with “Come back later.”"),
        ("It is shut! 3 others are open.", "Goes on after the first sentence, with “3 others are open.”"),
        ("“It is shut.” “Oh.”", "Goes on after the first sentence, with “Oh.””"),
        ("It is shut.\nOh", "Goes over more than one line"),
        ("It is shut", "Ends with “It is shut”, not with a full stop"),
        ("£4", "Ends with “£4”, not with a full stop"),
    ],
)
def test_anything_else_fails_with_its_reason(reply: str, reason: str) -> None:
    assert is_one(reply) == (False, reason)
