"""What the five documents say, point by point, and which lessons treat it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from lab.lessons.model import Lesson, anchors_of
from lab.quiz.bank import LESSONS
from lab.quiz.schema import Fields, read_content, read_list

FILE = "seeds.yaml"


@dataclass(frozen=True)
class Seed:
    """One point of a document: what kind of thing it is there, the lesson that must treat it, and its gist."""

    id: str
    kind: str
    lesson: int
    gist: str


def load_seeds(folder: Path = LESSONS) -> dict[str, Seed]:
    """The points of lessons/seeds.yaml by id, in the order of the file; raises BrokenContent."""
    seeds: dict[str, Seed] = {}
    for node in read_list(read_content(folder / FILE), FILE):
        fields = Fields(node, FILE)
        seed = Seed(fields.kebab("id"), fields.kebab("kind"), fields.whole("lesson", 1, 99), fields.text("gist"))
        fields.inside = seed.id
        if seed.id in seeds:
            raise fields.wrong("id", f"“{seed.id}” stands there twice")
        fields.done()
        seeds[seed.id] = seed
    return seeds


def missing_seeds(seeds: Iterable[Seed], lessons: Iterable[Lesson]) -> tuple[Seed, ...]:
    """The points that the lesson of their number does not name at an anchor it has."""
    covered = {
        (lesson.number, seed) for lesson in lessons for seed, anchor in lesson.covers if anchor in anchors_of(lesson)
    }
    return tuple(seed for seed in seeds if (seed.lesson, seed.id) not in covered)
