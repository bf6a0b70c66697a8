"""Splitting: a unit is what a person would call one, and the settings do what they say."""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from collections.abc import Callable

import pytest

from lab.errors import BadInput
from lab.models.static import get_static_embedder
from lab.models.tokens import count_tokens
from lab.rag.documents import Document, Place
from lab.rag.split import (
    SPLITTERS,
    Chunk,
    indexed_text,
    oversize,
    passage_text,
    reading_text,
    seen_until,
    sentence_spans,
    split_document,
    split_documents,
    uncovered,
)


def make(text: str, name: str = "a.md", title: str = "Title", places: tuple[Place, ...] = ()) -> Document:
    return Document(name, title, text, "0" * 64, name.rsplit(".", 1)[1], places)


def texts(markdown: str, **options: object) -> list[str]:
    return [chunk.text for chunk in split_document(make(markdown), **options)]  # type: ignore[arg-type]


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
    text = "Price promise\n\nWe match prices of other shops.\n\nHow to ask\n\nSend us a link by email."
    document = make(text, "a.txt", "Price promise")
    assert [(chunk.text, chunk.heading) for chunk in split_document(document)] == [
        ("We match prices of other shops.", ()),
        ("Send us a link by email.", ("How to ask",)),
    ]
    hours = make("Opening hours\n\nMonday 9 to 5\n\nTuesday 10 to 4\n\nClosed on Sunday", "b.txt", "Opening hours")
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
    assert max(len(text) for text in texts("x" * 1000, size=10)) <= 200  # the tokenizer takes it for one word


def test_overlap_repeats_whole_sentences_before() -> None:
    text = "The first sentence is here. The second sentence is here. The third sentence is here."
    assert texts(text, size=20, overlap=6) == [
        "The first sentence is here.",
        "The first sentence is here. The second sentence is here.",
        "The second sentence is here. The third sentence is here.",
    ]
    assert texts(text, size=20, overlap=5) == texts(text, size=20)  # no sentence fits


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
        (
            {"splitter": "magic"},
            "There is no splitter “magic”. Choose one of: sentences, fixed, recursive, markdown, semantic, small-to-big.",
        ),
        ({"size": 7}, "Chunks of 7 tokens cannot be made. Set a size from 8 to 1,000."),
        ({"size": 1001}, "Chunks of 1,001 tokens cannot be made. Set a size from 8 to 1,000."),
        ({"size": 10, "overlap": 6}, "An overlap of 6 tokens does not fit chunks of 10. Set 0 to 5 tokens."),
        ({"size": 10, "overlap": -1}, "An overlap of -1 tokens does not fit chunks of 10. Set 0 to 5 tokens."),
    ],
)
def test_settings_that_cannot_work_say_what_would(options: dict[str, object], message: str) -> None:
    with pytest.raises(BadInput) as error:
        split_document(make("Some text."), **options)  # type: ignore[arg-type]
    assert str(error.value) == message


# ── Headings, marks and what is in no chunk ───────────────────────────────────────────────────────────────────────────


def test_a_heading_with_nothing_under_it_is_not_lost() -> None:
    document = make("# Title\n\n## Closed on Mondays\n\n## Prices\n\nA zip costs nine pounds.\n\n### See you soon")
    chunks = split_document(document)
    assert [(chunk.text, chunk.heading) for chunk in chunks] == [
        ("## Closed on Mondays", ()),
        ("A zip costs nine pounds.", ("Prices",)),
        ("### See you soon", ("Prices",)),
    ]
    assert passage_text(chunks[0]) == "Closed on Mondays"
    assert texts("# Title") == ["# Title"]


def test_what_stands_between_two_rules_is_not_taken_for_front_matter() -> None:
    assert texts("---\n\nThe offer ends on Friday this week.\n\n---\n\nThe rest of the text is here.") == [
        "The offer ends on Friday this week.",
        "The rest of the text is here.",
    ]


def test_words_after_the_marks_of_a_code_block_are_not_lost() -> None:
    assert texts("```\none = 1\n``` is not its end\ntwo = 2\n```") == ["one = 1\n``` is not its end\ntwo = 2"]
    assert texts("```bin/run``` starts the whole thing for you.") == ["```bin/run``` starts the whole thing for you."]


def test_the_format_and_not_the_name_says_whether_a_text_is_markdown() -> None:
    text = "# Not a heading here\n\nThis is the body of the text."
    plain = Document("a.md", "T", text, "0" * 64, "txt")
    assert split_document(plain)[0].text == "# Not a heading here"
    assert split_document(Document("a.txt", "T", text, "0" * 64, "md"))[0].heading == ("Not a heading here",)


def test_what_is_in_no_chunk_is_reported() -> None:
    document = make(
        "## Lost\n\nThe first one is here.\n\nThe second one is here.\n\n***\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    )
    chunks = split_document(document)
    assert uncovered(document, chunks) == []
    assert [document.text[start:end] for start, end in uncovered(document, chunks[1:-1])] == [
        "The first one is here.",
        "| a | b |\n|---|---|\n| 1 | 2 |",
    ]
    assert next(document.text[start:end] for start, end in uncovered(document, ())).startswith("## Lost\n\nThe first")


# ── Tables and rows ───────────────────────────────────────────────────────────────────────────────────────────────────


def row(text: str, *heading: str) -> Chunk:
    return Chunk("a#0", "a.md", "Shop", heading, 0, len(text), text)


@pytest.mark.parametrize(
    ("text", "head", "read"),
    [
        ("| M | 96 cm |", "Size | Chest", "Size: M; Chest: 96 cm"),
        ("M | 96 cm", "Size | Chest", "Size: M; Chest: 96 cm"),
        ("| M | |", "Size | Chest", "Size: M"),
        ("| Mon | 9 |", "| Opens", "Mon; Opens: 9"),  # a first column without a name
        ("| a\\|b | **9** |", "Sign | Price", "Sign: a|b; Price: 9"),
        ("| M |", "Size", "Size: M"),
        ("| M | 96 cm | more |", "Size | Chest", "| M | 96 cm | more |"),  # the cells do not fit
        ("| M | 96", "Size | Chest | Length", "| M | 96"),
        ("Bring it | or leave it", "Prices", "Bring it | or leave it"),
        ("| | |", "Size | Chest", "| | |"),
    ],
)
def test_a_row_is_read_with_the_names_of_its_columns(text: str, head: str, read: str) -> None:
    assert passage_text(row(text, "Sizes", head)) == read


def test_a_rows_head_is_said_once_and_its_section_stays() -> None:
    assert indexed_text(row("| M | 96 cm |", "Sizes", "Size | Chest")) == "Shop, Sizes: Size: M; Chest: 96 cm"
    assert indexed_text(row("| M | 96 cm |", "Size | Chest")) == "Shop: Size: M; Chest: 96 cm"
    assert indexed_text(row("| M | 96 cm | x |", "Size | Chest")) == "Shop, Size | Chest: | M | 96 cm | x |"


def test_a_whole_section_reads_as_one_line_with_its_heading_once() -> None:
    table = "| Size | Chest |\n|---|---|\n| S | 89 cm |\n| M | 97 cm |"
    text = f"# Shop\n\n## Sizes\n\nIn stock:\n\n{table}\n\n## Prices\n\nAll cost £9."
    chunks = split_document(make(text, title="Shop"), splitter="markdown", size=100)
    assert [chunk.indexed_text for chunk in chunks] == [
        "Shop: Sizes: In stock: Size: S; Chest: 89 cm. Size: M; Chest: 97 cm",
        "Shop: Prices: All cost £9.",
    ]


def test_the_rest_of_a_long_table_still_knows_its_head() -> None:
    rows = "\n".join(f"| {number} | {number} cm |" for number in range(40))
    document = make(f"## Sizes\n\n| Size | Chest |\n|---|---|\n{rows}")
    for splitter in ("recursive", "markdown"):
        last = split_document(document, splitter=splitter, size=40)[-1]
        assert last.heading == ("Sizes", "Size | Chest")
        assert passage_text(last).endswith("Size: 39; Chest: 39 cm")


def test_a_row_of_a_csv_is_one_chunk_whatever_stands_in_it() -> None:
    rows = [
        "# sold: 4; Note: Back soon. Ask Ann. Yes!",
        "# sold: 5; Note: first line\n- second line",
        "# sold: 6; Note: a",
    ]
    text = "# Stock\n\n" + "\n\n".join(rows)
    places = tuple(Place(text.index(content), "row", number) for number, content in enumerate(rows, 2))
    document = make(text, "stock.csv", "Stock", places)
    for splitter in ("sentences", "small-to-big"):
        chunks = split_document(document, splitter=splitter)
        assert [(chunk.text, chunk.row, chunk.page) for chunk in chunks] == [
            (content, number, None) for number, content in enumerate(rows, 2)
        ]
    touching = make("A: 1.\nA: 2.", "b.csv", places=(Place(0, "row", 1), Place(6, "row", 2)))
    assert [(chunk.text, chunk.row) for chunk in split_document(touching)] == [("A: 1.", 1), ("A: 2.", 2)]
    assert len(split_document(document, size=8)) > 3  # only a row above the size is cut


def test_a_chunk_names_the_page_that_it_begins_on() -> None:
    text = "The first page has this. And it goes on over here. The third one is the last."
    document = make(text, "a.pdf", places=(Place(0, "page", 1), Place(30, "page", 2), Place(60, "page", 3)))
    assert [chunk.page for chunk in split_document(document)] == [1, 1, 2]


# ── The splitters ─────────────────────────────────────────────────────────────────────────────────────────────────────

NOTE = (
    "## Zips\n\nA zip costs nine pounds and takes a week. A patch costs seven.\n\n- Tents take longer\n- Boots do not"
)


def test_fixed_pieces_go_straight_through_and_keep_words_whole() -> None:
    pieces = texts(NOTE, splitter="fixed", size=8)
    assert pieces[0] == "## Zips\n\nA zip costs nine"
    assert " ".join(pieces).split() == NOTE.split()
    assert max(count_tokens(pieces)) <= 8


def test_fixed_pieces_repeat_the_end_of_the_one_before() -> None:
    words = [f"word{number}" for number in range(100)]
    chunks = split_document(make(" ".join(words)), splitter="fixed", size=20, overlap=8)
    for before, after in itertools.pairwise(chunks):
        shared = before.text[after.start - before.start :]
        assert after.text.startswith(shared)
        assert 4 <= count_tokens([shared])[0] <= 8


def test_recursive_pieces_break_at_the_largest_seam_that_fits() -> None:
    assert texts(NOTE, splitter="recursive", size=20) == [
        "## Zips\n\nA zip costs nine pounds and takes a week. A patch costs seven.",
        "- Tents take longer\n- Boots do not",
    ]


def test_a_section_is_one_chunk_and_a_heading_goes_with_the_first_below_it() -> None:
    text = f"# Title\n\n{NOTE}\n\n## Empty\n\n## Last\n\nThat is it."
    chunks = split_document(make(text), splitter="markdown", size=60)
    assert [(chunk.text, chunk.heading) for chunk in chunks] == [
        (f"# Title\n\n{NOTE}", ("Zips",)),
        ("## Empty", ("Empty",)),
        ("## Last\n\nThat is it.", ("Last",)),
    ]


def by_subject(texts: list[str]) -> list[list[float]]:
    """Two subjects, boots and tents, and a little of the other in each that says “also”."""
    return [[1.0, 0.2 * ("also" in text)] if "boot" in text else [0.2 * ("also" in text), 1.0] for text in texts]


def test_sentences_stay_together_until_the_subject_changes() -> None:
    text = (
        "We mend every boot here. A boot takes one week. The boot soles are new. "
        "Tents are mended too. A tent takes one month. The tent poles are new."
    )
    together = [
        "We mend every boot here. A boot takes one week. The boot soles are new.",
        "Tents are mended too. A tent takes one month. The tent poles are new.",
    ]
    assert texts(text, splitter="semantic", embed=by_subject) == together
    assert texts(text, splitter="semantic", embed=get_static_embedder()) == texts(
        text, splitter="semantic", embed=get_static_embedder()
    )
    longest = max(count_tokens(texts(text, splitter="semantic", size=14, embed=by_subject)))
    assert longest <= 14


def test_a_broken_embedder_is_named_when_splitting_by_meaning() -> None:
    with pytest.raises(BadInput, match="not one vector per text"):
        texts("The first one is here. The second one is here.", splitter="semantic", embed=lambda texts: [[1.0]])


def test_splitting_by_meaning_takes_the_processs_embedder_when_none_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.models.embedder.get_embedder", lambda: by_subject)
    assert texts("A boot is mended here. A tent is not mended.", splitter="semantic") != []


def test_what_is_read_is_the_paragraph_list_or_table_around_what_is_found() -> None:
    table = "| Size | Chest |\n|---|---|\n| S | 89 cm |\n| M | 97 cm |"
    chunks = split_document(make(f"{NOTE}\n\n{table}"), splitter="small-to-big", size=60)
    paragraph = "A zip costs nine pounds and takes a week. A patch costs seven."
    items = "- Tents take longer\n- Boots do not"
    assert [(chunk.text, chunk.parent.text if chunk.parent else None) for chunk in chunks] == [
        ("A zip costs nine pounds and takes a week.", paragraph),
        ("A patch costs seven.", paragraph),
        ("- Tents take longer", items),
        ("- Boots do not", items),
        ("| S | 89 cm |", table),
        ("| M | 97 cm |", table),
    ]
    assert reading_text(chunks[1]) == paragraph
    assert reading_text(chunks[-1]) == "Size: S; Chest: 89 cm. Size: M; Chest: 97 cm"
    assert reading_text(split_document(make(NOTE))[0]) == "A zip costs nine pounds and takes a week."


def test_what_is_read_is_no_longer_than_the_size_and_holds_what_was_found() -> None:
    sentences = [f"This is the sentence with number {number}." for number in range(30)]
    chunks = split_document(make(" ".join(sentences)), splitter="small-to-big", size=40)
    assert [chunk.text for chunk in chunks] == sentences
    for chunk, sentence in zip(chunks, sentences, strict=True):
        assert chunk.parent is not None
        assert sentence in chunk.parent.text
        assert 25 <= count_tokens([chunk.parent.text])[0] <= 40


@pytest.mark.parametrize("splitter", SPLITTERS)
def test_a_collection_of_two_thousand_chunks_is_split_in_well_under_a_second(splitter: str) -> None:
    section = "## Part {0}\n\nA zip costs {0} pounds here. A patch costs {0} pence, and takes a week.\n\n- Ask Ann\n- Or Bob\n\n"
    documents = [make("".join(section.format(part) for part in range(10)), f"{name}.md") for name in range(80)]
    count_tokens(["The tokenizer is read from its file once."])
    embed: Callable[[list[str]], list[list[float]]] = by_subject
    best = 9.0
    for _ in range(3):  # the machine may be busy with something else
        began = time.perf_counter()
        chunks = split_documents(documents, splitter=splitter, size=10, embed=embed)
        best = min(best, time.perf_counter() - began)
    assert len(chunks) >= 2000
    assert best < 1.5


def test_splitting_loads_no_torch() -> None:
    script = (
        "import sys; from lab.rag.documents import Document; from lab.rag.split import SPLITTERS, split_document\n"
        "for name in SPLITTERS: split_document(Document('a', 'T', 'One is here. Two is here.', ''), splitter=name,"
        " embed=lambda texts: [[1.0]] * len(texts))\n"
        "print([m for m in ('torch', 'sentence_transformers', 'transformers', 'faiss') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


# ── What the embedder does not see ────────────────────────────────────────────────────────────────────────────────────


def test_what_the_embedder_cuts_off_is_told_to_the_word() -> None:
    words = " ".join(f"w{'x' * (number % 3)}" for number in range(600))
    short, long = row("It is short.", "Prices"), row(words, "Prices")
    assert oversize([short, long]) == (False, True)
    assert seen_until(short) == len(short.text)
    until = seen_until(long)
    label = count_tokens(["Shop, Prices:"])[0]
    assert (
        label + count_tokens([words[:until]])[0]
        <= 254
        < label + count_tokens([words[: words.index(" ", until + 1)]])[0]
    )


def test_the_real_embedder_sees_up_to_there_and_no_further() -> None:
    from lab.models.embedder import get_embedder

    long = row(" ".join(f"The boots cost {number} pounds." for number in range(120)))
    until = seen_until(long)
    changed = [
        long.indexed_text,
        row(long.text[:until] + " Tents are free in May.").indexed_text,
        row(long.text[: until - 12] + " Tents." + long.text[until:]).indexed_text,
    ]
    whole, after, before = get_embedder().embed_documents(changed)
    assert after == pytest.approx(whole, abs=1e-5)
    assert before != pytest.approx(whole, abs=1e-3)
