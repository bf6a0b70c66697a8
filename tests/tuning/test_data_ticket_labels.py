"""The tickets of `ticket-labels`: enough, balanced, kept apart between the splits, and no game of word-spotting."""

from __future__ import annotations

import re
from collections import Counter
from types import ModuleType
from typing import Any

import pytest

from lab.tuning.styles import SHIPPED, Style, check_reply, load_style
from tests.tuning.generated import SPLITS, load_generator, read_splits

FOLDER = SHIPPED / "ticket-labels"
LABELS = ("now", "repair", "missing", "money", "hire", "change", "delivery", "question")
PAIRS = (("train", "dev"), ("train", "test"), ("dev", "test"))


@pytest.fixture(scope="module")
def style() -> Style:
    return load_style("ticket-labels")


@pytest.fixture(scope="module")
def lines() -> dict[str, list[dict[str, Any]]]:
    return read_splits(FOLDER)


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    return load_generator(FOLDER)


def squeeze(text: str) -> str:
    return re.sub(r"[^a-z]+", " ", text.casefold()).strip()


def test_there_are_enough_tickets_and_their_ids_are_unique(lines: dict[str, list[dict[str, Any]]]) -> None:
    assert 800 <= len(lines["train"]) <= 1200
    assert len(lines["dev"]) == len(lines["test"]) == 60
    for split in SPLITS:
        wanted = [f"{split}-{n:0{4 if split == 'train' else 3}}" for n in range(1, len(lines[split]) + 1)]
        assert [line["id"] for line in lines[split]] == wanted


def test_every_label_is_asked_equally_often(lines: dict[str, list[dict[str, Any]]]) -> None:
    for split in SPLITS:
        counts = Counter(line["gold"] for line in lines[split])
        assert set(counts) == set(LABELS)
        assert max(counts.values()) - min(counts.values()) <= (0 if split == "train" else 1)


def test_each_label_has_many_wordings(lines: dict[str, list[dict[str, Any]]]) -> None:
    for split, least in (("train", 15), ("dev", 7), ("test", 7)):
        for label in LABELS:
            assert len({line["template"] for line in lines[split] if line["gold"] == label}) >= least


@pytest.mark.parametrize(("one", "other"), PAIRS)
@pytest.mark.parametrize("key", ["topic", "template", "text"])
def test_no_topic_template_or_text_is_in_two_splits(
    lines: dict[str, list[dict[str, Any]]], one: str, other: str, key: str
) -> None:
    def values(split: str) -> set[str]:
        return {squeeze(line[key]) if key == "text" else line[key] for line in lines[split]}

    assert not values(one) & values(other)


@pytest.mark.parametrize(("one", "other"), PAIRS)
def test_no_wording_is_shared_between_splits(maker: ModuleType, one: str, other: str) -> None:
    def runs_of_words(split: str) -> set[str]:
        found = set()
        for _, _, ticket in maker.read_tickets(maker.TICKETS[split]):
            words = squeeze(re.sub(r"\{\w+\}", "slot", ticket)).split()
            found |= {" ".join(words[at : at + 7]) for at in range(len(words) - 6)}
        return found

    assert not runs_of_words(one) & runs_of_words(other)


def test_no_frame_is_shared_between_splits(maker: ModuleType) -> None:
    for frames in (maker.OPENERS, maker.ASIDES, maker.CLOSERS):
        for one, other in PAIRS:
            assert not set(frames[one]) & set(frames[other])


def test_no_text_comes_twice_with_the_same_words(lines: dict[str, list[dict[str, Any]]]) -> None:
    for split in SPLITS:
        texts = Counter(line["text"].casefold() for line in lines[split])
        assert [text for text, count in texts.items() if count > 1] == []


def test_every_reply_keeps_the_rule_and_is_the_right_label(
    style: Style, lines: dict[str, list[dict[str, Any]]]
) -> None:
    assert style.content is not None
    for split in SPLITS:
        for line in lines[split]:
            inputs = {"text": line["text"]}
            assert all(result.passed for result in check_reply(style, inputs, line["reply"])), line["id"]
            passed, reason = style.content.judge(inputs, line["reply"], line["gold"])
            assert passed, f"{line['id']}: {reason}"
            assert line["topic"].startswith(f"{line['gold']}/"), line["id"]


def test_tickets_are_short_and_whole(lines: dict[str, list[dict[str, Any]]]) -> None:
    for split in SPLITS:
        for line in lines[split]:
            assert 3 <= len(line["text"].split()) <= 70, line["id"]
            assert not re.search(r"[{}~]|\s\s|http|\b(\w+) \1\b(?<!had had)", line["text"]), line["id"]


def test_making_the_data_again_gives_the_same_bytes(maker: ModuleType) -> None:
    for split in SPLITS:
        assert (FOLDER / f"{split}.jsonl").read_bytes() == maker.render_lines(split).encode("utf-8")


def test_the_few_shot_examples_show_every_label_once_and_are_not_in_the_data(
    style: Style, lines: dict[str, list[dict[str, Any]]]
) -> None:
    assert sorted(shot.reply for shot in style.few_shot) == sorted(LABELS)
    texts = {squeeze(line["text"]) for split in SPLITS for line in lines[split]}
    for shot in style.few_shot:
        assert squeeze(shot.inputs["text"]) not in texts
        assert all(result.passed for result in check_reply(style, shot.inputs, shot.reply))


def test_the_full_prompt_describes_every_label_and_begins_as_the_short_one(style: Style) -> None:
    assert style.prompted_system.startswith(style.system)
    for label in LABELS:
        assert f"{label}: " in style.prompted_system


def test_counting_words_does_not_solve_the_task(lines: dict[str, list[dict[str, Any]]]) -> None:
    """A linear model on TF-IDF, the usual way without a language model, must stay well below 1."""
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline

    model = make_pipeline(
        TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True), LogisticRegression(C=10, max_iter=2000)
    )
    model.fit([line["text"] for line in lines["train"]], [line["gold"] for line in lines["train"]])
    for split in ("dev", "test"):
        right = model.score([line["text"] for line in lines[split]], [line["gold"] for line in lines[split]])
        assert right <= 0.65, f"{split}: counting words gets {right:.2f}"
