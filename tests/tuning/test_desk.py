"""The training desk: one at a time, watched, stoppable, and no training's end harms another or leaves rubbish."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from lab.errors import BadInput, LabError
from lab.models.adapters import read_adapter
from lab.models.convert import SERVING_FOLDER, TRAINING_FOLDER, ensure_training_model
from lab.models.weights import weights_path
from lab.settings import PROJECT_FOLDER, Settings
from lab.tuning import desk as desk_module
from lab.tuning import worker
from lab.tuning.desk import (
    MAX_WAITING,
    Training,
    TrainingDesk,
    forget_oldest,
    get_desk,
)
from lab.tuning.options import TrainOptions
from lab.tuning.samples import let_answer, pick_messages, unseen_messages
from lab.tuning.styles import Example, Style
from lab.tuning.train import train_adapter
from lab.tuning.turn import training_turn
from lab.tuning.worker import Order, carry_out

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # PEFT's and transformers', of their own future

REAL = TrainOptions(
    "brand-voice", examples=8, seconds=900, max_steps=2, batch=2, rank=2, alpha=4, modules=("q_proj",),
    first_layer=28, held_out=0,
)  # fmt: skip
QUICK = TrainOptions("brand-voice", max_steps=6)
ENDLESS = replace(QUICK, max_steps=100_000)
PATIENCE = 120.0


@pytest.fixture
def cache(settings: Settings, tmp_path: Path) -> Settings:
    """A cache folder of its own, with this machine's models in it."""
    ensure_training_model(settings)
    for name in (SERVING_FOLDER, TRAINING_FOLDER):
        (tmp_path / name).symlink_to(settings.cache_folder / name)
    return Settings(cache_folder=tmp_path, weights_file=weights_path(settings))


@pytest.fixture
def fake(cache: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[TrainingDesk]:
    """A desk whose trainings last milliseconds and learn nothing; `steps` of them may still be many."""
    monkeypatch.setattr(desk_module, "COMMAND", (sys.executable, "-m", "tests.tuning.fake_worker"))
    monkeypatch.setattr(desk_module, "ensure_weights", lambda settings, report: weights_path(settings))
    desk = TrainingDesk(cache, answer=lambda style, messages, folder: ["hello"] * len(messages))
    yield desk
    for training in reversed(desk.queued()):
        training.cancel()
    wait_until(lambda: not desk.queued())


def wait_until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.02)


def ended(training: Training) -> Training:
    training.wait(PATIENCE)
    assert training.ended, f"{training.state}: {training.stage}"
    return training


def left_in(cache: Settings) -> list[str]:
    return sorted(str(path.relative_to(cache.cache_folder)) for path in cache.cache_folder.glob("trained/*/*"))


def test_a_training_beside_the_app_gives_the_bytes_of_one_inside_it(cache: Settings, tmp_path: Path) -> None:
    inside = train_adapter(REAL, tmp_path / "inside", cache)
    training = ended(TrainingDesk(cache, answer=lambda *asked: []).submit(REAL))
    assert (training.state, training.error) == ("done", "")
    assert training.result is not None
    assert training.result.adapter_sha256 == inside.adapter_sha256
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        assert (training.folder / name).read_bytes() == (tmp_path / "inside" / name).read_bytes()
    assert [point.step for point in training.curve] == [1, 2]
    assert [point.train_loss for point in training.curve] == [point.train_loss for point in inside.curve]
    assert training.curve[-1].tokens == inside.tokens
    assert training.folder.name == "brand-voice"


def test_a_killed_training_says_so_and_the_next_one_begins_and_stop_keeps_what_it_learned(cache: Settings) -> None:
    desk = TrainingDesk(cache, answer=lambda *asked: [])
    first = desk.submit(replace(REAL, max_steps=100_000))
    second = desk.submit(replace(REAL, max_steps=100_000, seed=1))
    assert (second.state, second.place) == ("queued", 1)
    wait_until(lambda: bool(first.curve) or first.ended)
    assert second.state == "queued"
    assert first._process is not None
    os.kill(first._process.pid, signal.SIGKILL)
    ended(first)
    assert first.state == "failed"
    assert first.error.startswith("The training process was killed (signal 9) after ")
    assert first.error.endswith(
        "nothing was saved. Most often memory has run short: close other programs, then train again."
    )
    wait_until(lambda: len(second.curve) >= 2 or second.ended)
    second.stop()
    ended(second)
    assert (second.state, second.error) == ("stopped", "")
    assert second.result is not None
    assert second.result.steps == len(second.curve) >= 2
    assert read_adapter(second.folder).sha256 == second.result.adapter_sha256
    wait_until(lambda: left_in(cache) == [f"trained/{second.id}/brand-voice"])


def test_a_learning_rate_that_diverges_is_said_and_nothing_is_saved(cache: Settings) -> None:
    options = replace(REAL, learning_rate=1e6, max_steps=8, warm_up_steps=0)
    training = ended(TrainingDesk(cache, answer=lambda *asked: []).submit(options))
    assert (training.state, training.result) == ("failed", None)
    assert "Training went wrong at step" in training.error
    assert "The learning rate 1e+06 is too high; try 0.006. Nothing was saved." in training.error
    assert left_in(cache) == []


def heard(order: Order, stop: threading.Event | None = None) -> list[dict[str, Any]]:
    """The events of one order, carried out in this process."""
    reading, writing = os.pipe()
    collected: list[bytes] = []

    def collect() -> None:
        with os.fdopen(reading, "rb") as stream:
            collected.extend(stream)

    listener = threading.Thread(target=collect)
    listener.start()
    carry_out(order, worker._Events(writing), stop or threading.Event())
    os.close(writing)
    listener.join()
    return [json.loads(line) for line in collected]


def order_for(cache: Settings, **changes: Any) -> Order:
    place = cache.cache_folder / "job"
    options = replace(REAL, **changes)
    return Order(options, place / "out", place / ".steps", 1, cache.cache_folder, cache.weights_file)


def test_a_full_disk_while_saving_is_said_and_leaves_nothing_half_written(
    cache: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def no_space(*arguments: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    order = dataclasses.replace(order_for(cache, max_steps=1), every=5)
    monkeypatch.setattr("safetensors.torch.save_file", no_space)
    last = heard(order)[-1]
    assert (last["event"], last["kind"]) == ("error", "failed")
    assert "No space left on device" in last["text"]
    assert "Nothing was left half-written" in last["text"]
    assert not order.out_folder.exists()
    full_at_a_snapshot = heard(order_for(cache, max_steps=1))[-1]
    assert full_at_a_snapshot["text"].startswith("The unfinished adapter could not be saved (No space left on device)")


def test_the_training_process_tells_every_step_and_leaves_snapshots_that_can_answer(cache: Settings) -> None:
    example = [
        Example(str(at), {"first_name": "Ann", "message": f"Where is {at}?"}, f"Hi Ann, is it {at}?") for at in "abc"
    ]
    order = dataclasses.replace(order_for(cache, examples=None), examples=tuple(example))
    assert Order.from_line(order.to_line()) == order
    events = heard(order)
    assert [event["event"] for event in events if event["event"] != "stage"] == ["point", "snapshot"] * 2 + ["done"]
    snapshots = [Path(event["folder"]) for event in events if event["event"] == "snapshot"]
    assert [folder.name for folder in snapshots] == ["step-0001", "step-0002"]
    assert (
        read_adapter(snapshots[1]).sha256 == read_adapter(order.out_folder).sha256 != read_adapter(snapshots[0]).sha256
    )
    tokens = [event["point"]["tokens"] for event in events if event["event"] == "point"]
    assert 0 < tokens[0] < tokens[1]


def test_a_stop_before_the_first_step_is_a_cancellation_and_bad_data_is_named_as_such(cache: Settings) -> None:
    stop = threading.Event()
    worker._listen(iter([b"", b"stop"]), stop)
    assert stop.is_set()
    assert heard(order_for(cache), stop)[-1]["kind"] == "cancelled"
    assert heard(order_for(cache, examples=5000))[-1]["kind"] == "bad-input"


def test_the_training_process_ends_with_the_app(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.write(writing, b'{"first": 1}\nnoise\n')
    lines = worker._lines(reading)
    assert next(lines) == b'{"first": 1}'
    os.close(writing)  # as the system does when the app is killed
    stop = threading.Event()
    worker._listen(lines, stop)
    os.close(reading)
    assert stop.is_set()


def test_one_runs_and_the_others_wait_in_order(fake: TrainingDesk) -> None:
    first, second, third = (fake.submit(ENDLESS), fake.submit(QUICK), fake.submit(QUICK, name="mine"))
    wait_until(lambda: len(first.curve) > 2)
    assert [item.state for item in (first, second, third)] == ["running", "queued", "queued"]
    assert [item.place for item in (first, second, third)] == [0, 1, 2]
    assert fake.find(third.id) is third
    second.stop()
    assert (second.state, second.error, third.place) == ("cancelled", "It left the queue before its turn came.", 1)
    first.stop()
    assert ended(first).state == "stopped"
    assert ended(third).state == "done"
    assert (third.name, third.share, third.seconds_left, third.tokens_per_second) == ("mine", 1.0, 0.0, 100.0)
    wait_until(lambda: len(left_in(fake._settings)) == 2)


def test_a_running_training_says_how_fast_it_is_and_how_long_it_takes(fake: TrainingDesk) -> None:
    training = fake.submit(replace(QUICK, max_steps=400))
    assert (training.tokens_per_second, training.seconds_left) == (None, None)
    wait_until(lambda: len(training.curve) > 10)
    assert training.tokens_per_second == pytest.approx(100 / 0.02, rel=0.01)
    assert training.seconds_left is not None
    assert 0 < training.seconds_left < 8
    assert 0 < training.share < 1
    assert training.stage.startswith("training: step ")


def test_a_full_queue_says_so_and_takes_the_next_one_later(fake: TrainingDesk) -> None:
    trainings = [fake.submit(ENDLESS) for _ in range(1 + MAX_WAITING)]
    with pytest.raises(LabError) as error:
        fake.submit(QUICK)
    assert str(error.value) == (
        "9 trainings are running or waiting on this machine already, and the queue holds no more. Wait until one has "
        "ended, then press the button again."
    )
    trainings[-1].cancel()
    fake.submit(QUICK).cancel()
    assert len(fake.queued()) == MAX_WAITING


def test_cancel_ends_it_at_once_and_keeps_nothing(fake: TrainingDesk) -> None:
    training = fake.submit(ENDLESS)
    wait_until(lambda: bool(training.curve))
    training.cancel()
    assert ended(training).state == "cancelled"
    assert training.error == "It was cancelled, so it was ended and nothing was kept."
    assert training._process is not None
    assert training._process.poll() is not None
    wait_until(lambda: not training.folder.parent.exists())


def test_a_watched_training_ends_when_nobody_looks_and_another_goes_on(
    fake: TrainingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(desk_module, "UNWATCHED_SECONDS", 1.0)
    left, waiting = fake.submit(ENDLESS, watched=True), fake.submit(QUICK, watched=True)
    kept_on = fake.submit(QUICK)
    for _ in range(15):
        left.seen()
        time.sleep(0.1)
    assert left.state == "running"
    assert waiting.state == "cancelled"
    assert ended(left).error == "Nobody looked at it any more, so it was ended and nothing was kept."
    assert ended(kept_on).state == "done"


@pytest.mark.parametrize(
    ("seed", "says"),
    [
        (1, "The training process was killed (signal 9) after 3 steps, so nothing was saved."),
        (2, "Training went wrong at step 3. Nothing was saved."),
        (3, "The training process ended by itself (exit status 0) after 3 steps, so nothing was saved."),
        (5, "The training process was killed (signal 9) after 3 steps, so nothing was saved."),
    ],
)
def test_whatever_happens_to_one_training_is_said_and_the_next_one_runs(
    fake: TrainingDesk, seed: int, says: str
) -> None:
    training, following = fake.submit(replace(QUICK, seed=seed)), fake.submit(QUICK)
    assert ended(training).state == "failed"
    assert training.error.startswith(says)
    assert ended(following).state == "done"
    assert left_in(fake._settings)[-1] == f"trained/{following.id}/brand-voice"
    assert not training.folder.parent.exists()


def test_snapshots_are_answered_as_they_are_served_and_the_base_model_first(
    fake: TrainingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[tuple[str | None, int]] = []

    def answer(style: Style, messages: Sequence[Example], folder: Path | None) -> list[str]:
        asked.append((folder and folder.name, len(messages)))
        if folder is not None and folder.name == "step-0002":
            raise LabError("The model is busy.")
        return [f"{folder and folder.name} {message.id}" for message in messages]

    monkeypatch.setattr(fake, "_answer", answer)
    training = ended(fake.submit(replace(QUICK, seed=4)))
    wait_until(lambda: len(training.samples) == 3)
    assert asked == [(None, 3), ("step-0002", 3), ("step-0004", 3), ("brand-voice", 3)]
    assert [sample.step for sample in training.samples] == [0, 4, 6]
    message, reply = training.samples[-1].replies[0]
    assert reply == f"brand-voice {message.id}"
    assert message.id.startswith("dev-")
    wait_until(lambda: not (training.folder.parent / ".steps").exists())


def test_samples_that_fail_in_any_way_cost_the_training_nothing(
    fake: TrainingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fake, "_answer", lambda style, messages, folder: 1 / 0)
    training = ended(fake.submit(replace(QUICK, seed=4)))
    assert (training.state, training.samples) == ("done", ())


def test_another_program_that_trains_on_this_machine_is_waited_for(fake: TrainingDesk) -> None:
    lock = FileLock(fake._settings.cache_folder / "training.lock")
    with lock:
        training = fake.submit(QUICK)
        wait_until(lambda: "another program on this machine is training" in training.stage)
        assert training.state == "queued"
    assert ended(training).state == "done"
    with training_turn(fake._settings):
        behind = fake.submit(QUICK)
        wait_until(lambda: "another program" in behind.stage)
        behind.stop()
        assert ended(behind).error == "It left the queue before its turn came."


def test_the_training_process_is_given_no_key_and_no_address(
    fake: TrainingDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LAB_CHAT_KEY", "sk-secret")
    monkeypatch.setenv("HTTPS_PROXY", "http://someone:secret@proxy.example")
    ended(fake.submit(QUICK))
    environment = json.loads((fake._settings.cache_folder / "environment.json").read_text())
    assert "secret" not in json.dumps(environment)
    assert environment["HF_HUB_OFFLINE"] == "1"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rank": 4096}, "rank is 4,096; it must be from 1 to 128."),
        ({"style": "brand-vioce"}, "There is no style called “brand-vioce”."),
    ],
)
def test_options_that_cannot_be_used_never_reach_the_queue(
    fake: TrainingDesk, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadInput, match=says):
        fake.submit(replace(QUICK, **changes))
    with pytest.raises(BadInput, match="no examples to learn from"):
        fake.submit(QUICK, examples=[])
    assert fake.queued() == ()
    assert left_in(fake._settings) == []


def test_only_the_newest_results_stay_on_the_disk(tmp_path: Path) -> None:
    for at in range(6):
        (tmp_path / f"r{at}").mkdir()
        os.utime(tmp_path / f"r{at}", (at, at))
    (tmp_path / "a file").write_text("stays")
    forget_oldest(tmp_path, kept=2, busy=["r0"])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a file", "r0", "r4", "r5"]
    forget_oldest(tmp_path / "nowhere")


def test_messages_to_watch_come_from_the_development_set_or_the_held_back_ones(
    brand_voice: Style, small: Style
) -> None:
    dev = unseen_messages(brand_voice)
    assert {item.id.partition("-")[0] for item in dev} == {"dev"}
    picked = pick_messages(dev, 3)
    assert len({item.topic for item in picked}) == 3
    assert unseen_messages(small) == pick_messages((), 3) == ()
    line = {"id": "test-1", "first_name": "Ann", "message": "Where?"}
    (small.folder / "test.jsonl").write_text(json.dumps(line))
    assert [item.id for item in pick_messages(unseen_messages(small), 3)] == ["test-1"]


def test_replies_on_the_way_come_from_the_serving_engine_with_the_snapshots_weights(
    settings: Settings, strong_adapter: Path, small: Style
) -> None:
    messages = [Example("1", {"first_name": "Ann", "message": "Where is my tent?"})]
    style = replace(small, max_tokens=12)
    base = let_answer(settings, style, messages, None)
    tuned = let_answer(settings, style, messages, strong_adapter)
    assert len(base) == len(tuned) == 1
    assert base[0]
    assert base != tuned


def test_a_process_has_one_desk(settings: Settings) -> None:
    assert get_desk(settings) is get_desk(settings)
    assert get_desk(settings).folder == settings.cache_folder / "trained"
    assert PROJECT_FOLDER.is_dir()
