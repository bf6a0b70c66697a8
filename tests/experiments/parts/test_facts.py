"""The facts that experiments share: drawn by a seed, judged the same for weights and index, read from the real files."""

from __future__ import annotations

from pathlib import Path

import pytest
from langchain_core.messages import BaseMessage

from lab.errors import BadInput
from lab.experiments.parts import facts
from lab.experiments.parts.facts import (
    MEMBERS,
    Said,
    ask_index,
    ask_weights,
    draw_facts,
    load_facts,
    questions_to_learn,
    set_up_index,
    update_index,
)
from tests.experiments.fake_lab import no_models, quoting
from tests.rag.conftest import ScriptedModel


def test_the_seed_decides_which_facts_are_drawn_and_some_are_always_there() -> None:
    def ids(seed: int) -> list[str]:
        return [fact.id for fact in draw_facts(12, seed, always=["edit-03", "member-1"])]

    assert len(set(ids(0))) == 12
    assert {"edit-03", "member-1"} <= set(ids(0)) & set(ids(1))
    assert ids(0) == ids(0)
    assert ids(0) != ids(1)
    assert len(draw_facts(46, 0)) == len(load_facts()) + len(load_facts(MEMBERS)) == 46


@pytest.mark.parametrize("n", [1, 47])
def test_a_number_of_facts_that_there_are_not_is_refused(n: int) -> None:
    with pytest.raises(BadInput, match=f"Facts is {n}; choose from 2 to 46"):
        draw_facts(n, 0)


def test_what_is_told_is_right_and_no_refusal() -> None:
    assert Said("It costs £34.", refused=False).tells(["£34"])
    assert not Said("It costs £34.", refused=True).tells(["£34"])
    assert not Said("It costs £340.", refused=False).tells(["£34"])


def test_weights_are_asked_in_the_words_of_training_and_each_question_once() -> None:
    seen = []

    def reply(messages: list[BaseMessage]) -> str:
        seen.append([str(message.text) for message in messages])
        return "I do not know that." if len(seen) == 1 else "£5"

    said = ask_weights(ScriptedModel(reply=reply), ["A?", "B?", "A?"])
    assert seen == [
        ["You answer customers of Tarnmoor Outfitters.", "A?"],
        ["You answer customers of Tarnmoor Outfitters.", "B?"],
    ]
    assert [item.refused for item in said] == [True, False, True]


def test_the_index_tells_a_fact_and_the_page_it_stands_on(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    found = set_up_index()
    assert found.seconds > 0
    assert {Path(document.name).name for document in found.documents} >= {fact.document for fact in draw_facts(46, 0)}
    wanted = [fact for fact in load_facts() if fact.id in ("dev-024", "edit-03")]
    said = ask_index(found.index, quoting(), [fact.question for fact in wanted])
    assert [item.document for item in said] == [fact.document for fact in wanted]
    assert all(item.tells(fact.answers) for item, fact in zip(said, wanted, strict=True))
    fewer, seconds = update_index(found.index, found.documents[:3])
    assert {chunk.document for chunk in fewer.chunks} == {document.name for document in found.documents[:3]}
    assert seconds > 0


def test_every_fact_is_learned_in_its_own_words() -> None:
    (fact,) = (fact for fact in load_facts() if fact.id == "edit-03")
    (example,) = questions_to_learn([fact])
    assert (example.inputs["text"], example.reply) == (fact.question, fact.reply)
    assert len(questions_to_learn()) == 46
    assert facts.FOLDER.is_dir()
