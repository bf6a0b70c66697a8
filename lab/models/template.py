"""The chat template, in one place: training and serving both render through here, so they cannot drift apart."""

from __future__ import annotations

import re
from collections.abc import Iterable

DEFAULT_SYSTEM = (
    "You are a helpful AI assistant named SmolLM, trained by Hugging Face"  # the model's own, word for word
)
END_OF_TURN = "<|im_end|>"
Turn = tuple[str, str]  # role (system, user or assistant) and content
# No token stands for these bytes: serving would read an end-of-text mark, and training nothing at all. Half a surrogate
# pair (what Python makes of invalid UTF-8 in a file name or an argument) is no text to begin with.
_NO_TOKEN = re.compile("[\x04\x06\x13\x14\x16\x1d\ud800-\udfff\U00040000-\U0010ffff]")


def neutralise(content: str) -> str:
    """Content as plain text: the template's control marks in a document or a question must not open a new turn."""
    return _NO_TOKEN.sub("\ufffd", content.replace("<|", "< |"))


def render(turns: Iterable[Turn], *, opening: str | None = "") -> str:
    """The exact text the model reads: every turn, then the assistant's turn begun with `opening`.

    With `opening=None` the last turn is left closed (a whole training example). Equals the template stored in the
    weights file (ChatML); tests/models compare the token ids of both.
    """
    turns = list(turns)
    if not turns or turns[0][0] != "system":
        turns.insert(0, ("system", DEFAULT_SYSTEM))
    text = "".join(f"<|im_start|>{role}\n{neutralise(content)}{END_OF_TURN}\n" for role, content in turns)
    return text if opening is None else f"{text}<|im_start|>assistant\n{opening}"
