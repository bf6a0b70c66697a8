"""The kinds of rule that code can check, and the judges of content: name in style.yaml → how its parameters are read."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from lab.tuning.checks.base import Check, Inputs, Judge, Verdict, normalise
from lab.tuning.schema import Fields

__all__ = ["CHECKS", "CONTENT", "Check", "Inputs", "Judge", "Verdict", "normalise"]

_FAMILIES = ("words", "json_object", "bullets", "labels", "sql", "facts")
CHECKS: dict[str, Callable[[Fields], Check]] = {}
CONTENT: dict[str, Callable[[Fields], Judge]] = {}
for _family in _FAMILIES:
    try:
        _module = import_module(f"{__name__}.{_family}")
    except ModuleNotFoundError:  # being written
        continue
    CHECKS.update(getattr(_module, "CHECKS", {}))
    CONTENT.update(getattr(_module, "CONTENT", {}))
