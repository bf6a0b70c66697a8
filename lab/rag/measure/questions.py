"""Questions with known answers: one question's parts and old values, read from JSON lines or from a person's own table."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lab.errors import BadInput
from lab.rag.answer import check_question
from lab.rag.words import tokens

MAX_QUESTIONS = 5000
COLUMNS = ("id", "question", "answers", "document", "kind", "stale")
_NO_LIST = "must be a list of texts, none of them empty"


@dataclass(frozen=True)
class Part:
    """One thing an answer has to say: any one of `answers`, each of which stands in `document`."""

    document: str
    answers: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """One question of a question file; without `parts` when the documents do not hold the answer.

    An answer is right when it holds a gold string of every part and none of `stale`, the values of a superseded version.
    `answers` and `document` are the first part's; given without `parts`, they are the only part.
    """

    id: str
    question: str
    answers: tuple[str, ...] = ()
    document: str | None = None
    kind: str = ""
    parts: tuple[Part, ...] = ()
    stale: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.parts:
            object.__setattr__(self, "answers", self.parts[0].answers)
            object.__setattr__(self, "document", self.parts[0].document)
        elif self.answers:
            object.__setattr__(self, "parts", (Part(self.document or "", self.answers),))

    @property
    def is_answerable(self) -> bool:
        """Whether the documents hold an answer."""
        return bool(self.parts)

    @property
    def documents(self) -> tuple[str, ...]:
        """The distinct gold documents, in the order of the parts."""
        return tuple(dict.fromkeys(part.document for part in self.parts if part.document))


def load_questions(path: Path) -> tuple[Question, ...]:
    """Read a question file; as `read_questions`, and BadInput also when the file cannot be read."""
    try:
        data = path.read_bytes()
    except OSError as error:
        raise BadInput(f"The question file {path} cannot be read: {error.strerror or error}.") from None
    return read_questions(path.name, data)


def read_questions(name: str, data: bytes) -> tuple[Question, ...]:
    """A question file's bytes → its questions, in order. `name` tells the format and is used in error messages only.

    JSON lines, one question each: {"id", "question", "answers": […], "document", "kind"}; instead of answers and document
    there may be "parts": [{"document", "answers"}, …], and "stale": […] names values that make an answer wrong.
    A table (.csv, .tsv, or anything that does not begin with “{”): a header row with the columns question and answers, and
    perhaps document, kind, id and stale, in any order, divided by commas, semicolons or tabs; several right answers in one
    cell stand with “|” between them, and an empty cell says that the documents do not hold the answer.
    Blank lines are passed over. Raises BadInput that names the line and the field when one is malformed, and when the
    file is not UTF-8, empty, or longer than 5,000 questions.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadInput(
            f"The question file {name} is not UTF-8 text (first bad byte at {error.start}). Save it again as UTF-8; in a "
            "spreadsheet program that is the file type “CSV UTF-8”."
        ) from None
    suffix = Path(name).suffix.lower()
    lines = suffix in (".jsonl", ".ndjson", ".json") or (
        suffix not in (".csv", ".tsv") and text.lstrip().startswith(("{", "["))
    )
    questions: list[Question] = []
    lines_by_id: dict[str, int] = {}
    for number, question in _from_lines(text, name) if lines else _from_table(text, name):
        if question.id in lines_by_id:
            raise BadInput(f"Line {number} of {name} has the id “{question.id}” of line {lines_by_id[question.id]}.")
        if len(questions) == MAX_QUESTIONS:
            raise BadInput(f"{name} holds more than {MAX_QUESTIONS:,} questions. Divide it into several files.")
        lines_by_id[question.id] = number
        questions.append(question)
    if not questions:
        raise BadInput(f"The question file {name} holds no questions. Write one question on each line.")
    return tuple(questions)


# ── JSON lines ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _from_lines(text: str, name: str) -> Iterator[tuple[int, Question]]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            yield number, _read_question(line, f"Line {number} of {name}")


def _read_question(line: str, where: str) -> Question:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        detail = error.msg if isinstance(error, json.JSONDecodeError) else "nested too deeply"
        raise BadInput(f"{where} is not JSON: {detail}.") from None
    if not isinstance(record, dict):
        raise BadInput(f"{where} is not an object with id, question, answers, document and kind.")
    for key in ("id", "question"):
        if key not in record:
            raise BadInput(f"{where} has no “{key}”.")
    if "parts" not in record and "answers" not in record:
        raise BadInput(f"{where} has no “answers” (and no “parts” either).")
    if not isinstance(record["id"], str | int) or isinstance(record["id"], bool) or str(record["id"]).strip() == "":
        raise BadInput(f"{where}: “id” must be a text that is not empty.")
    if not isinstance(record["question"], str):
        raise BadInput(f"{where}: “question” must be a text.")
    kind, document, stale = record.get("kind", ""), record.get("document"), record.get("stale", [])
    if not isinstance(kind, str):
        raise BadInput(f"{where}: “kind” must be a text.")
    if document is not None and not isinstance(document, str):
        raise BadInput(f"{where}: “document” must be a file's name, or null.")
    if not _are_texts(stale):
        raise BadInput(f"{where}: “stale” {_NO_LIST}.")
    if "parts" in record:
        if record.get("answers") or document:
            raise BadInput(f"{where}: give “parts”, or “answers” and “document”, not both.")
        parts = _read_parts(record["parts"], where)
    else:
        parts = ()
        if not _are_texts(record["answers"]):
            raise BadInput(f"{where}: “answers” {_NO_LIST} ([] when there is no answer).")
        if record["answers"]:
            if not document:
                raise BadInput(f"{where} has answers but no “document” that holds them.")
            parts = (Part(document, tuple(record["answers"])),)
    return _make(where, str(record["id"]), record["question"], parts, tuple(stale), kind, document or None)


def _are_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(text, str) and tokens(text) for text in value)


def _read_parts(value: object, where: str) -> tuple[Part, ...]:
    if not isinstance(value, list):
        raise BadInput(f"{where}: “parts” must be a list of objects with document and answers.")
    parts = []
    for place, item in enumerate(value, start=1):
        if not isinstance(item, dict):
            raise BadInput(f"{where}: “parts” {place} must be an object with document and answers.")
        document, answers = item.get("document"), item.get("answers")
        if not isinstance(document, str) or not document:
            raise BadInput(f"{where}: “document” of part {place} must be a file's name.")
        if not answers or not _are_texts(answers):
            raise BadInput(f"{where}: “answers” of part {place} {_NO_LIST}, and must hold at least one.")
        parts.append(Part(document, tuple(answers)))
    return tuple(parts)


def _make(
    where: str, id: str, text: str, parts: tuple[Part, ...], stale: tuple[str, ...], kind: str, document: str | None
) -> Question:
    try:
        asked = check_question(text)
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from None
    return Question(id, asked, document=document, kind=kind, parts=parts, stale=stale)


# ── Tables ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _from_table(text: str, name: str) -> Iterator[tuple[int, Question]]:
    skipped = 0
    if text[:4].lower() == "sep=":  # what a spreadsheet program may put before the header
        text, skipped = text.partition("\n")[2], 1
    blank = len(text) - len(text.lstrip("\r\n"))
    skipped += text[:blank].count("\n")
    text = text[blank:]
    delimiter = _delimiter(text.split("\n", 1)[0])
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    header: list[str] | None = None
    number = 1
    while True:
        number = reader.line_num + 1 + skipped
        try:
            cells = next(reader, None)
        except csv.Error as error:
            raise BadInput(f"Line {number} of {name} cannot be read as a table: {error}.") from None
        if cells is None:
            return
        if header is None:
            header = _read_header(cells, f"Line {number} of {name}")
        elif any(cell.strip() for cell in cells):
            where = f"Line {number} of {name}"
            if any(cell.strip() for cell in cells[len(header) :]):
                raise BadInput(
                    f"{where} has {len(cells)} cells, and the header row has {len(header)}. Put a text that holds "
                    f"“{delimiter}” between double quotation marks."
                )
            record = dict(zip(header, (cell.strip() for cell in cells), strict=False))
            yield number, _read_row(record, where, number)


def _delimiter(header: str) -> str:
    """The one that divides the header row into the most known columns; a comma when none does."""

    def known(delimiter: str) -> int:
        return sum(cell.strip().strip('"').strip().lower() in COLUMNS for cell in header.split(delimiter))

    return max(",;\t", key=known)


def _read_header(cells: list[str], where: str) -> list[str]:
    header = [cell.strip().lower() for cell in cells]
    for key in ("question", "answers"):
        if key not in header:
            raise BadInput(
                f"{where} must be the header row, and it has no column “{key}”. Begin the table with a row like "
                "question,answers,document,kind."
            )
    for key in COLUMNS:
        if header.count(key) > 1:
            raise BadInput(f"{where}: the column “{key}” is there twice. Rename one of them.")
    return header


def _read_row(record: Mapping[str, str], where: str, number: int) -> Question:
    cells: dict[str, Any] = {key: record.get(key, "") for key in COLUMNS}
    answers, stale = (_divide(cells[key], where, key) for key in ("answers", "stale"))
    document = cells["document"]
    if answers and not document:
        raise BadInput(f"{where} has answers but no “document” that holds them. Write the file's name there.")
    parts = (Part(document, answers),) if answers else ()
    kind = cells["kind"] or ("answerable" if answers else "unanswerable")
    return _make(where, cells["id"] or f"line-{number}", cells["question"], parts, stale, kind, document or None)


def _divide(cell: str, where: str, key: str) -> tuple[str, ...]:
    if not cell:
        return ()
    texts = tuple(text.strip() for text in cell.split("|"))
    if not all(tokens(text) for text in texts):
        raise BadInput(f"{where}: “{key}” has an empty text in it. Write “|” only between two texts.")
    return texts
