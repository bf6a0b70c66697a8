"""A reply in one sentence."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lab.tuning.checks.base import Check, Inputs, Verdict
from lab.tuning.schema import Fields

_CLOSING_MARKS = "\"'”’»)]"
_NEXT = re.compile(rf"[.!?…][{re.escape(_CLOSING_MARKS)}]*\s+[\"'“‘(\[]*(?:[^\W_a-z])")  # a capital or a digit follows
_LINE_END = re.compile(r"[\r\n]+")


@dataclass(frozen=True)
class OneSentence:
    """The reply is one line that ends with a full stop, a question mark or an exclamation mark, with none before it.

    A mark ends a sentence when a capital or a digit follows, so that “8 a.m. on weekdays” and “£4.50” are no ends.
    """

    needs: tuple[str, ...] = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        text = reply.strip()
        if not text:
            return False, "The reply is empty"
        if _LINE_END.search(text):
            return False, "Goes over more than one line"
        if match := _NEXT.search(text):
            return False, f"Goes on after the first sentence, with “{' '.join(text[match.end() - 1 :].split()[:5])}”"
        if not text.rstrip(_CLOSING_MARKS).endswith((".", "!", "?", "…")):
            return False, f"Ends with “{' '.join(text.split()[-4:])[-60:]}”, not with a full stop"
        return True, "Is one sentence"


def _read_one_sentence(fields: Fields) -> Check:
    return OneSentence()


CHECKS: dict[str, Callable[[Fields], Check]] = {"one_sentence": _read_one_sentence}
