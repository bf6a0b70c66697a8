"""The body of a lesson: prose, and fenced blocks with YAML inside, each checked against what it names."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import MISSING, dataclass
from dataclasses import fields as fields_of
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from lab.errors import BadInput
from lab.experiments.experiment import Experiment
from lab.lessons.model import (
    FENCE,
    Block,
    Check,
    ExperimentBlock,
    Figure,
    Predict,
    Preset,
    Prose,
    Table,
    Try,
    Values,
    Verdicts,
)
from lab.lessons.svg import read_svg
from lab.quiz.bank import read_options
from lab.quiz.schema import BrokenContent, Fields, read_fields
from lab.settings import PROJECT_FOLDER

_SHOWS_YAML = ("", "text", "txt", "yaml", "yml", "markdown", "md")  # fences that may show “id:” without being a block
_PARAMETER = re.compile(r"[a-z][a-z0-9_-]*")
_FILE = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.svg")
_NOT_A_PAGE = ("__init__", "navigation")


@dataclass(frozen=True)
class Known:
    """What a block may name."""

    misconceptions: Collection[str]
    figures: Path  # the folder with the pictures


def read_blocks(lines: list[str], at: int, file: str, known: Known) -> tuple[Block, ...]:
    """The lines from index `at` on as blocks; index 0 is line 1 of the file. Raises BrokenContent."""
    blocks: list[Block] = []
    prose: list[str] = []
    first_lines: dict[str, int] = {}

    def end_prose() -> None:
        if markdown := "\n".join(prose).strip("\n"):
            blocks.append(Prose(markdown))
        prose.clear()

    while at < len(lines):
        fence = FENCE.fullmatch(lines[at])
        if fence is None:
            prose.append(lines[at])
            at += 1
            continue
        end = _fence_end(lines, at, fence["marks"], file)
        kind = _block_kind(fence, lines[at + 1 : end], file, at + 1)
        if kind is None:
            prose += lines[at : end + 1]
        else:
            end_prose()
            fields = read_fields("\n".join(lines[at + 1 : end]), file, at + 2, kind)
            block_id = fields.kebab("id")
            fields.inside = f"{kind} {block_id}"
            blocks.append(KINDS[kind](block_id, fields, known))
            fields.done()
            if block_id in first_lines:
                raise fields.wrong("id", f"“{block_id}” was used on line {first_lines[block_id]} already")
            first_lines[block_id] = at + 1
        at = end + 1
    end_prose()
    if not blocks:
        raise BrokenContent(file, len(lines), "the lesson has no text after its front matter.")
    return tuple(blocks)


def _fence_end(lines: list[str], start: int, marks: str, file: str) -> int:
    """The index of the line that closes the fence opened at index `start`: the same mark, at least as often.

    A block that would be swallowed on the way is an error; to show one as code, open the fence with one mark more.
    """
    for at in range(start + 1, len(lines)):
        line = lines[at].strip()
        if len(line) >= len(marks) and set(line) == {marks[0]}:
            return at
        if line.startswith(marks) and line.lstrip(marks[0]).strip() in KINDS:
            raise BrokenContent(file, start + 1, f"this fence is not closed before the block on line {at + 1}.")
    raise BrokenContent(file, start + 1, f"this fence is never closed; end it with a line of {marks}.")


def _block_kind(fence: re.Match[str], body: list[str], file: str, line: int) -> str | None:
    """Which block a fence is, None for ordinary code; a fence that was clearly meant as a block is an error."""
    info = fence["info"]
    if info in KINDS:
        if fence["indent"]:
            raise BrokenContent(file, line, f"a block of kind “{info}” must begin at the left edge, without spaces.")
        return info
    word = info.split()[0] if info else ""
    meant = get_close_matches(word.casefold(), KINDS, n=1, cutoff=0.75)
    first = next((text for text in body if text.strip()), "")
    if meant or (word not in _SHOWS_YAML and first.startswith("id:")):
        hint = f"did you mean “{meant[0]}”?" if meant else f"known are {', '.join(KINDS)}."
        raise BrokenContent(file, line, f"“{info}” is not a kind of block; {hint}")
    return None


def _read_predict(block_id: str, fields: Fields, known: Known) -> Predict:
    guesses: list[str] = []
    question = fields.text("question")
    for entry in fields.entries("options", "option", at_least=2):
        text = entry.text("text")
        entry.done()
        if text in guesses:
            raise entry.wrong("text", f"“{text}” is an option already")
        guesses.append(text)
    return Predict(block_id, question, tuple(guesses), fields.text("reveal"))


def _read_check(block_id: str, fields: Fields, known: Known) -> Check:
    return Check(block_id, fields.text("question"), read_options(fields, known.misconceptions))


def _read_experiment(block_id: str, fields: Fields, known: Known) -> ExperimentBlock:
    from lab.experiments import EXPERIMENTS

    experiment = next((item for item in EXPERIMENTS if item.id == block_id), None)
    if experiment is None:
        there_are = ", ".join(item.id for item in EXPERIMENTS)
        raise fields.wrong("id", f"“{block_id}” is not an experiment. There are: {there_are}")
    caption = fields.text("caption")
    presets = []
    for entry in fields.entries("presets", "preset") if fields.has("presets") else ():
        label, inputs = entry.text("label"), _read_inputs(experiment, entry.group("set"))
        presets.append(Preset(label, inputs, entry.text("watch")))
        entry.done()
    return ExperimentBlock(block_id, _read_inputs(experiment, fields), caption, tuple(presets))


def _read_inputs(experiment: Experiment, fields: Fields) -> Values:
    """Every field not read so far as an input of the experiment, of the type and in the range that it has there."""
    inputs = {item.name: item for item in fields_of(experiment.inputs)}
    values = fields.inputs()
    for name, value in values.items():
        if name not in inputs:
            raise fields.wrong(name, f"is not an input of {experiment.id}; it has {', '.join(inputs)}")
        item = inputs[name]
        usual = item.default if item.default is not MISSING else getattr(experiment.inputs(), name)
        if isinstance(usual, float) and isinstance(value, int) and not isinstance(value, bool):
            values[name] = value = float(value)
        if not _is_like(value, usual):
            raise fields.wrong(name, f"must be like {usual!r}, not {value!r}")
        options, span = item.metadata.get("options"), item.metadata.get("range")
        if options and value not in options:
            raise fields.wrong(name, f"is {value!r}; known are {', '.join(map(str, options))}")
        if span and not span[0] <= value <= span[1]:
            raise fields.wrong(name, f"is {value!r}, but must be from {span[0]} to {span[1]}")
    return Values(values)


def _is_like(value: Any, usual: Any) -> bool:
    if isinstance(usual, tuple):
        return isinstance(value, tuple) and all(_is_like(item, usual[0]) for item in value if usual)
    return type(value) is type(usual)


def _read_figure(block_id: str, fields: Fields, known: Known) -> Figure:
    name = fields.text("svg")
    if not _FILE.fullmatch(name):
        raise fields.wrong("svg", f"must be the name of a file such as 03-shelf.svg, not “{name}”")
    try:
        svg = read_svg(known.figures / name)
    except BadInput as error:
        raise fields.wrong("svg", f"names figures/{name}, which {error}") from None
    return Figure(block_id, name, svg, fields.text("alt"), fields.text("caption"))


def _read_table(block_id: str, fields: Fields, known: Known) -> Table:
    head = fields.row("head")
    if len(set(head)) < len(head):
        raise fields.wrong("head", "has the same cell twice")
    return Table(block_id, fields.text("caption"), head, fields.rows("rows", len(head)))


def _read_try(block_id: str, fields: Fields, known: Known) -> Try:
    page = fields.text("page")
    pages = sorted(path.stem for path in (PROJECT_FOLDER / "pages").glob("*.py") if path.stem not in _NOT_A_PAGE)
    if page not in pages:
        raise fields.wrong("page", f"is “{page}”; the pages are {', '.join(pages)}")
    parameters: Mapping[str, str] = {}
    if fields.has("set"):
        group = fields.group("set")
        for name in group.names():
            if not _PARAMETER.fullmatch(name):
                raise group.wrong(name, "cannot be a parameter of an address: small letters, digits, _ and - only")
        parameters = {name: group.as_written(name) for name in group.names()}
    return Try(block_id, fields.text("text"), page, fields.text("label"), tuple(parameters.items()))


def _read_verdicts(block_id: str, fields: Fields, known: Known) -> Verdicts:
    from lab.claims.ledger import load_ledger

    claims, there_are = fields.texts("claims"), {claim.id for claim in load_ledger()}
    if unknown := [claim for claim in claims if claim not in there_are]:
        raise fields.wrong("claims", f"names “{unknown[0]}”, which is not a claim of the ledger")
    return Verdicts(block_id, fields.text("text"), claims)


KINDS: dict[str, Callable[[str, Fields, Known], Block]] = {  # the info strings that make a fence a block
    "predict": _read_predict,
    "experiment": _read_experiment,
    "check": _read_check,
    "figure": _read_figure,
    "table": _read_table,
    "try": _read_try,
    "verdicts": _read_verdicts,
}
