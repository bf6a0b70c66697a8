"""The notes of `repair-triage`: every reply follows the pattern, the files share no wording, and guessing does not do."""

from __future__ import annotations

import re
from collections import Counter
from itertools import combinations
from types import ModuleType
from typing import Any

import pytest

from lab.tuning.styles import SHIPPED, Style, check_reply, judge_content, load_examples, load_style
from tests.tuning.generated import SPLITS, load_generator, read_splits

FOLDER = SHIPPED / "repair-triage"


@pytest.fixture(scope="module")
def style() -> Style:
    return load_style("repair-triage")


@pytest.fixture(scope="module")
def data() -> dict[str, list[dict[str, Any]]]:
    return read_splits(FOLDER)


@pytest.fixture(scope="module")
def generator() -> ModuleType:
    return load_generator(FOLDER)


def test_each_file_has_its_size_and_ids_in_order(data: dict[str, list[dict[str, Any]]]) -> None:
    assert {split: len(lines) for split, lines in data.items()} == {"train": 720, "dev": 60, "test": 60}
    for split, digits in (("train", 4), ("dev", 3), ("test", 3)):
        assert [line["id"] for line in data[split]] == [
            f"{split}-{number:0{digits}}" for number in range(1, len(data[split]) + 1)
        ]


@pytest.mark.parametrize("split", SPLITS)
def test_every_reply_keeps_every_rule_and_takes_every_step_rightly(split: str, style: Style) -> None:
    for example in load_examples(FOLDER / f"{split}.jsonl", style, with_replies=True):
        content = judge_content(style, example.inputs, example.reply, example.gold)
        assert content is not None
        results = [*check_reply(style, example.inputs, example.reply), content]
        assert not [(example.id, result.reason) for result in results if not result.passed]


@pytest.mark.parametrize("split", SPLITS)
def test_each_sign_leads_to_one_part_each_part_to_one_risk_and_the_guarantee_decides_the_rest(
    split: str, data: dict[str, list[dict[str, Any]]], generator: ModuleType
) -> None:
    for line in data[split]:
        gold = line["gold"]
        said = {
            covered: any(sentence in line["text"] for way in ways for sentence in way.split("; "))
            for covered, ways in generator.GUARANTEE.items()
        }
        assert said[True] != said[False], line["text"]
        deed = "swap" if gold["Risk"] == "high" else "clean"
        assert gold["Next"] == f"{deed} the {gold['Part']}, {'free' if said[True] else 'quote first'}", line["text"]
    lines = [line["gold"] for one in SPLITS for line in data[one]]
    assert len({gold["Sign"] for gold in lines}) == 12 == len({(gold["Sign"], gold["Part"]) for gold in lines})
    assert len({gold["Part"] for gold in lines}) == 6 == len({(gold["Part"], gold["Risk"]) for gold in lines})


@pytest.mark.parametrize("split", SPLITS)
def test_no_value_is_so_common_that_guessing_it_would_do(split: str, data: dict[str, list[dict[str, Any]]]) -> None:
    gold, n = [line["gold"] for line in data[split]], len(data[split])
    assert set(Counter(value["Sign"] for value in gold).values()) == {n // 12}
    assert Counter(value["Risk"] for value in gold) == {"high": n // 2, "low": n // 2}
    assert sum(value["Next"].endswith("free") for value in gold) == n // 2
    assert max(Counter(value["Next"] for value in gold).values()) <= n // 6


def test_two_files_share_no_frame_no_way_of_putting_a_sign_and_no_note(
    generator: ModuleType, data: dict[str, list[dict[str, Any]]]
) -> None:
    for one, other in combinations(SPLITS, 2):
        assert not set(generator.FRAMES[one]) & set(generator.FRAMES[other])
        mine, theirs = (
            {way.casefold() for ways in generator.read_signs(split).values() for way in ways} for split in (one, other)
        )
        assert not mine & theirs
        assert not {line["template"] for line in data[one]} & {line["template"] for line in data[other]}
    for ways in generator.GUARANTEE.values():
        said = [sentence for part in ways for sentence in part.split("; ")]
        assert len(set(said)) == len(said)
    texts = [line["text"].casefold() for split in SPLITS for line in data[split]]
    assert len(set(texts)) == len(texts)


def test_the_prompt_spells_out_the_whole_pattern(style: Style, generator: ModuleType) -> None:
    asked = " ".join(style.prompted_system.split())
    for part in set(generator.PATTERN.values()):
        one, other = [sign for sign, to in generator.PATTERN.items() if to == part]
        assert f"{one} or {other}: {part}." in asked
    assert "high for hose, valve and flue" in asked
    assert set(generator.HIGH) == {"hose", "valve", "flue"}


def test_the_few_shot_replies_follow_the_pattern_and_their_notes_are_in_no_file(
    style: Style, generator: ModuleType, data: dict[str, list[dict[str, Any]]]
) -> None:
    texts = {line["text"] for split in SPLITS for line in data[split]}
    parts = set()
    for shot in style.few_shot:
        sign = re.search(r"Sign: (.*)", shot.reply)
        assert sign is not None
        gold = generator.follow_pattern(sign[1], shot.reply.endswith("free"))
        assert shot.reply == generator.write_reply(gold)
        assert shot.inputs["text"] not in texts
        parts.add(gold["Part"])
    assert len(parts) == 6


def test_the_constraint_lets_every_reply_through_and_nothing_else(style: Style) -> None:
    assert style.constraint is not None
    pattern = re.compile(style.constraint.text)
    for example in load_examples(FOLDER / "train.jsonl", style, with_replies=True):
        assert pattern.fullmatch(example.reply)
        assert not pattern.fullmatch(example.reply + "\n5. Done: yes")
        assert not pattern.fullmatch(example.reply.replace("Risk: ", "Risk: very "))


@pytest.mark.parametrize("split", SPLITS)
def test_the_generator_writes_the_same_bytes_again(split: str, generator: ModuleType) -> None:
    assert generator.render_lines(split).encode() == (FOLDER / f"{split}.jsonl").read_bytes()
