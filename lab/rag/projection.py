"""Vectors of many dimensions → points on a plane, for looking at; distances on the plane are not cosines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from lab.errors import BadInput

if TYPE_CHECKING:
    from lab.rag.index import Index

METHODS = {"pca": "PCA", "t-sne": "t-SNE"}
MAX_POINTS = 3000  # what a browser draws and t-SNE lays out in a few seconds

Points = np.ndarray[Any, np.dtype[np.float64]]


@dataclass(frozen=True)
class Projection:
    """`points` is (chunks shown, 2), `question` (2,); `places` are the shown chunks' places in the index.

    kept_variance: the share of all variance that the plane keeps (PCA only). left_out: chunks not shown.
    """

    points: Points
    question: Points
    places: tuple[int, ...]
    kept_variance: float | None
    left_out: int


def project(index: Index, question: str, *, method: str = "pca", seed: int = 0) -> Projection:
    """The plane of an index's chunks and a question. Raises BadInput for an unknown method or fewer than 3 chunks.

    PCA is fitted on the chunks and applied to the question; t-SNE (van der Maaten & Hinton 2008) lays out both
    together and depends on the seed.
    """
    if method not in METHODS:
        raise BadInput(f"There is no map by “{method}”. Choose one of: {', '.join(METHODS)}.")
    if len(index) < 3:
        raise BadInput(f"A map needs at least 3 chunks, and there are {len(index)}. Add text, or split smaller.")
    places = tuple(range(len(index)))
    if len(places) > MAX_POINTS:
        places = tuple(sorted(np.random.default_rng(seed).choice(len(index), MAX_POINTS, replace=False).tolist()))
    vectors = index.vectors[list(places)].astype(np.float64)
    asked = np.asarray(index.embeddings.embed_query(question), dtype=np.float64)
    asked /= np.linalg.norm(asked) or 1.0
    if method == "pca":
        centre = vectors.mean(axis=0)
        _, spread, axes = np.linalg.svd(vectors - centre, full_matrices=False)
        points, place = (vectors - centre) @ axes[:2].T, (asked - centre) @ axes[:2].T
        total = float((spread**2).sum())
        kept: float | None = float((spread[:2] ** 2).sum()) / total if total else 1.0
    else:
        from sklearn.manifold import TSNE  # type: ignore[import-untyped,unused-ignore]

        everything = np.vstack([vectors, asked])
        perplexity = min(30.0, (len(everything) - 1) / 3)
        laid_out = TSNE(metric="cosine", init="pca", perplexity=perplexity, random_state=seed).fit_transform(everything)
        points, place, kept = np.asarray(laid_out[:-1], float), np.asarray(laid_out[-1], float), None
    return Projection(points, place, places, kept, len(index) - len(places))
