"""A check on extraction: what a reply says was read in the text does stand there, word for word."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from lab.tuning.checks.base import Check, Inputs, Judge, Verdict, normalise
from lab.tuning.checks.json_object import NotOneObject, find_json_object
from lab.tuning.schema import Fields


@dataclass(frozen=True)
class CopiedValues:
    """Every text in the named fields of the reply's JSON object, alone or in a list, stands in the input `source`.

    Upper and lower case, spaces and the form of apostrophes do not matter. A field that is not there is not copied.
    """

    fields: tuple[str, ...]
    source: str

    @property
    def needs(self) -> tuple[str, ...]:
        return (self.source,)

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        try:
            found = find_json_object(reply)
        except NotOneObject as error:
            return False, f"No JSON object to look at: {str(error)[:1].lower()}{str(error)[1:]}"
        said = normalise(inputs[self.source]).casefold()
        for name in self.fields:
            if name not in found:
                return False, f"Has no {name} that could be looked up in the message"
            for value in found[name] if isinstance(found[name], list) else [found[name]]:
                if not isinstance(value, str) or not value.strip():
                    return False, f"Has something other than words under {name}"
                if normalise(value).casefold() not in said:
                    shown = "".join(mark if mark.isprintable() else "�" for mark in normalise(value)[:60])
                    return False, f"“{shown}” under {name} does not stand in the message"
        return True, f"{' and '.join(self.fields)} stand in the message word for word"


def _read_copied_values(fields: Fields) -> Check:
    return CopiedValues(fields.texts("fields"), fields.text("source"))


CHECKS: dict[str, Callable[[Fields], Check]] = {"copied_values": _read_copied_values}
CONTENT: dict[str, Callable[[Fields], Judge]] = {}
