"""Markdown: written from what a parser found, with the places of its blocks; and a heading's words read without its marks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal

from lab.errors import BadInput
from lab.rag.documents import Place
from lab.rag.readers import MAX_TITLE_CHARACTERS, Extracted
from lab.settings import ReadingLimits

# C0 and C1 controls but tab and newline, lone surrogates, the marks that turn the direction of writing, and the byte
# order mark: none of them is text.
_NOT_TEXT = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff]"
)
# What a line may not start with unless it is meant: heading, list, quotation, table, fence, rule, numbered list.
_STRUCTURE = re.compile(
    r"(?:#{1,6}(?=\s|$)|[-+*](?=\s|$)|>|\||```|~~~|(?:-\s*){3,}$|(?:\*\s*){3,}$|(?:_\s*){3,}$|=+\s*$)"
)
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def clean(text: str) -> str:
    """`text` without what is no text: control characters go, line ends are \\n, unpaired surrogates too."""
    return _NOT_TEXT.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\x0c", "\n"))


def one_line(text: str) -> str:
    """`text` on one line, every run of white space one space."""
    return " ".join(clean(text).replace("\u00ad", "").split())


def inert_line(line: str, *, numbers: bool = True) -> str:
    """One line that starts nothing in Markdown: a mark in front gets a backslash."""
    line = line.strip()
    if _STRUCTURE.match(line):
        return "\\" + line
    return _NUMBERED.sub(r"\1\\\2", line, count=1) if numbers and _NUMBERED.match(line) else line


class MarkdownWriter:
    """Blocks one after the other, a blank line between, and where pages and rows begin.

    Raises BadInput as soon as there is more text than `limits.max_characters`.
    """

    def __init__(self, limits: ReadingLimits) -> None:
        self._limits = limits
        self._parts: list[str] = []
        self._length = 0
        self._list = False  # the last block is a list item, which the next one follows without a blank line
        self._places: list[Place] = []
        self._next: tuple[Literal["page", "row"], int] | None = None
        self.first_heading = ""

    def place(self, kind: Literal["page", "row"], number: int) -> None:
        """What is written next stands on this page or row; a place with nothing on it leaves no trace."""
        self._next = (kind, number)

    def _write(self, block: str, gap: str) -> None:
        if not block:
            return
        if self._parts:
            self._add(gap)
        if self._next:
            self._places.append(Place(self._length, *self._next))
            self._next = None
        self._add(block)

    def _add(self, text: str) -> None:
        self._length += len(text)
        if self._length > self._limits.max_characters:
            raise BadInput(
                f"has more than {self._limits.max_characters:,} characters of text in it, which is the limit: "
                "split it into several files"
            )
        self._parts.append(text)

    def _block(self, block: str) -> None:
        self._write(block, "\n\n")
        self._list = False

    def heading(self, level: int, text: str) -> None:
        line = one_line(text)
        if line:
            self.first_heading = self.first_heading or line
            self._block(f"{'#' * max(1, min(level, 6))} {line}")

    def paragraph(self, text: str, *, quoted: bool = False, numbers: bool = True) -> None:
        """`text` may have line ends in it; each of its lines is made inert (`numbers`: "1." is no list either)."""
        lines = [one_line(line) for line in clean(text).split("\n")]
        mark = "> " if quoted else ""
        self._block("\n".join(mark + inert_line(line, numbers=numbers) for line in lines if line))

    def item(self, text: str, *, depth: int = 0, mark: str = "-") -> None:
        """A list item, `depth` levels in; `mark` is "-" or "3."."""
        line = one_line(text)
        if line:
            self._write(f"{'  ' * min(depth, 8)}{mark} {line}", "\n" if self._list else "\n\n")
            self._list = True

    def continue_paragraph(self, text: str, *, between: str = " ", takes_hyphen: bool = False) -> None:
        """Go on with the last block, on the next page; `takes_hyphen`: its last word was cut and goes on here."""
        line = one_line(text)
        if line and takes_hyphen and self._parts and self._parts[-1].endswith(("-", "\u00ad")):
            self._parts[-1] = self._parts[-1][:-1]
            self._length -= 1
        self._write(line, between)

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A Markdown table, the first row its header; empty rows and columns are left out."""
        cells = [[one_line(cell).replace("\\|", "|").replace("|", "\\|") for cell in row] for row in rows]
        width = max((len(row) for row in cells), default=0)
        cells = [row + [""] * (width - len(row)) for row in cells if any(row)]
        kept = [column for column in range(width) if any(row[column] for row in cells)]
        if not kept:
            return
        lines = ["| " + " | ".join(row[column] for column in kept) + " |" for row in cells]
        self._block("\n".join([lines[0], "|" + " --- |" * len(kept), *lines[1:]]))

    def verbatim(self, text: str) -> None:
        """A fenced block: white space and marks stay."""
        text = clean(text).strip("\n")
        if text.strip():
            longest = max((len(run) for run in re.findall(r"`{3,}", text)), default=2)
            fence = "`" * (longest + 1)
            self._block(f"{fence}\n{text}\n{fence}")

    def extracted(self, title: str) -> Extracted:
        """All of it; raises BadInput when nothing was written."""
        text = "".join(self._parts)
        if not text.strip():
            raise BadInput("has no text in it: there is nothing to read")
        title = one_line(title)
        if len(title) > MAX_TITLE_CHARACTERS:
            title = title[: MAX_TITLE_CHARACTERS - 1].rstrip() + "…"
        return Extracted(title or "untitled", text, tuple(self._places))


def plain(label: str) -> str:
    """A heading's words without emphasis, code marks and the addresses of links."""
    label = re.sub(r"!?\[([^\[\]]*)\]\([^()]*\)", r"\1", label)
    return " ".join(re.sub(r"\*\*|__|`|(?<!\w)[*_]|[*_](?!\w)", "", label).split())
