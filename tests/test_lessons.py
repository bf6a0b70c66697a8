"""Lessons: they are read whole, and every fault is told with file and line."""

from __future__ import annotations

import copy
import dataclasses
import pickle
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from lab.errors import BadInput
from lab.experiments import EXPERIMENTS
from lab.lessons import (
    BrokenContent,
    Check,
    ExperimentBlock,
    Figure,
    Predict,
    Prose,
    Table,
    Try,
    anchors_of,
    languages_of,
    list_lessons,
    load_lesson,
)

GOOD = """\
---
slug: 01-good
number: 1
title: "A good lesson: small"
minutes: 5
objectives: [Tell one from two.]
prerequisites: []
terms: [chunk]
sources: ["000", "002"]
next: null
covers:
  000-a: what-is-a-chunk
  000-b: check-1
---

## What is a chunk?

Some [chunks](term:chunk) and a [citation](term:citation).

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
strength: 1
first_name: Ayo
presets:
  - {label: "Weaker", set: {strength: 0.5}, watch: "Look at the voice."}
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

```figure
id: figure-shelf
svg: 01-shelf.svg
alt: A shelf.
caption: One shelf.
```

```table
id: table-two
caption: Two ways.
head: ["", "RAG"]
rows:
  - ["Purpose", 5]
```

```try
id: try-lab
text: Look there.
page: rag_lab
label: Open it
set: {k: 1, refuse: false}
```
"""
PROSE = "Some [chunks](term:chunk) and a [citation](term:citation)."
GLOSSARY = """\
- {term: chunk, forms: [chunk, chunks], lesson: 1, meaning: "A short piece."}
- {term: citation, forms: [citation], lesson: 3, meaning: "A pointer."}
"""
SEEDS = """\
- {id: 000-a, kind: item, lesson: 1, gist: "One."}
- {id: 000-b, kind: item, lesson: 1, gist: "Two."}
- {id: 000-c, kind: item, lesson: 2, gist: "Three."}
"""
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 300"><rect x="1" y="1" width="9" height="9"/></svg>'


def write(folder: Path, text: str, name: str = "01-good.md") -> Path:
    (folder / "figures").mkdir(exist_ok=True)
    (folder / "figures" / "01-shelf.svg").write_text(SVG, encoding="utf-8")
    (folder / "glossary.yaml").write_text(GLOSSARY, encoding="utf-8")
    (folder / "seeds.yaml").write_text(SEEDS, encoding="utf-8")
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


def test_a_lesson_is_read_whole(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    lesson = load_lesson("01-good", tmp_path)
    assert (lesson.title, lesson.minutes, lesson.sources) == ("A good lesson: small", 5, ("000", "002"))
    assert [(term.term, term.meaning) for term in lesson.terms] == [("chunk", "A short piece.")]
    assert lesson.covers == (("000-a", "what-is-a-chunk"), ("000-b", "check-1"))
    first, predict, experiment, code, check, figure, table, way = lesson.blocks
    assert first == Prose("## What is a chunk?\n\nSome [chunks](term:chunk) and a [citation](term:citation).")
    assert predict == Predict("guess", "What will happen?", ("This.", "That."), "Look at it.")
    assert isinstance(experiment, ExperimentBlock)
    assert (experiment.id, experiment.caption) == ("four-answers", "Four ways.")
    assert experiment.inputs == {"question": "How long?", "strength": 1.0, "first_name": "Ayo"}
    assert isinstance(experiment.inputs["strength"], float)
    (preset,) = experiment.presets
    assert (preset.label, preset.inputs, preset.watch) == ("Weaker", {"strength": 0.5}, "Look at the voice.")
    assert code == Prose('```python\nprint("stays prose")\n```')
    assert isinstance(check, Check)
    assert [option.right for option in check.options] == [False, True]
    assert [option.misconception for option in check.options] == ["must-choose-one", None]
    assert isinstance(figure, Figure)
    assert (figure.file, figure.alt, figure.caption) == ("01-shelf.svg", "A shelf.", "One shelf.")
    assert figure.svg.startswith("<svg ")
    assert table == Table("table-two", "Two ways.", ("", "RAG"), (("Purpose", "5"),))
    assert way == Try("try-lab", "Look there.", "rag_lab", "Open it", (("k", "1"), ("refuse", "false")))
    assert anchors_of(lesson)[:3] == ("what-is-a-chunk", "guess", "four-answers")


def test_a_lesson_can_be_cached_but_its_presets_cannot_be_changed(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    lesson = load_lesson("01-good", tmp_path)
    assert load_lesson("01-good", tmp_path) is lesson
    assert pickle.loads(pickle.dumps(lesson)) == lesson == copy.deepcopy(lesson)
    assert len({lesson, copy.deepcopy(lesson)}) == 1
    block = next(block for block in lesson.blocks if isinstance(block, ExperimentBlock))
    with pytest.raises(TypeError):
        block.inputs["strength"] = 4  # type: ignore[index]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert load_lesson("01-good", tmp_path).minutes == 5
    write(tmp_path, GOOD.replace("minutes: 5", "minutes: 15"))
    assert load_lesson("01-good", tmp_path).minutes == 15


def test_every_kind_of_input_is_checked_against_the_experiment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    @dataclass(frozen=True)
    class Inputs:
        n: int = field(default=8, metadata={"range": (4, 20, 2)})
        deep: bool = False
        sizes: tuple[int, ...] = (1, 2)
        split: str = field(default="dev", metadata={"options": ("dev", "test")})

    fake = dataclasses.replace(EXPERIMENTS[0], inputs=Inputs)
    monkeypatch.setattr("lab.experiments.EXPERIMENTS", (fake,))
    text = GOOD.replace("strength: 1\n", "").replace("first_name: Ayo\n", "").replace("{strength: 0.5}", "{n: 6}")
    good = text.replace("question: How long?", "n: 4\ndeep: true\nsizes: [3]\nsplit: test")
    write(tmp_path, good)
    block = load_lesson("01-good", tmp_path).blocks[2]
    assert isinstance(block, ExperimentBlock)
    assert block.inputs == {"n": 4, "deep": True, "sizes": (3,), "split": "test"}
    for old, new, words in (
        ("n: 4", "n: 22", "n is 22, but must be from 4 to 20"),
        ("n: 4", "n: true", "n must be like 8, not True"),
        ("n: 4", "n: 4.5", "n must be like 8, not 4.5"),
        ("deep: true", "deep: 1", "deep must be like False, not 1"),
        ("sizes: [3]", "sizes: [x]", "sizes must be like (1, 2), not ('x',)"),
        ("split: test", "split: all", "split is 'all'; known are dev, test"),
    ):
        assert words in complaint(tmp_path, good.replace(old, new, 1))


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
    write(tmp_path, GOOD.replace(PROSE, fence))
    assert load_lesson("01-good", tmp_path).blocks[0] == Prose(f"## What is a chunk?\n\n{fence}")


BROKEN = {
    "unknown kind, misspelt": ("```check\n", "```chek\n", 43, "“chek” is not a kind of block; did you mean “check”?"),
    "unknown kind, capital": ("```check\n", "```Check\n", 43, "“Check” is not a kind of block"),
    "unknown kind, too much": ("```check\n", "```check now\n", 43, "“check now” is not a kind of block"),
    "unknown kind, with an id": ("```check\n", "```quiz\n", 43, "“quiz” is not a kind of block; known are predict"),
    "block indented": ("```check\n", "  ```check\n", 43, "must begin at the left edge"),
    "never closed": (
        "refuse: false}\n```",
        "refuse: false}",
        70,
        "this fence is never closed; end it with a line of ```",
    ),
    "block swallowed": ('prose")\n```\n', 'prose")\n', 39, "this fence is not closed before the block on line 42"),
    "YAML, colon": ("question: Which?", "question: Which: this", 45, "a text with a colon and a space in it needs"),
    "YAML, quote left open": ("reveal: Look at it.", 'reveal: "Look at it.', 26, "this is not YAML"),
    "YAML, tab": ("    why: No.", "\twhy: No.", 48, "this is not YAML"),
    "YAML, odd character": ("Look at it.", "Look\x07at it.", 26, "U+0007 cannot be used"),
    "YAML, two documents": ("question: Which?", "---", 45, "this is not YAML"),
    "empty block": ('```python\nprint("stays prose")\n', "```check\n\n", 40, "there is nothing here"),
    "not a mapping": ('```python\nprint("stays prose")\n', "```check\n- one\n", 40, "are needed here, not a list"),
    "key twice": ("reveal: Look at it.", "id: other", 26, "id is given twice"),
    "missing key": ("reveal: Look at it.\n", "", 21, "predict guess: reveal is missing"),
    "unknown key": (
        "reveal: Look at it.",
        "reveal: Look.\nhint: x",
        27,
        "predict guess: hint is not a field that is known",
    ),
    "empty text": ("reveal: Look at it.", "reveal:", 26, "reveal must be a text that is not empty, not nothing"),
    "not a text": ("reveal: Look at it.", "reveal: yes", 26, "not “yes”; put it in quotation marks"),
    "right in a prediction": ("{text: This.}", "{text: This., right: true}", 24, "option 1: right is not a field"),
    "one guess only": ("  - {text: That.}\n", "", 23, "options needs at least 2 in its list, not 1"),
    "same guess twice": ("That.", "This.", 25, "“This.” is an option already"),
    "no caption": ("caption: Four ways.\n", "", 30, "experiment four-answers: caption is missing"),
    "input is a group": ("strength: 1", "strength: {a: 1}", 32, "strength must be a number, a text, true or false"),
    "input is not a number": ("strength: 1", "strength: .nan", 32, "strength must be a number"),
    "input has no name": ("strength: 1", "K!: 3", 32, "cannot be the name of an input"),
    "id not kebab": ("id: guess", "id: My Guess", 21, "must be small letters, digits and hyphens"),
    "no right option": ("    right: true\n", "    misconception: must-choose-one\n", 46, "options has no right one"),
    "two right options": ("    misconception: must-choose-one", "    right: true", 51, "is true for a second option"),
    "right is not a truth value": (
        "right: true",
        "right: certainly",
        51,
        "right must be true or false, not “certainly”",
    ),
    "option without reason": ("    why: No.\n", "", 47, "check check-1, option 1: why is missing"),
    "wrong option without belief": ("    misconception: must-choose-one\n", "", 47, "misconception is missing"),
    "right option with belief": ("why: Yes.", "why: Yes.\n    misconception: must-choose-one", 53, "only a wrong one"),
    "unknown misconception": ("must-choose-one", "the-moon", 49, "“the-moon” is not in misconceptions.yaml"),
    "unknown source": ('"002"', '"999"', 9, "sources names “999”, which is not in sources.yaml"),
    "source not in quotes": ('"000"', "000", 9, "put it in quotation marks"),
    "next does not exist": ("next: null", "next: 02-gone", 10, "is “02-gone”, but there is no 02-gone.md"),
    "next is itself": ("next: null", "next: 01-good", 10, "next is this lesson itself"),
    "next left out": ("next: null\n", "", 2, "front matter: next is missing"),
    "next is no text": ("next: null", "next: 2024-13-01", 10, "next must be a text"),
    "same id twice": ("id: check-1", "id: guess", 44, "“guess” was used on line 20 already"),
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
    "front matter never ends": ("check-1\n---", "check-1", 1, "the front matter never ends"),
    "unknown experiment": (
        "id: four-answers",
        "id: five-answers",
        30,
        "“five-answers” is not an experiment. There are:",
    ),
    "unknown input": ("strength: 1", "speed: 1", 32, "speed is not an input of four-answers; it has question, first"),
    "input of the wrong type": ("strength: 1", "strength: strong", 32, "strength must be like 1.0, not 'strong'"),
    "input out of range": ("strength: 1", "strength: 9", 32, "strength is 9.0, but must be from 0.0 to 1.5"),
    "unknown input of a preset": ("{strength: 0.5}", "{speed: 1}", 35, "preset 1, set: speed is not an input"),
    "wrong input of a preset": ("{strength: 0.5}", "{strength: yes}", 35, "preset 1, set: strength must be like 1.0"),
    "preset that is not followed": (', watch: "Look at the voice."', "", 35, "preset 1: watch is missing"),
    "unknown term linked": ("(term:citation)", "(term:quotation)", 18, "“quotation” is not a term of glossary.yaml"),
    "unknown term linked in a block": ("caption: Two ways.", "caption: Two [ways](term:way).", 64, "“way” is not a"),
    "unknown term taught": (
        "[chunk]\nsources",
        "[chunk, lump]\nsources",
        8,
        "terms names “lump”, which is not in gloss",
    ),
    "term of another lesson": ("[chunk]\nsources", "[citation]\nsources", 8, "“citation”, which lesson 3 teaches"),
    "missing picture": ("svg: 01-shelf.svg", "svg: 02-shelf.svg", 57, "figures/02-shelf.svg, which does not exist"),
    "picture outside": ("svg: 01-shelf.svg", "svg: ../01-shelf.svg", 57, "must be the name of a file such as"),
    "unknown seed": ("  000-b: check-1", "  999-b: check-1", 13, "covers: 999-b is not in seeds.yaml"),
    "anchor that does not exist": (
        "  000-b: check-1",
        "  000-b: check-9",
        13,
        "000-b points at “check-9”, but this lesson",
    ),
    "covers left out": ("covers:\n  000-a: what-is-a-chunk\n  000-b: check-1\n", "", 2, "covers is missing"),
    "unknown page": ("page: rag_lab", "page: moon", 73, "page is “moon”; the pages are break_it, "),
    "no page of ours": ("page: rag_lab", "page: navigation", 73, "page is “navigation”; the pages are"),
    "parameter that is none": ("{k: 1, refuse: false}", '{"k&x": 1}', 75, "k&x cannot be a parameter of an address"),
    "parameter is a list": ("{k: 1, refuse: false}", "{k: [1]}", 75, "k must be a text or a number, not a list"),
    "row too short": (
        '["Purpose", 5]',
        '["Purpose"]',
        67,
        "rows, number 1, must be a list of 2 cells, not a list of 1",
    ),
    "row is no list": ('- ["Purpose", 5]', "- Purpose", 67, "rows, number 1, must be a list of 2 cells, not “Purpose”"),
    "head twice the same": ('head: ["", "RAG"]', 'head: ["RAG", "RAG"]', 65, "head has the same cell twice"),
}


@pytest.mark.parametrize(("old", "new", "line", "words"), BROKEN.values(), ids=BROKEN)
def test_a_fault_is_told_with_file_and_line(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert GOOD.count(old) >= 1
    message = complaint(tmp_path, GOOD.replace(old, new, 1))
    assert message.startswith(f"01-good.md, line {line}: ")
    assert words in message


def test_a_lesson_without_text_is_refused(tmp_path: Path) -> None:
    assert "has no text after its front matter" in complaint(
        tmp_path, GOOD.split("\n## What")[0].replace("  000-a: what-is-a-chunk\n  000-b: check-1", "  {}")
    )


def test_text_that_is_not_utf8_is_told_with_its_line(tmp_path: Path) -> None:
    path = write(tmp_path, GOOD)
    path.write_bytes(GOOD.replace("Some [chunks]", "Some @ [chunks]").encode().replace(b"@", b"\xff"))
    with pytest.raises(BrokenContent, match=r"^01-good\.md, line 18: the text is not UTF-8"):
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


def translate(folder: Path, text: str) -> Path:
    (folder / "de").mkdir(exist_ok=True)
    path = folder / "de" / "01-good.md"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_translation_may_leave_out_what_the_original_has(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    assert languages_of("01-good", tmp_path) == ("en",)
    covers = "covers:\n  000-a: what-is-a-chunk\n  000-b: check-1\n"
    translate(
        tmp_path, GOOD.replace("terms: [chunk]\n", "").replace(covers, "").replace("A good lesson", "Eine Lektion")
    )
    assert languages_of("01-good", tmp_path) == ("en", "de")
    lesson, original = load_lesson("01-good", tmp_path, "de"), load_lesson("01-good", tmp_path)
    assert (lesson.title, lesson.language, lesson.terms) == ("Eine Lektion: small", "de", original.terms)
    assert lesson.blocks == original.blocks
    with pytest.raises(BadInput, match="There are no lessons in “fr”"):
        load_lesson("01-good", tmp_path, "fr")


def test_a_fault_in_a_translation_names_its_folder_and_none_stands_alone(tmp_path: Path) -> None:
    write(tmp_path, GOOD)
    path = translate(tmp_path, GOOD.replace("minutes: 5", "minutes: five"))
    with pytest.raises(BrokenContent, match=r"^de/01-good\.md, line 5: "):
        load_lesson("01-good", tmp_path, "de")
    path.rename(path.with_name("02-alone.md"))
    with pytest.raises(BrokenContent, match=r"^de/02-alone\.md, line 1: there is no 02-alone\.md"):
        list_lessons(tmp_path, "de")
