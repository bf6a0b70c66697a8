"""The static embedder: means of the input table, blind to order, never cut off."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from safetensors.torch import load_file
from transformers import AutoTokenizer

from lab.models.embedder import DIMENSIONS, model_folder
from lab.models.static import TABLE, StaticEmbedder, get_static_embedder

TEXTS = [
    "A cat sits on the mat.",
    "A kitten lies on a rug.",
    "The invoice is due in May.",
    "日本語 unbelievably",
    "",
    "👍",
]


def test_a_vector_is_the_mean_of_the_texts_token_vectors_scaled_to_length_one() -> None:
    table = load_file(str(model_folder() / "model.safetensors"))[TABLE].numpy()
    tokenizer = AutoTokenizer.from_pretrained(str(model_folder()), local_files_only=True)
    for text in TEXTS[:4]:
        numbers = [number for number in tokenizer(text, add_special_tokens=False)["input_ids"] if number != 100]
        mean = table[numbers].mean(axis=0)
        expected = (mean / np.linalg.norm(mean)).tolist()
        assert get_static_embedder().embed_query(text) == pytest.approx(expected, abs=1e-6)


def test_near_words_mean_near_and_a_text_without_known_words_is_near_nothing() -> None:
    vectors = np.array(get_static_embedder().embed_documents(TEXTS))
    assert vectors.shape == (len(TEXTS), DIMENSIONS)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1, 1, 0, 0])
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]
    assert get_static_embedder().embed_documents([]) == []


def test_it_cannot_tell_who_bit_whom() -> None:
    one, other = get_static_embedder().embed_documents(["the dog bit the man", "the man bit the dog"])
    assert one == pytest.approx(other, abs=1e-9)


def test_the_end_of_a_long_text_still_counts() -> None:
    one, other = get_static_embedder().embed_documents(["word " * 600, "word " * 600 + "boots"])
    assert one != pytest.approx(other, abs=1e-4)


def test_many_threads_share_one_table() -> None:
    embedder = StaticEmbedder()
    alone = get_static_embedder().embed_documents(TEXTS)
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(embedder.embed_documents, [TEXTS] * 12)) == [alone] * 12


def test_it_needs_no_torch() -> None:
    script = (
        "import sys; from lab.models.static import get_static_embedder as get; get().embed_query('a cat')\n"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
