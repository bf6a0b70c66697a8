"""One row per kind of file: bytes → title, Markdown text and the pages or rows in it.

Nothing heavy is imported here; a reader's module is loaded when the first file of its kind is read, and, except for plain
text, in a process of its own (see lab/rag/reading.py).
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import cast

from lab.errors import BadInput
from lab.rag.documents import Place
from lab.settings import ReadingLimits

MAX_TITLE_CHARACTERS = 90


@dataclass(frozen=True)
class Extracted:
    """What a reader makes of a file's bytes; `places` are in order of their `start` in `text`."""

    title: str
    text: str
    places: tuple[Place, ...] = ()


ReadFunction = Callable[[str, bytes, ReadingLimits], Extracted]


@dataclass(frozen=True)
class Reader:
    """How one kind of file becomes text.

    `door` is "module:function"; the function takes (stem of the file's name, bytes, limits) and raises BadInput with the
    reason. `isolated` kinds are parsed by other people's code and so only in a process that can be stopped.
    """

    kind: str
    format: str
    door: str
    isolated: bool = True

    def read(self, stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
        """Read `data` here, in this process. Raises BadInput with the reason, and whatever a parser may raise."""
        module, name = self.door.split(":")
        return cast(ReadFunction, getattr(importlib.import_module(module), name))(stem, data, limits)


_MARKDOWN = Reader("Markdown", "md", "lab.rag.readers.text:read_markdown", isolated=False)
_HTML = Reader("web page", "html", "lab.rag.readers.html:read_html")
_TABLE = Reader("table", "csv", "lab.rag.readers.tables:read_csv")

# A new kind of file is one more row here.
READERS: dict[str, Reader] = {
    ".md": _MARKDOWN,
    ".markdown": _MARKDOWN,
    ".txt": Reader("plain text", "txt", "lab.rag.readers.text:read_plain_text", isolated=False),
    ".pdf": Reader("PDF", "pdf", "lab.rag.readers.pdf:read_pdf"),
    ".docx": Reader("Word document", "docx", "lab.rag.readers.docx:read_docx"),
    ".html": _HTML,
    ".htm": _HTML,
    ".csv": _TABLE,
    ".tsv": _TABLE,
    ".json": Reader("JSON file", "json", "lab.rag.readers.tables:read_json"),
    ".jsonl": Reader("JSON Lines file", "jsonl", "lab.rag.readers.tables:read_jsonl"),
}


def readable_kinds() -> str:
    """The endings that can be read, as a person would list them."""
    kinds = list(READERS)
    return f"{', '.join(kinds[:-1])} or {kinds[-1]}"


def find_reader(name: str) -> Reader:
    """The reader for a file of this name; raises BadInput where there is none."""
    suffix = PurePosixPath(name).suffix
    reader = READERS.get(suffix.lower())
    if reader is None:
        ending = f"ends in {suffix}" if suffix else "has no ending"
        raise BadInput(f"{ending}, which cannot be read here: use {readable_kinds()}")
    return reader


def megabytes(size_bytes: int) -> str:
    """A size as a person reads it: "1,001 bytes", "20 MB"."""
    return f"{size_bytes / 1e6:,.1f}".removesuffix(".0") + " MB" if size_bytes >= 100_000 else f"{size_bytes:,} bytes"
