"""Teaching a behaviour: LoRA with torch and PEFT on the CPU, watched, stoppable, the same bytes for the same seed."""

from __future__ import annotations

import ctypes
import gc
import hashlib
import json
import math
import os
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput, Cancelled, LabError
from lab.models.convert import LAYERS, ensure_training_model
from lab.models.weights import SMOLLM2, Report, no_report, sha256_of
from lab.settings import Settings
from lab.tuning.batches import Sequences, draw_examples, encode_example, endless_batches
from lab.tuning.options import TrainOptions, check_options
from lab.tuning.run import (
    BASE_MODEL,
    LossPoint,
    Snapshots,
    TrainingRun,
    check_target,
    describe_machine,
    describe_versions,
    save_adapter,
)
from lab.tuning.styles import Example, load_examples, load_style

if TYPE_CHECKING:
    import torch

__all__ = ["TRAIN_FILE", "Snapshots", "TrainOptions", "train_adapter"]

TRAIN_FILE = "train.jsonl"
_LONGEST_GRADIENT = 1.0
_BETAS = (0.9, 0.99)  # Adam's; the second is short because a run has a few dozen steps, not thousands
_JUDGED_STEPS = 3  # their mean loss decides whether training diverges
_DIVERGED = 1.5  # times the first loss, or times a usual one, when the first batch happened to be an easy one
_USUAL_LOSS = 3.0  # nats a token: what the base model has on short replies it has not seen
_WARMING_STEPS = 5  # whose speed is no guide to the rest
_LARGEST_FLOAT16 = 65504.0


def train_adapter(
    options: TrainOptions,
    out_folder: Path,
    settings: Settings,
    report: Report = no_report,
    should_stop: Callable[[], bool] = lambda: False,
    on_point: Callable[[LossPoint], None] = lambda point: None,
    snapshots: Snapshots | None = None,
    examples: Sequence[Example] | None = None,
    turn: AbstractContextManager[object] | None = None,
) -> TrainingRun:
    """Train one adapter and leave it in `out_folder` as a PEFT folder; an adapter that lay there before is replaced.

    `should_stop` is asked before every step: what was learned by then is kept. `on_point` gets the loss of every step.
    `snapshots` leaves unfinished adapters on the way, so that one can watch answers change. `examples` are learned from
    instead of the style's train.jsonl. `turn` is entered once everything has been checked: where trainings of one machine
    wait for each other, bad input does not.

    Raises BadInput for options or data that cannot be used, LabError when training diverges or the disk refuses,
    Cancelled when it was stopped before the first step; in all three cases nothing is written.
    """
    check_options(options)
    style = load_style(options.style)
    if examples is None:
        data_file = style.folder / TRAIN_FILE
        examples = load_examples(data_file, style, with_replies=True)
        data_name, data_sha256 = TRAIN_FILE, sha256_of(data_file)
    else:
        data_name, data_sha256 = "the list", _sha256_of_examples(examples)
    learned, held = draw_examples(len(examples), options.examples, options.held_out, options.seed)
    if options.examples is not None and len(learned) < options.examples:
        raise BadInput(f"examples is {options.examples}, but {data_name} has {len(learned)} to learn from.")
    check_target(out_folder)
    base_folder = ensure_training_model(settings, report)
    report("loading the model for training", 0.0)
    _wait_without_spinning()
    tokenize = _read_tokenizer(base_folder)

    def encode(positions: Sequence[int]) -> list[Sequences]:
        return [encode_example(style, examples[position], tokenize) for position in positions]

    with turn or nullcontext(), _reproducible(options) as threads:
        trainer = _Trainer(options, base_folder, encode(learned), encode(held))
        try:
            ended_by = trainer.run(report, should_stop, on_point, snapshots)
            run = TrainingRun(
                options=replace(options, style=style.name, threads=threads),
                examples=len(learned),
                held_out=len(held),
                steps=len(trainer.curve),
                seconds=round(trainer.curve[-1].seconds, 2),
                tokens=trainer.tokens,
                tokens_per_second=round(trainer.tokens_per_second, 1),
                curve=tuple(trainer.curve),
                held_out_before=trainer.held_out_before,
                ended_by=ended_by,
                data_sha256=data_sha256,
                weights_sha256=SMOLLM2.member_sha256,
                precision=trainer.precision,
                machine=describe_machine(),
                versions=describe_versions(),
            )
            report("saving the adapter", 1.0)
            return save_adapter(trainer.tensors(), trainer.peft_config(), run, out_folder)
        finally:
            del trainer
            _give_memory_back()


def _sha256_of_examples(examples: Sequence[Example]) -> str:
    lines = (
        json.dumps([item.id, dict(item.inputs), item.reply], ensure_ascii=False, sort_keys=True) for item in examples
    )
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _give_memory_back() -> None:
    """Free what training used; glibc keeps about 650 MB of it for itself unless it is told."""
    gc.collect()
    with suppress(OSError, AttributeError, TypeError):  # another C library, which has no such call
        ctypes.CDLL(None).malloc_trim(0)


def _wait_without_spinning() -> None:
    """Let torch's threads sleep at their barriers instead of burning the core that an answer needs at that moment.

    Measured on two shared cores: 57 tokens/s with spinning, 180 without. It counts only before torch is first loaded.
    """
    if "torch" not in sys.modules:
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")


def _read_tokenizer(base_folder: Path) -> Callable[[str], list[int]]:
    import tokenizers

    tokenizer = tokenizers.Tokenizer.from_file(str(base_folder / "tokenizer.json"))
    return lambda text: list(tokenizer.encode(text, add_special_tokens=False).ids)


@contextmanager
def _reproducible(options: TrainOptions) -> Iterator[int]:
    """Seed torch, fix its threads and forbid what differs from run to run; everything is put back afterwards.

    Yields the number of threads: another number sums in another order, so it gives other last bits.
    """
    import torch

    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    threads = options.threads or min(cores, torch.get_num_threads())
    before = torch.get_num_threads(), torch.are_deterministic_algorithms_enabled()
    with torch.random.fork_rng(devices=[]):
        try:
            torch.manual_seed(options.seed)
            torch.set_num_threads(threads)
            torch.use_deterministic_algorithms(True)
            yield threads
        finally:
            torch.set_num_threads(before[0])
            torch.use_deterministic_algorithms(before[1])


class _Trainer:
    """The model with its adapter, and the loop.

    The adapter is multiplied in the model's precision, but learned in float32 copies (`_masters`): steps are smaller
    than the gaps between bfloat16 numbers and would be lost.
    """

    def __init__(
        self, options: TrainOptions, base_folder: Path, learned: Sequence[Sequences], held: Sequence[Sequences]
    ) -> None:
        import torch

        self._options = options
        self._learned = learned
        self._held = sorted(held, key=len)
        dtype = torch.bfloat16 if _has_bfloat16() else torch.float32
        self.precision = str(dtype).removeprefix("torch.")
        self._model = _load_with_adapter(options, base_folder, dtype)
        self._parameters = [parameter for parameter in self._model.parameters() if parameter.requires_grad]
        self._masters = [parameter.detach().float().clone() for parameter in self._parameters]
        self._optimizer = torch.optim.AdamW(
            self._masters, lr=options.learning_rate, betas=_BETAS, weight_decay=0.0, foreach=True
        )
        self._started = 0.0
        self._held_out_seconds = 0.0
        self._durations: list[float] = []
        self._hurried = False
        self.curve: list[LossPoint] = []
        self.held_out_before: float | None = None
        self.tokens = 0

    @property
    def tokens_per_second(self) -> float:
        """How fast the steps went, without the held-out checks between them."""
        return self.tokens / sum(self._durations)

    def run(
        self,
        report: Report,
        should_stop: Callable[[], bool],
        on_point: Callable[[LossPoint], None],
        snapshots: Snapshots | None,
    ) -> str:
        """Make the steps; returns what ended them: "steps", "time" or "stop"."""
        options = self._options
        batches = endless_batches([len(sequences) for sequences in self._learned], options.batch, options.seed)
        self._started = time.perf_counter()
        if should_stop():
            raise Cancelled("Training was stopped before the first step, so there is nothing to keep.")
        self.held_out_before = self._held_out_loss()
        self._held_out_seconds = self._elapsed()
        while len(self.curve) < options.max_steps:
            if self.curve and should_stop():
                return self._finish("stop", on_point)
            planned = self._planned_steps()
            if len(self.curve) >= planned:
                return self._finish("time", on_point)
            begun = time.perf_counter()
            loss = self._step([self._learned[position] for position in next(batches)], planned)
            self._durations.append(time.perf_counter() - begun)
            step = len(self.curve) + 1
            last = step == options.max_steps
            held_out = self._held_out_loss() if last or step % options.held_out_every == 0 else None
            self.curve.append(LossPoint(step, round(self._elapsed(), 3), loss, held_out, self.tokens))
            self._refuse_divergence()
            on_point(self.curve[-1])
            report(f"training: step {step} of {planned}, loss {loss:.2f}", step / planned)
            if snapshots is not None and step % snapshots.every == 0:
                begun = time.perf_counter()
                snapshots.take(step, self.tensors(), self.peft_config())
                self._held_out_seconds += time.perf_counter() - begun
        return "time" if self._hurried else "steps"

    def _finish(self, ended_by: str, on_point: Callable[[LossPoint], None]) -> str:
        """An early end: the last point gets its held-out loss as well."""
        if self.curve[-1].held_out_loss is None and self._held:
            self.curve[-1] = replace(self.curve[-1], held_out_loss=self._held_out_loss())
            on_point(self.curve[-1])
        return ended_by

    def _elapsed(self) -> float:
        return time.perf_counter() - self._started

    def _planned_steps(self) -> int:
        """How many steps the run will have: all of them, or as many as the time is going to allow.

        The learning rate falls towards that end, so a run that ever had to hurry cannot be repeated to the byte. The
        first steps are slow while torch warms up: they are no reason to hurry yet.
        """
        done, limit = len(self.curve), self._options.seconds
        if not done or (done < _WARMING_STEPS and self._elapsed() < limit / 4):
            return self._options.max_steps
        settled = self._durations[1:] or self._durations
        left = limit - self._elapsed() - self._held_out_seconds
        planned = min(self._options.max_steps, done + max(0, int(left * len(settled) / sum(settled))))
        self._hurried = self._hurried or planned < self._options.max_steps
        return planned

    def _step(self, batch: Sequence[Sequences], planned: int) -> float:
        """Learn from one batch; returns its loss before the step, in nats a learned token."""
        import torch

        for group in self._optimizer.param_groups:
            group["lr"] = self._options.learning_rate * self._schedule(planned)
        total, count = self._loss(batch)
        loss = total / count
        value = loss.item()
        if not math.isfinite(value):
            raise self._diverged(value)
        loss.backward()  # type: ignore[no-untyped-call]
        for parameter, master in zip(self._parameters, self._masters, strict=True):
            assert parameter.grad is not None
            master.grad = parameter.grad.float()
            parameter.grad = None
        torch.nn.utils.clip_grad_norm_(self._masters, _LONGEST_GRADIENT)
        self._optimizer.step()
        with torch.no_grad():
            for parameter, master in zip(self._parameters, self._masters, strict=True):
                parameter.copy_(master)
        self.tokens += sum(len(sequences) for sequences in batch)
        return value

    def _schedule(self, planned: int) -> float:
        """The share of the learning rate for the coming step: up for a few steps, then down in a straight line."""
        done = len(self.curve)
        warm = min(1.0, (done + 1) / (self._options.warm_up_steps + 1))
        return warm * (1.0 - done / planned)

    def _loss(self, batch: Sequence[Sequences]) -> tuple[torch.Tensor, int]:
        """The summed loss over the replies' tokens, and how many they are.

        Padding stands on the right, where no token of an example looks (attention is causal): it needs no mask. The
        output head is only asked where there is something to learn: its 49,152 columns are a fifth of the work.
        """
        import torch

        longest = max(len(sequences) for sequences in batch)
        ids = torch.zeros(len(batch), longest, dtype=torch.long)  # (examples, tokens)
        learned = torch.zeros(len(batch), longest, dtype=torch.bool)
        for row, sequences in enumerate(batch):
            ids[row, : len(sequences)] = torch.tensor(sequences.prompt + sequences.reply)
            learned[row, len(sequences.prompt) : len(sequences)] = True
        causal = self._model.get_base_model()
        hidden = causal.model(input_ids=ids, use_cache=False).last_hidden_state  # (examples, tokens, 576)
        before = hidden[:, :-1][learned[:, 1:]]  # (learned tokens, 576): each predicts the token after it
        logits = causal.lm_head(before).float()  # (learned tokens, 49152)
        targets = ids[:, 1:][learned[:, 1:]]
        return torch.nn.functional.cross_entropy(logits, targets, reduction="sum"), len(targets)

    def _held_out_loss(self) -> float | None:
        """The mean loss over the held-out examples, in nats a token; None where there are none."""
        import torch

        if not self._held:
            return None
        total, count = 0.0, 0
        with torch.no_grad():
            for start in range(0, len(self._held), self._options.batch):
                loss, tokens = self._loss(self._held[start : start + self._options.batch])
                total, count = total + loss.item(), count + tokens
        return round(total / count, 4)

    def _refuse_divergence(self) -> None:
        losses = [point.train_loss for point in self.curve]
        recent = losses[-_JUDGED_STEPS:]
        held_out = self.curve[-1].held_out_loss
        grew = len(losses) > _JUDGED_STEPS and sum(recent) / len(recent) > _DIVERGED * max(losses[0], _USUAL_LOSS)
        if grew or (held_out is not None and not held_out <= _DIVERGED * (self.held_out_before or math.inf)):
            raise self._diverged(losses[-1] if grew or held_out is None else held_out)

    def _diverged(self, loss: float) -> LabError:
        first = f" from {self.curve[0].train_loss:.1f}" if self.curve else ""
        grown = f"the loss went{first} to {loss:.3g}" if math.isfinite(loss) else "the loss is no longer a number"
        return LabError(
            f"Training went wrong at step {max(1, len(self.curve))}: {grown}. The learning rate "
            f"{self._options.learning_rate:g} is too high; try {min(self._options.learning_rate / 10, 0.006):g}. "
            "Nothing was saved."
        )

    def tensors(self) -> dict[str, torch.Tensor]:
        """The adapter as PEFT names it, in float16; refuses values that float16 cannot hold."""
        import torch
        from peft import get_peft_model_state_dict

        rounded = [parameter.data for parameter in self._parameters]
        for parameter, master in zip(self._parameters, self._masters, strict=True):
            parameter.data = master  # the state dict then carries what was learned, not its rounded copy
        state = get_peft_model_state_dict(self._model, save_embedding_layers=False)
        try:
            for tensor in state.values():
                if not bool(torch.isfinite(tensor).all()) or tensor.abs().max() > _LARGEST_FLOAT16:
                    raise self._diverged(math.nan)
            return {name: tensor.to(torch.float16, copy=True).contiguous() for name, tensor in state.items()}
        finally:
            for parameter, data in zip(self._parameters, rounded, strict=True):
                parameter.data = data

    def peft_config(self) -> dict[str, Any]:
        """adapter_config.json: PEFT's own, without the path of this machine and with its sets in a fixed order."""
        config = self._model.peft_config["default"].to_dict()
        config = {key: sorted(value) if isinstance(value, set) else value for key, value in config.items()}
        return {**config, "base_model_name_or_path": BASE_MODEL, "inference_mode": True}


def _has_bfloat16() -> bool:
    """Whether the processor multiplies bfloat16 itself; emulated, it would be slower than float32."""
    import torch

    capabilities = torch.cpu.get_capabilities()
    return bool(capabilities.get("avx512_bf16") or capabilities.get("amx_bf16"))


def _load_with_adapter(options: TrainOptions, base_folder: Path, dtype: torch.dtype) -> Any:
    from peft import LoraConfig, TaskType, get_peft_model
    from transformers import LlamaForCausalLM
    from transformers.utils import logging

    logging.disable_progress_bar()
    base = LlamaForCausalLM.from_pretrained(base_folder, dtype=dtype, local_files_only=True)
    config = LoraConfig(
        r=options.rank,
        lora_alpha=options.alpha,
        lora_dropout=0.0,
        target_modules=list(options.modules),
        layers_to_transform=list(range(options.first_layer, LAYERS)) if options.first_layer else None,
        bias="none",
        task_type=TaskType.CAUSAL_LM,
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", FutureWarning)  # PEFT asks transformers by a name that was renamed there
        return get_peft_model(base, config, autocast_adapter_dtype=False)
