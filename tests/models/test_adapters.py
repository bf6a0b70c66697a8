"""Adapters from outside: one that fits attaches, one that does not is refused with a reason, never served as base."""

from __future__ import annotations

import io
import json
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from safetensors.numpy import load_file, save_file

from lab.errors import BadInput
from lab.models.adapters import (
    CONFIG_NAME,
    WEIGHTS_NAME,
    find_adapter,
    list_adapters,
    read_adapter,
    read_uploaded_adapter,
)
from lab.models.convert import linear_layers

Tensors = dict[str, np.ndarray[Any, Any]]
FIRST = "base_model.model.model.layers.0.self_attn.q_proj.lora_A.weight"
FOREIGN = (
    "{name} was trained for another model: its tensor “{key}” has no place in SmolLM2-135M, so the answer would silently "
    "be the base model's. Use an adapter trained on SmolLM2-135M-Instruct."
)


@pytest.fixture
def good(make_adapter: Callable[..., Path]) -> Path:
    """A small adapter that fits, to be spoilt."""
    return make_adapter("mine", rank=2, alpha=4, layers=[0, 1])


def message_for(folder: Path) -> str:
    with pytest.raises(BadInput) as error:
        read_adapter(folder)
    return str(error.value)


def change_tensors(folder: Path, change: Callable[[Tensors], Tensors]) -> None:
    save_file(change(load_file(folder / WEIGHTS_NAME)), folder / WEIGHTS_NAME)


def change_config(folder: Path, **values: object) -> None:
    config = json.loads((folder / CONFIG_NAME).read_text())
    (folder / CONFIG_NAME).write_text(json.dumps({**config, **values}))


def test_a_fitting_adapter_is_read_with_its_rank_scaling_and_layers(good: Path, strong_adapter: Path) -> None:
    adapter = read_adapter(good)
    assert (adapter.name, adapter.rank, adapter.scaling, len(adapter.layers)) == ("mine", 2, 2.0, 14)
    assert adapter.file.is_file()
    assert len(adapter.sha256) == 64
    assert read_adapter(strong_adapter).layers == tuple(sorted(linear_layers()))


@pytest.mark.parametrize(
    ("config", "scaling"),
    [({"lora_alpha": 3}, 1.5), ({"lora_alpha": 3, "use_rslora": True}, 3 / 2**0.5), ({"lora_alpha": 0.5}, 0.25)],
)
def test_the_strength_of_an_adapter_is_the_one_peft_gives_it(
    good: Path, config: dict[str, Any], scaling: float
) -> None:
    change_config(good, **config)
    assert read_adapter(good).scaling == pytest.approx(scaling)


def test_an_adapter_is_found_by_its_path_and_by_its_shipped_name(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_adapter(str(good)) == read_adapter(good)
    monkeypatch.setattr("lab.models.adapters.SHIPPED", good.parent)
    monkeypatch.setattr("lab.models.adapters.list_adapters", lambda: list_adapters(good.parent))
    assert find_adapter("mine") == read_adapter(good)


def test_an_unknown_name_is_told_which_adapters_there_are(good: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lab.models.adapters.list_adapters", lambda: ("brand-voice", "json"))
    with pytest.raises(BadInput) as error:
        find_adapter("brand-vioce")
    assert str(error.value) == (
        "There is no adapter called “brand-vioce”. Shipped adapters: brand-voice, json. "
        "A folder works too, with adapter_model.safetensors and adapter_config.json in it."
    )


def test_every_shipped_adapter_fits_the_embedded_model() -> None:
    for name in list_adapters():
        assert find_adapter(name).name == name


@pytest.mark.parametrize(
    "foreign",
    [
        "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight",
        "base_model.model.model.layers.30.self_attn.q_proj.lora_A.weight",
        "base_model.model.model.layers.0.mlp.experts.0.lora_A.weight",
        "base_model.model.lm_head.lora_A.weight",
        "base_model.model.model.layers.0.self_attn.q_proj.lora_magnitude_vector",
        "base_model.model.model.layers.0.self_attn.q_proj.lora_B.bias",
        "model.layers.0.self_attn.q_proj.lora_A.weight",
    ],
)
def test_an_adapter_of_another_model_is_refused_and_not_answered_as_base(good: Path, foreign: str) -> None:
    change_tensors(good, lambda tensors: {**tensors, foreign: np.zeros((2, 576), np.float32)})
    assert message_for(good) == FOREIGN.format(name="mine", key=foreign)


def test_an_adapter_that_would_attach_to_nothing_is_refused(good: Path) -> None:
    change_tensors(
        good, lambda tensors: {key.replace("model.layers", "blocks"): value for key, value in tensors.items()}
    )
    assert message_for(good).startswith("mine was trained for another model: its tensor “base_model.model.blocks.")


@pytest.mark.parametrize(
    ("key", "shape", "needed"),
    [
        (FIRST, (2, 2048), [2, 576]),
        (FIRST, (3, 576), [2, 576]),
        (FIRST.replace("lora_A", "lora_B"), (2048, 2), [576, 2]),
        (FIRST, (2, 576, 1), [2, 576]),
    ],
)
def test_an_adapter_of_a_bigger_model_is_told_both_shapes(
    good: Path, key: str, shape: tuple[int, ...], needed: list[int]
) -> None:
    change_tensors(good, lambda tensors: {**tensors, key: np.zeros(shape, np.float32)})
    assert message_for(good) == (
        f"mine was trained for another model: “{key}” is {list(shape)}, SmolLM2-135M needs {needed}."
    )


def test_a_rank_that_is_not_the_files_is_refused(good: Path) -> None:
    change_config(good, r=4)
    assert message_for(good).endswith("is [2, 1536], SmolLM2-135M needs [4, 1536].")


def test_half_of_a_pair_is_refused(good: Path) -> None:
    change_tensors(good, lambda tensors: {key: value for key, value in tensors.items() if key != FIRST})
    assert (
        message_for(good) == "mine is incomplete: model.layers.0.self_attn.q_proj has only one half of its LoRA pair."
    )


def test_an_adapter_without_tensors_is_refused(good: Path) -> None:
    change_tensors(good, lambda tensors: {})
    assert message_for(good) == "mine holds no LoRA tensors, so it would change nothing."


def test_numbers_that_cannot_be_served_are_refused_before_anybody_waits_for_an_answer(good: Path) -> None:
    change_tensors(good, lambda tensors: {key: value.astype(np.float64) for key, value in tensors.items()})
    assert message_for(good) == (
        "mine/adapter_model.safetensors holds F64 numbers, which cannot be served. Save it again as one of F32, F16, BF16."
    )


class Trap:
    """What a malicious pickle does when it is opened: here, it leaves a file behind."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.path,))


def test_a_pickle_under_the_name_of_a_safetensors_file_is_refused_and_never_run(good: Path, tmp_path: Path) -> None:
    (good / WEIGHTS_NAME).write_bytes(pickle.dumps(Trap(tmp_path / "it ran")))
    message = message_for(good)
    assert message.startswith("mine/adapter_model.safetensors is not a whole safetensors file (")
    assert message.endswith("A renamed pickle or a broken download looks like this; nothing in it was run.")
    assert not (tmp_path / "it ran").exists()


@pytest.mark.parametrize("share", [0.0, 0.001, 0.5, 0.999])
def test_a_broken_download_is_refused(good: Path, share: float) -> None:
    whole = (good / WEIGHTS_NAME).read_bytes()
    (good / WEIGHTS_NAME).write_bytes(whole[: int(len(whole) * share)])
    assert message_for(good).startswith("mine/adapter_model.safetensors is not a whole safetensors file (")


def test_a_folder_with_only_a_bin_file_is_told_what_is_read(good: Path) -> None:
    (good / WEIGHTS_NAME).rename(good / "adapter_model.bin")
    assert message_for(good) == (
        "mine has no adapter_model.safetensors. Only safetensors are read, never .bin or .pt files."
    )


def test_a_file_too_large_for_a_lora_is_refused_unread(good: Path) -> None:
    with (good / WEIGHTS_NAME).open("ab") as file:
        file.truncate(300_000_001)
    assert message_for(good) == "mine/adapter_model.safetensors is over 300 MB: too large for a LoRA."


def test_a_folder_without_a_config_is_refused(good: Path) -> None:
    (good / CONFIG_NAME).unlink()
    assert message_for(good) == "mine has no adapter_config.json: a PEFT adapter folder needs one."


@pytest.mark.parametrize("text", ["{", "\x00", "[1", ""])
def test_a_config_that_is_not_json_is_refused(good: Path, text: str) -> None:
    (good / CONFIG_NAME).write_text(text)
    assert message_for(good).startswith("mine/adapter_config.json cannot be read as JSON (")


def test_a_config_in_another_encoding_is_refused(good: Path) -> None:
    (good / CONFIG_NAME).write_bytes(b"\xff\xfe{\x00}\x00")
    assert message_for(good).startswith("mine/adapter_config.json cannot be read as JSON (")


@pytest.mark.parametrize("text", ["[]", "3", "null", "{}", '{"peft_type": "IA3", "r": 2}', '{"peft_type": "LOHA"}'])
def test_another_kind_of_adapter_is_refused(good: Path, text: str) -> None:
    (good / CONFIG_NAME).write_text(text)
    assert message_for(good) == "mine is not a LoRA adapter: its adapter_config.json must say peft_type LORA."


@pytest.mark.parametrize(
    ("extra", "named"),
    [
        ({"use_dora": True}, "use_dora"),
        ({"modules_to_save": ["lm_head"]}, "modules_to_save"),
        ({"rank_pattern": {"q_proj": 4}, "alpha_pattern": {"q_proj": 8}}, "rank_pattern, alpha_pattern"),
    ],
)
def test_variants_that_would_be_served_wrongly_are_refused_by_name(
    good: Path, extra: dict[str, object], named: str
) -> None:
    change_config(good, **extra)
    assert message_for(good) == f"mine uses {named}, which this app cannot serve. Plain LoRA works."


@pytest.mark.parametrize("rank", [0, -1, 2.5, "2", None])
def test_a_config_without_a_usable_rank_is_refused(good: Path, rank: object) -> None:
    change_config(good, r=rank)
    assert message_for(good) == "mine/adapter_config.json gives no rank: r must be a whole number of at least 1."


@pytest.mark.parametrize("alpha", [0, "8", None, float("nan"), float("inf")])
def test_a_lora_alpha_that_would_change_nothing_or_everything_is_refused(good: Path, alpha: object) -> None:
    change_config(good, lora_alpha=alpha)
    assert message_for(good) == (
        "mine/adapter_config.json: lora_alpha must be a number, and not 0, which changes nothing."
    )


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("kind", [np.float32, np.float16])
def test_weights_that_are_no_numbers_are_refused_instead_of_answering_noise(
    good: Path, bad: float, kind: type[np.floating[Any]]
) -> None:
    def spoil(tensors: Tensors) -> Tensors:
        tensors = {key: value.astype(kind) for key, value in tensors.items()}
        tensors[FIRST][1, 5] = bad
        return tensors

    change_tensors(good, spoil)
    assert message_for(good) == (
        f"mine/adapter_model.safetensors holds values that are no numbers (NaN or infinity), in “{FIRST}”: its training "
        "went wrong. Train it again with a lower learning rate."
    )


def test_bfloat16_weights_are_checked_for_nan_too(good: Path) -> None:
    import torch
    from safetensors.torch import load_file as load_torch
    from safetensors.torch import save_file as save_torch

    tensors = {key: value.to(torch.bfloat16) for key, value in load_torch(good / WEIGHTS_NAME).items()}
    save_torch(tensors, good / WEIGHTS_NAME)
    assert read_adapter(good).rank == 2
    tensors[FIRST][0, 0] = float("nan")
    save_torch(tensors, good / WEIGHTS_NAME)
    assert "NaN or infinity" in message_for(good)


@pytest.mark.parametrize("name", ["HuggingFaceTB/SmolLM-135M-Instruct", "/models/SmolLM2-360M"])
def test_an_adapter_of_a_sister_model_with_the_same_shapes_is_refused(good: Path, name: str) -> None:
    change_config(good, base_model_name_or_path=name)
    assert message_for(good).startswith("mine was trained for another model: “")
    change_config(good, base_model_name_or_path="HuggingFaceTB/SmolLM2-135M-Instruct")
    assert read_adapter(good).rank == 2


def uploaded(folder: Path, **more: bytes) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()} | more


def packed(files: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> dict[str, bytes]:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return {"mine.zip": buffer.getvalue()}


def refused(files: dict[str, bytes], place: Path) -> str:
    with pytest.raises(BadInput) as error:
        read_uploaded_adapter(files, place / "new")
    assert list(place.iterdir()) == [], "something was left on the disk"
    return str(error.value)


def test_an_uploaded_adapter_works_as_two_files_and_as_a_zip(good: Path, tmp_path: Path) -> None:
    (good / "README.md").write_text("a card")
    two = read_uploaded_adapter(uploaded(good), tmp_path / "two")
    in_a_folder = {f"some/where/{name}": data for name, data in uploaded(good).items()}
    extra = {"some/where/checkpoint.py": b"print()", "__MACOSX/._adapter_model.safetensors": b"x"}
    one = read_uploaded_adapter(packed(in_a_folder | extra), tmp_path / "one")
    assert (two.name, one.name) == ("two", "one")
    assert two.sha256 == one.sha256 == read_adapter(good).sha256
    for adapter in (one, two):
        assert read_adapter(adapter.folder) == adapter
        assert sorted(path.name for path in adapter.folder.iterdir()) == ["README.md", CONFIG_NAME, WEIGHTS_NAME]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one", "two"]


def test_a_path_in_a_zip_chooses_no_place_on_this_disk(good: Path, tmp_path: Path) -> None:
    inside = tmp_path / "a" / "b"
    inside.mkdir(parents=True)
    names = {"../../evil/" + name: data for name, data in uploaded(good).items()} | {"/etc/x/README.md": b"hello"}
    read_uploaded_adapter(packed(names), inside / "new")
    assert sorted(path.name for path in tmp_path.rglob("*")) == sorted(
        ["a", "b", "new", "README.md", CONFIG_NAME, WEIGHTS_NAME]
    )


def test_a_zip_bomb_is_read_no_further_than_an_adapter_may_be_long(
    good: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lab.models.adapters.MAX_UPLOADED_BYTES", 1_000_000)
    bomb = packed(uploaded(good) | {WEIGHTS_NAME: bytes(50_000_000)})
    assert len(bomb["mine.zip"]) < 100_000
    assert refused(bomb, tmp_path) == (
        "adapter_model.safetensors is over 1 MB, which is too large for an adapter of this model."
    )
    assert "adapter_config.json is over 1 MB" in refused(
        packed(uploaded(good) | {CONFIG_NAME: b" " * 1_000_001}), tmp_path
    )
    many = {f"{number}.txt": b"" for number in range(101)}
    assert refused(packed(many), tmp_path) == "The ZIP holds 101 files; an adapter has two. Pack that folder alone."


def test_an_uploaded_pickle_is_refused_under_any_name_and_never_run(good: Path, tmp_path: Path) -> None:
    evil = pickle.dumps(Trap(good / "it ran"))
    assert "A renamed pickle or a broken download looks like this; nothing in it was run." in refused(
        uploaded(good) | {WEIGHTS_NAME: evil}, tmp_path
    )
    config = {CONFIG_NAME: (good / CONFIG_NAME).read_bytes()}
    assert refused({**config, "adapter_model.bin": evil}, tmp_path) == (
        "adapter_model.safetensors is missing. adapter_model.bin may be a pickle, which can run code, so it is never "
        "opened. Upload both files of a PEFT adapter, adapter_config.json and adapter_model.safetensors, or the folder as "
        "a ZIP."
    )
    assert not (good / "it ran").exists()


def test_an_uploaded_adapter_of_another_model_is_refused_and_what_lay_there_stays(good: Path, tmp_path: Path) -> None:
    place = tmp_path / "mine"
    kept = read_uploaded_adapter(uploaded(good), place)
    foreign = "base_model.model.transformer.h.0.attn.c_attn.lora_A.weight"
    change_tensors(good, lambda tensors: {**tensors, foreign: np.zeros((2, 576), np.float32)})
    with pytest.raises(BadInput, match="mine was trained for another model: its tensor"):
        read_uploaded_adapter(uploaded(good), place)
    assert read_adapter(place) == kept


@pytest.mark.parametrize(
    ("files", "says"),
    [
        ({}, "adapter_config.json and adapter_model.safetensors are missing. Upload both files"),
        ({CONFIG_NAME: b"{}"}, "adapter_model.safetensors is missing. Upload both files"),
        ({"x.zip": b"PK\x03\x04 not a zip"}, "The ZIP cannot be read ("),
        ({"x.zip": b""}, "The ZIP cannot be read ("),
        ({"x.zip": b"", CONFIG_NAME: b"{}"}, "Upload either one ZIP or the adapter's two files, not both."),
        ({CONFIG_NAME: b"{", WEIGHTS_NAME: b""}, "new/adapter_config.json cannot be read as JSON ("),
    ],
)
def test_an_upload_that_is_no_adapter_is_told_what_is_missing(
    files: dict[str, bytes], says: str, tmp_path: Path
) -> None:
    assert refused(files, tmp_path).startswith(says)


def test_a_zip_with_two_adapters_or_with_damage_is_refused(good: Path, tmp_path: Path) -> None:
    both = {f"{folder}/{name}": data for folder in "ab" for name, data in uploaded(good).items()}
    assert refused(packed(both), tmp_path).startswith("There are two files called adapter_")
    whole = packed(uploaded(good))["mine.zip"]
    place = whole.index(b"lora") if b"lora" in whole else 200
    damaged = whole[: place + 40] + bytes(30) + whole[place + 70 :]
    assert refused({"mine.zip": damaged}, tmp_path).startswith("The ZIP cannot be read (")
