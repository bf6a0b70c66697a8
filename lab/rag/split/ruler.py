"""Lengths in the embedder's tokens, measured once for a whole text, and the places where it may be cut."""

from __future__ import annotations

import bisect
import re
import unicodedata

from lab.models.tokens import token_offsets

_LONGEST_TOKEN = 20  # characters; a longer one is the tokenizer's “unknown word”, counted as one for each 20
_LONGEST_SIGN = 40  # characters that are kept together as one visible sign, at most
_JOINER = "\u200d"
_PAUSES = ",;:–—，、；：。！？"
_WIDE_PAUSES = "，、；：。！？"


class Ruler:
    """Where the tokens of `text` stand. Lengths add up: the two parts of a text are as long as the whole.

    What the embedder counts as nothing or as one token, however long it is (invisible signs, a pasted key), is counted by
    its length, so that it cannot make a chunk without end.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts: list[int] = []  # of the marks: stretches that are never cut, in order, every visible sign in one
        self.ends: list[int] = []
        self.before: list[int] = [0]  # tokens before each mark, and after the last one
        reached = 0
        for start, end in [*token_offsets(text), (len(text), len(text))]:
            if start > reached and not text[reached:start].isspace():
                for match in re.finditer(r"\S+", text[reached:start]):
                    self._add(reached + match.start(), reached + match.end())
            if end > start:
                self._add(start, end)
            reached = max(reached, end)

    def _add(self, start: int, end: int) -> None:
        if self.ends and (start < self.ends[-1] or self._goes_with_the_last(start)):
            self.ends[-1] = max(self.ends[-1], end)
            self.before[-1] += 1
            return
        at = start
        while at < end:
            stop = min(at + _LONGEST_TOKEN, end)
            while stop < min(end, at + _LONGEST_SIGN) and self._is_inside_a_sign(stop):
                stop += 1
            self.starts.append(at)
            self.ends.append(stop)
            self.before.append(self.before[-1] + 1)
            at = stop

    def _goes_with_the_last(self, start: int) -> bool:
        return start == self.ends[-1] and start - self.starts[-1] < _LONGEST_SIGN and self._is_inside_a_sign(start)

    def _is_inside_a_sign(self, at: int) -> bool:
        """Whether a cut before the character at `at` would take an accent from its letter or an emoji apart."""
        if self.text[at].isascii() and self.text[at - 1].isascii():
            return False
        if _JOINER in (self.text[at], self.text[at - 1]) or "\U0001f3fb" <= self.text[at] <= "\U0001f3ff":
            return True
        return unicodedata.category(self.text[at]).startswith("M")

    def count(self, start: int, end: int) -> int:
        """The tokens that begin in `text[start:end]`."""
        return self.before[bisect.bisect_left(self.starts, end)] - self.before[bisect.bisect_left(self.starts, start)]

    def _is_word_start(self, mark: int) -> bool:
        """Whether a cut before this mark falls between words; in a script without spaces, between any two signs."""
        if self.starts[mark] > self.ends[mark - 1]:
            return True
        first, last = self.text[self.starts[mark]], self.text[self.ends[mark - 1] - 1]
        wide = "\u2e80" <= first <= "\u9fff" or "\u2e80" <= last <= "\u9fff"
        return wide and first not in _WIDE_PAUSES

    def _is_pause(self, mark: int) -> bool:
        """Whether a comma or the like stands before this mark, and a word begins with it."""
        last = self.text[self.ends[mark - 1] - 1]
        return last in _PAUSES and self._is_word_start(mark)

    def _stop(self, first: int, last: int, size: int, *, at_pauses: bool) -> int:
        """The mark before which a piece that begins with mark `first` ends: `size` tokens or fewer, at least one mark."""
        stop = bisect.bisect_right(self.before, self.before[first] + size) - 1
        stop = min(max(stop, first + 1), last)
        if stop == last:
            return stop
        if at_pauses:
            for mark in range(stop, first + max((stop - first) // 2, 1), -1):
                if self._is_pause(mark):
                    return mark
        for mark in range(stop, first, -1):
            if self._is_word_start(mark):
                return mark
        return stop

    def cut(self, start: int, end: int, size: int) -> list[tuple[int, int]]:
        """`text[start:end]`, white space at its ends left out, in pieces of at most `size` tokens.

        Cuts fall after , ; : or a dash in a piece's second half where there is one, else between words; a word is cut
        only when it is longer than a piece.
        """
        first = bisect.bisect_left(self.starts, start)
        last = bisect.bisect_left(self.starts, end)
        spans: list[tuple[int, int]] = []
        while first < last:
            stop = self._stop(first, last, size, at_pauses=True)
            spans.append((self.starts[first], self.ends[stop - 1]))
            first = stop
        if not spans:
            return [(start, end)] if start < end else []
        # A span may begin or end inside a mark (between a full stop and an accent set on it).
        spans[0] = (start, spans[0][1])
        spans[-1] = (spans[-1][0], end)
        return spans

    def windows(self, size: int, overlap: int) -> list[tuple[int, int]]:
        """The whole text in windows of at most `size` tokens, each beginning up to `overlap` tokens before the last's end.

        Both ends fall between words, unless a word is longer than a window.
        """
        spans: list[tuple[int, int]] = []
        first, last = 0, len(self.starts)
        while first < last:
            stop = self._stop(first, last, size, at_pauses=False)
            spans.append((self.starts[first], self.ends[stop - 1]))
            if stop == last:
                break
            again = self._back(stop, first + 1, overlap)
            first = again if self._stop(again, last, size, at_pauses=False) > stop else stop
        return spans

    def back(self, start: int, floor: int, overlap: int) -> int:
        """The earliest word start after `floor` that lies at most `overlap` tokens before `start`; else `start`."""
        mark = bisect.bisect_left(self.starts, start)
        found = self._back(mark, bisect.bisect_right(self.starts, floor), overlap)
        return self.starts[found] if found < mark else start

    def _back(self, mark: int, floor: int, overlap: int) -> int:
        found = at = mark
        while at > max(floor, 1) and self.before[mark] - self.before[at - 1] <= overlap:
            at -= 1
            if self._is_word_start(at):
                found = at
        return found
