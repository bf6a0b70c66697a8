"""Panes: what each puts to the model, what a behaviour can have, and trouble that stays in its own pane."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.compare.panes import (
    ModelFactory,
    adapters_for,
    check_panes,
    find_pane,
    fits,
    gold_for,
    judge_pane,
    model_for,
    panes_for,
    turns_for,
)
from lab.compare.replies import open_pane, open_panes
from lab.compare.run import default_factory
from lab.errors import BadInput
from lab.models.constraint import Constraint
from lab.models.remote import Endpoint
from lab.settings import Settings
from lab.tuning.styles import Style, list_styles, load_style, messages_for, messages_of

MESSAGE = {"first_name": "Mira", "message": "Do you lend kayaks when it is windy?"}
SCHEMA = Constraint("json_schema", '{"type": "object"}')


def ids(style: Style, **options: bool) -> list[str]:
    return [pane.id for pane in panes_for(style, **options)]


def test_a_behaviour_has_only_the_panes_that_can_answer(voice: Style) -> None:
    bare = replace(voice, constraint=None)
    assert ids(bare, tuned=True) == ["base", "prompted", "few-shot", "tuned", "base-rag", "tuned-rag"]
    assert ids(bare, tuned=False) == ["base", "prompted", "few-shot", "base-rag"]
    held = replace(voice, constraint=SCHEMA)
    assert "constrained" in ids(held, tuned=True)
    assert "constrained" in ids(held, tuned=True, server=True)
    assert "constrained" not in ids(replace(voice, constraint=Constraint("regex", "a+")), tuned=True, server=True)
    assert "few-shot" not in ids(replace(voice, few_shot=()), tuned=True)


def test_every_shipped_behaviour_has_panes_and_messages_to_begin_with() -> None:
    for name in list_styles():
        style = load_style(name)
        assert {"base", "prompted"} <= set(ids(style, tuned=bool(adapters_for(style))))
        for example in messages_of(style)[:3]:
            turns = turns_for(find_pane("prompted"), style, example.inputs)
            assert turns[0] == ("system", style.prompted_system)


def test_the_shipped_voice_comes_first_among_the_adapters_of_its_behaviour(voice: Style) -> None:
    assert adapters_for(voice)[0] == "brand-voice"


def test_an_adapter_fits_its_own_behaviour_and_one_that_differs_in_a_page_only(voice: Style, tmp_path: Path) -> None:
    def trained_on(style: str) -> Path:
        (tmp_path / "training.json").write_text(json.dumps({"style": style}), encoding="utf-8")
        return tmp_path

    with_page = load_style("brand-voice-with-page")
    assert fits(voice, trained_on("brand-voice"))
    assert fits(voice, trained_on("brand-voice-with-page"))
    assert fits(with_page, trained_on("brand-voice"))
    assert not fits(voice, trained_on("ticket-labels"))
    assert not fits(voice, trained_on("of-my-own"))
    assert not any(pane.looked_up for pane in panes_for(with_page, tuned=True)), "its messages bring a page along"


def test_prompts_differ_only_in_what_the_pane_is_called_after(voice: Style) -> None:
    base = turns_for(find_pane("base"), voice, MESSAGE)
    assert base == messages_for(voice, MESSAGE)
    assert turns_for(find_pane("tuned"), voice, MESSAGE) == base
    assert turns_for(find_pane("constrained"), voice, MESSAGE) == base
    few_shot = turns_for(find_pane("few-shot"), voice, MESSAGE)
    assert (few_shot[0], few_shot[-1]) == (base[0], base[-1])
    assert len(few_shot) == 2 + 2 * len(voice.few_shot)
    with pytest.raises(BadInput, match="needs documents"):
        turns_for(find_pane("base-rag"), voice, MESSAGE)


@pytest.mark.parametrize(
    ("chosen", "says"),
    [
        (["nonsense"], "There is no pane called “nonsense”"),
        (["base", "constrained"], "has no pane “constrained” here"),
        ([], "0 were chosen"),
        (["base", "prompted", "few-shot", "tuned", "base-rag"], "5 were chosen"),
    ],
)
def test_a_wrong_choice_of_panes_says_what_there_is(voice: Style, chosen: list[str], says: str) -> None:
    with pytest.raises(BadInput, match=says):
        check_panes(chosen, replace(voice, constraint=None), tuned=True)


def test_the_right_answer_is_known_for_our_own_messages_and_for_no_other(voice: Style) -> None:
    known = [name for name in list_styles() if any(item.gold is not None for item in messages_of(load_style(name)))]
    for name in known:
        style = load_style(name)
        example = next(item for item in messages_of(style) if item.gold is not None)
        assert gold_for(style, example.inputs) == example.gold
        changed = {**example.inputs, style.inputs[-1]: example.inputs[style.inputs[-1]] + " Thanks a lot!"}
        assert gold_for(style, changed) is None
    assert gold_for(voice, MESSAGE) is None


def test_a_reply_is_judged_by_rules_and_by_content_apart(voice: Style) -> None:
    off_topic = "Hi Mira, a lovely lamp is a nice thing for a dark evening with good friends. Which colour do you like?"
    judged = judge_pane(voice, MESSAGE, f"  {off_topic}\n")
    assert judged.kept == len(voice.rules)
    assert judged.content is not None
    assert not judged.content.passed


def test_a_model_gets_the_styles_length_and_only_its_own_pane_a_grammar(
    voice: Style, make_factory: Callable[..., ModelFactory]
) -> None:
    held = replace(voice, constraint=SCHEMA)
    models: dict[str, Any] = {
        name: model_for(find_pane(name), held, make_factory(), adapter="a", strength=0.5)
        for name in ("base", "constrained", "tuned")
    }
    assert {model.max_tokens for model in models.values()} == {voice.max_tokens}
    assert [models[name].constraint for name in models] == [None, SCHEMA, None]
    assert (models["base"].adapter, models["tuned"].adapter, models["tuned"].strength) == (None, "a", 0.5)
    with pytest.raises(BadInput, match="There is no adapter"):
        model_for(find_pane("tuned"), held, make_factory(), adapter=None, strength=1.0)


class TestStreams:
    def test_a_pane_that_fails_half_way_says_so_and_its_neighbour_finishes(
        self, voice: Style, make_factory: Callable[..., ModelFactory]
    ) -> None:
        panes = [find_pane("tuned"), find_pane("base")]
        streams = open_panes(panes, voice, MESSAGE, make_factory(trouble="The wire broke."), adapter="a")
        replies = [stream.finish() for stream in streams.values()]
        assert [reply.error for reply in replies] == ["The wire broke.", ""]
        assert replies[1].text == "The answer is 2."

    def test_a_pane_without_an_adapter_fails_alone(
        self, voice: Style, make_factory: Callable[..., ModelFactory]
    ) -> None:
        streams = open_panes([find_pane("tuned"), find_pane("base")], voice, MESSAGE, make_factory())
        assert "There is no adapter" in streams["tuned"].finish().error
        assert streams["base"].finish().error == ""

    def test_an_empty_message_is_refused_before_any_pane_begins(
        self, voice: Style, make_factory: Callable[..., ModelFactory]
    ) -> None:
        with pytest.raises(BadInput, match="message is empty"):
            open_pane(find_pane("base"), voice, {**MESSAGE, "message": " "}, make_factory())

    def test_a_slow_pane_does_not_hold_up_the_others_words(
        self, voice: Style, make_factory: Callable[..., ModelFactory]
    ) -> None:
        def late(_: str) -> str:
            time.sleep(1.5)
            return "late"

        panes = [find_pane("tuned"), find_pane("base")]
        streams = open_panes(panes, voice, MESSAGE, make_factory(tuned=late), adapter="a")
        began = time.monotonic()
        assert next(streams["tuned"]) == ""
        assert streams["base"].finish().text == "The answer is 2."
        assert time.monotonic() - began < 1.4
        assert streams["tuned"].finish().text == "late"

    def test_a_closed_pane_stops_reading_its_model(
        self, voice: Style, make_factory: Callable[..., ModelFactory]
    ) -> None:
        def endless(_: str) -> str:
            return " ".join(["word"] * 2_000_000)

        stream = open_pane(find_pane("base"), voice, MESSAGE, make_factory(base=endless))
        while not next(stream):
            pass
        stream.close()
        reply = stream.finish()
        assert 0 < len(reply.text) < 5 * 2_000_000 - 1
        assert (reply.error, dict(reply.provenance)) == ("", {})


class TestServer:
    def test_one_side_of_a_server_fails_with_its_sentence_and_the_other_answers(
        self, voice: Style, settings: Settings, server: Any
    ) -> None:
        factory = default_factory(settings, Endpoint(server.url, "plain", "breaks", "k"))
        streams = open_panes([find_pane("base"), find_pane("tuned")], voice, MESSAGE, factory, adapter=voice.name)
        base, tuned = (stream.finish() for stream in streams.values())
        assert (base.text, base.error, base.provenance["backend"]) == ("Ahoy there", "", "server")
        assert "answered with error 500" in tuned.error
        assert tuned.text == ""

    def test_a_json_schema_goes_to_the_server_and_the_prompt_stays(
        self, voice: Style, settings: Settings, server: Any
    ) -> None:
        factory = default_factory(settings, Endpoint(server.url, "plain", "", "k"))
        held = replace(voice, constraint=SCHEMA)
        streams = open_panes([find_pane("base"), find_pane("constrained")], held, MESSAGE, factory)
        assert [stream.finish().text for stream in streams.values()] == ["Ahoy there"] * 2
        formats = sorted(str(body.get("response_format", {}).get("type")) for body in server.asked)
        assert formats == ["None", "json_schema"]
        assert server.asked[0]["messages"] == server.asked[1]["messages"]
