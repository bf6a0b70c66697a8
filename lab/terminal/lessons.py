"""Lessons from a terminal: list them, read one, write one as a file to print."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from lab.errors import BadInput

Given = argparse.Namespace


def lessons(given: Given) -> dict[str, Any]:
    from lab.lessons import ExperimentBlock, languages_of, list_lessons

    return {
        "lessons": [
            {
                "slug": item.slug,
                "number": item.number,
                "title": item.title,
                "minutes": item.minutes,
                "languages": list(languages_of(item.slug)),
                "experiments": [block.id for block in item.blocks if isinstance(block, ExperimentBlock)],
            }
            for item in list_lessons()
        ]
    }


def lesson(given: Given) -> dict[str, Any]:
    from lab.lessons import LESSONS, load_lesson
    from lab.lessons.printing import print_lesson

    if given.slug is None:
        return lessons(given)
    found = load_lesson(given.slug, language=given.language)
    if given.html is not None:
        return {"slug": found.slug, "file": str(_write(given.html, print_lesson(found)))}
    folder = LESSONS if found.language == "en" else LESSONS / found.language
    return {
        "slug": found.slug,
        "number": found.number,
        "title": found.title,
        "minutes": found.minutes,
        "language": found.language,
        "objectives": list(found.objectives),
        "terms": [term.term for term in found.terms],
        "sources": list(found.sources),
        "next": found.next,
        "blocks": [
            {"kind": type(block).__name__, "id": block_id}
            for block in found.blocks
            if (block_id := getattr(block, "id", None))
        ],
        "text": (folder / f"{found.slug}.md").read_text(encoding="utf-8"),
    }


def _write(file: Path, text: str) -> Path:
    if file.suffix not in (".html", ".htm"):
        raise BadInput(f"--html {file}: the file's name must end in .html.")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise BadInput(f"--html {file}: it cannot be written ({error.strerror or error}).") from None
    return file


def show(data: dict[str, Any]) -> str:
    """The list, the lesson's text, or where it was written."""
    if "lessons" in data:
        return "\n".join(f"{item['slug']}: {item['title']} ({item['minutes']} min)" for item in data["lessons"])
    return str(data.get("file") or data["text"])
