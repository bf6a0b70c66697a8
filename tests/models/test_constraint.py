"""Answers that a grammar holds: the form is certain, neighbours are untouched, and a grammar that is none says so."""

from __future__ import annotations

import json
import re

import pytest

from lab.errors import BadInput, LabError
from lab.models.constraint import Constraint, read_constraint
from lab.models.engine import Engine, Request
from lab.models.template import render

PROMPT = render([("user", "Mina wants two brake pads by Friday, and it is urgent.")])
SCHEMA = {
    "type": "object",
    "properties": {"name": {"type": "string", "maxLength": 20}, "urgent": {"type": "boolean"}},
    "required": ["name", "urgent"],
    "additionalProperties": False,
}


def answer(engine: Engine, constraint: Constraint | None) -> str:
    return engine.submit(Request(PROMPT, max_tokens=40, constraint=constraint)).wait().text


def test_each_kind_of_constraint_holds_every_letter(engine: Engine) -> None:
    assert re.fullmatch("dock|meter", answer(engine, read_constraint({"regex": "dock|meter"}, "here")))
    found = json.loads(answer(engine, read_constraint({"json_schema": SCHEMA}, "here")))
    assert set(found) == {"name", "urgent"}
    assert isinstance(found["urgent"], bool)
    grammar = read_constraint({"grammar": 'root ::= "SELECT " [a-z]{1,9} " FROM boats"'}, "here")
    assert re.fullmatch("SELECT [a-z]{1,9} FROM boats", answer(engine, grammar))


def test_a_neighbour_without_a_grammar_answers_as_if_alone(engine: Engine) -> None:
    alone = answer(engine, None)
    held = engine.submit(Request(PROMPT, max_tokens=40, constraint=Constraint("regex", "dock|meter")))
    free = engine.submit(Request(PROMPT, max_tokens=40))
    assert held.wait().text in ("dock", "meter")
    assert free.wait().text == alone


def test_a_grammar_that_cannot_be_read_fails_in_words_and_the_engine_lives_on(engine: Engine) -> None:
    with pytest.raises(LabError, match=r"stopped in the middle \(Check failed"):
        answer(engine, Constraint("json_schema", '{"type": 7}'))
    assert answer(engine, Constraint("regex", "dock|meter")) in ("dock", "meter")


@pytest.mark.parametrize(
    "data",
    [None, {}, {"regex": ""}, {"regex": 3}, {"json_schema": "x"}, {"magic": "x"}, {"regex": "a", "grammar": "b"}],
)
def test_a_constraint_that_makes_no_sense_is_refused_with_its_place(data: object) -> None:
    with pytest.raises(BadInput, match=r"style\.yaml: constraint"):
        read_constraint(data, "style.yaml: constraint")
