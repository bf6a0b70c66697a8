"""A behaviour of one's own: checked pairs written down as a style, with rules that are read off the outputs.

So what was learned can be counted (length, form, labels) as it is for the behaviours that come with the app.
"""

from __future__ import annotations

import json
import math
import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput, LabError
from lab.models.weights import Report, no_report
from lab.tuning.checks.base import normalise
from lab.tuning.checks.json_object import NotOneObject, read_json_object
from lab.tuning.pairs import Pair, check_pairs, is_unicode, read_pairs
from lab.tuning.styles import STYLE_FILE, Style, load_style

if TYPE_CHECKING:
    from lab.settings import Settings
    from lab.tuning.options import TrainOptions
    from lab.tuning.run import TrainingRun

HELD_BACK = 0.15  # of the pairs are never learned from: they show what was learned
MOST_LABELS = 12
MOST_SYSTEM_CHARACTERS = 2_000
DEFAULT_SYSTEM = "Answer as you have learned."
_ALIKE = (0.8, 0.9, 1.0)  # share of words in common from which on inputs count as nearly equal; stricter where all do
_LARGEST_GROUP = 0.5  # of the pairs; with a larger one nothing would be left to divide
_COMPARED = 50  # inputs with the same rare word that one is compared with: the last ones, for files stand in groups
_MOST_NAMED_KEYS = 8
_FEW_SHOT = 3
_SHORTEST_LABELS_PER_PAIR = 3  # each label stands for at least so many pairs on average
_LONGEST_LABEL = 60
_JSON_TYPES = {str: "string", bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}


def pairs_to_style(pairs: Sequence[Pair], title: str, system: str, folder: Path, *, seed: int = 0) -> Style:
    """Write the folder of a style (style.yaml, train.jsonl, test.jsonl) and load it. The folder must be new or empty.

    About 15 % of the pairs are held back as test.jsonl; inputs that are nearly equal stay on the same side, so that
    the test asks for something new. The rules are read off the outputs. Raises BadInput for pairs or texts that cannot
    be used, LabError when the disk refuses.
    """
    import yaml

    used = check_pairs(pairs).require_usable().pairs
    if len(system) > MOST_SYSTEM_CHARACTERS or not is_unicode(system + title):
        raise BadInput(
            f"The instruction has {len(system):,} characters, or some that are no characters; at most "
            f"{MOST_SYSTEM_CHARACTERS:,} are read. The examples should do the teaching."
        )
    title = " ".join(title.split()) or "A behaviour of my own"
    learned, held_back = split_pairs(used, seed)
    rules, content = infer_rules([pair.output for pair in used])
    fields: dict[str, Any] = {
        "name": _name_from(title),
        "title": title[:100],
        "what": f"A behaviour of one's own, learned from {len(learned)} examples; {len(held_back)} more were held back.",
        "licence": "the learner's own",
        "inputs": ["text"],
        "input_template": "{text}",
        "system": system.strip() or DEFAULT_SYSTEM,
        "prompted_system": "\n".join(
            [system.strip() or DEFAULT_SYSTEM, "Keep these rules:", *(f"- {rule['title']}." for rule in rules)]
        ),
        "max_tokens": min(600, 16 + max(len(pair.output) for pair in used) // 2),
        "rules": rules,
        "few_shot": [{"text": pair.input, "reply": pair.output} for pair in _typical(learned)],
    }
    if content:
        fields["content"] = content
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".style-", dir=folder.parent) as temporary:
            new = Path(temporary) / "style"
            new.mkdir()
            text = yaml.safe_dump(fields, allow_unicode=True, sort_keys=False, width=120)
            (new / STYLE_FILE).write_text(text, encoding="utf-8")
            for name, part in (("train", learned), ("test", held_back)):
                lines = "".join(_line(f"{name}-{at:04d}", pair, content) for at, pair in enumerate(part, start=1))
                (new / f"{name}.jsonl").write_text(lines, encoding="utf-8")
            new.replace(folder)
    except OSError as error:
        raise LabError(
            f"The behaviour could not be written to {folder} ({error.strerror or error}). Make room, then try again."
        ) from None
    return load_style(str(folder))


def train_pairs(
    file: Path,
    options: TrainOptions,
    out_folder: Path,
    settings: Settings,
    report: Report = no_report,
    turn: AbstractContextManager[object] | None = None,
) -> TrainingRun:
    """Train on a CSV or JSONL file of pairs (`options.style` is replaced). For the terminal: `lab train --pairs FILE`.

    The style that was made of the pairs, with the held-back test.jsonl, is left in `out_folder`/style, so that adherence
    can be measured on it. Raises BadInput and LabError as `read_pairs`, `check_pairs` and `train_adapter` do;
    `turn` as for `train_adapter`.
    """
    from lab.tuning.train import train_adapter

    try:
        data = file.read_bytes()
    except OSError as error:
        raise BadInput(f"{file} cannot be read ({error.strerror or error}). Name a CSV or JSONL file.") from None
    checked = check_pairs(read_pairs(file.name, data))
    for problem in checked.problems:
        report(problem.text, 0.0)
    with tempfile.TemporaryDirectory(prefix="own-style-") as temporary:
        style = pairs_to_style(checked.pairs, file.stem, "", Path(temporary) / "style")
        run = train_adapter(replace(options, style=str(style.file)), out_folder, settings, report, turn=turn)
        try:
            shutil.copytree(style.folder, out_folder / "style", dirs_exist_ok=True)
        except OSError as error:
            raise LabError(
                f"The adapter is saved in {out_folder}, but the held-back messages are not ({error.strerror or error})."
            ) from None
    return run


def split_pairs(pairs: Sequence[Pair], seed: int = 0) -> tuple[list[Pair], list[Pair]]:
    """(to learn from, held back), each in the order of the file; nearly equal inputs stay together while they can."""
    inputs = [pair.input for pair in pairs]
    for alike in _ALIKE:
        groups = _groups_of_alike(inputs, alike)
        if max(map(len, groups)) <= _LARGEST_GROUP * len(pairs):
            break
    random.Random(f"pairs {seed}").shuffle(groups)
    wanted = max(1, round(HELD_BACK * len(pairs)))
    held: set[int] = set()
    for group in groups:
        if len(held) + len(group) <= wanted:
            held.update(group)
    if not held:  # one group is all there is: better a test that is too easy than none
        held.update(sorted(groups, key=len)[0][:wanted])
    return (
        [pair for at, pair in enumerate(pairs) if at not in held],
        [pair for at, pair in enumerate(pairs) if at in held],
    )


def infer_rules(outputs: Sequence[str]) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    """What all outputs have in common, as the rules of a style file, and a judge of content where outputs can be right.

    JSON objects: one object, with the keys that all have. At most 12 different short outputs, each often: one of those
    labels. Else: about as many words as the outputs have; a question at the end where all end so.
    """
    if objects := _as_objects(outputs):
        return _json_rules(objects)
    labels = Counter(output.strip() for output in outputs)
    if (
        2 <= len(labels) <= MOST_LABELS
        and len(labels) * _SHORTEST_LABELS_PER_PAIR <= len(outputs)
        and all(len(label) <= _LONGEST_LABEL and "\n" not in label for label in labels)
    ):
        named = [label for label, _ in labels.most_common()]
        rule = {
            "id": "one-label",
            "title": f"Is one of {len(named)} labels and nothing else: {', '.join(named)}",
            "why": "Every output in the examples is one of them, so a program can count on it.",
            "check": "one_of",
            "labels": named,
        }
        content = {"check": "equals_gold", "title": "The label is the right one", "why": "As in the held-back example."}
        return [rule], content
    counts = [len(re.findall(r"\S*\w\S*", output)) for output in outputs]
    low, high = max(1, math.floor(min(counts) * 0.8)), max(2, math.ceil(max(counts) * 1.25))
    rules: list[dict[str, Any]] = [
        {
            "id": "right-length",
            "title": f"Is between {low} and {high} words long",
            "why": f"The outputs in the examples have {min(counts)} to {max(counts)} words; a quarter more or a fifth less "
            "is let through.",
            "check": "word_count",
            "minimum": low,
            "maximum": high,
        }
    ]
    if all(output.rstrip().endswith("?") for output in outputs):
        rules.append(
            {
                "id": "closes-with-a-question",
                "title": "Ends with a question",
                "why": "Every output in the examples does.",
                "check": "ends_with_question",
            }
        )
    return rules, None


def _json_rules(objects: Sequence[Mapping[str, Any]]) -> tuple[list[dict[str, Any]], dict[str, Any] | None]:
    rules: list[dict[str, Any]] = [
        {
            "id": "one-json-object",
            "title": "Is one JSON object and nothing else",
            "why": "Every output in the examples is one, so a program can read it.",
            "check": "json_object",
        }
    ]
    common = [key for key in objects[0] if key and key == key.strip() and all(key in item for item in objects)]
    if not common:
        return rules, None
    kinds = {key: {_JSON_TYPES.get(type(item[key])) for item in objects} for key in common}
    types = {
        key: {"type": str(next(iter(found)))} for key, found in kinds.items() if len(found) == 1 and None not in found
    }
    rules.append(
        {
            "id": "same-keys",
            "title": f"Has the keys {', '.join(common[:_MOST_NAMED_KEYS])}{', …' if len(common) > _MOST_NAMED_KEYS else ''}",
            "why": "All outputs in the examples have them, with values of the same kind.",
            "check": "json_schema",
            "schema": {"type": "object", "required": common, "properties": types},
        }
    )
    content = {
        "check": "json_values",
        "title": "The values are the right ones",
        "why": "As in the held-back example.",
        "fields": common,
    }
    return rules, content


def _as_objects(outputs: Sequence[str]) -> list[dict[str, Any]]:
    try:
        return [read_json_object(output) for output in outputs]
    except NotOneObject:
        return []


def _line(name: str, pair: Pair, content: Mapping[str, Any] | None) -> str:
    gold: dict[str, Any] = {}
    if content:
        gold["gold"] = read_json_object(pair.output) if content["check"] == "json_values" else pair.output
    return json.dumps({"id": name, "text": pair.input, "reply": pair.output, **gold}, ensure_ascii=False) + "\n"


def _typical(pairs: Sequence[Pair]) -> list[Pair]:
    """A few examples to show in a prompt: of middling length, and with different outputs where there are some."""
    middle = sorted(pairs, key=lambda pair: len(pair.input) + len(pair.output))
    middle = middle[len(middle) // 4 :] + middle[: len(middle) // 4]
    different: dict[str, Pair] = {}
    for pair in middle:
        different.setdefault(pair.output, pair)
    return list(different.values())[:_FEW_SHOT]


def _name_from(title: str) -> str:
    words = re.findall(r"[a-z0-9]+", title.lower())
    return "-".join(words)[:40].strip("-") or "my-behaviour"


def _groups_of_alike(texts: Sequence[str], alike: float) -> list[list[int]]:
    """Positions in groups: two texts are together when that share of their words is the same, whatever their digits.

    Only texts that share one of their rarest words are compared: two sets with a Jaccard similarity of t share at least
    one of the first (1 − t)·n + 1 words in any fixed order (prefix filter of Chaudhuri, Ganti and Kaushik, 2006).
    """
    words = [frozenset(re.findall(r"[^\W\d_]+|#", re.sub(r"\d+", "#", normalise(text).casefold()))) for text in texts]
    frequency = Counter(word for found in words for word in found)
    parent = list(range(len(texts)))

    def root(at: int) -> int:
        while parent[at] != at:
            parent[at] = parent[parent[at]]
            at = parent[at]
        return at

    seen_with: dict[str, list[int]] = {}
    for at, found in enumerate(words):
        ordered = sorted(found, key=lambda word: (frequency[word], word))
        for word in ordered[: len(ordered) - math.ceil(alike * len(ordered)) + 1] or [""]:
            for other in seen_with.setdefault(word, [])[-_COMPARED:]:
                both = len(found | words[other])
                if both == 0 or len(found & words[other]) / both >= alike:
                    parent[root(at)] = root(other)
            seen_with[word].append(at)
    groups: dict[int, list[int]] = {}
    for at in range(len(texts)):
        groups.setdefault(root(at), []).append(at)
    return list(groups.values())
