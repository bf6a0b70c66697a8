"""A behaviour of one's own: pairs of input and output, checked with plain advice, then written down as a style.

Its rules are read off the outputs (their length, their form, their labels), so that what was learned can be counted as it is
for the behaviours that come with the app.
"""

from __future__ import annotations

import csv
import io
import json
import math
import random
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lab.errors import BadInput, LabError
from lab.models.weights import Report, no_report
from lab.tuning.checks.base import normalise
from lab.tuning.checks.json_object import NotOneObject, read_json_object
from lab.tuning.styles import MAX_EXAMPLE_CHARACTERS, MAX_EXAMPLES_BYTES, STYLE_FILE, Style, load_style

if TYPE_CHECKING:
    from lab.settings import Settings
    from lab.tuning.options import TrainOptions
    from lab.tuning.run import TrainingRun

FEWEST_PAIRS = 10
MOST_PAIRS = 5_000
MOST_LABELS = 12
HELD_BACK = 0.15  # of the pairs are never learned from: they show what was learned
DEFAULT_SYSTEM = "Answer as you have learned."
INPUT_COLUMNS = ("input", "prompt", "question", "message", "text")
OUTPUT_COLUMNS = ("output", "reply", "answer", "completion", "response", "label")
_ALIKE = (0.8, 0.9, 1.0)  # share of words in common from which on inputs count as nearly equal; stricter where all do
_LARGEST_GROUP = 0.5  # of the pairs; with a larger one nothing would be left to divide
_COMPARED = 50  # inputs with the same rare word that one is compared with: the last ones, for files stand in groups
_MOST_NAMED_ROWS = 5
_MOST_NAMED_KEYS = 8
MOST_SYSTEM_CHARACTERS = 2_000
_FEW_SHOT = 3
_SHORTEST_LABELS_PER_PAIR = 3  # each label stands for at least so many pairs on average
_LONGEST_LABEL = 60
_JSON_TYPES = {str: "string", bool: "boolean", int: "number", float: "number", list: "array", dict: "object"}


@dataclass(frozen=True)
class Pair:
    """One example: what comes in and what should come out. `row` is its line in the file or table, from 1."""

    input: str
    output: str
    row: int


@dataclass(frozen=True)
class Problem:
    """Something about the pairs, in one or two sentences with what to do; a blocking one must be mended first."""

    text: str
    rows: tuple[int, ...]
    blocking: bool


@dataclass(frozen=True)
class PairsReport:
    """What the check found. `pairs` are those that will be used; `advice` is about how good a set of examples is."""

    pairs: tuple[Pair, ...]
    problems: tuple[Problem, ...]
    advice: tuple[str, ...]

    @property
    def usable(self) -> bool:
        return not any(problem.blocking for problem in self.problems)

    def require_usable(self) -> PairsReport:
        """Itself, or BadInput with every problem that must be mended first."""
        blocking = [problem.text for problem in self.problems if problem.blocking]
        if blocking:
            raise BadInput(" ".join(blocking))
        return self


def read_pairs(name: str, data: bytes) -> tuple[Pair, ...]:
    """The pairs of a CSV file or of JSON lines with "input" and "output"; raises BadInput naming the line.

    CSV: the columns called input and output (or question and answer, message and reply …), else the first two. Cells
    may be empty: `check_pairs` says so.
    """
    if len(data) > MAX_EXAMPLES_BYTES:
        raise BadInput(f"{name} has {len(data) / 1e6:.0f} MB; at most {MAX_EXAMPLES_BYTES / 1e6:.0f} MB are read.")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(f"{name}: the text is not UTF-8. In a spreadsheet, save it as “CSV UTF-8”.") from None
    if "\x00" in text:
        raise BadInput(f"{name} is no text file. Save the table as CSV (UTF-8), or write JSON lines.")
    if not text.strip():
        raise BadInput(f"{name} is empty. It needs two columns, input and output, and at least {FEWEST_PAIRS} rows.")
    is_json = name.lower().endswith((".jsonl", ".ndjson", ".json")) or text.lstrip().startswith("{")
    pairs = tuple(_read_json_lines(name, text) if is_json else _read_csv(name, text))
    if len(pairs) > MOST_PAIRS:
        raise BadInput(f"{name} has {len(pairs):,} rows; at most {MOST_PAIRS:,} are read. Keep the best ones.")
    return pairs


def typed_pairs(rows: Iterable[Mapping[str, Any]]) -> tuple[Pair, ...]:
    """The pairs of a table on a page; rows with nothing in them are passed over."""
    pairs = (Pair(_cell(row.get("input")), _cell(row.get("output")), at) for at, row in enumerate(rows, start=1))
    return tuple(pair for pair in pairs if pair.input or pair.output)


def check_pairs(pairs: Sequence[Pair]) -> PairsReport:
    """Look for what would spoil a training. Repeated and half-empty rows are left out of the report's pairs, and named."""
    problems: list[Problem] = []

    def tell(text: str, found: Iterable[Pair] = (), *, blocking: bool = False) -> None:
        rows = tuple(sorted({pair.row for pair in found}))
        problems.append(Problem(f"{_named(rows)}: {text}" if rows else text, rows, blocking))

    if empty := [pair for pair in pairs if not (pair.input and pair.output)]:
        tell("the input or the output is empty. They are left out; fill them in or delete them.", empty)
    if long := [pair for pair in pairs if max(len(pair.input), len(pair.output)) > MAX_EXAMPLE_CHARACTERS]:
        largest = max(max(len(pair.input), len(pair.output)) for pair in long)
        tell(
            f"a text has {largest:,} characters, and the model learns from at most {MAX_EXAMPLE_CHARACTERS:,}. Shorten "
            "it, or split it into several examples.",
            long,
            blocking=True,
        )
    if broken := [pair for pair in pairs if not _is_unicode(pair.input + pair.output)]:
        tell("there are characters that are not valid Unicode. Type or copy the text again.", broken, blocking=True)
    whole = [pair for pair in pairs if pair.input and pair.output]
    used, repeated = _without_repeats(whole)
    if repeated:
        tell(
            "the same input with the same output stands further up already. They are left out: a repeated example "
            "teaches nothing new and makes the model lean towards it.",
            repeated,
        )
    if clashing := _contradictions(used):
        tell(
            "the same input has different outputs. A model cannot learn both, and becomes unsure everywhere. Keep the "
            "better one of each.",
            clashing,
        )
    if echoes := [pair for pair in used if normalise(pair.input) == normalise(pair.output)]:
        most = len(echoes) * 2 > len(used)
        tell("the output is the input again, so there is nothing to learn from it.", echoes, blocking=most)
    outputs = {normalise(pair.output) for pair in used}
    if len(used) > 1 and len(outputs) == 1:
        tell(
            "All outputs are equal, so the model would learn to say that one thing whatever it is asked. Add examples "
            "whose outputs differ.",
            blocking=True,
        )
    if len({normalise(pair.input) for pair in used}) == 1 < len(used):
        tell("All inputs are equal, so the model would never look at them. Add different inputs.", blocking=True)
    if len(used) < FEWEST_PAIRS:
        tell(
            f"There {'is' if len(used) == 1 else 'are'} {len(used)} usable example{'' if len(used) == 1 else 's'}, and "
            f"at least {FEWEST_PAIRS} are needed. Ten let you see that something changes; hundreds make it hold.",
            blocking=True,
        )
    return PairsReport(tuple(used), tuple(problems), _advice(used, bool(clashing)))


def pairs_to_style(pairs: Sequence[Pair], title: str, system: str, folder: Path, *, seed: int = 0) -> Style:
    """Write the folder of a style (style.yaml, train.jsonl, test.jsonl) and load it. The folder must be new or empty.

    About 15 % of the pairs are held back as test.jsonl; inputs that are nearly equal stay on the same side, so that
    the test asks for something new. The rules are read off the outputs. Raises BadInput for pairs or texts that cannot
    be used, LabError when the disk refuses.
    """
    import yaml

    used = check_pairs(pairs).require_usable().pairs
    if len(system) > MOST_SYSTEM_CHARACTERS or not _is_unicode(system + title):
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
    file: Path, options: TrainOptions, out_folder: Path, settings: Settings, report: Report = no_report
) -> TrainingRun:
    """Train on a CSV or JSONL file of pairs (`options.style` is replaced). For the terminal: `lab train --pairs FILE`.

    The style that was made of the pairs, with the held-back test.jsonl, is left in `out_folder`/style, so that adherence
    can be measured on it. Raises BadInput and LabError as `read_pairs`, `check_pairs` and `train_adapter` do.
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
        run = train_adapter(replace(options, style=str(style.file)), out_folder, settings, report)
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


def _without_repeats(pairs: Sequence[Pair]) -> tuple[list[Pair], list[Pair]]:
    seen: set[tuple[str, str]] = set()
    used: list[Pair] = []
    repeated: list[Pair] = []
    for pair in pairs:
        key = (normalise(pair.input).casefold(), normalise(pair.output).casefold())
        (repeated if key in seen else used).append(pair)
        seen.add(key)
    return used, repeated


def _contradictions(pairs: Sequence[Pair]) -> list[Pair]:
    by_input: dict[str, list[Pair]] = {}
    for pair in pairs:
        by_input.setdefault(normalise(pair.input).casefold(), []).append(pair)
    return [pair for group in by_input.values() if len(group) > 1 for pair in group]


def _advice(pairs: Sequence[Pair], clashing: bool) -> tuple[str, ...]:
    advice = []
    if len(pairs) < 100:
        advice.append(
            f"**Hundreds rather than tens.** {len(pairs)} examples show the idea; several hundred good ones make a "
            "behaviour hold on messages that nobody thought of."
        )
    openings = Counter(" ".join(normalise(pair.input).casefold().split()[:2]) for pair in pairs)
    if pairs and (most := openings.most_common(1)[0])[1] * 2 > len(pairs) >= FEWEST_PAIRS:
        advice.append(
            f"**Variety.** {most[1]} of {len(pairs)} inputs begin with “{most[0]}”. Write them as different people would: "
            "short, long, polite, in a hurry."
        )
    advice.append(
        "**Quality over quantity.** Each output is imitated, with its mistakes. Read every one as if it went to a customer."
    )
    advice.append(
        "**Consistency.** Like inputs need outputs of the same form and voice"
        + (": decide the contradictions above first." if clashing else ".")
    )
    advice.append(
        "**Behaviour, not facts.** Examples teach how to answer. What changes or has to be right in detail is better "
        "looked up."
    )
    return tuple(advice)


def _is_unicode(text: str) -> bool:
    """Whether it can be written to a file: JSON may name half a character (\\ud800), which UTF-8 cannot."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def _named(rows: Sequence[int]) -> str:
    """Rows 3, 4, 9 and 12 more."""
    shown = ", ".join(str(row) for row in rows[:_MOST_NAMED_ROWS])
    more = f" and {len(rows) - _MOST_NAMED_ROWS} more" if len(rows) > _MOST_NAMED_ROWS else ""
    return f"{'Row' if len(rows) == 1 else 'Rows'} {shown}{more}"


def _cell(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _read_json_lines(name: str, text: str) -> Iterable[Pair]:
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            data = json.loads(line)
        except (ValueError, RecursionError):
            raise BadInput(f"{name}, line {number}: this is not one whole JSON object on one line.") from None
        if not isinstance(data, dict) or not all(isinstance(data.get(key), str) for key in ("input", "output")):
            raise BadInput(f'{name}, line {number}: this must be a JSON object with the texts "input" and "output".')
        yield Pair(data["input"].strip(), data["output"].strip(), number)


def _read_csv(name: str, text: str) -> Iterable[Pair]:
    first = text.lstrip("\n").split("\n", 1)[0]
    mark = max(",;\t", key=first.count)  # spreadsheets of half the world divide by semicolons
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=mark if first.count(mark) else ",")
    columns: tuple[int, int] | None = None
    try:
        for number, cells in enumerate(rows, start=1):
            if not any(cell.strip() for cell in cells):
                continue
            if columns is None:
                columns = _find_columns(name, cells)
                if _is_heading(cells, columns):
                    continue
            values = [cells[at].strip() if at < len(cells) else "" for at in columns]
            yield Pair(values[0], values[1], number)
    except csv.Error as error:
        if "field larger" in str(error):
            raise BadInput(
                f"{name}, line {rows.line_num}: a cell has more than {csv.field_size_limit():,} characters, and the model "
                f"learns from at most {MAX_EXAMPLE_CHARACTERS:,}. Shorten it, or look for a quotation mark that is never "
                "closed."
            ) from None
        raise BadInput(f"{name}, line {rows.line_num}: this is not CSV ({error}).") from None


def _find_columns(name: str, cells: Sequence[str]) -> tuple[int, int]:
    names = [cell.strip().casefold() for cell in cells]
    if len(names) < 2:
        raise BadInput(
            f"{name} has one column. It needs two: what comes in (input) and what should come out (output), divided by "
            "commas, semicolons or tabs."
        )
    found = [next((names.index(word) for word in words if word in names), None) for words in _HEADINGS]
    if found[0] is not None and found[1] is not None:
        return found[0], found[1]
    return 0, 1


_HEADINGS = (INPUT_COLUMNS, OUTPUT_COLUMNS)


def _is_heading(cells: Sequence[str], columns: tuple[int, int]) -> bool:
    return all(
        cells[at].strip().casefold() in words for at, words in zip(columns, _HEADINGS, strict=True) if at < len(cells)
    )


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
