"""By words: BM25 over the stems of the passages' content words, titles and headings included."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

import numpy as np

from lab.rag.retrieve.reason import by_words, sentence
from lab.rag.words import STOP_WORDS, content_stems, is_number, stem, tokens

if TYPE_CHECKING:
    from lab.rag.index import Hit, Index


class WordIndex:
    """BM25 (Lucene's variant, k1 = 1.5, b = 0.75) over lists of stems, computed by bm25s. Immutable.

    A passage's score is the sum over the question's stems of ln(1 + (n - df + ½) / (df + ½)) · tf / (tf + k1 (1 - b + b l / l̄)).
    """

    def __init__(self, stems: Sequence[Sequence[str]]) -> None:
        self._size = len(stems)
        self._index: Any = None
        if any(stems):  # bm25s takes no collection without a single word
            import bm25s  # type: ignore[import-untyped,unused-ignore]

            self._index = bm25s.BM25(method="lucene", k1=1.5, b=0.75)
            self._index.index([list(words) for words in stems], show_progress=False)

    def scores(self, question: str) -> np.ndarray[Any, np.dtype[np.float32]]:
        """(passages,) float32: each one's BM25 for the question, 0 where they share no content word."""
        words = self._index.get_tokens_ids(content_stems(question)) if self._index else []
        if not words:
            return np.zeros(self._size, np.float32)
        scores: np.ndarray[Any, np.dtype[np.float32]] = self._index.get_scores_from_ids(words)
        return scores

    def nearest(self, question: str, k: int) -> list[tuple[int, float]]:
        """(place, BM25) of the best k passages that share a word with the question; ties keep reading order."""
        scores = self.scores(question)
        places = np.flatnonzero(scores > 0)
        places = places[np.argsort(-scores[places], kind="stable")[:k]]
        return [(int(place), float(scores[place])) for place in places]


_lock = threading.Lock()
_built: WeakKeyDictionary[Index, WordIndex] = WeakKeyDictionary()


def word_index(index: Index) -> WordIndex:
    """An index's words, counted when first asked for and kept for as long as the index is."""
    with _lock:
        found = _built.get(index)
    if found is None:
        found = WordIndex(index.stems)
        with _lock:
            _built[index] = found
    return found


def shared_words(question: str, stems: Sequence[str]) -> tuple[str, ...]:
    """The question's content words, as it writes them, whose stems are among `stems`."""
    held = set(stems)
    return tuple(
        dict.fromkeys(
            word
            for word in tokens(question)
            if word not in STOP_WORDS and (is_number(word) or len(word) > 1) and stem(word) in held
        )
    )


def search_words(index: Index, question: str, k: int) -> tuple[Hit, ...]:
    """The k best passages by BM25; none where no passage shares a content word with the question."""
    found = word_index(index).nearest(question, k)
    if not found:
        return ()
    cosines = index.vectors[[place for place, _ in found]] @ index.embed_question(question)
    return tuple(
        index.hit(
            place,
            rank,
            float(cosine),
            {"bm25": score, "bm25_rank": rank},
            sentence(by_words(rank, score, shared_words(question, index.stems[place])), f"cosine {cosine:.2f}"),
        )
        for rank, ((place, score), cosine) in enumerate(zip(found, cosines, strict=True), start=1)
    )
