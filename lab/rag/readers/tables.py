"""Tables and data: .csv, .json and .jsonl → one paragraph a row, "Column: value; Column: value.", each with its row.

A row that carries its column names can be found and read on its own, which a bare line of values cannot.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from lab.errors import BadInput
from lab.rag.readers import Extracted
from lab.rag.readers.markdown import MarkdownWriter, one_line
from lab.rag.readers.text import decode_text
from lab.settings import ReadingLimits

_DELIMITERS = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_NUMBER = re.compile(r"[^\w\s]{0,2}\s*\d[\d\s.,:/%-]*\s*[^\W\d_]{0,3}[^\w\s]?")  # 3, £3.95, 12 %, 2024-05-01, 5 kg
_YEAR = re.compile(r"(?:19|20)\d\d")
_MAX_HEADING_LEVEL = 4


def _pretty(stem: str) -> str:
    words = " ".join(re.sub(r"[-_]+", " ", stem).split()) or stem
    return words[:1].upper() + words[1:]


def _sentence(pairs: Iterable[tuple[str, str]]) -> str:
    """(name, value) pairs as "Name: value; Name: value."; what has no value is left out."""
    said = "; ".join(f"{one_line(name)}: {one_line(value)}" for name, value in pairs if one_line(value))
    return said if not said or said.endswith((".", "!", "?", "…")) else f"{said}."


# ---- tables of values ----------------------------------------------------------------------------------------------


def _records(text: str, delimiter: str, limits: ReadingLimits) -> Iterator[tuple[int, list[str]]]:
    """(row number from 1, as a spreadsheet counts; its cells); raises BadInput for quotation marks out of place."""
    csv.field_size_limit(limits.max_characters)
    reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True, skipinitialspace=True)
    row = 0
    while True:
        first_line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            if "unexpected end" in str(error):
                reason = f"has a quotation mark in line {first_line} that is never closed"
            elif "limit" in str(error):
                reason = f"has more than {limits.max_characters:,} characters in one cell, in line {first_line}"
            else:
                reason = f"has a quotation mark out of place in line {reader.line_num}"
            raise BadInput(f"{reason}: mend that line and add the file again") from None
        row += 1
        yield row, cells


def _delimiter(text: str, limits: ReadingLimits) -> str:
    """The one of , ; tab | that cuts the first rows into the most even columns; a comma where none does."""
    lines = [line for line in text.split("\n", 60)[:60] if line.strip()]
    best, best_score = ",", (0.0, 0)
    for delimiter in _DELIMITERS:
        reader = csv.reader(lines, delimiter=delimiter, skipinitialspace=True)
        try:
            widths = Counter(len(row) for row in reader if row)
        except csv.Error:
            continue
        width, rows = max(widths.items(), key=lambda item: (item[1], item[0]))
        if width > 1:
            score = (rows / sum(widths.values()), width)
            best, best_score = max((best_score, best), (score, delimiter), key=lambda pair: pair[0])[::-1]
    return best


def _is_header(first: Sequence[str], others: Sequence[Sequence[str]]) -> bool:
    """Whether the first row names the columns: all told apart, none a number unless they are years above other things."""
    names = [one_line(cell) for cell in first]
    filled = [name for name in names if name]
    if not filled or len(set(filled)) < len(filled) or not others:
        return False
    for column, name in enumerate(names):
        if _NUMBER.fullmatch(name):
            below = [one_line(row[column]) for row in others[:20] if column < len(row)]
            if column == 0 or not _YEAR.fullmatch(name) or (below and all(map(_YEAR.fullmatch, below))):
                return False
    return True


def read_csv(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    """A table of values, cut at commas, semicolons, tabs or bars; rows are numbered as a spreadsheet numbers them."""
    text = decode_text(data)
    # Excel may say in the first line what it cuts at.
    told = re.match(r"sep=(.)\n", text)
    skipped = 1 if told else 0
    text = text[told.end() :] if told else text
    delimiter = told[1] if told else _delimiter(text, limits)
    rows = [
        (number + skipped, cells) for number, cells in _records(text, delimiter, limits) if any(map(str.strip, cells))
    ]
    if not rows:
        raise BadInput("is empty: there is nothing to read in it")
    writer = MarkdownWriter(limits)
    usual = max(Counter(len(cells) for _, cells in rows).items(), key=lambda item: (item[1], item[0]))[0]
    # Lines above the table, such as its name, have one cell where the table has several.
    while len(rows) > 1 and usual > 1 and rows[0][1][0].strip() and not any(map(str.strip, rows[0][1][1:])):
        number, cells = rows.pop(0)
        writer.place("row", number)
        writer.paragraph(cells[0])
    header = rows[0][1]
    if _is_header(header, [cells for _, cells in rows[1:]]):
        names = [one_line(name) or f"Column {column}" for column, name in enumerate(header, 1)]
        rows = rows[1:]
    else:
        names = [f"Column {column}" for column in range(1, max(len(cells) for _, cells in rows) + 1)]
    for number, cells in rows:
        if any(cell.strip() for cell in cells[len(names) :]):
            raise BadInput(
                f"has {len(cells)} values in row {number} but {len(names)} columns ({', '.join(names[:4])}"
                f"{' …' if len(names) > 4 else ''}), cut at {_DELIMITERS.get(delimiter, delimiter)}: put a value that "
                "has such a mark in it in quotation marks"
            )
        writer.place("row", number)
        writer.paragraph(_sentence(zip(names, cells, strict=False)), numbers=False)
    return writer.extracted(_pretty(stem))


# ---- JSON ----------------------------------------------------------------------------------------------------------


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object whose every value is kept: a name that comes again gets a number."""
    kept: dict[str, Any] = {}
    for name, value in pairs:
        number, shown = 1, name
        while shown in kept:
            number += 1
            shown = f"{name} ({number})"
        kept[shown] = value
    return kept


def _parse(text: str) -> Any:
    """JSON with its numbers as they are written, so that 3.10 stays 3.10; raises ValueError."""
    return json.loads(text, parse_int=str, parse_float=str, parse_constant=str, object_pairs_hook=_pairs)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else one_line(str(value))


def _is_scalar(value: Any) -> bool:
    return not isinstance(value, dict | list)


def _flat(value: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Every value under `value` with the way to it, "price > gross"; scalars of one list are one value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, f"{path} > {one_line(name)}" if path else one_line(name))
    elif isinstance(value, list) and all(_is_scalar(item) for item in value):
        yield path or "Values", ", ".join(filter(None, map(_scalar, value)))
    elif isinstance(value, list):
        for number, item in enumerate(value, 1):
            yield from _flat(item, f"{path} {number}" if path else str(number))
    else:
        yield path or "Value", _scalar(value)


def _is_plain(value: Any) -> bool:
    """A value that is said in one breath: a scalar or a list of scalars."""
    return _is_scalar(value) or (isinstance(value, list) and all(map(_is_scalar, value)))


def _is_flat(value: Any) -> bool:
    return isinstance(value, dict) and all(map(_is_plain, value.values()))


def _name_of(item: Any, fallback: str) -> str:
    if isinstance(item, dict):
        for key in ("title", "name", "heading", "label", "id"):
            for name, value in item.items():
                if name.lower() == key and _is_scalar(value) and 0 < len(_scalar(value)) <= 90:
                    return _scalar(value)
    return fallback


def _write_json(writer: MarkdownWriter, value: Any, level: int, name: str, *, rows: bool) -> None:
    """Objects → headings and "- key: value" lines; lists of flat objects → a sentence each."""
    if isinstance(value, list) and value and all(_is_flat(item) for item in value):
        for number, item in enumerate(value, 1):
            if rows:
                writer.place("row", number)
            writer.paragraph(_sentence(_flat(item)), numbers=False)
    elif isinstance(value, list) and not all(_is_scalar(item) for item in value):
        for number, item in enumerate(value, 1):
            if rows:
                writer.place("row", number)
            if level > _MAX_HEADING_LEVEL or _is_scalar(item):
                _write_lines(writer, item, f"{name or 'Item'} {number}")
            else:
                writer.heading(level, _name_of(item, f"{name or 'Item'} {number}"))
                _write_json(writer, item, level + 1, "", rows=False)
    elif isinstance(value, dict):
        nested = {key: inner for key, inner in value.items() if not _is_plain(inner)}
        _write_lines(writer, {key: inner for key, inner in value.items() if key not in nested}, "")
        for key, inner in nested.items():
            if level > _MAX_HEADING_LEVEL:
                _write_lines(writer, inner, key)
            else:
                writer.heading(level, key)
                _write_json(writer, inner, level + 1, key, rows=rows and len(nested) == 1)
    else:
        _write_lines(writer, value, name)


def _write_lines(writer: MarkdownWriter, value: Any, path: str) -> None:
    for way, said in _flat(value, path):
        if said:
            writer.item(f"{way}: {said}")


def read_json(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    """One JSON value; the items of a list are its rows, numbered from 1."""
    try:
        value = _parse(decode_text(data))
    except json.JSONDecodeError as error:
        raise BadInput(f"is not valid JSON in line {error.lineno}, column {error.colno}: {_told(error)}") from None
    writer = MarkdownWriter(limits)
    _write_json(writer, value, 2, "", rows=True)
    return writer.extracted(_pretty(stem))


def read_jsonl(stem: str, data: bytes, limits: ReadingLimits) -> Extracted:
    """One JSON value a line, each a row with the number of its line."""
    writer = MarkdownWriter(limits)
    for number, line in enumerate(decode_text(data).split("\n"), 1):
        if not line.strip():
            continue
        try:
            value = _parse(line)
        except json.JSONDecodeError as error:
            raise BadInput(f"is not valid JSON Lines in line {number}, column {error.colno}: {_told(error)}") from None
        writer.place("row", number)
        writer.paragraph(_sentence(_flat(value)), numbers=False)
    return writer.extracted(_pretty(stem))


def _told(error: json.JSONDecodeError) -> str:
    message = error.msg.rstrip(":")
    return f"{message[:1].lower()}{message[1:]}. Mend that and add the file again"
