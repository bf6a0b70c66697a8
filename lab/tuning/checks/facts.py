"""The judge of replies that carry a looked-up fact: the page's figure is in them, or they own up that it is not known."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab.errors import BadInput
from lab.tuning.checks.base import Check, Inputs, Judge, Verdict, normalise
from lab.tuning.schema import Fields

_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?!\d)")
_TOKEN = re.compile(r"\d+(?:[.:]\d+)*|[£$€%]|[^\W\d_]+(?:'[^\W\d_]+)*")


@dataclass(frozen=True)
class ContainsGold:
    """The reply holds one of the strings of `gold` as whole tokens, or, where gold is empty, says that it is not known.

    gold: a list of texts that mean the same (“six weeks”, “6 weeks”). An empty list means that nothing the model was
    given answers the message: then the reply must hold one of `unknown` and no number but those of the message.
    """

    unknown: tuple[str, ...]
    needs_gold: bool = True

    def __call__(self, inputs: Inputs, reply: str, gold: Any) -> Verdict:
        """Raise BadInput where `gold` is not a list of texts, because then nothing could ever be right."""
        if not isinstance(gold, list) or not all(isinstance(text, str) and _tokens(text) for text in gold):
            raise BadInput("gold must be a list of texts, or [] where the page does not hold the answer.")
        given = _tokens(reply)
        if not gold:
            return self._owns_up(inputs, given)
        for text in gold:
            if _occurs(_tokens(text), given):
                return True, f"Says “{text}”"
        return False, f"Does not say “{gold[0]}”"

    def _owns_up(self, inputs: Inputs, given: list[str]) -> Verdict:
        asked = _tokens(inputs.get("message", ""))
        if invented := [token for token in given if token[0].isdigit() and token not in asked]:
            return False, f"Says {invented[0]}, which nothing it was given answers with"
        if any(_occurs(_tokens(text), given) for text in self.unknown):
            return True, "Says that it is not known yet"
        return False, "Does not say that the answer is not on the page"


def _tokens(text: str) -> list[str]:
    """Words, numbers and signs of money, without case and punctuation; 1,150 is 1150, and £4.50 is £ and 4.50."""
    plain = normalise(text).casefold()
    return _TOKEN.findall(_THOUSANDS.sub(lambda match: match[0].replace(",", ""), plain).replace("-", " "))


def _occurs(needle: list[str], hay: list[str]) -> bool:
    width = len(needle)
    return width > 0 and any(hay[start : start + width] == needle for start in range(len(hay) - width + 1))


def _read_contains_gold(fields: Fields) -> Judge:
    return ContainsGold(fields.texts("unknown"))


CHECKS: dict[str, Callable[[Fields], Check]] = {}
CONTENT: dict[str, Callable[[Fields], Judge]] = {"contains_gold": _read_contains_gold}
