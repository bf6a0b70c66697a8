"""A style file that is wrong says where; a message is put to the model the same way every time."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lab.errors import BadInput
from lab.tuning.styles import (
    MAX_EXAMPLE_CHARACTERS,
    Style,
    check_reply,
    list_styles,
    load_examples,
    load_style,
    messages_for,
)

RULE = {"id": "asks", "title": "Asks", "why": "Open.", "check": "ends_with_question"}


def rule(**changes: Any) -> list[dict[str, Any]]:
    return [{key: value for key, value in {**RULE, **changes}.items() if value is not None}]


def message_of(error: pytest.ExceptionInfo[BadInput]) -> str:
    text = str(error.value)
    assert len(text.splitlines()) == 1
    return text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"title": None}, "small/style.yaml: title is missing."),
        ({"title": "  "}, "small/style.yaml: title must be a text that is not empty, not an empty text."),
        ({"title": ["a"]}, "small/style.yaml: title must be a text that is not empty, not a list."),
        ({"name": "Small Style"}, "name must be small letters, digits and hyphens, not “Small Style”."),
        ({"tittle": "x"}, "small/style.yaml: tittle is not a field that is known here."),
        ({"max_tokens": 0}, "max_tokens must be a whole number from 1 to 1000, not 0."),
        ({"max_tokens": "many"}, "max_tokens must be a whole number from 1 to 1000, not the text “many”."),
        ({"max_tokens": True}, "max_tokens must be a whole number from 1 to 1000, not the truth value True."),
        ({"inputs": []}, "inputs must be a list of texts with at least one in it, not an empty list."),
        ({"inputs": ["first_name", "first_name"]}, "inputs names “first_name” twice."),
        ({"inputs": ["First"]}, "inputs has “First”, which cannot be the name of an input."),
        ({"inputs": ["reply"]}, "inputs has “reply”, which cannot be the name of an input."),
        ({"input_template": "{first_name}"}, "input_template leaves out {message}, so the model would never see it."),
        (
            {"input_template": "{first_name} {message} {topic}"},
            "input_template asks for {topic}, which is not among inputs.",
        ),
        ({"rules": []}, "rules must be a list with at least one entry, not an empty list."),
        ({"rules": ["be nice"]}, "small/style.yaml, rules, number 1 must be a list of “field: value” lines"),
        ({"rules": rule(check="rhymes")}, "rules, number 1: check “rhymes” is not a kind of check; known are"),
        ({"rules": rule(why=None)}, "rules, number 1: why is missing."),
        ({"rules": rule(minimum=3)}, "rules, number 1: minimum is not a field that is known here."),
        ({"rules": rule() * 2}, "rules, number 2: id “asks” must be small letters, digits and hyphens, and used once."),
        ({"rules": rule(check="avoids")}, "rules, number 1: phrases is missing."),
        ({"rules": rule(check="avoids", phrases=["a", True])}, "phrases has the truth value True as number 2; put"),
        (
            {"rules": rule(check="word_count", minimum=9, maximum=3)},
            "maximum must be a whole number from 9 to 10000, not 3.",
        ),
        (
            {
                "inputs": ["message"],
                "input_template": "{message}",
                "rules": rule(check="greets_by_name", greetings=["Hi"]),
            },
            "check “greets_by_name” needs an input called first_name.",
        ),
        ({"few_shot": [{"first_name": "A", "message": "b"}]}, "few_shot, number 1: reply is missing."),
    ],
)
def test_a_wrong_style_names_its_file_and_field(
    write_style: Callable[..., Path], changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadInput) as error:
        load_style(str(write_style(**changes)))
    assert says in message_of(error)


@pytest.mark.parametrize(
    ("raw", "says"),
    [
        (b"name: [", "small/style.yaml, line 1: this is not YAML"),
        (b"- a\n- b\n", "small/style.yaml must be a list of “field: value” lines, not a list."),
        (b"", "small/style.yaml must be a list of “field: value” lines, not nothing."),
        (b"name: \xff", "small/style.yaml: the text is not UTF-8."),
        (b"a: " + b"x" * 300_000, "style.yaml is over 0.2 MB"),
        (b"!!python/object/apply:os.getcwd []", "this is not YAML"),
    ],
)
def test_a_file_that_is_no_style_says_so(write_style: Callable[..., Path], raw: bytes, says: str) -> None:
    file = write_style()
    file.write_bytes(raw)
    with pytest.raises(BadInput, match=re.escape(says)):
        load_style(str(file))


def test_an_unknown_style_names_the_known_ones() -> None:
    with pytest.raises(BadInput, match=r"no style called “brand-vioce”\. Shipped styles: .*brand-voice"):
        load_style("brand-vioce")


def test_a_style_is_found_by_name_by_folder_and_by_file(write_style: Callable[..., Path]) -> None:
    file = write_style()
    assert load_style(str(file)) == load_style(str(file.parent))
    assert "brand-voice" in list_styles()
    assert load_style("brand-voice").name == "brand-voice"


def test_the_turns_carry_the_inputs_as_they_are(small: Style) -> None:
    inputs = {"first_name": "Zoë", "message": "Is {first_name} in {braces}?\nYes\\n"}
    assert messages_for(small, inputs) == [
        ("system", "You answer customers."),
        ("user", "Customer: Zoë\nMessage: Is {first_name} in {braces}?\nYes\\n"),
    ]


def test_prompted_and_few_shot_change_the_prompt_and_nothing_else(small: Style) -> None:
    inputs = {"first_name": "Zoë", "message": "Hello?"}
    plain = messages_for(small, inputs)
    both = messages_for(small, inputs, prompted=True, few_shot=True)
    assert both[0] == ("system", small.prompted_system)
    assert both[1:3] == [("user", "Customer: Ann\nMessage: Where is it?"), ("assistant", "Hi Ann, which one?")]
    assert both[-1] == plain[-1]
    assert messages_for(small, inputs, few_shot=True)[0] == plain[0]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        ({"first_name": "Zoë"}, "The message: message is missing."),
        ({"first_name": "Zoë", "message": " "}, "The message: message is empty or not a text."),
        ({"first_name": 3, "message": "x"}, "The message: first_name is empty or not a text."),
        ({"first_name": "Zoë", "message": "x" * 5000}, "message has 5,000 characters; the model reads at most 4,000."),
    ],
)
def test_a_message_without_its_inputs_is_refused(small: Style, inputs: dict[str, Any], says: str) -> None:
    with pytest.raises(BadInput, match=re.escape(says)):
        messages_for(small, inputs)


def test_check_reply_gives_every_rule_in_order_with_its_reason(small: Style) -> None:
    results = check_reply(small, {"first_name": "Zoë", "message": "Hello?"}, "Hi Zoë, we'll see about it all.")
    assert [(result.rule, result.passed, result.reason) for result in results] == [
        ("greets", True, "Begins with “Hi Zoë,”"),
        ("length", False, "7 words; at most 5 are allowed"),
        ("asks", False, "Ends with “see about it all.”, not with a question mark"),
        ("plain", False, "Says “we'll”"),
    ]


GOOD = '{"id": "a", "first_name": "Zoë", "message": "Hello?", "reply": "Hi Zoë, yes?"}'


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([GOOD, "{"], "x.jsonl, line 2: this is not one whole JSON object on one line."),
        ([GOOD, "[1]"], "x.jsonl, line 2: this must be a JSON object with id, first_name, message."),
        (["", GOOD, GOOD], "x.jsonl, line 3: id “a” was used on line 2 already."),
        ([GOOD.replace("message", "massage")], "x.jsonl, line 1: message is missing."),
        ([GOOD.replace('"a"', '""')], "x.jsonl, line 1: id is missing or empty."),
        ([GOOD.replace('"a"', "7")], "x.jsonl, line 1: id must be a text of at most 4,000 characters."),
        ([GOOD.replace("reply", "answer")], "x.jsonl, line 1: reply is missing or empty."),
        ([GOOD.replace("yes?", "y" * MAX_EXAMPLE_CHARACTERS)], "x.jsonl, line 1: reply must be a text of at most"),
        ([GOOD.replace("Hello?", "h" * 1_000_000)], "x.jsonl, line 1: message has 1,000,000 characters"),
        (["[" * 100_000], "x.jsonl, line 1: this is not one whole JSON object"),
        ([], "x.jsonl is empty: it needs at least one line of JSON."),
    ],
)
def test_wrong_examples_name_their_file_and_line(small: Style, tmp_path: Path, lines: list[str], says: str) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BadInput) as error:
        load_examples(file, small, with_replies=True)
    assert says in message_of(error)


def test_examples_in_another_encoding_name_the_line(small: Style, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_bytes(GOOD.encode() + b"\r\n" + GOOD.replace('"a"', '"b"').encode("latin-1"))
    with pytest.raises(BadInput, match="line 2: the text is not UTF-8"):
        load_examples(file, small)
    with pytest.raises(BadInput, match="There is no file"):
        load_examples(tmp_path / "none.jsonl", small)


def test_good_examples_are_read_with_or_without_replies(small: Style, tmp_path: Path) -> None:
    file = tmp_path / "x.jsonl"
    file.write_text(
        "\ufeff" + GOOD + "\n\n" + json.dumps({"id": "b", "first_name": "Bo", "message": "x"}) + "\n", "utf-8"
    )
    first, second = load_examples(file, small)
    assert (first.id, first.reply, dict(first.inputs)) == (
        "a",
        "Hi Zoë, yes?",
        {"first_name": "Zoë", "message": "Hello?"},
    )
    assert (second.id, second.reply) == ("b", "")


def test_every_shipped_training_reply_keeps_every_rule(brand_voice: Style) -> None:
    examples = load_examples(brand_voice.folder / "train.jsonl", brand_voice, with_replies=True)
    assert len(examples) >= 400
    for example in (*examples, *brand_voice.few_shot):
        failed = [result for result in check_reply(brand_voice, example.inputs, example.reply) if not result.passed]
        assert not failed, (example.id, failed)


def test_no_development_or_test_message_or_topic_was_trained_on(brand_voice: Style) -> None:
    train, dev, test = (
        load_examples(brand_voice.folder / f"{part}.jsonl", brand_voice) for part in ("train", "dev", "test")
    )
    assert len(dev) >= 60
    assert len(test) >= 60
    for this, other in ((train, dev), (train, test), (dev, test)):
        assert not {example.inputs["message"] for example in this} & {example.inputs["message"] for example in other}
        assert not {example.topic for example in this} & {example.topic for example in other}
