"""Checks on replies that must be one JSON object: its form, its schema, and whether its values are the right ones."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from lab.errors import BadInput
from lab.tuning.checks.base import Check, Inputs, Judge, Verdict, normalise
from lab.tuning.schema import Fields

MOST_LEVELS = 50  # objects within objects; deeper ones would exhaust the stack of whatever walks them
_SHOWN = 60  # characters of a value that a reason repeats
_TYPES = {
    "string": "a text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
_LIMITS = {
    "minimum": "is under the lowest allowed,",
    "maximum": "is over the highest allowed,",
    "exclusiveMinimum": "must be more than",
    "exclusiveMaximum": "must be less than",
    "multipleOf": "must be a multiple of",
    "minLength": "has fewer characters than",
    "maxLength": "has more characters than",
    "minItems": "has fewer entries than",
    "maxItems": "has more entries than",
}


class NotOneObject(ValueError):
    """The text is no JSON object; the message says why in one line, ready to be shown."""


def read_json_object(text: str) -> dict[str, Any]:
    """The one JSON object that is the whole text; raises NotOneObject for anything else.

    Stricter than json.loads where JSON readers differ: no key twice, no NaN or Infinity, no number too large for a
    float, at most MOST_LEVELS levels.
    """
    value, rest = _decode(text.strip())
    if rest:
        raise NotOneObject(f"Goes on after the object with {_quoted(rest)}")
    return value


def find_json_object(text: str) -> dict[str, Any]:
    """The first JSON object in the text, whatever stands round it; raises NotOneObject where there is none.

    For judging values apart from form: a code fence breaks the form, the values inside may still be right.
    """
    start = text.find("{")
    return _decode(text[start:] if start >= 0 else text.strip())[0]


@dataclass(frozen=True)
class JsonObject:
    """The whole reply is one JSON object: no greeting, no code fence, no second object."""

    needs = ()

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        try:
            read_json_object(reply)
        except NotOneObject as error:
            return False, str(error)
        return True, "Is one JSON object"


class JsonSchema:
    """The reply is one JSON object that a JSON schema (draft 2020-12) allows."""

    needs = ()

    def __init__(self, schema: Mapping[str, Any]) -> None:
        """Raises BadInput when the schema is none, or refers to another document."""
        from jsonschema import Draft202012Validator, SchemaError  # type: ignore[import-untyped]
        from referencing import Registry

        try:
            Draft202012Validator.check_schema(schema)
        except SchemaError as error:
            place = ".".join(str(part) for part in error.absolute_path)
            raise BadInput(f"this is not a JSON schema{f', at {place}' if place else ''}: {error.message}") from None
        if _names_a_key(schema, ("$ref", "$dynamicRef")):
            raise BadInput("the schema must stand on its own: $ref and $dynamicRef are not read here")
        self.schema = schema
        self._validator = Draft202012Validator(schema, registry=Registry())

    def __call__(self, inputs: Inputs, reply: str) -> Verdict:
        try:
            value = read_json_object(reply)
        except NotOneObject as error:
            return False, f"No JSON object to look at: {_lower_first(str(error))}"
        try:
            first = next(self._validator.iter_errors(value), None)
        except (OverflowError, RecursionError) as error:  # multipleOf with a number beyond a float
            return False, f"A value cannot be compared with the schema ({type(error).__name__})"
        if first is not None:
            return False, _violation(first)
        return True, "Fits the schema"


@dataclass(frozen=True)
class JsonValues:
    """The values of `fields` are gold's: texts whatever the case, spaces and apostrophes; numbers by value.

    Lists count in their order, those of the fields named in `sets` in any order. The values of a reply that has
    something round its object are judged too: form is another rule's business.
    """

    fields: tuple[str, ...]
    sets: tuple[str, ...] = ()
    needs_gold = True

    def __call__(self, inputs: Inputs, reply: str, gold: Any) -> Verdict:
        """Raises BadInput when gold is not an object with all the fields."""
        if not isinstance(gold, Mapping) or (lacking := [name for name in self.fields if name not in gold]):
            lack = "is not one" if not isinstance(gold, Mapping) else f"lacks {', '.join(lacking)}"
            raise BadInput(f"gold must be a JSON object with {', '.join(self.fields)}; this one {lack}.")
        try:
            value = find_json_object(reply)
        except NotOneObject as error:
            return False, f"No JSON object to look at: {_lower_first(str(error))}"
        wrong = [words for name in self.fields if (words := self._difference(name, value, gold))]
        return not wrong, "; ".join(wrong) or f"{_listed(self.fields)} {'is' if len(self.fields) == 1 else 'are'} right"

    def _difference(self, name: str, value: Mapping[str, Any], gold: Mapping[str, Any]) -> str:
        if name not in value:
            return f"{name} is missing; it should be {_quoted(gold[name])}"
        mine, right = _gentle(value[name]), _gentle(gold[name])
        if name not in self.sets or not (isinstance(mine, list) and isinstance(right, list)):
            return "" if mine == right else f"{name} is {_quoted(value[name])}, not {_quoted(gold[name])}"
        lacking = [item for item, plain in zip(gold[name], right, strict=True) if plain not in mine]
        added = [item for item, plain in zip(value[name], mine, strict=True) if plain not in right]
        parts = [f"lacks {_listed_values(lacking)}"] if lacking else []
        parts += [f"adds {_listed_values(added)}"] if added else []
        return f"{name} {' and '.join(parts)}" if parts else ""


def _decode(text: str) -> tuple[dict[str, Any], str]:
    """The JSON object at the beginning of the text, and what comes after it."""
    if not text:
        raise NotOneObject("The reply is empty")
    if not text.startswith("{"):
        raise NotOneObject(f"Begins with {_quoted(_clip(text, 30))} instead of {{")
    decoder = json.JSONDecoder(
        object_pairs_hook=_without_repeats, parse_constant=_refuse_constant, parse_float=_finite, parse_int=_whole
    )
    try:
        value, end = decoder.raw_decode(text)
    except NotOneObject:
        raise
    except RecursionError:
        raise NotOneObject(f"Is nested more than {MOST_LEVELS} levels deep") from None
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated string"):
            raise NotOneObject("Ends before the object is closed") from None
        raise NotOneObject(f"Stops being JSON at {_quoted(text[error.pos :])}") from None
    if _levels(value) > MOST_LEVELS:
        raise NotOneObject(f"Is nested more than {MOST_LEVELS} levels deep")
    return value, text[end:].strip()


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise NotOneObject(f"Has the key {_quoted(key)} twice")
        found[key] = value
    return found


def _refuse_constant(name: str) -> Any:
    raise NotOneObject(f"Has {name}, which is not JSON")


def _finite(digits: str) -> float:
    if not math.isfinite(number := float(digits)):
        raise NotOneObject(f"Has a number that is too large, {_clip(digits)}")
    return number


def _whole(digits: str) -> int:
    if len(digits) > 300:  # beyond a float; and int() refuses thousands of digits with an error of its own
        raise NotOneObject(f"Has a number that is too large, {_clip(digits)}")
    return int(digits)


def _levels(value: object) -> int:
    """How many levels of objects and lists there are, counted without recursion."""
    levels, layer = 0, [value]
    while layer := [item for item in layer if isinstance(item, (dict, list))]:
        levels += 1
        layer = [inner for item in layer for inner in (item.values() if isinstance(item, dict) else item)]
    return levels


def _names_a_key(schema: object, keys: tuple[str, ...]) -> bool:
    if isinstance(schema, Mapping):
        return any(key in keys or _names_a_key(value, keys) for key, value in schema.items())
    return isinstance(schema, list) and any(_names_a_key(item, keys) for item in schema)


def _violation(error: Any) -> str:
    """A jsonschema ValidationError as one plain sentence."""
    place = ".".join(str(part + 1) if isinstance(part, int) else _plain(part) for part in error.absolute_path)
    value, rule, wanted = error.instance, error.validator, error.validator_value
    subject = place or "The object"
    inside = f" in {place}" if place else ""
    if rule == "required":
        lacking = [key for key in wanted if key not in value]
        return f"{'Key' if len(lacking) == 1 else 'Keys'} missing{inside}: {_listed_values(lacking)}"
    if rule == "additionalProperties":
        extra = [key for key in value if key not in error.schema.get("properties", {})]
        return f"Has a key that is not asked for{inside}, {_listed_values(extra)}"
    if rule == "type":
        kinds = [wanted] if isinstance(wanted, str) else wanted
        allowed = " or ".join(_TYPES.get(kind, kind) for kind in kinds)
        return f"{subject} is {_quoted(value)} and must be {allowed}"
    if rule == "enum":
        return f"{subject} is {_quoted(value)}, which is not one of {', '.join(_clip(_bare(item)) for item in wanted)}"
    if rule == "const":
        return f"{subject} is {_quoted(value)} and must be {_quoted(wanted)}"
    if rule == "pattern":
        return f"{subject} is {_quoted(value)}, which has not the form that is asked for"
    if rule == "uniqueItems":
        return f"{subject} has an entry twice"
    if rule in _LIMITS:
        return f"{subject} is {_quoted(value)}: it {_LIMITS[rule]} {wanted}"
    return f"{subject} is {_quoted(value)}, which the schema does not allow ({rule})"


def _gentle(value: Any) -> Any:
    """A value as it is compared: texts without case and spacing; true is not 1, though Python says so."""
    if isinstance(value, bool):
        return ("truth", value)
    if isinstance(value, str):
        return normalise(value).casefold()
    if isinstance(value, list):
        return [_gentle(item) for item in value]
    if isinstance(value, Mapping):
        return {key: _gentle(item) for key, item in value.items()}
    return value


def _bare(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _quoted(value: object) -> str:
    """A value as a reason shows it: texts in quotation marks, one line, clipped."""
    return f"“{_clip(value)}”" if isinstance(value, str) else _clip(_bare(value))


def _listed_values(values: list[Any]) -> str:
    shown = ", ".join(_quoted(value) for value in values[:3])
    return f"{shown} and {len(values) - 3} more" if len(values) > 3 else shown


def _listed(names: tuple[str, ...]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _clip(text: str, most: int = _SHOWN) -> str:
    plain = _plain(text)
    return plain if len(plain) <= most else f"{plain[:most].rstrip()}…"


def _plain(text: str) -> str:
    """One line that can be printed and saved: JSON may name half a character (\\ud800), which UTF-8 cannot."""
    one_line = " ".join(text.split())
    return "".join(mark if mark.isprintable() else "�" for mark in one_line)


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]


def _read_json_object(fields: Fields) -> Check:
    return JsonObject()


def _read_json_schema(fields: Fields) -> Check:
    schema = fields.any("schema")
    if not isinstance(schema, Mapping):
        raise fields.wrong("schema", "must be a JSON schema: a group of fields such as type and properties")
    try:
        return JsonSchema(schema)
    except BadInput as error:
        raise fields.wrong("schema", f"is not usable: {error}") from None


def _read_json_values(fields: Fields) -> Judge:
    names = fields.texts("fields")
    sets = fields.any("sets", optional=True) or []
    if not isinstance(sets, list) or any(name not in names for name in sets):
        raise fields.wrong("sets", "must be a list of names that stand in fields too")
    return JsonValues(names, tuple(sets))


CHECKS: dict[str, Callable[[Fields], Check]] = {"json_object": _read_json_object, "json_schema": _read_json_schema}
CONTENT: dict[str, Callable[[Fields], Judge]] = {"json_values": _read_json_values}
