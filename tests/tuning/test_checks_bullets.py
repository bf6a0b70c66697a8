"""The rules for a reply in bullets, at their edges, and the judge that asks whether the bullets are about the text."""

from __future__ import annotations

import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.errors import BadInput
from lab.tuning.checks import CHECKS, CONTENT
from lab.tuning.checks.bullets import BulletCount, BulletLength, CoversText, DistinctBullets, Grounded
from lab.tuning.schema import Fields

TEXT = {
    "text": "Morning all. The north boiler was switched off on Thursday at 9:30 after a leak in the cellar. "
    "Nobody was hurt. Fitting a new one costs £1,200, says Brónagh O'Dell. "
    "Until then six heaters stand in Harbour Hall."
}
GOLD = ["north boiler", "costs £1,200", "heaters"]
RIGHT = (
    "- The north boiler was switched off on Thursday.\n- A new one costs £1,200.\n- Six heaters stand in Harbour Hall."
)
COUNT, LENGTH, GROUNDED, DISTINCT = BulletCount(3), BulletLength(3, 8), Grounded(80), DistinctBullets(75)
COVERS = CoversText(2)


def test_a_right_summary_keeps_every_rule_and_is_about_the_text() -> None:
    assert COUNT(TEXT, RIGHT) == (True, "3 bullets")
    assert LENGTH(TEXT, RIGHT) == (True, "Bullets of 5 to 8 words")
    assert GROUNDED(TEXT, RIGHT) == (True, "10 of 10 content words are in the text, and every number and name")
    assert DISTINCT(TEXT, RIGHT) == (True, "No two bullets say the same")
    assert COVERS(TEXT, RIGHT, GOLD) == (True, "Takes up 3 different sentences and names 3 of 3 key facts")


@pytest.mark.parametrize("reply", ["- a\n- b\n- c", "  - a\n\n- b\r\n- c\n\n", "- a\r- b\r- - c"])
def test_three_lines_with_a_hyphen_and_a_space_are_three_bullets(reply: str) -> None:
    assert COUNT(TEXT, reply) == (True, "3 bullets")


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "The reply is empty"),
        (" \n\n ", "The reply is empty"),
        ("- a\n- b", "2 bullets; exactly 3 are asked for"),
        ("- a", "1 bullet; exactly 3 are asked for"),
        ("- a\n- b\n- c\n- d", "4 bullets; exactly 3 are asked for"),
        ("Here you are:\n- a\n- b\n- c", "3 bullets and the line “Here you are:”, which does not begin with “- ”"),
        ("- a\n- b\n- c\nThat is all.", "3 bullets and the line “That is all.”, which does not begin with “- ”"),
        ("- a\n- b\n-c", "2 bullets and the line “-c”, which does not begin with “- ”"),
        ("- a\n- b\n  - c", "2 bullets and the line “- c”, which does not begin with “- ”"),
        ("- a\n- b\n-  ", "2 bullets and the line “-”, which does not begin with “- ”"),
        ("• a\n• b\n• c", "0 bullets and the line “• a”, which does not begin with “- ”"),
        ("1. a\n2. b\n3. c", "0 bullets and the line “1. a”, which does not begin with “- ”"),
        ("– a\n– b\n– c", "0 bullets and the line “– a”, which does not begin with “- ”"),
        ("- a - b - c", "1 bullet; exactly 3 are asked for"),
    ],
)
def test_another_number_of_bullets_or_anything_round_them_fails(reply: str, reason: str) -> None:
    assert COUNT(TEXT, reply) == (False, reason)


@pytest.mark.parametrize(
    ("words", "passed", "reason"),
    [
        (2, False, "Bullet 2 has 2 words; 3 to 8 are asked for"),
        (3, True, "Bullets of 3 to 4 words"),
        (8, True, "Bullets of 4 to 8 words"),
        (9, False, "Bullet 2 has 9 words; 3 to 8 are asked for"),
        (1, False, "Bullet 2 has 1 word; 3 to 8 are asked for"),
    ],
)
def test_the_length_of_a_bullet_includes_both_ends(words: int, passed: bool, reason: str) -> None:
    assert LENGTH(TEXT, f"- one two three four\n- {'word ' * words}") == (passed, reason)


def test_marks_are_no_words_and_a_wrong_list_mark_is_none_either() -> None:
    assert LENGTH(TEXT, "1. two-burner – it's … 5 !") == (True, "Bullets of 3 to 3 words")
    assert LENGTH(TEXT, " \n") == (False, "The reply is empty")


@pytest.mark.parametrize(
    "reply",
    [
        "- The boiler was switched off at 9.30",  # 9:30 in the text
        "- It costs £1200, said Brónagh",
        unicodedata.normalize("NFD", "- It costs £1,200, says Brónagh O’Dell"),
        "- 6 heaters stand in the hall",  # six in the text
        "- SIX HEATERS stand. Heaters stand",
        "- Thursday's leak in the cellar",
        "- Cellar leaks: boilers switched off",  # other endings
        "The north boiler was switched off",  # no bullet, which is for another rule to say
        "2. The north boiler was switched off",  # the number of a list is no number of the reply
    ],
)
def test_what_the_text_bears_out_is_grounded(reply: str) -> None:
    passed, reason = GROUNDED(TEXT, reply)
    assert passed, reason


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("- The boiler was switched off at 9:40", "The number “9.40” is not in the text"),
        ("- Five heaters stand in the hall", "The number “5” is not in the text"),
        ("- 12 heaters stand in the hall", "The number “12” is not in the text"),
        ("- The boiler was switched off on Friday", "The name “Friday” is not in the text"),
        ("- The heaters stand in Market Hall", "The name “Market” is not in the text"),
        ("- The boiler was switched off by NASA", "The name “NASA” is not in the text"),
        ("- The boiler exploded and flooded everything", "3 of 4 content words are not in the text, e.g. “exploded”"),
        ("- it is so", "There is no content word that the text could bear out"),
        ("", "The reply is empty"),
        ("-\n- ", "The reply is empty"),
    ],
)
def test_the_reason_names_what_the_text_does_not_say(reply: str, reason: str) -> None:
    assert GROUNDED(TEXT, reply) == (False, reason)


def test_the_share_of_content_words_is_counted_over_the_whole_reply() -> None:
    reply = "- The north boiler leaked\n- Heaters stand in the hall\n- The cellar exploded"  # 1 of 7 is made up
    assert Grounded(80)(TEXT, reply)[0]
    assert not Grounded(90)(TEXT, reply)[0]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("- The boiler leaks.\n- Something else.\n- the boiler leaks", "Bullets 1 and 3 say the same"),
        ("- The north boiler is off.\n- Off is the boiler, the north one.", "Bullets 1 and 2 say the same"),
        ("- Off it is\n- Off it is!", "Bullets 1 and 2 say the same"),
        ("- only one", "There are no two bullets to compare"),
        ("", "The reply is empty"),
        ("- a\n" * 51, "51 bullets; more than 50 are not compared"),
    ],
)
def test_bullets_that_say_the_same_are_named(reply: str, reason: str) -> None:
    assert DISTINCT(TEXT, reply) == (False, reason)


def test_bullets_that_differ_in_a_number_or_in_most_words_are_distinct() -> None:
    assert DISTINCT(TEXT, "- The boiler costs 1200\n- The boiler weighs 300")[0]
    assert DISTINCT(TEXT, "- It is 9\n- It is 8")[0]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "The reply is empty"),
        ("- The weather is lovely today", "Bullet 1 takes up no sentence of the text"),
        (
            "- The north boiler was switched off\n- A leak in the cellar on Thursday",
            "Two bullets come from the same sentence of the text",
        ),
        (
            "- Six heaters in the Hall\n- The north wind froze a boiler",
            "Takes up 2 different sentences and names 2 of 3 key facts",
        ),
        ("- Six heaters in Harbour Hall", "Names 1 of 3 key facts; left out “north boiler”"),
        ("- a\n" * 51, "51 bullets; more than 50 are not looked at"),
    ],
)
def test_the_judge_says_what_is_missing(reply: str, reason: str) -> None:
    passed, why = COVERS(TEXT, reply, GOLD)
    assert why == reason
    assert passed == reason.startswith("Takes up")


def test_a_bullet_gives_way_when_another_has_only_its_sentence() -> None:
    text = {"text": "Sweet apples and green pears arrive. Sweet apples rot."}
    assert COVERS(text, "- Sweet apples are there\n- Sweet apples rot", None)[0]
    assert not COVERS(text, "- Green pears\n- Pears arrive green", None)[0]


def test_list_entries_and_the_clauses_of_an_endless_sentence_count_as_sentences() -> None:
    rows = {"text": "boiler leaks badly | heaters stand ready * dance class moves"}
    reply = "- The boiler leaks\n- Heaters stand\n- The dance class moves"
    assert COVERS(rows, reply, None) == (True, "Takes up 3 different sentences of the text")
    endless = {"text": "well the boiler leaks now, and so the heaters stand in there, and the dance class moves " * 2}
    assert COVERS(endless, reply, None)[0]


def test_without_key_facts_only_the_sentences_count() -> None:
    assert COVERS(TEXT, "- Six heaters in Harbour Hall", None) == (True, "Takes up 1 different sentences of the text")
    assert not COVERS.needs_gold


@pytest.mark.parametrize("gold", ["north boiler", [], [""], [1], {"a": "b"}, 3])
def test_gold_that_is_no_list_of_phrases_is_refused(gold: object) -> None:
    with pytest.raises(BadInput, match="gold must be a list of key phrases"):
        COVERS(TEXT, RIGHT, gold)


def test_a_key_fact_without_any_content_word_can_still_be_found() -> None:
    assert COVERS({"text": "It is all so and thus ends here."}, "- It all ends: thus", ["ends"])[0] is True


HOSTILE = [
    "",
    "- x\n" * 10_000,
    "- " + "x" * 200_000,
    "-" * 200_000,
    "- " + "1," * 100_000,
    "A'" * 100_000,
    "- \u2028\u2029\x85\x0b\x1c\n" * 60,
    "• a\n◦ b\n‣ c",
    "- \u202e\u0000\ufeff\n- \ud800\n- 🦆",
    "- " + "(" * 50_000 + "Name",
    "\n" * 100_000,
]


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_a_hostile_reply_gets_a_verdict_in_one_line_and_soon(place: int) -> None:
    started = time.perf_counter()
    for check in (COUNT, LENGTH, GROUNDED, DISTINCT):
        _, reason = check(TEXT, HOSTILE[place])
        assert reason
        assert len(reason.splitlines()) == 1
        assert len(reason) < 200
    assert len(COVERS(TEXT, HOSTILE[place], GOLD)[1].splitlines()) == 1
    assert time.perf_counter() - started < 5


@given(st.text(max_size=200), st.text(max_size=200))
def test_no_text_and_no_reply_breaks_a_check(text: str, reply: str) -> None:
    inputs = {"text": text}
    for check in (COUNT, LENGTH, GROUNDED, DISTINCT):
        assert len(check(inputs, reply)[1].splitlines()) == 1
    assert len(COVERS(inputs, reply, None)[1].splitlines()) == 1


def test_the_parameters_are_read_from_a_style_file() -> None:
    assert CHECKS["bullet_count"](Fields({"count": 3}, "f")) == COUNT
    assert CHECKS["bullet_length"](Fields({"minimum": 3, "maximum": 8}, "f")) == LENGTH
    assert CHECKS["grounded"](Fields({"content_share": 80}, "f")) == GROUNDED
    assert CHECKS["distinct_bullets"](Fields({"most_shared": 75}, "f")) == DISTINCT
    assert CONTENT["covers_text"](Fields({"key_facts": 2}, "f")) == COVERS
    assert GROUNDED.needs == ("text",)
    with pytest.raises(BadInput, match="maximum must be a whole number from 3"):
        CHECKS["bullet_length"](Fields({"minimum": 3, "maximum": 2}, "f"))
