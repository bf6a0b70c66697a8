"""The kinds of rule that code can check, and the judges of content: name in style.yaml → how its parameters are read."""

from __future__ import annotations

from collections.abc import Callable

from lab.tuning.checks import bullets, earnings, facts, json_object, labels, sentences, sql, steps, words
from lab.tuning.checks.base import Check, Inputs, Judge, Verdict, normalise
from lab.tuning.schema import Fields

__all__ = ["CHECKS", "CONTENT", "Check", "Inputs", "Judge", "Verdict", "normalise"]

CHECKS: dict[str, Callable[[Fields], Check]] = {
    **words.CHECKS,
    **json_object.CHECKS,
    **earnings.CHECKS,
    **bullets.CHECKS,
    **labels.CHECKS,
    **sql.CHECKS,
    **steps.CHECKS,
    **sentences.CHECKS,
}
CONTENT: dict[str, Callable[[Fields], Judge]] = {
    **words.CONTENT,
    **json_object.CONTENT,
    **bullets.CONTENT,
    **labels.CONTENT,
    **sql.CONTENT,
    **facts.CONTENT,
    **steps.CONTENT,
}
