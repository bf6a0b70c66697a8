"""A reply in numbered steps, each with its label: whether all are there in their order, and whether each is right."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lab.errors import BadInput
from lab.tuning.checks.base import Check, Inputs, Judge, Verdict, normalise
from lab.tuning.schema import Fields

_LINE_END = re.compile(r"\r\n|\r|\n")
_SHOWN = 40  # characters of a wrong line that a reason repeats


def read_steps(reply: str, labels: Sequence[str]) -> dict[str, str]:
    """Label → what its line says, for the lines that carry one of `labels`; the first of two lines counts.

    Only the label and what follows it are looked at, so that a wrong number is a fault of form and not of content.
    """
    found: dict[str, str] = {}
    for line in _LINE_END.split(reply):
        for label in labels:
            if match := re.match(rf"\W*(?:\d{{1,3}}[.)])?\W*{re.escape(label)}\W*:(.*)", line, re.IGNORECASE):
                found.setdefault(label, _plain(match[1]))
    return found


def steps_right(reply: str, labels: Sequence[str], gold: Any) -> tuple[bool, ...]:
    """For each label whether its line says what `gold` (label → text) says; raises BadInput where gold lacks one."""
    right = _read_gold(gold, labels)
    said = read_steps(reply, labels)
    return tuple(said.get(label) == right[label] for label in labels)


@dataclass(frozen=True)
class NumberedSteps:
    """The reply is one line for each of `labels`, in that order: “1. Label: something”. Empty lines do not count."""

    labels: tuple[str, ...]
    needs: tuple[str, ...] = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        lines = [line.strip() for line in _LINE_END.split(reply) if line.strip()]
        if not lines:
            return False, "The reply is empty"
        for number, label in enumerate(self.labels, start=1):
            if number > len(lines):
                return False, f"Ends before step {number}, “{label}”"
            if not re.fullmatch(rf"{number}\. {re.escape(label)}: \S.*", lines[number - 1]):
                return False, f"“{_shorten(lines[number - 1])}” should be “{number}. {label}: …”"
        if len(lines) > len(self.labels):
            return False, f"Goes on with “{_shorten(lines[len(self.labels)])}” after the last step"
        return True, f"Has {len(self.labels)} steps in their order"


@dataclass(frozen=True)
class StepIsOneOf:
    """The line of `label` says one of `values` and nothing else; capital letters and a full stop do not count."""

    label: str
    values: tuple[str, ...]
    needs: tuple[str, ...] = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        said = read_steps(reply, (self.label,)).get(self.label)
        if said is None:
            return False, f"Has no line for {self.label}"
        if said in {_plain(value) for value in self.values}:
            return True, f"{self.label} is “{said}”"
        return False, f"{self.label} is “{_shorten(said)}”, which is not one of {', '.join(self.values)}"


@dataclass(frozen=True)
class StepsRight:
    """Every line says what gold says under its label; capital letters and a full stop do not count."""

    labels: tuple[str, ...]
    needs_gold: bool = True

    def __call__(self, inputs: Inputs, reply: str, gold: Any) -> Verdict:
        """Raise BadInput where `gold` is not a text for each label, because then nothing could ever be right."""
        right, said = _read_gold(gold, self.labels), read_steps(reply, self.labels)
        for label in self.labels:
            if label not in said:
                return False, f"Has no line for {label}, which should be “{right[label]}”"
            if said[label] != right[label]:
                return False, f"{label} should be “{right[label]}”, not “{_shorten(said[label])}”"
        return True, "Every step is right"


def _read_gold(gold: Any, labels: Sequence[str]) -> dict[str, str]:
    if not isinstance(gold, Mapping) or not all(isinstance(gold.get(label), str) for label in labels):
        raise BadInput(f"gold must be a text for each of {', '.join(labels)}.")
    return {label: _plain(gold[label]) for label in labels}


def _plain(text: str) -> str:
    return normalise(text).casefold().strip(" .*")


def _shorten(text: str) -> str:
    """One line of a reply, short enough to stand in a reason."""
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else line[: _SHOWN - 1].rstrip() + "…"


def _read_numbered_steps(fields: Fields) -> Check:
    return NumberedSteps(fields.texts("labels"))


def _read_step_is_one_of(fields: Fields) -> Check:
    return StepIsOneOf(fields.text("label"), fields.texts("values"))


def _read_steps_right(fields: Fields) -> Judge:
    return StepsRight(fields.texts("labels"))


CHECKS: dict[str, Callable[[Fields], Check]] = {
    "numbered_steps": _read_numbered_steps,
    "step_is_one_of": _read_step_is_one_of,
}
CONTENT: dict[str, Callable[[Fields], Judge]] = {"steps_right": _read_steps_right}
