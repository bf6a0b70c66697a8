"""What every check is: a rule's verdict on a reply, or a judge's on whether the reply fits the message."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from typing import Any, Protocol

Inputs = Mapping[str, str]
Verdict = tuple[bool, str]  # whether it holds, and one line that says why
_APOSTROPHES = str.maketrans(dict.fromkeys("‘’‛ʼ′`´＇", "'"))


class Check(Protocol):
    """One kind of rule with its parameters; `needs` names the inputs it looks at."""

    @property
    def needs(self) -> tuple[str, ...]: ...

    def __call__(self, inputs: Inputs, reply: str) -> Verdict: ...


class Judge(Protocol):
    """One way to decide whether a reply fits its message; with `needs_gold` only where the right answer is known."""

    @property
    def needs_gold(self) -> bool: ...

    def __call__(self, inputs: Inputs, reply: str, gold: Any) -> Verdict: ...


def normalise(text: str) -> str:
    """Text as the checks compare it: accents composed (NFC), straight apostrophes, single spaces, nothing around."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_APOSTROPHES).split())
