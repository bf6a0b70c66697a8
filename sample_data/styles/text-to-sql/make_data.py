"""Writes schema.sql, train.jsonl, dev.jsonl and test.jsonl of this behaviour; the same bytes every time.

    python sample_data/styles/text-to-sql/make_data.py

A query is drawn first, from fifteen families, and becomes SQL by code; then it is put into words with wordings that
belong to one of the three splits only. What keeps the measurement honest:

- no query of dev or test is asked in train, and about half of theirs combine columns in a way that train never does
  (`new` on the line says which: "columns" or "values");
- every query returns rows, and would return other rows without any one of its conditions, with > for >=, or sorted the
  other way round, so that a wrong query is not right by luck;
- no two queries of dev (or of test) return the same rows.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path(__file__).parent
SPLITS = {"train": 1_400, "dev": 60, "test": 60}
LONGEST = 150  # characters of a question
SAME_QUERY = 2  # wordings of one query in train

# ---------------------------------------------------------------------------------------------------- the database

BOATS = """
Heron canoe green 2 11 2009|Wren canoe red 2 12 2014|Teal canoe blue 3 14 2018|Dunlin canoe yellow 4 17 2021
Plover kayak red 1 9 2016|Linnet kayak yellow 1 8 2011|Siskin kayak blue 2 13 2019|Dipper kayak green 2 10 2006
Curlew punt green 6 21 1999|Avocet punt white 8 26 2004|Bittern punt black 5 19 2012
Kestrel dinghy white 4 28 2013|Merlin dinghy blue 3 25 2017|Swift dinghy red 5 32 2022|Petrel dinghy yellow 4 29 2008
Osprey launch white 10 48 2015|Gannet launch blue 12 55 2020|Puffin launch black 8 42 2010
Grebe rowboat green 3 15 2003|Whimbrel rowboat white 4 16 2001|Knot rowboat red 5 18 2007|Godwit rowboat black 6 20 2023
"""
GUESTS = """
Ada Fenn,Penmoor,2019|Bram Oduya,Saltby,2021|Cerys Hale,Treskin,2020|Dilip Marr,Oxcombe,2022|Edith Roe,Penmoor,2023
Farah Quill,Gullhaven,2018|Gus Tolley,Saltby,2020|Hanne Birk,Penmoor,2021|Ivo Sant,Treskin,2024|Jude Amari,Oxcombe,2019
Kezia Lund,Gullhaven,2022|Leo Prout,Penmoor,2024|Mina Sorrel,Saltby,2018|Noel Vance,Treskin,2023|Orla Kemp,Penmoor,2020
Piet Dorn,Gullhaven,2021|Quinn Abara,Saltby,2023|Rhea Stroud,Oxcombe,2024|Sol Nash,Penmoor,2018|Tove Lind,Treskin,2022
Umar Pell,Saltby,2024|Vera Inch,Gullhaven,2023|Wim Castle,Penmoor,2022|Yara Bolt,Oxcombe,2021
"""
HIRES = 60
NEVER = {"Bittern", "Knot", "Linnet", "Puffin", "Ivo Sant", "Rhea Stroud", "Vera Inch", "Leo Prout", "Yara Bolt"}

boats = [line.split() for line in re.split(r"[|\n]", BOATS.strip())]
guests = [line.split(",") for line in re.split(r"[|\n]", GUESTS.strip())]
KINDS = list(dict.fromkeys(boat[1] for boat in boats))
COLOURS = list(dict.fromkeys(boat[2] for boat in boats))
TOWNS = list(dict.fromkeys(guest[1] for guest in guests))
MONTHS = {"May": 5, "June": 6, "July": 7, "August": 8, "September": 9}
PLURALS = {"dinghy": "dinghies", "launch": "launches"} | {name: name + "s" for name in ("canoe", "kayak", "punt")}
PLURALS["rowboat"] = "rowboats"


def write_schema() -> str:
    """The SQL that builds the database: three tables and their rows."""
    rng = random.Random("hires")
    lines = [
        "-- Pellow Creek Boats: a made-up boat hire. Written by make_data.py. CC BY 4.0.",
        "-- price is per hour, day is YYYY-MM-DD, built and joined are years.",
        "CREATE TABLE boats (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, colour TEXT, seats INTEGER, price INTEGER, built INTEGER);",
        "CREATE TABLE guests (id INTEGER PRIMARY KEY, name TEXT, town TEXT, joined INTEGER);",
        "CREATE TABLE hires (id INTEGER PRIMARY KEY, boat INTEGER REFERENCES boats (id), guest INTEGER REFERENCES guests (id), day TEXT, hours INTEGER, paid INTEGER);",
    ]
    for at, (name, kind, colour, seats, price, built) in enumerate(boats, start=1):
        lines.append(f"INSERT INTO boats VALUES ({at}, '{name}', '{kind}', '{colour}', {seats}, {price}, {built});")
    for at, (name, town, joined) in enumerate(guests, start=1):
        lines.append(f"INSERT INTO guests VALUES ({at}, '{name}', '{town}', {joined});")
    hired = [at for at, boat in enumerate(boats, start=1) if boat[0] not in NEVER]
    hiring = [at for at, guest in enumerate(guests, start=1) if guest[0] not in NEVER]
    days = sorted(f"2025-{month:02}-{rng.randint(1, 28):02}" for month in rng.choices(range(5, 10), (2, 3, 5, 4, 2), k=HIRES))
    for at, day in enumerate(days, start=1):
        boat, guest, hours = rng.choice(hired), rng.choice(hiring), rng.choice((1, 1, 2, 2, 3, 3, 4, 5, 6, 8))
        paid = int(boats[boat - 1][4]) * hours - rng.choice((0, 0, 0, 1, 2))
        lines.append(f"INSERT INTO hires VALUES ({at}, {boat}, {guest}, '{day}', {hours}, {paid});")
    return "\n".join(lines) + "\n"


# ------------------------------------------------------------------------------------------------------ the queries


@dataclass(frozen=True)
class Condition:
    """`column op value`; op is a SQL operator, or "month" for a LIKE on the day, or "between" with two values."""

    table: str
    column: str
    op: str
    values: tuple[str | int, ...]

    def sql(self, joined: bool = False) -> str:
        column = f"{self.table}.{self.column}" if joined else self.column
        first = _literal(self.values[0])
        if self.op == "month":
            return f"{column} LIKE '2025-{self.values[0]:02}%'"
        if self.op == "between":
            return f"{column} BETWEEN {first} AND {_literal(self.values[1])}"
        return f"{column} {self.op} {first}"


@dataclass(frozen=True)
class Query:
    """What is asked, before it has words: the family decides which of the fields count."""

    family: str
    table: str
    where: tuple[Condition, ...] = ()
    what: str = ""  # the column that is shown, added up or sorted by
    aggregate: str = ""  # COUNT, SUM, AVG, MIN or MAX
    key: str = ""  # the column of GROUP BY
    down: bool = False
    n: int = 0
    op: str = ""  # of HAVING

    @property
    def joined(self) -> bool:
        return self.family.startswith("join")

    def sql(self) -> str:
        """The reply: one SELECT in one fixed form."""
        where = " AND ".join(condition.sql(self.joined) for condition in self.where)
        where = f" WHERE {where}" if where else ""
        name = "id" if self.table == "hires" else "name"
        order = f" ORDER BY {self.what}{' DESC' if self.down else ''}"
        figure = "COUNT(*)" if self.aggregate == "COUNT" else f"{self.aggregate}({self.what})"
        match self.family:
            case "count" | "aggregate":
                return f"SELECT {figure} FROM {self.table}{where}"
            case "list":
                return f"SELECT {name} FROM {self.table}{where}"
            case "lookup":
                return f"SELECT {self.what} FROM {self.table}{where}"
            case "columns":
                first = "day" if self.table == "hires" else "name"
                return f"SELECT {first}, {self.what} FROM {self.table}{where}"
            case "distinct":
                return f"SELECT DISTINCT {self.what} FROM {self.table}{where}"
            case "most":
                return f"SELECT {name} FROM {self.table}{where}{order} LIMIT 1"
            case "top":
                return f"SELECT {name} FROM {self.table}{where}{order} LIMIT {self.n}"
            case "sorted":
                return f"SELECT {name} FROM {self.table}{where}{order}"
            case "group":
                return f"SELECT {self.key}, {figure} FROM {self.table}{where} GROUP BY {self.key}"
            case "having":
                return f"SELECT {self.key} FROM {self.table} GROUP BY {self.key} HAVING COUNT(*) {self.op} {self.n}"
            case "never":
                link = " AND" if where else " WHERE"
                return f"SELECT name FROM {self.table}{where}{link} id NOT IN (SELECT {self.table[:-1]} FROM hires)"
        join = f" FROM hires JOIN {self.table} ON {self.table}.id = hires.{self.table[:-1]}"
        figure = "COUNT(*)" if self.aggregate == "COUNT" else f"{self.aggregate}(hires.{self.what})"
        match self.family:
            case "join-figure":
                return f"SELECT {figure}{join}{where}"
            case "join-days":
                return f"SELECT hires.day{join}{where}"
            case "join-names":
                return f"SELECT DISTINCT {self.table}.name{join}{where}"
            case "join-group":
                return f"SELECT {self.table}.{self.key}, {figure}{join}{where} GROUP BY {self.table}.{self.key}"
        raise AssertionError(self.family)

    def skeleton(self) -> str:
        """The query without its values: which columns it puts together, and how."""
        return re.sub(r"'[^']*'|\b\d+\b", "?", self.sql())

    def parts(self) -> int:
        """How many things are put together; a query of one part is never kept out of train as a whole."""
        return len(self.where) + (self.family not in ("count", "list", "lookup")) + bool(self.key and self.what)

    def topic(self) -> str:
        """A name for people: what is asked of which table, with the values."""
        words = [self.family, self.table]
        words += [word for word in (self.aggregate.lower(), self.what, self.key and f"by {self.key}") if word]
        words += ["down"] * self.down + ([f"{self.op}{self.n}"] if self.n else [])
        for condition in self.where:
            values = " to ".join(str(value) for value in condition.values)
            words.append(f"{condition.column} {condition.op} {values}")
        return ", ".join(words)

    def neighbours(self) -> Iterator[str]:
        """Queries near this one that must return other rows."""
        for at, condition in enumerate(self.where):
            rest = self.where[:at] + self.where[at + 1 :]
            if rest or self.family not in ("lookup", "join-days", "join-names"):
                yield replace(self, where=rest).sql()
            near = {">": ">=", ">=": ">", "<": "<=", "<=": "<"}.get(condition.op)
            if near:
                yield replace(self, where=(*rest, replace(condition, op=near))).sql()
        if self.family in ("most", "top", "sorted"):
            yield replace(self, down=not self.down).sql()
        if self.family == "having":
            yield replace(self, op={">": ">=", ">=": ">", "<": "<=", "<=": "<", "=": ">"}[self.op]).sql()


def _literal(value: str | int) -> str:
    return str(value) if isinstance(value, int) else f"'{value}'"


TEXTS = {("boats", "kind"): KINDS, ("boats", "colour"): COLOURS, ("guests", "town"): TOWNS}
NUMBERS = {
    ("boats", "seats"): range(1, 13),
    ("boats", "price"): range(8, 56),
    ("boats", "built"): range(1999, 2024),
    ("guests", "joined"): range(2018, 2025),
    ("hires", "hours"): range(1, 9),
    ("hires", "paid"): range(10, 240),
}
FILTERS = {
    "boats": ("kind", "kind", "colour", "colour", "seats", "price", "built"),
    "guests": ("town", "town", "joined"),
    "hires": ("month", "month", "day", "hours", "paid"),
}
FIGURES = {"boats": ("price", "seats"), "hires": ("hours", "paid")}
KEYS = {"boats": ("kind", "colour", "seats"), "guests": ("town", "joined"), "hires": ("day", "hours")}
JOIN_KEYS = {"boats": ("name", "kind", "colour"), "guests": ("name", "town")}


def draw_condition(rng: random.Random, table: str, column: str) -> Condition:
    if column in ("month", "day"):
        op = "month" if column == "month" else rng.choice(("=", ">", "<", "between"))
        month = rng.choice(list(MONTHS.values()))
        first, second = sorted(rng.sample(range(1, 29), 2))
        days = [f"2025-{month:02}-{day:02}" for day in (first, second)]
        return Condition(table, "day", op, (month,) if op == "month" else tuple(days[: 1 + (op == "between")]))
    if (table, column) in TEXTS:
        return Condition(table, column, rng.choice(("=", "=", "=", "=", "!=")), (rng.choice(TEXTS[table, column]),))
    ops = ("=", ">", "<", ">=") if column in ("built", "joined") else (">", "<", ">=", "<=", "between", "=")
    op = rng.choice(tuple(op for op in ops if (column, op) not in (("paid", "="), ("price", "="))))
    low, high = sorted(rng.sample(NUMBERS[table, column], 2))
    return Condition(table, column, op, (low, high) if op == "between" else (rng.choice((low, high)),))


def draw_where(rng: random.Random, table: str, counts: Sequence[int]) -> tuple[Condition, ...]:
    conditions: list[Condition] = []
    for _ in range(rng.choice(counts)):
        condition = draw_condition(rng, table, rng.choice(FILTERS[table]))
        if condition.column not in [other.column for other in conditions]:
            conditions.append(condition)
    return tuple(sorted(conditions, key=lambda condition: FILTERS[table].index(_filter(condition))))


def _filter(condition: Condition) -> str:
    return "month" if condition.op == "month" else condition.column


def draw_query(rng: random.Random, family: str) -> Query:
    """One query of the family, which may still be worthless (no rows, say): `Judge` decides."""
    table = rng.choice(("boats", "boats", "guests", "hires", "hires"))
    match family:
        case "count":
            return Query(family, table, draw_where(rng, table, (0, 1, 1, 1, 2, 2)), aggregate="COUNT")
        case "list":
            return Query(family, table, draw_where(rng, table, (1, 1, 2)))
        case "lookup":
            table = rng.choice(("boats", "boats", "guests"))
            name = rng.choice(boats if table == "boats" else guests)[0]
            what = rng.choice(("kind", "colour", "seats", "price", "built") if table == "boats" else ("town", "joined"))
            return Query(family, table, (Condition(table, "name", "=", (name,)),), what)
        case "columns":
            whats = {"boats": ("kind", "colour", "seats", "price", "built"), "guests": ("town", "joined")}
            what = rng.choice(whats.get(table, ("hours", "paid")))
            where = draw_where(rng, table, (0, 1, 1))
            return Query(family, table, tuple(item for item in where if item.column != what or item.op != "="), what)
        case "distinct":
            table = rng.choice(("boats", "boats", "boats", "guests"))
            what = rng.choice(("kind", "colour") if table == "boats" else ("town",))
            where = draw_where(rng, table, (0, 1, 1, 1))
            return Query(family, table, tuple(item for item in where if item.column != what), what)
        case "aggregate":
            table = rng.choice(("boats", "hires"))
            where = draw_where(rng, table, (0, 1, 1, 1))
            return Query(family, table, where, rng.choice(FIGURES[table]), rng.choice(("SUM", "AVG", "MIN", "MAX")))
        case "most" | "top" | "sorted":
            table = rng.choice(("boats", "boats", "boats", "hires"))
            what = rng.choice(("price", "price", "built", "seats") if table == "boats" else ("paid", "hours"))
            where = draw_where(rng, table, (0, 1, 1) if family != "sorted" else (1,))
            where = tuple(item for item in where if item.column != what)
            n = rng.randint(2, 6) if family == "top" else 0
            return Query(family, table, where, what, down=rng.random() < 0.5, n=n)
        case "group":
            aggregate = rng.choice(("COUNT", "COUNT", "SUM", "AVG", "MIN", "MAX"))
            table = table if aggregate == "COUNT" else rng.choice(("boats", "boats", "hires"))
            key = rng.choice(KEYS[table])
            what = "" if aggregate == "COUNT" else rng.choice([item for item in FIGURES[table] if item != key])
            where = draw_where(rng, table, (0, 0, 1))
            return Query(family, table, tuple(item for item in where if item.column != key), what, aggregate, key)
        case "having":
            table = rng.choice(("boats", "guests", "hires"))
            op = rng.choice((">", ">=", "<", "="))
            return Query(family, table, key=rng.choice(KEYS[table]), op=op, n=rng.randint(1, 8))
        case "never":
            table = rng.choice(("boats", "guests"))
            return Query(family, table, draw_where(rng, table, (0, 1, 1)))
    table = rng.choice(("boats", "guests"))
    name = Condition(table, "name", "=", (rng.choice(boats if table == "boats" else guests)[0],))
    aggregate = rng.choice(("COUNT", "COUNT", "SUM", "AVG", "MAX"))
    what = "" if aggregate == "COUNT" else rng.choice(FIGURES["hires"])
    text = draw_condition(rng, table, rng.choice(("kind", "colour") if table == "boats" else ("town",)))
    when = draw_condition(rng, "hires", rng.choice(("month", "month", "day", "hours")))
    match family:
        case "join-figure":
            where = rng.choice(((name,), (replace(text, op="="),), (name, when), (replace(text, op="="), when)))
            if when.op != "month":
                where = where[:1]
            return Query(family, table, where, what, aggregate)
        case "join-days":
            return Query(family, table, (rng.choice((name, replace(text, op="="))),))
        case "join-names":
            return Query(family, table, rng.choice(((when,), (when,), (replace(text, op="="), when))))
        case "join-group":
            return Query(family, table, rng.choice(((), (), (when,))), what, aggregate, rng.choice(JOIN_KEYS[table]))
    raise AssertionError(family)


WEIGHTS = {
    "count": 14, "list": 14, "lookup": 8, "columns": 7, "distinct": 5, "aggregate": 11, "most": 8, "top": 6,
    "sorted": 5, "group": 8, "having": 5, "never": 5, "join-figure": 9, "join-days": 4, "join-names": 6, "join-group": 6,
}  # fmt: skip


class Judge:
    """Runs queries on the database, and turns away those that would measure nothing."""

    def __init__(self) -> None:
        self.database = sqlite3.connect(":memory:")
        self.database.executescript(write_schema())

    def rows(self, sql: str) -> list[tuple[object, ...]]:
        return self.database.execute(sql).fetchall()

    def accepts(self, query: Query) -> bool:
        sql = query.sql()
        rows = self.rows(sql)
        if not rows or rows == [(None,)] or rows == [(0,)] or len(rows) > 30:
            return False
        order = " ORDER BY " in sql
        if any(_same(rows, self.rows(near), order) for near in query.neighbours()):
            return False
        if order:  # rows that tie could come in any order, or be cut off at random
            sorted_by = self.rows(re.sub(r"^SELECT \w+", f"SELECT {query.what}", sql).split(" LIMIT ")[0])
            first = sorted_by[: query.n + 1 if query.family == "top" else 2 if query.family == "most" else None]
            if len(set(first)) < len(first) or len(first) < 2 or (query.family == "top" and len(first) <= query.n):
                return False
            if query.family == "sorted" and rows == sorted(rows):
                return False
        return not (query.family == "group" and query.aggregate != "COUNT" and len(set(rows)) < 3)


def _same(left: list[tuple[object, ...]], right: list[tuple[object, ...]], order: bool) -> bool:
    return left == right if order else sorted(map(repr, left)) == sorted(map(repr, right))


def split_of(query: Query, rng: random.Random) -> tuple[str, str]:
    """Which split may ask this query, and what is new about it there; fixed by the query's own text."""
    columns = hashlib.sha256(query.skeleton().encode()).digest()[0]
    if query.parts() > 1 and columns < 64:
        return ("dev" if columns < 32 else "test"), "columns"
    values = hashlib.sha256(query.sql().encode()).digest()[1]
    if query.where and values < 80:
        return ("dev" if values < 40 else "test"), "values"
    return "train", ""


# ------------------------------------------------------------------------------------------------------ the wordings
