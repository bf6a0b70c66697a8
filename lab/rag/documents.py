"""The nouns that reading produces: documents with the places in them, and the files that were left out."""

from __future__ import annotations

import bisect
from dataclasses import dataclass
from functools import cached_property
from typing import Literal


@dataclass(frozen=True)
class Place:
    """Where something begins in the original: page or row `number` (from 1) starts at character `start` of the text."""

    start: int
    kind: Literal["page", "row"]
    number: int


@dataclass(frozen=True)
class Document:
    """One readable text. `name` is unique within a `Loaded`; every offset elsewhere counts characters of `text`.

    Whatever the file's kind, `text` is Markdown (headings, lists and tables keep their marks), except for `format` "txt",
    where it is the text as it stands. `places` are in order of `start`: the pages of a PDF, the rows of a table.
    """

    name: str
    title: str
    text: str
    sha256: str  # of the bytes as given, before line ends were normalised
    format: str = "md"  # md | txt | pdf | docx | html | csv | json | jsonl
    places: tuple[Place, ...] = ()

    @cached_property
    def _starts(self) -> tuple[int, ...]:
        return tuple(place.start for place in self.places)

    def place_at(self, offset: int) -> Place | None:
        """The page or row that the character at `offset` stands on; None where the document has none."""
        at = bisect.bisect_right(self._starts, offset) - 1
        return self.places[at] if at >= 0 else None


@dataclass(frozen=True)
class Refusal:
    """A file that was left out, and why."""

    file: str
    reason: str
