"""What a browser keeps: it comes back whole, and nothing that somebody else wrote there can do harm."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lab.lessons import Check, Lesson, Option
from lab.lessons.notebook import (
    MAX_ANSWERS,
    MAX_CHARACTERS,
    MAX_LESSONS,
    Notebook,
    read_notebook,
    write_notebook,
)

OPTIONS = (Option("a", True, "w", None), Option("b", False, "w", "m"))
LESSON = Lesson(
    "01-x", 1, "X", 5, ("a",), (), (), ("000",), None, (Check("one", "?", OPTIONS), Check("two", "?", OPTIONS))
)
GOOD = {"version": 1, "answers": {"01-x/one": 1}, "done": ["01-x"], "last": "02-y"}


def test_what_was_written_is_read_again() -> None:
    notebook = Notebook({"01-x/one": 1, "02-y/predict-z": 0}, frozenset({"01-x"}), "02-y")
    assert read_notebook(write_notebook(notebook)) == notebook
    assert read_notebook(write_notebook(Notebook())) == Notebook()


def test_a_lesson_is_done_when_all_its_questions_are_answered() -> None:
    notebook = Notebook().with_answer(LESSON, "one", 0)
    assert (notebook.started("01-x"), notebook.done) == (True, frozenset())
    notebook = notebook.with_answer(LESSON, "two", 1)
    assert notebook.done == {"01-x"}
    again = notebook.with_done("01-x", done=False)
    assert again.done == frozenset()
    assert again.with_answer(LESSON, "predict-a", 0).done == frozenset()  # a guess alone does not finish it
    assert again.with_done("01-x", done=True).done == {"01-x"}


def test_an_answer_to_an_option_that_is_gone_does_not_count() -> None:
    notebook = Notebook({"01-x/one": 3})
    assert (notebook.answer("01-x", "one", 4), notebook.answer("01-x", "one", 3)) == (3, None)
    assert notebook.answer("01-x", "two", 4) is None


def test_of_two_notebooks_the_newer_one_wins_where_they_differ() -> None:
    older = Notebook({"01-x/one": 1, "01-x/two": 1}, frozenset({"01-x"}), "01-x")
    newer = Notebook({"01-x/one": 0}, frozenset({"02-y"}), None)
    assert older.merged(newer) == Notebook({"01-x/one": 0, "01-x/two": 1}, frozenset({"01-x", "02-y"}), "01-x")


@pytest.mark.parametrize(
    "text",
    [
        None,
        False,
        7,
        b"{}",
        "",
        "no JSON",
        "[]",
        "null",
        "[" * 20_000,
        json.dumps({**GOOD, "version": 2}),
        json.dumps({**GOOD, "version": True, "answers": []}),
        json.dumps(GOOD) + " " * MAX_CHARACTERS,
        '{"version": NaN}',
    ],
)
def test_what_is_no_notebook_is_an_empty_one(text: object) -> None:
    assert read_notebook(text) == Notebook()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("answers", {"01-x/one": -1}),
        ("answers", {"01-x/one": 1.0}),
        ("answers", {"01-x/one": True}),
        ("answers", {"01-x/one": 10**30}),
        ("answers", {"01-x/one": "1"}),
        ("answers", {"one": 1}),
        ("answers", {"01-x/<script>": 1}),
        ("answers", {"../x/one": 1}),
        ("answers", {"01-x/one/two": 1}),
        ("answers", {f"01-x/{'a' * 200}": 1}),
        ("answers", {f"01-x/a{at}": 1 for at in range(MAX_ANSWERS + 1)}),
        ("answers", [["01-x/one", 1]]),
        ("done", ["<b>", 1, None, "../../etc"]),
        ("done", "01-x"),
        ("done", [f"{at:02}-x" for at in range(MAX_LESSONS + 1)]),
        ("last", "javascript:alert(1)"),
        ("last", ["01-x"]),
    ],
)
def test_a_part_of_the_wrong_shape_or_size_is_left_out_and_the_rest_stays(name: str, value: Any) -> None:
    found, good = read_notebook(json.dumps({**GOOD, name: value})), read_notebook(json.dumps(GOOD))
    empty = Notebook()
    for part in ("answers", "done", "last"):
        assert getattr(found, part) == getattr(empty if part == name else good, part)
