"""Writes schema.sql, train.jsonl, dev.jsonl and test.jsonl of this behaviour; the same bytes every time.

    python sample_data/styles/text-to-sql/make_data.py

A query is drawn from nine families and becomes SQL by code; then it is put into words. Three things belong to one split
only: the wordings of the question (FRAMES), the openings and closings around it (ROUND), and what is asked about (the
conditions with their values, or the boat and the column). How a condition may be said is shared: a learner has met the
words of the shop, not the question. No query of one split is asked in another, each returns rows, and would return other
rows without any one of its conditions.
"""

from __future__ import annotations

import hashlib
import json
import random
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent
SPLITS = {"train": 1_200, "dev": 60, "test": 60}
SHARES = (("test", 15), ("dev", 30), ("train", 100))  # of what can be asked about, by hash
COLUMNS = ("name", "kind", "colour", "seats", "price", "built")
BOATS = """
Heron canoe green 2 11 2009|Wren canoe red 2 12 2014|Teal canoe blue 3 14 2018|Dunlin canoe yellow 4 17 2021
Plover kayak red 1 9 2016|Linnet kayak yellow 1 8 2011|Siskin kayak blue 2 13 2019|Dipper kayak green 2 10 2006
Curlew punt green 6 21 1999|Avocet punt white 8 26 2004|Bittern punt black 5 19 2012|Egret punt red 7 24 2015
Kestrel dinghy white 4 28 2013|Merlin dinghy blue 3 25 2017|Swift dinghy red 5 32 2022|Petrel dinghy yellow 4 29 2008
Osprey launch white 10 48 2015|Gannet launch blue 12 55 2020|Puffin launch black 8 42 2010|Fulmar launch red 9 46 2001
Grebe rowboat green 3 15 2003|Whimbrel rowboat white 4 16 2001|Knot rowboat red 5 18 2007|Godwit rowboat black 6 20 2023
Sanderling rowboat yellow 2 22 2019|Turnstone kayak white 1 7 2005|Shoveler punt blue 6 23 2018|Wigeon canoe black 3 30 2024
"""
boats = [line.split() for line in re.split(r"[|\n]", BOATS.strip())]
PLURALS = {"dinghy": "dinghies", "launch": "launches"}
KINDS = list(dict.fromkeys(boat[1] for boat in boats))
COLOURS = list(dict.fromkeys(boat[2] for boat in boats))
SAID = {  # column and comparison → ways to say it after the noun
    "seats >=": [
        "with at least {n} seats",
        "that seat {n} or more",
        "with room for {n} or more",
        "for {n} people or more",
    ],
    "seats >": ["with more than {n} seats", "that seat more than {n}", "with room for more than {n}"],
    "seats <": ["with fewer than {n} seats", "that seat fewer than {n}", "with room for fewer than {n}"],
    "seats =": ["with {n} seats", "that seat exactly {n}", "for {n} people", "with room for {n}"],
    "price <": ["under £{n} an hour", "cheaper than £{n}", "that cost less than £{n}", "below £{n} an hour"],
    "price >": ["over £{n} an hour", "dearer than £{n}", "that cost more than £{n}", "above £{n} an hour"],
    "built <": ["built before {n}", "older than {n}", "from before {n}", "made before {n}"],
    "built >": ["built after {n}", "newer than {n}", "from after {n}", "made after {n}"],
}
VALUES = {"seats": range(2, 10), "price": range(10, 48), "built": range(2001, 2022)}
THINGS = ["boats", "boats", "craft"]
ATTRIBUTES = {  # column → how it is called
    "kind": ["kind", "type", "kind of boat"],
    "colour": ["colour", "paint colour"],
    "seats": ["number of seats", "seats", "seating"],
    "price": ["price", "hourly price", "price an hour"],
    "built": ["year of building", "building year", "year it was built"],
}
FIGURES = {"price": ["price", "hourly price", "price an hour"], "seats": ["number of seats", "seat count"]}
MOST = {  # column, descending → superlatives
    ("price", True): ["dearest", "most expensive"], ("price", False): ["cheapest", "least expensive"],
    ("seats", True): ["largest", "biggest"], ("seats", False): ["smallest", "tiniest"],
    ("built", True): ["newest", "most recent"], ("built", False): ["oldest", "earliest"],
}  # fmt: skip
MEANS = {
    "AVG": ["average", "mean"], "SUM": ["total", "summed"], "MAX": ["highest", "greatest"], "MIN": ["lowest", "smallest"],
}  # fmt: skip
GROUPS = {"kind": ["kind", "type"], "colour": ["colour", "paint colour"]}
NUMBERS = {2: "two", 3: "three", 4: "four", 5: "five"}

FRAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "count": {
        "train": (
            "How many {np} are there?",
            "How many {np} do we have?",
            "Count the {np}.",
            "What is the number of {np}?",
            "number of {np}",
            "Tell me how many {np} we own.",
            "I need a count of the {np}.",
            "how many {np}",
            "Give me the count of {np}.",
            "Can you count our {np}?",
            "How many of our boats are {np}?",
            "{np}: how many are there?",
        ),
        "dev": (
            "How many {np} lie at the jetty?",
            "A guest asks how many {np} we can offer.",
            "What is the count for {np}?",
            "Please count all {np}.",
        ),
        "test": (
            "How many {np} are in the fleet?",
            "For the brochure I need the number of {np}.",
            "I would like to know how many {np} exist.",
            "Count up the {np} for me.",
        ),
    },
    "names": {
        "train": (
            "Which {np} do we have?",
            "List the {np}.",
            "Name the {np}.",
            "Show me the {np}.",
            "What are the names of the {np}?",
            "names of all {np}",
            "Give me all {np}.",
            "Which boats are {np}?",
            "I want to see the {np}.",
            "Find the {np}.",
            "all {np}, by name",
            "Tell me which {np} we own.",
        ),
        "dev": (
            "Which {np} could I take out?",
            "Write down the names of the {np}.",
            "Could you show every one of the {np}?",
            "What {np} do you hire out?",
        ),
        "test": (
            "Which {np} are on the books?",
            "I am looking for {np}: which ones are there?",
            "Please list our {np} by name.",
            "Name me the {np} you have.",
        ),
    },
    "lookup": {
        "train": (
            "What is the {at} of {boat}?",
            "What {at} does {boat} have?",
            "{at} of {boat}",
            "Tell me the {at} of {boat}.",
            "{boat}: {at}?",
            "I need the {at} of the {boat}.",
            "Look up the {at} for {boat}.",
            "Which {at} has {boat}?",
            "For {boat}, what is the {at}?",
            "Give me {boat}'s {at}.",
        ),
        "dev": (
            "A customer wants to know the {at} of {boat}.",
            "What would you put down as the {at} of {boat}?",
            "Find out {boat}'s {at}.",
        ),
        "test": (
            "Can you check the {at} of {boat}?",
            "What do we have as the {at} for {boat}?",
            "{boat} is booked. What is its {at}?",
        ),
    },
    "figure": {
        "train": (
            "What is the {mean} {figure} of the {np}?",
            "{mean} {figure} of {np}",
            "Give me the {mean} {figure} of all {np}.",
            "Tell me the {mean} {figure} of the {np}.",
            "Work out the {mean} {figure} for the {np}.",
            "For {np}, what is the {mean} {figure}?",
            "I need the {mean} {figure} of our {np}.",
            "Show the {mean} {figure} for {np}.",
            "{np}: {mean} {figure}?",
            "Calculate the {mean} {figure} of the {np}.",
        ),
        "dev": (
            "What {mean} {figure} do the {np} have?",
            "Could I have the {mean} {figure} of the {np}?",
            "Looking at {np}, what is the {mean} {figure}?",
        ),
        "test": (
            "What does the {mean} {figure} of {np} come to?",
            "Among the {np}, what is the {mean} {figure}?",
            "Find the {mean} {figure} over all {np}.",
        ),
    },
    "best": {
        "train": (
            "Which is the {most} of the {np}?",
            "What is the {most} of the {np}?",
            "Name the {most} of the {np}.",
            "the {most} of the {np}",
            "Of the {np}, which is the {most}?",
            "Find the {most} of our {np}.",
            "Show me the {most} of all {np}.",
            "Among the {np}, which one is the {most}?",
            "Give me the {most} of the {np}.",
            "I want the {most} of the {np}.",
        ),
        "dev": (
            "Which one is the {most} of all the {np}?",
            "If I take the {np}, which is the {most}?",
            "Tell me the {most} of the {np} we have.",
        ),
        "test": (
            "What would be the {most} of your {np}?",
            "Pick the {most} of the {np}.",
            "Looking through the {np}, which is the {most}?",
        ),
    },
    "top": {
        "train": (
            "List the {n} {most} {np}.",
            "Which are the {n} {most} {np}?",
            "Name the {n} {most} {np}.",
            "the {n} {most} {np}",
            "Show me the {n} {most} {np}.",
            "Give me the {n} {most} {np}.",
            "What are the {n} {most} {np}?",
            "Find the {n} {most} {np}.",
            "I need the {n} {most} {np}.",
            "Tell me the {n} {most} of the {np}.",
        ),
        "dev": (
            "Which {n} {np} are the {most}?",
            "Could you list our {n} {most} {np}?",
            "Write down the {n} {most} {np}.",
        ),
        "test": (
            "What are your {n} {most} {np}?",
            "Of the {np}, name the {n} {most}.",
            "Please pick out the {n} {most} {np}.",
        ),
    },
    "sorted": {
        "train": (
            "List the {np}, {most} first.",
            "Sort the {np}, the {most} first.",
            "Show the {np} with the {most} first.",
            "{np}, {most} first",
            "Put the {np} in order, {most} first.",
            "Give me the {np}, beginning with the {most}.",
            "Name the {np}, starting with the {most}.",
            "Order the {np}, {most} first.",
            "I want the {np} listed with the {most} first.",
        ),
        "dev": (
            "Line up the {np}, {most} first.",
            "Could you show all {np}, the {most} at the top?",
            "Run through the {np}, {most} first.",
        ),
        "test": (
            "Go through the {np} and begin with the {most}.",
            "Please write the {np} down, {most} first.",
            "Rank the {np} from the {most} on.",
        ),
    },
    "groups": {
        "train": (
            "How many {np} are there of each {group}?",
            "Count the {np} by {group}.",
            "For each {group}, how many {np} are there?",
            "number of {np} by {group}",
            "Show the count of {np} for each {group}.",
            "Give me the number of {np} per {group}.",
            "How many {np} do we have per {group}?",
            "Count {np} for every {group}.",
            "{np} per {group}: how many?",
        ),
        "dev": (
            "Split the {np} by {group} and count them.",
            "How many {np} has each {group}?",
            "I want to know how many {np} each {group} has.",
        ),
        "test": (
            "By {group}, how many {np} do we own?",
            "Give a count of the {np} broken down by {group}.",
            "For every {group}, tell me how many {np} exist.",
        ),
    },
    "group-figure": {
        "train": (
            "What is the {mean} {figure} of {np} for each {group}?",
            "{mean} {figure} of {np} by {group}",
            "Show the {mean} {figure} of the {np} per {group}.",
            "For each {group}, what is the {mean} {figure} of the {np}?",
            "Give me the {mean} {figure} of {np} for every {group}.",
            "Work out the {mean} {figure} of the {np} by {group}.",
            "Tell me the {mean} {figure} of {np} per {group}.",
            "By {group}, what is the {mean} {figure} of {np}?",
        ),
        "dev": (
            "Split the {np} by {group} and give the {mean} {figure}.",
            "I want the {mean} {figure} of {np} in each {group}.",
        ),
        "test": (
            "What does each {group} have as its {mean} {figure} of {np}?",
            "Per {group}, find the {mean} {figure} of the {np}.",
        ),
    },
}
ROUND: dict[str, tuple[str, ...]] = {
    "train": (
        "{q}",
        "{q}",
        "{q}",
        "{q}",
        "Hi, {q}",
        "{q} Thanks.",
        "Quick question: {q}",
        "{q} It is for the office.",
        "Hello there. {q}",
        "{q} Please.",
        "ok, {q}",
        "Morning! {q}",
    ),
    "dev": (
        "{q}",
        "{q}",
        "{q}",
        "Good evening. {q}",
        "{q} Cheers, Ros",
        "One more thing: {q}",
        "{q} It is for a poster.",
    ),
    "test": (
        "{q}",
        "{q}",
        "{q}",
        "Sorry to bother you. {q}",
        "{q} Best wishes, Tam",
        "Before I forget: {q}",
        "{q} My boss is asking.",
    ),
}
WEIGHTS = {
    "count": 5,
    "names": 5,
    "lookup": 4,
    "figure": 4,
    "best": 4,
    "top": 4,
    "sorted": 3,
    "groups": 3,
    "group-figure": 3,
}


@dataclass(frozen=True)
class Condition:
    column: str
    comparison: str
    value: str | int

    @property
    def sql(self) -> str:
        value = f"'{self.value}'" if isinstance(self.value, str) else self.value
        return f"{self.column} {self.comparison} {value}"


def write_schema() -> str:
    """The table with its rows."""
    rows = ",\n".join(
        f"  ({at}, '{name}', '{kind}', '{colour}', {seats}, {price}, {built})"
        for at, (name, kind, colour, seats, price, built) in enumerate(boats, start=1)
    )
    return (
        "CREATE TABLE boats (\n  id INTEGER PRIMARY KEY,\n  name TEXT,\n  kind TEXT,\n  colour TEXT,\n  seats INTEGER,\n"
        f"  price INTEGER,  -- pounds an hour\n  built INTEGER  -- year\n);\n\nINSERT INTO boats VALUES\n{rows};\n"
    )


def draw_conditions(rng: random.Random, fewest: int) -> tuple[Condition, ...]:
    """None to three conditions on different columns, in the order of the columns."""
    count = rng.choices((0, 1, 2, 3), (2, 6, 6, 1))[0]
    columns = sorted(rng.sample(COLUMNS[1:], max(count, fewest)), key=COLUMNS.index)
    found = []
    for column in columns:
        if column in ("kind", "colour"):
            found.append(Condition(column, "=", rng.choice(KINDS if column == "kind" else COLOURS)))
        else:
            comparison = rng.choice([key.split()[1] for key in SAID if key.startswith(column)])
            found.append(Condition(column, comparison, rng.choice(VALUES[column])))
    return tuple(found)


def noun_phrase(rng: random.Random, conditions: tuple[Condition, ...]) -> str:
    """“red kayaks with at least 2 seats”; numbers stay figures."""
    noun, before, after = rng.choice(THINGS), "", []
    for condition in conditions:
        if condition.column == "kind":
            noun = PLURALS.get(str(condition.value), f"{condition.value}s")
        elif condition.column == "colour":
            if rng.random() < 0.7:
                before = f"{condition.value} "
            else:
                after.append(rng.choice(["painted {n}", "in {n}"]).format(n=condition.value))
        else:
            said = SAID[f"{condition.column} {condition.comparison}"]
            after.append(rng.choice(said).format(n=condition.value))
    rest = " and ".join(after)
    return f"{before}{noun} {rest}".strip()


def split_of(about: str) -> str:
    """Which split may ask about this; the same for every family."""
    place = int(hashlib.sha256(about.encode()).hexdigest(), 16) % 100
    return next(split for split, below in SHARES if place < below)


def draw(rng: random.Random, split: str, family: str) -> tuple[str, str, str, str] | None:
    """One question: (what it is about, number of its frame, text, SQL); None when it belongs to another split."""
    frames = FRAMES[family][split]
    number = rng.randrange(len(frames))
    words: dict[str, str] = {}
    if family == "lookup":
        boat, column = rng.choice(boats)[0], rng.choice(list(ATTRIBUTES))
        about = f"{boat} {column}"
        words = {"boat": boat, "at": rng.choice(ATTRIBUTES[column])}
        sql = f"SELECT {column} FROM boats WHERE name = '{boat}'"
    else:
        plain = family in ("best", "top", "sorted", "groups", "figure", "group-figure")
        conditions = draw_conditions(rng, 0 if plain else 1)
        group = rng.choice(list(GROUPS))
        if family.startswith("group") and any(item.column == group for item in conditions):
            return None
        about = " and ".join(item.sql for item in conditions)
        where = f" WHERE {' AND '.join(item.sql for item in conditions)}" if conditions else ""
        words["np"] = noun_phrase(rng, conditions)
        (column, down), superlatives = rng.choice(list(MOST.items()))
        figure, (mean, means) = rng.choice(list(FIGURES)), rng.choice(list(MEANS.items()))
        words |= {"most": rng.choice(superlatives), "figure": rng.choice(FIGURES[figure]), "mean": rng.choice(means)}
        words["group"] = rng.choice(GROUPS[group])
        order = f" ORDER BY {column}{' DESC' if down else ''}"
        limit = rng.choice(list(NUMBERS))
        words["n"] = rng.choice([NUMBERS[limit], str(limit)])
        sql = {
            "count": f"SELECT COUNT(*) FROM boats{where}",
            "names": f"SELECT name FROM boats{where}",
            "figure": f"SELECT {mean}({figure}) FROM boats{where}",
            "best": f"SELECT name FROM boats{where}{order} LIMIT 1",
            "top": f"SELECT name FROM boats{where}{order} LIMIT {limit}",
            "sorted": f"SELECT name FROM boats{where}{order}",
            "groups": f"SELECT {group}, COUNT(*) FROM boats{where} GROUP BY {group}",
            "group-figure": f"SELECT {group}, {mean}({figure}) FROM boats{where} GROUP BY {group}",
        }[family]
        about = about or sql.removeprefix("SELECT ")
    if split_of(about) != split:
        return None
    question = frames[number].format(**words)
    text = rng.choice(ROUND[split]).format(q=question)
    return about, f"{family}-{split}-{number + 1}", text[0].upper() + text[1:] if rng.random() < 0.8 else text, sql


def conditions_matter(database: sqlite3.Connection, sql: str) -> bool:
    """Whether the query returns something, and something else without any one of its conditions."""
    rows = database.execute(sql).fetchall()
    if rows in ([], [(None,)], [(0,)]):
        return False
    found = re.search(r" WHERE (.*?)( GROUP BY| ORDER BY|$)", sql)
    parts = found[1].split(" AND ") if found else []
    for at in range(len(parts)):
        rest = " AND ".join(parts[:at] + parts[at + 1 :])
        shorter = sql.replace(f" WHERE {' AND '.join(parts)}", f" WHERE {rest}" if rest else "")
        if sorted(database.execute(shorter).fetchall(), key=repr) == sorted(rows, key=repr):
            return False
    distinct = re.search(r"ORDER BY (\w+)", sql)  # an order with ties would have more than one right answer
    if distinct:
        where = found[0].removesuffix(" ORDER BY") if found else ""
        limit = int(sql.rpartition("LIMIT ")[2]) if "LIMIT" in sql else None
        down = " DESC" if " DESC" in sql else ""
        keys = database.execute(f"SELECT {distinct[1]} FROM boats{where} ORDER BY {distinct[1]}{down}").fetchall()
        kept = keys[: limit + 1] if limit else keys
        return len(rows) >= 1 and len(keys) > (limit or 1) and len(set(kept)) == len(kept)
    return True


def make_split(split: str, taken: set[str]) -> list[dict[str, str]]:
    """The lines of one file; `taken` holds the questions of all splits so far, and grows."""
    rng = random.Random(f"text-to-sql {split}")
    database = sqlite3.connect(":memory:")
    database.executescript(write_schema())
    lines: list[dict[str, str]] = []
    asked: set[str] = set()
    wanted = {family: -(-SPLITS[split] * weight // sum(WEIGHTS.values())) for family, weight in WEIGHTS.items()}
    while len(lines) < SPLITS[split]:
        family = rng.choice([family for family, left in wanted.items() if left > 0] or ["names"])
        drawn = draw(rng, split, family)
        if drawn is None:
            continue
        about, template, text, sql = drawn
        if text.casefold() in taken or (split != "train" and sql in asked) or not conditions_matter(database, sql):
            continue
        taken.add(text.casefold())
        asked.add(sql)
        wanted[family] -= 1
        lines.append({"topic": about, "template": template, "text": text, "reply": sql, "gold": sql})
    database.close()
    rng.shuffle(lines)
    digits = 4 if split == "train" else 3
    return [{"id": f"{split}-{at:0{digits}}"} | line for at, line in enumerate(lines, start=1)]


def make_files() -> dict[str, str]:
    """Every generated file: name → text."""
    taken: set[str] = set()
    files = {"schema.sql": write_schema()}
    for split in SPLITS:
        lines = make_split(split, taken)
        files[f"{split}.jsonl"] = "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in lines)
    return files


if __name__ == "__main__":
    for name, text in make_files().items():
        (FOLDER / name).write_text(text, encoding="utf-8", newline="\n")
