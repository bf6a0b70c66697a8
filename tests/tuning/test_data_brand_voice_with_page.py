"""The voice-with-page data: pages of other trades, replies that say what they say, and the judge that compares."""

from __future__ import annotations

import re
from collections import Counter
from types import ModuleType
from typing import Any

import pytest

from lab.errors import BadInput
from lab.rag.measure import is_right, load_questions, normalise
from lab.rag.words import content_stems
from lab.settings import SAMPLE_DATA
from lab.tuning.checks.facts import ContainsGold
from lab.tuning.styles import Style, check_reply, judge_content, load_examples, load_style, messages_for
from tests.tuning.generated import SPLITS, load_generator, read_splits

PAIRS = [("train", "dev"), ("train", "test"), ("dev", "test")]
JUDGE = ContainsGold(unknown=("checking", "finding out"))


@pytest.fixture(scope="module")
def style() -> Style:
    return load_style("brand-voice-with-page")


@pytest.fixture(scope="module")
def data(style: Style) -> dict[str, list[dict[str, Any]]]:
    return read_splits(style.folder)


@pytest.fixture(scope="module")
def generator(style: Style) -> ModuleType:
    return load_generator(style.folder)


def collection_answers() -> set[str]:
    files = sorted((SAMPLE_DATA / "collections").glob("*/questions-*.jsonl"))
    assert len(files) >= 6
    parts = [part for file in files for question in load_questions(file) for part in question.parts]
    return {normalise(answer) for part in parts for answer in part.answers}


def test_each_file_has_its_size_and_ids_in_order(data: dict[str, list[dict[str, Any]]]) -> None:
    assert [len(data[split]) for split in SPLITS] == [1000, 60, 60]
    for split, digits in (("train", 4), ("dev", 3), ("test", 3)):
        wanted = [f"{split}-{place:0{digits}d}" for place in range(1, len(data[split]) + 1)]
        assert [line["id"] for line in data[split]] == wanted


def test_the_generator_writes_the_committed_bytes(style: Style, generator: ModuleType) -> None:
    for name, text in generator.make_all().items():
        assert (style.folder / name).read_text(encoding="utf-8") == text, f"run make_data.py again: {name} differs"


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("key", ["topic", "template", "text", "message", "reply", "first_name"])
def test_no_trade_template_page_question_or_name_is_met_again_in_another_split(
    data: dict[str, list[dict[str, Any]]], one: str, other: str, key: str
) -> None:
    assert not {line[key] for line in data[one]} & {line[key] for line in data[other]}


def test_there_are_many_facts_and_each_is_asked_in_many_ways(data: dict[str, list[dict[str, Any]]]) -> None:
    facts = {split: Counter(line["template"] for line in lines) for split, lines in data.items()}
    assert len(facts["train"]) >= 100
    assert min(len(facts["dev"]), len(facts["test"])) >= 14
    asked = {
        template: {line["message"] for line in data["train"] if line["template"] == template}
        for template in facts["train"]
    }
    assert min(len(messages) for messages in asked.values()) >= 3
    assert len({line["message"] for line in data["train"]}) >= 600


def test_a_good_part_of_the_questions_share_no_word_with_the_sentence_that_answers_them(
    data: dict[str, list[dict[str, Any]]],
) -> None:
    answered = [line for line in data["train"] if line["gold"]]
    apart = []
    for line in answered:
        body = line["text"].split(": ", 1)[1]
        apart.append(not set(content_stems(body)) & set(content_stems(line["message"])))
    assert sum(apart) / len(apart) >= 0.1


@pytest.mark.parametrize("split", SPLITS)
def test_every_written_reply_keeps_the_voice_and_says_what_its_page_says(style: Style, split: str) -> None:
    for example in load_examples(style.folder / f"{split}.jsonl", style, with_replies=True):
        broken = [rule.reason for rule in check_reply(style, example.inputs, example.reply) if not rule.passed]
        assert not broken, f"{example.id}: {broken}"
        verdict = judge_content(style, example.inputs, example.reply, example.gold)
        assert verdict is not None
        assert verdict.passed, f"{example.id}: {verdict.reason}"


@pytest.mark.parametrize("split", SPLITS)
def test_the_right_figure_stands_on_the_page_and_some_pages_are_about_something_else(
    data: dict[str, list[dict[str, Any]]], split: str
) -> None:
    answered = [line for line in data[split] if line["gold"]]
    assert 0.05 <= 1 - len(answered) / len(data[split]) <= 0.25
    for line in answered:
        assert is_right(line["text"], line["gold"]), line["id"]


def test_a_page_that_does_not_answer_is_not_one_that_answers_the_same_question_elsewhere(
    data: dict[str, list[dict[str, Any]]],
) -> None:
    right = {(line["text"], line["message"]) for split in SPLITS for line in data[split] if line["gold"]}
    silent = [(line["text"], line["message"]) for split in SPLITS for line in data[split] if not line["gold"]]
    assert silent
    assert not right & set(silent)


def test_a_page_about_another_item_names_another_one_than_the_question(
    data: dict[str, list[dict[str, Any]]], generator: ModuleType
) -> None:
    facts = [*generator.TRAIN_FACTS, *generator.DEV_FACTS, *generator.TEST_FACTS]
    by_template = {f"{fact.trade}: {fact.pages[0]} → {fact.gold[0]}": fact for fact in facts}
    near_misses = 0
    for line in (line for split in SPLITS for line in data[split] if not line["gold"]):
        fact = by_template[line["template"]]
        title = re.sub(r"\\{\w+\\}", ".+", re.escape(fact.title))
        if re.match(f"{title}: ", line["text"]):
            asked = [item for item in fact.items if item.casefold() in line["message"].casefold()]
            assert asked, line["id"]
            assert not any(re.search(rf"\b{item}\b", line["text"], re.IGNORECASE) for item in asked), line["id"]
            near_misses += 1
    assert near_misses >= 20


def test_no_fact_of_a_shipped_collection_can_be_learned_from_it(data: dict[str, list[dict[str, Any]]]) -> None:
    answers = collection_answers()
    names = [answer for answer in answers if " " in answer and not re.search(r"\d", answer)]
    assert len(answers) > 150
    for split in SPLITS:
        for line in data[split]:
            assert not {normalise(gold) for gold in line["gold"]} & answers, f"{line['id']}: {line['gold']}"
            said = normalise(f"{line['text']} {line['message']} {line['reply']}")
            assert not re.search(r"tarnmoor|fernwick|quillhaven", said), line["id"]
            told = [name for name in names if re.search(rf"\b{re.escape(name)}\b", said)]
            assert not told, f"{line['id']}: {told}"


def test_the_rules_are_those_of_the_voice_that_was_trained_without_pages(style: Style) -> None:
    voice = load_style("brand-voice")
    assert [(rule.id, rule.check) for rule in style.rules] == [(rule.id, rule.check) for rule in voice.rules]
    assert (style.system, style.max_tokens) == (voice.system, voice.max_tokens)
    message = {"first_name": "Bo", "message": "Is it open?"}
    [*_, (_, without)] = messages_for(voice, message)
    [*_, (_, with_page)] = messages_for(style, {**message, "text": "Hours: It is open."})
    assert with_page == f"Text: Hours: It is open.\n\n{without}"


def test_the_examples_shown_in_the_prompt_keep_the_rules_themselves(style: Style) -> None:
    assert len(style.few_shot) == 3
    for shot in style.few_shot:
        assert all(rule.passed for rule in check_reply(style, shot.inputs, shot.reply))


@pytest.mark.parametrize(
    ("reply", "gold", "passed"),
    [
        ("Hi Bo, it costs £4.50 a day.", ["£4.50"], True),
        ("Hi Bo, it costs £14.50 a day.", ["£4.50"], False),
        ("Hi Bo, you have 15 days.", ["5 days", "five days"], False),
        ("Hi Bo, you have Five  days!", ["5 days", "five days"], True),
        ("Hi Bo, that is £1,150.", ["£1150"], True),
        ("Hi Bo, ask for Odette Farrow.", ["Odette Farrow"], True),
        ("Hi Bo, ask for Odette.", ["Odette Farrow"], False),
        ("", ["5 days"], False),
    ],
)
def test_a_reply_says_the_page_s_figure_only_when_it_stands_there_whole(
    reply: str, gold: list[str], passed: bool
) -> None:
    verdict, reason = JUDGE({"first_name": "Bo", "message": "How much?"}, reply, gold)
    assert verdict is passed
    assert gold[0] in reason or passed


@pytest.mark.parametrize(
    ("reply", "passed", "says"),
    [
        ("Hi Bo, I'm checking that for you.", True, "not known yet"),
        ("Hi Bo, I'm checking whether 2 tents fit.", True, "not known yet"),
        ("Hi Bo, it costs £9. I'm checking the rest.", False, "Says 9"),
        ("Hi Bo, it is lovely.", False, "Does not say that the answer is not on the page"),
    ],
)
def test_where_the_page_is_silent_a_reply_must_own_up_and_invent_no_number(reply: str, passed: bool, says: str) -> None:
    verdict, reason = JUDGE({"first_name": "Bo", "message": "Do 2 tents fit?"}, reply, [])
    assert verdict is passed
    assert says in reason


@pytest.mark.parametrize("gold", ["£4", None, [4], [" "]])
def test_a_right_answer_of_the_wrong_kind_is_refused(gold: Any) -> None:
    with pytest.raises(BadInput, match="gold must be a list of texts"):
        JUDGE({"message": "How much?"}, "£4", gold)
