"""The tuning lab as a learner uses it: choose, train, watch, stop, measure; with the real desk and a quick stand-in."""

from __future__ import annotations

import pickle
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from lab.errors import LabError
from lab.models.weights import weights_path
from lab.settings import PROJECT_FOLDER, Settings
from lab.tuning import desk as desk_module
from lab.tuning.desk import Training, get_desk
from pages._ui import training_live, training_own, training_result

PATIENCE = 60.0
Open = Callable[..., AppTest]


@pytest.fixture
def cache(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A cache folder of this test's own, and a training process that is quick and learns nothing."""
    mine = Settings(cache_folder=tmp_path, weights_file=weights_path(settings))
    for module in (training_live, training_own, training_result):
        monkeypatch.setattr(module, "get_settings", lambda: mine)
    monkeypatch.setattr("pages._ui.show.wait_for_models", lambda: None)
    monkeypatch.setattr(desk_module, "COMMAND", (sys.executable, "-m", "tests.tuning.fake_worker"))
    monkeypatch.setattr(desk_module, "ensure_weights", lambda settings, report: weights_path(settings))
    monkeypatch.setattr(
        desk_module,
        "let_answer",
        lambda settings, style, messages, folder: [f"<b>reply</b> {folder and 'learned'}"] * len(messages),
    )
    return mine


@pytest.fixture
def open_page(cache: Settings) -> Iterator[Open]:
    """Open the page with an address; whatever still trains at the end is cancelled."""

    def opened(**address: str) -> AppTest:
        at = AppTest.from_file(str(PROJECT_FOLDER / "pages" / "tuning_lab.py"), default_timeout=30)
        for name, value in {"style": "brand-voice", **address}.items():
            at.query_params[name] = value
        return at.run()

    yield opened
    for training in reversed(get_desk(cache).queued()):
        training.cancel()
    wait_until(lambda: not get_desk(cache).queued())


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def press(at: AppTest, label: str) -> AppTest:
    return next(button for button in at.button if button.label.startswith(label)).click().run()


def training_of(at: AppTest) -> Training:
    training: Training = at.session_state["kept-training"]
    return training


def trained(at: AppTest) -> AppTest:
    """The page once its training has ended and its last replies are there."""
    training = training_of(at)
    wait_until(lambda: training.ended and not training.sampling)
    at.run()
    assert not at.exception
    return at


def said(at: AppTest) -> str:
    """Everything in words on the page, without the marks that keep other people's text from being Markdown."""
    kinds: Sequence[Any] = (at.markdown, at.caption, at.info, at.success, at.warning, at.error)
    return "\n".join(str(element.value) for kind in kinds for element in kind).replace("\\", "")


def test_the_address_holds_every_choice(open_page: Open) -> None:
    at = open_page(examples="30", seconds="20", rank="8", rate="0.002", seed="3", steps="5", layers="mlp")
    assert not at.exception
    press(at, "Train")
    options = training_of(at).options
    assert (options.style, options.examples, options.seconds, options.max_steps) == ("brand-voice", 30, 20.0, 5)
    assert (options.rank, options.alpha, options.learning_rate, options.seed) == (8, 8, 0.002, 3)
    assert options.modules == ("gate_proj", "up_proj", "down_proj")


def test_before_anything_is_pressed_there_are_examples_rules_and_what_to_do(open_page: Open) -> None:
    at = open_page()
    assert "Press **Train**" in at.info[0].value
    assert {"Three of 420 examples", "5 rules that judge a reply"} <= {box.label for box in at.expander}
    assert "Greets the customer" in said(at)


def test_a_training_is_watched_stopped_and_a_second_click_starts_no_second_one(
    open_page: Open, cache: Settings
) -> None:
    at = press(open_page(steps="1000", seconds="600"), "Train")
    training = training_of(at)
    wait_until(lambda: len(training.curve) > 3 and bool(training.samples))
    at.run()
    assert "Loss over" in said(at)
    assert any(r"\<b\>reply" in element.value for element in at.markdown), "model output must stay characters"
    press(at, "Train")
    assert at.info[0].value == "Your training runs already. Stop it below before you start another."
    assert get_desk(cache).queued() == (training,)
    press(at, "Stop and keep it")
    trained(at)
    assert training.state == "stopped"
    assert "What it had learned by then is kept." in at.success[0].value
    assert "reply</b> learned" in said(at)


def test_a_waiting_training_says_how_many_come_before_it_and_can_leave(open_page: Open, cache: Settings) -> None:
    first = press(open_page(steps="1000", seconds="600"), "Train")
    wait_until(lambda: training_of(first).state == "running")
    second = press(open_page(steps="2"), "Train")
    second.run()
    assert any(button.label == "Leave the queue" for button in second.button)
    press(second, "Train")
    assert second.info[0].value.startswith("Your training is in the queue already.")
    press(second, "Leave the queue")
    second.run()
    assert "It left the queue before its turn came." in said(second)
    assert get_desk(cache).queued() == (training_of(first),)


def test_a_training_that_fails_says_why(open_page: Open) -> None:
    at = trained(press(open_page(seed="2"), "Train"))
    assert "Training went wrong at step 3" in at.error[0].value
    assert not any(button.label.startswith("Measure") for button in at.button)
    press(at, "Train")
    assert training_of(at).state in ("queued", "running", "failed")


def test_a_closed_tab_finds_its_training_again_when_it_was_to_go_on(open_page: Open) -> None:
    at = press(open_page(steps="3"), "Train")
    training = training_of(at)
    assert not training.watched
    assert at.query_params["training"] in (training.id, [training.id])
    again = open_page(training=training.id)
    assert training_of(again) is training
    unknown = open_page(training="0123456789abcdef")
    assert "Press **Train**" in said(unknown)
    at.toggle(key="keep-on").set_value(False).run()
    press(trained(at), "Train")
    assert training_of(at).watched
    assert "training" not in at.query_params


def test_what_was_learned_is_measured_beside_the_base_model_and_written_on_its_card(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    def choose(settings: Settings, *, adapter: str | None = None) -> Any:
        def reply(conversations: Sequence[Any]) -> list[str]:
            ending = "is that right for you?" if adapter else "."
            return ["Hi there, this has some words in it, as many as fifteen of them, " + ending for _ in conversations]

        return reply

    monkeypatch.setattr("lab.models.catalogue.choose_model", choose)
    at = trained(press(open_page(steps="2"), "Train"))
    assert "The loss says how well it imitates" in said(at)
    assert "Not measured yet." in (training_of(at).folder / "README.md").read_text()
    press(at, "Measure on 20 unseen messages")
    wait_until(lambda: not at.session_state[f"kept-job-measure-{training_of(at).id}"].running)
    at.run()
    assert not at.exception
    assert "### Every rule kept: 0% before, 0% after (n = 20)" in said(at)
    table = at.table[0].value
    row = table[table.iloc[:, 0].str.contains("question")].iloc[0]
    assert list(row[1:]) == ["0%", "100%"]
    card = (training_of(at).folder / "README.md").read_text()
    assert "Measured on 20 unseen messages" in card
    assert "| tuned |" in card


def test_the_pirate_to_begin_with_is_a_behaviour_of_ones_own_that_trains(open_page: Open, cache: Settings) -> None:
    at = open_page(style="own", steps="2")
    assert not at.exception
    assert "12 pairs to learn from and to test on." in said(at)
    assert "Rules, read off your outputs" in said(at)
    at.text_input(key="own-title").set_value("Pirate").run()
    trained(press(at, "Train"))
    training = training_of(at)
    assert (training.style.name, training.state) == ("pirate", "done")
    assert training.style.folder.is_relative_to(cache.cache_folder)
    assert (training.folder.name, len(training.samples[-1].replies)) == ("pirate", 2)


def test_too_few_or_broken_pairs_are_told_and_cannot_be_trained(
    open_page: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(training_own, "_FIRST_ROWS", training_own._FIRST_ROWS[:9])
    at = open_page(style="own")
    assert "There are 9 usable examples, and at least 10 are needed." in said(at)
    assert next(button for button in at.button if button.label == "Train").disabled


def test_an_adapter_of_ones_own_is_checked_and_a_bad_one_is_refused(cache: Settings, strong_adapter: Path) -> None:
    files = {path.name: path.read_bytes() for path in strong_adapter.iterdir()}
    folder = training_result._keep_upload(files)
    assert (folder.name, folder.parent.parent) == ("my-adapter", cache.cache_folder / "uploaded")
    with pytest.raises(LabError, match=r"adapter_config.json and .* are missing"):
        training_result._keep_upload({"../../Évil name!.txt": b""})
    with pytest.raises(LabError, match=r"is not a whole safetensors file .* nothing in it was run"):
        training_result._keep_upload({**files, "adapter_model.safetensors": pickle.dumps({})})
    assert len(list((cache.cache_folder / "uploaded").iterdir())) == 1


def test_an_adapter_that_is_compared_is_offered_under_a_name_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    store: dict[str, Any] = {}
    opened: list[dict[str, str]] = []
    monkeypatch.setattr(training_result, "keep", store.__setitem__)
    monkeypatch.setattr(training_result, "kept", store.get)
    monkeypatch.setattr(
        training_result.st, "switch_page", lambda page, query_params: opened.append({"page": page, **query_params})
    )
    from lab.tuning.styles import load_style

    style = load_style("brand-voice")
    for place in ("a", "b", "a"):
        training_result._offer_to_compare(style, Path("/tmp") / place, "mine: voice")
    assert store["my-adapters"] == [("mine: voice 2", "/tmp/b"), ("mine: voice", "/tmp/a")]
    assert opened[1] == {"page": "pages/compare.py", "style": "brand-voice", "adapter": "mine: voice 2"}
    assert store["my-styles"] == [str(style.file)]
