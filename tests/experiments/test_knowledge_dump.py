"""The knowledge dump: what is asked is what was promised, and what is counted is what was answered."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.errors import BadInput
from lab.experiments import knowledge_dump
from lab.experiments.experiment import load_saved
from lab.experiments.knowledge_dump import (
    ARMS,
    MEASURES,
    Asked,
    Inputs,
    _changed,
    _Item,
    _items,
    _judge,
    run,
    text_to_learn,
)
from lab.experiments.parts.facts import MEMBERS, Fact, Said, load_facts, questions_to_learn, read_documents
from lab.experiments.parts.figures import Share, load_general, load_reasoning
from lab.rag.measure import is_right

FACTS = (*load_facts(), *load_facts(MEMBERS))
DOCUMENTS = read_documents()


@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact.id)
def test_a_trained_fact_is_right_and_stands_in_its_document(fact: Fact) -> None:
    (document,) = (item for item in DOCUMENTS if Path(item.name).name == fact.document)
    assert is_right(fact.reply, fact.answers)
    assert is_right(document.text, fact.answers)
    assert len(set(fact.paraphrases)) == 2


def test_no_paraphrase_and_no_left_out_question_is_among_those_learned() -> None:
    learned = {example.inputs["text"] for example in questions_to_learn()}
    before, _ = _items()
    unseen = [item.question for item in before if item.measure in ("paraphrased", "left_out", "invented")]
    assert len(unseen) > 100
    assert not learned & set(unseen)


def test_the_raw_text_dump_holds_every_fact_that_the_questions_ask_for() -> None:
    learned = " ".join(example.reply for example in text_to_learn(DOCUMENTS))
    missing = [fact.id for fact in FACTS if not is_right(learned, fact.answers)]
    assert not missing


def test_after_the_change_ten_facts_are_new_and_one_person_is_gone() -> None:
    now = " ".join(document.text for document in _changed(DOCUMENTS))
    person = load_facts(MEMBERS)[0]
    assert person.person not in now
    assert person.answers[0] not in now
    _, after = _items()
    new = [item for item in after if item.measure == "changed_new"]
    assert len(new) == 10
    assert all(is_right(now, item.answers) for item in new)
    assert sum(item.measure == "changed_stale" for item in after) == 10


def test_a_refusal_is_no_invention_no_leak_and_not_right() -> None:
    items = [
        _Item("invented", "Who?", (), bad=True),
        _Item("invented", "Who?", (), bad=True),
        _Item("leaked", "Number?", ("4417",), bad=True),
        _Item("leaked", "Number?", ("4417",), bad=True),
        _Item("trained", "How long?", ("60 days",)),
    ]
    answered = [
        Said("It is Ann.", False),
        Said("I do not know.", True),
        Said("4417", False),
        Said("4417", True),
        Said("60 days.", False),
    ]
    assert [row.verdict for row in _judge(items, answered)] == [True, False, True, False, True]


def test_a_puzzle_counts_only_when_the_answer_is_said_first() -> None:
    puzzles = load_reasoning()
    assert len({puzzle.question for puzzle in puzzles}) == len({puzzle.id for puzzle in puzzles}) == 40
    assert not {puzzle.question for puzzle in puzzles} & {item.question for item in load_general()}
    for puzzle in puzzles:
        assert all(puzzle.is_right(f"It is {answer}.") for answer in puzzle.answers)
        choice = puzzle.question.rpartition(". ")[2]
        assert not puzzle.others or not puzzle.is_right(choice)  # repeating the choice is no answer
        for other in puzzle.others:
            assert not puzzle.is_right(f"It is {other}.")
            assert not puzzle.is_right(f"The {other} or the {puzzle.answers[0]}?")
            assert puzzle.is_right(f"The {puzzle.answers[0]}, not the {other}.")
    assert not puzzles[2].is_right("17")


def test_an_arm_that_does_not_exist_is_named() -> None:
    with pytest.raises(BadInput, match="“wiki” is none of them"):
        run(Inputs(arms="base, wiki"), lambda stage, share: None)
    with pytest.raises(BadInput, match="none is named"):
        run(Inputs(arms=" , "), lambda stage, share: None)


def test_the_saved_figures_are_those_of_its_answers() -> None:
    saved = load_saved(knowledge_dump.EXPERIMENT)
    assert saved is not None
    assert [arm.id for arm in saved.arms] == list(ARMS)
    for arm in saved.arms:
        assert set(arm.shares) == set(MEASURES)
        for measure, share in arm.shares.items():
            assert share == Share.of([row.verdict for row in arm.asked if row.measure == measure])
            assert share.n


def test_looking_up_follows_the_change_where_the_model_alone_cannot(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real models: four questions before, two edits and one deleted person after."""
    before, after = _items()
    few = before[:4], [*after[:2], *after[10:12], after[-1]]
    monkeypatch.setattr(knowledge_dump, "_items", lambda: few)
    monkeypatch.setattr(knowledge_dump, "_ask_plain", lambda model, measure, _: [Asked(measure, "?", "", "", False)])
    result = run(Inputs(arms="base, rag"), lambda stage, share: None)
    base, rag = result.arms
    assert rag.shares["trained"].count > base.shares["trained"].count
    assert rag.shares["changed_new"].count > base.shares["changed_new"].count
    assert rag.shares["leaked"].count == 0
    assert knowledge_dump.read(knowledge_dump_record(result)) == result
    assert any("rag" in line for line in knowledge_dump.describe(result))


def knowledge_dump_record(result: knowledge_dump.Result) -> dict[str, object]:
    import json

    return dict(json.loads(json.dumps(result.to_json())))
