"""Drawing and marking: a seed is a quiz, shuffling changes no truth, and the sums are right."""

from __future__ import annotations

import pickle
from collections import Counter

import pytest

from lab.errors import BadInput
from lab.lessons import Check, list_lessons
from lab.quiz.bank import TOPICS, Item, Option, load_bank
from lab.quiz.marking import Held, TopicScore, draw, mark, score

SEEDS = range(200)
PINNED_IDS = ["item-1", "item-4", "item-7", "item-2"]
PINNED_ORDERS = [(2, 1, 3, 0), (3, 2, 0, 1), (2, 1, 0, 3), (3, 0, 2, 1)]


@pytest.fixture(scope="module")
def bank() -> tuple[Item, ...]:
    return load_bank()


def test_a_seed_is_a_quiz(bank: tuple[Item, ...]) -> None:
    assert draw(bank, 10, seed=7) == draw(bank, 10, seed=7)
    assert draw(bank, 10, seed=7) == draw(tuple(reversed(bank)), 10, seed=7)  # the order of the file does not matter
    assert len({tuple(placed.id for placed in draw(bank, 10, seed=seed)) for seed in SEEDS}) > len(SEEDS) / 2


def test_a_shared_link_still_shows_the_same_quiz() -> None:
    """The keys come from SHA-256, so this must hold on every machine and Python version; changing it breaks links."""
    bank = [stub(f"item-{number}", TOPICS[number % 4]) for number in range(8)]
    placed = draw(bank, 4, seed=7)
    assert [one.id for one in placed] == PINNED_IDS
    assert [one.order for one in placed] == PINNED_ORDERS


def test_shuffling_never_changes_which_text_is_right_and_why(bank: tuple[Item, ...]) -> None:
    for seed in SEEDS:
        for placed in draw(bank, len(bank), seed=seed):
            assert sorted(placed.order) == [0, 1, 2, 3]
            by_text = {option.text: option for option in placed.item.options}
            for place, shown in enumerate(placed.options):
                assert shown is by_text[shown.text]
                marked = mark(placed, place)
                unshuffled = mark(placed.item, placed.item.options.index(shown))
                assert (marked.right, marked.why, marked.misconception) == (shown.right, shown.why, shown.misconception)
                assert (marked.option, marked.answer, marked.topic) == (
                    unshuffled.option, unshuffled.answer, unshuffled.topic,
                )  # fmt: skip


def test_the_right_answer_is_everywhere_equally_often(bank: tuple[Item, ...]) -> None:
    places = Counter(
        [option.right for option in placed.options].index(True)
        for seed in SEEDS
        for placed in draw(bank, len(bank), seed=seed)
    )
    assert set(places) == {0, 1, 2, 3}
    assert all(0.2 < times / places.total() < 0.3 for times in places.values())


def test_a_quiz_is_spread_evenly_over_the_topics(bank: tuple[Item, ...]) -> None:
    stock = Counter(item.topic for item in bank)
    for seed in SEEDS:
        for n in (4, 5, 10, len(bank)):
            placed = draw(bank, n, seed=seed)
            assert len({one.id for one in placed}) == len(placed) == n
            drawn = Counter(one.item.topic for one in placed)
            most = max(drawn.values())
            assert all(drawn[topic] >= min(most - 1, stock[topic]) for topic in stock)  # none behind while it has more


def test_a_small_bank_is_used_whole_and_an_empty_one_is_told(bank: tuple[Item, ...]) -> None:
    assert {placed.id for placed in draw(bank[:3], 10, seed=1)} == {item.id for item in bank[:3]}
    with pytest.raises(BadInput, match="no question to draw from"):
        draw((), 10, seed=1)
    with pytest.raises(BadInput, match="at least one question, not 0"):
        draw(bank, 0, seed=1)


def test_an_option_that_is_not_there_cannot_be_chosen(bank: tuple[Item, ...]) -> None:
    for chosen in (-1, 4):
        with pytest.raises(BadInput, match=rf"has options 1 to 4; there is no option {chosen + 1}\."):
            mark(bank[0], chosen)


def test_a_check_of_a_lesson_is_marked_the_same_way() -> None:
    check = next(block for lesson in list_lessons() for block in lesson.blocks if isinstance(block, Check))
    marks = [mark(check, place) for place in range(len(check.options))]
    assert [marked.right for marked in marks] == [option.right for option in check.options]
    assert {marked.topic for marked in marks} == {""}
    assert all(marked.answer.right and marked.id == check.id for marked in marks)


def test_the_score_adds_up() -> None:
    items = [stub("a", "neither"), stub("b", "knowledge"), stub("c", "knowledge"), stub("d", "both")]
    total = score([mark(items[0], 0), mark(items[1], 1), mark(items[2], 2), mark(items[3], 2)])
    assert (total.right, total.of) == (1, 4)
    assert total.by_topic == (TopicScore("knowledge", 0, 2), TopicScore("both", 0, 1), TopicScore("neither", 1, 1))
    assert total.misconceptions == (Held("belief-2", 2), Held("belief-1", 1))
    assert pickle.loads(pickle.dumps(total)) == total


def test_the_interval_is_wilsons() -> None:
    """8 of 10 at z = 1.96, worked by hand: (0.8 + 0.19208) / 1.38416 -+ 1.41602 * sqrt(0.016 + 0.009604)."""
    item = stub("a", "both")
    low, high = score([mark(item, 0)] * 8 + [mark(item, 1)] * 2).interval
    assert (round(low, 3), round(high, 3)) == (0.490, 0.943)
    assert score([]).interval == (0.0, 1.0)
    assert (score([]).right, score([]).of, score([]).by_topic, score([]).misconceptions) == (0, 0, (), ())


def stub(item_id: str, topic: str) -> Item:
    """An item whose first option is right and whose others hold belief-1, belief-2 and belief-3."""
    options = tuple(Option(f"o{n}", n == 0, "why", f"belief-{n}" if n else None) for n in range(4))
    return Item(item_id, "scenario", topic, 1, "lesson", "scenario", "question", options, None, ())
