"""Pictures of our own: shapes and text and nothing else, so that one can stand in the page itself."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from xml.etree import ElementTree

from lab.errors import BadInput

MAX_BYTES = 200_000
TAGS = frozenset(
    "svg title desc g defs marker path rect circle ellipse line polyline polygon text tspan clipPath symbol use".split()
)
_SVG = "http://www.w3.org/2000/svg"
_REFERENCE = re.compile(r"url\(\s*['\"]?(?!#)", re.IGNORECASE)


@lru_cache(maxsize=64)
def _read(path: Path, stamp: int) -> str:
    """stamp: changes with the file."""
    raw = path.read_bytes()
    if len(raw) > MAX_BYTES:
        raise BadInput(f"has {len(raw)} bytes, more than {MAX_BYTES}")
    if b"<!" in raw.replace(b"<!--", b""):
        raise BadInput("has a DOCTYPE, an ENTITY or the like, which a picture does not need")
    try:
        root = ElementTree.fromstring(raw)
    except ElementTree.ParseError as error:
        raise BadInput(f"is not XML ({error})") from None
    if root.tag != f"{{{_SVG}}}svg" or not root.get("viewBox"):
        raise BadInput(f"must be an svg element of the namespace {_SVG} with a viewBox")
    for element in root.iter():
        tag = element.tag.removeprefix(f"{{{_SVG}}}")
        if tag not in TAGS:
            raise BadInput(f"holds “{tag}”; allowed are {', '.join(sorted(TAGS))}")
        for name, value in element.attrib.items():
            if name.startswith("on") or name == "style" or _REFERENCE.search(value):
                raise BadInput(f"holds the attribute “{name}”, which is not allowed")
            if name.endswith("href") and not value.startswith("#"):
                raise BadInput("points at something outside itself")
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode")


def read_svg(path: Path) -> str:
    """The text of a picture; raises BadInput (what is wrong, without the file's name) for anything but shapes and text."""
    if not path.is_file():
        raise BadInput("does not exist")
    return _read(path, path.stat().st_mtime_ns)
