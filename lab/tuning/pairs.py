"""Pairs of input and output, a person's own examples: read from files and tables, checked, with plain advice."""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput
from lab.tuning.checks.base import normalise
from lab.tuning.styles import MAX_EXAMPLE_CHARACTERS, MAX_EXAMPLES_BYTES

if TYPE_CHECKING:
    pass

FEWEST_PAIRS = 10
_LARGEST_CELL = 131_072  # characters: what csv reads of one cell, unless told otherwise
MOST_PAIRS = 5_000
INPUT_COLUMNS = ("input", "prompt", "question", "message", "text")
OUTPUT_COLUMNS = ("output", "reply", "answer", "completion", "response", "label")
_MOST_NAMED_ROWS = 5


@dataclass(frozen=True)
class Pair:
    """One example: what comes in and what should come out. `row` is its line in the file or table, from 1."""

    input: str
    output: str
    row: int


@dataclass(frozen=True)
class Problem:
    """Something about the pairs, in one or two sentences with what to do; a blocking one must be mended first."""

    text: str
    rows: tuple[int, ...]
    blocking: bool


@dataclass(frozen=True)
class PairsReport:
    """What the check found. `pairs` are those that will be used; `advice` is about how good a set of examples is."""

    pairs: tuple[Pair, ...]
    problems: tuple[Problem, ...]
    advice: tuple[str, ...]

    @property
    def usable(self) -> bool:
        return not any(problem.blocking for problem in self.problems)

    def require_usable(self) -> PairsReport:
        """Itself, or BadInput with every problem that must be mended first."""
        blocking = [problem.text for problem in self.problems if problem.blocking]
        if blocking:
            raise BadInput(" ".join(blocking))
        return self


def read_pairs(name: str, data: bytes) -> tuple[Pair, ...]:
    """The pairs of a CSV file or of JSON lines with "input" and "output"; raises BadInput naming the line.

    CSV: the columns called input and output (or question and answer, message and reply …), else the first two. Cells
    may be empty: `check_pairs` says so.
    """
    if len(data) > MAX_EXAMPLES_BYTES:
        raise BadInput(f"{name} has {len(data) / 1e6:.0f} MB; at most {MAX_EXAMPLES_BYTES / 1e6:.0f} MB are read.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{name}: the text is not UTF-8. In a spreadsheet, save it as “CSV UTF-8”.") from None
    if "\x00" in text:
        raise BadInput(f"{name} is no text file. Save the table as CSV (UTF-8), or write JSON lines.")
    if not text.strip():
        raise BadInput(f"{name} is empty. It needs two columns, input and output, and at least {FEWEST_PAIRS} rows.")
    is_json = name.lower().endswith((".jsonl", ".ndjson", ".json")) or text.lstrip().startswith("{")
    pairs = tuple(_read_json_lines(name, text) if is_json else _read_csv(name, text))
    if len(pairs) > MOST_PAIRS:
        raise BadInput(f"{name} has {len(pairs):,} rows; at most {MOST_PAIRS:,} are read. Keep the best ones.")
    return pairs


def typed_pairs(rows: Iterable[Mapping[str, Any]]) -> tuple[Pair, ...]:
    """The pairs of a table on a page; rows with nothing in them are passed over."""
    pairs = (Pair(_cell(row.get("input")), _cell(row.get("output")), at) for at, row in enumerate(rows, start=1))
    return tuple(pair for pair in pairs if pair.input or pair.output)


def check_pairs(pairs: Sequence[Pair]) -> PairsReport:
    """Look for what would spoil a training. Repeated and half-empty rows are left out of the report's pairs, and named."""
    problems: list[Problem] = []

    def tell(text: str, found: Iterable[Pair] = (), *, blocking: bool = False) -> None:
        rows = tuple(sorted({pair.row for pair in found}))
        problems.append(Problem(f"{_named(rows)}: {text}" if rows else text, rows, blocking))

    if empty := [pair for pair in pairs if not (pair.input and pair.output)]:
        tell("the input or the output is empty. They are left out; fill them in or delete them.", empty)
    if long := [pair for pair in pairs if max(len(pair.input), len(pair.output)) > MAX_EXAMPLE_CHARACTERS]:
        largest = max(max(len(pair.input), len(pair.output)) for pair in long)
        tell(
            f"a text has {largest:,} characters, and the model learns from at most {MAX_EXAMPLE_CHARACTERS:,}. Shorten "
            "it, or split it into several examples.",
            long,
            blocking=True,
        )
    if broken := [pair for pair in pairs if not is_unicode(pair.input + pair.output)]:
        tell("there are characters that are not valid Unicode. Type or copy the text again.", broken, blocking=True)
    whole = [pair for pair in pairs if pair.input and pair.output]
    used, repeated = _without_repeats(whole)
    if repeated:
        tell(
            "the same input with the same output stands further up already. They are left out: a repeated example "
            "teaches nothing new and makes the model lean towards it.",
            repeated,
        )
    if clashing := _contradictions(used):
        tell(
            "the same input has different outputs. A model cannot learn both, and becomes unsure everywhere. Keep the "
            "better one of each.",
            clashing,
        )
    if echoes := [pair for pair in used if normalise(pair.input) == normalise(pair.output)]:
        most = len(echoes) * 2 > len(used)
        tell("the output is the input again, so there is nothing to learn from it.", echoes, blocking=most)
    outputs = {normalise(pair.output) for pair in used}
    if len(used) > 1 and len(outputs) == 1:
        tell(
            "All outputs are equal, so the model would learn to say that one thing whatever it is asked. Add examples "
            "whose outputs differ.",
            blocking=True,
        )
    if len({normalise(pair.input) for pair in used}) == 1 < len(used):
        tell("All inputs are equal, so the model would never look at them. Add different inputs.", blocking=True)
    if len(used) < FEWEST_PAIRS:
        tell(
            f"There {'is' if len(used) == 1 else 'are'} {len(used)} usable example{'' if len(used) == 1 else 's'}, and "
            f"at least {FEWEST_PAIRS} are needed. Ten let you see that something changes; hundreds make it hold.",
            blocking=True,
        )
    return PairsReport(tuple(used), tuple(problems), _advice(used, bool(clashing)))


def _without_repeats(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    seen: set[tuple[str, str]] = set()
    used: list[Pair] = []
    repeated: list[Pair] = []
    for pair in pairs:
        key = (normalise(pair.input).casefold(), normalise(pair.output).casefold())
        (repeated if key in seen else used).append(pair)
        seen.add(key)
    return used, repeated


def _contradictions(pairs: Sequence[Pair]) -> list[Pair]:
    by_input: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_input.setdefault(normalise(pair.input).casefold(), []).append(pair)
    return [pair for group in by_input.values() if len(group) > 1 for pair in group]


def _advice(pairs: Sequence[Pair], clashing: bool) -> tuple[str, ...]:
    advice = []
    if len(pairs) < 100:
        advice.append(
            f"**Hundreds rather than tens.** {len(pairs)} examples show the idea; several hundred good ones make a "
            "behaviour hold on messages that nobody thought of."
        )
    openings = Counter(" ".join(normalise(pair.input).casefold().split()[:2]) for pair in pairs)
    if pairs and (most := openings.most_common(1)[0])[1] * 2 > len(pairs) >= FEWEST_PAIRS:
        advice.append(
            f"**Variety.** {most[1]} of {len(pairs)} inputs begin with “{most[0]}”. Write them as different people would: "
            "short, long, polite, in a hurry."
        )
    advice.append(
        "**Quality over quantity.** Each output is imitated, with its mistakes. Read every one as if it went to a customer."
    )
    advice.append(
        "**Consistency.** Like inputs need outputs of the same form and voice"
        + (": decide the contradictions above first." if clashing else ".")
    )
    advice.append(
        "**Behaviour, not facts.** Examples teach how to answer. What changes or has to be right in detail is better "
        "looked up."
    )
    return tuple(advice)


def is_unicode(text: str) -> bool:
    """Whether it can be written to a file: JSON may name half a character (\\ud800), which UTF-8 cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _named(rows: Sequence[int]) -> str:
    """Rows 3, 4, 9 and 12 more."""
    shown = ", ".join(str(row) for row in rows[:_MOST_NAMED_ROWS])
    more = f" and {len(rows) - _MOST_NAMED_ROWS} more" if len(rows) > _MOST_NAMED_ROWS else ""
    return f"{'Row' if len(rows) == 1 else 'Rows'} {shown}{more}"


def _cell(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _read_json_lines(name: str, text: str) -> Iterable[Pair]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            raise BadInput(f"{name}, line {number}: this is not one whole JSON object on one line.") from None
        if not isinstance(data, dict) or not all(isinstance(data.get(key), str) for key in ("input", "output")):
            raise BadInput(f'{name}, line {number}: this must be a JSON object with the texts "input" and "output".')
        yield Pair(data["input"].strip(), data["output"].strip(), number)


def _read_csv(name: str, text: str) -> Iterable[Pair]:
    first = text.lstrip("\n").split("\n", 1)[0]
    mark = max(",;\t", key=first.count)  # spreadsheets of half the world divide by semicolons
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark if first.count(mark) else ",")
    columns: tuple[int, int] | None = None
    try:
        for number, cells in enumerate(rows, start=1):
            if any(
                len(cell) > _LARGEST_CELL for cell in cells
            ):  # csv's own limit is the whole program's, so it may be off
                raise csv.Error("field larger")
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _find_columns(name, cells)
                if _is_heading(cells, columns):
                    continue
            values = [cells[at].strip() if at < len(cells) else "" for at in columns]
            yield Pair(values[0], values[1], number)
    except csv.Error as error:
        if "field larger" in str(error):
            raise BadInput(
                f"{name}, line {rows.line_num}: a cell has more than {_LARGEST_CELL:,} characters, and the model "
                f"learns from at most {MAX_EXAMPLE_CHARACTERS:,}. Shorten it, or look for a quotation mark that is never "
                "closed."
            ) from None
        raise BadInput(f"{name}, line {rows.line_num}: this is not CSV ({error}).") from None


def _find_columns(name: str, cells: Sequence[str]) -> tuple[int, int]:
    names = [cell.strip().casefold() for cell in cells]
    if len(names) < 2:
        raise BadInput(
            f"{name} has one column. It needs two: what comes in (input) and what should come out (output), divided by "
            "commas, semicolons or tabs."
        )
    found = [next((names.index(word) for word in words if word in names), None) for words in _HEADINGS]
    if found[0] is not None and found[1] is not None:
        return found[0], found[1]
    return 0, 1


_HEADINGS = (INPUT_COLUMNS, OUTPUT_COLUMNS)


def _is_heading(cells: Sequence[str], columns: tuple[int, int]) -> bool:
    return all(
        cells[at].strip().casefold() in words for at, words in zip(columns, _HEADINGS, strict=True) if at < len(cells)
    )
