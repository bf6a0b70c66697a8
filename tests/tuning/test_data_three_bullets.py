"""The data of the three bullets: what is learned keeps its own rules, and what is asked later was not learned."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest

from lab.tuning.checks import normalise
from lab.tuning.styles import Style, check_reply, judge_content, load_examples, load_style
from tests.tuning.generated import read_splits

SPLITS = {"train": 960, "dev": 60, "test": 60}
_WORD = re.compile(r"\S*\w\S*")


@pytest.fixture(scope="module")
def style() -> Style:
    return load_style("three-bullets")


@pytest.fixture(scope="module")
def lines(style: Style) -> dict[str, list[dict[str, Any]]]:
    return read_splits(style.folder)


def test_ids_are_unique_and_the_counts_are_the_promised_ones(lines: dict[str, list[dict[str, Any]]]) -> None:
    assert {split: len(rows) for split, rows in lines.items()} == SPLITS
    ids = [row["id"] for rows in lines.values() for row in rows]
    assert len(set(ids)) == len(ids)
    assert lines["train"][0]["id"] == "train-0001"
    assert lines["dev"][0]["id"] == "dev-001"


def test_no_topic_and_no_template_of_one_split_is_in_another(lines: dict[str, list[dict[str, Any]]]) -> None:
    for key, fewest in (
        ("topic", {"train": 40, "dev": 10, "test": 10}),
        ("template", {"train": 50, "dev": 12, "test": 12}),
    ):
        values = {split: {row[key] for row in rows} for split, rows in lines.items()}
        for one, other in combinations(SPLITS, 2):
            assert not values[one] & values[other]
        assert all(len(values[split]) >= fewest[split] for split in SPLITS)


def test_no_text_and_no_reply_comes_twice(lines: dict[str, list[dict[str, Any]]]) -> None:
    rows = [row for part in lines.values() for row in part]
    for key in ("text", "reply"):
        assert not [
            text for text, count in Counter(normalise(row[key]).casefold() for row in rows).items() if count > 1
        ]


def test_no_bullet_of_dev_or_test_is_learned_in_training(lines: dict[str, list[dict[str, Any]]]) -> None:
    learned = {bullet for row in lines["train"] for bullet in row["reply"].split("\n")}
    for split in ("dev", "test"):
        assert not learned & {bullet for row in lines[split] for bullet in row["reply"].split("\n")}


@pytest.mark.parametrize("split", SPLITS)
def test_every_ideal_reply_keeps_every_rule_and_is_about_its_text(style: Style, split: str) -> None:
    for example in load_examples(style.folder / f"{split}.jsonl", style, with_replies=True):
        results = [*check_reply(style, example.inputs, example.reply)]
        content = judge_content(style, example.inputs, example.reply, example.gold)
        assert content is not None
        assert not [(example.id, result.reason) for result in (*results, content) if not result.passed]


def test_every_text_is_of_the_promised_length_and_every_slot_is_filled(lines: dict[str, list[dict[str, Any]]]) -> None:
    for rows in lines.values():
        for row in rows:
            assert 60 <= len(_WORD.findall(row["text"])) <= 110, row["id"]
            assert not re.search(r"[{}<\[\]]|\*\w", row["reply"]), row["id"]
            assert not re.search(r"[{}<]", row["text"]), row["id"]
            assert len(row["reply"]) < len(row["text"]) * 0.8, row["id"]


def test_a_summary_of_another_text_does_not_pass_for_this_one(style: Style) -> None:
    examples = load_examples(style.folder / "dev.jsonl", style, with_replies=True)
    for example, other in pairwise(examples):
        if example.topic != other.topic:
            content = judge_content(style, example.inputs, other.reply, example.gold)
            assert content is not None
            assert not content.passed


def test_three_asides_of_the_text_keep_the_rules_and_fail_the_judge(style: Style) -> None:
    example = load_examples(style.folder / "dev.jsonl", style, with_replies=True)[0]
    kept = {normalise(bullet[2:]).rstrip(".") for bullet in example.reply.split("\n")}
    sentences = [part.strip() for part in re.split(r"(?<=[.!?])\s+", example.inputs["text"])]
    asides = [part for part in sentences if len(part.split()) > 3 and not any(part[:15] in line for line in kept)]
    content = judge_content(style, example.inputs, "\n".join(f"- {aside}" for aside in asides[:3]), example.gold)
    assert content is not None
    assert not content.passed


def test_the_examples_in_the_prompt_keep_the_rules_and_are_in_no_split(style: Style) -> None:
    texts = {
        normalise(example.inputs["text"])
        for split in SPLITS
        for example in load_examples(style.folder / f"{split}.jsonl", style)
    }
    assert len(style.few_shot) >= 3
    for shot in style.few_shot:
        assert all(result.passed for result in check_reply(style, shot.inputs, shot.reply))
        assert normalise(shot.inputs["text"]) not in texts


def test_the_constraint_lets_every_ideal_reply_through_and_no_fourth_bullet(style: Style) -> None:
    assert style.constraint is not None
    pattern = re.compile(style.constraint.text)
    for example in load_examples(style.folder / "train.jsonl", style, with_replies=True):
        assert pattern.fullmatch(example.reply)
    assert not pattern.fullmatch("- one two three\n- one two three")
    assert not pattern.fullmatch("- one two three\n" * 3 + "- one two three")
    assert not pattern.fullmatch("Sure:\n" + "\n".join(["- one two three"] * 3))


def test_the_generator_writes_the_same_bytes_again(style: Style, tmp_path: Path) -> None:
    copy = tmp_path / "make_data.py"
    copy.write_bytes((style.folder / "make_data.py").read_bytes())
    runpy.run_path(str(copy), run_name="__main__")
    for split in SPLITS:
        assert (tmp_path / f"{split}.jsonl").read_bytes() == (style.folder / f"{split}.jsonl").read_bytes()
