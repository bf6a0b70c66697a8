"""`python -m lab.rag.grader`: generate the training data, train the grader, measure it on development questions."""

from __future__ import annotations

import argparse
import dataclasses
import hashlib
import json
import sys
from pathlib import Path

from lab.errors import LabError
from lab.rag.grader.data import (
    TRAINING_OPENINGS,
    VALIDATION_DOMAINS,
    VALIDATION_OPENINGS,
    Group,
    make_groups,
    read_domains,
)
from lab.rag.grader.grader import RECORD_NAME, SHIPPED, WEIGHTS_NAME, Grader, read_weights


def _read(path: Path) -> list[Group]:
    with path.open(encoding="utf-8") as file:
        records = [json.loads(line) for line in file]
    return [
        Group(
            record["domain"],
            record["question"],
            tuple(record["passages"]),
            tuple(record["labels"]),
            record["nature"],
            tuple(record["cosines"]),
        )
        for record in records
    ]


def _generate(options: argparse.Namespace) -> None:
    from lab.models.embedder import get_embedder

    domains = read_domains()
    embed = get_embedder().embed_documents
    options.data.mkdir(parents=True, exist_ok=True)
    for name, validation in (("train", False), ("validation", True)):
        chosen = [domain for domain in domains if (domain.name in VALIDATION_DOMAINS) == validation]
        openings = VALIDATION_OPENINGS if validation else TRAINING_OPENINGS
        collections = min(options.collections, 3) if validation else options.collections
        groups = make_groups(
            chosen, embed, seed=options.seed, collections=collections, openings=openings, swaps=options.swaps
        )
        count = 0
        with (options.data / f"{name}.jsonl").open("w", encoding="utf-8") as file:
            for group in groups:
                file.write(json.dumps(dataclasses.asdict(group), ensure_ascii=False) + "\n")
                count += 1
        print(f"{name}: {count} questions from {len(chosen)} domains")


def _train(options: argparse.Namespace) -> None:
    from safetensors.numpy import save

    from lab.rag.grader.train import TrainingOptions, train

    start = read_weights(options.start)[0] if options.start else None
    groups, validation = _read(options.data / "train.jsonl"), _read(options.data / "validation.jsonl")
    chosen = TrainingOptions(
        seed=options.seed,
        epochs=options.epochs,
        seconds=options.seconds,
        learning_rate=options.rate,
        head_rate=options.rate,
        cosine_end=options.cosine_end,
    )
    tensors, story = train(groups, validation, chosen, lambda line: print(line, flush=True), start)
    content = save(tensors)
    story |= {
        "sha256": hashlib.sha256(content).hexdigest(),
        "bytes": len(content),
        "data_sha256": hashlib.sha256((options.data / "train.jsonl").read_bytes()).hexdigest(),
        "domains": len({group.domain for group in groups}),
    }
    options.out.mkdir(parents=True, exist_ok=True)
    (options.out / WEIGHTS_NAME).write_bytes(content)
    (options.out / RECORD_NAME).write_text(json.dumps(story, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(story["validation"]))


def _measure(options: argparse.Namespace) -> None:
    from lab.rag.collections import list_collections
    from lab.rag.grader.measure import measure

    figures = measure(options.collection or list_collections(), Grader(options.weights))
    text = json.dumps(figures, indent=1)
    if options.out:
        options.out.write_text(text + "\n", encoding="utf-8")
    print(text)


def main(arguments: list[str] | None = None) -> int:
    """The command line; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m lab.rag.grader", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    generate = commands.add_parser("generate", help="write train.jsonl and validation.jsonl")
    generate.add_argument("--collections", type=int, default=8, help="invented collections of each domain")
    generate.add_argument("--swaps", action="store_true", help="add passages told of another thing")
    train = commands.add_parser("train", help="train on what generate wrote")
    train.add_argument("--epochs", type=int, default=2)
    train.add_argument("--seconds", type=float, default=1200)
    train.add_argument("--rate", type=float, default=4e-4, help="the learning rate at its highest")
    train.add_argument("--cosine-end", type=float, help="the weight of the cosine in the result, 10 when not given")
    train.add_argument("--start", type=Path, help="a folder of weights to go on from")
    train.add_argument("--out", type=Path, default=SHIPPED)
    measure = commands.add_parser("measure", help="figures on the development questions")
    measure.add_argument("--collection", action="append", help="all shipped ones when not given; may be repeated")
    measure.add_argument("--weights", type=Path, default=SHIPPED)
    measure.add_argument("--out", type=Path, help="also write the figures to this JSON file")
    for command in (generate, train):
        command.add_argument("--data", type=Path, default=Path("out/grader"))
        command.add_argument("--seed", type=int, default=0)
    options = parser.parse_args(arguments)
    try:
        {"generate": _generate, "train": _train, "measure": _measure}[options.command](options)
    except LabError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
