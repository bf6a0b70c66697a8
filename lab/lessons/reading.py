"""Lessons read from their files: front matter and Markdown in, blocks out; a fault is told by file and line."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from lab.errors import BadInput
from lab.lessons.blocks import Known, read_blocks
from lab.lessons.glossary import FILE as GLOSSARY
from lab.lessons.glossary import Term, check_links, load_glossary, term_id
from lab.lessons.model import FENCE, Lesson, anchors_of
from lab.lessons.seeds import FILE as SEEDS
from lab.lessons.seeds import Seed, load_seeds
from lab.quiz.bank import LESSONS, load_misconceptions, load_sources
from lab.quiz.schema import BrokenContent, Fields, read_content, read_fields

LANGUAGES = {"en": "English", "de": "Deutsch"}  # each but the first in a folder of its name
_NOT_A_LESSON = ("README.md",)
_FILE_NAME = re.compile(r"(\d\d)-[a-z0-9]+(-[a-z0-9]+)*\.md")


@dataclass(frozen=True)
class _Shelf:
    """What the lessons of a folder may name."""

    folder: Path
    sources: Collection[str]
    misconceptions: Collection[str]
    glossary: Mapping[str, Term]
    seeds: Mapping[str, Seed]


def list_lessons(folder: Path = LESSONS, language: str = "en") -> tuple[Lesson, ...]:
    """Every lesson of the folder in reading order; raises BrokenContent for the first fault in any of them."""
    lessons: list[Lesson] = []
    for path in _files(folder, language):
        if not (name := _FILE_NAME.fullmatch(path.name)):
            raise BrokenContent(path.name, 1, "the name of a lesson's file must look like 07-short-name.md.")
        if lessons and lessons[-1].number == int(name[1]):
            raise BrokenContent(path.name, 1, f"number {int(name[1])} is taken by {lessons[-1].slug}.md.")
        lessons.append(_read(path, folder, language, _stamp(folder)))
    return tuple(lessons)


def load_lesson(slug: str, folder: Path = LESSONS, language: str = "en") -> Lesson:
    """One lesson by its slug; raises BadInput when there is none, BrokenContent (file and line) when it has a fault."""
    files = _files(folder, language)
    for path in files:
        if path.stem == slug:
            return _read(path, folder, language, _stamp(folder))
    known = ", ".join(path.stem for path in files) or "none"
    raise BadInput(f"There is no lesson called “{slug}”. Lessons: {known}.")


def count_lessons(folder: Path = LESSONS) -> int:
    """How many lessons there are, read or not."""
    return len(_files(folder, "en"))


def languages_of(slug: str, folder: Path = LESSONS) -> tuple[str, ...]:
    """The languages in which there is this lesson, the original's first."""
    return tuple(name for name in LANGUAGES if slug in [path.stem for path in _files(folder, name)])


def _files(folder: Path, language: str) -> list[Path]:
    if language not in LANGUAGES:
        raise BadInput(f"There are no lessons in “{language}”. There are: {', '.join(LANGUAGES)}.")
    place = folder if language == "en" else folder / language
    return sorted(path for path in place.glob("*.md") if path.name not in _NOT_A_LESSON)


def _stamp(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes when any file of the folder does, so that what was read before can be used again until then."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return tuple((str(path), path.stat().st_mtime_ns, path.stat().st_size) for path in files)


@lru_cache(maxsize=4)
def _shelf(folder: Path, stamp: object) -> _Shelf:
    sources = load_sources()
    misconceptions = load_misconceptions(sources=sources)
    glossary = load_glossary(folder) if (folder / GLOSSARY).is_file() else {}
    seeds = load_seeds(folder) if (folder / SEEDS).is_file() else {}
    return _Shelf(folder, sources, misconceptions, glossary, seeds)


@lru_cache(maxsize=64)
def _read(path: Path, folder: Path, language: str, stamp: object) -> Lesson:
    shelf = _shelf(folder, stamp)
    if language == "en":
        return _read_lesson(path, shelf, None)
    original = folder / path.name
    if not original.is_file():
        raise BrokenContent(
            f"{language}/{path.name}", 1, f"there is no {path.name} of which this could be the translation."
        )
    return _read_lesson(path, shelf, replace(_read(original, folder, "en", stamp), language=language))


def _read_lesson(path: Path, shelf: _Shelf, original: Lesson | None) -> Lesson:
    """original: the lesson that this one translates, in the translation's language; it has what may be left out."""
    file = path.name if original is None else f"{original.language}/{path.name}"
    lines = read_content(path).split("\n")
    if lines[0].rstrip() != "---":
        raise BrokenContent(file, 1, "a lesson begins with its front matter, between two lines of “---”.")
    end = next((at for at, line in enumerate(lines[1:], start=1) if line.rstrip() == "---"), None)
    if end is None:
        raise BrokenContent(file, 1, "the front matter never ends; close it with a line of “---”.")
    fields = read_fields("\n".join(lines[1:end]), file, 2, "front matter")
    number = _read_number(fields, path)
    lesson = Lesson(
        slug=_read_slug(fields, path),
        number=number,
        title=fields.text("title"),
        minutes=fields.whole("minutes", 1, 180),
        objectives=fields.texts("objectives"),
        prerequisites=fields.texts("prerequisites", may_be_empty=True),
        terms=original.terms if original and not fields.has("terms") else _read_terms(fields, number, shelf.glossary),
        sources=_read_sources(fields, shelf.sources),
        next=_read_next(fields, shelf.folder, path.stem),
        blocks=(),
        language="en" if original is None else original.language,
    )
    covers = _read_covers(fields, shelf.seeds) if original is None or fields.has("covers") else None
    fields.done()
    check_links(_lines_of_text(lines, end + 1), file, shelf.glossary)
    known = Known(shelf.misconceptions, shelf.folder / "figures")
    lesson = replace(lesson, blocks=read_blocks(lines, end + 1, file, known))
    if covers is not None:
        anchors = anchors_of(lesson)
        for seed, anchor in covers[1].items():
            if anchor not in anchors:
                raise covers[0].wrong(seed, f"points at “{anchor}”, but this lesson has no such heading or block")
        return replace(lesson, covers=tuple(covers[1].items()))
    return lesson


def _read_slug(fields: Fields, path: Path) -> str:
    slug = fields.text("slug")
    if slug != path.stem:
        raise fields.wrong("slug", f"is “{slug}”, but the file is called {path.name}")
    return slug


def _read_number(fields: Fields, path: Path) -> int:
    number = fields.whole("number", 1, 99)
    if not path.name.startswith(f"{number:02}-"):
        raise fields.wrong("number", f"is {number}, but the file is called {path.name}")
    return number


def _read_terms(fields: Fields, number: int, glossary: Mapping[str, Term]) -> tuple[Term, ...]:
    terms = []
    for name in fields.texts("terms", may_be_empty=True):
        term = glossary.get(term_id(name))
        if term is None or term.term != name:
            raise fields.wrong("terms", f"names “{name}”, which is not in {GLOSSARY}")
        if term.lesson != number:
            raise fields.wrong("terms", f"names “{name}”, which lesson {term.lesson} teaches")
        terms.append(term)
    return tuple(terms)


def _read_sources(fields: Fields, known: Collection[str]) -> tuple[str, ...]:
    sources = fields.texts("sources")
    if unknown := [source for source in sources if source not in known]:
        raise fields.wrong("sources", f"names “{unknown[0]}”, which is not in sources.yaml")
    return sources


def _read_next(fields: Fields, folder: Path, here: str) -> str | None:
    slug = fields.text_or_null("next")
    if slug is None:
        return None
    if slug == here:
        raise fields.wrong("next", "is this lesson itself; write null when there is no next one")
    if slug not in [other.stem for other in _files(folder, "en")]:
        raise fields.wrong("next", f"is “{slug}”, but there is no {slug}.md; write null when there is no next one")
    return slug


def _read_covers(fields: Fields, seeds: Mapping[str, Seed]) -> tuple[Fields, dict[str, str]]:
    """The anchors by seed, and the group they stand in, for complaints about an anchor."""
    group = fields.group("covers")
    covers = {}
    for seed in group.names():
        if seed not in seeds:
            raise group.wrong(seed, f"is not in {SEEDS}")
        covers[seed] = group.as_written(seed)
    return group, covers


def _lines_of_text(lines: list[str], start: int) -> Iterator[tuple[int, str]]:
    """The lines from index `start` on, by their number; those of ordinary code left out."""
    from lab.lessons.blocks import KINDS

    marks = ""
    for at in range(start, len(lines)):
        fence = FENCE.fullmatch(lines[at])
        if marks:
            if fence and fence["marks"].startswith(marks) and not fence["info"]:
                marks = ""
        elif fence and fence["info"] not in KINDS:
            marks = fence["marks"]
        else:
            yield at + 1, lines[at]
