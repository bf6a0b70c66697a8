"""The page's own words around a lesson, by language."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from types import MappingProxyType

from lab.errors import BadInput
from lab.quiz.bank import LESSONS
from lab.quiz.schema import read_content, read_fields

FILE = "words.yaml"


@cache
def load_words(language: str = "en", folder: Path = LESSONS) -> MappingProxyType[str, str]:
    """Every word by its name; raises BadInput for a language that has none, BrokenContent for a fault in the file."""
    languages = read_fields(read_content(folder / FILE), FILE)
    known = languages.names()
    if language not in known:
        raise BadInput(f"There are no words for the language “{language}”. There are: {', '.join(known)}.")
    group = languages.group(language)
    return MappingProxyType({name: group.text(name) for name in group.names()})
