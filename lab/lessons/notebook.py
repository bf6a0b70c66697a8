"""What a learner's browser keeps: answers, lessons done, and the last one. What comes back from there is never trusted."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from lab.lessons.model import Lesson

MAX_CHARACTERS = 40_000
MAX_ANSWERS = 400
MAX_LESSONS = 60
MAX_OPTION = 20
VERSION = 1
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,119}")
_SLUG = re.compile(r"\d\d-[a-z0-9-]{1,60}")


@dataclass(frozen=True)
class Notebook:
    """answers: place of the chosen option by “slug/block”. done, last: slugs of lessons."""

    answers: Mapping[str, int] = field(default_factory=dict)
    done: frozenset[str] = frozenset()
    last: str | None = None

    def with_answer(self, lesson: Lesson, block_id: str, chosen: int) -> Notebook:
        """With this answer; a lesson all of whose checks are answered is done."""
        answers = {**self.answers, answer_name(lesson.slug, block_id): chosen}
        names = [answer_name(lesson.slug, check.id) for check in lesson.checks]
        finished = bool(names) and all(name in answers for name in names)
        done = (
            self.done | {lesson.slug} if finished and block_id in [check.id for check in lesson.checks] else self.done
        )
        return replace(self, answers=answers, done=done)

    def with_done(self, slug: str, *, done: bool) -> Notebook:
        return replace(self, done=self.done | {slug} if done else self.done - {slug})

    def answer(self, slug: str, block_id: str, options: int) -> int | None:
        """The place of the chosen option, if it is one of that many."""
        chosen = self.answers.get(answer_name(slug, block_id))
        return chosen if chosen is not None and chosen < options else None

    def started(self, slug: str) -> bool:
        """Whether something was answered there."""
        return any(name.startswith(f"{slug}/") for name in self.answers)

    def merged(self, newer: Notebook) -> Notebook:
        """Both together; where they differ, the newer one counts."""
        return Notebook({**self.answers, **newer.answers}, self.done | newer.done, newer.last or self.last)


def answer_name(slug: str, block_id: str) -> str:
    return f"{slug}/{block_id}"


def write_notebook(notebook: Notebook) -> str:
    """As the text that a browser keeps."""
    return json.dumps(
        {
            "version": VERSION,
            "answers": dict(notebook.answers),
            "done": sorted(notebook.done),
            "last": notebook.last,
        },
        separators=(",", ":"),
    )


def read_notebook(text: object) -> Notebook:
    """A browser's text as a notebook. Whatever is not of the right shape or size is left out; nothing is an error."""
    if not isinstance(text, str) or len(text) > MAX_CHARACTERS:
        return Notebook()
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        return Notebook()
    if not isinstance(data, dict) or data.get("version") is True or data.get("version") != VERSION:
        return Notebook()
    last = data.get("last")
    return Notebook(_answers(data.get("answers")), _slugs(data.get("done")), last if _is_slug(last) else None)


def _answers(found: Any) -> dict[str, int]:
    if not isinstance(found, dict) or len(found) > MAX_ANSWERS:
        return {}
    return {name: chosen for name, chosen in found.items() if _is_answer(name) and _is_place(chosen)}


def _slugs(found: Any) -> frozenset[str]:
    if not isinstance(found, list) or len(found) > MAX_LESSONS:
        return frozenset()
    return frozenset(slug for slug in found if _is_slug(slug))


def _is_answer(name: object) -> bool:
    slug, slash, block_id = name.partition("/") if isinstance(name, str) else ("", "", "")
    return bool(slash) and _is_slug(slug) and _NAME.fullmatch(block_id) is not None


def _is_slug(slug: object) -> bool:
    return isinstance(slug, str) and _SLUG.fullmatch(slug) is not None


def _is_place(chosen: object) -> bool:
    return isinstance(chosen, int) and not isinstance(chosen, bool) and 0 <= chosen < MAX_OPTION
