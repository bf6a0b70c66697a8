"""Why a hit stands where it does, in a plain sentence."""

from __future__ import annotations

from collections.abc import Sequence

from lab.rag.index import ordinal


def by_meaning(rank: float, cosine: float) -> str:
    """“2nd by meaning (cosine 0.61)”."""
    return f"{ordinal(int(rank))} by meaning (cosine {cosine:.2f})"


def by_words(rank: float, score: float, words: Sequence[str]) -> str:
    """“1st by words (BM25 7.2: “express”, “delivery”)”."""
    return f"{ordinal(int(rank))} by words (BM25 {score:.1f}: {', '.join(f'“{word}”' for word in words)})"


def sentence(*parts: str) -> str:
    """The parts with commas between, a full stop after them and a capital letter before."""
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}."
