"""Text → sentences, as a reader would end them."""

from __future__ import annotations

import re

_NEVER_LAST = frozenset(  # an abbreviation after which a sentence goes on, whatever comes next
    "mr mrs ms dr prof st messrs rev hon capt col gen lt sgt e.g i.e eg ie cf viz vs v fig figs eq ref approx ca c esp "
    "incl no nos vol pp p para sec ch art ext tel mob max min".split()
)
_MAYBE_LAST = frozenset(  # an abbreviation that ends a sentence only before a capital letter
    "etc a.m p.m am pm inc ltd co corp plc jr sr dept est ed al jan feb mar apr jun jul aug sep sept oct nov dec mon "
    "tue tues wed thu thur thurs fri sat sun b.c a.d u.s u.k ph.d".split()
)
_NEEDS_FIGURE = frozenset("no nos fig figs eq ref vol pp p para sec ch art ext min max c v".split())
_CALENDAR = re.compile(
    r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?s?\b|"
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December)\b"
)
_END = re.compile(r"(?:[.!?…]+|[。！？]+)[\"'”’»)\]*_]*")


def _goes_on(text: str, start: int, mark: int, after: int) -> bool:
    """Whether the full stop at `mark` belongs to an abbreviation, an initial or a numbering, not to a sentence's end."""
    start = max(start, mark - 200)  # a page of nothing but abbreviations would be read once for each of them
    word_match = re.search(r"[^\s(\[“\"'‘*_]*$", text[start:mark])
    word = word_match[0] if word_match else ""
    bare = word.lower()
    following = text[after]
    if bare in _NEVER_LAST:
        return not (bare in _NEEDS_FIGURE and not following.isdigit() and following.isupper())
    if bare in _MAYBE_LAST or re.fullmatch(r"(?:[a-z]\.)+[a-z]", bare):
        return not following.isupper() or (bare in {"a.m", "p.m", "am", "pm"} and bool(_CALENDAR.match(text, after)))
    if len(word) == 1 and word.isupper() and word != "I":
        # “J. Smith”, “George W. Bush”, but not “is grade A. Bring it in.”
        before = text[start : mark - 1].split()
        return not before or before[-1].endswith(".") or before[-1][:1].isupper()
    # “1. Open the lid” at the start is numbering.
    return word.isdigit() and len(word) <= 3 and not text[start : mark - len(word)].strip()


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Sentences of `text[start:end]` as (start, end) without the white space around them.

    A sentence ends at . ! ? … (quotes and brackets after it included) before white space and no lower-case letter, except
    after abbreviations (e.g., Mr., No. 5, 9 a.m.), initials and numberings. Decimals and web addresses have no white
    space after their dots and so stay whole. When in doubt two sentences stay together.
    """
    end = len(text) if end is None else end
    spans: list[tuple[int, int]] = []
    begin = start
    for match in _END.finditer(text, start, end):
        stop = match.end()
        after = stop
        while after < end and text[after].isspace():
            after += 1
        wide = match[0][0] in "。！？"
        if after >= end:
            break
        if not wide:
            if after == stop:
                continue
            first = text[after]
            if first.islower() and not text[stop:after].count("\n\n"):
                continue
            if match[0][0] == "." and not match[0].startswith("..") and _goes_on(text, begin, match.start(), after):
                continue
        spans.append((begin, stop))
        begin = after
    spans.append((begin, end))
    trimmed = (trim(text, left, right) for left, right in spans)
    return [(left, right) for left, right in trimmed if left < right]


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """The span without the white space at its two ends; start == end where there was nothing else."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
