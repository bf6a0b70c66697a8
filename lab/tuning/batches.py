"""From examples to token ids: what the model reads, what it learns, and which examples share a step."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from lab.errors import BadInput
from lab.models.template import render
from lab.tuning.styles import Example, Style, messages_for

MAX_EXAMPLE_TOKENS = 1024
_WINDOW = 8  # batches that are sorted by length together: little padding, and still another order in every epoch


Tokenize = Callable[[str], list[int]]  # text → token ids, adding nothing of its own


@dataclass(frozen=True)
class Sequences:
    """One training example: `prompt` is read (as it will be in serving), `reply` is learned."""

    prompt: tuple[int, ...]
    reply: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.prompt) + len(self.reply)


def encode_example(style: Style, example: Example, tokenize: Tokenize) -> Sequences:
    """Token ids of one example with its reply and the mark that ends it; raises BadInput where it is too long.

    The prompt is tokenised by itself, exactly as serving does it.
    """
    turns = messages_for(style, example.inputs)
    prompt = render(turns)
    whole = render([*turns, ("assistant", example.reply)], opening=None)
    assert whole.startswith(prompt)
    sequences = Sequences(tuple(tokenize(prompt)), tuple(tokenize(whole[len(prompt) :])))
    if len(sequences) > MAX_EXAMPLE_TOKENS:
        raise BadInput(
            f"Example {example.id} has {len(sequences)} tokens; training reads at most {MAX_EXAMPLE_TOKENS}. "
            "Shorten it."
        )
    return sequences


def draw_examples(total: int, wanted: int | None, held_out: int, seed: int) -> tuple[list[int], list[int]]:
    """Which of `total` examples are learned and which are held out, by the seed; fewer wanted are a part of more.

    At most a tenth of the file is held out, so that ten examples still teach something.
    """
    order = list(range(total))
    random.Random(f"examples {seed}").shuffle(order)
    held = min(held_out, total // 10)
    learned = order[held:]
    return learned[:wanted], order[:held]


def endless_batches(lengths: Sequence[int], size: int, seed: int) -> Iterator[list[int]]:
    """Batches of positions, epoch after epoch, each epoch in an order of its own that the seed fixes."""
    shuffler = random.Random(f"batches {seed}")
    while True:
        order = list(range(len(lengths)))
        shuffler.shuffle(order)
        batches = []
        for start in range(0, len(order), size * _WINDOW):
            window = sorted(order[start : start + size * _WINDOW], key=lambda position: lengths[position])
            batches += [window[at : at + size] for at in range(0, len(window), size)]
        shuffler.shuffle(batches)
        yield from batches
