"""A reply that must be one of our labels, and the judge that it is the right one, at their edges."""

from __future__ import annotations

from typing import Any

import pytest

from lab.errors import BadInput
from lab.tuning.checks.labels import CHECKS, CONTENT
from lab.tuning.schema import Fields

LABELS = ["red", "bench", "van"]
TICKET = {"text": "The amp is cracked."}


def is_one_label(reply: str) -> tuple[bool, str]:
    return CHECKS["one_of"](Fields({"labels": LABELS}, "style.yaml"))(TICKET, reply)


def is_right(reply: str, gold: Any) -> tuple[bool, str]:
    return CONTENT["equals_gold"](Fields({}, "style.yaml"))(TICKET, reply, gold)


@pytest.mark.parametrize("reply", ["bench", " bench", "bench\n", "\tvan  "])
def test_a_label_alone_passes_with_white_space_around_it(reply: str) -> None:
    assert is_one_label(reply) == (True, f"Is the label “{reply.strip()}” and nothing else")


@pytest.mark.parametrize("reply", ["Bench", "bench.", "**bench**", "“bench”", "BENCH!"])
def test_a_label_written_otherwise_fails_and_the_reason_says_how_to_write_it(reply: str) -> None:
    passed, reason = is_one_label(reply)
    assert not passed
    assert reason == f"Says “{reply}”; the label is written “bench”, with nothing round it"


@pytest.mark.parametrize(
    "reply", ["bench van", "bench\nvan", "the bench", "ben", "benches", "bench, because it is cracked", "till"]
)
def test_anything_but_one_of_our_labels_fails_and_the_reason_names_them(reply: str) -> None:
    passed, reason = is_one_label(reply)
    assert not passed
    assert reason.endswith("is not one of red, bench, van")
    assert "\n" not in reason


@pytest.mark.parametrize("reply", ["", "  \n"])
def test_an_empty_reply_is_called_empty(reply: str) -> None:
    assert is_one_label(reply) == (False, "The reply is empty")


def test_a_long_wrong_reply_is_cut_in_the_reason() -> None:
    _, reason = is_one_label("word " * 400)
    assert len(reason) < 120


def test_the_label_check_looks_at_no_input() -> None:
    assert CHECKS["one_of"](Fields({"labels": LABELS}, "style.yaml")).needs == ()


@pytest.mark.parametrize(
    ("labels", "complaint"),
    [
        (["red"], "needs at least two labels"),
        (["red", "red"], "twice"),
        ([], "at least one"),
        ([True, "red"], "quotation marks"),
    ],
)
def test_a_style_file_with_useless_labels_is_refused_with_the_field_named(labels: list[Any], complaint: str) -> None:
    with pytest.raises(BadInput, match=f"style.yaml: labels .*{complaint}"):
        CHECKS["one_of"](Fields({"labels": labels}, "style.yaml"))


@pytest.mark.parametrize("reply", ["bench", " Bench ", "BENCH\n"])
def test_the_right_label_is_right_whatever_its_capitals(reply: str) -> None:
    assert is_right(reply, "bench") == (True, "“bench” is right")


@pytest.mark.parametrize("reply", ["van", "bench van", "bench.", "benc"])
def test_a_wrong_label_is_wrong_and_the_reason_shows_both(reply: str) -> None:
    assert is_right(reply, "bench") == (False, f"Should be “bench”, not “{reply}”")


def test_an_empty_reply_is_wrong() -> None:
    assert is_right(" ", "bench") == (False, "Should be “bench”")


@pytest.mark.parametrize("gold", [None, "", "  ", 3, ["bench"]])
def test_a_gold_that_is_no_label_is_a_fault_of_the_file_and_not_of_the_model(gold: Any) -> None:
    with pytest.raises(BadInput, match="gold must be"):
        is_right("bench", gold)


def test_the_judge_says_that_it_needs_the_right_answer() -> None:
    assert CONTENT["equals_gold"](Fields({}, "style.yaml")).needs_gold
