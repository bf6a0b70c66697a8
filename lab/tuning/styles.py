"""Styles: what a behaviour is, the rules that show whether a reply keeps it, and the turns the model is given."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lab.errors import BadInput
from lab.models.constraint import Constraint, read_constraint
from lab.models.template import Turn
from lab.settings import SAMPLE_DATA
from lab.tuning.checks import CHECKS, CONTENT, Check, Inputs, Judge
from lab.tuning.checks.words import SharesContentWord
from lab.tuning.schema import Fields

SHIPPED = SAMPLE_DATA / "styles"
STYLE_FILE = "style.yaml"
MAX_STYLE_BYTES = 200_000
MAX_EXAMPLES_BYTES = 20_000_000
MAX_EXAMPLE_CHARACTERS = 4_000
PAGE = "Text: {text}\n\n"  # how a page stands before a message; a template that begins so has messages that bring one along
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_INPUT_NAME = re.compile(r"[a-z][a-z0-9_]*")
_PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Rule:
    """One thing a reply must do: a title a person understands, why it matters, and the check that decides."""

    id: str
    title: str
    why: str
    kind: str  # the check's name in lab.tuning.checks.CHECKS
    check: Check  # that check with its parameters as fields


@dataclass(frozen=True)
class Content:
    """Whether a reply fits its message, which rules about its form cannot say."""

    title: str
    why: str
    judge: Judge


@dataclass(frozen=True)
class RuleResult:
    """What one rule says about one reply; `reason` is one line, given when the rule is kept as well."""

    rule: str
    title: str
    passed: bool
    reason: str


@dataclass(frozen=True)
class Example:
    """One line of train, dev or test data; `reply` is empty and `gold` None where none was written down.

    gold: what the style's content judge compares a reply with; any JSON value.
    """

    id: str
    inputs: Inputs
    reply: str = ""
    topic: str = ""
    gold: Any = None


@dataclass(frozen=True)
class Style:
    """A behaviour: how a message is put to the model, with and without its rules in the prompt, and the rules."""

    name: str
    title: str
    what: str
    licence: str
    inputs: tuple[str, ...]
    input_template: str
    system: str
    prompted_system: str
    max_tokens: int
    rules: tuple[Rule, ...]
    content: Content
    constraint: Constraint | None
    few_shot: tuple[Example, ...]
    file: Path

    @property
    def folder(self) -> Path:
        """Where train.jsonl, dev.jsonl and test.jsonl lie."""
        return self.file.parent


def list_styles(folder: Path = SHIPPED) -> tuple[str, ...]:
    """The names of the shipped styles, in alphabetical order."""
    return tuple(sorted(path.parent.name for path in folder.glob(f"*/{STYLE_FILE}")))


def load_style(name_or_file: str) -> Style:
    """A style by its shipped name (`brand-voice`), its style.yaml or the folder around it; raises BadInput."""
    shipped = list_styles()
    if name_or_file in shipped:
        file = SHIPPED / name_or_file / STYLE_FILE
        style = _read_style(file)
        if style.name != name_or_file:
            raise BadInput(f"{name_or_file}/{STYLE_FILE}: name is “{style.name}”, but the folder is “{name_or_file}”.")
        return style
    path = Path(name_or_file).expanduser()
    path = path / STYLE_FILE if path.is_dir() else path
    if not path.is_file():
        raise BadInput(
            f"There is no style called “{name_or_file}”. Shipped styles: {', '.join(shipped) or 'none'}. "
            f"A {STYLE_FILE} file of your own works too."
        )
    return _read_style(path)


def check_reply(style: Style, inputs: Inputs, reply: str) -> tuple[RuleResult, ...]:
    """Every rule's verdict on a reply to the message in `inputs`, in the order of the style file."""
    check_inputs(style, inputs, "The message")
    results = []
    for rule in style.rules:
        passed, reason = rule.check(inputs, reply)
        results.append(RuleResult(rule.id, rule.title, passed, reason))
    return tuple(results)


def judge_content(style: Style, inputs: Inputs, reply: str, gold: Any = None) -> RuleResult | None:
    """Whether the reply fits its message; None when that takes the right answer and nobody wrote it down."""
    judge = style.content.judge
    if judge.needs_gold and gold is None:
        return None
    passed, reason = judge(inputs, reply, gold)
    return RuleResult("content", style.content.title, passed, reason)


def check_inputs(style: Style, inputs: Inputs, where: str) -> None:
    """Raise BadInput, beginning with `where`, when an input of the style is missing, empty or too long."""
    for name in style.inputs:
        text = inputs.get(name)
        if not isinstance(text, str) or not text.strip():
            raise BadInput(f"{where}: {name} is {'missing' if text is None else 'empty or not a text'}.")
        if len(text) > MAX_EXAMPLE_CHARACTERS:
            raise BadInput(
                f"{where}: {name} has {len(text):,} characters; the model reads at most {MAX_EXAMPLE_CHARACTERS:,}. "
                "Shorten it."
            )


def messages_for(style: Style, inputs: Inputs, *, prompted: bool = False, few_shot: bool = False) -> list[Turn]:
    """The turns before the reply, for training and for serving alike, so that both see the same text.

    `prompted` puts every rule into the system turn; `few_shot` shows the style's examples as turns of a chat.
    """
    check_inputs(style, inputs, "The message")
    turns: list[Turn] = [("system", style.prompted_system if prompted else style.system)]
    for example in style.few_shot if few_shot else ():
        turns += [("user", _fill(style.input_template, example.inputs)), ("assistant", example.reply)]
    return [*turns, ("user", _fill(style.input_template, inputs))]


def put_page(turns: list[Turn], text: str) -> list[Turn]:
    """The turns with a page before the last message, worded as where a style is trained with pages."""
    *before, (role, message) = turns
    return [*before, (role, PAGE.replace("{text}", text) + message)]


def splits_of(style: Style) -> tuple[str, ...]:
    """Which of the style's dev and test files there are; a behaviour of one's own has test messages only."""
    return tuple(split for split in ("dev", "test") if (style.folder / f"{split}.jsonl").is_file())


def messages_of(style: Style, split: str = "") -> tuple[Example, ...]:
    """The messages of a style's `dev` or `test` file; without a name, the first there is."""
    there = splits_of(style)
    if not there or (split and split not in there):
        raise BadInput(f"{style.title} has no {split or 'dev or test'} messages.")
    return load_examples(style.folder / f"{split or there[0]}.jsonl", style)


def load_examples(path: Path, style: Style, *, with_replies: bool = False) -> tuple[Example, ...]:
    """The examples of a JSONL file, at least one; raises BadInput naming the file and the line.

    `with_replies` asks for a reply on every line, as training does. Keys the style does not know are left alone.
    """
    raw = _read_bytes(path, MAX_EXAMPLES_BYTES)
    examples: list[Example] = []
    seen: dict[str, int] = {}
    for number, line in enumerate(raw.split(b"\n"), start=1):
        if not line.strip():
            continue
        example = _read_example(line, f"{path.name}, line {number}", style, with_replies)
        if example.id in seen:
            raise BadInput(
                f"{path.name}, line {number}: id “{example.id}” was used on line {seen[example.id]} already."
            )
        seen[example.id] = number
        examples.append(example)
    if not examples:
        raise BadInput(f"{path.name} is empty: it needs at least one line of JSON.")
    return tuple(examples)


def _read_example(line: bytes, where: str, style: Style, with_replies: bool) -> Example:
    try:
        data = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise BadInput(f"{where}: the text is not UTF-8. Save the file as UTF-8.") from None
    except (ValueError, RecursionError):
        raise BadInput(f"{where}: this is not one whole JSON object on one line.") from None
    if not isinstance(data, dict):
        raise BadInput(f"{where}: this must be a JSON object with id, {', '.join(style.inputs)}.")
    check_inputs(style, data, where)
    for key in ("id", "reply", "topic"):
        text = data.get(key, "")
        if not isinstance(text, str) or len(text) > MAX_EXAMPLE_CHARACTERS:
            raise BadInput(f"{where}: {key} must be a text of at most {MAX_EXAMPLE_CHARACTERS:,} characters.")
        if not text.strip() and (key == "id" or (key == "reply" and with_replies)):
            raise BadInput(f"{where}: {key} is missing or empty.")
    inputs = MappingProxyType({name: data[name] for name in style.inputs})
    return Example(data["id"], inputs, data.get("reply", "").strip(), data.get("topic", ""), data.get("gold"))


def _fill(template: str, inputs: Inputs) -> str:
    """Put the inputs into the template; braces inside an input stay what they are (str.format would read them)."""
    return _PLACEHOLDER.sub(lambda match: inputs[match[1]].strip(), template)


def _read_bytes(path: Path, most: int) -> bytes:
    try:
        if path.stat().st_size > most:
            raise BadInput(f"{path.name} is over {most / 1e6:g} MB, which is more than is read here.")
        return path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.") from None
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read ({error.strerror or error}).") from None


def _read_style(file: Path) -> Style:
    import yaml

    where = f"{file.parent.name}/{file.name}"
    try:
        data = yaml.safe_load(_read_bytes(file, MAX_STYLE_BYTES).decode("utf-8"))
    except UnicodeDecodeError:
        raise BadInput(f"{where}: the text is not UTF-8. Save the file as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f", line {mark.line + 1}" if mark else ""
        raise BadInput(
            f"{where}{place}: this is not YAML ({getattr(error, 'problem', None) or 'unreadable'})."
        ) from None
    fields = Fields(data, where, file.parent)
    name = fields.text("name")
    if not _ID.fullmatch(name):
        raise fields.wrong("name", f"must be small letters, digits and hyphens, not “{name}”")
    inputs = fields.texts("inputs")
    for item in inputs:
        if not _INPUT_NAME.fullmatch(item) or item in ("id", "reply", "topic", "gold"):
            raise fields.wrong("inputs", f"has “{item}”, which cannot be the name of an input")
    style = Style(
        name=name,
        title=fields.text("title"),
        what=fields.text("what"),
        licence=fields.text("licence"),
        inputs=inputs,
        input_template=_read_template(fields, inputs),
        system=fields.text("system"),
        prompted_system=fields.text("prompted_system"),
        max_tokens=fields.whole("max_tokens", 1, 1_000),
        rules=_read_rules(fields, inputs),
        content=_read_content(fields),
        constraint=_read_style_constraint(fields, where),
        few_shot=_read_few_shot(fields, inputs),
        file=file,
    )
    fields.done()
    return style


def _read_template(fields: Fields, inputs: tuple[str, ...]) -> str:
    template = fields.text("input_template")
    named = _PLACEHOLDER.findall(template)
    if unknown := [name for name in named if name not in inputs]:
        raise fields.wrong("input_template", f"asks for {{{unknown[0]}}}, which is not among inputs")
    if unused := [name for name in inputs if name not in named]:
        raise fields.wrong("input_template", f"leaves out {{{unused[0]}}}, so the model would never see it")
    return template


def _read_rules(fields: Fields, inputs: tuple[str, ...]) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    for entry in fields.mappings("rules"):
        rule_id, title, why, kind = (entry.text(name) for name in ("id", "title", "why", "check"))
        if not _ID.fullmatch(rule_id) or any(rule.id == rule_id for rule in rules):
            raise entry.wrong("id", f"“{rule_id}” must be small letters, digits and hyphens, and used once")
        if kind not in CHECKS:
            raise entry.wrong("check", f"“{kind}” is not a kind of check; known are {', '.join(CHECKS)}")
        check = CHECKS[kind](entry)
        if missing := [name for name in check.needs if name not in inputs]:
            raise entry.wrong("check", f"“{kind}” needs an input called {missing[0]}")
        entry.done()
        rules.append(Rule(rule_id, title, why, kind, check))
    return tuple(rules)


def _read_content(fields: Fields) -> Content:
    entry = fields.group("content", optional=True)
    if entry is None:
        return _ABOUT_THE_MESSAGE
    title, why, kind = (entry.text(name) for name in ("title", "why", "check"))
    if kind not in CONTENT:
        raise entry.wrong("check", f"“{kind}” is not a judge of content; known are {', '.join(CONTENT)}")
    judge = CONTENT[kind](entry)
    entry.done()
    return Content(title, why, judge)


_ABOUT_THE_MESSAGE = Content(
    "Is about the message",
    "A reply may keep every rule and still be about nothing.",
    SharesContentWord(),
)


def _read_style_constraint(fields: Fields, where: str) -> Constraint | None:
    data = fields.any("constraint", optional=True)
    return None if data is None else read_constraint(data, f"{where}: constraint")


def _read_few_shot(fields: Fields, inputs: tuple[str, ...]) -> tuple[Example, ...]:
    shots = []
    for number, entry in enumerate(fields.mappings("few_shot", optional=True), start=1):
        values: Mapping[str, str] = MappingProxyType({name: entry.text(name) for name in inputs})
        shots.append(Example(f"shot-{number}", values, entry.text("reply")))
        entry.done()
    return tuple(shots)
