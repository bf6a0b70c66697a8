"""A batch: every pane over every message, figures that count what they say, the worst first, and files to take away."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest

from lab.compare.batch import run_batch
from lab.compare.panes import ModelFactory, find_pane
from lab.errors import BadInput, Cancelled
from lab.statistics import wilson
from lab.tuning.styles import Example, Style

GOOD = (
    "Hi {name}, a {thing} is a fine thing for a long and sunny day by the water with us. Which {thing} would you like?"
)
MESSAGES = [
    Example(f"m-{place}", {"first_name": name, "message": f"Do you lend a {thing}?"})
    for place, (name, thing) in enumerate((("Ann", "kayak"), ("Bo", "tent"), ("Cy", "=cmd|'x'!A0")), start=1)
]
PANES = [find_pane("base"), find_pane("tuned")]


def good(message: str) -> str:
    name, asked = message.removeprefix("Customer: ").split("\n")
    return GOOD.format(name=name, thing=asked.removesuffix("?").split(" ")[-1])


def test_every_pane_answers_every_message_and_the_worst_come_first(
    voice: Style, make_factory: Callable[..., ModelFactory]
) -> None:
    told: list[float] = []
    result = run_batch(
        voice, MESSAGES, PANES, make_factory(tuned=good), lambda _, share: told.append(share), adapter="voice"
    )
    base, tuned = result.panes
    assert (result.n, result.seed, result.stopped) == (3, 0, False)
    assert (base.adherence.rate, tuned.adherence.rate) == (0.0, 1.0)
    assert tuned.adherence.interval == wilson(3, 3)
    assert (base.adapter, tuned.adapter, tuned.adapter_sha256, tuned.strength) == (None, "voice", "sha of voice", 1.0)
    assert [row.pane for row in result.worst_first] == ["base"] * 3 + ["tuned"] * 3
    assert [row.message.id for row in result.worst_first[:3]] == ["m-1", "m-2", "m-3"]
    assert "Customer: Ann" in base.rows[0].prompt
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_csv_opens_as_a_table_and_no_cell_is_a_formula(
    voice: Style, make_factory: Callable[..., ModelFactory]
) -> None:
    factory = make_factory(base=lambda _: "=HYPERLINK(1)\nsecond line", tuned=good)
    text = run_batch(voice, MESSAGES, PANES, factory, adapter="voice").to_csv()
    rows = list(csv.DictReader(io.StringIO(text)))
    assert len(rows) == 6
    assert rows[0]["reply"] == "'=HYPERLINK(1) second line"
    assert rows[0]["all rules kept"] == "no"
    assert rows[0]["greets-by-name"] == "no"
    assert "Begins with" in rows[0]["reasons"]
    assert rows[-1]["all rules kept"] == "yes"
    assert not any(cell.startswith(("=", "+", "-", "@")) for row in rows for cell in row.values())


def test_the_json_carries_what_is_needed_to_run_it_again(
    voice: Style, make_factory: Callable[..., ModelFactory]
) -> None:
    data = json.loads(json.dumps(run_batch(voice, MESSAGES, PANES, make_factory(), adapter="voice").to_json()))
    assert {"style", "made", "n", "seed"} <= data.keys()
    assert [pane["pane"] for pane in data["panes"]] == ["base", "tuned"]
    assert data["panes"][1]["adapter_sha256"] == "sha of voice"
    assert len(data["panes"][0]["rows"]) == 3


def test_stop_keeps_the_panes_that_had_finished(voice: Style, make_factory: Callable[..., ModelFactory]) -> None:
    begun: list[str] = []

    def report(stage: str, share: float) -> None:
        begun.append(stage)

    def after_the_first_pane() -> bool:
        return any(stage.startswith("base") for stage in begun)

    result = run_batch(voice, MESSAGES, PANES, make_factory(), report, after_the_first_pane, adapter="voice")
    assert [batch.pane.id for batch in result.panes] == ["base"]
    assert result.stopped
    with pytest.raises(Cancelled):
        run_batch(voice, MESSAGES, PANES, make_factory(), should_stop=lambda: True, adapter="voice")


def test_a_batch_without_messages_or_documents_says_what_is_missing(
    voice: Style, make_factory: Callable[..., ModelFactory]
) -> None:
    with pytest.raises(BadInput, match="at least one message"):
        run_batch(voice, [], PANES, make_factory())
    with pytest.raises(BadInput, match="needs documents"):
        run_batch(voice, MESSAGES, [find_pane("base-rag")], make_factory())
