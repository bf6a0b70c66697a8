"""Lessons: every shipped one loads and holds what it promises, and every fault is told with file and line."""

from __future__ import annotations

import copy
import dataclasses
import importlib
import pickle
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from lab.errors import BadInput
from lab.lessons import BrokenContent, Check, ExperimentBlock, Lesson, Predict, Prose, list_lessons, load_lesson
from lab.quiz.bank import load_bank
from lab.settings import PROJECT_FOLDER

MOST_WORDS = 90  # in one paragraph

GOOD = """\
---
slug: 01-good
number: 1
title: "A good lesson: small"
minutes: 5
objectives: [Tell one from two.]
prerequisites: []
terms:
  - term: chunk
    meaning: A short piece.
sources: ["000", "002"]
next: null
---

## Heading

Some prose.

```predict
id: guess
question: What will happen?
options:
  - {text: This.}
  - {text: That.}
reveal: Look at it.
```

```experiment
id: four-answers
question: How long?
k: 3
live: true
styles: [a, b]
caption: Four ways.
```

```python
print("stays prose")
```

```check
id: check-1
question: Which?
options:
  - text: Wrong one.
    why: No.
    misconception: must-choose-one
  - text: Right one.
    right: true
    why: Yes.
```
"""


def write(folder: Path, text: str, name: str = "01-good.md") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def complaint(folder: Path, text: str, name: str = "01-good.md") -> str:
    write(folder, text, name)
    with pytest.raises(BrokenContent) as caught:
        list_lessons(folder)
    assert str(caught.value).startswith(f"{caught.value.file}, line {caught.value.line}: ")
    assert isinstance(caught.value, BadInput)
    return str(caught.value)


@pytest.fixture(scope="module")
def lessons() -> tuple[Lesson, ...]:
    return list_lessons()


def test_shipped_lessons_load_in_reading_order(lessons: tuple[Lesson, ...]) -> None:
    assert lessons
    assert [lesson.number for lesson in lessons] == sorted({lesson.number for lesson in lessons})
    for lesson in lessons:
        assert load_lesson(lesson.slug) == lesson
        assert any(isinstance(block, Check) for block in lesson.blocks), lesson.slug


def test_every_experiment_is_predicted_first(lessons: tuple[Lesson, ...]) -> None:
    for lesson in lessons:
        open_guesses = 0
        for block in lesson.blocks:
            open_guesses += isinstance(block, Predict)
            if isinstance(block, ExperimentBlock):
                assert open_guesses, f"{lesson.slug}: nothing is predicted before {block.id}"
                open_guesses = 0


def test_no_paragraph_is_too_long_to_read(lessons: tuple[Lesson, ...]) -> None:
    for lesson in lessons:
        for paragraph in paragraphs(lesson):
            words = len(paragraph.split())
            assert words <= MOST_WORDS, f"{lesson.slug}: {words} words in “{paragraph[:60]}…”"


def paragraphs(lesson: Lesson) -> list[str]:
    """Every piece of text read in one breath: paragraphs, list items, table rows, and the texts of the blocks."""
    found = [term.meaning for term in lesson.terms] + list(lesson.objectives)
    for block in lesson.blocks:
        match block:
            case Prose(markdown):
                found += re.split(r"\n\s*\n|\n(?=\s*(?:[-*>|]|\d+\.) ?)", markdown)
            case Predict():
                found += [block.question, block.reveal, *block.options]
            case ExperimentBlock():
                found.append(block.caption)
            case Check():
                found += [block.question, *(text for option in block.options for text in (option.text, option.why))]
    return found


def test_every_experiment_named_in_lessons_and_bank_exists(lessons: tuple[Lesson, ...]) -> None:
    if not (PROJECT_FOLDER / "lab" / "experiments" / "__init__.py").is_file():
        pytest.skip("lab.experiments is not written yet")
    experiments: Any = importlib.import_module("lab.experiments").EXPERIMENTS
    every = experiments.values() if isinstance(experiments, Mapping) else experiments
    known: dict[str, Any] = {experiment.id: experiment for experiment in every}
    for item in load_bank():
        assert item.experiment is None or item.experiment in known, item.id
    for lesson in lessons:
        for block in lesson.blocks:
            if isinstance(block, ExperimentBlock):
                assert block.id in known, f"{lesson.slug}: {block.id}"
                inputs = getattr(known[block.id], "inputs", None)
                if dataclasses.is_dataclass(inputs):
                    assert set(block.inputs) <= {field.name for field in dataclasses.fields(inputs)}, block.id


def test_a_lesson_is_read_whole(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    lesson = load_lesson("01-good", tmp_path)
    assert (lesson.title, lesson.minutes, lesson.sources) == ("A good lesson: small", 5, ("000", "002"))
    assert [(term.term, term.meaning) for term in lesson.terms] == [("chunk", "A short piece.")]
    first, predict, experiment, code, check = lesson.blocks
    assert first == Prose("## Heading\n\nSome prose.")
    assert predict == Predict("guess", "What will happen?", ("This.", "That."), "Look at it.")
    assert isinstance(experiment, ExperimentBlock)
    assert experiment.id == "four-answers"
    assert experiment.caption == "Four ways."
    assert experiment.inputs == {"question": "How long?", "k": 3, "live": True, "styles": ("a", "b")}
    assert code == Prose('```python\nprint("stays prose")\n```')
    assert isinstance(check, Check)
    assert [option.right for option in check.options] == [False, True]
    assert [option.misconception for option in check.options] == ["must-choose-one", None]


def test_a_lesson_can_be_cached_but_its_presets_cannot_be_changed(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    lesson = load_lesson("01-good", tmp_path)
    assert pickle.loads(pickle.dumps(lesson)) == lesson == copy.deepcopy(lesson)
    assert len({lesson, lesson}) == 1
    block = next(block for block in lesson.blocks if isinstance(block, ExperimentBlock))
    with pytest.raises(TypeError):
        block.inputs["k"] = 4  # type: ignore[index]


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    expected = load_lesson("01-good", tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + GOOD.replace("\n", "\r\n").encode())
    assert load_lesson("01-good", tmp_path) == expected


@pytest.mark.parametrize(
    "fence",
    [
        "````markdown\n```check\nid: shown-only\n```\n````",
        "~~~text\n```predict\n~~~",
        "```yaml\nid: shown-only\n```",
        "```\nplain\n```",
        "1. A step\n\n    ```python\n    x = 1\n    ```",
    ],
)
def test_other_fences_stay_prose(tmp_path: Path, fence: str) -> None:
    write(tmp_path, GOOD.replace("Some prose.", fence))
    assert load_lesson("01-good", tmp_path).blocks[0] == Prose(f"## Heading\n\n{fence}")


BROKEN = {
    "unknown kind, misspelt": ("```check\n", "```chek\n", 41, "“chek” is not a kind of block; did you mean “check”?"),
    "unknown kind, capital": ("```check\n", "```Check\n", 41, "“Check” is not a kind of block"),
    "unknown kind, too much": ("```check\n", "```check now\n", 41, "“check now” is not a kind of block"),
    "unknown kind, with an id": ("```check\n", "```quiz\n", 41, "“quiz” is not a kind of block; known are predict"),
    "block indented": ("```check\n", "  ```check\n", 41, "must begin at the left edge"),
    "never closed": (
        "    why: Yes.\n```",
        "    why: Yes.",
        41,
        "this fence is never closed; end it with a line of ```",
    ),
    "block swallowed": ('prose")\n```\n', 'prose")\n', 37, "this fence is not closed before the block on line 40"),
    "YAML, colon": ("question: Which?", "question: Which: this", 43, "a text with a colon and a space in it needs"),
    "YAML, quote left open": ("reveal: Look at it.", 'reveal: "Look at it.', 25, "this is not YAML"),
    "YAML, tab": ("    why: No.", "\twhy: No.", 46, "this is not YAML"),
    "YAML, odd character": ("Look at it.", "Look\x07at it.", 25, "U+0007 cannot be used"),
    "YAML, two documents": ("question: Which?", "---", 43, "this is not YAML"),
    "empty block": ('```python\nprint("stays prose")\n', "```check\n\n", 38, "there is nothing here"),
    "not a mapping": ('```python\nprint("stays prose")\n', "```check\n- one\n", 38, "are needed here, not a list"),
    "key twice": ("reveal: Look at it.", "id: other", 25, "id is given twice"),
    "missing key": ("reveal: Look at it.\n", "", 20, "predict guess: reveal is missing"),
    "unknown key": (
        "reveal: Look at it.",
        "reveal: Look.\nhint: x",
        26,
        "predict guess: hint is not a field that is known",
    ),
    "empty text": ("reveal: Look at it.", "reveal:", 25, "reveal must be a text that is not empty, not nothing"),
    "not a text": ("reveal: Look at it.", "reveal: yes", 25, "not “yes”; put it in quotation marks"),
    "right in a prediction": ("{text: This.}", "{text: This., right: true}", 23, "option 1: right is not a field"),
    "one guess only": ("  - {text: That.}\n", "", 22, "options needs at least 2 in its list, not 1"),
    "same guess twice": ("That.", "This.", 24, "“This.” is an option already"),
    "no caption": ("caption: Four ways.\n", "", 29, "experiment four-answers: caption is missing"),
    "input is a group": ("k: 3", "k: {a: 1}", 31, "k must be a number, a text, true or false"),
    "input is not a number": ("k: 3", "k: .nan", 31, "k must be a number"),
    "input has no name": ("k: 3", "K!: 3", 31, "cannot be the name of an input"),
    "id not kebab": ("id: guess", "id: My Guess", 20, "must be small letters, digits and hyphens"),
    "no right option": ("    right: true\n", "    misconception: must-choose-one\n", 44, "options has no right one"),
    "two right options": ("    misconception: must-choose-one", "    right: true", 49, "is true for a second option"),
    "right is not a truth value": (
        "right: true",
        "right: certainly",
        49,
        "right must be true or false, not “certainly”",
    ),
    "option without reason": ("    why: No.\n", "", 45, "check check-1, option 1: why is missing"),
    "wrong option without belief": ("    misconception: must-choose-one\n", "", 45, "misconception is missing"),
    "right option with belief": ("why: Yes.", "why: Yes.\n    misconception: must-choose-one", 51, "only a wrong one"),
    "unknown misconception": ("must-choose-one", "the-moon", 47, "“the-moon” is not in misconceptions.yaml"),
    "unknown source": ('"002"', '"999"', 11, "sources names “999”, which is not in sources.yaml"),
    "source not in quotes": ('"000"', "000", 11, "put it in quotation marks"),
    "next does not exist": ("next: null", "next: 02-gone", 12, "is “02-gone”, but there is no 02-gone.md"),
    "next is itself": ("next: null", "next: 01-good", 12, "next is this lesson itself"),
    "next left out": ("next: null\n", "", 2, "front matter: next is missing"),
    "next is no text": ("next: null", "next: 2024-13-01", 12, "next must be a text"),
    "same id twice": ("id: check-1", "id: guess", 42, "“guess” was used on line 19 already"),
    "slug is not the file's": (
        "slug: 01-good",
        "slug: 01-bad",
        2,
        "slug is “01-bad”, but the file is called 01-good.md",
    ),
    "number is not the file's": ("number: 1", "number: 2", 3, "number is 2, but the file is called 01-good.md"),
    "minutes in words": ("minutes: 5", "minutes: five", 5, "minutes must be a whole number from 1 to 180, not “five”"),
    "unknown front matter": ("minutes: 5", "minutes: 5\nauthor: me", 6, "author is not a field that is known here"),
    "no objective": ("[Tell one from two.]", "[]", 6, "objectives needs at least 1 in its list, not 0"),
    "objective is a group": ("[Tell one from two.]", "[Tell: one]", 6, "objectives, number 1, must be a text"),
    "no front matter": ("---\nslug", "slug", 1, "a lesson begins with its front matter"),
    "front matter never ends": ("next: null\n---", "next: null", 1, "the front matter never ends"),
}


@pytest.mark.parametrize(("old", "new", "line", "words"), BROKEN.values(), ids=BROKEN)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert GOOD.count(old) >= 1
    message = complaint(tmp_path, GOOD.replace(old, new, 1))
    assert message.startswith(f"01-good.md, line {line}: ")
    assert words in message


def test_a_lesson_without_text_is_refused(tmp_path: Path) -> None:
    assert "has no text after its front matter" in complaint(tmp_path, GOOD.split("\n## Heading")[0])


def test_text_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    path.write_bytes(GOOD.replace("Some prose.", "Some @ prose.").encode().replace(b"@", b"\xff"))
    with pytest.raises(BrokenContent, match=r"^01-good\.md, line 17: the text is not UTF-8"):
        load_lesson("01-good", tmp_path)


def test_two_lessons_cannot_share_a_number_and_a_stray_file_is_not_ignored(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    twin = GOOD.replace("01-good", "01-twin")
    assert complaint(tmp_path, twin, "01-twin.md") == "01-twin.md, line 1: number 1 is taken by 01-good.md."
    (tmp_path / "01-twin.md").unlink()
    assert "must look like 07-short-name.md" in complaint(tmp_path, GOOD, "stray.md")


def test_an_unknown_lesson_names_the_known_ones_and_no_path_leads_out(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    for slug in ("02-none", "../tests/01-good", "README", ""):
        with pytest.raises(BadInput, match=r"There is no lesson called.*Lessons: 01-good") as caught:
            load_lesson(slug, tmp_path)
        assert not isinstance(caught.value, BrokenContent)


def test_broken_content_keeps_its_place_when_sent_to_another_process() -> None:
    error = pickle.loads(pickle.dumps(BrokenContent("a.md", 7, "is odd.")))
    assert (str(error), error.file, error.line) == ("a.md, line 7: is odd.", "a.md", 7)
