"""What of a document is in no chunk, so that nothing is lost in silence."""

from __future__ import annotations

from collections.abc import Sequence

from lab.rag.documents import Document
from lab.rag.readers.markdown import plain
from lab.rag.split.blocks import FENCE, RULE, blocks_of, front_matter_lines, heading_paths, lines_of
from lab.rag.split.chunk import Chunk
from lab.rag.split.sentences import trim
from lab.rag.split.table import head_label


def uncovered(document: Document, chunks: Sequence[Chunk]) -> list[tuple[int, int]]:
    """(start, end) of each stretch of visible text that is in no chunk of `document` and in no chunk's heading or title.

    Rules, fence lines and front matter are not text and left out, as is the line of dashes in a table. An empty list is
    what every splitter promises.
    """
    mine = [chunk for chunk in chunks if chunk.document == document.name]
    labels = {label for chunk in mine for label in chunk.heading} | {chunk.title for chunk in mine}
    taken = [(chunk.start, chunk.end) for chunk in mine] + _carried(document, labels) + _marks(document)
    open_spans: list[tuple[int, int]] = []
    reached = 0
    for start, end in [*sorted(taken), (len(document.text), len(document.text))]:
        if start > reached:
            left, right = trim(document.text, reached, start)
            if left < right:
                open_spans.append((left, right))
        reached = max(reached, end)
    return open_spans


def _carried(document: Document, labels: set[str]) -> list[tuple[int, int]]:
    """The headings and heads of tables that stand in a chunk's heading or title."""
    blocks = blocks_of(document)
    found = [(block.start, block.end) for block, _ in heading_paths(document, blocks) if block.label in labels]
    for block in blocks:
        rows = lines_of(document.text[block.start : block.end]) if block.kind == "table" else []
        if len(rows) > 2 and plain(head_label(rows[0].text)) in labels:
            found.append((block.start, block.start + rows[1].end))
    return found


def _marks(document: Document) -> list[tuple[int, int]]:
    """Front matter, and the rules and fence lines that no block holds."""
    lines = lines_of(document.text)
    front = front_matter_lines(document, lines)
    inside = [(block.start, block.end) for block in blocks_of(document)]
    found = [(line.start, line.end) for line in lines[:front]]
    place = 0
    for line in lines[front:]:
        while place < len(inside) and inside[place][1] < line.start:
            place += 1
        in_block = place < len(inside) and inside[place][0] <= line.start and line.end <= inside[place][1]
        if not in_block and (RULE.match(line.text) or FENCE.match(line.text)):
            found.append((line.start, line.end))
    return found
