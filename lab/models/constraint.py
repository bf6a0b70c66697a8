"""What an answer may look like, letter by letter: a JSON schema, a regular expression or a grammar that decoding obeys."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lab.errors import BadInput

KINDS = ("json_schema", "regex", "grammar")
MAX_CHARACTERS = 20_000


@dataclass(frozen=True)
class Constraint:
    """`kind` is one of KINDS, `text` the JSON schema (as JSON), the regular expression or the EBNF grammar.

    At every step of decoding only tokens are allowed that the constraint can still be completed with (xgrammar, through
    OpenVINO GenAI). It guarantees the form; it knows nothing of the values.
    """

    kind: str
    text: str

    def json_schema(self) -> Any:
        """The schema as JSON; None for the other kinds."""
        return json.loads(self.text) if self.kind == "json_schema" else None


def read_constraint(data: object, where: str) -> Constraint:
    """`{json_schema: {…}}`, `{regex: "…"}` or `{grammar: "…"}` → Constraint; raises BadInput, beginning with `where`."""
    if not isinstance(data, Mapping) or len(data) != 1 or next(iter(data)) not in KINDS:
        raise BadInput(f"{where} must be one of {', '.join(KINDS)} with its value.")
    kind, value = next(iter(data.items()))
    if kind == "json_schema":
        if not isinstance(value, Mapping):
            raise BadInput(f"{where}: json_schema must be a JSON schema.")
        text = json.dumps(value, ensure_ascii=False)
    else:
        if not isinstance(value, str) or not value.strip():
            raise BadInput(f"{where}: {kind} must be a text that is not empty.")
        text = value.strip()
    if len(text) > MAX_CHARACTERS:
        raise BadInput(f"{where} has {len(text):,} characters; at most {MAX_CHARACTERS:,} are read.")
    return Constraint(str(kind), text)
