"""Support: which sentence rests on which passage, what a question asks for, and when it is better not to answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab.rag.asked import asked_for, core, holds, names
from lab.rag.index import Hit
from lab.rag.split import Chunk
from lab.rag.support import AnswerabilityRule, answerable, cite, content_words, supports

PASSAGE = "Repairs workshop, Prices: Resoling a pair of leather boots costs £68 and takes five weeks at Fellgate."


def hit(text: str, rank: int = 1, score: float = 0.8, heading: tuple[str, ...] = ()) -> Hit:
    chunk = Chunk(f"a.md#{rank}", "a.md", "Shop", heading, 0, len(text), text)
    return Hit(rank, chunk, score, chunk.indexed_text)


@pytest.mark.parametrize(
    "sentence",
    [
        "Resoling leather boots costs £68.",
        "The boots are resoled for 68 pounds.",
        "It takes 5 weeks to resole boots.",
        "Leather boots are resoled at Fellgate.",
        "£68.",
    ],
)
def test_a_true_sentence_is_supported(sentence: str) -> None:
    assert supports(sentence, PASSAGE).supported


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("Resoling leather boots costs £86.", "86"),
        ("Resoling takes six weeks.", "6"),
        ("Boots are resoled at Harrowby Quay.", "harrowby"),
        ("Ask for batch EK7 of leather boots.", "ek7"),
    ],
)
def test_a_swapped_number_or_name_is_not_supported_and_is_named(sentence: str, missing: str) -> None:
    support = supports(sentence, PASSAGE)
    assert not support.supported
    assert missing in support.missing


def test_a_sentence_about_something_else_or_about_nothing_is_not_supported() -> None:
    assert not supports("Gloves and scarves are sold in winter.", PASSAGE).supported
    assert not supports("Yes, it is.", PASSAGE).supported
    assert supports("Yes, it is.", PASSAGE).share == 0.0


def test_each_sentence_cites_the_passage_that_supports_it_best() -> None:
    hits = [hit("A new zip slider costs £9."), hit("A fabric patch costs £7.50.", 2)]
    answer = "A zip slider costs £9. A patch costs £7.50. Lovely weather today in Rome."
    cited = cite(answer, hits)
    assert [sentence.number for sentence in cited] == [1, 2, None]
    assert [answer[sentence.start : sentence.end] for sentence in cited][1] == "A patch costs £7.50."
    assert cite("", hits) == ()


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who is the manager?", "person"),
        ("Whose drawing is on the card?", "person"),
        ("How much does it cost?", "money"),
        ("What is the price of an alarm?", "money"),
        ("What discount do students get?", "money"),
        ("How long is the warranty?", "time"),
        ("When do you open?", "time"),
        ("What time does it shut?", "time"),
        ("How many points do I earn?", "number"),
        ("How far away is it?", "number"),
        ("Where is the shop?", None),
        ("Can I bring my dog?", None),
    ],
)
def test_the_kind_of_answer_is_told_by_the_questions_words(question: str, kind: str | None) -> None:
    assert asked_for(question) == kind


def test_a_passage_holds_the_kind_only_when_it_says_something_new() -> None:
    assert holds("person", "Delphine Marsh is the manager.", "Who is the manager?")
    assert not holds("person", "The Harrowby Quay shop is by the sea.", "Who manages Harrowby Quay?")
    assert holds("money", "It costs £9.", "How much?")
    assert holds("money", "It is free.", "How much?")
    assert not holds("money", "It weighs 9 kg.", "How much?")
    assert holds("time", "Come on Sundays.", "When?")
    assert holds("number", "Bring 12 pegs.", "How many pegs?")
    assert not holds("number", "Bring one of the pegs.", "How many pegs?")


def test_names_are_capitalised_words_that_do_not_only_begin_a_sentence() -> None:
    assert names("Delphine Marsh runs it. Boots are sold. The Fell Lantern Project helps, says Ann.") == [
        "Delphine Marsh",
        "The Fell Lantern Project",
        "Ann",
    ]


def test_the_story_before_a_question_is_not_what_it_asks() -> None:
    assert core("I finish work late, what time does the shop shut?") == "what time does the shop shut?"
    assert core("Can I bring a dog?") == "Can I bring a dog?"


def test_a_near_miss_is_refused_and_a_match_is_not() -> None:
    counts = {"warranty": 3, "jacket": 4, "glov": 1, "tarnmoor": 9, "cover": 5}
    hits = [
        hit("Tarnmoor jackets are covered for six years by the warranty.", 1, 0.78),
        hit("Tarnmoor boots are covered for 18 months.", 2, 0.76),
    ]
    good = answerable("How long is the warranty on a Tarnmoor jacket?", hits, k=1, word_counts=counts, chunk_count=400)
    near = answerable("How long is the warranty on Tarnmoor gloves?", hits, k=1, word_counts=counts, chunk_count=400)
    assert good.decision
    assert near.missing == ("glov",)
    assert good.score > near.score
    strict = answerable(
        "How long is the warranty on Tarnmoor gloves?",
        hits,
        AnswerabilityRule(threshold=6.0),
        k=1,
        word_counts=counts,
        chunk_count=400,
    )
    assert not strict.decision
    assert "leaves out a word" in strict.reason


def test_each_refusal_has_its_reason() -> None:
    assert "no passages" in answerable("Who?", []).reason
    assert "anything like it" in answerable("Zebra quantum?", [hit("A zip costs £9.", score=0.05)]).reason
    assert (
        "asks for a name" in answerable("Who teaches it?", [hit("It costs £9.", score=0.4), hit("No.", 2, 0.4)]).reason
    )
    close = [hit("It costs £9 here.", 1, 0.3), hit("It costs £8 there.", 2, 0.3)]
    assert "equally close" in answerable("How much is it?", close).reason


def test_content_words_are_distinct_and_in_order() -> None:
    assert content_words("The tent, the tents and twenty tents") == ("tent", "20")


def test_between_the_two_thresholds_it_answers_with_a_warning() -> None:
    rule = AnswerabilityRule()
    question = "How many pegs come with the tent?"
    hits = (hit("Twelve pegs come with the tent.", 1, 0.75), hit("The tent is green.", 2, 0.3))
    sure = answerable(question, hits, rule)
    assert (sure.decision, sure.sure) == (True, True)
    careful = answerable(question, hits, replace(rule, threshold=sure.score - 1, sure=sure.score + 1))
    assert (careful.decision, careful.sure) == (True, False)
    strict = answerable(question, hits, replace(rule, threshold=sure.score + 1, sure=sure.score + 2))
    assert (strict.decision, strict.sure) == (False, False)
