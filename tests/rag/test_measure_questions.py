"""Question files: several parts, superseded values, a person's own table; every error names the line and the field."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from lab.errors import BadInput
from lab.rag.measure import MAX_QUESTIONS, Part, Question, is_right, load_questions, read_questions

TWO_PARTS = {
    "id": "s1",
    "question": "What does a locker cost, and how long may I keep it?",
    "parts": [{"document": "prices.md", "answers": ["£3", "3 pounds"]}, {"document": "rules.csv", "answers": ["10 days"]}],
    "kind": "several-documents",
}  # fmt: skip


def as_lines(*records: object) -> bytes:
    return "\n".join(json.dumps(record) for record in records).encode()


def test_a_question_of_two_documents_is_right_only_when_both_parts_are() -> None:
    (question,) = read_questions("q.jsonl", as_lines(TWO_PARTS))
    assert question.parts == (Part("prices.md", ("£3", "3 pounds")), Part("rules.csv", ("10 days",)))
    assert (question.answers, question.document) == (("£3", "3 pounds"), "prices.md")
    assert question.documents == ("prices.md", "rules.csv")
    assert is_right("It is £3.00 for up to ten days [2].", question)
    assert not is_right("It is £3.", question)
    assert not is_right("You may keep it ten days.", question)


def test_an_answer_with_the_old_price_is_wrong_even_beside_the_new_one() -> None:
    record = {"id": "o", "question": "What is the fee?", "answers": ["£25"], "document": "new.md", "stale": ["£20"]}
    (question,) = read_questions("q.jsonl", as_lines(record))
    assert is_right("The fee is 25 pounds.", question)
    assert not is_right("The fee is £20.", question)
    assert not is_right("The fee was £20 and is £25 now.", question)
    assert is_right("The fee is £25.20.", question) is False  # neither is in it as whole tokens


def test_an_old_value_inside_a_gold_string_is_not_held_against_the_answer() -> None:
    question = Question("o", "How long?", ("5 days after the sale",), "new.md", stale=("5 days", "3 days"))
    assert is_right("Within five days after the sale.", question)
    assert not is_right("Within five days after the sale, not 3 days.", question)


def test_a_question_made_the_old_way_has_one_part() -> None:
    question = Question("a", "Who?", ("Ann",), "a.md", "single-fact")
    assert question.parts == (Part("a.md", ("Ann",)),)
    assert question == Question("a", "Who?", kind="single-fact", parts=(Part("a.md", ("Ann",)),))
    nothing = Question("b", "Why?", (), None, "unanswerable")
    assert (nothing.is_answerable, nothing.documents) == (False, ())
    assert not is_right("anything", nothing)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"parts": "x"}, "Line 1 of q.jsonl: “parts” must be a list"),
        ({"parts": ["x"]}, "“parts” 1 must be an object"),
        ({"parts": [TWO_PARTS["parts"][0], {"answers": ["a"]}]}, "“document” of part 2 must be a file's name"),
        ({"parts": [{"document": "a.md", "answers": []}]}, "“answers” of part 1 must be a list of texts"),
        ({"parts": [{"document": "a.md", "answers": ["…"]}]}, "“answers” of part 1 must be a list of texts"),
        ({"answers": ["x"]}, "give “parts”, or “answers” and “document”, not both"),
        ({"stale": "£20"}, "“stale” must be a list of texts"),
        ({"stale": [5]}, "“stale” must be a list of texts"),
    ],
)  # fmt: skip
def test_a_malformed_part_is_named(change: dict[str, object], message: str) -> None:
    with pytest.raises(BadInput) as error:
        read_questions("q.jsonl", as_lines({**TWO_PARTS, **change}))
    assert message in str(error.value)


TABLE = """Question;Answers;Document;Kind
"How long is a ""day"" ticket valid; all day?";12 hours|half a day;tickets.md;paraphrase

"Who runs
the kiosk?";Bela Thorn;staff.md;
Is there a zoo?;;;
"""


def test_a_persons_own_table_is_read_whatever_divides_its_cells() -> None:
    first, second, third = read_questions("mine.csv", b"\xef\xbb\xbf" + TABLE.replace("\n", "\r\n").encode())
    assert first.question == 'How long is a "day" ticket valid; all day?'
    assert first.parts == (Part("tickets.md", ("12 hours", "half a day")),)
    assert (first.id, first.kind) == ("line-2", "paraphrase")
    assert (second.id, second.kind, second.documents) == ("line-4", "answerable", ("staff.md",))
    assert (third.id, third.kind, third.is_answerable) == ("line-6", "unanswerable", False)
    plain = "id,document,question,answers,stale\nx,a.md,How much?,£5,£4|£3\n"
    for text in (plain, plain.replace(",", "\t"), "sep=,\n" + plain, "\n\n" + plain):
        (question,) = read_questions("mine.csv", text.encode())
        assert question == Question("x", "How much?", ("£5",), "a.md", "answerable", stale=("£4", "£3"))


def test_the_format_is_told_by_the_name_and_else_by_the_first_character(tmp_path: Path) -> None:
    line = as_lines({"id": "a", "question": "Who?", "answers": ["Ann"], "document": "a.md"})
    assert read_questions("upload", line)[0].id == "a"
    path = tmp_path / "own.csv"
    path.write_bytes(b"question,answers,document\nWho?,Ann,a.md\n")
    assert load_questions(path)[0].id == "line-2"
    assert read_questions("upload.txt", path.read_bytes())[0].answers == ("Ann",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("query,reply\nx,y\n", "Line 1 of q.csv must be the header row, and it has no column “question”"),
        ("question,gold\nx,y\n", "it has no column “answers”"),
        ("question,answers,question\nx,y,z\n", "the column “question” is there twice"),
        ("question,answers\nWho?,Ann\n", "Line 2 of q.csv has answers but no “document”"),
        ("question,answers,document\n ,Ann,a.md\n", "Line 2 of q.csv: The question is empty"),
        ("question,answers,document\nWho?,Ann|,a.md\n", "Line 2 of q.csv: “answers” has an empty text in it"),
        ("question,answers,document\nWho, me?,Ann,a.md\n", "Line 2 of q.csv has 4 cells, and the header row has 3"),
        ('question,answers,document\n"Who"? x,Ann,a.md\n', "Line 2 of q.csv cannot be read as a table"),
        ('question,answers,document\n"Who?,Ann,a.md\n', "Line 2 of q.csv cannot be read as a table"),
        ("id,question,answers\na,Who?,\nb,Why?,\na,What?,\n", "Line 4 of q.csv has the id “a” of line 2"),
        ("question,answers\n", "holds no questions"),
        ("", "holds no questions"),
        ("question,answers\n" + "Why?,\n" * (MAX_QUESTIONS + 1), "more than 5,000 questions"),
    ],
)
def test_a_malformed_table_names_its_line(text: str, message: str) -> None:
    with pytest.raises(BadInput) as error:
        read_questions("q.csv", text.encode())
    assert message in str(error.value)


def test_a_table_in_an_old_encoding_says_how_to_save_it() -> None:
    with pytest.raises(BadInput, match=r"not UTF-8 text .* “CSV UTF-8”"):
        read_questions("q.csv", "question,answers\nCafé?,\n".encode("latin-1"))
