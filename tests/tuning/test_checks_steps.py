"""A reply in numbered steps: its form, the values it may have, and whether each step is right, at the edges."""

from __future__ import annotations

from typing import Any

import pytest

from lab.errors import BadInput
from lab.tuning.checks.steps import CHECKS, CONTENT, read_steps, steps_right
from lab.tuning.schema import Fields

LABELS = ["Sign", "Part"]
NOTE = {"text": "It hums."}
GOLD = {"Sign": "hum", "Part": "fan"}


def in_order(reply: str) -> tuple[bool, str]:
    return CHECKS["numbered_steps"](Fields({"labels": LABELS}, "style.yaml"))(NOTE, reply)


def known_part(reply: str) -> tuple[bool, str]:
    values = {"label": "Part", "values": ["fan", "back lid"]}
    return CHECKS["step_is_one_of"](Fields(values, "style.yaml"))(NOTE, reply)


def is_right(reply: str, gold: Any) -> tuple[bool, str]:
    return CONTENT["steps_right"](Fields({"labels": LABELS}, "style.yaml"))(NOTE, reply, gold)


@pytest.mark.parametrize("reply", ["1. Sign: hum\n2. Part: fan", " 1. Sign: hum \r\n\n2. Part: fan\n"])
def test_all_steps_in_their_order_pass(reply: str) -> None:
    assert in_order(reply) == (True, "Has 2 steps in their order")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "The reply is empty"),
        ("1. Sign: hum", "Ends before step 2, “Part”"),
        ("2. Part: fan\n1. Sign: hum", "“2. Part: fan” should be “1. Sign: …”"),
        ("1) Sign: hum\n2) Part: fan", "“1) Sign: hum” should be “1. Sign: …”"),
        ("Sign: hum\nPart: fan", "“Sign: hum” should be “1. Sign: …”"),
        ("1. Sign:\n2. Part: fan", "“1. Sign:” should be “1. Sign: …”"),
        ("1. Sign: hum\n1. Part: fan", "“1. Part: fan” should be “2. Part: …”"),
        ("Of course:\n1. Sign: hum\n2. Part: fan", "“Of course:” should be “1. Sign: …”"),
        ("1. Sign: hum\n2. Part: fan\nThanks!", "Goes on with “Thanks!” after the last step"),
    ],
)
def test_a_step_that_is_missing_moved_or_misnumbered_is_named(reply: str, reason: str) -> None:
    assert in_order(reply) == (False, reason)


@pytest.mark.parametrize("reply", ["2. Part: fan", "2. Part: Fan.", "Part: back  lid"])
def test_a_known_value_passes_whatever_its_capitals(reply: str) -> None:
    assert known_part(reply)[0]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("1. Sign: fan", "Has no line for Part"),
        ("2. Part: the fan", "Part is “the fan”, which is not one of fan, back lid"),
        ("2. Part: fan or back lid", "Part is “fan or back lid”, which is not one of fan, back lid"),
    ],
)
def test_another_value_fails_and_the_reason_names_what_is_known(reply: str, reason: str) -> None:
    assert known_part(reply) == (False, reason)


@pytest.mark.parametrize(
    ("reply", "says"),
    [
        ("1. Sign: hum\n2. Part: fan", (True, True)),
        ("Part: Fan.\nSign: **hum**", (True, True)),
        ("1. Sign: hum\n2. Part: lid", (True, False)),
        ("1. Sign: hum, fan", (False, False)),
        ("1. Sign: fan\n2. Part: hum", (False, False)),
        ("1. Sign: buzz\n1. Sign: hum\n2. Part: fan", (False, True)),
        ("", (False, False)),
    ],
)
def test_each_step_is_judged_for_itself_and_the_judge_wants_them_all(reply: str, says: tuple[bool, bool]) -> None:
    assert steps_right(reply, LABELS, GOLD) == says
    assert is_right(reply, GOLD)[0] == all(says)


def test_the_reason_says_which_step_went_wrong_and_what_was_right() -> None:
    assert is_right("1. Sign: hum\n2. Part: lid", GOLD)[1] == "Part should be “fan”, not “lid”"
    assert is_right("1. Sign: hum", GOLD)[1] == "Has no line for Part, which should be “fan”"


def test_a_label_inside_a_value_or_a_word_is_not_a_line_of_its_own() -> None:
    assert read_steps("1. Sign: the Part: hum", LABELS) == {"Sign": "the part: hum"}
    assert read_steps("Signs: hum\nCounterpart: fan", LABELS) == {}


@pytest.mark.parametrize("gold", [None, "hum", {"Sign": "hum"}, {"Sign": "hum", "Part": 3}])
def test_gold_without_a_text_for_each_step_is_refused(gold: Any) -> None:
    with pytest.raises(BadInput, match="a text for each of Sign, Part"):
        is_right("1. Sign: hum\n2. Part: fan", gold)
