"""Splitting made-up documents of every kind: offsets are exact, nothing is lost, no chunk is empty or too long."""

from __future__ import annotations

import hashlib
import itertools
import re

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from lab.rag.documents import Document, Place
from lab.rag.split import SPLITTERS, Chunk, split_document, uncovered
from lab.rag.split.ruler import Ruler

QUICK = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
WHOLE_TEXT = ("fixed", "recursive", "markdown")  # their chunks hold the headings and marks, too
WORD = st.one_of(
    st.sampled_from(
        "the a price costs boots returns within days e.g. Mr. £3.50 No. 5 9 a.m. U.K. x_y **bold** | yes".split()
    ),
    st.sampled_from(
        [
            "日本語",
            "これは一つ。",
            "👩‍👩‍👧",
            "👍🏽",
            "café",
            "e\u0301te\u0301",
            "한국어",
            "\u200bhidden",
            "שלום",
            "ﷺ",
            "\ufffd",
        ]
    ),
    st.from_regex(r"[A-Za-z0-9.,!?;:'’-]{1,9}", fullmatch=True),
    st.integers(30, 400).map(lambda length: "k3y-" * (length // 4)),
    st.integers(101, 300).map(lambda length: "x" * length),
)
SENTENCE = st.tuples(
    st.lists(WORD, min_size=1, max_size=14).map(" ".join), st.sampled_from(["", ".", "?", "!", ":"])
).map("".join)
CELL = st.lists(
    st.sampled_from(["M", "96 cm", "", "a\\|b", "**£4**", "日本", "long name of it"]), min_size=1, max_size=3
)
PIECE = st.one_of(
    st.lists(SENTENCE, min_size=1, max_size=6).map(" ".join),
    st.lists(SENTENCE, min_size=2, max_size=3).map("\n".join),
    st.tuples(st.integers(1, 4), SENTENCE).map(lambda pair: f"{'#' * pair[0]} {pair[1]}"),
    st.tuples(SENTENCE, st.sampled_from(["===", "---", "--"])).map("\n".join),
    st.tuples(SENTENCE, st.lists(SENTENCE, min_size=1, max_size=4)).map(
        lambda pair: f"{pair[0]}:\n\n" + "\n".join(f"- {item}" for item in pair[1])
    ),
    st.lists(SENTENCE, min_size=1, max_size=4).map(
        lambda items: "\n\n".join(f"{n}. {t}" for n, t in enumerate(items, 1))
    ),
    st.tuples(CELL, st.lists(CELL, max_size=4)).map(
        lambda pair: "\n".join(
            ["| " + " | ".join(pair[0]) + " |", "|" + "---|" * len(pair[0])]
            + ["| " + " | ".join(row) + " |" for row in pair[1]]
        )
    ),
    SENTENCE.map(lambda text: f"```python\n# {text}\n\n{text}\n```"),
    st.sampled_from(
        [
            "```\nnever closed",
            "```\n```still open\n~~~",
            "***",
            "---",
            "##",
            "Phone: 1234\nManager: Ann",
            "# `",
            "a | b\n-|-",
        ]
    ),
    SENTENCE.map(lambda text: f"**Bold lead.** {text} It lasts two days."),
)
TEXT = st.tuples(
    st.sampled_from(["", "", "---\ntitle: x\n---\n\n", "---\n\n"]),
    st.lists(st.tuples(PIECE, st.sampled_from(["\n\n", "\n\n", "\n", "\n \n\n"])), min_size=1, max_size=7),
).map(lambda pair: pair[0] + "".join(piece + gap for piece, gap in pair[1]))


@st.composite
def documents(draw: st.DrawFn) -> Document:
    kind = draw(st.sampled_from(["md", "md", "txt", "pdf", "csv"]))
    text = draw(TEXT)
    places: tuple[Place, ...] = ()
    if kind == "pdf":
        starts = sorted(draw(st.sets(st.integers(0, max(len(text) - 1, 0)), max_size=3)) | {0})
        places = tuple(Place(start, "page", number) for number, start in enumerate(starts, 1))
    if kind == "csv":
        begins = [0, *(match.end() for match in re.finditer(r"\n\n+(?=\S)", text))]
        places = tuple(Place(start, "row", number) for number, start in enumerate(begins[draw(st.integers(0, 1)) :], 1))
    return Document(f"a.{kind}", draw(st.sampled_from(["Title", "the", "yes"])), text, "0" * 64, kind, places)


def vectors(texts: list[str]) -> list[list[float]]:
    """Eight numbers a text that have nothing to do with what it says, and are always the same."""
    return [[byte - 128.0 for byte in hashlib.sha256(text.encode("utf-8", "replace")).digest()[:8]] for text in texts]


def check(document: Document, chunks: tuple[Chunk, ...], splitter: str, size: int, overlap: int) -> None:
    text = document.text
    assert all(chunk.text == text[chunk.start : chunk.end] for chunk in chunks)
    assert all(chunk.text.strip() == chunk.text != "" for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert [chunk.end for chunk in chunks] == sorted({chunk.end for chunk in chunks})
    assert [chunk.start for chunk in chunks] == sorted(chunk.start for chunk in chunks)
    assert uncovered(document, chunks) == []
    if overlap == 0:
        assert all(before.end <= after.start for before, after in itertools.pairwise(chunks))
    ruler = Ruler(text)
    longest = size if splitter in WHOLE_TEXT else size + overlap  # there the overlap comes on top
    heaviest = max((after - before for before, after in itertools.pairwise(ruler.before)), default=0)  # one sign, uncut
    assert all(ruler.count(chunk.start, chunk.end) <= max(longest, heaviest) for chunk in chunks)
    for chunk in chunks:
        place = document.place_at(chunk.start)
        number = place.number if place else None
        assert (chunk.page, chunk.row) == ((None, number) if document.format == "csv" else (number, None))
        if chunk.parent:
            assert chunk.parent.start <= chunk.start < chunk.end <= chunk.parent.end
            assert chunk.parent.text == text[chunk.parent.start : chunk.parent.end]
    said = [(chunk.start, chunk.end) for chunk in chunks]
    if splitter in WHOLE_TEXT:
        silent = set(range(len(text))) - {at for start, end in said for at in range(start, end)}
        assert not "".join(text[at] for at in sorted(silent)).strip()


@pytest.mark.parametrize("splitter", SPLITTERS)
@settings(QUICK, max_examples=60)
@given(documents(), st.sampled_from([8, 12, 20, 80, 254]), st.integers(0, 40))
def test_no_made_up_document_loses_a_character_or_its_place(
    splitter: str, document: Document, size: int, overlap: int
) -> None:
    overlap = min(overlap, size // 2)
    chunks = split_document(document, splitter=splitter, size=size, overlap=overlap, embed=vectors)
    check(document, chunks, splitter, size, overlap)


@pytest.mark.parametrize("splitter", SPLITTERS)
@settings(QUICK, max_examples=40)
@given(st.text(max_size=300), st.sampled_from(["md", "txt"]))
@example("\u200b" * 300, "md")
@example("\u0301" * 300, "txt")
@example("e" + "\u0301" * 300, "md")
@example("#\n##\n# a\n# Title", "md")
@example("# a\n### Title", "md")
@example("\ud800 lone surrogate", "md")
def test_any_text_at_all_can_be_split(splitter: str, text: str, kind: str) -> None:
    document = Document("a", "Title", text, "0" * 64, kind)
    check(document, split_document(document, splitter=splitter, size=8, overlap=3, embed=vectors), splitter, 8, 3)


@pytest.mark.parametrize("splitter", SPLITTERS)
@settings(QUICK, max_examples=25)
@given(st.text(alphabet="ab \n", min_size=50, max_size=600), st.integers(8, 12), st.integers(0, 6))
def test_a_text_that_repeats_itself_keeps_every_character(splitter: str, text: str, size: int, overlap: int) -> None:
    document = Document("a.md", "Title", text, "0" * 64)
    overlap = min(overlap, size // 2)
    chunks = split_document(document, splitter=splitter, size=size, overlap=overlap, embed=vectors)
    check(document, chunks, splitter, size, overlap)


NUMBERED = st.lists(st.sampled_from(["heading", "paragraph", "list", "table", "code", "quote"]), min_size=1, max_size=9)


@pytest.mark.parametrize("splitter", SPLITTERS)
@settings(QUICK, max_examples=25)
@given(NUMBERED, st.sampled_from([8, 30, 200]))
def test_every_word_of_a_document_is_in_a_chunk_a_heading_or_the_title(
    splitter: str, kinds: list[str], size: int
) -> None:
    """An oracle of its own: each word is there once, so that it can be looked for whatever the blocks are."""
    patterns = {
        "heading": "## head{0} one",
        "paragraph": "It is para{0} here. And second{0} there.",
        "list": "We have:\n\n- item{0} first\n- other{0} last",
        "table": "| col{0} | b |\n|---|---|\n| cell{0} | x |\n| last{0} | y |",
        "code": "```\ncode{0} = 1\n\nmore{0} = 2\n```",
        "quote": "> said{0} so",
    }
    text = "\n\n".join(patterns[kind].format(number) for number, kind in enumerate(kinds))
    document = Document("a.md", "Title", text, "0" * 64)
    chunks = split_document(document, splitter=splitter, size=size, embed=vectors)
    # A word may be cut where a chunk is full: what the chunks hold is read without the white space.
    held = "".join(chunk.text + "".join(chunk.heading) for chunk in chunks).replace(" ", "")
    assert [word for word in re.findall(r"[a-z]+\d+", text) if word not in held] == []
