"""Nothing of the five documents is left out: every point stands in the lesson that must treat it, at a place that exists."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from lab.lessons import LESSONS, Lesson, load_lesson
from lab.lessons.glossary import load_glossary
from lab.lessons.model import Prose, anchors_of
from lab.lessons.seeds import load_seeds, missing_seeds
from lab.quiz.bank import load_sources
from lab.quiz.schema import BrokenContent

COUNT = 15


def lessons() -> list[Lesson]:
    """Those there are; the points of the others count as missing."""
    return [load_lesson(path.stem) for path in sorted(LESSONS.glob("[0-9]*.md"))]


def test_every_point_of_the_documents_is_treated() -> None:
    missing = missing_seeds(load_seeds().values(), lessons())
    by_lesson = Counter(seed.lesson for seed in missing)
    assert not missing, (
        f"{len(missing)} points are not treated (by lesson: {dict(sorted(by_lesson.items()))}): "
        + ", ".join(seed.id for seed in missing[:20])
    )


def test_no_lesson_covers_what_another_one_must_treat() -> None:
    seeds = load_seeds()
    strays = [
        (lesson.slug, seed) for lesson in lessons() for seed, _ in lesson.covers if seeds[seed].lesson != lesson.number
    ]
    assert strays == []


def test_seeds_and_words_belong_to_lessons_and_documents_that_there_are() -> None:
    seeds = load_seeds()
    assert {seed.lesson for seed in seeds.values()} <= set(range(1, COUNT + 1))
    assert {seed_id.split("-")[0] for seed_id in seeds} == set(load_sources())
    assert {term.lesson for term in load_glossary().values()} <= set(range(1, COUNT + 1))


def test_a_form_stands_for_one_term_only() -> None:
    forms = Counter(form for term in load_glossary().values() for form in term.forms)
    assert [form for form, count in forms.items() if count > 1] == []


def lesson(number: int, covers: tuple[tuple[str, str], ...]) -> Lesson:
    blocks = (Prose("## Look here, please!\n\nText.\n\n```python\n# no heading\n```"),)
    return Lesson(f"{number:02}-x", number, "X", 5, ("a",), (), (), ("000",), None, blocks, covers)


def test_a_point_counts_only_in_its_lesson_and_at_an_anchor_that_exists(tmp_path: Path) -> None:
    (tmp_path / "seeds.yaml").write_text(
        "- {id: 000-a, kind: item, lesson: 1, gist: One.}\n- {id: 000-b, kind: item, lesson: 2, gist: Two.}\n"
    )
    seeds = load_seeds(tmp_path).values()
    here = "look-here-please"
    assert anchors_of(lesson(1, ())) == (here,)
    assert [seed.id for seed in missing_seeds(seeds, [])] == ["000-a", "000-b"]
    assert [seed.id for seed in missing_seeds(seeds, [lesson(1, (("000-a", here), ("000-b", here)))])] == ["000-b"]
    assert [seed.id for seed in missing_seeds(seeds, [lesson(1, (("000-a", "no-heading"),))])] == ["000-a", "000-b"]
    assert not missing_seeds(seeds, [lesson(1, (("000-a", here),)), lesson(2, (("000-b", here),))])


def test_a_point_that_stands_twice_is_refused(tmp_path: Path) -> None:
    row = "- {id: 000-a, kind: item, lesson: 1, gist: One.}\n"
    (tmp_path / "seeds.yaml").write_text(row + row)
    with pytest.raises(BrokenContent, match=r"^seeds\.yaml, line 2: 000-a: id “000-a” stands there twice"):
        load_seeds(tmp_path)
