"""SQL written by a model: what passes, what is refused before it can do harm, and how rows are compared."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.errors import BadInput
from lab.tuning.checks.sql import CHECKS, CONTENT, MAX_ROWS, Database, OneSelect, QueryRefused, RunsOnSqlite, SameRows
from lab.tuning.schema import Fields

SCHEMA = """
CREATE TABLE mugs (id INTEGER PRIMARY KEY, name TEXT, size INTEGER, price REAL);
INSERT INTO mugs VALUES (1, 'Tall', 40, 7.5), (2, 'Flat', 20, 5.0), (3, 'Odd', 30, NULL), (4, 'Fat', 40, 9.25);
CREATE TABLE sales (id INTEGER PRIMARY KEY, mug INTEGER REFERENCES mugs (id), day TEXT);
INSERT INTO sales VALUES (1, 1, '2025-01-03'), (2, 1, '2025-01-04'), (3, 4, '2025-02-01');
"""
DATABASE = Database(SCHEMA)
RUNS = RunsOnSqlite(DATABASE)
SAME = SameRows(DATABASE)
NO_INPUTS: dict[str, str] = {}


@pytest.mark.parametrize(
    "reply",
    [
        "SELECT name FROM mugs",
        "  select name\nfrom mugs ;  ",
        "SELECT name FROM mugs WHERE name = 'a;b -- c /* d'",
        'SELECT "name" FROM mugs',
    ],
)
def test_one_select_alone_passes_whatever_its_case_and_spacing(reply: str) -> None:
    assert OneSelect()(NO_INPUTS, reply) == (True, "One SELECT statement")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "The reply is empty"),
        ("Sure! SELECT name FROM mugs", "Begins with “Sure! SELECT name”, not with SELECT"),
        ("```sql\nSELECT name FROM mugs\n```", "Has a code fence (```) around or in it"),
        ("WITH a AS (SELECT 1) SELECT * FROM a", "Begins with “WITH a AS”, not with SELECT"),
        ("SELECTED mugs", "Begins with “SELECTED mugs”, not with SELECT"),
        ("SELECT 1; DROP TABLE mugs", "Goes on after the end of the statement: “DROP TABLE mugs”"),
        (
            "SELECT name FROM mugs; This lists the mugs.",
            "Goes on after the end of the statement: “This lists the mugs.”",
        ),
        ("SELECT name FROM mugs -- all of them", "Has a comment in it"),
        ("SELECT name /* all */ FROM mugs", "Has a comment in it"),
        ("\ud800 SELECT", "Begins with “? SELECT”, not with SELECT"),
    ],
)
def test_prose_fences_comments_and_second_statements_are_named(reply: str, reason: str) -> None:
    assert OneSelect()(NO_INPUTS, reply) == (False, reason)


def test_a_query_that_runs_says_how_many_rows_it_returns() -> None:
    assert RUNS(NO_INPUTS, "SELECT name FROM mugs") == (True, "Runs and returns 4 rows")
    assert RUNS(NO_INPUTS, "SELECT COUNT(*) FROM mugs;") == (True, "Runs and returns 1 row")
    assert RUNS(NO_INPUTS, "SELECT name FROM mugs WHERE id IN (SELECT mug FROM sales WHERE day LIKE '2025-02%')")[0]
    assert RUNS(NO_INPUTS, "SELECT COUNT(*) FROM (SELECT 1 FROM mugs) AS m")[0]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("SELECT colour FROM mugs", "SQLite says: no such column: colour"),
        ("SELECT name FROM cups", "SQLite says: no such table: cups"),
        ("SELECT name FRM mugs WHERE", 'SQLite says: near "mugs": syntax error'),
        ("", "Begins with “”, not with SELECT"),
        ("SELECT 4", "It reads none of the tables"),
        ("SELECT name FROM mugs; SELECT name FROM mugs", "There is more than one statement"),
        ("SELECT name FROM mugs\0", "It has a character that no query can have"),
        ("SELECT '\ud800' FROM mugs", "It has a character that no query can have"),
        (
            "SELECT name FROM mugs WHERE name = '" + "x" * 2_000 + "'",
            "2,037 characters; a query may have at most 2,000",
        ),
    ],
)
def test_a_query_that_does_not_run_says_why_in_one_line(reply: str, reason: str) -> None:
    assert RUNS(NO_INPUTS, reply) == (False, reason)


HOSTILE = {
    "endless recursion": "SELECT (WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x FROM c) SELECT x FROM c) FROM mugs",
    "recursion at the start": "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT x FROM c, mugs",
    "a huge join": "SELECT COUNT(*) FROM " + ", ".join(f"mugs m{n}" for n in range(20)),
    "a huge sort": "SELECT a.name FROM " + ", ".join(f"mugs {n}" for n in "abcdefghijklmn") + " ORDER BY b.price",
    "too many rows": "SELECT a.name FROM " + ", ".join(f"mugs {n}" for n in "abcdef"),
    "a blob of a gigabyte": "SELECT zeroblob(1000000000) FROM mugs",
    "a random blob of a gigabyte": "SELECT randomblob(1000000000) FROM mugs",
    "a text of a gigabyte": "SELECT printf('%1000000000d', 1) FROM mugs",
    "a text that grows": "SELECT group_concat(a.name || b.name || c.name) FROM "
    + ", ".join(f"mugs {n}" for n in "abcdefgh"),
    "deep brackets": "SELECT " + "(" * 900 + "1" + ")" * 900 + " FROM mugs",
    "another file": "ATTACH DATABASE 'stolen.db' AS s",
    "a file written": "VACUUM INTO 'stolen.db'",
    "settings": "PRAGMA writable_schema = 1",
    "settings read as a table": "SELECT * FROM pragma_table_info('mugs')",
    "a library": "SELECT load_extension('evil') FROM mugs",
    "the inner table": "SELECT sql FROM sqlite_master",
    "a deleted table": "DROP TABLE mugs",
    "deleted rows": "DELETE FROM mugs",
    "changed rows": "UPDATE mugs SET price = 0",
    "new rows": "INSERT INTO mugs VALUES (9, 'x', 1, 1)",
    "deleted rows after WITH": "WITH a AS (SELECT 1) DELETE FROM mugs",
    "a trigger": "CREATE TEMP TRIGGER t AFTER INSERT ON mugs BEGIN SELECT 1; END",
    "chance": "SELECT name FROM mugs ORDER BY random() LIMIT 1",
    "the query plan": "EXPLAIN SELECT name FROM mugs",
}


@pytest.mark.parametrize("query", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_sql_is_refused_at_once_and_touches_no_file(
    query: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    started = time.process_time()
    passed, reason = RUNS(NO_INPUTS, query)
    spent = time.process_time() - started
    assert not passed
    assert spent < 2
    assert 0 < len(reason) < 160
    assert "\n" not in reason
    assert not list(tmp_path.iterdir())


def test_a_pattern_made_to_be_slow_is_matched_in_time() -> None:
    started = time.process_time()
    pattern = f"SELECT COUNT(*) FROM mugs a, mugs b, mugs c WHERE '{'a' * 1_200}' LIKE '{'%a' * 90}b'"
    assert RUNS(NO_INPUTS, pattern) == (True, "Runs and returns 1 row")
    assert time.process_time() - started < 2


def test_a_query_cannot_spoil_the_database_for_the_next_one() -> None:
    for query in HOSTILE.values():
        RUNS(NO_INPUTS, query)
    assert DATABASE.rows("SELECT COUNT(*), SUM(size) FROM mugs") == [(4, 130)]


def test_exactly_the_row_limit_passes() -> None:
    assert len(DATABASE.rows("SELECT a.id FROM mugs a, mugs b, mugs c, mugs d, mugs e LIMIT 1000")) == MAX_ROWS
    with pytest.raises(QueryRefused, match="More than 1,000 rows"):
        DATABASE.rows("SELECT a.id FROM mugs a, mugs b, mugs c, mugs d, mugs e LIMIT 1001")


@given(st.text(max_size=200))
def test_no_reply_whatever_ends_in_a_traceback(text: str) -> None:
    for reply in (text, f"SELECT {text} FROM mugs", f"SELECT name FROM mugs WHERE name = '{text}'"):
        for check in (OneSelect(), RUNS):
            passed, reason = check(NO_INPUTS, reply)
            assert isinstance(passed, bool)
            assert reason
            assert "\n" not in reason
        assert SAME(NO_INPUTS, reply, "SELECT name FROM mugs")[1]


@pytest.mark.parametrize(
    ("reply", "gold"),
    [
        ("SELECT name FROM mugs ORDER BY price", "SELECT name FROM mugs"),  # order counts only where gold sorts
        ("SELECT id FROM mugs WHERE size = 40", "SELECT id FROM mugs WHERE size > 30"),
        ("SELECT ROUND(AVG(price), 2) FROM mugs", "SELECT AVG(price) FROM mugs"),
        ("SELECT 1.0 * COUNT(*) FROM mugs", "SELECT COUNT(*) FROM mugs"),
        ("SELECT name AS n FROM mugs m", "SELECT name FROM mugs"),
        (
            "SELECT price FROM mugs",
            "SELECT price FROM mugs WHERE 'ORDER BY' != (SELECT name FROM mugs ORDER BY id LIMIT 1)",
        ),
        ("SELECT name FROM mugs ORDER BY size, name", "SELECT name FROM mugs ORDER BY size ASC, name;"),
        ("SELECT 0.1 + 0.2 FROM mugs LIMIT 1", "SELECT 0.3 FROM mugs LIMIT 1"),
        ("SELECT 0.1 + 0.025 FROM mugs LIMIT 1", "SELECT 0.125 FROM mugs LIMIT 1"),
        ("SELECT -0.001 FROM mugs LIMIT 1", "SELECT 0 FROM mugs LIMIT 1"),
        ("SELECT 1e300 FROM mugs LIMIT 1", "SELECT 1e300 FROM mugs LIMIT 1"),
        ("SELECT 9e999 FROM mugs LIMIT 1", "SELECT 9e999 FROM mugs LIMIT 1"),
    ],
)
def test_another_query_with_the_same_rows_is_right(reply: str, gold: str) -> None:
    passed, reason = SAME(NO_INPUTS, reply, gold)
    assert passed, reason


@pytest.mark.parametrize(
    ("reply", "gold", "reason"),
    [
        ("SELECT name FROM mugs WHERE size > 30", "SELECT name FROM mugs", "2 rows instead of 4"),
        ("SELECT name FROM mugs WHERE size > 99", "SELECT name FROM mugs", "0 rows instead of 4"),
        ("SELECT name, size FROM mugs", "SELECT name FROM mugs", "2 columns instead of 1"),
        ("SELECT name FROM mugs", "SELECT name, size FROM mugs", "1 column instead of 2"),
        (
            "SELECT size, name FROM mugs LIMIT 1",
            "SELECT name, size FROM mugs LIMIT 1",
            "Has (40, Tall), but not (Tall, 40)",
        ),
        (
            "SELECT name FROM mugs ORDER BY id",
            "SELECT name FROM mugs ORDER BY name",
            "Row 1 is (Tall) instead of (Fat)",
        ),
        ("SELECT mug FROM sales", "SELECT DISTINCT mug FROM sales", "3 rows instead of 2"),
        ("SELECT 1 FROM sales", "SELECT mug FROM sales", "Has (1), but not (4)"),
        ("SELECT price FROM mugs WHERE id = 3", "SELECT size FROM mugs WHERE id = 3", "Has (nothing), but not (30)"),
        ("SELECT '40' FROM mugs LIMIT 1", "SELECT 40 FROM mugs LIMIT 1", "Has (40), but not (40)"),
        ("SELECT MAX(price) FROM mugs", "SELECT MIN(price) FROM mugs", "Has (9.25), but not (5)"),
        (
            "SELECT colour FROM mugs",
            "SELECT name FROM mugs",
            "The query returns nothing to compare: SQLite says: no such column: colour",
        ),
        ("SELECT 4", "SELECT COUNT(*) FROM mugs", "The query returns nothing to compare: It reads none of the tables"),
    ],
)
def test_other_rows_are_wrong_and_the_reason_says_which(reply: str, gold: str, reason: str) -> None:
    assert SAME(NO_INPUTS, reply, gold) == (False, reason)


@pytest.mark.parametrize(
    ("gold", "complaint"),
    [
        (None, "gold must be the right SQL query as a text"),
        ({"sql": "x"}, "gold must be the right SQL query as a text"),
        ("SELECT colour FROM mugs", r"does not run \(SQLite says: no such column: colour\)"),
        ("SELECT name FROM mugs WHERE size > 99", "returns no rows, so any query that finds nothing would pass"),
        ("DROP TABLE mugs", "does not run"),
    ],
)
def test_a_right_answer_that_cannot_judge_anything_is_refused(gold: object, complaint: str) -> None:
    with pytest.raises(BadInput, match=complaint):
        SAME(NO_INPUTS, "SELECT name FROM mugs", gold)


@pytest.fixture
def read_schema(tmp_path: Path) -> Callable[[str | bytes], object]:
    def read(text: str | bytes) -> object:
        (tmp_path / "s.sql").write_bytes(text if isinstance(text, bytes) else text.encode())
        fields = Fields({"schema": "s.sql"}, "style.yaml, rules, number 2", tmp_path)
        made = CHECKS["runs_on_sqlite"](fields)
        fields.done()
        return made

    return read


def test_the_schema_is_read_from_the_file_beside_the_style(read_schema: Callable[[str | bytes], object]) -> None:
    assert read_schema(SCHEMA) == RUNS


def test_the_judge_reads_the_same_file_as_the_rule(tmp_path: Path) -> None:
    (tmp_path / "s.sql").write_text(SCHEMA)
    judge = CONTENT["same_rows"](Fields({"schema": "s.sql"}, "style.yaml, content", tmp_path))
    assert judge == SAME
    assert judge.needs_gold


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ("", "makes no table; write at least one CREATE TABLE"),
        ("CREATE TABLE", "builds no database"),
        ("CREATE TABLE a (x); ATTACH 'stolen.db' AS s;", "builds no database"),
        ("CREATE TABLE a (x); PRAGMA writable_schema = 1;", "builds no database"),
        ("CREATE TABLE a (x); INSERT INTO a SELECT randomblob(9);", "builds no database"),
        ("CREATE TABLE a (x); WITH RECURSIVE c(n) AS (SELECT 1 UNION SELECT n FROM c) INSERT INTO a SELECT n FROM c;", "builds"),
        ("CREATE TABLE a (x); COMMIT; CREATE TABLE b (y);", "builds no database"),
        (b"CREATE TABLE a (x); -- \xff", "is not UTF-8"),
        ("CREATE TABLE a (x);" + " " * 200_001, "over 200 kB"),
    ],
)  # fmt: skip
def test_a_schema_that_builds_nothing_or_does_more_is_refused_with_its_place(
    read_schema: Callable[[str | bytes], object], schema: str | bytes, complaint: str, tmp_path: Path
) -> None:
    with pytest.raises(BadInput, match=complaint) as caught:
        read_schema(schema)
    assert str(caught.value).startswith("style.yaml, rules, number 2: schema names s.sql")
    assert [path.name for path in tmp_path.iterdir()] == ["s.sql"]
