"""Each kind of rule, at its edges: what passes, what fails, and the line that says why."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.tuning.checks import CHECKS, normalise
from lab.tuning.checks.words import Avoids, EndsWithQuestion, GreetsByName, WordCount, shares_content_word
from lab.tuning.styles import list_styles, load_style

AMELIE = {"first_name": "Amélie", "message": "Where is my tent?"}
GREETING = GreetsByName(("Hi", "Hello"))


@pytest.mark.parametrize(
    "reply",
    [
        "Hi Amélie, here it is.",
        "  Hi Amélie, here it is.",
        "Hello Amélie, here it is.",
        unicodedata.normalize("NFD", "Hi Amélie, here it is."),  # e and a combining accent
        "Hi\u00a0Amélie, with a hard space",
    ],
)
def test_a_greeting_with_the_exact_name_and_a_comma_passes(reply: str) -> None:
    assert GREETING(AMELIE, reply) == (True, f"Begins with “{reply.split()[0]} Amélie,”")


@pytest.mark.parametrize(
    "reply", ["Hi Amelie, here", "hi Amélie, here", "Hi Amélie! here", "Hi Amélie here", "Oh. Hi Amélie, here", ""]
)
def test_another_name_case_mark_or_place_is_no_greeting(reply: str) -> None:
    passed, reason = GREETING(AMELIE, reply)
    assert not passed
    assert reason.endswith("instead of “Hi Amélie, or Hello Amélie,”")


def test_a_curly_apostrophe_in_a_name_meets_a_straight_one() -> None:
    assert GREETING({"first_name": "D'Arcy"}, "Hi D’Arcy, hello")[0]
    assert GREETING({"first_name": " Mary  Jane "}, "Hi Mary Jane, hello")[0]


@pytest.mark.parametrize(
    ("words", "passed", "reason"),
    [
        (14, False, "14 words; at least 15 are asked for"),
        (15, True, "15 words"),
        (60, True, "60 words"),
        (61, False, "61 words; at most 60 are allowed"),
        (0, False, "0 words; at least 15 are asked for"),
    ],
)
def test_the_word_count_includes_both_ends(words: int, passed: bool, reason: str) -> None:
    assert WordCount(15, 60)(AMELIE, "word " * words) == (passed, reason)


def test_dashes_and_dots_by_themselves_are_no_words() -> None:
    assert WordCount(1, 9)(AMELIE, "two-burner – it's … 100% £5 !") == (True, "4 words")


@pytest.mark.parametrize(
    "reply", ["Which one?", "Which one? ", "“Which one?”", "(Which one?)", "Really?!?", "Which?**"]
)
def test_a_question_at_the_end_passes(reply: str) -> None:
    assert EndsWithQuestion()(AMELIE, reply) == (True, "Ends with a question mark")


@pytest.mark.parametrize("reply", ["Which one? Thanks.", "Which one?!", "Which one", "?.", "", "  "])
def test_anything_after_the_question_fails(reply: str) -> None:
    assert not EndsWithQuestion()(AMELIE, reply)[0]


@pytest.mark.parametrize(
    ("phrase", "reply"),
    [
        ("sorry", "So Sorry, truly"),
        ("we'll", "We’ll see"),
        ("we’ll", "we'll see"),
        ("as per", "As\n per your note"),
        ("100%", "It is 100% wool"),
        ("100%", "(100%)"),
        ("do not hesitate", "Please DO NOT HESITATE."),
        ("unable", "un—unable"),
    ],
)
def test_a_banned_phrase_is_found_whatever_its_case_spacing_and_apostrophe(phrase: str, reply: str) -> None:
    assert Avoids(("other", phrase))(AMELIE, reply) == (False, f"Says “{phrase}”")


@pytest.mark.parametrize(
    ("phrase", "reply"),
    [
        ("policy", "policyholder"),
        ("dear", "endearing, dearly"),
        ("per our", "paper ours"),
        ("100%", "2100% and 100%x"),
        ("will be", "Will, be quick"),
        ("I'll", "ill"),
        ("never", ""),
    ],
)
def test_a_part_of_another_word_is_not_a_banned_phrase(phrase: str, reply: str) -> None:
    assert Avoids((phrase,))(AMELIE, reply) == (True, "Says none of them")


def test_every_banned_phrase_that_occurs_is_named() -> None:
    assert Avoids(("a b", "c", "d"))(AMELIE, "d a b")[1] == "Says “a b”, “d”"


@given(st.text(max_size=200))
def test_no_reply_breaks_a_check_and_every_reason_is_one_line(reply: str) -> None:
    for check in (GREETING, WordCount(1, 5), EndsWithQuestion(), Avoids(("a", "we'll", "("))):
        _, reason = check(AMELIE, reply)
        assert reason
        assert len(reason.splitlines()) == 1


@given(st.text(max_size=100))
def test_normalising_twice_changes_nothing(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


def test_a_reply_about_the_message_shares_a_content_word_with_it() -> None:
    assert shares_content_word(AMELIE, "Hi Amélie, which tents do you like?")
    assert not shares_content_word(AMELIE, "Hi Amélie, where are you going with that?")
    assert not shares_content_word(AMELIE, "")


def test_every_kind_of_check_is_used_by_a_shipped_behaviour() -> None:
    used = {rule.kind for name in list_styles() for rule in load_style(name).rules}
    assert set(CHECKS) == used
