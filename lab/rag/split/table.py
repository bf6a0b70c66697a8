"""Markdown tables: their cells, and a row as one reads it aloud, each cell after the name of its column."""

from __future__ import annotations

import re
from collections.abc import Sequence

TABLE_RULE = re.compile(r"^\s*\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*$")
_BAR = re.compile(r"(?<!\\)\|")


def starts_table(line: str, following: str) -> bool:
    """Whether `line` is a table's head: a line with bars over a line of bars and dashes."""
    return "|" in line and "|" in following and bool(TABLE_RULE.match(following))


def row_cells(line: str) -> list[str]:
    """The cells of one line of a table; the bars at its two ends are optional, as in Markdown."""
    cells = [cell.strip() for cell in _BAR.split(line.strip())]
    if len(cells) > 1 and not cells[0]:
        cells = cells[1:]
    if len(cells) > 1 and not cells[-1] and re.search(r"(?<!\\)\|\s*$", line):
        cells = cells[:-1]
    return cells


def head_label(line: str) -> str:
    """A table's head as it stands in `Chunk.heading`: “Size | Chest”."""
    return " | ".join(row_cells(line))


def label_cells(label: str) -> list[str]:
    """The inverse of `head_label`."""
    return [cell.strip() for cell in _BAR.split(label)]


def read_row(head: Sequence[str], line: str) -> str:
    """“Size: M; Chest: 96 cm”; "" when the line's cells are not one per column, or are all empty."""
    cells = row_cells(line) if "|" in line else []
    if len(cells) != len(head):
        return ""
    pairs = [
        (name.replace("\\|", "|"), cell.replace("\\|", "|")) for name, cell in zip(head, cells, strict=True) if cell
    ]
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in pairs)


def read_rows(text: str, head: Sequence[str] = ()) -> tuple[str, bool]:
    """`text` with every table row read aloud, and whether `head` (of a table that began before the text) was needed.

    A head that stands in the text goes into its rows, and its line and the rule below it go; a table of nothing but its
    head is left as it is.
    """
    lines = text.split("\n")
    read: list[str] = []
    columns = list(head)
    given = bool(head)  # `columns` came from outside
    used = False
    number = 0
    while number < len(lines):
        line = lines[number]
        following = lines[number + 1] if number + 1 < len(lines) else ""
        below = lines[number + 2] if number + 2 < len(lines) else ""
        number += 1
        if starts_table(line, following):
            columns, given = row_cells(line), False
            if "|" in below:
                number += 1
                continue
        elif columns and "|" in line and (row := read_row(columns, line)):
            used = used or given
            next_is_row = "|" in following
            read.append(f"{row}." if next_is_row and not row.endswith((".", "!", "?", ";")) else row)
            continue
        elif "|" not in line:
            columns, given = [], False
        read.append(line)
    return "\n".join(read), used
