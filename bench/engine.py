"""Tokens a second: the shared engine against transformers' generate and LangChain's HuggingFacePipeline."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterator
from typing import Any

from bench.measure import Ratio, paired, seconds
from lab.models.convert import ensure_training_model
from lab.models.engine import Request, get_engine
from lab.models.template import render
from lab.settings import get_settings

TOKENS = 48
PROMPTS = [
    render([("user", f"Tell me {number} things about the sea and about city {number}.")]) for number in range(32)
]


def ours(streams: int) -> Callable[[], float]:
    """Tokens a second for so many requests arriving together."""
    engine = get_engine(get_settings())

    def run() -> float:
        generations = [engine.submit(Request(prompt, max_tokens=TOKENS)) for prompt in PROMPTS[:streams]]
        tokens = 0

        def read() -> None:
            nonlocal tokens
            tokens = sum(len(generation.wait().token_ids) for generation in generations)

        spent = seconds(read)
        return tokens / spent

    return run


def transformers_generate(model: Any, tokenizer: Any, streams: int) -> Callable[[], float]:
    """The same prompts as one padded batch through `model.generate`."""
    import torch

    def run() -> float:
        batch = tokenizer(PROMPTS[:streams], return_tensors="pt", padding=True, add_special_tokens=False)
        tokens = 0

        def generate() -> None:
            nonlocal tokens
            with torch.inference_mode():
                out = model.generate(**batch, max_new_tokens=TOKENS, do_sample=False)
            new = out[:, batch["input_ids"].shape[1] :]
            tokens = int((new != tokenizer.pad_token_id).sum())

        spent = seconds(generate)
        return tokens / spent

    return run


def langchain_pipeline(model: Any, tokenizer: Any, streams: int) -> Callable[[], float]:
    """The same prompts, one after another, as HuggingFacePipeline's `invoke` does it for each visitor."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from langchain_community.llms import HuggingFacePipeline
        from transformers import pipeline

        generate = pipeline(
            "text-generation",
            model=model,
            tokenizer=tokenizer,
            max_new_tokens=TOKENS,
            do_sample=False,
            return_full_text=False,
        )
        llm = HuggingFacePipeline(pipeline=generate)

    def run() -> float:
        tokens = 0

        def read() -> None:
            nonlocal tokens
            tokens = sum(len(tokenizer(llm.invoke(prompt)).input_ids) for prompt in PROMPTS[:streams])

        spent = seconds(read)
        return tokens / spent

    return run


def run(pairs: int) -> Iterator[Ratio]:
    """Every comparison of the engine; `transformers` in the better of its two precisions is the one that counts."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    folder = ensure_training_model(get_settings())
    tokenizer = AutoTokenizer.from_pretrained(folder, padding_side="left")
    for precision in (torch.float32, torch.bfloat16):
        model = AutoModelForCausalLM.from_pretrained(folder, dtype=precision).eval()
        label = str(precision).removeprefix("torch.")
        for streams in (1, 8, 16, 32):
            bar = "≥ 3" if streams == 1 else ""
            theirs = transformers_generate(model, tokenizer, streams)
            yield paired(
                f"{streams} at once",
                "tokens/s",
                bar,
                ("engine", ours(streams)),
                (f"transformers generate, {label}", theirs),
                pairs,
            )
        for streams, bar in ((1, "≥ 3"), (16, "≥ 15")):
            theirs = langchain_pipeline(model, tokenizer, streams)
            yield paired(
                f"{streams} at once",
                "tokens/s",
                bar,
                ("engine", ours(streams)),
                (f"HuggingFacePipeline, {label}", theirs),
                pairs,
            )
