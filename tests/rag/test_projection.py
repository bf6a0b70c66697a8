"""The map of chunks: honest about what it keeps, the same for the same seed, and clear when there is too little."""

from __future__ import annotations

import numpy as np
import pytest

from lab.errors import BadInput
from lab.rag.index import Index
from lab.rag.projection import project

QUESTION = "How much does express delivery cost?"


def test_pca_is_the_plane_of_the_largest_variance(index: Index) -> None:
    from sklearn.decomposition import PCA

    plane = project(index, QUESTION)
    oracle = PCA(2, svd_solver="full").fit(index.vectors.astype(float))
    ours = np.vstack([plane.points, plane.question])
    asked = np.asarray(index.embeddings.embed_query(QUESTION))
    theirs = oracle.transform(np.vstack([index.vectors, asked / np.linalg.norm(asked)]))
    assert np.abs(ours) == pytest.approx(np.abs(theirs), abs=1e-6)  # an axis may be turned round
    assert plane.kept_variance == pytest.approx(oracle.explained_variance_ratio_.sum())
    assert plane.places == tuple(range(len(index)))


def test_t_sne_is_the_same_for_the_same_seed(index: Index) -> None:
    first, again, other = (project(index, QUESTION, method="t-sne", seed=seed).points for seed in (1, 1, 2))
    assert np.array_equal(first, again)
    assert first.shape == (len(index), 2)
    assert other.shape == first.shape
    assert project(index, QUESTION, method="t-sne").kept_variance is None


def test_too_little_or_an_unknown_method_is_said(index: Index) -> None:
    with pytest.raises(BadInput, match="no map by"):
        project(index, QUESTION, method="umap")
    small = Index.build(index.chunks[:2], index.embeddings)
    with pytest.raises(BadInput, match="at least 3 chunks"):
        project(small, QUESTION)
