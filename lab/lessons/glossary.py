"""The words of the field: what they mean, which lesson teaches them, and whether a lesson links those taught later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lab.errors import BadInput
from lab.quiz.bank import LESSONS
from lab.quiz.schema import BrokenContent, Fields, read_content, read_list

FILE = "glossary.yaml"
LINK = re.compile(r"\[(?P<word>[^\]\n]+)\]\(term:(?P<term>[^)\n]*)\)")


@dataclass(frozen=True)
class Term:
    """A word of the field. forms: the words in a text that stand for it, in small letters; lesson: which teaches it."""

    term: str
    meaning: str
    forms: tuple[str, ...] = ()
    lesson: int = 0

    @property
    def id(self) -> str:
        return term_id(self.term)


def term_id(name: str) -> str:
    """What a link may call a term: small letters, everything but letters and digits as one hyphen."""
    return re.sub(r"[\W_]+", "-", name.casefold()).strip("-")


def load_glossary(folder: Path = LESSONS) -> dict[str, Term]:
    """The terms of lessons/glossary.yaml by their id, in the order of the file; raises BrokenContent."""
    path = folder / FILE
    if not path.is_file():
        raise BadInput(f"There is no file {path}.")
    return _load(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=4)
def _load(path: Path, stamp: int) -> dict[str, Term]:
    """stamp: changes with the file, so that a page need not read it again with every click."""
    terms: dict[str, Term] = {}
    for node in read_list(read_content(path), FILE):
        fields = Fields(node, FILE)
        name = fields.text("term")
        fields.inside = name
        term = Term(
            term=name,
            meaning=fields.text("meaning"),
            forms=tuple(form.casefold() for form in fields.texts("forms")),
            lesson=fields.whole("lesson", 1, 99),
        )
        if term.id in terms:
            raise fields.wrong("term", f"“{name}” is explained twice")
        fields.done()
        terms[term.id] = term
    return terms


def check_links(lines: Iterable[tuple[int, str]], file: str, glossary: Mapping[str, Term]) -> None:
    """Raises BrokenContent for the first link to a term that the glossary does not hold. lines: number and text."""
    for number, line in lines:
        for link in LINK.finditer(line):
            if term_id(link["term"]) not in glossary:
                raise BrokenContent(file, number, f"“{link['term']}” is not a term of {FILE}.")


def without_links(text: str) -> str:
    """The words of the links alone, for places where a link cannot stand."""
    return LINK.sub(lambda link: link["word"], text)


def linked_terms(text: str) -> Iterator[str]:
    """The ids of the terms that a text links, in reading order."""
    for link in LINK.finditer(text):
        yield term_id(link["term"])


@lru_cache(maxsize=8)
def _finder(forms: tuple[str, ...]) -> re.Pattern[str]:
    longest_first = sorted(forms, key=len, reverse=True)  # “system prompt” is not a use of “prompt”
    words = "|".join(re.escape(form).replace(r"\ ", r"\s+") for form in longest_first)
    return re.compile(rf"(?<![\w-])(?:{words})(?!\w|-\w)", re.IGNORECASE)


def first_uses(text: str, terms: Mapping[str, Term]) -> dict[str, bool]:
    """The terms that a text uses, each with whether it is linked where it first stands."""
    by_form = {form: term.id for term in terms.values() for form in term.forms}
    finder = _finder(tuple(by_form))
    found: dict[str, bool] = {}

    def note_uses(piece: str) -> None:
        for use in finder.finditer(piece):
            found.setdefault(by_form[" ".join(use[0].casefold().split())], False)

    place = 0
    for link in LINK.finditer(text):
        note_uses(text[place : link.start()])
        found.setdefault(term_id(link["term"]), True)
        note_uses(link["word"])
        place = link.end()
    note_uses(text[place:])
    return found
