"""Strict reading of written content in YAML: every complaint names the file and the line, and nothing slips through."""

from __future__ import annotations

import math
import re
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from lab.errors import BadInput

MAX_CONTENT_BYTES = 2_000_000
KEBAB = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_INPUT_NAME = re.compile(r"[a-z][a-z0-9_]*")
_NULL = "tag:yaml.org,2002:null"
_COLON_HINT = "; a text with a colon and a space in it needs quotation marks"


class BrokenContent(BadInput):
    """A lesson or quiz file says something that cannot be used; `file` and `line` (from 1) say where."""

    def __init__(self, file: str, line: int, complaint: str) -> None:
        self.file = file
        self.line = line
        self.complaint = complaint
        super().__init__(f"{file}, line {line}: {complaint}")

    def __reduce__(self) -> tuple[type[BrokenContent], tuple[str, int, str]]:
        return BrokenContent, (self.file, self.line, self.complaint)  # or pickling would pass the message alone


class Fields:
    """One mapping of a YAML file, read field by field; `done()` refuses what nobody asked for.

    `first_line` is the line of `file` on which the YAML begins; `inside` says in words where we are, for complaints.
    """

    def __init__(self, node: yaml.Node, file: str, first_line: int = 1, inside: str = "") -> None:
        self.file = file
        self.inside = inside
        self._first_line = first_line
        self._node = node
        self._nodes: dict[str, yaml.Node] = {}
        self._keys: dict[str, yaml.Node] = {}  # for the line of a complaint: a list begins a line below its key
        if not isinstance(node, yaml.MappingNode):
            raise self._broken(node, f"“field: value” lines are needed here, not {_kind(node)}")
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._broken(key, f"the name of a field must be a word, not {_kind(key)}")
            if key.value in self._nodes:
                raise self._broken(key, f"{key.value} is given twice")
            self._nodes[key.value] = value
            self._keys[key.value] = key
        self._left = dict.fromkeys(self._nodes)

    def has(self, name: str) -> bool:
        """Whether the field is there, read or not."""
        return name in self._nodes

    def text(self, name: str) -> str:
        """A text that is not empty, without white space around it."""
        return self._text(name, self._take(name))

    def text_or_null(self, name: str) -> str | None:
        """A text, or None where the file says null; the field itself must be there."""
        node = self._take(name)
        return None if node.tag == _NULL else self._text(name, node)

    def kebab(self, name: str) -> str:
        """An id: small letters, digits and hyphens."""
        text = self.text(name)
        if not KEBAB.fullmatch(text):
            raise self.wrong(name, f"must be small letters, digits and hyphens, not “{text}”")
        return text

    def one_of(self, name: str, known: Collection[str]) -> str:
        """A text that is among `known`."""
        text = self.text(name)
        if text not in known:
            raise self.wrong(name, f"is “{text}”; known are {', '.join(known)}")
        return text

    def whole(self, name: str, lowest: int, highest: int) -> int:
        """A whole number from `lowest` to `highest`."""
        node = self._take(name)
        value = _plain(node)
        if not isinstance(value, int) or isinstance(value, bool) or not lowest <= value <= highest:
            raise self.wrong(name, f"must be a whole number from {lowest} to {highest}, not {_kind(node)}")
        return value

    def number(self, name: str) -> float:
        """A finite number, whole or not."""
        node = self._take(name)
        value = _plain(node)
        if not isinstance(value, int | float) or isinstance(value, bool) or not math.isfinite(value):
            raise self.wrong(name, f"must be a number, not {_kind(node)}")
        return float(value)

    def flag(self, name: str) -> bool:
        """A truth value; False when the field is left out."""
        if not self.has(name):
            return False
        node = self._take(name)
        value = _plain(node)
        if not isinstance(value, bool):
            raise self.wrong(name, f"must be true or false, not {_kind(node)}")
        return value

    def texts(self, name: str, *, may_be_empty: bool = False) -> tuple[str, ...]:
        """A list of different texts."""
        nodes = self._list(name, 0 if may_be_empty else 1)
        texts = tuple(self._text(f"{name}, number {at},", node) for at, node in enumerate(nodes, start=1))
        for node, text in zip(nodes, texts, strict=True):
            if texts.count(text) > 1:
                raise self._broken(node, f"{name} names “{text}” twice")
        return texts

    def entries(self, name: str, each: str, *, at_least: int = 1) -> tuple[Fields, ...]:
        """A list of mappings; `each` is what one of them is called in complaints."""
        return tuple(
            Fields(node, self.file, self._first_line, f"{self.inside}{', ' if self.inside else ''}{each} {at}")
            for at, node in enumerate(self._list(name, at_least), start=1)
        )

    def group(self, name: str) -> Fields:
        """A mapping inside this one."""
        return Fields(
            self._take(name), self.file, self._first_line, f"{self.inside}{', ' if self.inside else ''}{name}"
        )

    def names(self) -> tuple[str, ...]:
        """The fields not read so far, in the order of the file."""
        return tuple(self._left)

    def as_written(self, name: str) -> str:
        """One text, number or truth value as the characters that stand there; it may be empty."""
        return self._as_written(name, self._take(name))

    def row(self, name: str) -> tuple[str, ...]:
        """A list as written; its cells may be empty."""
        return tuple(self._as_written(name, node) for node in self._list(name, 1))

    def rows(self, name: str, width: int) -> tuple[tuple[str, ...], ...]:
        """A list of lists of `width` cells each."""
        found = []
        for at, node in enumerate(self._list(name, 1), start=1):
            if not isinstance(node, yaml.SequenceNode) or len(node.value) != width:
                count = f"a list of {len(node.value)}" if isinstance(node, yaml.SequenceNode) else _kind(node)
                raise self._broken(node, f"{name}, number {at}, must be a list of {width} cells, not {count}")
            found.append(tuple(self._as_written(name, cell) for cell in node.value))
        return tuple(found)

    def inputs(self) -> dict[str, Any]:
        """Every field not read so far, as numbers, texts, truth values or tuples of these (an experiment's inputs)."""
        found: dict[str, Any] = {}
        for name in list(self._left):
            if not _INPUT_NAME.fullmatch(name):
                raise self.wrong(name, "cannot be the name of an input: small letters, digits and _ only")
            node = self._take(name)
            if isinstance(node, yaml.SequenceNode):
                found[name] = tuple(self._simple(name, item) for item in node.value)
            else:
                found[name] = self._simple(name, node)
        return found

    def done(self) -> None:
        """Refuse the fields that were not read: a misspelt one would otherwise be silently ignored."""
        for name in self._left:
            raise self.wrong(name, "is not a field that is known here")

    def wrong(self, name: str, complaint: str) -> BrokenContent:
        """The error that says what is wrong with one field, at its line."""
        return self._broken(self._keys.get(name, self._node), f"{name} {complaint}")

    def broken(self, complaint: str) -> BrokenContent:
        """The error that says what is wrong with the whole mapping, at its first line."""
        return self._broken(self._node, complaint)

    def _take(self, name: str) -> yaml.Node:
        if not self.has(name):
            raise self.broken(f"{name} is missing")
        self._left.pop(name, None)
        return self._nodes[name]

    def _list(self, name: str, at_least: int) -> list[yaml.Node]:
        node = self._take(name)
        if not isinstance(node, yaml.SequenceNode):
            raise self.wrong(name, f"must be a list, not {_kind(node)}")
        if len(node.value) < at_least:
            raise self.wrong(name, f"needs at least {at_least} in its list, not {len(node.value)}")
        return list(node.value)

    def _text(self, name: str, node: yaml.Node) -> str:
        value = _plain(node)
        if isinstance(value, str) and value.strip():
            return value.strip()
        hint = "" if isinstance(value, str) or value is None else "; put it in quotation marks"
        raise self._broken(node, f"{name} must be a text that is not empty, not {_kind(node)}{hint}")

    def _as_written(self, name: str, node: yaml.Node) -> str:
        if not isinstance(node, yaml.ScalarNode):
            raise self._broken(node, f"{name} must be a text or a number, not {_kind(node)}")
        return "" if node.tag == _NULL else str(node.value).strip()

    def _simple(self, name: str, node: yaml.Node) -> str | int | float | bool:
        value = _plain(node)
        if isinstance(value, (str, int)) or (isinstance(value, float) and math.isfinite(value)):
            return value
        wanted = "a number, a text, true or false, or a list of these"
        raise self._broken(node, f"{name} must be {wanted}, not {_kind(node)}")

    def _broken(self, node: yaml.Node, complaint: str) -> BrokenContent:
        line = self._first_line + node.start_mark.line
        return BrokenContent(self.file, line, f"{self.inside}{': ' if self.inside else ''}{complaint}.")


def read_content(path: Path) -> str:
    """The text of a content file with \\n line ends; raises BadInput, with the line where the text is not UTF-8."""
    try:
        if path.stat().st_size > MAX_CONTENT_BYTES:
            raise BadInput(f"{path.name} is over {MAX_CONTENT_BYTES / 1e6:g} MB, which is more than is read here.")
        raw = path.read_bytes()
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.") from None
    except OSError as error:
        raise BadInput(f"{path.name} cannot be read ({error.strerror or error}).") from None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise BrokenContent(path.name, line, "the text is not UTF-8. Save the file as UTF-8.") from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_fields(text: str, file: str, first_line: int = 1, inside: str = "") -> Fields:
    """One mapping in YAML that begins on `first_line` of `file`; raises BrokenContent."""
    return Fields(_compose(text, file, first_line), file, first_line, inside)


def read_list(text: str, file: str) -> list[yaml.Node]:
    """The entries of a file that is one YAML list, each to be given to Fields; raises BrokenContent."""
    node = _compose(text, file, 1)
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        raise BrokenContent(file, node.start_mark.line + 1, f"this must be a list with entries, not {_kind(node)}.")
    return list(node.value)


def _compose(text: str, file: str, first_line: int) -> yaml.Node:
    try:
        node = yaml.SafeLoader(text).get_single_node()
    except yaml.reader.ReaderError as error:
        line = first_line + text.count("\n", 0, error.position)
        raise BrokenContent(file, line, f"the character U+{ord(text[error.position]):04X} cannot be used.") from None
    except yaml.MarkedYAMLError as error:
        problem = error.problem or "unreadable"
        mark = error.problem_mark
        if error.context_mark and ("end of stream" in problem or not mark):
            mark = error.context_mark  # where the text that never ends begins
        line = first_line + (mark.line if mark else 0)
        hint = _COLON_HINT if problem.startswith("mapping values") else ""
        raise BrokenContent(file, line, f"this is not YAML ({problem}{hint}).") from None
    except RecursionError:
        raise BrokenContent(file, first_line, "this is nested too deeply.") from None
    if node is None:
        raise BrokenContent(file, first_line, "there is nothing here.")
    return node


def _plain(node: yaml.Node) -> Any:
    """The value of a single thing; None for null, for lists and mappings, and for what YAML cannot make sense of."""
    if not isinstance(node, yaml.ScalarNode):
        return None
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (yaml.YAMLError, ValueError):  # an unknown !tag, or a date that is none such as 2024-13-01
        return None


def _kind(node: yaml.Node) -> str:
    """What a node is, in words a person uses."""
    if isinstance(node, yaml.SequenceNode):
        return "a list" if node.value else "an empty list"
    if isinstance(node, yaml.MappingNode):
        return "a group of fields"
    shown = str(node.value).strip()
    if node.tag == _NULL or not shown:
        return "nothing"
    return f"“{shown[:39]}…”" if len(shown) > 40 else f"“{shown}”"
