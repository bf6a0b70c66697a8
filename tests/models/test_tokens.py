"""Counting tokens: the same numbers as the embedder's own tokenizer, the whole text, and quickly."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from transformers import AutoTokenizer

from lab.errors import LabError
from lab.models import tokens
from lab.models.embedder import MAX_TOKENS, model_folder
from lab.models.tokens import EMBEDDER_LIMIT_TOKENS, SPECIAL_TOKENS, count_tokens, token_ids, token_offsets

TEXTS = ["", "A cat sits.", "Repairs cost £3.50 (e.g. zips).", "日本語 👍🏽 한국어", "unbelievably " * 400, "x" * 500]


def test_counts_and_offsets_are_those_of_the_embedders_own_tokenizer() -> None:
    theirs = AutoTokenizer.from_pretrained(str(model_folder()), local_files_only=True)
    theirs.backend_tokenizer.no_truncation()
    theirs.backend_tokenizer.no_padding()
    for text, count in zip(TEXTS, count_tokens(TEXTS), strict=True):
        expected = theirs(text, add_special_tokens=False, return_offsets_mapping=True, truncation=False)
        assert count == len(expected["input_ids"])
        assert token_offsets(text) == [tuple(pair) for pair in expected["offset_mapping"]]
    assert len(theirs("a cat")["input_ids"]) - count_tokens(["a cat"])[0] == SPECIAL_TOKENS
    assert EMBEDDER_LIMIT_TOKENS == MAX_TOKENS


def test_a_long_text_is_counted_to_its_end() -> None:
    assert count_tokens(["word " * 5000]) == [5000]
    assert token_offsets("word " * 5000)[-1] == (24995, 24999)


def test_no_texts_have_no_counts_and_no_text_breaks_the_count() -> None:
    assert count_tokens([]) == []
    assert count_tokens(["\u200b", "\ud800 alone"]) == [0, 2]


def test_unknown_words_have_no_number() -> None:
    assert token_ids(["cat 👍 cat", ""]) == [[4937, 4937], []]


def test_many_threads_get_the_same_counts() -> None:
    with ThreadPoolExecutor(6) as pool:
        assert set(map(tuple, pool.map(count_tokens, [TEXTS] * 30))) == {tuple(count_tokens(TEXTS))}


def test_counting_loads_no_torch() -> None:
    script = (
        "import sys; from lab.models.tokens import count_tokens; count_tokens(['a'])\n"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_missing_model_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    tokens._load.cache_clear()
    with pytest.raises(LabError, match="pip install -r requirements"):
        count_tokens(["a"])
