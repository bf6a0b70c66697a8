"""Checks on a reply that is a SQL query: it is run, read-only, on a small database built afresh in memory each time."""

from __future__ import annotations

import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from lab.errors import BadInput
from lab.tuning.checks.base import Check, Inputs, Judge, Verdict
from lab.tuning.schema import Fields

MAX_QUERY_CHARACTERS = 2_000
MAX_SCHEMA_BYTES = 200_000
MAX_ROWS = 1_000
_MAX_STEPS = 500_000  # of SQLite's own machine: the same verdict on a slow computer as on a fast one
_MAX_SCHEMA_STEPS = 5_000_000
_MAX_SECONDS = 5.0  # a backstop for what is slow within one step
_STEPS_BETWEEN = 1_000
_MAX_VALUE_BYTES = 20_000  # a text or blob that a query makes
_FLOAT_DIGITS = 2

_FUNCTIONS = frozenset(
    """
    abs avg coalesce count date datetime dense_rank first_value glob group_concat ifnull iif instr julianday last_value
    length like lower ltrim max min nullif rank round row_number rtrim strftime substr substring sum time total trim
    typeof upper
    """.split()
)
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: _MAX_VALUE_BYTES,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: MAX_QUERY_CHARACTERS * 4,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 100,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 20,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 200,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
}
_BUILDING = frozenset(
    (
        sqlite3.SQLITE_CREATE_TABLE,
        sqlite3.SQLITE_CREATE_INDEX,
        sqlite3.SQLITE_INSERT,
        sqlite3.SQLITE_UPDATE,  # of sqlite_master, by CREATE TABLE itself
        sqlite3.SQLITE_READ,
        sqlite3.SQLITE_REINDEX,
        sqlite3.SQLITE_SELECT,
        sqlite3.SQLITE_TRANSACTION,
    )
)

# In order: a text or quoted name, a comment, the end of a statement.
_PIECES = re.compile(r"""'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|(?P<comment>--|/\*)|(?P<end>;)""")

Row = tuple[Any, ...]


class QueryRefused(Exception):
    """A query that was not run, or did not come to its end; the text says why, in one line."""


@dataclass(frozen=True)
class Database:
    """The SQL that builds a database, already known to work. Every query gets a new one, so none can spoil the next."""

    schema: str

    def rows(self, query: str) -> list[Row]:
        """The rows of one SELECT, at most MAX_ROWS; raises QueryRefused for whatever is not a harmless, short read.

        Refused are: any statement but SELECT, WITH RECURSIVE, ATTACH, PRAGMA and functions outside a short list (so no
        load_extension, no zeroblob), tables that are not the schema's, a query that reads no table at all, and one
        that takes too many steps, too long a text or too many rows.
        """
        if len(query) > MAX_QUERY_CHARACTERS:
            raise QueryRefused(f"{len(query):,} characters; a query may have at most {MAX_QUERY_CHARACTERS:,}")
        if not re.match(r"\s*(select|with)\b", query, re.IGNORECASE):  # EXPLAIN reads, too
            raise QueryRefused(f"Begins with “{_cut(' '.join(query.split()[:3]))}”, not with SELECT")
        with closing(_build(self.schema)) as connection:
            guard = _Guard(_tables(connection))
            for limit, value in _LIMITS.items():
                connection.setlimit(limit, value)
            connection.set_authorizer(guard.authorize)
            connection.set_progress_handler(_stopper(_MAX_STEPS), _STEPS_BETWEEN)
            try:
                with closing(connection.cursor()) as cursor:
                    rows = cursor.execute(query).fetchmany(MAX_ROWS + 1)
            except (sqlite3.Error, sqlite3.Warning, ValueError, OverflowError) as error:
                raise QueryRefused(guard.refused or _in_words(error)) from None
        if not guard.read:
            raise QueryRefused("It reads none of the tables")
        if len(rows) > MAX_ROWS:
            raise QueryRefused(f"More than {MAX_ROWS:,} rows")
        return rows


class _Guard:
    """SQLite asks it about everything a statement would do; what is not on the list is denied."""

    def __init__(self, tables: frozenset[str]) -> None:
        self.tables = tables
        self.read: set[str] = set()
        self.refused = ""

    def authorize(self, action: int, first: str | None, second: str | None, *_: str | None) -> int:
        if action == sqlite3.SQLITE_SELECT:
            return sqlite3.SQLITE_OK
        if action == sqlite3.SQLITE_READ:
            table = (first or "").casefold()
            if table in self.tables:
                self.read.add(table)
                return sqlite3.SQLITE_OK
            if not second and not table.startswith(("sqlite_", "pragma_", "json_", "dbstat")):
                return sqlite3.SQLITE_OK  # the name of a WITH or of a subquery: none of its columns is looked at
            return self._refuse(f"It reads {_cut(first)}, which is not one of the tables")
        if action == sqlite3.SQLITE_FUNCTION:
            if (second or "").casefold() in _FUNCTIONS:
                return sqlite3.SQLITE_OK
            return self._refuse(f"It calls {_cut(second)}, which is not a function that may be used here")
        if action == sqlite3.SQLITE_RECURSIVE:
            return self._refuse("It calls itself again and again (WITH RECURSIVE), which is not allowed here")
        return self._refuse("It does more than read rows")

    def _refuse(self, reason: str) -> int:
        self.refused = self.refused or reason
        return sqlite3.SQLITE_DENY


@dataclass(frozen=True)
class OneSelect:
    """The reply is one statement that begins with SELECT; one semicolon may end it, nothing may stand around it."""

    needs = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        text = reply.strip()
        if not text:
            return False, "The reply is empty"
        if "```" in text:
            return False, "Has a code fence (```) around or in it"
        if not re.match(r"select\b", text, re.IGNORECASE):
            return False, f"Begins with “{_cut(' '.join(text.split()[:3]))}”, not with SELECT"
        for piece in _PIECES.finditer(text):
            if piece["comment"]:
                return False, "Has a comment in it"
            if piece["end"] and (rest := text[piece.end() :].strip()):
                return False, f"Goes on after the end of the statement: “{_cut(rest)}”"
        return True, "One SELECT statement"


@dataclass(frozen=True)
class RunsOnSqlite:
    """The reply runs on the database, as a read and within the limits."""

    database: Database
    needs = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        try:
            rows = self.database.rows(reply)
        except QueryRefused as refused:
            return False, str(refused)
        return True, f"Runs and returns {_count(len(rows))}"


@dataclass(frozen=True)
class SameRows:
    """The reply's query returns the same rows as the right one (`gold`): as often, in order only where gold sorts.

    Numbers are compared at two decimals and 5 equals 5.0; names of columns do not count, their order does.
    """

    database: Database
    needs_gold = True

    def __call__(self, inputs: Inputs, reply: str, gold: Any) -> Verdict:
        wanted = self._wanted(gold)
        try:
            got = [_comparable(row) for row in self.database.rows(reply)]
        except QueryRefused as refused:
            return False, f"The query returns nothing to compare: {refused}"
        if len(got) != len(wanted):
            return False, f"{_count(len(got))} instead of {len(wanted):,}"
        if len(got[0]) != len(wanted[0]):
            return False, f"{_count(len(got[0]), 'column')} instead of {len(wanted[0]):,}"
        in_order = _sorts(gold)
        if not in_order:
            got, wanted = _in_one_order(got), _in_one_order(wanted)
        for at, (mine, right) in enumerate(zip(got, wanted, strict=True), start=1):
            if mine != right:
                if in_order:
                    return False, f"Row {at} is {_show(mine)} instead of {_show(right)}"
                extra = next(row for row in got if got.count(row) > wanted.count(row))
                missing = next(row for row in wanted if wanted.count(row) > got.count(row))
                return False, f"Has {_show(extra)}, but not {_show(missing)}"
        return True, "The right row" if len(got) == 1 else f"The same {len(got):,} rows"

    def _wanted(self, gold: Any) -> list[Row]:
        if not isinstance(gold, str) or not gold.strip():
            raise BadInput("gold must be the right SQL query as a text. Write one SELECT statement there.")
        try:
            rows = self.database.rows(gold)
        except QueryRefused as refused:
            raise BadInput(f"gold: “{_cut(gold)}” does not run ({refused}). Mend the query.") from None
        if not rows:
            raise BadInput(
                f"gold: “{_cut(gold)}” returns no rows, so any query that finds nothing would pass. "
                "Ask something that has an answer."
            )
        return [_comparable(row) for row in rows]


def _build(schema: str) -> sqlite3.Connection:
    """A database in memory with the schema's tables and rows; raises sqlite3.Error."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    try:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, MAX_SCHEMA_BYTES)
        connection.set_progress_handler(_stopper(_MAX_SCHEMA_STEPS), _STEPS_BETWEEN)
        connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _BUILDING else sqlite3.SQLITE_DENY)
        connection.executescript(f"BEGIN;\n{schema}\n;COMMIT;")
        connection.set_authorizer(None)
    except BaseException:
        connection.close()
        raise
    return connection


def _tables(connection: sqlite3.Connection) -> frozenset[str]:
    found = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'"
    )
    return frozenset(str(name).casefold() for (name,) in found)


def _stopper(most_steps: int) -> Callable[[], bool]:
    """A progress handler that ends the statement after so many steps, or after _MAX_SECONDS."""
    calls = most_steps // _STEPS_BETWEEN
    end = time.monotonic() + _MAX_SECONDS

    def stop() -> bool:
        nonlocal calls
        calls -= 1
        return calls < 0 or time.monotonic() > end

    return stop


def _in_words(error: Exception) -> str:
    text = str(error)
    if text == "interrupted":
        return "It takes too long; it was stopped"
    if "one statement at a time" in text:
        return "There is more than one statement"
    if isinstance(error, UnicodeError) or "null character" in text:
        return "It has a character that no query can have"
    return f"SQLite says: {_cut(text)}"


def _sorts(query: str) -> bool:
    """Whether the query itself has ORDER BY, and not only a query in brackets or a text within it."""
    depth = 0
    for piece in re.finditer(r"'(?:[^']|'')*'|\"[^\"]*\"|[()]|\border\s+by\b", query, re.IGNORECASE):
        if piece[0] in "()":
            depth += 1 if piece[0] == "(" else -1
        elif depth == 0 and piece[0][0] in "oO":
            return True
    return False


def _comparable(row: Row) -> Row:
    return tuple(_number(value) if isinstance(value, (int, float)) else value for value in row)


def _number(value: int | float) -> Decimal:
    """A number at two decimals; whole and very large numbers keep every digit."""
    exact = Decimal(value)
    if isinstance(value, int) or not exact.is_finite() or abs(exact) >= 10**9:
        return exact
    # Twelve digits first: 0.1 + 0.2 and 0.3 must not part at a half.
    return round(Decimal(f"{value:.12g}"), _FLOAT_DIGITS).normalize() + 0


def _in_one_order(rows: list[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: [(type(value).__name__, "" if value is None else value) for value in row])


def _show(row: Row) -> str:
    """A row as one short line: (Heron, 11)."""
    values = [
        "nothing" if value is None else f"{value:f}" if isinstance(value, Decimal) else str(value) for value in row
    ]
    return f"({_cut(', '.join(values))})"


def _count(number: int, noun: str = "row") -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _cut(text: str | None, most: int = 80) -> str:
    line = " ".join((text or "").encode("utf-8", "replace").decode().split())
    return line if len(line) <= most else line[: most - 1] + "…"


def _read_database(fields: Fields) -> Database:
    file = fields.file("schema")
    try:
        if file.stat().st_size > MAX_SCHEMA_BYTES:
            raise fields.wrong("schema", f"names {file.name}, which is over {MAX_SCHEMA_BYTES / 1e3:g} kB")
        schema = file.read_text(encoding="utf-8")
        with closing(_build(schema)) as connection:
            tables = _tables(connection)
    except OSError as error:
        raise fields.wrong("schema", f"names {file.name}, which cannot be read ({error.strerror or error})") from None
    except UnicodeDecodeError:
        raise fields.wrong("schema", f"names {file.name}, which is not UTF-8") from None
    except (sqlite3.Error, sqlite3.Warning, ValueError) as error:
        raise fields.wrong(
            "schema",
            f"names {file.name}, which builds no database ({_cut(str(error))}); use CREATE TABLE and INSERT only",
        ) from None
    if not tables:
        raise fields.wrong("schema", f"names {file.name}, which makes no table; write at least one CREATE TABLE")
    return Database(schema)


def _read_one_select(fields: Fields) -> Check:
    return OneSelect()


def _read_runs_on_sqlite(fields: Fields) -> Check:
    return RunsOnSqlite(_read_database(fields))


def _read_same_rows(fields: Fields) -> Judge:
    return SameRows(_read_database(fields))


CHECKS: dict[str, Callable[[Fields], Check]] = {
    "one_select": _read_one_select,
    "runs_on_sqlite": _read_runs_on_sqlite,
}
CONTENT: dict[str, Callable[[Fields], Judge]] = {"same_rows": _read_same_rows}
