"""The strict-json data: its splits share nothing, every reply is right, and the generator writes the same bytes."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lab.tuning.checks.json_object import JsonSchema, read_json_object
from lab.tuning.styles import Style, check_reply, judge_content, load_examples, load_style
from tests.tuning.generated import SPLITS, load_generator, read_splits

PAIRS = [("train", "dev"), ("train", "test"), ("dev", "test")]
DAYS = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}


@pytest.fixture(scope="module")
def style() -> Style:
    return load_style("strict-json")


@pytest.fixture(scope="module")
def data(style: Style) -> dict[str, list[dict[str, Any]]]:
    return read_splits(style.folder)


@pytest.fixture(scope="module")
def generator(style: Style) -> ModuleType:
    return load_generator(style.folder)


def plain(text: str) -> str:
    return re.sub(r"\W+", " ", text.casefold()).strip()


def test_each_file_has_its_size_and_ids_in_order(data: dict[str, list[dict[str, Any]]]) -> None:
    assert 800 <= len(data["train"]) <= 1200
    assert len(data["dev"]) == len(data["test"]) == 60
    for split, digits in (("train", 4), ("dev", 3), ("test", 3)):
        assert [line["id"] for line in data[split]] == [
            f"{split}-{number:0{digits}d}" for number in range(1, len(data[split]) + 1)
        ]


def test_there_are_many_templates_and_topics(data: dict[str, list[dict[str, Any]]]) -> None:
    for split, templates, topics in (("train", 50, 15), ("dev", 12, 5), ("test", 12, 5)):
        assert len({line["template"] for line in data[split]}) >= templates
        assert len({line["topic"] for line in data[split]}) >= topics


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_splits_share_no_template_topic_or_name(
    one: str, other: str, data: dict[str, list[dict[str, Any]]]
) -> None:
    def kinds(split: str) -> list[set[str]]:
        lines = data[split]
        names = {plain(line["gold"]["name"]) for line in lines}
        return [
            {line["template"] for line in lines},
            {line["topic"] for line in lines},
            names,
            {name.split()[0] for name in names},
        ]

    for mine, theirs in zip(kinds(one), kinds(other), strict=True):
        assert not mine & theirs


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_two_splits_share_no_wording(one: str, other: str, generator: ModuleType) -> None:
    mine, theirs = (next(item for item in generator.SPLITS if item.name == name) for name in (one, other))
    for part in ("templates", "urgent", "calm"):
        assert not {plain(text) for text in getattr(mine, part)} & {plain(text) for text in getattr(theirs, part)}
    for part in ("first_names", "surnames", "epithets"):
        assert not set(getattr(mine, part).split()) & set(getattr(theirs, part).split())
    broken = [
        {part for parts in (*item.bike_topics.values(), *item.boat_topics.values()) for part in parts.split(", ")}
        for item in (mine, theirs)
    ]
    assert not broken[0] & broken[1]


def test_no_message_occurs_twice_in_or_between_the_files(data: dict[str, list[dict[str, Any]]], style: Style) -> None:
    texts = [plain(line["text"]) for split in SPLITS for line in data[split]]
    texts += [plain(shot.inputs["text"]) for shot in style.few_shot]
    assert [text for text, count in Counter(texts).items() if count > 1] == []


@pytest.mark.parametrize("split", SPLITS)
def test_every_reply_keeps_every_rule_and_says_the_right_values(split: str, style: Style) -> None:
    for example in load_examples(style.folder / f"{split}.jsonl", style, with_replies=True):
        failed = [result.reason for result in check_reply(style, example.inputs, example.reply) if not result.passed]
        assert not failed, f"{example.id}: {failed}"
        content = judge_content(style, example.inputs, example.reply, example.gold)
        assert content is not None
        assert content.passed, f"{example.id}: {content.reason}"


@pytest.mark.parametrize("split", SPLITS)
def test_name_vehicle_and_day_stand_in_the_message(split: str, data: dict[str, list[dict[str, Any]]]) -> None:
    for line in data[split]:
        gold = line["gold"]
        assert gold["name"] in line["text"]
        words = {"bike": ("bike", "bicycle"), "rowboat": ("rowboat", "rowing boat")}
        assert any(word in line["text"] for word in words.get(gold["vehicle"], (gold["vehicle"],)))
        assert gold["day"][:3].casefold() in line["text"].casefold()


@pytest.mark.parametrize("split", SPLITS)
def test_no_answer_is_so_common_that_guessing_it_would_do(split: str, data: dict[str, list[dict[str, Any]]]) -> None:
    gold = [line["gold"] for line in data[split]]
    assert 0.4 <= sum(value["urgent"] for value in gold) / len(gold) <= 0.6
    days = Counter(value["day"] for value in gold)
    assert set(days) == DAYS
    assert max(days.values()) <= 0.3 * len(gold)
    vehicles = Counter(value["vehicle"] for value in gold)
    assert set(vehicles) == {"bike", "tandem", "scooter", "trailer", "canoe", "kayak", "dinghy", "rowboat"}
    assert max(vehicles.values()) <= 0.3 * len(gold)


def test_the_few_shot_replies_are_right_and_their_names_are_nobody_elses(
    style: Style, data: dict[str, list[dict[str, Any]]]
) -> None:
    names = {plain(line["gold"]["name"]).split()[0] for split in SPLITS for line in data[split]}
    for shot in style.few_shot:
        assert all(result.passed for result in check_reply(style, shot.inputs, shot.reply))
        value = read_json_object(shot.reply)
        assert value["name"] in shot.inputs["text"]
        assert plain(value["name"]).split()[0] not in names


def test_a_message_and_its_reply_are_short_enough_to_train_on(data: dict[str, list[dict[str, Any]]]) -> None:
    assert max(len(line["text"]) + len(line["reply"]) for split in SPLITS for line in data[split]) <= 400


@pytest.mark.parametrize(
    "reply",
    [
        '{"name": "A", "vehicle": "bike", "day": "Monday", "urgent": true}',
        '{"name": "A", "vehicle": "yacht", "day": "Monday", "urgent": true}',
        '{"name": "A", "vehicle": "bike", "day": "Mon", "urgent": true}',
        '{"name": "A", "vehicle": "bike", "day": "Monday", "urgent": "true"}',
        '{"name": "", "vehicle": "bike", "day": "Monday", "urgent": true}',
        '{"name": "A", "vehicle": ["bike"], "day": "Monday", "urgent": true}',
        '{"name": "A", "vehicle": "bike", "day": "Monday"}',
        '{"name": "A", "vehicle": "bike", "day": "Monday", "urgent": true, "note": ""}',
        '{"name": "A", "vehicle": "bike", "day": null, "urgent": true}',
        '[{"name": "A", "vehicle": "bike", "day": "Monday", "urgent": true}]',
        "{}",
    ],
)
def test_keeping_all_the_rules_is_the_same_as_fitting_the_schema_of_the_constraint(reply: str, style: Style) -> None:
    assert style.constraint is not None
    schema = JsonSchema(style.constraint.json_schema())
    kept = all(result.passed for result in check_reply(style, {"text": "x"}, reply))
    assert kept == schema({}, reply)[0]


def test_the_generator_writes_the_same_bytes_again(
    generator: ModuleType, style: Style, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generator, "HERE", tmp_path)
    generator.main()
    for split in SPLITS:
        assert (tmp_path / f"{split}.jsonl").read_bytes() == (style.folder / f"{split}.jsonl").read_bytes()
