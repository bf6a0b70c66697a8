"""With the real model: panes do not touch each other, and a saved run can be made again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

import lab.compare.run as run_module
from lab.compare.differences import difference
from lab.compare.panes import find_pane, find_passage, panes_for, turns_for
from lab.compare.replies import Reply, open_panes
from lab.compare.run import default_factory, is_stale, load_run, run_compare, saved_file
from lab.errors import BadInput, LabError
from lab.experiments.four_answers import voice_template
from lab.models.engine import Engine
from lab.rag.collections import index_collection
from lab.rag.index import Index
from lab.rag.prompt import build_messages
from lab.settings import Settings
from lab.tuning.styles import Style

MESSAGE = {"first_name": "Mira", "message": "How many days do I have to return a pair of boots?"}
FOUR = ("base", "few-shot", "tuned", "tuned-rag")


@pytest.fixture(scope="module")
def index() -> Index:
    return index_collection("tarnmoor-help")


@pytest.fixture(scope="module")
def short_voice(voice: Style) -> Style:
    """The voice, cut at 30 tokens: enough to tell two answers apart."""
    return replace(voice, max_tokens=30)


def ask(style: Style, settings: Settings, index: Index, *pane_ids: str, strength: float = 1.0) -> list[Reply]:
    panes = [find_pane(pane_id) for pane_id in pane_ids]
    streams = open_panes(
        panes, style, MESSAGE, default_factory(settings), strength=strength, adapter=style.name, index=index
    )
    return [stream.finish() for stream in streams.values()]


def test_four_panes_at_once_say_what_each_says_alone(
    short_voice: Style, settings: Settings, engine: Engine, index: Index
) -> None:
    together = ask(short_voice, settings, index, *FOUR)
    alone = [ask(short_voice, settings, index, pane_id)[0] for pane_id in FOUR]
    assert [reply.error for reply in together] == [""] * 4
    assert [reply.text for reply in together] == [reply.text for reply in alone]
    assert len({reply.text for reply in together}) == 4
    assert all(reply.provenance["tokens_in"] and reply.provenance["tokens_out"] for reply in together)
    assert together[3].document == "returns-and-exchanges.md"
    prompt = together[3].provenance["prompt"]
    assert prompt.count("Text: ") == 1
    assert "60 days" in prompt


def test_the_base_model_is_the_same_before_and_after_a_tuned_pane(
    short_voice: Style, settings: Settings, engine: Engine, index: Index
) -> None:
    before = ask(short_voice, settings, index, "base")[0]
    tuned = ask(short_voice, settings, index, "tuned", strength=1.5)[0]
    after = ask(short_voice, settings, index, "base")[0]
    assert tuned.text != before.text
    assert engine.encode(after.text) == engine.encode(before.text)
    nothing = ask(short_voice, settings, index, "tuned", strength=0.0)[0]
    assert nothing.text == before.text
    assert difference(before.provenance, nothing.provenance).startswith("Nothing differs: strength 0")


def test_a_pane_that_looks_it_up_reads_what_the_four_answers_read(
    voice: Style, settings: Settings, index: Index
) -> None:
    hit = find_passage(voice, MESSAGE, index)
    theirs = build_messages(voice_template(voice, "Mira", with_text=True), MESSAGE["message"], [hit])
    ours = turns_for(find_pane("base-rag"), voice, MESSAGE, hit)
    assert [text for _, text in ours] == [message.text for message in theirs]


def test_the_terminal_gets_each_pane_judged_with_what_differs(settings: Settings) -> None:
    data = run_compare("brand-voice", MESSAGE, ["base", "tuned"], settings)
    base, tuned = data["panes"]
    assert (base["differs"], data["seed"]) == (None, 0)
    assert tuned["differs"].startswith("Only the weights differ: the adapter brand-voice at strength 1 here")
    assert tuned["rules_kept"] > base["rules_kept"]
    assert tuned["tokens_in"] == base["tokens_in"]
    assert tuned["first_token_seconds"] <= tuned["seconds"]
    with pytest.raises(BadInput, match="no pane called “tunde”"):
        run_compare("brand-voice", MESSAGE, ["base", "tunde"], settings)
    with pytest.raises(BadInput, match="message is missing"):
        run_compare("brand-voice", {"first_name": "Mira"}, ["base"], settings)


def test_the_saved_run_holds_every_pane_of_the_voice_and_its_fingerprint(voice: Style) -> None:
    run = load_run(voice)
    assert run is not None
    assert [reply.pane for reply in run.replies] == [pane.id for pane in panes_for(voice, tuned=True)]
    assert all(reply.text and reply.provenance["weights"] and not reply.error for reply in run.replies)
    assert run.made
    assert not is_stale(run)
    assert is_stale(replace(run, adapter_sha256="another"))


def test_a_damaged_saved_run_is_a_sentence(voice: Style, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(run_module, "RESULTS", tmp_path)
    assert load_run(voice) is None
    saved_file(voice.name).write_text('{"style": 1}', encoding="utf-8")
    with pytest.raises(LabError, match=r"compare-brand-voice\.json cannot be read"):
        load_run(voice)
