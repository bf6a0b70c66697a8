"""The cases of `answer-from-pages`: one page answers or none does, the others mislead, and no trade is in two files."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from types import ModuleType
from typing import Any

import pytest

from lab.rag.words import occurs, tokens
from lab.tuning.styles import SHIPPED, Style, check_reply, judge_content, load_examples, load_style
from tests.tuning.generated import SPLITS, load_generator, read_splits

FOLDER = SHIPPED / "answer-from-pages"
REFUSAL = "The pages do not say."


@pytest.fixture(scope="module")
def style() -> Style:
    return load_style("answer-from-pages")


@pytest.fixture(scope="module")
def data() -> dict[str, list[dict[str, Any]]]:
    return read_splits(FOLDER)


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    return load_generator(FOLDER)


def holds(text: str, values: list[str]) -> bool:
    return any(occurs(tokens(value), tokens(text)) for value in values)


def test_each_file_has_its_size_and_ids_in_order(data: dict[str, list[dict[str, Any]]]) -> None:
    assert {split: len(lines) for split, lines in data.items()} == {"train": 1200, "dev": 60, "test": 60}
    for split, digits in (("train", 4), ("dev", 3), ("test", 3)):
        assert [line["id"] for line in data[split]] == [
            f"{split}-{number:0{digits}}" for number in range(1, len(data[split]) + 1)
        ]


@pytest.mark.parametrize("split", SPLITS)
def test_every_reply_keeps_every_rule_and_is_right(split: str, style: Style) -> None:
    for example in load_examples(FOLDER / f"{split}.jsonl", style, with_replies=True):
        content = judge_content(style, example.inputs, example.reply, example.gold)
        assert content is not None
        results = [*check_reply(style, example.inputs, example.reply), content]
        assert not [(example.id, result.reason) for result in results if not result.passed]


@pytest.mark.parametrize("split", SPLITS)
def test_the_right_page_alone_answers_and_the_reply_is_taken_from_it(
    split: str, data: dict[str, list[dict[str, Any]]]
) -> None:
    for line in data[split]:
        if line["right"] is None:
            assert (line["reply"], line["gold"]) == (REFUSAL, [])
            continue
        right = line["passages"][line["right"]]
        assert line["reply"].removesuffix(".") in right, line["id"]
        assert holds(right, line["gold"]), line["id"]
        others = [text for text in line["passages"] if text != right]
        assert not holds(" ".join(text.partition(": ")[2] for text in others), line["gold"]), line["id"]
        assert not holds(line["question"], line["gold"]), line["id"]


@pytest.mark.parametrize("split", SPLITS)
def test_what_misleads_stands_on_another_page_and_not_in_the_reply(
    split: str, data: dict[str, list[dict[str, Any]]]
) -> None:
    for line in data[split]:
        others = [text for place, text in enumerate(line["passages"]) if place != line["right"]]
        assert all(any(holds(text, [value]) for text in others) for value in line["misleading"]), line["id"]
        assert not holds(line["reply"], line["misleading"]), line["id"]
    tempting = sum(bool(line["misleading"]) for line in data[split])
    assert tempting >= 0.75 * len(data[split])


def test_the_pages_are_shown_as_the_lab_shows_passages(data: dict[str, list[dict[str, Any]]]) -> None:
    for split in SPLITS:
        for line in data[split]:
            numbered = "\n".join(f"[{place}] {text}" for place, text in enumerate(line["passages"], start=1))
            assert line["text"] == (numbered if len(line["passages"]) > 1 else line["passages"][0])
            assert len(line["passages"]) in ((1, 3) if split == "train" else (3,))


@pytest.mark.parametrize("split", SPLITS)
def test_some_have_no_answer_and_the_right_page_is_in_no_favoured_place(
    split: str, data: dict[str, list[dict[str, Any]]]
) -> None:
    lines = [line for line in data[split] if len(line["passages"]) == 3]
    unanswered = sum(line["right"] is None for line in data[split])
    assert unanswered == len(data[split]) // (20 if split == "train" else 6)
    places = Counter(line["right"] for line in lines if line["right"] is not None)
    assert set(places) == {0, 1, 2}
    assert max(places.values()) <= 0.48 * sum(places.values())


def test_no_trade_and_no_text_is_in_two_files(data: dict[str, list[dict[str, Any]]]) -> None:
    for one, other in combinations(SPLITS, 2):
        for key in ("topic", "template", "text", "question"):
            assert not {line[key] for line in data[one]} & {line[key] for line in data[other]}
    texts = [line["text"] for split in SPLITS for line in data[split]]
    assert len(set(texts)) == len(texts)
    assert {split: len({line["topic"] for line in lines}) for split, lines in data.items()} == {
        "train": 17, "dev": 4, "test": 5,
    }  # fmt: skip


def test_the_few_shot_replies_keep_the_rules_and_one_of_them_refuses(style: Style) -> None:
    for shot in style.few_shot:
        assert all(result.passed for result in check_reply(style, shot.inputs, shot.reply))
        assert shot.reply == REFUSAL or shot.reply in shot.inputs["text"]
    assert sum(shot.reply == REFUSAL for shot in style.few_shot) == 1


@pytest.mark.parametrize("split", SPLITS)
def test_the_generator_writes_the_same_bytes_again(split: str, generator: ModuleType) -> None:
    assert generator.render_lines(split).encode() == (FOLDER / f"{split}.jsonl").read_bytes()
