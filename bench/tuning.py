"""Training against what one would otherwise write (transformers.Trainer + PEFT in fp32), and four panes against one."""

from __future__ import annotations

import contextlib
import os
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from bench.measure import Ratio, paired, seconds
from lab.compare.panes import PANES, find_pane
from lab.compare.replies import open_panes
from lab.models.catalogue import choose_model
from lab.models.convert import ensure_training_model
from lab.settings import get_settings
from lab.tuning.batches import Sequences, draw_examples, encode_example, endless_batches
from lab.tuning.options import TrainOptions
from lab.tuning.styles import load_examples, load_style, messages_of
from lab.tuning.train import train_adapter

STEPS = 16
OPTIONS = TrainOptions("brand-voice", seconds=3600.0, max_steps=STEPS, held_out=16, held_out_every=1000)
FOUR = ("base", "prompted", "few-shot", "tuned")
_IGNORED = -100  # transformers' label for a token that is not learned


def ours(losses: list[float]) -> Callable[[], float]:
    """Tokens a second of our training; the held-out loss afterwards goes into `losses`."""

    def run() -> float:
        with tempfile.TemporaryDirectory() as folder:
            training = train_adapter(OPTIONS, Path(folder) / "adapter", get_settings())
        losses.append(training.held_out_after or 0.0)
        return training.tokens_per_second

    return run


def _encoded() -> tuple[list[Sequences], list[Sequences]]:
    import tokenizers

    style = load_style(OPTIONS.style)
    folder = ensure_training_model(get_settings())
    tokenizer = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json"))
    examples = load_examples(style.folder / "train.jsonl", style, with_replies=True)
    learned, held = draw_examples(len(examples), OPTIONS.examples, OPTIONS.held_out, OPTIONS.seed)

    def encode(places: Sequence[int]) -> list[Sequences]:
        return [
            encode_example(style, examples[at], lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids))
            for at in places
        ]

    return encode(learned), encode(held)


def _collate(rows: Sequence[Sequences]) -> dict[str, Any]:
    import torch

    longest = max(map(len, rows))
    ids = torch.zeros(len(rows), longest, dtype=torch.long)
    labels = torch.full((len(rows), longest), _IGNORED)
    mask = torch.zeros(len(rows), longest, dtype=torch.long)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = torch.tensor(row.prompt + row.reply)
        labels[at, len(row.prompt) : len(row)] = torch.tensor(row.reply)
        mask[at, : len(row)] = 1
    return {"input_ids": ids, "labels": labels, "attention_mask": mask}


def usual(losses: list[float]) -> Callable[[], float]:
    """Tokens a second of transformers.Trainer with PEFT in fp32: same data, same batches, same settings."""

    def run() -> float:
        import torch
        from peft import LoraConfig, TaskType, get_peft_model
        from transformers import LlamaForCausalLM, Trainer, TrainingArguments

        learned, held = _encoded()
        batches = endless_batches([len(row) for row in learned], OPTIONS.batch, OPTIONS.seed)
        order = [learned[at] for _ in range(STEPS) for at in next(batches)]
        torch.manual_seed(OPTIONS.seed)
        base = LlamaForCausalLM.from_pretrained(ensure_training_model(get_settings()), dtype=torch.float32)
        config = LoraConfig(
            r=OPTIONS.rank, lora_alpha=OPTIONS.alpha, target_modules=list(OPTIONS.modules), task_type=TaskType.CAUSAL_LM
        )
        model = get_peft_model(base, config)

        class InOrder(Trainer):  # type: ignore[misc]
            def _get_train_sampler(self, *_: Any) -> Any:
                return torch.utils.data.SequentialSampler(order)

        with (
            tempfile.TemporaryDirectory() as folder,
            Path(os.devnull).open("w") as nowhere,
            contextlib.redirect_stdout(nowhere),
        ):
            trainer = InOrder(
                model=model,
                args=TrainingArguments(
                    output_dir=folder,
                    use_cpu=True,
                    per_device_train_batch_size=OPTIONS.batch,
                    max_steps=STEPS,
                    learning_rate=OPTIONS.learning_rate,
                    lr_scheduler_type="linear",
                    warmup_steps=OPTIONS.warm_up_steps,
                    adam_beta1=0.9,
                    adam_beta2=0.99,
                    weight_decay=0.0,
                    max_grad_norm=1.0,
                    seed=OPTIONS.seed,
                    save_strategy="no",
                    logging_strategy="no",
                    report_to=[],
                    remove_unused_columns=False,
                    disable_tqdm=True,
                ),
                train_dataset=order,
                data_collator=_collate,
            )
            took = seconds(trainer.train)
            model.eval()
            total, count = 0.0, 0
            with torch.no_grad():
                for start in range(0, len(held), OPTIONS.batch):
                    batch = _collate(held[start : start + OPTIONS.batch])
                    logits = model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"]).logits
                    wanted = batch["labels"][:, 1:]
                    total += torch.nn.functional.cross_entropy(
                        logits[:, :-1][wanted != _IGNORED], wanted[wanted != _IGNORED], reduction="sum"
                    ).item()
                    count += int((wanted != _IGNORED).sum())
        losses.append(total / count)
        return sum(map(len, order)) / took

    return run


def _panes(ids: Sequence[str]) -> Callable[[], float]:
    """Seconds until the last of these panes has finished its reply."""
    style = load_style("brand-voice")
    message = messages_of(style)[0]

    def factory(adapter: str | None, strength: float) -> Any:
        return choose_model(get_settings(), adapter=adapter, strength=strength)

    def run() -> float:
        start = time.perf_counter()
        streams = open_panes(
            [find_pane(pane) for pane in ids], style, message.inputs, factory, adapter="brand-voice", strength=1.0
        )
        for stream in streams.values():
            for _ in stream:
                pass
        return time.perf_counter() - start

    return run


def _slowest_alone() -> float:
    return max(_panes([pane])() for pane in FOUR)


def run(pairs: int) -> Iterator[Ratio]:
    """Ratios of training speed, of the held-out loss, and of four panes to the slowest one alone."""
    assert set(FOUR) <= {pane.id for pane in PANES}
    mine: list[float] = []
    theirs: list[float] = []
    yield paired(
        f"Training, {STEPS} steps of {OPTIONS.batch}, rank {OPTIONS.rank} on {', '.join(OPTIONS.modules)}",
        "tokens/s",
        "≥ 1.5",
        ("ours", ours(mine)),
        ("Trainer + PEFT, fp32", usual(theirs)),
        min(pairs, 3),
    )
    yield paired(
        "The same trainings' held-out loss",
        "nats/token",
        "≈ 1",
        ("ours", iter(mine).__next__),
        ("Trainer + PEFT, fp32", iter(theirs).__next__),
        len(mine) - 1,
    )
    yield paired(
        f"Four panes at once ({', '.join(FOUR)})",
        "s",
        "≤ 1.3",
        ("all four", _panes(FOUR)),
        ("the slowest alone", _slowest_alone),
        pairs,
    )
