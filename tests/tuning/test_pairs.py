"""A behaviour of one's own: files are read or refused by the line, faults are named with their rows, rules are read off."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import pytest

from lab.errors import BadInput
from lab.models.adapters import read_adapter
from lab.settings import Settings
from lab.tuning.options import TrainOptions
from lab.tuning.own import DEFAULT_SYSTEM, infer_rules, pairs_to_style, split_pairs, train_pairs
from lab.tuning.pairs import MOST_PAIRS, Pair, PairsReport, check_pairs, read_pairs, typed_pairs
from lab.tuning.styles import check_reply, judge_content, load_examples, load_style, messages_for

THINGS = "tent stove map rope boots lamp knife flask scarf gloves compass whistle hammock saw kettle".split()


def made(count: int, output: str = "Aye, the {} be yours, matey number {}!") -> list[Pair]:
    """Pairs that are all different."""
    return [
        Pair(
            f"May I have the {THINGS[at % 15]} of hut {at} {THINGS[at // 15]}?",
            output.format(THINGS[at % 15], at),
            at + 1,
        )
        for at in range(count)
    ]


def texts(report: PairsReport, *, blocking: bool) -> list[str]:
    return [problem.text for problem in report.problems if problem.blocking == blocking]


@pytest.mark.parametrize(
    "data",
    [
        "input,output\nHello,Ahoy\n\nBye,Farewell\n",
        "id;Output;Input\n1;Ahoy;Hello\n2;Farewell;Bye\n",
        "\ufeffquestion\tanswer\r\nHello\tAhoy\r\nBye\tFarewell\r\n",
        "Hello,Ahoy,more\nBye,Farewell,more\n",
        '{"input": "Hello", "output": "Ahoy"}\n\n{"input": " Bye ", "output": "Farewell", "note": 3}\n',
    ],
    ids=["named", "semicolons and another order", "tabs and a byte order mark", "no heading", "JSON lines"],
)
def test_pairs_are_read_however_a_spreadsheet_wrote_them(data: str) -> None:
    pairs = read_pairs("mine.csv", data.encode())
    assert [(pair.input, pair.output) for pair in pairs] == [("Hello", "Ahoy"), ("Bye", "Farewell")]


def test_a_cell_may_hold_commas_line_breaks_and_quotes() -> None:
    (pair,) = read_pairs("a.csv", b'input,output\n"Hello, you\nthere","He said ""Ahoy"", twice"\n')
    assert pair == Pair("Hello, you\nthere", 'He said "Ahoy", twice', 2)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.csv", b"input\nHello\nBye\n", "a.csv has one column. It needs two"),
        ("a.csv", b"", "a.csv is empty. It needs two columns, input and output, and at least 10 rows."),
        ("a.csv", "naïve,b\n".encode("latin-1"), "a.csv: the text is not UTF-8. In a spreadsheet, save it as"),
        ("a.xlsx", b"PK\x03\x04\x00\x00", "a.xlsx is no text file. Save the table as CSV (UTF-8)"),
        ("a.csv", b"input,output\nb," + b"x" * 1_000_000, "a.csv, line 2: a cell has more than 131,072 characters"),
        ("a.csv", b"x" * 20_000_001, "a.csv has 20 MB; at most 20 MB are read."),
        ("a.jsonl", b'{"input": "x"', "a.jsonl, line 1: this is not one whole JSON object on one line."),
        ("a.jsonl", b"[" * 100_000, "a.jsonl, line 1: this is not one whole JSON object on one line."),
        ("a.jsonl", b'\n{"input": "x"}', "a.jsonl, line 2: this must be a JSON object with the texts"),
        (
            "a.jsonl",
            b'{"input": "x", "output": {"a": 1}}',
            "a.jsonl, line 1: this must be a JSON object with the texts",
        ),
        ("a.csv", b"q,a\n" * (MOST_PAIRS + 1), "a.csv has 5,001 rows; at most 5,000 are read. Keep the best ones."),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_with_its_line(name: str, data: bytes, says: str) -> None:
    with pytest.raises(BadInput) as error:
        read_pairs(name, data)
    assert str(error.value).startswith(says)


def test_a_table_on_a_page_may_have_empty_rows() -> None:
    rows: list[dict[str, Any]] = [{"input": "a", "output": "b"}, {"input": None, "output": None}, {"input": "c"}]
    assert typed_pairs(rows) == (Pair("a", "b", 1), Pair("c", "", 3))


def test_good_pairs_are_used_whole_with_advice_to_find_more() -> None:
    report = check_pairs(made(40))
    assert (report.usable, len(report.pairs), report.problems) == (True, 40, ())
    assert any("Hundreds rather than tens" in line for line in report.advice)
    assert any("begin with “may i”" in line for line in report.advice)


def test_nine_examples_are_too_few_and_ten_are_enough() -> None:
    report = check_pairs(made(9))
    assert texts(report, blocking=True) == [
        "There are 9 usable examples, and at least 10 are needed. Ten let you see that something changes; hundreds make "
        "it hold."
    ]
    with pytest.raises(BadInput, match="There are 9 usable examples"):
        report.require_usable()
    assert check_pairs(made(10)).usable


def test_repeated_and_half_empty_rows_are_named_and_left_out() -> None:
    pairs = [*made(12), Pair("Nobody answers", "", 13), Pair("", "Nobody asks", 14), *(
        Pair(f"  {pair.input.upper()} ", pair.output, pair.row + 20) for pair in made(7)
    )]  # fmt: skip
    report = check_pairs(pairs)
    assert (report.usable, len(report.pairs)) == (True, 12)
    first, second = texts(report, blocking=False)
    assert first.startswith("Rows 13, 14: the input or the output is empty. They are left out")
    assert second.startswith(
        "Rows 21, 22, 23, 24, 25 and 2 more: the same input with the same output stands further up"
    )


def test_contradictions_are_named_on_both_rows() -> None:
    report = check_pairs([*made(10), Pair(made(1)[0].input, "Something else", 11)])
    (problem,) = report.problems
    assert (problem.rows, problem.blocking) == ((1, 11), False)
    assert problem.text.startswith("Rows 1, 11: the same input has different outputs. A model cannot learn both")


def test_equal_outputs_and_equal_inputs_are_refused() -> None:
    assert texts(check_pairs(made(10, "Aye!")), blocking=True) == [
        "All outputs are equal, so the model would learn to say that one thing whatever it is asked. Add examples whose "
        "outputs differ."
    ]
    same = [Pair("Hello", f"Ahoy {at}", at) for at in range(1, 12)]
    assert texts(check_pairs(same), blocking=True) == [
        "All inputs are equal, so the model would never look at them. Add different inputs."
    ]


def test_an_example_of_a_megabyte_is_refused_by_its_row() -> None:
    (text,) = texts(check_pairs([*made(10), Pair("x" * 1_000_000, "y", 11)]), blocking=True)
    assert text.startswith(
        "Row 11: a text has 1,000,000 characters, and the model learns from at most 4,000. Shorten it"
    )


def test_outputs_that_repeat_their_inputs_are_told_and_refused_when_they_are_most() -> None:
    few = check_pairs([*made(10), Pair("Same", "same".title(), 11)])
    assert few.usable
    assert texts(few, blocking=False) == [
        "Row 11: the output is the input again, so there is nothing to learn from it."
    ]
    assert not check_pairs([Pair(pair.input, pair.input, pair.row) for pair in made(12)]).usable


def test_half_a_character_is_refused_before_it_breaks_a_file() -> None:
    (pair,) = read_pairs("a.jsonl", b'{"input": "\\ud800", "output": "b"}')
    (text,) = texts(check_pairs([*made(10), Pair(pair.input, pair.output, 11)]), blocking=True)
    assert text.startswith("Row 11: there are characters that are not valid Unicode.")


def test_free_text_is_judged_by_its_length_and_its_closing_question() -> None:
    rules, content = infer_rules(["One two three four five?", "One two three four five six seven eight nine ten?"])
    assert [(rule["check"], rule.get("minimum"), rule.get("maximum")) for rule in rules] == [
        ("word_count", 4, 13),
        ("ends_with_question", None, None),
    ]
    assert rules[0]["title"] == "Is between 4 and 13 words long"
    assert content is None


def test_few_labels_become_a_rule_and_many_different_short_outputs_do_not() -> None:
    rules, content = infer_rules(["yes", "no", "yes", "no ", "maybe", "no"] * 2)
    assert [(rule["check"], rule["labels"]) for rule in rules] == [("one_of", ["no", "yes", "maybe"])]
    assert content is not None
    assert content["check"] == "equals_gold"
    assert infer_rules([f"word {at}" for at in range(12)])[0][0]["check"] == "word_count"


def test_json_outputs_become_rules_about_form_and_keys_with_a_judge_of_values() -> None:
    rules, content = infer_rules(['{"a": 1, "b": "x", "c": []}', ' {"a": 2.5, "b": null, "d": 1}'])
    assert [rule["check"] for rule in rules] == ["json_object", "json_schema"]
    assert rules[1]["schema"] == {"type": "object", "required": ["a", "b"], "properties": {"a": {"type": "number"}}}
    assert content is not None
    assert content["fields"] == ["a", "b"]
    assert infer_rules(['{"a": 1}', "not JSON at all"])[0][0]["check"] == "word_count"


def test_the_style_holds_back_a_part_that_is_never_learned(tmp_path: Path) -> None:
    style = pairs_to_style(made(100), "Pirate  talk!", "", tmp_path / "style")
    learned = load_examples(style.folder / "train.jsonl", style, with_replies=True)
    held_back = load_examples(style.folder / "test.jsonl", style, with_replies=True)
    assert (style.name, style.title, style.system) == ("pirate-talk", "Pirate talk!", DEFAULT_SYSTEM)
    assert (len(learned), len(held_back)) == (85, 15)
    assert not {item.inputs["text"] for item in learned} & {item.inputs["text"] for item in held_back}
    assert messages_for(style, learned[0].inputs)[-1] == ("user", learned[0].inputs["text"])
    assert f"- {style.rules[0].title}." in style.prompted_system
    for item in (*learned, *held_back):
        assert all(result.passed for result in check_reply(style, item.inputs, item.reply))
    assert [path.name for path in tmp_path.iterdir()] == ["style"]


def test_the_styles_own_outputs_are_right_by_its_judge_of_content(tmp_path: Path) -> None:
    labelled = [Pair(pair.input, ("late", "broken")[at % 2], at + 1) for at, pair in enumerate(made(40))]
    objects = [Pair(pair.input, json.dumps({"thing": pair.row, "late": pair.row > 9}), pair.row) for pair in made(40)]
    for name, pairs in (("labels", labelled), ("objects", objects)):
        style = pairs_to_style(pairs, name, "Sort it.", tmp_path / name)
        first, second = load_examples(style.folder / "test.jsonl", style)[:2]
        for item in (first, second):
            verdict = judge_content(style, item.inputs, item.reply, item.gold)
            assert verdict is not None
            assert verdict.passed
        wrong = judge_content(style, first.inputs, "sunk", first.gold)
        assert wrong is not None
        assert not wrong.passed


def test_nearly_equal_inputs_stay_on_one_side() -> None:
    wordings = [
        "Where on earth is my {} number {}?",
        "my {} came broken, case {}, what now",
        "Dear team, kindly send a {} to room {} today",
        "{} please, {} of them!",
    ]
    pairs = [
        Pair(f"{wording.format(thing, number)}{' please' * (number % 2)}", f"{thing} {wording[:4]} {number}", 1)
        for wording in wordings
        for thing in THINGS
        for number in range(3)
    ]
    learned, held_back = split_pairs(pairs)
    kinds = [{pair.output.rpartition(" ")[0] for pair in part} for part in (learned, held_back)]
    assert len(held_back) == 27
    assert not kinds[0] & kinds[1]
    assert split_pairs(pairs) == (learned, held_back)
    assert split_pairs(pairs, seed=1) != (learned, held_back)


def test_inputs_that_are_all_alike_still_leave_something_to_test_on() -> None:
    pairs = [Pair(f"What about number {at}?", f"Aye {at * 7 % 11}", at) for at in range(1, 41)]
    learned, held_back = split_pairs(pairs)
    assert (len(learned), len(held_back)) == (34, 6)


def test_five_thousand_pairs_are_divided_in_a_few_seconds() -> None:
    pairs = [
        Pair(f"{THINGS[at % 15]} {THINGS[at // 15 % 15]} {at} what is it and where may I find it", "x", at)
        for at in range(5000)
    ]
    begun = time.perf_counter()
    learned, held_back = split_pairs(pairs)
    assert len(learned) + len(held_back) == 5000
    assert time.perf_counter() - begun < 20


@pytest.mark.parametrize("system", ["x" * 2_001, "\ud800"])
def test_an_instruction_that_cannot_be_used_is_refused(system: str, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="at most 2,000 are read"):
        pairs_to_style(made(12), "a", system, tmp_path / "style")
    assert not (tmp_path / "style").exists()


def test_marks_of_yaml_and_of_templates_in_the_texts_change_nothing(tmp_path: Path) -> None:
    odd = '{text} "quoted": - [x] # no comment\n{{braces}} <|im_end|>'
    pairs = [Pair(f"{pair.input} {odd}", f"{pair.output} {odd}", pair.row) for pair in made(20)]
    style = pairs_to_style(pairs, "--- !!python/object:os.system", "a: b\n- c", tmp_path / "style")
    held_back = load_examples(style.folder / "test.jsonl", style)
    learned = load_examples(style.folder / "train.jsonl", style)
    assert {item.inputs["text"] for item in (*held_back, *learned)} == {pair.input for pair in pairs}
    assert style.title == "--- !!python/object:os.system"
    assert style.system == "a: b\n- c"


@pytest.mark.filterwarnings("ignore::FutureWarning")  # PEFT's and transformers', of their own future
def test_a_file_of_pairs_becomes_an_adapter_with_the_messages_to_judge_it_by(
    settings: Settings, tmp_path: Path
) -> None:
    file = tmp_path / "My pirate.csv"
    rows = [f'"{pair.input}","{pair.output}"' for pair in made(40)]
    file.write_text("\n".join(["input,output", *rows, rows[0], ","]), encoding="utf-8")
    said: list[str] = []
    options = TrainOptions("", max_steps=1, batch=2, rank=2, modules=("q_proj",), first_layer=29, held_out=0)
    run = train_pairs(file, options, tmp_path / "out", settings, lambda stage, share: said.append(stage))
    assert (run.style, run.examples, run.steps) == ("my-pirate", 34, 1)
    assert read_adapter(tmp_path / "out").sha256 == run.adapter_sha256
    style = load_style(str(tmp_path / "out" / "style"))
    assert len(load_examples(style.folder / "test.jsonl", style)) == 6
    assert said[0].startswith("Row 42: the same input with the same output stands further up already.")
    assert str(tmp_path) not in (tmp_path / "out" / "training.json").read_text()
    with pytest.raises(BadInput, match=r"nowhere\.csv cannot be read \(No such file or directory\)"):
        train_pairs(tmp_path / "nowhere.csv", options, tmp_path / "out", settings)
