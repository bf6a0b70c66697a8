"""Normalising: what a person would call the same thing becomes the same tokens, and nothing else does."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lab.rag.words import content_stems, occurs, stem, tokens


@pytest.mark.parametrize(
    "forms",
    [
        ("21 days", "twenty-one days", "Twenty One  days", "TWENTY-ONE DAYS"),
        ("3,260 items", "3260 items", "three thousand two hundred and sixty items"),
        ("105", "one hundred and five", "a hundred and five", "one hundred five"),
        ("200", "two hundred", "2 hundred"),
        ("12%", "12 %", "12 per cent", "12 percent", "twelve per cent", "12 Per  Cent"),
        ("£5", "£ 5", "£5.00", "5 pounds", "five pounds", "5 pounds sterling", "GBP 5"),
        ("£8.50", "£ 8.50", "£8.5", "8.50 pounds"),
        ("£1,000", "£1000", "one thousand pounds", "1000 pounds"),
        ("€20", "20 euros", "twenty euros"),
        ("$20", "20 dollars", "USD 20"),
        ("5 pm", "5pm", "5:00 pm", "5 p.m.", "5:00 p.m.", "17:00", "five pm", "5.00pm", "17:00 hours"),
        ("8:30 am", "8.30 a.m.", "08:30", "8:30"),
        ("noon", "12 noon", "12:00", "12 pm", "midday"),
        ("midnight", "12 am", "00:00"),
        ("5 kg", "5kg", "five kg"),
        ("60-day", "60 day", "sixty-day", "60‑day"),
        ("Hester Vane’s", "hester vane's"),
        ("97–102 cm", "97-102 cm"),
        ("1\u202f234\u202f567", "1,234,567", "1234567"),
    ],
)
def test_forms_of_the_same_thing_are_equal(forms: tuple[str, ...]) -> None:
    assert {tuple(tokens(form)) for form in forms} == {tuple(tokens(forms[0]))}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 pm", "5 am"),
        ("£5", "5"),
        ("£5", "€5"),
        ("1.5", "15"),
        ("£1.20", "£1.2 million"),
        ("3.10", "3.1"),
        ("-5", "5"),
        ("12a", "12"),
        ("EK7", "7"),
        ("twenty one", "20 1"),
        ("5 pm", "5"),
    ],
)
def test_different_things_stay_different(one: str, other: str) -> None:
    assert tokens(one) != tokens(other)


@given(st.integers(0, 999_999))
def test_every_number_written_out_is_its_figure(number: int) -> None:
    ones = (
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen"
    ).split()
    tens = ["", "", *"twenty thirty forty fifty sixty seventy eighty ninety".split()]

    def below_thousand(value: int) -> str:
        words = []
        if value >= 100:
            words.append(f"{ones[value // 100]} hundred")
            value %= 100
            if value:
                words.append("and")
        if value >= 20:
            words.append(tens[value // 10] + (f"-{ones[value % 10]}" if value % 10 else ""))
        elif value:
            words.append(ones[value])
        return " ".join(words)

    thousands, rest = divmod(number, 1000)
    spoken = []
    if thousands:
        spoken.append(f"{below_thousand(thousands)} thousand")
    if rest:
        spoken.append(("and " if thousands and rest < 100 else "") + below_thousand(rest))
    assert tokens(" ".join(spoken) or "zero") == [str(number)]


@given(st.text(max_size=200))
def test_any_text_has_tokens_and_normalising_twice_changes_nothing_more(text: str) -> None:
    once = " ".join(tokens(text))
    assert all(token.strip() == token and token for token in tokens(text))
    assert isinstance(tokens(once), list)


def test_a_needle_occurs_as_whole_tokens_only() -> None:
    assert occurs(["5", "days"], ["in", "5", "days"])
    assert not occurs(["5", "days"], ["15", "days"])
    assert not occurs([], ["anything"])


def test_words_of_one_family_share_a_stem() -> None:
    assert len({stem(word) for word in ("hire", "hires", "hired", "hiring")}) == 1
    assert len({stem(word) for word in ("manage", "manages", "manager", "managed")}) == 1
    assert len({stem(word) for word in ("stop", "stops", "stopped", "stopping")}) == 1
    assert stem("glass") != stem("glance")


def test_content_words_leave_out_what_every_question_has() -> None:
    assert content_stems("How much is it to hire a tent for 2 nights?") == ["hir", "tent", "2", "night"]
