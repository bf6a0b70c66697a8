"""The shipped lessons: what each must have, how long it may be, and that no word comes before it is explained."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from lab.experiments import find_experiment
from lab.lessons import (
    LANGUAGES,
    LESSONS,
    Check,
    ExperimentBlock,
    Figure,
    Lesson,
    Predict,
    languages_of,
    list_lessons,
    load_glossary,
    load_lesson,
    load_words,
)
from lab.lessons.texts import count_words, differences, paragraphs, unlinked_terms
from lab.quiz.bank import load_bank
from lab.settings import PROJECT_FOLDER

MOST_WORDS = 90  # in one paragraph
LENGTH = (600, 1200)  # words of prose in a lesson
CHECKS = (2, 4)
INK = {"currentColor", "none", "#2f6fde", "#c25e00", "#7d8794", "#ffffff", "#fff", "white", "context-stroke"}
SMALLEST = 15  # pixels of a picture's text

SLUGS = [path.stem for path in sorted(LESSONS.glob("[0-9]*.md"))]


@pytest.fixture(params=SLUGS)
def lesson(request: pytest.FixtureRequest) -> Lesson:
    return load_lesson(request.param)


def test_lessons_follow_each_other() -> None:
    lessons = list_lessons()
    assert [lesson.number for lesson in lessons] == list(range(1, len(lessons) + 1))
    assert [lesson.next for lesson in lessons] == [*(lesson.slug for lesson in lessons[1:]), None]


def test_every_experiment_is_predicted_first(lesson: Lesson) -> None:
    open_guesses = 0
    for block in lesson.blocks:
        open_guesses += isinstance(block, Predict)
        if isinstance(block, ExperimentBlock):
            assert open_guesses, f"nothing is predicted before {block.id}"
            open_guesses = 0


def test_it_has_questions_a_picture_and_an_end(lesson: Lesson) -> None:
    assert CHECKS[0] <= len(lesson.checks) <= CHECKS[1]
    assert 2 <= len(lesson.objectives) <= 4
    assert any(isinstance(block, Figure) for block in lesson.blocks)
    assert any("In an interview you would say" in text for text in _headings(lesson))


def test_it_is_neither_thin_nor_long(lesson: Lesson) -> None:
    assert LENGTH[0] <= count_words(lesson) <= LENGTH[1]


def test_no_paragraph_is_too_long_to_read(lesson: Lesson) -> None:
    for paragraph in (*lesson.objectives, *(part for block in lesson.blocks for part in paragraphs(block))):
        words = len(paragraph.split())
        assert words <= MOST_WORDS, f"{words} words in “{paragraph[:60]}…”"


def test_every_word_of_a_later_lesson_is_linked_where_it_first_stands(lesson: Lesson) -> None:
    assert [term.term for term in unlinked_terms(lesson, load_glossary())] == []


def test_it_teaches_the_words_that_the_glossary_says_it_does(lesson: Lesson) -> None:
    mine = [term for term in load_glossary().values() if term.lesson == lesson.number]
    assert {term.term for term in lesson.terms} == {term.term for term in mine}
    said = " ".join(part for block in lesson.blocks for part in paragraphs(block)).casefold()
    for term in mine:
        assert any(form in said for form in term.forms), f"{term.term} is not in the text"


def test_nobody_passes_by_always_picking_the_same_place() -> None:
    checks = [check for lesson in list_lessons() for check in lesson.checks]
    places = Counter(next(at for at, option in enumerate(check.options) if option.right) for check in checks)
    if len(checks) >= 20:
        assert max(places.values()) <= 0.5 * len(checks), places


def test_pictures_keep_to_the_inks_that_work_on_light_and_dark(lesson: Lesson) -> None:
    for block in lesson.blocks:
        if isinstance(block, Figure):
            colours = set(re.findall(r'(?:fill|stroke|stop-color|color)="([^"]+)"', block.svg))
            assert {colour for colour in colours if not colour.startswith("url(#")} <= INK, block.file
            sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)(?:px)?"', block.svg)]
            assert not sizes or min(sizes) >= SMALLEST, block.file


def test_every_picture_is_shown() -> None:
    shown = {block.file for lesson in list_lessons() for block in lesson.blocks if isinstance(block, Figure)}
    assert {path.name for path in (LESSONS / "figures").glob("*")} == shown


def test_every_check_has_a_name_of_its_own() -> None:
    names = Counter(block.id for lesson in list_lessons() for block in lesson.blocks if isinstance(block, Check))
    assert not [name for name, count in names.items() if count > 1]


def test_every_experiment_named_in_the_bank_exists() -> None:
    for item in load_bank():
        if item.experiment is not None:
            assert find_experiment(item.experiment).id == item.experiment


@pytest.mark.parametrize(
    ("slug", "language"),
    [(slug, language) for slug in SLUGS for language in languages_of(slug) if language != "en"] or [("", "")],
)
def test_a_translation_is_built_like_its_original(slug: str, language: str) -> None:
    if not slug:
        pytest.skip("no lesson is translated yet")
    assert list(differences(load_lesson(slug), load_lesson(slug, language=language))) == []


def test_every_language_has_the_same_words_with_the_same_blanks() -> None:
    first = load_words("en")
    for language in LANGUAGES:
        words = load_words(language)
        assert set(words) == set(first)
        for name, text in words.items():
            assert sorted(re.findall(r"{\w+}", text)) == sorted(re.findall(r"{\w+}", first[name])), name


def test_every_word_of_the_page_is_used() -> None:
    files = [*PROJECT_FOLDER.glob("pages/**/*.py"), *PROJECT_FOLDER.glob("lab/lessons/*.py")]
    code = "\n".join(Path(file).read_text(encoding="utf-8") for file in files)
    unused = [name for name in load_words() if f'"{name}"' not in code and f"'{name}'" not in code]
    assert [name for name in unused if not name.startswith("hide-")] == []


def _headings(lesson: Lesson) -> list[str]:
    return [line for block in lesson.blocks for line in getattr(block, "markdown", "").split("\n") if line[:1] == "#"]
