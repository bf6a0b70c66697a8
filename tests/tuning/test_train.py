"""Training on the real weights with tiny budgets: what is read, what is learned, what is kept, and what is refused."""

from __future__ import annotations

import json
import math
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from lab.errors import BadInput, Cancelled, LabError
from lab.models.adapters import read_adapter
from lab.models.convert import ensure_training_model, linear_layers
from lab.models.template import render
from lab.settings import PROJECT_FOLDER, Settings
from lab.tuning.batches import draw_examples, encode_example, endless_batches
from lab.tuning.options import MODULES, TrainOptions
from lab.tuning.run import LossPoint, TrainingRun, read_training
from lab.tuning.styles import Example, Style, load_examples, messages_for
from lab.tuning.train import _read_tokenizer, _Trainer, train_adapter

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning")  # PEFT's and transformers', of their own future

TINY = TrainOptions(
    "brand-voice", examples=8, seconds=900, max_steps=2, batch=4, rank=4, alpha=8, modules=MODULES, held_out=4
)
ONE_MODULE = replace(TINY, modules=("q_proj",), first_layer=28, held_out=0)


@pytest.fixture(scope="module")
def tiny(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, TrainingRun]:
    """A folder with an adapter of two steps, and its run."""
    folder = tmp_path_factory.mktemp("trained") / "tiny"
    return folder, train_adapter(TINY, folder, settings)


def test_the_model_reads_in_training_what_it_reads_in_serving(settings: Settings, brand_voice: Style) -> None:
    tokenize = _read_tokenizer(ensure_training_model(settings))
    for example in load_examples(brand_voice.folder / "train.jsonl", brand_voice, with_replies=True):
        turns = messages_for(brand_voice, example.inputs)
        sequences = encode_example(brand_voice, example, tokenize)
        whole = render([*turns, ("assistant", example.reply)], opening=None)
        assert sequences.prompt == tuple(tokenize(render(turns)))
        assert sequences.prompt + sequences.reply == tuple(tokenize(whole))
        assert sequences.reply == tuple(tokenize(f"{example.reply}<|im_end|>\n"))


def test_the_tokens_are_those_of_the_models_own_chat_template(settings: Settings, brand_voice: Style) -> None:
    from transformers import AutoTokenizer

    folder = ensure_training_model(settings)
    oracle = AutoTokenizer.from_pretrained(folder)
    for example in load_examples(brand_voice.folder / "train.jsonl", brand_voice, with_replies=True)[:20]:
        turns = [*messages_for(brand_voice, example.inputs), ("assistant", example.reply)]
        expected = oracle.apply_chat_template(
            [{"role": role, "content": content} for role, content in turns], tokenize=True, return_dict=False
        )
        sequences = encode_example(brand_voice, example, _read_tokenizer(folder))
        assert list(sequences.prompt + sequences.reply) == list(expected)


def test_marks_in_a_reply_cannot_end_its_turn(settings: Settings, brand_voice: Style) -> None:
    tokenize = _read_tokenizer(ensure_training_model(settings))
    example = Example("x", {"first_name": "Zoë", "message": "<|im_end|>"}, "Hi <|im_end|> there")
    sequences = encode_example(brand_voice, example, tokenize)
    (end,) = tokenize("<|im_end|>")
    assert (sequences.prompt + sequences.reply).count(end) == 3  # system, user, assistant


def test_an_example_longer_than_training_reads_is_named(settings: Settings, brand_voice: Style) -> None:
    tokenize = _read_tokenizer(ensure_training_model(settings))
    with pytest.raises(BadInput, match=r"Example long-1 has 2\d\d\d tokens; training reads at most 1024"):
        encode_example(brand_voice, Example("long-1", {"first_name": "A", "message": "a"}, "well " * 2000), tokenize)


def test_fewer_examples_are_a_part_of_more_and_none_is_held_out_twice() -> None:
    ten, held = draw_examples(420, 10, 16, seed=3)
    hundred, same = draw_examples(420, 100, 16, seed=3)
    everything, _ = draw_examples(420, None, 16, seed=3)
    assert hundred[:10] == ten
    assert held == same
    assert sorted(everything + held) == list(range(420))
    assert draw_examples(420, 10, 16, seed=4)[0] != ten
    assert draw_examples(9, None, 16, seed=0)[1] == []  # too few to hold any out


def test_an_epoch_shows_every_example_once_and_batches_are_of_like_length() -> None:
    lengths = [10 + (7 * at) % 90 for at in range(100)]
    batches = endless_batches(lengths, 8, seed=0)
    epoch = [next(batches) for _ in range(13)]
    assert sorted(position for batch in epoch for position in batch) == list(range(100))
    padded = sum(len(batch) * max(lengths[position] for position in batch) for batch in epoch)
    assert padded < 1.12 * sum(lengths)
    assert [next(batches) for _ in range(13)] != epoch


def test_the_folder_is_a_standard_one_that_names_no_path_of_this_machine(tiny: tuple[Path, TrainingRun]) -> None:
    folder, run = tiny
    assert sorted(path.name for path in folder.iterdir()) == [
        "adapter_config.json",
        "adapter_model.safetensors",
        "training.json",
    ]
    config = json.loads((folder / "adapter_config.json").read_text())
    assert config["base_model_name_or_path"] == "SmolLM2-135M-Instruct"
    assert (config["r"], config["lora_alpha"], config["peft_type"]) == (4, 8, "LORA")
    assert config["target_modules"] == sorted(MODULES)
    for name in ("adapter_config.json", "training.json"):
        assert not re.search(r"/(root|home|tmp|Users|work)/", (folder / name).read_text())
    adapter = read_adapter(folder)
    assert (adapter.sha256, adapter.scaling, len(adapter.layers)) == (run.adapter_sha256, 2.0, 210)
    assert run.adapter_bytes < 3_000_000


def test_the_run_says_what_happened_and_is_read_back_from_the_folder(tiny: tuple[Path, TrainingRun]) -> None:
    folder, run = tiny
    assert read_training(folder) == run
    assert (run.steps, run.ended_by, run.stopped_early, run.examples, run.held_out) == (2, "steps", False, 8, 4)
    assert (run.style, run.seed) == ("brand-voice", 0)
    assert [point.step for point in run.curve] == [1, 2]
    assert [point.held_out_loss is None for point in run.curve] == [True, False]
    assert 2 < run.curve[0].train_loss < 6  # a base model that has never seen the voice
    assert run.held_out_before is not None
    assert run.held_out_after is not None
    assert run.held_out_after < run.held_out_before
    assert run.tokens_per_second > 0
    assert run.versions["peft"]
    with pytest.raises(BadInput, match=r"tests has no training\.json"):
        read_training(PROJECT_FOLDER / "tests")


def test_peft_loads_the_folder_and_counts_the_parameters_the_formula_gives(
    tiny: tuple[Path, TrainingRun], settings: Settings
) -> None:
    import torch
    from peft import PeftModel
    from safetensors.torch import load_file
    from transformers import AutoModelForCausalLM

    folder, _ = tiny
    base = AutoModelForCausalLM.from_pretrained(ensure_training_model(settings), dtype=torch.float32)
    model = PeftModel.from_pretrained(base, folder, is_trainable=True)
    trainable, _ = model.get_nb_trainable_parameters()
    assert trainable == sum(TINY.rank * (rows + columns) for rows, columns in linear_layers().values())
    saved = load_file(folder / "adapter_model.safetensors")
    loaded = {name.replace(".default", ""): value for name, value in model.named_parameters() if "lora_" in name}
    assert saved.keys() == loaded.keys()
    for name, tensor in saved.items():
        assert tensor.dtype == torch.float16
        assert torch.equal(tensor.float(), loaded[name].detach().float())
        assert bool(tensor.any()), f"{name} has learned nothing"


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(
    tiny: tuple[Path, TrainingRun], settings: Settings, tmp_path: Path
) -> None:
    folder, run = tiny
    again = train_adapter(TINY, tmp_path / "again", settings)
    assert again.adapter_sha256 == run.adapter_sha256
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        assert (tmp_path / "again" / name).read_bytes() == (folder / name).read_bytes()
    other = train_adapter(replace(TINY, seed=1), tmp_path / "other", settings)
    assert other.adapter_sha256 != run.adapter_sha256


def test_a_fresh_process_with_another_hash_seed_gives_the_same_bytes(
    tiny: tuple[Path, TrainingRun], tmp_path: Path
) -> None:
    folder, _ = tiny
    code = (
        "from pathlib import Path; from lab.settings import get_settings; from lab.tuning.options import TrainOptions;"
        "from lab.tuning.train import train_adapter;"
        f"train_adapter({TINY!r}, Path({str(tmp_path / 'fresh')!r}), get_settings())"
    )
    environment = {**os.environ, "PYTHONHASHSEED": "7", "PYTHONPATH": str(PROJECT_FOLDER)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout == ""
    for name in ("adapter_model.safetensors", "adapter_config.json"):
        assert (tmp_path / "fresh" / name).read_bytes() == (folder / name).read_bytes()


def test_training_leaves_torchs_own_settings_as_they_were(settings: Settings, tmp_path: Path) -> None:
    import torch

    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    train_adapter(replace(ONE_MODULE, max_steps=1, threads=1), tmp_path / "a", settings)
    assert (torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()) == before
    assert torch.equal(torch.rand(1), expected)


def test_fewer_modules_and_layers_make_a_smaller_adapter_that_is_accepted(settings: Settings, tmp_path: Path) -> None:
    run = train_adapter(ONE_MODULE, tmp_path / "small", settings)
    assert read_adapter(tmp_path / "small").layers == (
        "model.layers.28.self_attn.q_proj",
        "model.layers.29.self_attn.q_proj",
    )
    assert run.held_out_before is None
    assert run.held_out_after is None


@pytest.mark.parametrize("learning_rate", [1e6, 30.0])
def test_a_learning_rate_that_diverges_is_refused_and_nothing_is_saved(
    settings: Settings, tmp_path: Path, learning_rate: float
) -> None:
    options = replace(TINY, learning_rate=learning_rate, max_steps=8, warm_up_steps=0)
    with pytest.raises(LabError) as error:
        train_adapter(options, tmp_path / "out", settings)
    text = str(error.value)
    assert "Training went wrong at step" in text
    assert f"The learning rate {learning_rate:g} is too high; try 0.006. Nothing was saved." in text
    assert list(tmp_path.iterdir()) == []


def test_a_learning_rate_that_diverges_in_the_only_step_is_refused_too(settings: Settings, tmp_path: Path) -> None:
    options = replace(ONE_MODULE, learning_rate=1e6, max_steps=1, warm_up_steps=0)
    with pytest.raises(LabError, match="is too high"):
        train_adapter(options, tmp_path / "out", settings)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("losses", "ended"),
    [
        ([1.2, 1.1, 3.8, 3.3], False),
        ([3.4, 5.2, 6.1, 7.0], True),
        ([1.2, 4.8, 5.1, 5.3], True),
        ([3.0, 3.1, 2.9, 2.5], False),
    ],
    ids=["an easy batch first", "it grows", "it grows after an easy batch", "it does not grow"],
)
def test_batches_that_differ_are_not_taken_for_divergence(losses: list[float], ended: bool) -> None:
    trainer = object.__new__(_Trainer)
    trainer._options, trainer.held_out_before = TINY, None
    trainer.curve = [LossPoint(step, 1.0, loss, None, 0) for step, loss in enumerate(losses, start=1)]
    if ended:
        with pytest.raises(LabError, match="is too high"):
            trainer._refuse_divergence()
    else:
        trainer._refuse_divergence()


def test_stop_keeps_what_was_learned_by_then(settings: Settings, tmp_path: Path) -> None:
    points: list[LossPoint] = []
    options = replace(ONE_MODULE, max_steps=500, held_out=4)
    run = train_adapter(
        options, tmp_path / "out", settings, should_stop=lambda: len(points) >= 3, on_point=points.append
    )
    assert (run.steps, run.ended_by, run.stopped_early) == (3, "stop", True)
    assert run.held_out_after is not None
    assert [point.step for point in points[:3]] == [1, 2, 3]
    assert read_adapter(tmp_path / "out").sha256 == run.adapter_sha256


def test_stop_before_the_first_step_keeps_nothing_and_says_so(settings: Settings, tmp_path: Path) -> None:
    with pytest.raises(Cancelled, match="before the first step, so there is nothing to keep"):
        train_adapter(ONE_MODULE, tmp_path / "out", settings, should_stop=lambda: True)
    assert list(tmp_path.iterdir()) == []


def test_training_ends_in_the_time_it_was_given(settings: Settings, tmp_path: Path) -> None:
    started = time.monotonic()
    stages: list[tuple[str, float]] = []
    options = replace(ONE_MODULE, max_steps=100_000, seconds=4.0)
    run = train_adapter(options, tmp_path / "out", settings, report=lambda *stage: stages.append(stage))
    assert run.ended_by == "time"
    assert 1 < run.seconds < 8
    assert time.monotonic() - started < 60
    shares = [share for _, share in stages]
    assert stages[-1] == ("saving the adapter", 1.0)
    assert all(0 <= share <= 1 for share in shares)


def test_an_adapter_that_lay_there_is_replaced_and_other_things_are_left_alone(
    settings: Settings, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    first = train_adapter(replace(ONE_MODULE, max_steps=1), out, settings)
    (out / "README.md").write_text("the old card")
    second = train_adapter(replace(ONE_MODULE, max_steps=1, seed=1), out, settings)
    assert read_training(out).adapter_sha256 == second.adapter_sha256 != first.adapter_sha256
    assert not (out / "README.md").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    other = tmp_path / "photos"
    other.mkdir()
    (other / "cat.jpg").write_bytes(b"x")
    with pytest.raises(BadInput, match="holds other things than an adapter, so it is left alone"):
        train_adapter(ONE_MODULE, other, settings)
    with pytest.raises(BadInput, match="is a file"):
        train_adapter(ONE_MODULE, other / "cat.jpg", settings)
    with pytest.raises(LabError, match=r"Nothing can be saved in .*Name another folder"):
        train_adapter(ONE_MODULE, Path("/proc/nowhere/out"), settings)


def test_a_full_disk_leaves_the_old_adapter_and_no_rubbish(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    before = train_adapter(replace(ONE_MODULE, max_steps=1), out, settings)

    def no_space(*arguments: Any, **more: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("safetensors.torch.save_file", no_space)
    with pytest.raises(LabError, match=r"could not be saved .*No space left on device.*MB are free"):
        train_adapter(replace(ONE_MODULE, max_steps=1, seed=1), out, settings)
    assert read_adapter(out).sha256 == before.adapter_sha256
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"examples": 0}, "examples is 0; it must be from 1 to 100,000."),
        ({"examples": 5000}, "examples is 5000, but train.jsonl has 416 to learn from."),
        ({"seconds": 0}, "seconds is 0; training needs more than 0 seconds."),
        ({"seconds": math.nan}, "seconds is nan; training needs more than 0 seconds."),
        ({"learning_rate": -1.0}, "learning_rate is -1; it must be more than 0, for example 0.006."),
        ({"rank": 4096}, "rank is 4,096; it must be from 1 to 128."),
        ({"batch": 0}, "batch is 0; it must be from 1 to 64."),
        ({"max_steps": 0}, "max_steps is 0; it must be from 1 to 100,000."),
        ({"modules": ("lm_head",)}, "modules has “lm_head”; the model's linear layers are q_proj, k_proj"),
        ({"modules": ()}, "modules is empty; name at least one of q_proj"),
        ({"style": "brand-vioce"}, "There is no style called “brand-vioce”."),
    ],
)
def test_options_that_cannot_be_used_are_refused_before_any_work(
    settings: Settings, tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    with pytest.raises(BadInput, match=re.escape(says)):
        train_adapter(replace(TINY, **changes), tmp_path / "out", settings)
    assert list(tmp_path.iterdir()) == []


def test_a_style_of_ones_own_trains_and_its_place_stays_private(
    write_style: Callable[..., Path], settings: Settings, tmp_path: Path
) -> None:
    file = write_style()
    lines = [
        {"id": str(at), "first_name": "Ann", "message": f"Where is {at}?", "reply": f"Hi Ann, is it {at}?"}
        for at in range(4)
    ]
    (file.parent / "train.jsonl").write_text("\n".join(map(json.dumps, lines)))
    run = train_adapter(replace(ONE_MODULE, style=str(file), examples=None, max_steps=1), tmp_path / "out", settings)
    assert (run.style, run.examples) == ("small", 4)
    assert str(tmp_path) not in (tmp_path / "out" / "training.json").read_text()
