"""An answer's sentences against its passages: which are supported, which only claim to be, and the numbers shown."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from lab.rag.split import sentence_spans
from lab.rag.support import CitedSentence, Support, cite, supports

if TYPE_CHECKING:
    from lab.rag.index import Hit

State = Literal["supported", "cited-unsupported", "uncited"]
_NUMBER = re.compile(r"[ \t]*\[(\d{1,2})\](?!\()")


@dataclass(frozen=True)
class Citation:
    """Where a sentence of the answer comes from; `text == document.text[start:end]`, `score` is the passage's cosine."""

    number: int
    document: str
    start: int
    end: int
    text: str
    score: float
    page: int | None = None
    row: int | None = None


@dataclass(frozen=True)
class CheckedSentence:
    """A sentence `answer.text[start:end]` (without its [n]) and what the stated rule of `support.supports` says of it.

    supported: passage `number` carries it. cited-unsupported: the model itself named passage `number`, and neither that
    one nor another carries it. uncited: no passage in the prompt carries it, and none was named. `share` is the part of its
    content words that the best passage holds; `missing` are its numbers and names that this passage lacks.
    """

    start: int
    end: int
    state: State
    number: int | None
    share: float
    missing: tuple[str, ...]


def _evidence(hit: Hit) -> str:
    return f"{hit.context} {hit.chunk.parent.text}" if hit.chunk.parent else hit.context


def place_citations(
    raw_text: str, hits: Sequence[Hit]
) -> tuple[str, tuple[Citation, ...], tuple[CheckedSentence, ...]]:
    """The answer with “ [n]” after every sentence that passage n supports, those passages in order, and every verdict.

    Numbers that the model wrote itself are taken out, so that every number that is shown was checked; one that names a
    passage in vain is told by the verdict.
    """
    by_rank = {hit.rank: hit for hit in hits}
    text, named = _without_numbers(raw_text.strip(), by_rank.keys())
    automatic = {(item.start, item.end): item for item in cite(text, hits, evidence=_evidence)}
    pieces: list[str] = []
    checked: list[CheckedSentence] = []
    used: set[int] = set()
    done = shift = 0
    for start, end in sentence_spans(text):
        state, number, support = _verdict(
            text[start:end],
            [number for place, number in named if start < place <= end + 1],
            by_rank,
            automatic[(start, end)],
        )
        pieces.append(text[done:end])
        checked.append(CheckedSentence(start + shift, end + shift, state, number, support.share, support.missing))
        if state == "supported" and number is not None:
            mark = f" [{number}]"
            pieces.append(mark)
            used.add(number)
            shift += len(mark)
        done = end
    pieces.append(text[done:])
    return "".join(pieces), tuple(_citation(by_rank[number]) for number in sorted(used)), tuple(checked)


def _without_numbers(text: str, ranks: Collection[int]) -> tuple[str, list[tuple[int, int]]]:
    """The text without the [n] that name a passage, and (place in the new text, n) of each."""
    kept: list[str] = []
    named: list[tuple[int, int]] = []
    length = done = 0
    for match in _NUMBER.finditer(text):
        if int(match[1]) not in ranks:
            continue
        kept.append(text[done : match.start()])
        length += match.start() - done
        done = match.end()
        named.append((length, int(match[1])))
    return "".join([*kept, text[done:]]).strip(), named


def _verdict(
    sentence: str, named: Sequence[int], by_rank: Mapping[int, Hit], automatic: CitedSentence
) -> tuple[State, int | None, Support]:
    for number in named:
        support = supports(sentence, _evidence(by_rank[number]))
        if support.supported:
            return "supported", number, support
    if automatic.number is not None:
        return "supported", automatic.number, automatic.support
    if named:
        return "cited-unsupported", named[0], supports(sentence, _evidence(by_rank[named[0]]))
    return "uncited", None, automatic.support


def _citation(hit: Hit) -> Citation:
    chunk = hit.chunk
    return Citation(
        hit.rank, chunk.document, chunk.start, chunk.end, chunk.text, hit.score, page=chunk.page, row=chunk.row
    )
