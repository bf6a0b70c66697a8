"""The question bank: the shipped one is sound and gives nothing away, and a fault is told with file, line and item."""

from __future__ import annotations

from pathlib import Path

import pytest

from lab.errors import BadInput
from lab.lessons import Check, list_lessons
from lab.quiz.bank import (
    GIVEAWAY_SHARE,
    TOPICS,
    Item,
    Option,
    check_bank,
    guessing_scores,
    load_bank,
    load_misconceptions,
    load_sources,
)
from lab.quiz.schema import BrokenContent

ITEM = """\
- id: a-thing
  kind: scenario
  topic: both
  difficulty: 2
  lesson: 01-two-ways
  scenario: Somebody needs something.
  question: What first?
  options:
    - text: One.
      why: No.
      misconception: must-choose-one
    - text: Two.
      right: true
      why: Yes.
    - text: Three.
      why: Not quite.
      misconception: both-by-default
    - text: Four.
      why: Never.
      misconception: rag-fixes-style
  experiment: null
  sources: ["000 §1"]
"""
LINES = ITEM.count("\n")


def write(folder: Path, text: str, name: str = "bank.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def another(number: int) -> str:
    return ITEM.replace("a-thing", f"thing-{number}").replace("Somebody", f"Person {number}")


@pytest.fixture(scope="module")
def bank() -> tuple[Item, ...]:
    return load_bank()


def test_the_shipped_bank_has_no_problem(bank: tuple[Item, ...]) -> None:
    report = check_bank()
    assert report.details == ()
    assert (report.items, report.problems) == (len(bank), 0)
    assert len(bank) >= 10
    assert {item.topic for item in bank} == set(TOPICS)


def test_every_option_has_a_reason_and_every_wrong_one_a_known_misconception(bank: tuple[Item, ...]) -> None:
    misconceptions = load_misconceptions()
    checks = [block for lesson in list_lessons() for block in lesson.blocks if isinstance(block, Check)]
    questions: list[Item | Check] = [*bank, *checks]
    for question in questions:
        assert [option.right for option in question.options].count(True) == 1, question.id
        for option in question.options:
            assert len(option.why.split()) >= 5, f"{question.id}: {option.text}"
            assert option.right == (option.misconception is None)
            assert option.right or option.misconception in misconceptions


def test_every_misconception_is_behind_at_least_one_wrong_option(bank: tuple[Item, ...]) -> None:
    used = {option.misconception for item in bank for option in item.options}
    assert set(load_misconceptions()) <= used


@pytest.mark.parametrize("trick", ["first", "last", "longest", "shortest"])
def test_picking_without_reading_does_not_pass(bank: tuple[Item, ...], trick: str) -> None:
    assert guessing_scores(bank)[trick] <= GIVEAWAY_SHARE == 0.45


def test_guessing_scores_share_out_ties() -> None:
    def option(text: str, right: bool = False) -> Option:
        return Option(text, right, "why", None if right else "m")

    options = (option("aa", right=True), option("bb"), option("c"), option("d"))
    item = Item("i", "scenario", "both", 1, "l", "s", "q", options, None, ())
    assert guessing_scores([item]) == {"first": 1.0, "last": 0.0, "longest": 0.5, "shortest": 0.0}
    assert guessing_scores([]) == {"first": 0.0, "last": 0.0, "longest": 0.0, "shortest": 0.0}


def test_the_sources_are_the_five_texts() -> None:
    sources = load_sources()
    assert list(sources) == ["000", "001", "002", "003", "004"]
    assert all(source.id == key and source.what for key, source in sources.items())


def test_an_item_is_read_whole(tmp_path: Path) -> None:
    (item,) = load_bank(write(tmp_path, ITEM))
    assert (item.id, item.kind, item.topic, item.difficulty, item.lesson) == (
        "a-thing", "scenario", "both", 2, "01-two-ways",
    )  # fmt: skip
    assert item.options[1] == Option("Two.", True, "Yes.", None)
    assert item.options[3] == Option("Four.", False, "Never.", "rag-fixes-style")
    assert (item.experiment, item.sources) == (None, ("000 §1",))
    (item,) = load_bank(write(tmp_path, ITEM.replace("null", "four-answers")))
    assert item.experiment == "four-answers"


BROKEN = {
    "unknown kind": ("kind: scenario", "kind: riddle", 2, "kind is “riddle”; known are scenario"),
    "unknown topic": ("topic: both", "topic: weather", 3, "topic is “weather”; known are knowledge, behaviour"),
    "difficulty too high": ("difficulty: 2", "difficulty: 4", 4, "must be a whole number from 1 to 3, not “4”"),
    "difficulty is a truth value": ("difficulty: 2", "difficulty: true", 4, "must be a whole number"),
    "unknown lesson": ("01-two-ways", "99-gone", 5, "lesson is “99-gone”, but there is no lessons/99-gone.md"),
    "missing key": ("  question: What first?\n", "", 1, "question is missing"),
    "unknown key": ("  question: What", "  hint: x\n  question: What", 7, "hint is not a field that is known here"),
    "three options": ("    - text: One.\n      why: No.\n      misconception: must-choose-one\n", "", 8, "at least 4"),
    "five options": (
        "    - text: One.",
        "    - {text: Z., why: No.}\n    - text: One.",
        8,
        "exactly 4 in its list, not 5",
    ),
    "no right option": ("      right: true\n", "      misconception: must-choose-one\n", 8, "options has no right one"),
    "two right options": ("      misconception: both-by-default", "      right: true", 17, "only one may be right"),
    "option without reason": ("      why: Not quite.\n", "", 15, "option 3: why is missing"),
    "same option twice": ("Three.", "Two.", 15, "option 3: text “Two.” is an option already"),
    "unknown misconception": ("both-by-default", "the-moon", 17, "“the-moon” is not in misconceptions.yaml"),
    "unknown source": ("000 §1", "999 §1", 22, "sources names “999”, which is not in sources.yaml"),
    "source without a place": ("000 §1", "000", 22, "names 000 without a place in it"),
    "experiment not kebab": ("null", "Four Answers", 21, "experiment must be small letters, digits and hyphens"),
}


@pytest.mark.parametrize(("old", "new", "line", "words"), BROKEN.values(), ids=BROKEN)
def test_a_fault_is_told_with_file_line_and_item(tmp_path: Path, old: str, new: str, line: int, words: str) -> None:
    assert old in ITEM
    path = write(tmp_path, another(1) + ITEM.replace(old, new, 1))
    with pytest.raises(BrokenContent) as caught:
        load_bank(path)
    message = str(caught.value)
    assert message.startswith(f"bank.yaml, line {LINES + line}: item a-thing")
    assert words in message
    report = check_bank(path)
    assert (report.items, report.problems, report.details) == (1, 1, (message,))


def test_an_item_without_an_id_is_told_by_its_number(tmp_path: Path) -> None:
    path = write(tmp_path, another(1) + ITEM.replace("- id: a-thing\n  kind", "- kind"))
    with pytest.raises(BrokenContent, match=rf"^bank\.yaml, line {LINES + 1}: item number 2: id is missing\.$"):
        load_bank(path)


def test_a_repeated_id_is_told(tmp_path: Path) -> None:
    with pytest.raises(BrokenContent, match=rf"line {LINES + 1}: item a-thing: id “a-thing” was used before"):
        load_bank(write(tmp_path, ITEM + ITEM))


def test_the_check_tells_every_broken_item_and_not_only_the_first(tmp_path: Path) -> None:
    broken = ITEM.replace("topic: both", "topic: weather")
    text = broken.replace("a-thing", "x-1") + another(1) + broken.replace("a-thing", "x-2") + "- just words\n"
    report = check_bank(write(tmp_path, text))
    assert (report.items, report.problems) == (1, 3)
    assert ["item x-1" in report.details[0], "item x-2" in report.details[1]] == [True, True]
    assert "item number 4: “field: value” lines are needed here, not “just words”" in report.details[2]


def test_the_check_tells_a_giveaway_and_a_repeated_scenario(tmp_path: Path) -> None:
    report = check_bank(write(tmp_path, "".join(another(n).replace("Two.", "Two, at length.") for n in range(8))))
    assert report.details == (
        "bank.yaml: always picking the longest option scores 100% without reading; at most 45% is allowed.",
    )
    twins = another(1) + another(2).replace("Person 2", "Person 1")
    assert "the same scenario is used 2 times" in check_bank(write(tmp_path, twins)).details[0]


@pytest.mark.parametrize("text", ["", "- id: [", "just words", "[]", "- {id: a\n- b: c"])
def test_a_file_that_is_no_list_of_items_is_one_problem(tmp_path: Path, text: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(BrokenContent, match=r"^bank\.yaml, line \d+: "):
        load_bank(path)
    assert (check_bank(path).items, check_bank(path).problems) == (0, 1)


def test_a_missing_bank_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="There is no file"):
        load_bank(tmp_path / "none.yaml")
    assert check_bank(tmp_path / "none.yaml").problems == 1


def test_faults_in_misconceptions_and_sources_are_told(tmp_path: Path) -> None:
    good = '- id: a-belief\n  title: A\n  belief: B.\n  mend: C.\n  sources: ["000 §1"]\n'
    path = write(tmp_path, good, "misconceptions.yaml")
    assert load_misconceptions(path)["a-belief"].mend == "C."
    write(tmp_path, good.replace("000 §1", "777 §1"), "misconceptions.yaml")
    with pytest.raises(
        BrokenContent, match=r"^misconceptions\.yaml, line 5: misconception a-belief: sources names “777”"
    ):
        load_misconceptions(path)
    write(tmp_path, good + good, "misconceptions.yaml")
    with pytest.raises(BrokenContent, match=r"line 6: misconception a-belief: id “a-belief” was used before"):
        load_misconceptions(path)
    source = '- id: "000"\n  title: A\n  author: null\n  what: B.\n  file: c.txt\n'
    assert load_sources(write(tmp_path, source, "sources.yaml"))["000"].author is None
    with pytest.raises(BrokenContent, match=r"^sources\.yaml, line 1: id must be a text .* put it in quotation marks"):
        load_sources(write(tmp_path, source.replace('"000"', "000"), "sources.yaml"))
    with pytest.raises(BrokenContent, match=r"^sources\.yaml, line 4: source 000: waht is not a field"):
        load_sources(write(tmp_path, source.replace("  what: B.", "  waht: x\n  what: B."), "sources.yaml"))
