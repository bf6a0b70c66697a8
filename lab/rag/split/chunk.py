"""The unit that is looked up: a stretch of a document that knows its exact place, and the texts that are made of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from lab.errors import BadInput
from lab.rag.readers.markdown import plain
from lab.rag.split.table import label_cells, read_rows

TEXT_STYLES = ("title", "title-heading")
DEFAULT_TEXT_STYLE = "title-heading"


@dataclass(frozen=True)
class Passage:
    """A stretch of a document around a chunk; `text == document.text[start:end]`."""

    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Chunk:
    """One unit of retrieval. Always `text == document.text[start:end]`; offsets count characters.

    `heading` is what stands above the text, outermost first: the headings of its section (the document's title left
    out), then the line that introduces its list, the head of its table or the bold words its paragraph opens with.
    `page` and `row` (from 1) are those the chunk begins on, where the document has them. `parent` is what the model reads
    in place of the chunk's own text, where searching and reading go by different units (small-to-big).
    """

    id: str
    document: str
    title: str
    heading: tuple[str, ...]
    start: int
    end: int
    text: str
    page: int | None = None
    row: int | None = None
    parent: Passage | None = None

    @property
    def indexed_text(self) -> str:
        """What is embedded, in the default style."""
        return indexed_text(self)


def passage_text(chunk: Chunk) -> str:
    """The chunk's text as one reads it: on one line, without list marks, bold stars and heading signs.

    A table's row is read with the names of its columns, “Size: M; Chest: 96 cm”, where it has a cell for each.
    """
    return _readable(chunk.text, chunk.heading)[0]


def reading_text(chunk: Chunk) -> str:
    """What the model reads when this chunk is found: its parent's text where it has one, else its own; on one line."""
    if chunk.parent is None:
        return passage_text(chunk)
    return _readable(chunk.parent.text, chunk.heading)[0]


def indexed_text(chunk: Chunk, style: str = DEFAULT_TEXT_STYLE) -> str:
    """“Title: text” or “Title, Last heading: text”, the text as in `passage_text`.

    A single sentence often leaves out what it is about (“It costs £9.”), so its title goes with it. A title or heading
    that the text itself begins with is not said twice, nor is a table's head that has gone into its row.
    """
    if style not in TEXT_STYLES:
        raise BadInput(f"There is no text style “{style}”. Choose one of: {', '.join(TEXT_STYLES)}.")
    text, head_is_read = _readable(chunk.text, chunk.heading)
    heading = chunk.heading[:-1] if head_is_read else chunk.heading
    opening = plain(re.sub(r"^\s*#+", "", chunk.text.lstrip().split("\n", 1)[0]).rstrip("# "))
    if opening == chunk.title and opening != text:
        return text
    label = chunk.title
    if style == "title-heading" and heading and opening != heading[-1]:
        label = f"{chunk.title}, {heading[-1].rstrip(':. ')}"
    return f"{label}: {text}"


def _readable(text: str, heading: tuple[str, ...]) -> tuple[str, bool]:
    """The text on one line, and whether the last heading was a table's head that went into its rows."""
    text = re.sub(r"^\s*(?:[-*+•>]|\d{1,3}[.)])\s+", "", text)
    used = False
    if "|" in text:
        text, used = read_rows(text, label_cells(heading[-1]) if heading else ())
    if "\n" in text:  # a chunk of several lines may have headings in it: “Costs: We take £3.95 …”
        text = re.sub(r"^ {0,3}#{1,6}[ \t]+(.*?\w)[ \t]*#*[ \t]*$(?=\n\s*\S)", r"\1:", text, flags=re.MULTILINE)
    return " ".join(re.sub(r"\*\*|__(?=\w)|(?<=\w)__|^\s*#+\s+", "", text).split()), used
