"""Documents → chunks, the small units that are looked up; each knows its exact place in its document.

A splitter is one function, Task → units, and one row of `SPLITTERS`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from lab.errors import BadInput
from lab.rag.documents import Document
from lab.rag.split.by_meaning import PERCENTILE, split_by_meaning
from lab.rag.split.by_sentence import SENTENCE_SIZE, split_by_sentences, split_small_to_big
from lab.rag.split.by_size import split_by_headings, split_recursively, split_straight_through
from lab.rag.split.chunk import (
    DEFAULT_TEXT_STYLE,
    TEXT_STYLES,
    Chunk,
    Passage,
    indexed_text,
    passage_text,
    reading_text,
)
from lab.rag.split.coverage import uncovered
from lab.rag.split.limits import oversize, seen_until
from lab.rag.split.ruler import Ruler
from lab.rag.split.sentences import sentence_spans
from lab.rag.split.task import EmbedFunction, Task
from lab.rag.split.units import Unit

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = [
    "DEFAULT_SIZE",
    "DEFAULT_TEXT_STYLE",
    "LONGEST_SIZE",
    "SHORTEST_SIZE",
    "SPLITTERS",
    "TEXT_STYLES",
    "Chunk",
    "Passage",
    "Splitter",
    "indexed_text",
    "oversize",
    "passage_text",
    "reading_text",
    "seen_until",
    "sentence_spans",
    "split_document",
    "split_documents",
    "uncovered",
]

DEFAULT_SIZE = 80  # tokens
SHORTEST_SIZE = 8
LONGEST_SIZE = 1000


@dataclass(frozen=True)
class Splitter:
    """One way of cutting documents, with the words a person chooses it by; `size` is a good one to begin with."""

    name: str
    title: str
    description: str
    size: int
    split: Callable[[Task], Iterable[Unit]]


SPLITTERS: dict[str, Splitter] = {
    splitter.name: splitter
    for splitter in (
        Splitter(
            "sentences",
            "One sentence each",
            "A sentence, list item or table row per chunk, with its title and heading. Headings are in no chunk's own "
            "text. Size is the longest allowed, longer ones are cut; overlap adds whole sentences before it, up to that "
            "many tokens on top.",
            DEFAULT_SIZE,
            split_by_sentences,
        ),
        Splitter(
            "fixed",
            "So many tokens each",
            "Straight through the text, so many tokens at a time, whatever stands there: headings and list marks are in "
            "the chunks. Only words are kept whole. Each chunk repeats up to the overlap's tokens of the one before.",
            120,
            split_straight_through,
        ),
        Splitter(
            "recursive",
            "The largest piece that fits",
            "LangChain's RecursiveCharacterTextSplitter over the whole text, headings included: paragraphs, then lines, "
            "sentences and words until a piece fits. The overlap's tokens are part of the size.",
            120,
            split_recursively,
        ),
        Splitter(
            "markdown",
            "A section each",
            "Everything under one heading, the heading on top. A section longer than the size is cut like “the largest "
            "piece that fits”; only there do chunks overlap.",
            200,
            split_by_headings,
        ),
        Splitter(
            "semantic",
            "By meaning",
            f"Neighbouring sentences of a section stay together until the distance between the embeddings of two is among "
            f"the largest {100 - PERCENTILE} % of the document, or the size is reached. Headings are in no chunk's own "
            "text. Overlap adds whole chunks before it that are no longer than that.",
            120,
            split_by_meaning,
        ),
        Splitter(
            "small-to-big",
            "Search small, read big",
            f"Searched by the sentence (at most {SENTENCE_SIZE} tokens), read by the paragraph: the model gets the whole "
            "paragraph, list or table around the sentence found, as much of it as the size allows. Headings are in no "
            "chunk's own text. Overlap adds whole sentences before, as in “one sentence each”.",
            200,
            split_small_to_big,
        ),
    )
}


def split_document(
    document: Document,
    *,
    splitter: str = "sentences",
    size: int = DEFAULT_SIZE,
    overlap: int = 0,
    embed: Embeddings | EmbedFunction | None = None,
) -> tuple[Chunk, ...]:
    """A document → its chunks in reading order; `size` and `overlap` in the embedder's tokens.

    No visible character is lost: see `uncovered`. `embed` gives texts their vectors for the splitter “semantic”, which
    otherwise takes the embedder of the process. Raises BadInput for an unknown splitter, a size that is not between 8 and
    1,000 or an overlap that is not between 0 and half the size.
    """
    if splitter not in SPLITTERS:
        raise BadInput(f"There is no splitter “{splitter}”. Choose one of: {', '.join(SPLITTERS)}.")
    if not SHORTEST_SIZE <= size <= LONGEST_SIZE:
        raise BadInput(
            f"Chunks of {size:,} tokens cannot be made. Set a size from {SHORTEST_SIZE} to {LONGEST_SIZE:,}."
        )
    if not 0 <= overlap <= size // 2:
        raise BadInput(f"An overlap of {overlap} tokens does not fit chunks of {size}. Set 0 to {size // 2} tokens.")
    task = Task(document, Ruler(document.text), size, overlap, embed)
    return tuple(_chunk(document, unit) for unit in SPLITTERS[splitter].split(task))


def split_documents(
    documents: Sequence[Document],
    *,
    splitter: str = "sentences",
    size: int = DEFAULT_SIZE,
    overlap: int = 0,
    embed: Embeddings | EmbedFunction | None = None,
) -> tuple[Chunk, ...]:
    """The chunks of all documents, one document after another; as `split_document`."""
    return tuple(
        chunk
        for document in documents
        for chunk in split_document(document, splitter=splitter, size=size, overlap=overlap, embed=embed)
    )


def _chunk(document: Document, unit: Unit) -> Chunk:
    place = document.place_at(unit.start)
    return Chunk(
        id=f"{document.name}#{unit.start}-{unit.end}",
        document=document.name,
        title=document.title,
        heading=unit.heading,
        start=unit.start,
        end=unit.end,
        text=document.text[unit.start : unit.end],
        page=place.number if place and place.kind == "page" else None,
        row=place.number if place and place.kind == "row" else None,
        parent=Passage(*unit.parent, document.text[slice(*unit.parent)]) if unit.parent else None,
    )
