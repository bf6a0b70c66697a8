"""A reply that is one label and nothing else: the rule that it is one of ours, and the judge that it is the right one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from lab.errors import BadInput
from lab.tuning.checks.base import Check, Inputs, Judge, Verdict, normalise
from lab.tuning.schema import Fields

_SHOWN = 40  # characters of a wrong reply that a reason repeats


@dataclass(frozen=True)
class OneOf:
    """The whole reply is exactly one of `labels`; only white space around it is let through."""

    labels: tuple[str, ...]
    needs: tuple[str, ...] = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        text = reply.strip()
        if text in self.labels:
            return True, f"Is the label “{text}” and nothing else"
        if not text:
            return False, "The reply is empty"
        near = normalise(text).casefold().strip(".!\"'“”*` ")
        for label in self.labels:
            if near == label.casefold():
                return False, f"Says “{_shorten(text)}”; the label is written “{label}”, with nothing round it"
        return False, f"“{_shorten(text)}” is not one of {', '.join(self.labels)}"


@dataclass(frozen=True)
class EqualsGold:
    """The reply is the right answer; white space around it and capital letters do not count."""

    needs_gold: bool = True

    def __call__(self, inputs: Inputs, reply: str, gold: Any) -> Verdict:
        """Raise BadInput where `gold` is not a text, because then nothing could ever be right."""
        if not isinstance(gold, str) or not gold.strip():
            raise BadInput("gold must be the right label, as a text that is not empty.")
        right = gold.strip()
        if normalise(reply).casefold() == normalise(right).casefold():
            return True, f"“{right}” is right"
        return False, f"Should be “{right}”, not “{_shorten(reply)}”" if reply.strip() else f"Should be “{right}”"


def _shorten(text: str) -> str:
    """One line of a reply, short enough to stand in a reason."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"


def _read_one_of(fields: Fields) -> Check:
    labels = fields.texts("labels")
    if len(labels) < 2:
        raise fields.wrong("labels", "needs at least two labels to choose from")
    return OneOf(labels)


def _read_equals_gold(fields: Fields) -> Judge:
    return EqualsGold()


CHECKS: dict[str, Callable[[Fields], Check]] = {"one_of": _read_one_of}
CONTENT: dict[str, Callable[[Fields], Judge]] = {"equals_gold": _read_equals_gold}
