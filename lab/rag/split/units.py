"""A section → its units: sentences, list items, table rows, code blocks; what splitters put together or cut further."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lab.rag.documents import Document
from lab.rag.readers.markdown import plain
from lab.rag.split.blocks import Block, Section, lines_of, sections_of
from lab.rag.split.ruler import Ruler
from lab.rag.split.sentences import sentence_spans, trim
from lab.rag.split.table import head_label

_SHORT_WORDS = 4  # a “sentence” of fewer words says too little on its own and joins its neighbour
_SHORT_SIGNS = 6  # the same for a script without spaces
_WIDE = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]")
_KEY_AND_VALUE = re.compile(r"^\s*[A-Z][\w /&'’-]{0,30}:\s+\S")
_BOLD_LEAD = re.compile(r"\s*\*\*([^*\n]{1,80})\*\*\s*\S")


@dataclass(frozen=True)
class Unit:
    """`text[start:end]` under its heading; `group` is the paragraph, list, table or code block that it is part of."""

    start: int
    end: int
    heading: tuple[str, ...]
    group: tuple[int, int] = (0, 0)
    parent: tuple[int, int] | None = None


def _is_short(text: str) -> bool:
    return len(text.split(None, _SHORT_WORDS)) < _SHORT_WORDS and len(_WIDE.findall(text)) < _SHORT_SIGNS


def merge_short(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Fragments of fewer than four words join the sentence after them, the last one the sentence before."""
    merged: list[tuple[int, int]] = []
    waiting: int | None = None
    for start, end in spans:
        begin = start if waiting is None else waiting
        if _is_short(text[begin:end]):
            waiting = begin
        else:
            merged.append((begin, end))
            waiting = None
    if waiting is not None:
        if merged:
            merged[-1] = (merged[-1][0], spans[-1][1])
        else:
            merged.append((waiting, spans[-1][1]))
    return merged


def _paragraph_units(text: str, block: Block, heading: tuple[str, ...]) -> list[Unit]:
    group = trim(text, block.start, block.end)
    lines = [line for line in lines_of(text[block.start : block.end]) if not line.blank]
    if len(lines) > 1 and all(_KEY_AND_VALUE.match(line.text) for line in lines):  # “Phone: 1234”, one line each
        return [Unit(*trim(text, block.start + line.start, block.start + line.end), heading, group) for line in lines]
    spans = merge_short(text, sentence_spans(text, block.start, block.end))
    # “**Trail First Aid.** This course costs £78. It lasts nine hours.”: the later sentences need the bold words too.
    bold = _BOLD_LEAD.match(text, block.start, block.end)
    if bold and len(spans) > 1 and spans[0][1] < bold.end():
        spans = [(spans[0][0], spans[1][1]), *spans[2:]]
    inner = (*heading, bold[1].strip().rstrip(".:")) if bold else heading
    return [Unit(start, end, heading if place == 0 else inner, group) for place, (start, end) in enumerate(spans)]


def _table_units(text: str, block: Block, heading: tuple[str, ...]) -> list[Unit]:
    """One unit per row with the table's head as its last heading; a table of nothing but its head is one unit."""
    group = trim(text, block.start, block.end)
    rows = lines_of(text[block.start : block.end])
    if len(rows) == 2:
        return [Unit(*group, heading, group)]
    under_head = (*heading, plain(head_label(rows[0].text)))
    return [Unit(*trim(text, block.start + row.start, block.start + row.end), under_head, group) for row in rows[2:]]


def section_units(document: Document, section: Section) -> list[Unit]:
    """The units of one section; every visible character of its blocks is in one, save the heads of tables.

    A line that introduces a list (“We charge:”) is put in the same unit as the first item, so that it is not looked up
    alone, and in the heading of the others. A table's head is in the heading of all its rows.
    """
    text = document.text
    units: list[Unit] = []
    context = section.heading  # of the list that is being read
    list_begins = 0  # its first unit
    for place, block in enumerate(section.blocks):
        before = section.blocks[place - 1].kind if place else ""
        following = section.blocks[place + 1].kind if place + 1 < len(section.blocks) else ""
        if block.kind == "paragraph":
            units += _paragraph_units(text, block, section.heading)
            context = section.heading
            if following == "item" and text[units[-1].start : units[-1].end].rstrip("*_").endswith(":"):
                context = (*units[-1].heading, plain(text[units[-1].start : units[-1].end]))
        elif block.kind == "item":
            span = trim(text, block.start, block.end)
            if before == "paragraph" and context != section.heading:
                intro = units.pop()
                units.append(Unit(intro.start, span[1], intro.heading))
                list_begins = len(units) - 1
            else:
                if before != "item":
                    list_begins = len(units)
                units.append(Unit(*span, context))
            if following != "item":
                group = (units[list_begins].start, span[1])
                units[list_begins:] = [replace(unit, group=group) for unit in units[list_begins:]]
        elif block.kind == "table":
            units += _table_units(text, block, section.heading)
        elif block.kind == "row" and units and before == "row" and _same_row(document, units[-1], block):
            # A cell with an empty line in it: still one row, one unit.
            span = (units[-1].start, trim(text, block.start, block.end)[1])
            units[-1] = Unit(*span, section.heading, span)
        else:
            span = trim(text, block.start, block.end)
            units.append(Unit(*span, section.heading, span))
    return [unit for unit in units if unit.start < unit.end]


def _same_row(document: Document, unit: Unit, block: Block) -> bool:
    return document.place_at(unit.start) == document.place_at(block.start)


def fitting_units(document: Document, ruler: Ruler, size: int) -> Iterator[list[Unit]]:
    """Section by section its units, those of more than `size` tokens cut into their sentences, and those where need be."""
    text = document.text
    for section in sections_of(document):
        pieces: list[Unit] = []
        for unit in section_units(document, section):
            if ruler.count(unit.start, unit.end) <= size:
                pieces.append(unit)
                continue
            for start, end in merge_short(text, sentence_spans(text, unit.start, unit.end)):
                pieces += [replace(unit, start=left, end=right) for left, right in ruler.cut(start, end, size)]
        yield pieces


def with_units_before(pieces: list[Unit], ruler: Ruler, overlap: int) -> Iterator[Unit]:
    """Each piece begun earlier by as many whole pieces as fit into `overlap` tokens."""
    for place, piece in enumerate(pieces):
        earlier = place
        while earlier > 0 and ruler.count(pieces[earlier - 1].start, piece.start) <= overlap:
            earlier -= 1
        yield replace(piece, start=pieces[earlier].start)
