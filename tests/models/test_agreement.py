"""What was trained is what is served: torch + PEFT and the engine answer with the same tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from lab.models.adapters import Adapter, read_adapter
from lab.models.convert import ensure_training_model
from lab.models.engine import Engine, Request
from lab.models.template import render
from lab.settings import Settings

pytestmark = pytest.mark.filterwarnings("ignore::FutureWarning:transformers")  # PEFT asks it about a renamed property

TOKENS = 24
END = 2  # <|im_end|>
Answers = list[tuple[int, ...]]


@pytest.fixture(scope="module")
def tuned_prompts(prompts: Sequence[str]) -> tuple[str, ...]:
    """Ten others, with a system message, numbers and an answer begun."""
    subjects = ("tea", "trains", "the moon", "a lost umbrella", "opening hours", "a 3-day trip", "bees", "salt", "snow")
    asked = [render([("system", "Answer in two sentences."), ("user", f"Tell me about {one}.")]) for one in subjects]
    return (*asked, render([("user", "Name 2 colours.\n\n1. red")], opening="Two colours are"))


@pytest.fixture(scope="module")
def half(make_adapter: Callable[..., Path]) -> Adapter:
    """An adapter whose lora_alpha is not its rank, so that a forgotten scaling shows."""
    adapter = read_adapter(make_adapter("half", rank=16, alpha=8, seed=3))
    assert adapter.scaling == 0.5
    return adapter


@pytest.fixture(scope="module")
def torch_model(settings: Settings, one_torch_thread: None) -> Any:
    import torch
    from transformers import AutoModelForCausalLM

    return AutoModelForCausalLM.from_pretrained(ensure_training_model(settings), dtype=torch.float32).eval()


@pytest.fixture(scope="module")
def tuned_torch_model(torch_model: Any, half: Adapter, torch_base_answers: Answers) -> Any:
    """The same model with the adapter in it; made after the base answers, since PEFT changes the model in place."""
    from peft import PeftModel

    model = PeftModel.from_pretrained(torch_model, str(half.folder)).eval()
    assert {layer.scaling["default"] for layer in model.modules() if hasattr(layer, "lora_A")} == {half.scaling}
    return model


def answer_with_torch(model: Any, settings: Settings, prompts: Sequence[str]) -> Answers:
    """Greedy token ids, all prompts in one batch padded on the left; up to and with the end of the turn."""
    import torch
    from transformers import AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(ensure_training_model(settings), padding_side="left")
    batch = tokenizer(list(prompts), add_special_tokens=False, return_tensors="pt", padding=True)
    with torch.inference_mode():
        rows = model.generate(**batch, do_sample=False, max_new_tokens=TOKENS, eos_token_id=END, pad_token_id=END)
    answers = [[int(token) for token in row[batch["input_ids"].shape[1] :]] for row in rows]
    return [tuple(row[: row.index(END) + 1] if END in row else row) for row in answers]


@pytest.fixture(scope="module")
def torch_base_answers(torch_model: Any, settings: Settings, prompts: Sequence[str]) -> Answers:
    return answer_with_torch(torch_model, settings, prompts)


@pytest.fixture(scope="module")
def torch_tuned_answers(tuned_torch_model: Any, settings: Settings, tuned_prompts: Sequence[str]) -> Answers:
    return answer_with_torch(tuned_torch_model, settings, tuned_prompts)


def answer_with_engine(engine: Engine, prompts: Sequence[str], **options: Any) -> Answers:
    generations = [engine.submit(Request(prompt, TOKENS, **options)) for prompt in prompts]
    return [generation.wait().token_ids for generation in generations]


def share_equal(ours: Answers, theirs: Answers) -> float:
    """Positions with the same token, over all positions of the longer answer of each pair."""
    equal = sum(a == b for one, other in zip(ours, theirs, strict=True) for a, b in zip(one, other, strict=False))
    return equal / sum(max(len(one), len(other)) for one, other in zip(ours, theirs, strict=True))


def test_torch_and_the_engine_agree_on_most_tokens_with_and_without_an_adapter(
    engine: Engine,
    prompts: Sequence[str],
    tuned_prompts: Sequence[str],
    half: Adapter,
    torch_base_answers: Answers,
    torch_tuned_answers: Answers,
    record_property: Callable[[str, object], None],
) -> None:
    base = answer_with_engine(engine, prompts)
    tuned = answer_with_engine(engine, tuned_prompts, adapter=half)
    assert (len(base), len(tuned)) == (10, 10)
    shares = {
        "base": share_equal(base, torch_base_answers),
        "tuned": share_equal(tuned, torch_tuned_answers),
        "all": share_equal(base + tuned, torch_base_answers + torch_tuned_answers),
        "whole answers": sum(map(tuple.__eq__, base + tuned, torch_base_answers + torch_tuned_answers)) / 20,
    }
    for name, share in shares.items():
        record_property(f"agreement_{name}", round(share, 4))
    print("agreement of torch + PEFT and the engine:", {name: f"{share:.1%}" for name, share in shares.items()})
    assert min(shares["base"], shares["tuned"]) >= 0.7


def test_the_agreement_would_fail_with_a_forgotten_adapter_or_scaling(
    engine: Engine, tuned_prompts: Sequence[str], half: Adapter, torch_tuned_answers: Answers
) -> None:
    asked, expected = tuned_prompts[:5], torch_tuned_answers[:5]
    without = share_equal(answer_with_engine(engine, asked), expected)
    unscaled = share_equal(answer_with_engine(engine, asked, adapter=half, strength=2.0), expected)
    print(f"agreement without the adapter {without:.1%}, with scaling 1 instead of 0.5 {unscaled:.1%}")
    assert max(without, unscaled) < 0.5


def test_what_peft_saves_is_what_the_app_reads(tuned_torch_model: Any, half: Adapter, tmp_path: Path) -> None:
    tuned_torch_model.save_pretrained(tmp_path / "saved")
    saved = read_adapter(tmp_path / "saved")
    assert (saved.rank, saved.scaling, saved.layers) == (half.rank, half.scaling, half.layers)
