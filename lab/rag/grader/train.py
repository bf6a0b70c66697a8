"""Training of the grader on generated groups: LoRA on all of MiniLM's layers and a head, on the CPU."""

from __future__ import annotations

import math
import random
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from lab.rag.grader.data import Group
from lab.rag.grader.model import LAYERS, LINEAR, RANK, SCALING, encode_pair, load_encoder, make_tokenizer, pad, pooled

MIDDLING_COSINE = 0.55  # of a question and a passage about it


@dataclass(frozen=True)
class TrainingOptions:
    """How to train; `seconds` ends it early, with the learning rate falling to 0 by then.

    cosine_start: the cosine's weight while training (it stays so at rate 0); cosine_end: its weight in the result.
    """

    seed: int = 0
    epochs: int = 2
    seconds: float = 1200
    groups_a_step: int = 8
    learning_rate: float = 4e-4
    head_rate: float = 4e-4
    max_tokens: int = 96
    cosine_start: float = 10.0
    cosine_rate: float = 0.0
    cosine_end: float | None = None
    dropout: float = 0.1
    threads: int = 2


Report = Callable[[str], None]


def _make_trainable(options: TrainingOptions) -> Any:
    """The encoder with LoRA in every linear layer, the head and the cosine's weight, as one torch module."""
    import torch
    from torch import nn

    class Added(nn.Module):
        def __init__(self, base: nn.Linear) -> None:
            super().__init__()
            self.base = base.to(torch.bfloat16)  # it is never trained, and need not be cast at every step
            self.A = nn.Parameter(torch.randn(RANK, base.in_features) / math.sqrt(base.in_features))
            self.B = nn.Parameter(torch.zeros(base.out_features, RANK))

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            given: torch.Tensor = self.base(x)
            return given + SCALING * (x @ self.A.T) @ self.B.T

    class Network(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.encoder = load_encoder()
            for parameter in self.encoder.parameters():
                parameter.requires_grad_(False)
            for layer in self.encoder.encoder.layer:
                for name in LINEAR:
                    parent, _, last = name.rpartition(".")
                    holder = layer.get_submodule(parent)
                    setattr(holder, last, Added(getattr(holder, last)))
            self.dense = nn.Linear(384, 384)
            self.out = nn.Linear(384, 1)
            nn.init.normal_(self.out.weight, std=0.02)
            nn.init.constant_(self.out.bias, -MIDDLING_COSINE * options.cosine_start)
            self.drop = nn.Dropout(options.dropout)
            self.cosine = nn.Parameter(torch.tensor([options.cosine_start]))

        def forward(self, ids: Any, segments: Any, mask: Any, cosines: Any) -> torch.Tensor:
            states = self.encoder(input_ids=ids, token_type_ids=segments, attention_mask=mask).last_hidden_state
            hidden = torch.tanh(self.dense(self.drop(pooled(states.float(), mask))))
            logits: torch.Tensor = self.out(self.drop(hidden)).squeeze(-1) + self.cosine * cosines
            return logits

        def places(self) -> dict[str, nn.Parameter]:
            found = {}
            for layer in range(LAYERS):
                for name in LINEAR:
                    added = self.encoder.encoder.layer[layer].get_submodule(name)
                    found[f"layer.{layer}.{name}.A"], found[f"layer.{layer}.{name}.B"] = added.A, added.B
            found |= {
                "head.dense.weight": self.dense.weight,
                "head.dense.bias": self.dense.bias,
                "head.out.weight": self.out.weight,
                "head.out.bias": self.out.bias,
                "cosine.weight": self.cosine,
            }
            return found

        def tensors(self) -> dict[str, np.ndarray[Any, Any]]:
            return {name: value.detach().to(torch.float16).numpy() for name, value in self.places().items()}

        def take(self, tensors: Mapping[str, np.ndarray[Any, Any]]) -> None:
            with torch.no_grad():
                for name, value in self.places().items():
                    value.copy_(torch.from_numpy(tensors[name].astype(np.float32)))

    return Network()


def train(
    groups: Sequence[Group],
    validation: Sequence[Group],
    options: TrainingOptions | None = None,
    report: Report = print,
    start: Mapping[str, np.ndarray[Any, Any]] | None = None,
) -> tuple[dict[str, np.ndarray[Any, Any]], dict[str, Any]]:
    """(tensors in half precision, the story of the training); `start` are tensors of an earlier training to go on from.

    The loss of a group is a choice among its passages and “none of them”, whose logit is 0, plus each passage's own
    yes or no: so that the best passage's logit says how likely it is that anything answers.
    """
    import torch
    from torch.nn import functional

    options = options or TrainingOptions()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    tokenizer = make_tokenizer()

    def encode(some: Sequence[Group]) -> list[list[tuple[list[int], int]]]:
        return [[encode_pair(tokenizer, g.question, p, options.max_tokens) for p in g.passages] for g in some]

    encoded = encode(groups)
    network = _make_trainable(options)
    if start:
        network.take(start)
    head = [*network.dense.parameters(), *network.out.parameters()]
    added = [p for name, p in network.encoder.named_parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(
        [
            {"params": added, "lr": options.learning_rate, "weight_decay": 0.01},
            {"params": head, "lr": options.head_rate, "weight_decay": 0.01},
            {"params": [network.cosine], "lr": options.cosine_rate, "weight_decay": 0.0},
        ]
    )
    rates = [part["lr"] for part in optimiser.param_groups]
    began = time.perf_counter()
    order: list[list[int]] = []
    for _ in range(options.epochs):
        places = list(range(len(groups)))
        rng.shuffle(places)
        pieces = [places[at : at + options.groups_a_step] for at in range(0, len(places), options.groups_a_step)]
        order += pieces
    losses: list[float] = []
    history = []
    network.train()
    done = 0.0
    steps = 0
    for step, places in enumerate(order):
        done = max(step / len(order), (time.perf_counter() - began) / options.seconds)
        if done >= 1:
            break
        for part, rate in zip(optimiser.param_groups, rates, strict=True):
            part["lr"] = rate * min(1.0, (step + 1) / 60) * (1 - done)
        pairs = [pair for place in places for pair in encoded[place]]
        cosines = torch.tensor([c for place in places for c in groups[place].cosines])
        labels = torch.tensor([float(y) for place in places for y in groups[place].labels])
        logits = torch.empty(len(pairs))
        # Short pairs and long ones go through apart, each padded to its own longest: that saves a third of the work.
        by_length = sorted(range(len(pairs)), key=lambda i: len(pairs[i][0]))
        cut = 2 * len(pairs) // 3
        for some in (by_length[:cut], by_length[cut:]):
            ids, segments, mask = (torch.from_numpy(array) for array in pad([pairs[i] for i in some]))
            with torch.autocast("cpu", dtype=torch.bfloat16):
                crossed = network(ids, segments, mask, cosines[some]).float()
            logits = logits.index_copy(0, torch.tensor(some), crossed)
        loss = functional.binary_cross_entropy_with_logits(logits, labels)
        at, choice = 0, []
        for place in places:
            size = len(groups[place].labels)
            own = torch.cat([logits[at : at + size], logits.new_zeros(1)])
            right = torch.tensor([*groups[place].labels, int(not any(groups[place].labels))], dtype=torch.bool)
            choice.append(torch.logsumexp(own, 0) - torch.logsumexp(own[right], 0))
            at += size
        loss = loss + torch.stack(choice).mean()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_([*added, *head], 1.0)
        optimiser.step()
        optimiser.zero_grad()
        losses.append(float(loss.detach()))
        steps = step + 1
        if steps % 50 == 0:
            seconds = time.perf_counter() - began
            history.append({"step": steps, "seconds": round(seconds), "loss": round(float(np.mean(losses[-50:])), 4)})
            report(f"step {steps}/{len(order)}, {seconds:.0f} s, loss {history[-1]['loss']:.3f}")
    seconds = time.perf_counter() - began
    network.eval()
    story = {
        "options": asdict(options),
        "groups": len(groups),
        "pairs": sum(len(group.labels) for group in groups),
        "steps": steps,
        "of_steps": len(order),
        "seconds": round(seconds),
        "history": history,
        "validation": validate(network, validation, encode(validation)) if validation else {},
    }
    tensors = network.tensors()
    return (tensors if options.cosine_end is None else set_cosine(tensors, options.cosine_end)), story


def set_cosine(tensors: Mapping[str, np.ndarray[Any, Any]], weight: float) -> dict[str, np.ndarray[Any, Any]]:
    """The same network with another weight on the cosine, and the bias moved so that a middling cosine counts as before.

    Hard negatives were chosen by their cosine, so training sees less in it than there is in real documents.
    """
    changed = dict(tensors)
    shift = (float(tensors["cosine.weight"][0]) - weight) * MIDDLING_COSINE
    changed["cosine.weight"] = np.array([weight], dtype=np.float16)
    changed["head.out.bias"] = (tensors["head.out.bias"].astype(np.float32) + shift).astype(np.float16)
    return changed


def validate(
    network: Any, groups: Sequence[Group], encoded: Sequence[Sequence[tuple[list[int], int]]]
) -> dict[str, float]:
    """Figures on unseen groups: AUROC of the best logit for answerable or not, and the share of first places right."""
    import torch
    from sklearn.metrics import roc_auc_score  # type: ignore[import-untyped,unused-ignore]

    best, first, cosine_best, cosine_first = [], [], [], []
    with torch.inference_mode(), torch.autocast("cpu", dtype=torch.bfloat16):
        for start in range(0, len(groups), 16):
            some = groups[start : start + 16]
            ids, segments, mask = (
                torch.from_numpy(array) for array in pad([p for pairs in encoded[start : start + 16] for p in pairs])
            )
            cosines = torch.tensor([c for group in some for c in group.cosines])
            logits = network(ids, segments, mask, cosines).float().tolist()
            for group in some:
                own, logits = logits[: len(group.labels)], logits[len(group.labels) :]
                best.append(max(own))
                cosine_best.append(max(group.cosines))
                if any(group.labels):
                    first.append(group.labels[int(np.argmax(own))])
                    cosine_first.append(group.labels[int(np.argmax(group.cosines))])
    answerable = [any(group.labels) for group in groups]
    return {
        "groups": len(groups),
        "auroc": round(float(roc_auc_score(answerable, best)), 3),
        "auroc_cosine": round(float(roc_auc_score(answerable, cosine_best)), 3),
        "first_right": round(float(np.mean(first)), 3),
        "first_right_cosine": round(float(np.mean(cosine_first)), 3),
    }
