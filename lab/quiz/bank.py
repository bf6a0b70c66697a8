"""The question bank: items, the misconceptions behind wrong options, and the sources all of it rests on."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.errors import BadInput
from lab.quiz.schema import BrokenContent, Fields, read_content, read_list
from lab.settings import PROJECT_FOLDER, SAMPLE_DATA

BANK = SAMPLE_DATA / "quiz" / "bank.yaml"
MISCONCEPTIONS = SAMPLE_DATA / "quiz" / "misconceptions.yaml"
SOURCES = SAMPLE_DATA / "sources.yaml"
LESSONS = PROJECT_FOLDER / "lessons"

KINDS = {"scenario": 4}  # kind of item → how many options it has
TOPICS = ("knowledge", "behaviour", "both", "neither")  # where the trouble of the scenario lies
GIVEAWAY_SHARE = 0.45  # the most that picking without reading may score on the bank; chance is 0.25
GIVEAWAY_ITEMS = 8  # fewer items than this say nothing about a share


@dataclass(frozen=True)
class Option:
    """One answer to choose, in the bank and in a lesson's check; `misconception` is None for the right one only."""

    text: str
    right: bool
    why: str
    misconception: str | None


@dataclass(frozen=True)
class Item:
    """One question of the bank. `experiment` is the id of the run that shows the answer; sources read “000 §1”."""

    id: str
    kind: str
    topic: str
    difficulty: int  # 1 easy … 3 hard
    lesson: str
    scenario: str
    question: str
    options: tuple[Option, ...]
    experiment: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Misconception:
    """A belief that leads to wrong answers, and the sentence that mends it."""

    id: str
    title: str
    belief: str
    mend: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Source:
    """One of the texts that lessons and quiz rest on."""

    id: str
    title: str
    what: str
    author: str | None = None
    file: str = ""


@dataclass(frozen=True)
class Report:
    """What `check_bank` found: how many items could be read, how many problems there are, and a sentence for each."""

    items: int
    problems: int
    details: tuple[str, ...]


def load_sources(path: Path = SOURCES) -> dict[str, Source]:
    """The sources by id, in the order of the file; raises BrokenContent with file, line and id."""
    sources: dict[str, Source] = {}
    for node in read_list(read_content(path), path.name):
        fields = Fields(node, path.name)
        source_id = fields.text("id")
        fields.inside = f"source {source_id}"
        if source_id in sources:
            raise fields.wrong("id", f"“{source_id}” was used before")
        sources[source_id] = Source(
            id=source_id,
            title=fields.text("title"),
            what=fields.text("what"),
            author=fields.text_or_null("author"),
            file=fields.text("file"),
        )
        fields.done()
    return sources


def load_misconceptions(
    path: Path = MISCONCEPTIONS, *, sources: Collection[str] | None = None
) -> dict[str, Misconception]:
    """The misconceptions by id, in the order of the file; raises BrokenContent with file, line and id.

    `sources` holds the ids that may be named; without it they are loaded.
    """
    known = load_sources() if sources is None else sources
    found: dict[str, Misconception] = {}
    for node in read_list(read_content(path), path.name):
        fields = Fields(node, path.name)
        misconception_id = fields.kebab("id")
        fields.inside = f"misconception {misconception_id}"
        if misconception_id in found:
            raise fields.wrong("id", f"“{misconception_id}” was used before")
        found[misconception_id] = Misconception(
            id=misconception_id,
            title=fields.text("title"),
            belief=fields.text("belief"),
            mend=fields.text("mend"),
            sources=_read_references(fields, known),
        )
        fields.done()
    return found


def load_bank(path: Path = BANK) -> tuple[Item, ...]:
    """Every item of the bank, in the order of the file; raises BrokenContent with file, line and item id."""
    sources = load_sources()
    items, problems = _read_items(path, sources, load_misconceptions(sources=sources))
    if problems:
        raise problems[0]
    return items


def check_bank(path: Path = BANK) -> Report:
    """Read the bank to its end and tell every problem: one for each broken item, then what only the whole can show."""
    try:
        sources = load_sources()
        misconceptions = load_misconceptions(sources=sources)
        items, problems = _read_items(path, sources, misconceptions)
    except BadInput as error:
        return Report(0, 1, (str(error),))
    details = [str(problem) for problem in problems]
    for what, texts in (("scenario", [item.scenario for item in items]), ("id", [item.id for item in items])):
        details += [f"{path.name}: the same {what} is used {n} times: “{text[:60]}”." for text, n in _repeated(texts)]
    if len(items) >= GIVEAWAY_ITEMS:
        for trick, share in guessing_scores(items).items():
            if share > GIVEAWAY_SHARE:
                details.append(
                    f"{path.name}: always picking the {trick} option scores {share:.0%} without reading; "
                    f"at most {GIVEAWAY_SHARE:.0%} is allowed."
                )
    return Report(len(items), len(details), tuple(details))


def guessing_scores(items: Sequence[Item]) -> dict[str, float]:
    """The share (0..1) scored by someone who never reads and always picks the first, last, longest or shortest option.

    The length is counted in characters; a tie is broken by chance, so each of the tied options counts in part.
    """
    totals = dict.fromkeys(("first", "last", "longest", "shortest"), 0.0)
    for item in items:
        lengths = [len(option.text) for option in item.options]
        totals["first"] += item.options[0].right
        totals["last"] += item.options[-1].right
        for trick, wanted in (("longest", max(lengths)), ("shortest", min(lengths))):
            picked = [option.right for option, length in zip(item.options, lengths, strict=True) if length == wanted]
            totals[trick] += sum(picked) / len(picked)
    return {trick: total / len(items) if items else 0.0 for trick, total in totals.items()}


def read_options(fields: Fields, misconceptions: Collection[str], count: int | None = None) -> tuple[Option, ...]:
    """The field `options`: different texts, one of them right, a reason for each, a misconception for each wrong one.

    `count` is how many there must be; without it, at least two. Raises BrokenContent at the line of the fault.
    """
    entries = fields.entries("options", "option", at_least=count or 2)
    if count is not None and len(entries) != count:
        raise fields.wrong("options", f"needs exactly {count} in its list, not {len(entries)}")
    options: list[Option] = []
    for entry in entries:
        text, right, why = entry.text("text"), entry.flag("right"), entry.text("why")
        if any(option.text == text for option in options):
            raise entry.wrong("text", f"“{text}” is an option already")
        if right and any(option.right for option in options):
            raise entry.wrong("right", "is true for a second option; only one may be right")
        misconception = entry.text("misconception") if entry.has("misconception") else None
        entry.done()
        if misconception is None and not right:
            raise entry.broken("misconception is missing; every wrong option names the belief behind it")
        if misconception is not None and right:
            raise entry.wrong("misconception", "stands at the right option; only a wrong one has one")
        if misconception is not None and misconception not in misconceptions:
            raise entry.wrong("misconception", f"“{misconception}” is not in misconceptions.yaml")
        options.append(Option(text, right, why, misconception))
    if not any(option.right for option in options):
        raise fields.wrong("options", "has no right one; mark it with “right: true”")
    return tuple(options)


def _read_references(fields: Fields, known: Collection[str]) -> tuple[str, ...]:
    """Sources such as “002 Mistake 1”: a known id, then the place in that text."""
    references = fields.texts("sources")
    for reference in references:
        source, _, place = reference.partition(" ")
        if source not in known:
            raise fields.wrong("sources", f"names “{source}”, which is not in sources.yaml")
        if not place.strip():
            raise fields.wrong("sources", f"names {source} without a place in it, such as “{source} §1”")
    return references


def _read_items(
    path: Path, sources: Collection[str], misconceptions: Collection[str]
) -> tuple[tuple[Item, ...], tuple[BrokenContent, ...]]:
    """The items that can be read, and for each of the others its first problem."""
    items: list[Item] = []
    problems: list[BrokenContent] = []
    seen: set[str] = set()
    for number, node in enumerate(read_list(read_content(path), path.name), start=1):
        try:
            fields = Fields(node, path.name, inside=f"item number {number}")
            item_id = fields.kebab("id")
            fields.inside = f"item {item_id}"
            if item_id in seen:
                raise fields.wrong("id", f"“{item_id}” was used before")
            seen.add(item_id)
            items.append(_read_item(item_id, fields, sources, misconceptions))
        except BrokenContent as problem:
            problems.append(problem)
    return tuple(items), tuple(problems)


def _read_item(item_id: str, fields: Fields, sources: Collection[str], misconceptions: Collection[str]) -> Item:
    kind = fields.one_of("kind", KINDS)
    lesson = fields.kebab("lesson")
    if not (LESSONS / f"{lesson}.md").is_file():
        raise fields.wrong("lesson", f"is “{lesson}”, but there is no lessons/{lesson}.md")
    experiment = fields.text_or_null("experiment")
    item = Item(
        id=item_id,
        kind=kind,
        topic=fields.one_of("topic", TOPICS),
        difficulty=fields.whole("difficulty", 1, 3),
        lesson=lesson,
        scenario=fields.text("scenario"),
        question=fields.text("question"),
        options=read_options(fields, misconceptions, KINDS[kind]),
        experiment=fields.kebab("experiment") if experiment is not None else None,
        sources=_read_references(fields, sources),
    )
    fields.done()
    return item


def _repeated(texts: Sequence[str]) -> list[tuple[str, int]]:
    return [(text, n) for text, n in Counter(texts).items() if n > 1]
