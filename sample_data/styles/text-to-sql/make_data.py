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
import math
import random
import re
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

FOLDER = Path(__file__).parent
SPLITS = {"train": 1_400, "dev": 60, "test": 60}
LONGEST = 150  # characters of a question
SAME_QUERY = 2  # wordings of one query in train …
SAME_RARE_QUERY = 5  # … and of one in the families that have few queries
RARE = ("never", "distinct", "group")
DRAWS = 1_000_000

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
        "CREATE TABLE boats (id INTEGER PRIMARY KEY, name TEXT, kind TEXT, colour TEXT, "
        "seats INTEGER, price INTEGER, built INTEGER);",
        "CREATE TABLE guests (id INTEGER PRIMARY KEY, name TEXT, town TEXT, joined INTEGER);",
        "CREATE TABLE hires (id INTEGER PRIMARY KEY, boat INTEGER REFERENCES boats (id), "
        "guest INTEGER REFERENCES guests (id), day TEXT, hours INTEGER, paid INTEGER);",
    ]
    for at, (name, kind, colour, seats, price, built) in enumerate(boats, start=1):
        lines.append(f"INSERT INTO boats VALUES ({at}, '{name}', '{kind}', '{colour}', {seats}, {price}, {built});")
    for at, (name, town, joined) in enumerate(guests, start=1):
        lines.append(f"INSERT INTO guests VALUES ({at}, '{name}', '{town}', {joined});")
    hired = [at for at, boat in enumerate(boats, start=1) if boat[0] not in NEVER]
    hiring = [at for at, guest in enumerate(guests, start=1) if guest[0] not in NEVER]
    days = sorted(
        f"2025-{month:02}-{rng.randint(1, 28):02}" for month in rng.choices(range(5, 10), (2, 3, 5, 4, 2), k=HIRES)
    )
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
    "count": 14, "list": 14, "lookup": 9, "columns": 7, "distinct": 5, "aggregate": 11, "most": 8, "top": 6,
    "sorted": 5, "group": 8, "having": 5, "never": 7, "join-figure": 9, "join-days": 4, "join-names": 6, "join-group": 6,
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
        if query.family == "join-days" and len(set(rows)) < len(rows):  # twice on one day: once or twice in the answer?
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


def split_of(query: Query) -> tuple[str, str]:
    """Which split may ask this query, and what is new about it there; fixed by the query's own text."""
    columns = hashlib.sha256(query.skeleton().encode()).digest()[0]
    if query.parts() > 1 and columns < 64:
        return ("dev" if columns < 32 else "test"), "columns"
    values = hashlib.sha256(query.sql().encode()).digest()[1]
    if (query.where or query.n) and values < 80:
        return ("dev" if values < 40 else "test"), "values"
    return "train", ""


# ------------------------------------------------------------------------------------------------------ the wordings

# A condition in words, after its noun. Under each name: t is for train, d for dev, e for test.
CONDITIONS = """
boats.colour.=
t painted {v} / in {v} / that come in {v} / with {v} paint / done in {v} / with a {v} hull / wearing {v}
d whose colour is {v}
e coloured {v}
boats.kind.!=
t other than {plural} / except the {plural} / not counting {plural} / apart from the {plural}
t but no {plural} / minus the {plural} / that aren't {plural}
d excluding any {plural}
e leaving {plural} aside
boats.colour.!=
t not painted {v} / in any colour but {v} / other than the {v} ones / except {v} ones / that aren't {v}
t but nothing {v} / minus the {v} ones
d of a colour different from {v}
e that have any paint except {v}
boats.seats.>
t with more than {v} seats / with over {v} seats / seating more than {v} / with room for more than {v} people
t that carry more than {v} / where more than {v} can sit / fit for over {v} people
d that can take more than {v} people
e holding over {v} people
boats.seats.<
t with fewer than {v} seats / with less than {v} seats / seating fewer than {v}
t with room for fewer than {v} people / that carry fewer than {v} / where fewer than {v} can sit
t fit for under {v} people
d that can take fewer than {v} people
e holding under {v} people
boats.seats.>=
t with at least {v} seats / with {v} seats or more / seating {v} or more / with room for at least {v} people
t that carry {v} or more / where at least {v} can sit / fit for {v} people or more
d that can take {v} people or more
e holding no fewer than {v} people
boats.seats.<=
t with at most {v} seats / with {v} seats or fewer / seating no more than {v}
t with room for at most {v} people / that carry {v} at most / where no more than {v} can sit
t fit for {v} people or fewer
d that can take up to {v} people
e holding a maximum of {v} people
boats.seats.=
t with exactly {v} seats / with {v} seats / seating {v} / with room for {v} people / that carry {v}
t where {v} can sit / fit for {v} people
d that can take {v} people exactly
e holding precisely {v} people
boats.seats.between
t with {v} to {w} seats / with between {v} and {w} seats / seating {v} to {w}
t with room for {v} to {w} people / that carry {v} to {w} / where {v} to {w} can sit
t fit for between {v} and {w} people
d that can take from {v} up to {w} people
e holding anywhere between {v} and {w} people
boats.price.>
t costing more than {v} an hour / priced above {v} / at over {v} an hour / that cost more than {v}
t that go for more than {v} / above {v} an hour / renting at over {v} / with a rate of more than {v}
d charged at more than {v} per hour
e with an hourly price over {v}
boats.price.<
t costing less than {v} an hour / priced below {v} / at under {v} an hour / that cost less than {v}
t that go for less than {v} / below {v} an hour / renting at under {v} / with a rate of less than {v}
d charged at less than {v} per hour
e with an hourly price under {v}
boats.price.>=
t costing at least {v} an hour / priced at {v} or more / at {v} an hour or more / that cost at least {v}
t that go for at least {v} / from {v} an hour up / renting at {v} or more / with a rate of {v} or higher
d charged at {v} per hour or above
e with an hourly price no lower than {v}
boats.price.<=
t costing at most {v} an hour / priced at {v} or less / at {v} an hour or less / that cost no more than {v}
t that go for at most {v} / up to {v} an hour / renting at {v} or less / with a rate of {v} or lower
d charged at {v} per hour or below
e with an hourly price no higher than {v}
boats.price.between
t costing between {v} and {w} an hour / priced from {v} to {w} / at {v} to {w} an hour
t that cost between {v} and {w} / that go for {v} to {w} / in the {v} to {w} price range
t renting at {v} to {w} / with a rate from {v} to {w}
d charged at anything from {v} to {w} per hour
e with an hourly price in the range {v} to {w}
boats.built.=
t built in {v} / made in {v} / from {v} / that were built in {v} / dating from {v} / finished in {v}
t launched in {v}
d constructed in {v}
e with {v} as their year of build
boats.built.>
t built after {v} / made after {v} / newer than {v} / that were built later than {v} / dating from after {v}
t finished after {v} / younger than {v}
d constructed after {v}
e with a build year later than {v}
boats.built.<
t built before {v} / made before {v} / older than {v} / that were built earlier than {v}
t dating from before {v} / finished before {v} / that predate {v}
d constructed before {v}
e with a build year earlier than {v}
boats.built.>=
t built in {v} or later / made since {v} / built since {v} / that were built in {v} or after
t dating from {v} or later / finished in {v} or after / from {v} on
d constructed in {v} or any later year
e with a build year of {v} or later
guests.town.=
t from {v} / living in {v} / who live in {v} / based in {v} / of {v} / out of {v} / at home in {v}
t who come from {v}
d whose home is {v}
e residing in {v}
guests.town.!=
t not from {v} / living anywhere but {v} / who do not live in {v} / from outside {v} / not of {v}
t who come from anywhere except {v} / that aren't from {v}
d whose home is not {v}
e residing elsewhere than {v}
guests.joined.=
t who joined in {v} / that signed up in {v} / who became members in {v} / who joined us in {v}
t who first came in {v} / with {v} as joining year / that enrolled in {v}
d on our books since exactly {v}
e registered in {v}
guests.joined.>
t who joined after {v} / that signed up after {v} / who became members after {v} / who joined later than {v}
t who first came after {v} / with a joining year above {v} / that enrolled after {v}
d new to our books after {v}
e registered later than {v}
guests.joined.<
t who joined before {v} / that signed up before {v} / who became members before {v}
t who joined earlier than {v} / who first came before {v} / with a joining year below {v}
t that enrolled before {v}
d on our books before {v}
e registered earlier than {v}
guests.joined.>=
t who joined in {v} or later / that signed up since {v} / who became members in {v} or after
t who have joined since {v} / who first came in {v} or later / with a joining year of {v} or above
t that enrolled in {v} or after
d new to our books in {v} or any later year
e registered from {v} onwards
hires.day.month
t in {v} / during {v} / made in {v} / in {v} 2025 / from {v} / dated {v} / that took place in {v}
d in the month of {v}
e over the course of {v}
hires.day.=
t on {v} / made on {v} / dated {v} / for {v} / that took place on {v} / of {v}
d on the date {v}
e that fell on {v}
hires.day.>
t after {v} / made after {v} / later than {v} / dated after {v} / since the day after {v}
t that took place after {v} / with a date past {v}
d on any date after {v}
e that fell after {v}
hires.day.<
t before {v} / made before {v} / earlier than {v} / dated before {v} / up to the day before {v}
t that took place before {v} / with a date ahead of {v}
d on any date before {v}
e that fell before {v}
hires.day.between
t from {v} to {w} / between {v} and {w} / made from {v} to {w} / dated between {v} and {w}
t that took place from {v} to {w} / in the days {v} to {w} / with a date between {v} and {w}
d on any date from {v} until {w}
e that fell between {v} and {w}
hires.hours.>
t of more than {v} hours / longer than {v} hours / lasting over {v} hours / that took more than {v} hours
t over {v} hours long / with more than {v} hours / that lasted longer than {v} hours
d that ran for more than {v} hours
e going beyond {v} hours
hires.hours.<
t of less than {v} hours / shorter than {v} hours / lasting under {v} hours / that took fewer than {v} hours
t under {v} hours long / with less than {v} hours / that lasted less than {v} hours
d that ran for less than {v} hours
e staying below {v} hours
hires.hours.>=
t of at least {v} hours / of {v} hours or more / lasting {v} hours or longer / that took at least {v} hours
t at least {v} hours long / with {v} hours or more / that lasted {v} hours or longer
d that ran for {v} hours or more
e going on for no less than {v} hours
hires.hours.<=
t of at most {v} hours / of {v} hours or less / lasting no more than {v} hours / that took {v} hours or less
t at most {v} hours long / with {v} hours or less / that lasted {v} hours at most
d that ran for up to {v} hours
e going on for a maximum of {v} hours
hires.hours.=
t of exactly {v} hours / of {v} hours / lasting {v} hours / that took {v} hours / {v} hours long
t with {v} hours / that lasted {v} hours
d that ran for {v} hours exactly
e going on for precisely {v} hours
hires.hours.between
t of {v} to {w} hours / lasting {v} to {w} hours / between {v} and {w} hours long / that took {v} to {w} hours
t {v} to {w} hours long / with {v} to {w} hours / that lasted {v} to {w} hours
d that ran for anything from {v} to {w} hours
e going on for between {v} and {w} hours
hires.paid.>
t that brought in more than {v} / paid with more than {v} / worth more than {v} / over {v} in payment
t that cost the guest more than {v} / where more than {v} was paid / billed at over {v}
d with payments above {v}
e earning us over {v}
hires.paid.<
t that brought in less than {v} / paid with less than {v} / worth less than {v} / under {v} in payment
t that cost the guest less than {v} / where less than {v} was paid / billed at under {v}
d with payments below {v}
e earning us under {v}
hires.paid.>=
t that brought in at least {v} / paid with {v} or more / worth at least {v} / worth {v} or more
t that cost the guest {v} or more / where at least {v} was paid / billed at {v} or more
d with payments of {v} or above
e earning us no less than {v}
hires.paid.<=
t that brought in at most {v} / paid with {v} or less / worth at most {v} / worth no more than {v}
t that cost the guest {v} or less / where at most {v} was paid / billed at {v} or less
d with payments of {v} or below
e earning us no more than {v}
hires.paid.between
t that brought in {v} to {w} / paid with between {v} and {w} / worth {v} to {w} / worth between {v} and {w}
t that cost the guest {v} to {w} / where {v} to {w} was paid / billed at {v} to {w}
d with payments from {v} up to {w}
e earning us between {v} and {w}
when.hours.>
t for more than {v} hours / for over {v} hours / for longer than {v} hours
d on a stay of more than {v} hours
e going beyond {v} hours
when.hours.<
t for less than {v} hours / for under {v} hours / for fewer than {v} hours
d on a stay of less than {v} hours
e staying below {v} hours
when.hours.>=
t for at least {v} hours / for {v} hours or more / for {v} hours or longer
d on a stay of {v} hours and up
e going on for no less than {v} hours
when.hours.<=
t for at most {v} hours / for {v} hours or less / for no more than {v} hours
d on a stay of {v} hours and below
e going on for a maximum of {v} hours
when.hours.=
t for exactly {v} hours / for {v} hours / for {v} hours exactly
d on a stay of {v} hours
e going on for precisely {v} hours
when.hours.between
t for {v} to {w} hours / for between {v} and {w} hours / for anything from {v} to {w} hours
d on a stay of between {v} and {w} hours
e going on for {v} up to {w} hours
"""

# Words that fill the frames.
WORDS = """
boats
t boats / boats / boats / vessels
d boats / craft
e boats / hulls
guests
t guests / guests / customers / people
d guests / clients
e guests / visitors
hires
t hires / hires / bookings / trips
d hires / rentals
e hires / outings
up.price
t cheapest / least expensive / lowest-priced
d most affordable
e most inexpensive
down.price
t dearest / most expensive / priciest / highest-priced
d costliest
e most costly
up.built
t oldest / earliest built
d most aged
e most ancient
down.built
t newest / latest built / most recently built
d youngest
e most modern
up.seats
t smallest / lowest-capacity
d tiniest
e least roomy
down.seats
t biggest / largest / roomiest
d most spacious
e highest-capacity
up.paid
t cheapest / lowest-paid / smallest-earning
d least lucrative
e least profitable
down.paid
t dearest / highest-paid / best-earning
d most lucrative
e most profitable
up.hours
t shortest / briefest
d least lengthy
e quickest
down.hours
t longest / most drawn-out
d lengthiest
e most time-consuming
order.up.price
t cheapest first / from cheapest to dearest / by price, lowest first / sorted by price
d in order of rising price
e beginning with the lowest price
order.down.price
t dearest first / from dearest to cheapest / by price, highest first / sorted by price from high to low
d in order of falling price
e beginning with the highest price
order.up.built
t oldest first / from oldest to newest / by year built, earliest first / sorted by year built
d in order of build year
e beginning with the oldest
order.down.built
t newest first / from newest to oldest / by year built, latest first / sorted by year built from new to old
d in reverse order of build year
e beginning with the newest
order.up.seats
t smallest first / from smallest to biggest / by seats, fewest first / sorted by number of seats
d in order of rising seat number
e beginning with the fewest seats
order.down.seats
t biggest first / from biggest to smallest / by seats, most first / sorted by number of seats from high to low
d in order of falling seat number
e beginning with the most seats
order.up.paid
t cheapest first / by payment, lowest first / sorted by amount paid / from least paid to most paid
d in order of rising payment
e beginning with the lowest payment
order.down.paid
t dearest first / by payment, highest first / sorted by amount paid from high to low
t from most paid to least paid
d in order of falling payment
e beginning with the highest payment
order.up.hours
t shortest first / by hours, fewest first / sorted by length / from shortest to longest
d in order of rising length
e beginning with the shortest
order.down.hours
t longest first / by hours, most first / sorted by length from long to short / from longest to shortest
d in order of falling length
e beginning with the longest
SUM
t total / combined / total / overall
d summed
e added-up
AVG
t average / mean / average / usual
d typical
e averaged
MIN
t lowest / minimum / smallest
d bottom
e least
MAX
t highest / maximum / largest / greatest
d peak
e top
boats.price
t price / hourly price / price per hour / hourly rate
d hourly charge
e cost for an hour
boats.seats
t number of seats / seat count / seats
d seating capacity
e seat number
hires.hours
t number of hours / hours / length in hours / hours on the water
d length of time in hours
e hours out
hires.paid
t amount paid / payment / money paid / takings
d payment received
e sum paid
boats.kind
t kind / type / kind of boat
d boat type
e sort of boat
boats.colour
t colour / paint colour
d colour of paint
e colour of the paint
boats.built
t year built / build year / year of building
d year of construction
e year it was made
boats.name
t boat / boat name
d name of boat
e individual boat
guests.name
t guest / customer / guest name
d name of guest
e individual guest
guests.town
t town / home town
d town of residence
e place of residence
guests.joined
t joining year / year joined / year of joining
d year they signed up
e sign-up year
hires.day
t day / date
d calendar day
e calendar date
keys.boats.kind
t kinds / types / kinds of boat
d boat types
e sorts of boat
keys.boats.colour
t colours / paint colours
d colours of paint
e shades of colour
keys.boats.seats
t seat counts / numbers of seats
d seating capacities
e seat numbers
keys.guests.town
t towns / home towns
d towns of residence
e places of residence
keys.guests.joined
t joining years / years of joining
d sign-up years
e years of sign-up
keys.hires.day
t days / dates
d calendar days
e calendar dates
keys.hires.hours
t lengths in hours / numbers of hours
d durations in hours
e hour counts
>
t more than / over
d upwards of
e in excess of
>=
t at least / no fewer than
d a minimum of
e not less than
<
t fewer than / less than
d below
e under
=
t exactly / just
d precisely
e neither more nor fewer than
"""

# Whole questions, under their family; some wordings fit one table or one column only, which follows after a dot.
FRAMES = """
count
t How many {np} are there?
t How many {np} do we have?
t Count the {np}.
t What is the number of {np}?
t Number of {np}?
t I need a count of {np}.
t {np}: how many?
t Tell me how many {np} you can find.
t How many {other}, no wait, {np} are there?
t Can you count all {np} for me
t Please state the number of {np} in our records.
t {np} - just the figure, please
t How many {np}?
t {np}: give me the number
t Would you add up how many {np} there are?
t I wonder how many {np} there might be.
t Put a number on the {np}.
d What's the tally of {np}?
d Could I get the figure for {np}, just how many?
d How large is the group of {np}?
d Not {other} but {np}: how many is that?
e Give a head count of {np}.
e {np}, what number do we get to?
e Work out how many {np} exist, would you?
e Scrap {other}. How many {np} are on file?
list
t Which {np} are there?
t List the {np}.
t Show me all {np}.
t What {np} do we have?
t Name the {np}.
t I need a list of {np}.
t {np}, please, all of them
t Which ones are the {np}?
t Give me the {np}.
t Find every one of the {np}.
t List the {other}... sorry, the {np}.
t We would like to see the {np}.
t Which are our {np}?
t Let me have all the {np}.
t Can you look up {np}?
t I'd like to know about {np}, which ones are they?
t Any {np}? Say which.
d Could you pull up the {np}?
d Who or what is on our sheet of {np}?
d Get me {np}.
d Never mind {other}, display the {np}.
e Write out the {np}.
e I am looking for {np}: what have you got?
e Fetch the {np}.
e Instead of {other}, print the {np}.
lookup.boats.kind
t What kind of boat is {name}?
t {name} is what type of boat?
t Tell me what kind {name} is.
t Kind of {name}?
t Is {name} a canoe, a punt or what?
t What do we call a boat like {name}, what kind?
d {name}, what sort of boat would that be?
e Which type of vessel is called {name}?
lookup.boats.colour
t What colour is {name}?
t Which colour has {name} been painted?
t Colour of {name}?
t Tell me the colour of {name}.
t I forgot the colour of {name}, what is it?
t {name}: what colour?
d {name} is painted in which colour?
e What paint is on {name}?
lookup.boats.seats
t How many seats does {name} have?
t How many people fit in {name}?
t Seats on {name}?
t Tell me the number of seats in {name}.
t {name}: how many can sit in it?
t How big is {name}, in seats?
d For how many people is there room in {name}?
e What is the capacity of {name}?
lookup.boats.price
t What does {name} cost an hour?
t How much is {name}?
t Price of {name}?
t Tell me the hourly price of {name}.
t What do we charge for {name}?
t {name}, how much an hour?
d What would an hour on {name} set me back?
e What is the rate for {name}?
lookup.boats.built
t When was {name} built?
t In which year was {name} made?
t Year {name} was built?
t Tell me how old {name} is, I mean the build year.
t {name} dates from what year?
t What is the build year of {name}?
d What year did {name} come out of the boatyard?
e Which year was {name} constructed in?
lookup.guests.town
t Where does {name} live?
t Which town is {name} from?
t Town of {name}?
t Tell me the home town of {name}.
t {name} comes from where?
t Which place is home to {name}?
d In what town can {name} be found?
e What place does {name} call home?
lookup.guests.joined
t When did {name} join?
t In which year did {name} sign up?
t Joining year of {name}?
t Tell me the year {name} became a member.
t Since when has {name} been a customer?
t {name} joined in which year?
d What year did {name} come to us first?
e How long ago, in which year, did {name} register?
columns
t List the {np} with their {col}.
t Show {np} and the {col} of each.
t For all {np}, give me the {first} and the {col}.
t {First} and {col} of the {np}.
t What are the {first} and {col} of the {np}?
t I want a table of {np}: {first}, {col}.
t Print {first} plus {col} for {np}.
t {np} with {first} and {col}, please
t Next to each of the {np}, write the {col}.
t Tell me {first} and {col} for all {np}.
d Put the {first} next to the {col} for {np}.
d Could I see {first} along with {col} for the {np}?
e Make two columns for {np}, {first} then {col}.
e Set out {np} by {first}, each with its {col}.
distinct
t Which {keys} do the {np} have?
t What different {keys} are there among the {np}?
t List the {keys} of the {np}, each once.
t What {keys} are there for {np}?
t {keys} of our {np}, no repeats
t Show the different {keys} for {np}.
t Give me every {key} found among {np}, once only.
t {keys} occurring in {np}?
t I want the {keys} of {np} without repeats.
t Among {np}, what {keys} can be found?
d Across the {np}, which {keys} occur?
d Without doubles, name the {keys} of {np}.
e What range of {keys} do we see in the {np}?
e For {np}, show {keys}, unique ones only.
aggregate
t What is the {agg} {col} of {np}?
t What's the {agg} {col} for {np}?
t {agg} {col} of the {np}?
t Tell me the {agg} {col} across {np}.
t Work out the {agg} {col} of all {np}.
t For {np}, what is the {agg} {col}?
t I need the {agg} {col} for {np}.
t Find the {agg} {col} among {np}.
t {np}: {agg} {col}, please
t How high is the {agg} {col} of {np}?
t {np}, {agg} {col}?
t With {np} only, what's the {agg} {col}?
t Let me know the {agg} {col} of the {np}.
d Taking all {np}, how much is the {agg} {col}?
d Calculate the {agg} {col} over the {np}.
d Looking at {np}, give me the {agg} {col}.
e The {agg} {col} for the {np} comes to what?
e Compute the {agg} {col} when it comes to {np}.
e Could we know the {agg} {col} in the case of {np}?
most
t Which is the {sup} of the {np}?
t What is the {sup} of all {np}?
t Name the {sup} of the {np}.
t Of the {np}, which is the {sup}?
t Show me the {sup} one of the {np}.
t Find the {sup} among the {np}.
t {sup} of our {np}?
t I'd like the {sup} of the {np}
t Tell me which of the {np} is the {sup}.
t Of all {np}, the {sup} is which?
t Let me have the {sup} of the {np}.
d Out of all {np}, pick the {sup}.
d Which one would be the {sup} among {np}?
e From the {np} choose the single {sup} one.
e If you compare {np}, which comes out {sup}?
top
t What are the {n} {sup} {np}?
t List the {n} {sup} {np}.
t Which {n} {np} are the {sup}?
t Show me the {n} {sup} of the {np}.
t Name the {n} {sup} {np}.
t Of the {np}, the {n} {sup}?
t Top {n} of the {np}: the {sup} ones
t Let me have {n} of the {np}, only the {sup}.
t {n} {sup} {np}, please
t Find the {n} {np} that are {sup}.
d Give us {n} of the {np}, the {sup} ones.
d Pick out the {n} {sup} from the {np}.
e Among {np}, which {n} are {sup}?
e I can take {n}: the {sup} of the {np}.
sorted
t List the {np}, {order}.
t Show the {np} {order}.
t All {np}, {order}, please
t Give me {np} {order}.
t Name the {np} {order}.
t I want the {np} listed {order}.
t Which {np} are there? {order}
t Could you sort the {np}? {order}
t {np} {order}
t Let me have the {np}, {order}.
d Put the {np} in a line, {order}.
d Arrange the {np} {order}.
e Could you run through the {np} {order}?
e Order the {np} for me, {order}.
group.count
t How many {np} are there for each {key}?
t How many {np} are there per {key}?
t Count the {np} by {key}.
t Number of {np} for each {key}?
t For each {key}, how many {np} are there?
t Show every {key} and its number of {np}.
t Give me the {np} per {key}, as numbers.
t {np} by {key}: how many?
t Every {key} with a count of {np}, please
t Group {np} by {key} and count them.
t Counting {np}, what do we get for each {key}?
d Break the {np} down by {key} with a count.
d What is the tally of {np} under each {key}?
e Split the number of {np} by {key}.
e {key} by {key}, how many {np} come up?
group
t What is the {agg} {col} of {np} for each {key}?
t Show the {agg} {col} of {np} by {key}.
t {agg} {col} of {np} per {key}?
t For each {key}, what is the {agg} {col} of {np}?
t Give me the {agg} {col} per {key} for {np}.
t Work out the {agg} {col} by {key} across {np}.
t Per {key}: the {agg} {col} of {np}
t Group {np} by {key}: what is the {agg} {col}?
t Every {key} with the {agg} {col} of its {np}
t For {np}, list each {key} with the {agg} {col}.
d Break the {agg} {col} of {np} down by {key}.
d Under each {key}, how much is the {agg} {col} of {np}?
e Split {np} by {key} and give the {agg} {col}.
e {key} by {key}, find the {agg} {col} of {np}.
having
t Which {keys} have {op} {n} {np}?
t List the {keys} with {op} {n} {np}.
t What {keys} have {op} {n} {np}?
t Show me every {key} that has {op} {n} {np}.
t Find the {keys} where there are {op} {n} {np}.
t {keys} with {op} {n} {np}?
t For which {keys} are there {op} {n} {np}?
t Are there {keys} with {op} {n} {np}? Which?
t Let me know which {keys} have {op} {n} {np}.
t Every {key} with {op} {n} {np}, please
d Name any {key} that comes with {op} {n} {np}.
d Give the {keys} that show up for {op} {n} {np}.
e At which {keys} do we count {op} {n} {np}?
e Point out {keys} that {op} {n} {np} share.
never.boats
t Which {np} have never been hired?
t List the {np} that nobody has hired.
t {np} without a single hire?
t Show me {np} that were never hired.
t Are there {np} that never go out? Which?
t What {np} have no hires at all?
t Name the {np} never taken by anyone.
t {np} with no hire to their name?
t What {np} did nobody want?
d Which {np} has no guest picked so far?
d Find {np} still waiting for a first hire.
e Pick out {np} that stayed ashore, never booked by anyone.
e Which {np} have zero bookings?
never.guests
t Which {np} have never hired a boat?
t List the {np} that hired nothing.
t {np} without a single hire?
t Show me {np} that never hired anything.
t Are there {np} who never took a boat? Which?
t What {np} have no hires at all?
t Name the {np} who have not hired yet.
t {np} with no hire to their name?
t What {np} are on the list but never hired?
d Which {np} have not come for one boat so far?
d Find {np} still waiting for their first hire.
e Pick out {np} that stayed ashore, never booking a thing.
e Which {np} have zero bookings?
join-figure.count.boats
t How many times was {whom} hired{when}?
t Count the hires of {whom}{when}.
t Number of hires for {whom}{when}?
t How many hires did {whom} get{when}?
t Tell me how often {whom} went out{when}.
t How many bookings were there for {whom}{when}?
t {whom}: how many hires{when}?
t How many times did guests take {whom}{when}?
d On how many occasions has {whom} been rented{when}?
e What is the hire count of {whom}{when}?
join-figure.count.guests
t How many hires did {whom} make{when}?
t Count the hires of {whom}{when}.
t How often did {whom} hire a boat{when}?
t Number of hires by {whom}{when}?
t Tell me how many bookings {whom} made{when}.
t How many times has {whom} hired{when}?
t {whom}: how many hires{when}?
t What number of hires came from {whom}{when}?
d On how many occasions has {whom} rented from us{when}?
e What is the hire count of {whom}{when}?
join-figure.boats
t What is the {agg} {col} of hires of {whom}{when}?
t {agg} {col} for {whom}{when}?
t Tell me the {agg} {col} of {whom} hires{when}.
t For {whom}, what was the {agg} {col}{when}?
t Find the {agg} {col} over all hires of {whom}{when}.
t How high was the {agg} {col} when {whom} went out{when}?
t With {whom}, what {agg} {col} did we see{when}?
d When {whom} went out{when}, how much was the {agg} {col}?
e Compute the {agg} {col} that goes with hiring {whom}{when}.
join-figure.guests
t What is the {agg} {col} of hires by {whom}{when}?
t {agg} {col} for {whom}{when}?
t Tell me the {agg} {col} of hires made by {whom}{when}.
t For {whom}, what was the {agg} {col}{when}?
t Find the {agg} {col} over all hires of {whom}{when}.
t How high was the {agg} {col} when {whom} hired{when}?
t With {whom}, what {agg} {col} did we see{when}?
d When {whom} came to us{when}, how much was the {agg} {col}?
e Compute the {agg} {col} that goes with bookings of {whom}{when}.
join-days.boats
t On which days was {whom} hired?
t When was {whom} hired?
t List the dates {whom} went out.
t Days of the hires of {whom}?
t Show me every date on which {whom} was out.
t What days did guests take {whom}?
t {whom}: dates of all hires, please
d What are all the dates when somebody rented {whom}?
e Give the calendar of days for {whom} being booked.
join-days.guests
t On which days did {whom} hire a boat?
t When did {whom} hire?
t List the dates {whom} came.
t Days of the hires of {whom}?
t Show me every date on which {whom} hired something.
t What days was a boat out with {whom}?
t {whom}: dates of all hires, please
d What are all the dates when {whom} rented from us?
e Give the calendar of days for {whom} booking.
join-names.boats
t Which {np} were hired{when}?
t List the {np} that went out{when}.
t What {np} were taken{when}?
t Show me the {np} hired{when}.
t Name the {np} that were out{when}.
t {np} hired{when}?
t Let me know which {np} guests took{when}.
t I need all {np} with a hire{when}.
d Find {np} that somebody rented{when}.
d Which {np} did guests use{when}?
e Tell me which {np} left the jetty{when}.
e What {np} got booked{when}?
join-names.guests
t Which {np} hired a boat{when}?
t List the {np} that hired{when}.
t Who hired{when}? I mean {np}.
t Show me the {np} with a hire{when}.
t Name the {np} who took a boat{when}.
t {np} hiring{when}?
t Let me know which {np} took a boat{when}.
t I need all {np} who hired something{when}.
d Find {np} that rented{when}.
d Which {np} came to us for a boat{when}?
e Tell me which {np} left the jetty{when}.
e What {np} made a booking{when}?
join-group.count
t How many hires are there for each {key}{when}?
t Count the hires per {key}{when}.
t Number of hires by {key}{when}?
t For each {key}, how many hires were there{when}?
t Show every {key} and its number of hires{when}.
t Hires per {key}{when}: how many?
t Every {key} with its count of hires{when}, please
t Group the hires{when} by {key} and count them.
d Break the hires{when} down by {key} with a count.
e Split the number of hires{when} by {key}.
join-group
t What is the {agg} {col} of hires for each {key}{when}?
t Show the {agg} {col} of hires by {key}{when}.
t {agg} {col} per {key}{when}?
t For each {key}, what was the {agg} {col} of hires{when}?
t Give me the {agg} {col} per {key} over the hires{when}.
t Hires{when}: the {agg} {col} by {key}
t Group the hires{when} by {key}: what is the {agg} {col}?
t Every {key} with the {agg} {col} of its hires{when}
d Break the {agg} {col} of hires{when} down by {key}.
e Split the {agg} {col} of hires{when} by {key}.
"""

ROUND = """
before
t Hi! / Quick question: / For the season report: / Morning, / Jo asks: / Fwd from the desk: / ok so,
t One more: / Dear team,
d Sorry to bother you. / The owner wants to know: / Re the log book:
e Hello there, / From the jetty: / Somebody rang and asked:
after
t Thanks! / Please. / It's for the board. / Cheers, Jo / No rush. / Need it today / (for the leaflet)
d Many thanks, Ros / As soon as you can. / It is for the website.
e Ta! / This goes in the newsletter. / Best, Mo
"""
SMALL = "zero one two three four five six seven eight nine ten eleven twelve".split()
NAMES = {number: name for name, number in MONTHS.items()}


def _read(block: str) -> dict[str, dict[str, list[str]]]:
    """Key → split → wordings, of which a line may hold several, with a slash between them."""
    found: dict[str, dict[str, list[str]]] = {}
    key = ""
    for line in block.splitlines():
        split = {"t ": "train", "d ": "dev", "e ": "test"}.get(line[:2])
        if split:
            found[key][split] += line[2:].split(" / ")
        elif line:
            key = line
            found[key] = {name: [] for name in SPLITS}
    return found


conditions, words, around, frames = _read(CONDITIONS), _read(WORDS), _read(ROUND), _read(FRAMES)


class Speaker:
    """Puts queries into the words of one split."""

    def __init__(self, split: str, rng: random.Random) -> None:
        self.split, self.rng = split, rng

    def say(self, query: Query) -> tuple[str, str]:
        """The name of the frame, and the question."""
        name = self._frame(query)
        at = self.rng.randrange(len(frames[name][self.split]))
        frame = frames[name][self.split][at]
        if query.where and query.where[0].column != "name":  # “was Heron”, but “were the canoes”
            for one, many in (
                ("was {whom}", "were {whom}"),
                ("has {whom}", "have {whom}"),
                ("{whom} was", "{whom} were"),
            ):
                frame = frame.replace(one, many)
        slots = self._slots(query)
        text = re.sub(r"\{(\w+)\}", lambda match: slots[match[1]](), frame)
        text = re.sub(r"\b(1|one) (hour|seat)s\b", r"\1 \2", text)
        text = text[0].upper() + text[1:]
        return f"{name}-{self.split}-{at + 1}", self._dress(text, query)

    def _frame(self, query: Query) -> str:
        count = ".count" if query.aggregate == "COUNT" else ""
        column = f".{query.what}"
        for name in (f"{count}.{query.table}", f".{query.table}{column}", f".{query.table}", count, ""):
            if query.family + name in frames:
                return query.family + name
        raise AssertionError(query)

    def _slots(self, query: Query) -> dict[str, Callable[[], str]]:
        direction = "down" if query.down else "up"
        figures = "hires" if query.joined else query.table
        own = [item for item in query.where if item.table == query.table]
        when = [item for item in query.where if item.table != query.table]
        return {
            "np": lambda: self._noun(query.table, own),
            "other": lambda: self._other(query),
            "name": lambda: str(query.where[0].values[0]),
            "whom": lambda: self._whom(query, own),
            "when": lambda: "".join(" " + self._when(item) for item in when),
            "sup": lambda: self._word(f"{direction}.{query.what}"),
            "order": lambda: self._word(f"order.{direction}.{query.what}"),
            "agg": lambda: self._word(query.aggregate),
            "col": lambda: self._word(f"{figures}.{query.what}"),
            "first": lambda: "day" if query.table == "hires" else "name",
            "First": lambda: "Day" if query.table == "hires" else "Name",
            "key": lambda: self._word(f"{query.table}.{query.key or query.what}"),
            "keys": lambda: self._word(f"keys.{query.table}.{query.key or query.what}"),
            "op": lambda: self._word(query.op),
            "n": lambda: self._number(query.n),
        }

    def _word(self, name: str) -> str:
        return self.rng.choice(words[name][self.split])

    def _number(self, number: int) -> str:
        return SMALL[number] if number < len(SMALL) and self.rng.random() < 0.25 else str(number)

    def _noun(self, table: str, where: Sequence[Condition]) -> str:
        before, after, noun = "", [], self._word(table)
        for item in where:
            if item.column == "kind" and item.op == "=":
                noun = PLURALS[str(item.values[0])]
            elif item.column == "colour" and item.op == "=" and self.rng.random() < 0.6:
                before = f"{item.values[0]} "
            else:
                after.append(self._condition(item))
        if len(after) == 2 and after[0].split()[0] == after[1].split()[0]:
            after = [f"{after[0]} and {after[1]}"]
        return " ".join([before + noun, *after])

    def _whom(self, query: Query, own: Sequence[Condition]) -> str:
        if own[0].column == "name":
            return str(own[0].values[0])
        return self._noun(query.table, own)

    def _when(self, item: Condition) -> str:
        """A condition on the hire, after a verb: “for more than 3 hours”, “in June”."""
        text = self._condition(item, "when" if item.column == "hours" else item.table)
        text = re.sub(r"^(made|dated|that fell|that took place) ", "", text)
        if item.op == "month":
            return re.sub(r"^(from )?(?=[A-Z]\w+$)", "in ", text)
        return re.sub(r"^(of )?(?=[\dA-Z])", "on ", text) if item.op == "=" and item.column == "day" else text

    def _condition(self, item: Condition, place: str = "") -> str:
        wording = self.rng.choice(conditions[f"{place or item.table}.{item.column}.{item.op}"][self.split])
        shown = [self._value(item, value) for value in item.values]
        plural = PLURALS.get(str(item.values[0]), "")
        return wording.format(v=shown[0], w=shown[-1], plural=plural)

    def _value(self, item: Condition, value: str | int) -> str:
        if item.op == "month":
            return NAMES[int(value)]
        if item.column == "day":
            _, month, day = (int(part) for part in str(value).split("-"))
            ending = "th" if 10 < day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
            name = NAMES[month]
            forms = {
                "train": (f"{day} {name}", f"{name} {day}", f"{day}{ending} {name}", f"{day} {name} 2025", str(value)),
                "dev": (f"the {day}{ending} of {name}",),
                "test": (f"{name} {day}{ending}",),
            }
            return self.rng.choice(forms[self.split])
        if item.column in ("seats", "hours"):
            return self._number(int(value))
        return str(value)

    def _other(self, query: Query) -> str:
        """Something else of the same table, for a speaker who changes their mind."""
        if query.table != "boats":
            return words[{"guests": "hires", "hires": "guests"}[query.table]][self.split][0]
        taken = [str(item.values[0]) for item in query.where]
        return self.rng.choice([PLURALS[kind] for kind in KINDS if kind not in taken])

    def _dress(self, text: str, query: Query) -> str:
        """Now and then a greeting, a line after it, or everything in small letters without marks."""
        chance = self.rng.random()
        names = [value for item in query.where for value in item.values if str(value)[:1].isupper()]
        if chance < 0.12 and not names:
            return re.sub(r"[?.!]$", "", text[0].lower() + text[1:])
        if chance < 0.30:
            return f"{self.rng.choice(around['before'][self.split])} {text}"
        if chance < 0.42 and text[-1] in ".?!":
            return f"{text} {self.rng.choice(around['after'][self.split])}"
        return text


# --------------------------------------------------------------------------------------------------------- the files


def make_split(split: str, judge: Judge, taken: set[str]) -> list[dict[str, str]]:
    """The lines of one file; `taken` holds the questions of all splits so far, and grows."""
    rng = random.Random(f"text-to-sql {split}")
    speaker = Speaker(split, rng)
    lines: list[dict[str, str]] = []
    asked: dict[str, int] = {}
    results: set[str] = set()
    wanted = {"columns": SPLITS[split] // 2, "values": SPLITS[split] - SPLITS[split] // 2, "": SPLITS[split]}
    families = list(WEIGHTS)
    share = SPLITS[split] / sum(WEIGHTS.values())
    left = {family: math.ceil(weight * share) for family, weight in WEIGHTS.items()}
    for _ in range(DRAWS):
        if len(lines) == SPLITS[split]:
            break
        query = draw_query(rng, rng.choices(families, list(WEIGHTS.values()))[0])
        if split != "train" and left[query.family] == 0:  # dev and test ask of every family
            continue
        place, new = split_of(query)
        if place != split or wanted[new] == 0:
            continue
        sql = query.sql()
        most = 1 if split != "train" else SAME_RARE_QUERY if query.family in RARE else SAME_QUERY
        if asked.get(sql, 0) >= most or not judge.accepts(query):
            continue
        rows = repr(sorted(judge.rows(sql), key=repr))
        if split != "train" and rows in results:
            continue
        template, text = speaker.say(query)
        if len(text) > LONGEST or text.casefold() in taken:
            continue
        taken.add(text.casefold())
        results.add(rows)
        asked[sql] = asked.get(sql, 0) + 1
        wanted[new] -= 1
        left[query.family] -= 1
        line = {"topic": query.topic(), "template": template, "text": text, "reply": sql, "gold": sql}
        lines.append(line | ({"new": new} if new else {}))
    if len(lines) < SPLITS[split]:
        raise RuntimeError(f"only {len(lines)} of {SPLITS[split]} {split} lines could be made")
    digits = 4 if split == "train" else 3
    return [{"id": f"{split}-{at:0{digits}}"} | line for at, line in enumerate(lines, start=1)]


def make_files() -> dict[str, str]:
    """Every generated file: name → text."""
    judge = Judge()
    taken: set[str] = set()
    files = {"schema.sql": write_schema()}
    for split in SPLITS:
        lines = make_split(split, judge, taken)
        files[f"{split}.jsonl"] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return files


if __name__ == "__main__":
    for name, text in make_files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
