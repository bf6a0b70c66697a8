"""Splitting: offsets are exact, nothing is lost, and a unit is what a person would call one."""

from __future__ import annotations

import string

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lab.errors import BadInput
from lab.rag.load import Document, read_document
from lab.rag.split import SPLITTERS, Chunk, indexed_text, sentence_spans, split_document, split_documents

WORD = st.text(alphabet=string.ascii_letters + string.digits + ".,!?£%'’-:;é日", min_size=1, max_size=12)
SENTENCE = st.lists(WORD, min_size=1, max_size=30).map(" ".join)
PIECE = st.one_of(
    SENTENCE,
    SENTENCE.map(lambda text: f"- {text}"),
    SENTENCE.map(lambda text: f"## {text}"),
    st.tuples(SENTENCE, SENTENCE).map("\n".join),
    st.lists(SENTENCE, min_size=1, max_size=3).map(
        lambda rows: "| a | b |\n|---|---|\n" + "\n".join(f"| {r} |" for r in rows)
    ),
    st.just("```\ncode here\n\nmore code\n```"),
    st.just("**Bold lead.** It costs £4. It lasts two days."),
)
TEXT = st.lists(PIECE, min_size=1, max_size=8).map("\n\n".join)


def make(text: str, name: str = "a.md") -> Document:
    return Document(name, "Title", text, "0" * 64)


def texts(markdown: str, **options: object) -> list[str]:
    return [chunk.text for chunk in split_document(make(markdown), **options)]  # type: ignore[arg-type]


def uncovered(document: Document, chunks: tuple[Chunk, ...]) -> str:
    covered = [False] * len(document.text)
    for chunk in chunks:
        covered[chunk.start : chunk.end] = [True] * (chunk.end - chunk.start)
    return "".join(character if not inside else " " for character, inside in zip(document.text, covered, strict=True))


@settings(max_examples=150, deadline=None)
@given(TEXT, st.sampled_from(sorted(SPLITTERS)), st.integers(3, 40), st.integers(0, 20))
def test_every_chunk_is_a_slice_and_no_body_text_is_lost(text: str, splitter: str, size: int, overlap: int) -> None:
    document = make(text)
    chunks = split_document(document, splitter=splitter, size=size, overlap=min(overlap, size // 2))
    assert all(chunk.text == text[chunk.start : chunk.end] and chunk.text.strip() for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert [chunk.start for chunk in chunks] == sorted(chunk.start for chunk in chunks)
    for line in uncovered(document, chunks).split("\n"):
        left = line.strip()
        # Headings, rules, table heads and code fences are about the text and in no chunk.
        assert not left or left.startswith(("#", "```", "| a | b |", "|---")) or set(left) <= set("-*_= "), left


@settings(max_examples=100, deadline=None)
@given(st.lists(SENTENCE, min_size=1, max_size=6).map("\n\n".join), st.sampled_from(sorted(SPLITTERS)))
def test_plain_text_loses_nothing_but_lines_that_look_like_headings(text: str, splitter: str) -> None:
    document = make(text, "a.txt")
    chunks = split_document(document, splitter=splitter)
    for line in uncovered(document, chunks).split("\n"):
        left = line.strip()
        headings = {label for chunk in chunks for label in chunk.heading}
        assert not left or set(left) <= set("-*_= ") or " ".join(left.split()) in headings or len(left) <= 70, left


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=300), st.sampled_from(sorted(SPLITTERS)), st.sampled_from(["a.md", "a.txt"]))
def test_any_text_at_all_can_be_split(text: str, splitter: str, name: str) -> None:
    for chunk in split_document(make(text, name), splitter=splitter, size=5, overlap=2):
        assert chunk.text == text[chunk.start : chunk.end]


@settings(max_examples=40, deadline=None)
@given(st.text(alphabet="ab \n", min_size=50, max_size=600), st.integers(3, 12), st.integers(0, 6))
def test_a_text_that_repeats_itself_keeps_every_character(text: str, size: int, overlap: int) -> None:
    document = make(text)
    chunks = split_document(document, splitter="recursive", size=size, overlap=min(overlap, size // 2))
    assert not uncovered(document, chunks).strip()


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("It costs £3.50. Pay at the till.", ["It costs £3.50.", "Pay at the till."]),
        ("Ask Mr. Smith or Dr. A. B. Jones. They know.", ["Ask Mr. Smith or Dr. A. B. Jones.", "They know."]),
        ("Bring food, e.g. Bread. Or soup.", ["Bring food, e.g. Bread.", "Or soup."]),
        ("We open at 9 a.m. Monday to Friday. Come in.", ["We open at 9 a.m. Monday to Friday.", "Come in."]),
        ("We close at 5 p.m. The café stays open.", ["We close at 5 p.m.", "The café stays open."]),
        ("See No. 5 on p. 12 for it. Thanks.", ["See No. 5 on p. 12 for it.", "Thanks."]),
        ("Go to https://a.example/b.html. Then pay.", ["Go to https://a.example/b.html.", "Then pay."]),
        ("It is grade A. Bring it in.", ["It is grade A.", "Bring it in."]),
        ("“Really?” she asked. “Yes!” He left.", ["“Really?” she asked.", "“Yes!”", "He left."]),
        ("Wait... Now go.", ["Wait...", "Now go."]),
        ("Version 2.0 is out (finally). Get it.", ["Version 2.0 is out (finally).", "Get it."]),
        ("これは一つ。これは二つ。", ["これは一つ。", "これは二つ。"]),
        ("No full stop at the end", ["No full stop at the end"]),
    ],
)
def test_sentences_end_where_a_reader_ends_them(text: str, sentences: list[str]) -> None:
    assert [text[start:end] for start, end in sentence_spans(text)] == sentences


def test_headings_become_a_path_and_no_chunk() -> None:
    chunks = split_document(
        make(
            "# Title\n\nOne sentence is here.\n\n## A\n\n### B\n\nAnother sentence is here.\n\n## C\n\nThe third one is here."
        )
    )
    assert [(chunk.text, chunk.heading) for chunk in chunks] == [
        ("One sentence is here.", ()),
        ("Another sentence is here.", ("A", "B")),
        ("The third one is here.", ("C",)),
    ]


def test_underlined_headings_count_as_headings() -> None:
    chunks = split_document(make("Top\n===\n\nOne sentence is here.\n\nSub\n---\n\nAnother sentence is here."))
    assert [chunk.heading for chunk in chunks] == [("Top",), ("Top", "Sub")]


def test_a_list_keeps_the_line_that_introduces_it() -> None:
    text = "Please bring it clean. We charge these prices:\n\n- A zip costs £9\n- A patch costs £7\n\nThat is all we charge."
    assert [(chunk.text, chunk.heading) for chunk in split_document(make(text))] == [
        ("Please bring it clean.", ()),
        ("We charge these prices:\n\n- A zip costs £9", ()),
        ("- A patch costs £7", ("We charge these prices:",)),
        ("That is all we charge.", ()),
    ]


def test_a_table_row_carries_the_tables_head() -> None:
    chunks = split_document(make("## Sizes\n\n| Size | Chest |\n|---|---|\n| S | 89 cm |\n| M | 97 cm |"))
    assert [(chunk.text, chunk.heading) for chunk in chunks] == [
        ("| S | 89 cm |", ("Sizes", "Size | Chest")),
        ("| M | 97 cm |", ("Sizes", "Size | Chest")),
    ]


def test_a_bold_lead_goes_with_its_paragraphs_later_sentences() -> None:
    chunks = split_document(make("**Trail First Aid.** This course costs £78. It lasts nine hours."))
    assert [chunk.text for chunk in chunks] == ["**Trail First Aid.** This course costs £78.", "It lasts nine hours."]
    assert chunks[1].heading == ("Trail First Aid",)


def test_a_short_fragment_joins_its_neighbour() -> None:
    assert texts("Yes. We repair boots of any brand.") == ["Yes. We repair boots of any brand."]
    assert texts("We repair boots of any brand. Promised!") == ["We repair boots of any brand. Promised!"]


def test_plain_text_headings_are_found_but_short_statements_are_kept() -> None:
    document = read_document(
        "a.txt", b"Price promise\n\nWe match prices of other shops.\n\nHow to ask\n\nSend us a link by email."
    )
    assert [(chunk.text, chunk.heading) for chunk in split_document(document)] == [
        ("We match prices of other shops.", ()),
        ("Send us a link by email.", ("How to ask",)),
    ]
    hours = read_document("b.txt", b"Opening hours\n\nMonday 9 to 5\n\nTuesday 10 to 4\n\nClosed on Sunday")
    kept = " ".join(chunk.text for chunk in split_document(hours))
    assert "Monday 9 to 5" in kept
    assert "Tuesday 10 to 4" in kept
    assert "Closed on Sunday" in kept


def test_lines_of_keys_and_values_are_units() -> None:
    assert texts("Phone: 01632 960 144\nManager: Rowan Thistle") == ["Phone: 01632 960 144", "Manager: Rowan Thistle"]


def test_front_matter_is_about_the_document_and_not_in_it() -> None:
    assert texts("---\ntitle: x\n---\n\nThe text begins here now.") == ["The text begins here now."]


def test_a_long_sentence_is_cut_to_the_size_at_a_comma() -> None:
    sentence = "one two three four five, six seven eight nine ten eleven twelve."
    assert texts(sentence, size=8) == ["one two three four five,", "six seven eight nine ten eleven twelve."]
    assert all(len(text) <= 12 * 10 for text in texts("x" * 1000, size=10))


def test_overlap_repeats_whole_sentences_before() -> None:
    text = "The first sentence is here. The second sentence is here. The third sentence is here."
    assert texts(text, size=20, overlap=5) == [
        "The first sentence is here.",
        "The first sentence is here. The second sentence is here.",
        "The second sentence is here. The third sentence is here.",
    ]


def test_indexed_text_carries_title_and_heading() -> None:
    chunk = split_document(make("## Prices\n\n- A **zip** costs\n  £9."))[0]
    assert indexed_text(chunk, "title") == "Title: A zip costs £9."
    assert indexed_text(chunk, "title-heading") == chunk.indexed_text == "Title, Prices: A zip costs £9."


def test_all_documents_are_split_one_after_another() -> None:
    chunks = split_documents([make("The first text is here."), make("The second text is here.", "b.md")])
    assert [chunk.document for chunk in chunks] == ["a.md", "b.md"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"splitter": "magic"}, "There is no splitter “magic”. Choose one of: sentences, recursive."),
        ({"size": 1}, "A chunk of 1 words is too small"),
        ({"size": 10, "overlap": 6}, "An overlap of 6 words does not fit chunks of 10. Set 0 to 5 words."),
    ],
)
def test_settings_that_cannot_work_say_what_would(options: dict[str, object], message: str) -> None:
    with pytest.raises(BadInput) as error:
        split_document(make("Some text."), **options)  # type: ignore[arg-type]
    assert message in str(error.value)
