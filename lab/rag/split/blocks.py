"""A document's text → headings, paragraphs, list items, tables, code and rows, and the sections they make up."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from lab.rag.documents import Document
from lab.rag.readers.markdown import plain
from lab.rag.split.table import starts_table


@dataclass(frozen=True)
class Line:
    start: int
    end: int  # without the line end
    text: str

    @property
    def blank(self) -> bool:
        return not self.text.strip()


@dataclass(frozen=True)
class Block:
    """A run of lines that belong together; `kind`: heading | paragraph | item | table | code | row (of a CSV or JSON)."""

    kind: str
    start: int
    end: int
    level: int = 0  # of a heading
    label: str = ""  # of a heading: its words


_ATX = re.compile(r"^ {0,3}(#{1,6})(?:[ \t]+(.*?))?(?:[ \t]+#+)?[ \t]*$")
_ITEM = re.compile(r"^\s*(?:[-*+•‣–]|\d{1,3}[.)]|\(?[a-z][.)])\s+\S")
RULE = re.compile(r"^ {0,3}(?:(?:-[ \t]*){3,}|(?:\*[ \t]*){3,}|(?:_[ \t]*){3,}|(?:=[ \t]*){3,}|#{1,6}[ \t#]*)$")
FENCE = re.compile(r"^ {0,3}(?:(`{3,})[^`]*|(~{3,}).*)$")
_UNDERLINE = re.compile(r"^ {0,3}(=+|-{2,})[ \t]*$")
_NUMBERED_HEADING = re.compile(r"^(?:\d+(?:\.\d+)*[.)]?|(?:Step|Chapter|Section|Part|Appendix)\s+\w{1,4}[.:]?)\s+\D+$")
_FRONT_MATTER_LINE = re.compile(r"^(?:\s.*|#.*|-\s.*|[\]}].*|[\w\"'][^:]*:(?:\s.*)?)?$")


def lines_of(text: str) -> list[Line]:
    """The lines of `text`, ends at \\n only."""
    lines: list[Line] = []
    start = 0
    for piece in text.split("\n"):
        lines.append(Line(start, start + len(piece), piece))
        start += len(piece) + 1
    return lines


def is_markdown(document: Document) -> bool:
    return document.format != "txt"


def front_matter_lines(document: Document, lines: list[Line]) -> int:
    """How many lines at the top are YAML front matter, which is about the document and not in it; 0 where there is none.

    Between its two lines of dashes all must look like YAML: a text may well begin with a rule and have another later.
    """
    if is_markdown(document) and lines[0].text.rstrip() == "---":
        for number, line in enumerate(lines[1:60], start=1):
            if line.text.rstrip() in ("---", "..."):
                return number + 1
            if (number == 1 and line.blank) or not _FRONT_MATTER_LINE.match(line.text):
                return 0
    return 0


def _looks_like_heading(lines: list[Line], number: int) -> bool:
    """Plain text: a short line alone between blank lines, without the marks and figures that a statement has."""
    line = lines[number].text.strip()
    alone = (number == 0 or lines[number - 1].blank) and (number + 1 == len(lines) or lines[number + 1].blank)
    if not alone or not line or len(line) > 70 or len(line.split()) > 10 or not line[0].isalnum() or line[0].islower():
        return False
    if line.endswith((".", "!", ",", ";", ":")) or _ITEM.match(line):
        return False
    return not re.search(r"\d", line) or bool(_NUMBERED_HEADING.match(line))


def _text_headings(lines: list[Line]) -> set[int]:
    """Line numbers of a plain text's headings.

    Only a heading-like line with ordinary text under it counts: in a list of short lines each is a statement, and taking
    those for headings would lose them.
    """
    filled = [number for number, line in enumerate(lines) if not line.blank]
    alike = {number for number in filled if _looks_like_heading(lines, number)}
    found = set()
    for place, number in enumerate(filled[:-1]):
        following = filled[place + 1]
        if number in alike and (following not in alike or (place == 0 and following in alike and len(filled) > 2)):
            found.add(number)
    return found


def _row_lines(document: Document, lines: list[Line]) -> set[int]:
    """Numbers of the lines at which a row of a CSV or JSON document begins, whatever those lines look like."""
    begins = [place.start for place in document.places if place.kind == "row"]
    found: set[int] = set()
    number = 0
    for place, start in enumerate(begins):
        stop = begins[place + 1] if place + 1 < len(begins) else len(document.text)
        while number < len(lines) and (lines[number].end <= start or lines[number].blank):
            number += 1
        if number < len(lines) and lines[number].start < stop:
            found.add(number)
    return found


def blocks_of(document: Document) -> list[Block]:
    """The document's blocks in order; rules, front matter and fence lines belong to none, all other text to one."""
    markdown = is_markdown(document)
    lines = lines_of(document.text)
    headings = set() if markdown else _text_headings(lines)
    rows = _row_lines(document, lines)
    begins = headings | rows
    blocks: list[Block] = []
    number = front_matter_lines(document, lines)
    while number < len(lines):
        line = lines[number]
        first = number
        is_row = number in rows
        fence = FENCE.match(line.text) if markdown else None
        atx = _ATX.match(line.text) if markdown else None
        following = lines[number + 1].text if number + 1 < len(lines) else ""
        number += 1
        if is_row:
            while number < len(lines) and not lines[number].blank and number not in rows:
                number += 1
            blocks.append(Block("row", line.start, lines[number - 1].end))
        elif line.blank or RULE.match(line.text):
            continue
        elif first in headings:
            blocks.append(Block("heading", line.start, line.end, 1 if not blocks else 2, plain(line.text)))
        elif atx and plain(atx[2] or ""):
            blocks.append(Block("heading", line.start, line.end, len(atx[1]), plain(atx[2] or "")))
        elif fence:
            marks = fence[1] or fence[2]
            while number < len(lines) and not _closes(lines[number].text, marks) and number not in rows:
                number += 1
            if number > first + 1:
                blocks.append(Block("code", lines[first + 1].start, lines[number - 1].end))
            if number not in rows:
                number += 1
        elif starts_table(line.text, following):
            while number < len(lines) and not lines[number].blank and "|" in lines[number].text and number not in rows:
                number += 1
            blocks.append(Block("table", line.start, lines[number - 1].end))
        elif _ITEM.match(line.text):
            while number < len(lines) and not _ends_paragraph(lines, number, markdown, begins):
                number += 1
            blocks.append(Block("item", line.start, lines[number - 1].end))
        else:
            while number < len(lines) and not _ends_paragraph(lines, number, markdown, begins):
                if markdown and _UNDERLINE.match(lines[number].text):
                    break
                number += 1
            underline = _UNDERLINE.match(lines[number].text) if markdown and number < len(lines) else None
            if underline and number == first + 1 and number not in rows and plain(line.text):
                level = 1 if underline[1][0] == "=" else 2
                blocks.append(Block("heading", line.start, lines[number].end, level, plain(line.text)))
                number += 1
            else:
                blocks.append(Block("paragraph", line.start, lines[number - 1].end))
    return blocks


def _closes(line: str, marks: str) -> bool:
    """Whether the line ends a code block that was opened with `marks`: the same sign, as often or more, nothing else."""
    line = line.strip()
    return len(line) >= len(marks) and set(line) == {marks[0]}


def _ends_paragraph(lines: list[Line], number: int, markdown: bool, begins: set[int]) -> bool:
    line = lines[number]
    if line.blank or number in begins or _ITEM.match(line.text):
        return True
    if not markdown:
        return False
    following = lines[number + 1].text if number + 1 < len(lines) else ""
    return bool(_ATX.match(line.text) or FENCE.match(line.text)) or starts_table(line.text, following)


@dataclass(frozen=True)
class Section:
    """The blocks under one heading; `heading` is the path to it, the document's title left out."""

    heading: tuple[str, ...]
    blocks: tuple[Block, ...]


def heading_paths(document: Document, blocks: list[Block]) -> Iterator[tuple[Block, tuple[str, ...]]]:
    """Each heading with the path to it, itself included; the document's title is in none."""
    path: list[tuple[int, str]] = []
    for block in blocks:
        if block.kind == "heading":
            path = [(level, label) for level, label in path if level < block.level] + [(block.level, block.label)]
            yield block, tuple(label for _, label in path if label and label != document.title)


def sections_of(document: Document) -> list[Section]:
    """The sections that have a body, in order.

    A heading that nothing stands under, not even a deeper heading, is a section of its own: “## Closed on Mondays” says
    something, and there is no chunk whose heading it could be.
    """
    blocks = blocks_of(document)
    paths = {block.start: path for block, path in heading_paths(document, blocks)}
    sections: list[Section] = []
    current: Block | None = None
    body: list[Block] = []
    for place, block in enumerate(blocks):
        if block.kind != "heading":
            body.append(block)
        following = blocks[place + 1] if place + 1 < len(blocks) else None
        if following is not None and following.kind != "heading":
            if block.kind == "heading":
                current = block
            continue
        # The section ends here.
        if body:
            sections.append(Section(paths[current.start] if current else (), tuple(body)))
        elif block.label and (following is None or following.level <= block.level):
            path = paths[block.start]
            is_title = block.label == document.title
            if not is_title or path or (following is None and not sections):
                sections.append(Section(path if is_title else path[:-1], (block,)))
        body = []
    return sections
