"""The compare page: never blank, its address holds it, hostile text stays text, and a pane that fails fails alone."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from streamlit.testing.v1 import AppTest

from lab.compare.run import load_run
from lab.errors import LabError
from lab.experiments import square
from lab.tuning.own import pairs_to_style
from lab.tuning.pairs import Pair
from lab.tuning.styles import RuleResult, load_style
from pages._ui import compare, compare_batch, compare_panes, compare_square, compare_vote, experiment
from pages._ui.session import MY_ADAPTERS, MY_STYLES

ROOT = Path(__file__).parents[2]
HOSTILE = "<img src=x onerror=alert(1)> **loud** :red[x] [link](http://127.0.0.1:9) <script>window.pwned=1</script>?"
THINGS = "boat parrot lamp hat coat boot tent rope flag drum map chest sail anchor barrel spoon".split()
GOOD = "Hi Mira, a windy day is a fine day to ask about a kayak and we are glad that you did. Which day is it?"


class ToldModel(BaseChatModel):
    """Says `text`, or fails with `trouble`; counts how often any of them was asked."""

    text: str
    adapter: str | None = None
    strength: float = 1.0
    trouble: str = ""
    asked: Callable[[str], None]

    @property
    def _llm_type(self) -> str:
        return "told"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        self.asked(f"{self.adapter} {self.strength:g}")
        if self.trouble:
            raise LabError(self.trouble)
        yield ChatGenerationChunk(message=AIMessageChunk(self.text))
        prompt = "".join(f"<|im_start|>{message.type}\n{message.text}<|im_end|>\n" for message in messages)
        provenance = {
            "backend": "embedded", "model": "told", "weights": "w", "prompt": prompt, "adapter": self.adapter,
            "adapter_sha256": self.adapter, "strength": self.strength if self.adapter else None, "constraint": None,
            "tokens_in": 40, "tokens_out": 20, "finish": "end", "seconds": {"first_token": 0.1, "generate": 0.5},
        }  # fmt: skip
        yield ChatGenerationChunk(message=AIMessageChunk("", response_metadata={"provenance": provenance}))

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return generate_from_stream(self._stream(messages))


@pytest.fixture
def answers(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """Let these texts be the models' answers, without any model; returns the list of what was asked."""

    def use(base: str = "The answer is 2.", tuned: str = GOOD, trouble: str = "") -> list[str]:
        asked: list[str] = []

        def model(*, adapter: str | None = None, strength: float = 1.0) -> BaseChatModel:
            text, fails = (base, "") if adapter is None else (tuned, trouble)
            return ToldModel(text=text, adapter=adapter, strength=strength, trouble=fails, asked=asked.append)

        monkeypatch.setattr(compare, "session_model", model)
        for module in (compare_panes, compare_batch, compare_vote, experiment):
            monkeypatch.setattr(module, "wait_for_models", lambda: None)
        return asked

    return use


def open_page(**address: str | list[str]) -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "compare.py"), default_timeout=60)
    for name, value in address.items():
        page.query_params[name] = value
    return checked(page.run())


def checked(page: AppTest) -> AppTest:
    assert not page.exception, page.exception
    return page


def press(page: AppTest, label: str) -> AppTest:
    return checked(next(button for button in page.button if button.label == label).click().run())


def words(page: AppTest) -> str:
    return "\n".join(item.value for kind in (page.markdown, page.caption, page.error, page.warning) for item in kind)


def test_the_page_is_never_blank_and_says_that_what_it_shows_is_saved() -> None:
    page = open_page()
    run = load_run(load_style("brand-voice"))
    assert run is not None
    assert f"**Saved** on {run.made} (seed 0" in words(page)
    assert "rules kept" in words(page)
    assert words(page).count("5 of 5 rules kept") >= 1


def test_the_address_restores_every_control() -> None:
    page = open_page(
        style="brand-voice", first_name="Ayo", message="where is my stove", strength="0.5",
        panes=["base", "few-shot", "tuned-rag"], **{"compare-docs": "fernwick-clinic"},
    )  # fmt: skip
    assert page.text_input(key="first_name").value == "Ayo"
    assert page.text_area(key="message").value == "where is my stove"
    assert page.slider(key="strength").value == 0.5
    assert page.selectbox(key="compare-docs").value == "fernwick-clinic"
    assert "**few-shot**" in words(page)
    assert "**tuned + RAG**" in words(page)
    assert "**prompted**" not in words(page)


def test_all_panes_answer_and_each_says_what_it_has_other_than_its_neighbour(answers: Callable[..., list[str]]) -> None:
    answers()
    page = open_page(panes=["base", "prompted", "tuned"], first_name="Mira", message="Do you lend kayaks in the wind?")
    press(page, "Answer in all panes")
    said = words(page)
    assert "Saved" not in said
    assert "The answer is 2" in said
    assert "Only the prompt differs" in said
    assert "Both differ, the weights and the prompt" in said
    assert "5 of 5 rules kept" in said
    assert "40 tokens in · 20 tokens out · first token 0.10 s · all 0.50 s" in said
    assert any("<|im_start|>" in code.value for code in page.code)


def test_moving_the_strength_asks_the_tuned_pane_again_and_the_base_pane_not(
    answers: Callable[..., list[str]],
) -> None:
    asked = answers()
    page = press(open_page(panes=["base", "tuned"]), "Answer in all panes")
    assert sorted(asked) == ["None 1", "brand-voice 1"]
    checked(page.slider(key="strength").set_value(0.5).run())
    assert sorted(asked) == ["None 1", "brand-voice 0.5", "brand-voice 1"]
    assert "the adapter brand\\-voice at strength 0\\.5 here" in words(page)
    checked(page.slider(key="strength").set_value(1.0).run())
    assert len(asked) == 3, "an answer that is known is not asked for again"


def test_another_message_waits_for_the_button_and_the_old_answers_say_that_they_are_old(
    answers: Callable[..., list[str]],
) -> None:
    asked = answers()
    page = press(open_page(panes=["base", "tuned"]), "Answer in all panes")
    checked(page.text_area(key="message").set_value("Something else?").run())
    assert "These answer the earlier message" in words(page)
    assert len(asked) == 2
    press(page, "Answer in all panes")
    assert "earlier message" not in words(page)
    assert len(asked) == 4


def test_a_pane_that_fails_shows_its_sentence_and_the_other_its_answer(answers: Callable[..., list[str]]) -> None:
    answers(trouble="127.0.0.1 answered with error 500.")
    page = press(open_page(panes=["base", "tuned"]), "Answer in all panes")
    assert [error.value for error in page.error] == [r"127\.0\.0\.1 answered with error 500\."]
    assert "The answer is 2" in words(page)


def test_hostile_answers_names_and_messages_stay_text(answers: Callable[..., list[str]], tmp_path: Path) -> None:
    answers(base=HOSTILE, tuned=f"{GOOD} {HOSTILE}")
    page = open_page(panes=["base", "tuned"], message=HOSTILE, first_name="<b>Mira</b>")
    evil = tmp_path / "<script>evil"
    evil.mkdir()
    (evil / "training.json").write_text('{"style": "brand-voice"}', encoding="utf-8")
    page.session_state[f"kept-{MY_ADAPTERS}"] = [("<img src=x onerror=alert(2)>", str(evil))]
    checked(page.run())
    page.selectbox(key="adapter").set_value("<img src=x onerror=alert(2)>")
    press(checked(page.run()), "Answer in all panes")
    said = words(page)
    assert r"\<script\>window" in said
    assert "onerror" in said
    for mark in ("<img", "<script", "**loud**", ":red[x]", "](http", "<b>"):
        assert mark not in said.replace(f"\\{mark[0]}", ""), mark
    assert not any(item.allow_html for item in page.markdown)


def test_a_choice_that_is_gone_gives_way_to_one_that_works() -> None:
    page = AppTest.from_file(str(ROOT / "pages" / "compare.py"), default_timeout=60)
    for key, value in (("style", "own"), ("panes", ["base", "of-yesterday"]), ("adapter", "forgotten")):
        page.session_state[key] = value
    checked(page.run())
    assert page.selectbox(key="style").value == "brand-voice"
    assert page.selectbox(key="adapter").value == "brand-voice"
    assert "**prompted**" in words(page)


def test_a_behaviour_and_an_adapter_of_ones_own_come_from_the_tuning_lab(tmp_path: Path) -> None:
    pairs = [
        Pair(f"Where is my {thing}?", f"The {thing} be on its way, matey!", row) for row, thing in enumerate(THINGS, 1)
    ]
    own = pairs_to_style(pairs, "Pirate talk", "You are a pirate.", tmp_path / "own")
    (tmp_path / "adapter").mkdir()
    (tmp_path / "adapter" / "training.json").write_text(json.dumps({"style": own.name}), encoding="utf-8")
    page = AppTest.from_file(str(ROOT / "pages" / "compare.py"), default_timeout=60)
    page.session_state["style"] = "own"  # what the tuning lab's widget of that name leaves behind
    page.session_state[f"kept-{MY_STYLES}"] = [str(own.file)]
    page.session_state[f"kept-{MY_ADAPTERS}"] = [("mine: pirate", str(tmp_path / "adapter"))]
    page.query_params["style"], page.query_params["adapter"] = own.name, "mine: pirate"
    checked(page.run())
    assert page.selectbox(key="style").value == own.name
    assert page.selectbox(key="adapter").value == "mine: pirate"
    assert page.text_area(key="text").value.startswith("Where is my")
    assert "mine: pirate" not in open_page().selectbox(key="adapter").options


def test_an_empty_message_or_a_single_pane_is_a_sentence(answers: Callable[..., list[str]]) -> None:
    answers()
    page = press(open_page(message=" ", first_name="Mira"), "Answer in all panes")
    assert [warning.value for warning in page.warning] == [r"The message\: message is empty or not a text\."]
    assert "at least two panes" in words(open_page(panes="base"))
    assert "5 were chosen" in words(open_page(panes=["base", "prompted", "few-shot", "tuned", "base-rag"]))


def test_a_batch_runs_beside_the_page_and_ends_in_figures_and_files(answers: Callable[..., list[str]]) -> None:
    answers()
    page = open_page(view="Batch", panes=["base", "tuned"], **{"batch-n": "5", "batch-from": "development"})
    press(page, "Run the batch")
    deadline = time.monotonic() + 30
    while "Worst first" not in words(page):
        assert time.monotonic() < deadline, words(page)
        time.sleep(0.2)
        checked(page.run())
    assert "keeps every rule in" in words(page)
    assert "n = 5 messages a pane" in words(page)
    assert {button.label for button in page.get("download_button")} == {"Every reply as CSV", "All of it as JSON"}
    charts = [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]
    assert len(charts) == 2
    assert all(chart["layout"]["xaxis"]["title"]["text"] for chart in charts)


def test_a_blind_vote_hides_the_names_until_the_vote_and_keeps_the_tally(answers: Callable[..., list[str]]) -> None:
    answers()
    page = press(open_page(view="Blind vote", panes=["base", "tuned"]), "Begin the vote")
    assert "The answer is 2" in words(page)
    assert "It was" not in words(page)
    press(page, "A is best")
    assert words(page).count("It was **") == 2
    assert "Your votes so far: 1" in words(page)
    press(page, "Next message")
    assert "It was" not in words(page)
    press(page, "No difference")
    assert "Your votes so far: 2" in words(page)


def test_a_message_survives_a_look_at_another_view(answers: Callable[..., list[str]]) -> None:
    answers()
    page = open_page(message="Where is my stove?", panes=["base", "tuned"])
    checked(page.segmented_control(key="view").set_value("Batch").run())
    assert not page.text_area
    checked(page.segmented_control(key="view").set_value("One prompt").run())
    assert page.text_area(key="message").value == "Where is my stove?"


def square_result() -> square.Result:
    """Six made-up points over two questions."""
    asked = tuple(
        square.Asked(
            f"q-{place}", "tarnmoor-help", "fact", f"{HOSTILE} {place}", "Mira", ("60 days",), HOSTILE, "d.md", True
        )
        for place in range(2)
    )
    broken = (RuleResult("asks", "Asks", False, HOSTILE),)
    points = tuple(
        square.Point(model, looked_up, (square.Reply(HOSTILE, looked_up, ()), square.Reply("60 days.", True, broken)))
        for model, looked_up in square.SIDES
    )
    return square.Result(
        inputs=square.Inputs(n=2), asked=asked, points=points, best=points[1], made="2026-01-02",
        adapters={"naive": "a" * 64, "with-page": "b" * 64}, indexes={"tarnmoor-help": "c" * 64},
    )  # fmt: skip


def test_the_square_stands_there_saved_with_its_date_and_every_answer_behind_a_point(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(experiment, "load_saved", lambda _: square_result())
    page = open_page(view="The square")
    said = words(page)
    assert "A saved result, made on 2026-01-02" in said
    assert "Seed\\: 0" in said
    assert "n = 2 a point" in said
    [chart] = [json.loads(chart.proto.spec) for chart in page.get("plotly_chart")]
    assert len(chart["data"]) == 6
    assert all("error_x" in point and "error_y" in point for point in chart["data"])
    assert chart["layout"]["yaxis"]["title"]["text"].startswith("voice kept")
    assert "2 of 2 answers" in said
    assert said.count(r"\<script\>window") >= 2
    assert "<script" not in said.replace(r"\<", "")
    checked(page.segmented_control(key="square-only").set_value("fact wrong").run())
    assert "1 of 2 answers" in words(page)


def test_a_square_that_runs_replaces_the_saved_one(
    answers: Callable[..., list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    answers()
    monkeypatch.setattr(experiment, "load_saved", lambda _: None)
    made = replace(square.EXPERIMENT, run=lambda inputs, report: report("x", 0.5) or square_result())
    monkeypatch.setattr(compare_square.square, "EXPERIMENT", made)
    page = open_page(view="The square")
    assert "No result is saved yet" in page.info[0].value
    press(page, "Run it here")
    deadline = time.monotonic() + 20
    while "n = 2 a point" not in words(page):
        assert time.monotonic() < deadline, words(page)
        time.sleep(0.1)
        checked(page.run())


def test_another_behaviour_begins_with_its_own_message_and_panes() -> None:
    page = open_page()
    others = [name for name in page.selectbox(key="style").options if name != "brand-voice"]
    assert others
    for name in ("strict-json", "three-bullets"):
        if name in others:
            checked(page.selectbox(key="style").set_value(name).run())
            assert page.text_area(key="text").value
            assert "is empty" not in words(page)
