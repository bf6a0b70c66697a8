"""Replies that must be JSON: what counts as one object, what a schema refuses, when values are right, and the reasons."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.errors import BadInput
from lab.tuning.checks import CHECKS, CONTENT
from lab.tuning.checks.json_object import (
    MOST_LEVELS,
    JsonObject,
    JsonSchema,
    JsonValues,
    NotOneObject,
    find_json_object,
    read_json_object,
)
from lab.tuning.schema import Fields

IS_OBJECT = JsonObject()
BOOKING = JsonSchema(
    {
        "type": "object",
        "required": ["name", "count"],
        "properties": {
            "name": {"type": "string", "minLength": 1},
            "count": {"type": "integer", "minimum": 0},
            "day": {"enum": ["Monday", "Tuesday"]},
            "risks": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": True},
            "note": {"type": ["string", "null"], "pattern": "^[a-z]*$"},
            "kind": {"const": "repair"},
            "from": {"type": "object", "required": ["town"], "additionalProperties": False, "properties": {"town": {}}},
            "share": {"anyOf": [{"type": "number"}, {"type": "null"}]},
            "step": {"multipleOf": 0.5},
        },
        "additionalProperties": False,
    }
)
VALUES = JsonValues(("name", "count"))
HOSTILE = [
    "",
    "   ",
    "\ufeff{}",
    "null",
    '"{}"',
    "{" * 10_000,
    '{"a":' * 10_000,
    '{"a":' + "[" * 10_000 + "]" * 10_000 + "}",
    '{"a":' * 800 + "1" + "}" * 800,
    '{"a": ' + "9" * 6_000 + "}",
    '{"a": -' + "9" * 301 + "}",
    '{"a": 1e999}',
    '{"a": NaN}',
    '{"a": -Infinity}',
    '{"a": 1, "a": 1}',
    '{"a": "\x00"}',
    '{"a": "\\ud800"',
    "{'a': 1}",
    '{"a": 1,}',
    "{} {}",
    "}{",
]


def ask(check: Any, reply: str) -> tuple[bool, str]:
    passed, reason = check({}, reply)
    assert reason
    assert "\n" not in reason
    reason.encode("utf-8")  # can be printed and saved
    return passed, reason


@pytest.mark.parametrize("reply", ["{}", '{"a": 1}', ' \n{"a": {"b": [1, 2.5, null, true]}}\n', '{"a": "} {"}'])
def test_one_object_with_white_space_round_it_is_an_object(reply: str) -> None:
    assert ask(IS_OBJECT, reply) == (True, "Is one JSON object")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "The reply is empty"),
        ('Sure!\n{"a": 1}', 'Begins with “Sure! {"a": 1}” instead of {'),
        ('```json\n{"a": 1}\n```', 'Begins with “```json {"a": 1} ```” instead of {'),
        ("[1, 2]", "Begins with “[1, 2]” instead of {"),
        ('{"a": 1}\n\nAnything\telse?', "Goes on after the object with “Anything else?”"),
        ('{"a": 1} {"a": 2}', 'Goes on after the object with “{"a": 2}”'),
        ('{"a": 1', "Ends before the object is closed"),
        ('{"a": "x', "Ends before the object is closed"),
        ("{'a': 1}", "Stops being JSON at “'a': 1}”"),
        ('{"a": "b" "c": 2}', 'Stops being JSON at “"c": 2}”'),
        ('{"a": 1, "a": 2}', "Has the key “a” twice"),
        ('{"a": {"b": 1, "b": 1}}', "Has the key “b” twice"),
        ('{"a": NaN}', "Has NaN, which is not JSON"),
        ('{"a": -Infinity}', "Has -Infinity, which is not JSON"),
        ('{"a": 1e999}', "Has a number that is too large, 1e999"),
        ('{"a": ' + "9" * 5_000 + "}", f"Has a number that is too large, {'9' * 60}…"),
        ('{"a":' + "[" * MOST_LEVELS + "]" * MOST_LEVELS + "}", "Is nested more than 50 levels deep"),
    ],
)
def test_what_is_not_one_object_fails_with_the_place_it_goes_wrong(reply: str, reason: str) -> None:
    assert ask(IS_OBJECT, reply) == (False, reason)


@pytest.mark.parametrize("reply", HOSTILE)
def test_a_hostile_reply_gets_a_verdict_from_every_check_and_no_error(reply: str) -> None:
    assert not ask(IS_OBJECT, reply)[0]
    assert not ask(BOOKING, reply)[0]
    passed, reason = VALUES({}, reply, {"name": "Ann", "count": 1})
    assert not passed
    assert reason


@given(st.text(alphabet='{}[]":,\\ u0d8aeE1-.truefalsnNI\n', max_size=60))
def test_no_text_at_all_makes_a_check_raise(text: str) -> None:
    try:
        accepted = isinstance(json.loads(text), dict)
    except ValueError:
        accepted = False
    assert ask(IS_OBJECT, text)[0] <= accepted  # what we call an object, Python's reader calls one too
    ask(BOOKING, text)
    VALUES({}, text, {"name": "Ann", "count": 1})


@given(st.dictionaries(st.text(), st.none() | st.booleans() | st.integers() | st.floats(-1e300, 1e300) | st.text()))
def test_whatever_python_writes_as_an_object_is_read_back_the_same(value: dict[str, Any]) -> None:
    assert read_json_object(json.dumps(value)) == value
    assert find_json_object(f"Here you are: {json.dumps(value)} Anything else?") == value


def test_the_schema_passes_what_it_allows() -> None:
    full = {"name": "Ann", "count": 2, "day": "Monday", "risks": ["a"], "note": None, "from": {"town": 1}, "share": 1.5}
    assert ask(BOOKING, json.dumps(full)) == (True, "Fits the schema")
    assert ask(BOOKING, '{"name": "Ann", "count": 2.0}')[0]  # JSON has one kind of number


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"count": None}, "count is null and must be a whole number"),
        ({"count": "2"}, "count is “2” and must be a whole number"),
        ({"count": True}, "count is true and must be a whole number"),
        ({"count": 1.5}, "count is 1.5 and must be a whole number"),
        ({"count": -1}, "count is -1: it is under the lowest allowed, 0"),
        ({"name": ""}, "name is “”: it has fewer characters than 1"),
        ({"day": "Tues"}, "day is “Tues”, which is not one of Monday, Tuesday"),
        ({"time": 1}, "Has a key that is not asked for, “time”"),
        ({"a": 1, "b": 1, "c": 1, "d": 1}, "Has a key that is not asked for, “a”, “b”, “c” and 1 more"),
        ({"risks": ["a", 2]}, "risks.2 is 2 and must be a text"),
        ({"risks": ["a", "b", "c"]}, 'risks is ["a", "b", "c"]: it has more entries than 2'),
        ({"risks": ["a", "a"]}, "risks has an entry twice"),
        ({"note": 3}, "note is 3 and must be a text or null"),
        ({"note": "B"}, "note is “B”, which has not the form that is asked for"),
        ({"kind": "sale"}, "kind is “sale” and must be “repair”"),
        ({"from": {}}, "Key missing in from: “town”"),
        ({"from": {"town": 1, "zip": 2}}, "Has a key that is not asked for in from, “zip”"),
        ({"share": "half"}, "share is “half”, which the schema does not allow (anyOf)"),
        ({"step": 0.3}, "step is 0.3: it must be a multiple of 0.5"),
    ],
)
def test_the_first_violation_is_named_in_plain_words(change: dict[str, Any], reason: str) -> None:
    assert ask(BOOKING, json.dumps({"name": "Ann", "count": 2, **change}, ensure_ascii=False)) == (False, reason)


def test_missing_keys_are_all_named() -> None:
    assert ask(BOOKING, "{}") == (False, "Keys missing: “name”, “count”")


def test_a_reply_with_something_round_its_object_does_not_fit_a_schema() -> None:
    reason = "No JSON object to look at: goes on after the object with “Bye!”"
    assert ask(BOOKING, '{"name": "Ann", "count": 1} Bye!') == (False, reason)


def test_a_number_beyond_a_float_does_not_break_the_schema() -> None:
    assert not ask(BOOKING, json.dumps({"name": "Ann", "count": 1, "step": 10**299 + 1}).replace("1,", "1.5,", 1))[0]
    ask(BOOKING, '{"name": "Ann", "count": 1, "step": ' + "9" * 300 + "}")


def test_values_are_right_whatever_the_case_spaces_and_apostrophes() -> None:
    gold = {"name": "Mary O’Hara", "count": 2}
    assert VALUES({}, '{"count": 2.0, "name": " mary  O\'HARA", "more": 1}', gold) == (True, "name and count are right")


def test_values_inside_a_code_fence_are_judged_apart_from_the_form() -> None:
    fenced = '```json\n{"name": "Ann", "count": 1}\n```'
    assert not ask(IS_OBJECT, fenced)[0]
    assert VALUES({}, fenced, {"name": "Ann", "count": 1})[0]


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"name": "brake pads", "count": 1}, "name is “brake pads”, not “brake cable”"),
        ({"name": "brake cable", "count": "1"}, "count is “1”, not 1"),
        ({"name": "brake cable", "count": True}, "count is true, not 1"),
        ({"name": "brake cable"}, "count is missing; it should be 1"),
        ({"name": None, "count": 2}, "name is null, not “brake cable”; count is 2, not 1"),
        ({"name": "two\nlines \ud800", "count": 1}, "name is “two lines �”, not “brake cable”"),
        ({"name": "x" * 99, "count": 1}, f"name is “{'x' * 60}…”, not “brake cable”"),
        ({"name": ["brake cable"], "count": 1}, 'name is ["brake cable"], not “brake cable”'),
    ],
)
def test_wrong_values_are_named_with_the_right_ones(value: dict[str, Any], reason: str) -> None:
    assert VALUES({}, json.dumps(value), {"name": "brake cable", "count": 1}) == (False, reason)


def test_lists_count_in_order_unless_they_are_told_to_be_sets() -> None:
    gold = {"risks": ["Debt", "rain"]}
    reply = '{"risks": ["rain", "debt"]}'
    assert JsonValues(("risks",), ("risks",))({}, reply, gold) == (True, "risks is right")
    assert JsonValues(("risks",))({}, reply, gold) == (False, 'risks is ["rain", "debt"], not ["Debt", "rain"]')


def test_a_set_says_what_it_lacks_and_what_it_adds() -> None:
    judge = JsonValues(("risks",), ("risks",))
    gold = {"risks": ["debt", "rain"]}
    assert judge({}, '{"risks": ["rain", "wind", 3]}', gold) == (False, "risks lacks “debt” and adds “wind”, 3")
    assert judge({}, '{"risks": "rain"}', gold) == (False, 'risks is “rain”, not ["debt", "rain"]')
    assert judge({}, '{"risks": [{"a": []}]}', gold)[0] is False


@pytest.mark.parametrize(("gold", "words"), [(None, "is not one"), ([], "is not one"), ({"name": 1}, "lacks count")])
def test_a_gold_answer_that_cannot_be_compared_is_said_to_be_the_fault(gold: Any, words: str) -> None:
    with pytest.raises(BadInput, match=f"gold must be a JSON object with name, count; this one {words}"):
        VALUES({}, "{}", gold)


def test_finding_an_object_says_when_there_is_none() -> None:
    with pytest.raises(NotOneObject, match="Begins with “I cannot” instead of"):
        find_json_object("I cannot")


def test_the_three_are_known_by_their_names_in_a_style_file() -> None:
    assert CHECKS["json_object"](Fields({}, "s")) == JsonObject()
    schema = CHECKS["json_schema"](Fields({"schema": {"type": "object"}}, "s"))
    assert schema({}, "{}") == (True, "Fits the schema")
    assert CONTENT["json_values"](Fields({"fields": ["a", "b"], "sets": ["b"]}, "s")) == JsonValues(("a", "b"), ("b",))
    assert CONTENT["json_values"](Fields({"fields": ["a"]}, "s")) == JsonValues(("a",))


@pytest.mark.parametrize(
    ("schema", "complaint"),
    [
        ("object", "s: schema must be a JSON schema"),
        ({"type": "objekt"}, "s: schema is not usable: this is not a JSON schema, at type"),
        ({"properties": {"a": {"pattern": "("}}}, "s: schema is not usable: this is not a JSON schema, at"),
        ({"properties": {"a": {"$ref": "http://localhost/x"}}}, "s: schema is not usable: the schema must stand"),
    ],
)
def test_a_schema_that_is_none_is_refused_when_the_style_is_read(schema: Any, complaint: str) -> None:
    with pytest.raises(BadInput) as error:
        CHECKS["json_schema"](Fields({"schema": schema}, "s"))
    assert str(error.value).startswith(complaint)


@pytest.mark.parametrize("sets", ["a", ["c"], [["a"]]])
def test_sets_that_are_not_among_the_fields_are_refused(sets: Any) -> None:
    with pytest.raises(BadInput, match="sets must be a list of names that stand in fields too"):
        CONTENT["json_values"](Fields({"fields": ["a"], "sets": sets}, "s"))
