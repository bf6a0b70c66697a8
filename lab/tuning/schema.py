"""Strict reading of a style file: every complaint names the file and the field, and nothing unknown slips through."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lab.errors import BadInput


class Fields:
    """One mapping of a YAML file, read field by field; `done()` refuses what nobody asked for.

    `where` is put before every complaint: the file, and the place in it. `folder` is where files that it names lie.
    """

    def __init__(self, data: object, where: str, folder: Path | None = None) -> None:
        if not isinstance(data, Mapping):
            raise BadInput(f"{where} must be a list of “field: value” lines, not {_kind(data)}.")
        self.where = where
        self._folder = folder
        self._left: dict[str, Any] = {str(key): value for key, value in data.items()}

    def text(self, name: str) -> str:
        """A text that is not empty, without white space around it."""
        value = self._take(name)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(name, f"must be a text that is not empty, not {_kind(value)}")
        return value.strip()

    def whole(self, name: str, lowest: int, highest: int) -> int:
        """A whole number from `lowest` to `highest`."""
        value = self._take(name)
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            shown = value if isinstance(value, (int, float)) and not isinstance(value, bool) else _kind(value)
            raise self.wrong(name, f"must be a whole number from {lowest} to {highest}, not {shown}")
        return value

    def texts(self, name: str) -> tuple[str, ...]:
        """A list of different texts, at least one."""
        value = self._take(name)
        if not isinstance(value, list) or not value:
            raise self.wrong(name, f"must be a list of texts with at least one in it, not {_kind(value)}")
        for position, item in enumerate(value, start=1):
            if not isinstance(item, str) or not item.strip():
                raise self.wrong(name, f"has {_kind(item)} as number {position}; put the text in quotation marks")
        texts = tuple(item.strip() for item in value)
        if repeated := sorted({text for text in texts if texts.count(text) > 1}):
            raise self.wrong(name, f"names “{repeated[0]}” twice")
        return texts

    def mappings(self, name: str, *, optional: bool = False) -> tuple[Fields, ...]:
        """A list of mappings; at least one unless the field is optional."""
        if optional and name not in self._left:
            return ()
        value = self._take(name)
        if not isinstance(value, Sequence) or isinstance(value, str) or not (value or optional):
            raise self.wrong(name, f"must be a list with at least one entry, not {_kind(value)}")
        return tuple(
            Fields(item, f"{self.where}, {name}, number {at}", self._folder) for at, item in enumerate(value, start=1)
        )

    def group(self, name: str, *, optional: bool = False) -> Fields | None:
        """One mapping of its own; None when it is optional and not there."""
        if optional and name not in self._left:
            return None
        return Fields(self._take(name), f"{self.where}, {name}", self._folder)

    def any(self, name: str, *, optional: bool = False) -> Any:
        """A value of whatever shape, for the caller to check; None when it is optional and not there."""
        return None if optional and name not in self._left else self._take(name)

    def file(self, name: str) -> Path:
        """A file beside the style file, by its bare name: nothing outside that folder can be meant."""
        bare = self.text(name)
        if self._folder is None or bare != Path(bare).name or not (self._folder / bare).is_file():
            raise self.wrong(name, f"must name a file beside the style file, not “{bare}”")
        return self._folder / bare

    def done(self) -> None:
        """Refuse the fields that were not read: a misspelt one would otherwise be silently ignored."""
        if self._left:
            raise self.wrong(next(iter(self._left)), "is not a field that is known here")

    def wrong(self, name: str, complaint: str) -> BadInput:
        """The error that says what is wrong with one field."""
        return BadInput(f"{self.where}: {name} {complaint}.")

    def _take(self, name: str) -> Any:
        if name not in self._left:
            raise self.wrong(name, "is missing")
        return self._left.pop(name)


def _kind(value: object) -> str:
    """What a value is, in words a person uses."""
    if isinstance(value, str):
        return "an empty text" if not value.strip() else f"the text “{value.strip()[:40]}”"
    if isinstance(value, (list, tuple)):
        return "a list" if value else "an empty list"
    names = {bool: f"the truth value {value}", type(None): "nothing", dict: "a group of fields"}
    return names.get(type(value), f"{value}")
