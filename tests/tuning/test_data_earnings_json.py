"""The earnings-call data: complete, kept apart, right by its own rules, and made again to the same bytes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from lab.tuning.checks import CONTENT
from lab.tuning.checks.earnings import CHECKS
from lab.tuning.schema import Fields
from lab.tuning.styles import SHIPPED, check_reply, load_examples, load_style, messages_for
from tests.tuning.generated import SPLITS, load_generator, read_splits

FOLDER = SHIPPED / "earnings-json"


@pytest.fixture(scope="module")
def made() -> ModuleType:
    return load_generator(FOLDER)


@pytest.fixture(scope="module")
def lines() -> dict[str, list[dict[str, Any]]]:
    return read_splits(FOLDER)


def assert_apart(groups: dict[str, Iterable[str]]) -> None:
    """No text is in two groups, whatever the case."""
    where: dict[str, str] = {}
    for name, texts in groups.items():
        for text in {text.casefold() for text in texts}:
            assert text not in where, f"“{text}” is in {where[text]} and in {name}"
            where[text] = name


def test_there_are_as_many_lines_as_a_learner_is_told(lines: dict[str, list[dict[str, Any]]]) -> None:
    assert {name: len(rows) for name, rows in lines.items()} == {"train": 1200, "dev": 60, "test": 60}


def test_every_id_is_used_once_and_every_text_only_in_one_file(lines: dict[str, list[dict[str, Any]]]) -> None:
    rows = [row for name in SPLITS for row in lines[name]]
    for key in ("id", "text"):
        assert [text for text, times in Counter(row[key] for row in rows).items() if times > 1] == []


def test_no_topic_and_no_template_is_in_two_files(lines: dict[str, list[dict[str, Any]]]) -> None:
    for key in ("topic", "template"):
        assert_apart({name: {row[key] for row in rows} for name, rows in lines.items()})


def test_no_wording_company_or_trade_is_in_two_splits(made: ModuleType) -> None:
    pools: list[Callable[[Any], Iterable[str]]] = [
        lambda split: split.frames,
        lambda split: split.revenue,
        lambda split: [text for pool in split.guidance.values() for text in pool if text],
        lambda split: split.risks,
        lambda split: [text for pool in split.mood.values() for text in pool],
        lambda split: split.extra,
        lambda split: [text for pool in split.moved.values() for text in pool],
        lambda split: split.companies,
        lambda split: split.people,
        lambda split: split.industries,
    ]
    for pool in pools:
        assert_apart({split.name: tuple(pool(split)) for split in made.SPLITS})


def test_no_pool_has_a_wording_twice_and_all_of_them_are_used(
    made: ModuleType, lines: dict[str, list[dict[str, Any]]]
) -> None:
    for split in made.SPLITS:
        for pool in (split.frames, split.revenue, split.risks, split.extra):
            assert len(set(pool)) == len(pool)
        used = " ".join(row["template"] for row in lines[split.name])
        for kind, pool in (("frame", split.frames), ("revenue", split.revenue), ("risks", split.risks)):
            for number in range(1, len(pool) + 1):
                assert f"{kind} {number}," in f"{used},".replace(f" {split.name}:", ","), (split.name, kind, number)


def test_the_wordings_are_as_many_as_promised(made: ModuleType) -> None:
    assert len(made.TRAIN.revenue) + len(made.TRAIN.risks) + len(made.TRAIN.frames) >= 100
    for split in (made.DEV, made.TEST):
        assert len(split.revenue) >= 12
        assert len(split.risks) >= 12
        assert len(split.frames) >= 8


@pytest.mark.parametrize("name", SPLITS)
def test_every_reply_keeps_every_rule_and_holds_the_right_values(
    name: str, lines: dict[str, list[dict[str, Any]]]
) -> None:
    style = load_style("earnings-json")
    judge = CONTENT["json_values"](
        Fields({"fields": ["revenue", "guidance", "risks", "sentiment"], "sets": ["risks"]}, "here")
    )
    examples = load_examples(FOLDER / f"{name}.jsonl", style, with_replies=True)
    for example, row in zip(examples, lines[name], strict=True):
        broken = [result for result in check_reply(style, example.inputs, example.reply) if not result.passed]
        assert not broken, (example.id, broken)
        right, why = judge(example.inputs, example.reply, row["gold"])
        assert right, (example.id, why)


@pytest.mark.parametrize("name", SPLITS)
def test_every_excerpt_is_short_and_says_its_values_once(name: str, lines: dict[str, list[dict[str, Any]]]) -> None:
    for row in lines[name]:
        assert 45 <= len(row["text"].split()) <= 90, row["id"]
        for value in (row["gold"]["revenue"], *row["gold"]["risks"]):
            assert row["text"].count(value) == 1, (row["id"], value)
        assert [bit for bit in ("{", "  ", "“ ", " ”") if bit in row["text"]] == [], row["id"]


@pytest.mark.parametrize("name", SPLITS)
def test_neither_outlook_nor_mood_gives_the_other_away(name: str, lines: dict[str, list[dict[str, Any]]]) -> None:
    gold = [row["gold"] for row in lines[name]]
    pairs = Counter((one["sentiment"], one["guidance"]) for one in gold)
    assert len(pairs) == 12
    assert max(pairs.values()) <= len(gold) * 0.15
    assert max(Counter(one["guidance"] for one in gold).values()) <= len(gold) * 0.35


def test_making_the_data_again_gives_the_same_bytes(made: ModuleType, tmp_path: Path) -> None:
    made.write(tmp_path)
    for name in SPLITS:
        assert (tmp_path / f"{name}.jsonl").read_bytes() == (FOLDER / f"{name}.jsonl").read_bytes(), name


def test_the_shown_examples_keep_every_rule_and_are_in_no_file(lines: dict[str, list[dict[str, Any]]]) -> None:
    style = load_style("earnings-json")
    texts = {row["text"] for rows in lines.values() for row in rows}
    assert len(style.few_shot) >= 3
    for shot in style.few_shot:
        assert all(result.passed for result in check_reply(style, shot.inputs, shot.reply)), shot.id
        assert shot.inputs["text"] not in texts


def test_the_model_reads_the_excerpt_and_nothing_round_it(lines: dict[str, list[dict[str, Any]]]) -> None:
    text = lines["dev"][0]["text"]
    assert messages_for(load_style("earnings-json"), {"text": text})[-1] == ("user", text)


@pytest.mark.parametrize(
    ("reply", "passed", "reason"),
    [
        (
            '{"revenue": "£4 million", "risks": ["late FROST"]}',
            True,
            "revenue and risks stand in the message word for word",
        ),
        ('Here: {"revenue": "£4 million", "risks": []}', True, "revenue and risks stand in the message word for word"),
        ('{"revenue": "£5 million", "risks": []}', False, "“£5 million” under revenue does not stand in the message"),
        ('{"revenue": "£4 million", "risks": ["a ban"]}', False, "“a ban” under risks does not stand in the message"),
        ('{"revenue": "£4 million"}', False, "Has no risks that could be looked up in the message"),
        ('{"revenue": 4, "risks": []}', False, "Has something other than words under revenue"),
        ('{"revenue": " ", "risks": []}', False, "Has something other than words under revenue"),
        ('{"revenue": "\\ud800", "risks": []}', False, "“�” under revenue does not stand in the message"),
        ("£4 million", False, "No JSON object to look at: begins with “£4 million” instead of {"),
        ("", False, "No JSON object to look at: the reply is empty"),
    ],
)
def test_copied_values_says_which_words_were_made_up(reply: str, passed: bool, reason: str) -> None:
    check = CHECKS["copied_values"](Fields({"fields": ["revenue", "risks"], "source": "text"}, "here"))
    assert check.needs == ("text",)
    assert check({"text": "Sales: £4  million. We fear late frost."}, reply) == (passed, reason)
