"""Splitters that go by length first: straight through, at the largest seam that fits, and a section at a time."""

from __future__ import annotations

import bisect
from collections.abc import Iterator
from functools import cache

from lab.rag.documents import Document
from lab.rag.readers.markdown import plain
from lab.rag.split.blocks import blocks_of, heading_paths, lines_of
from lab.rag.split.ruler import Ruler
from lab.rag.split.sentences import trim
from lab.rag.split.table import head_label
from lab.rag.split.task import Task
from lab.rag.split.units import Unit


class Outline:
    """The headings that hold at an offset; `tables`: with the head of the table whose rows stand there."""

    def __init__(self, document: Document, *, tables: bool) -> None:
        blocks = blocks_of(document)
        self.headings = list(heading_paths(document, blocks))
        self._starts = [block.start for block, _ in self.headings]
        self._tables: list[tuple[int, int, str]] = []  # where the rows begin and end, and the head
        for block in blocks:
            rows = lines_of(document.text[block.start : block.end]) if block.kind == "table" and tables else []
            if len(rows) > 2:
                head = plain(head_label(rows[0].text))
                self._tables.append((block.start + rows[2].start, block.end, head))
        self._table_starts = [start for start, _, _ in self._tables]

    def at(self, offset: int) -> tuple[str, ...]:
        """The path at the character `offset`; that of a heading itself includes it."""
        place = bisect.bisect_right(self._starts, offset) - 1
        path = self.headings[place][1] if place >= 0 else ()
        table = bisect.bisect_right(self._table_starts, offset) - 1
        if table >= 0 and offset < self._tables[table][1]:
            return (*path, self._tables[table][2])
        return path


def split_straight_through(task: Task) -> Iterator[Unit]:
    """Windows of `size` tokens over the whole text, headings and marks included."""
    outline = Outline(task.document, tables=False)
    for start, end in task.ruler.windows(task.size, task.overlap):
        yield Unit(start, end, outline.at(start))


def split_recursively(task: Task) -> Iterator[Unit]:
    """LangChain's recursive splitter over the whole text, headings and marks included."""
    outline = Outline(task.document, tables=True)
    for start, end in _recursive_spans(task, 0, len(task.document.text)):
        yield Unit(start, end, outline.at(start))


def split_by_headings(task: Task) -> Iterator[Unit]:
    """A section per chunk with its heading on top; one of more than `size` tokens is cut recursively.

    A heading with only deeper headings under it goes with the first of those.
    """
    outline = Outline(task.document, tables=True)
    text = task.document.text
    begins: list[tuple[int, tuple[str, ...]]] = [(0, ())]
    open_heading: tuple[int, int, int] | None = None  # of a heading with nothing under it yet: start, end, level
    for block, path in outline.headings:
        goes_with_it = (
            open_heading is not None
            and not text[open_heading[1] : block.start].strip()
            and block.level > open_heading[2]
        )
        if goes_with_it:
            begins[-1] = (begins[-1][0], path)
        else:
            begins.append((block.start, path))
        open_heading = (block.start, block.end, block.level)
    for place, (begin, path) in enumerate(begins):
        stop = begins[place + 1][0] if place + 1 < len(begins) else len(text)
        start, end = trim(text, begin, stop)
        if start == end:
            continue
        if task.ruler.count(start, end) <= task.size:
            yield Unit(start, end, path)
            continue
        for left, right in _recursive_spans(task, start, end):
            yield Unit(left, right, path if left == start else outline.at(left))


def _recursive_spans(task: Task, start: int, end: int) -> Iterator[tuple[int, int]]:
    """`text[start:end]` in pieces of at most `size` tokens, each beginning up to `overlap` tokens before its own text."""
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    text, ruler = task.document.text, task.ruler
    # LangChain cuts without an overlap and keeps every character, so that its pieces, laid end to end, are the text and
    # say where they stand (white space, of no length in tokens, it may give twice); its own start index is wrong where
    # lengths are not characters. The overlap is put on after.
    fresh = task.size - task.overlap
    splitter = RecursiveCharacterTextSplitter(
        chunk_size=fresh,
        chunk_overlap=0,
        length_function=cache(lambda piece: Ruler(piece).before[-1]),
        separators=["\n\n", "\n", ". ", " "],
        keep_separator="end",
        strip_whitespace=False,
    )
    at = start
    floor = start - 1
    for piece in splitter.split_text(text[start:end]):
        at = trim(text, at, end)[0]
        begin, at = at, at + len(piece.strip())
        for left, right in ruler.cut(begin, at, fresh):  # a “word” of more than a whole chunk
            earlier = ruler.back(left, floor, task.overlap) if task.overlap else left
            floor = left
            yield earlier, right
