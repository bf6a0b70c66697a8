"""What a style's messages are asked with: one thing added at a time, counted and judged as the style says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from lab.errors import BadInput
from lab.experiments.measured import Arm
from lab.experiments.parts import behaviours
from lab.experiments.parts.behaviours import Way, ask_all, ask_in_turn, draw_messages, gather, pick_shown
from lab.experiments.parts.lookups import GUIDES, Shelf, guide_page, look_up, nearest_examples
from lab.rag.collections import index_collection
from lab.tuning.styles import check_reply, list_styles, load_examples, load_style, messages_for
from tests.experiments.fake_behaviours import Prompt, let_reply
from tests.experiments.fake_lab import no_models, quiet

VOICE = load_style("brand-voice")
LABELS = load_style("ticket-labels")
ARM = Arm("arm", "arm", "neither")


def test_each_way_adds_one_thing_to_the_short_prompt() -> None:
    (message,) = draw_messages(VOICE, 1, 0, "dev")
    short = messages_for(VOICE, message.inputs)
    assert Way(ARM).turns(VOICE, message) == short
    assert Way(ARM, adapter="brand-voice").turns(VOICE, message) == short
    assert Way(ARM, prompted=True).turns(VOICE, message) == [("system", VOICE.prompted_system), short[-1]]
    page = Way(ARM, page=lambda item: f"about {item.id}").turns(VOICE, message)
    assert page == [short[0], ("user", f"Text: about {message.id}\n\n{short[-1][1]}")]
    few = Way(ARM, few_shot=True).turns(VOICE, message)
    assert (few[0], few[-1], len(few)) == (short[0], short[-1], 2 + 2 * len(VOICE.few_shot))


def test_shots_take_the_place_of_the_styles_own() -> None:
    message, shot = draw_messages(LABELS, 2, 0, "dev")
    turns = Way(ARM, shots=lambda item: [replace(shot, reply="money")]).turns(LABELS, message)
    assert [text for _, text in turns[1:3]] == [messages_for(LABELS, shot.inputs)[-1][1], "money"]
    assert len(turns) == 4


def test_the_seed_draws_messages_and_keeps_their_order() -> None:
    everything = [item.id for item in draw_messages(VOICE, 1000, 0, "dev")]
    drawn = [item.id for item in draw_messages(VOICE, 8, 3, "dev")]
    assert drawn == sorted(drawn, key=everything.index)
    assert drawn == [item.id for item in draw_messages(VOICE, 8, 3, "dev")]
    assert drawn != [item.id for item in draw_messages(VOICE, 8, 4, "dev")]
    assert not set(drawn) & {item.id for item in draw_messages(VOICE, 1000, 0, "test")}


@pytest.mark.parametrize(
    ("n", "split", "says"), [(0, "dev", "0 messages cannot be asked"), (3, "train", "not from “train”")]
)
def test_messages_that_cannot_be_drawn_are_refused_in_a_sentence(n: int, split: str, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        draw_messages(VOICE, n, 0, split)


def test_replies_are_judged_in_the_order_of_the_messages(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = draw_messages(LABELS, 40, 0, "dev")
    gold = {item.inputs["text"].strip(): item.gold for item in messages}

    def reply(adapter: str | None, prompt: Prompt) -> str:
        label = gold[prompt[-1][1].removeprefix("Ticket: ")]
        return str(label) if adapter else f"It is {label}"

    let_reply(monkeypatch, reply)
    ways = (Way(Arm("base", "base", "neither")), Way(Arm("tuned", "tuned", "learned"), adapter="ticket-labels"))
    said: list[float] = []
    replies = ask_all(LABELS, messages, ways, lambda stage, share: said.append(share), (0.5, 1.0))
    assert [item.message.id for item in replies["base"]] == [item.id for item in messages]
    values = gather(replies, {"right": lambda item: item.right, "kept": lambda item: item.kept})
    assert values["tuned", "right"] == values["tuned", "kept"] == [1.0] * 40
    assert values["base", "kept"] == [0.0] * 40
    assert replies["tuned"][0].tokens_out == 1
    assert said == sorted(said)
    assert said[0] == 0.5
    shown = pick_shown(replies, 2)
    assert [row.arm for row in shown] == ["base", "tuned"] * 2
    assert "breaks 1" in shown[0].verdict
    assert "keeps every rule" in shown[1].verdict


def test_the_share_of_rules_counts_every_rule(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = draw_messages(VOICE, 1, 0, "dev")
    name = messages[0].inputs["first_name"]
    let_reply(monkeypatch, lambda adapter, prompt: f"Hi {name}, yes.")
    (reply,) = ask_all(VOICE, messages, [Way(ARM)], quiet)["arm"]
    kept = [rule.passed for rule in check_reply(VOICE, messages[0].inputs, reply.text)]
    assert kept == [
        True,
        False,
        False,
        True,
        True,
    ]  # the greeting; not the length, not the question; no stiff word, no promise
    assert reply.rules_kept == pytest.approx(0.6)


def test_one_at_a_time_no_way_is_always_first_and_looking_up_is_timed(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(1000))
    monkeypatch.setattr(behaviours.time, "perf_counter", lambda: float(next(clock)))
    seen = let_reply(monkeypatch, lambda adapter, prompt: "one two three four")
    messages = draw_messages(VOICE, 3, 0, "dev")
    ways = (Way(Arm("base", "base", "neither")), Way(Arm("tuned", "tuned", "learned"), adapter="brand-voice"))
    replies = ask_in_turn(VOICE, messages, ways, quiet, max_tokens=2)
    assert [(adapter, most) for adapter, most, _ in seen[:2]] == [(None, 1), ("brand-voice", 1)]  # warming up
    assert [adapter for adapter, _, _ in seen[2:]] == [None, "brand-voice", "brand-voice", None, None, "brand-voice"]
    assert {most for _, most, _ in seen[2:]} == {2}
    for item in (*replies["base"], *replies["tuned"]):
        assert (item.search_seconds, item.seconds, item.tokens_out) == (1.0, 2.0, 2)


def test_looking_up_reads_each_passage_once_and_remembers_it(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    index = index_collection("tarnmoor-help")
    hits = look_up(index, "How long may I send a tent back?", 4)
    assert [hit.rank for hit in hits] == [1, 2, 3, 4]
    assert len({hit.chunk.text for hit in hits}) == 4
    shelf = Shelf(index, 2, "message")
    (message,) = draw_messages(VOICE, 1, 0, "dev")
    page = shelf(message)
    assert page.startswith("[1] ")
    assert all(hit.chunk.document in {chunk.document for chunk in index.chunks} for hit in shelf.found[message.id])


def test_the_nearest_example_of_a_message_is_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    known = load_examples(LABELS.folder / "train.jsonl", LABELS)[7:9]
    found = nearest_examples(LABELS, known, 3)
    assert [found[item.id][0].id for item in known] == [item.id for item in known]
    assert all(len(items) == 3 for items in found.values())
    with pytest.raises(BadInput, match="0 examples cannot be looked up"):
        nearest_examples(LABELS, known, 0)


@pytest.mark.parametrize("name", [path.stem for path in GUIDES.glob("*.md")])
def test_a_page_on_a_style_says_all_that_its_longest_prompt_says(name: str) -> None:
    assert name in list_styles()
    style = load_style(name)
    page = " ".join(guide_page(style).casefold().split())
    own = style.prompted_system.removeprefix(style.system)
    for line in own.casefold().splitlines():
        for sentence in line.split(". "):
            assert " ".join(sentence.strip(" .:").split()) in page


def test_a_style_without_a_page_is_named() -> None:
    with pytest.raises(BadInput, match=r"describes .*\(strict-json\).* pages for: brand-voice"):
        guide_page(load_style("strict-json"))
