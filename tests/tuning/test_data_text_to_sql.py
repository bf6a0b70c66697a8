"""The data of text-to-sql: made by code, the same each time, and worth measuring with."""

from __future__ import annotations

import re
from collections import Counter

import pytest

from lab.tuning.checks.sql import Database
from lab.tuning.styles import check_reply, judge_content, load_examples, load_style
from tests.tuning.generated import SPLITS, load_generator, read_splits

STYLE = load_style("text-to-sql")
LINES = read_splits(STYLE.folder)
DATABASE = Database((STYLE.folder / "schema.sql").read_text("utf-8"))
GENERATOR = load_generator(STYLE.folder)


def values(split: str, key: str) -> set[str]:
    return {line[key] for line in LINES[split]}


def test_making_the_data_again_gives_the_same_bytes() -> None:
    made = GENERATOR.make_files()
    assert set(made) == {"schema.sql", "train.jsonl", "dev.jsonl", "test.jsonl"}
    for name, text in made.items():
        assert (STYLE.folder / name).read_bytes() == text.encode(), name


@pytest.mark.parametrize(("split", "count", "templates"), [("train", 1_200, 80), ("dev", 60, 20), ("test", 60, 20)])
def test_each_file_has_its_lines_its_ids_and_enough_wordings(split: str, count: int, templates: int) -> None:
    ids = [line["id"] for line in LINES[split]]
    assert len(ids) == len(set(ids)) == count
    assert len(values(split, "template")) >= templates
    assert len(load_examples(STYLE.folder / f"{split}.jsonl", STYLE, with_replies=True)) == count


@pytest.mark.parametrize(("one", "other"), [("train", "dev"), ("train", "test"), ("dev", "test")])
def test_no_wording_no_topic_and_no_query_is_in_two_files(one: str, other: str) -> None:
    for key in ("template", "topic", "reply"):
        assert not values(one, key) & values(other, key), key


def test_no_sentence_that_a_question_is_put_into_belongs_to_two_files() -> None:
    for family, frames in GENERATOR.FRAMES.items():
        sentences = [sentence for split in SPLITS for sentence in frames[split]]
        assert len(sentences) == len(set(sentences)), family
    around = [set(GENERATOR.ROUND[split]) - {"{q}"} for split in SPLITS]
    assert not around[0] & around[1] | around[0] & around[2] | around[1] & around[2]


def test_no_question_is_asked_twice() -> None:
    texts = [line["text"].casefold() for split in SPLITS for line in LINES[split]]
    texts += [shot.inputs["text"].casefold() for shot in STYLE.few_shot]
    assert [text for text, times in Counter(texts).items() if times > 1] == []


def test_the_shown_examples_give_no_answer_of_a_measurement_away() -> None:
    for shot in STYLE.few_shot:
        for split in ("dev", "test"):
            assert shot.reply not in values(split, "reply")
        assert all(result.passed for result in check_reply(STYLE, shot.inputs, shot.reply))


@pytest.mark.parametrize("split", SPLITS)
def test_every_reply_keeps_every_rule_and_returns_the_right_rows(split: str) -> None:
    for line in LINES[split]:
        inputs = {"text": line["text"]}
        for result in check_reply(STYLE, inputs, line["reply"]):
            assert result.passed, (line["id"], result.reason)
        content = judge_content(STYLE, inputs, line["reply"], line["gold"])
        assert content is not None, line["id"]
        assert content.passed, (line["id"], content.reason)
        assert DATABASE.rows(line["gold"]) not in ([], [(None,)], [(0,)]), line["id"]


@pytest.mark.parametrize("split", SPLITS)
def test_a_query_without_one_of_its_conditions_returns_other_rows(split: str) -> None:
    looked_at = 0
    for line in LINES[split]:
        for shorter in without_one_condition(line["gold"]):
            looked_at += 1
            content = judge_content(STYLE, {"text": line["text"]}, shorter, line["gold"])
            assert content is not None
            assert not content.passed, (line["id"], shorter)
    assert looked_at >= 40


def without_one_condition(sql: str) -> list[str]:
    found = re.fullmatch(r"(SELECT .*? FROM boats) WHERE (.*?)((?: GROUP BY| ORDER BY).*)?", sql)
    if not found:
        return []
    before, parts, after = found[1], found[2].split(" AND "), found[3] or ""
    rest = [" AND ".join(parts[:at] + parts[at + 1 :]) for at in range(len(parts))]
    return [f"{before} WHERE {kept}{after}" if kept else f"{before}{after}" for kept in rest]


@pytest.mark.parametrize("split", SPLITS)
def test_every_kind_of_question_is_asked_and_none_fills_the_file(split: str) -> None:
    families = Counter(line["template"].rpartition(f"-{split}")[0] for line in LINES[split])
    assert set(families) == set(GENERATOR.WEIGHTS)
    assert max(families.values()) <= 0.2 * len(LINES[split])


def test_questions_and_replies_stay_short_enough_to_learn_from_quickly() -> None:
    for split in SPLITS:
        for line in LINES[split]:
            assert len(line["text"]) <= 150, line["id"]
            assert len(line["reply"]) <= 120, line["id"]
            assert not re.search(r"[{}]|  ", line["text"]), line["text"]


def test_the_grammar_lets_every_reply_through_and_no_prose() -> None:
    assert STYLE.constraint is not None
    pattern = re.compile(regular_expression(STYLE.constraint.text))
    for split in SPLITS:
        for line in LINES[split]:
            assert pattern.fullmatch(line["reply"]), line["reply"]
    for shot in STYLE.few_shot:
        assert pattern.fullmatch(shot.reply)
    for reply in ("Sure! SELECT name FROM boats", "SELECT name FROM boats;", "SELECT colour_code FROM boats"):
        assert not pattern.fullmatch(reply)


def regular_expression(grammar: str) -> str:
    """The grammar as one regular expression: none of its rules comes back to itself."""
    rules = dict(line.split(" ::= ", 1) for line in grammar.splitlines())

    def expand(rule: str) -> str:
        made = ""
        for piece in re.finditer(r'"[^"]*"|\[[^\]]*\]|\{\d,\d+\}|\w+|[()|?*+]', rule):
            if piece[0][0] == '"':
                made += f"(?:{re.escape(piece[0][1:-1])})"
            else:
                made += f"(?:{expand(rules[piece[0]])})" if piece[0][0].isalpha() else piece[0]
        return made

    return expand(rules["root"])
