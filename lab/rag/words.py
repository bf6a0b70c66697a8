"""What two texts must share to say the same thing: tokens after normalising numbers, times, money and per cent; stems."""

from __future__ import annotations

import re
import unicodedata

_ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
        "seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)
}
_SCALES = {"hundred": 100, "thousand": 1000, "million": 1_000_000}
_UNITS = (
    "kg|g|mg|lb|lbs|oz|ml|cl|l|litres?|liters?|cm|mm|km|m|ft|in|h|hr|hrs|hours?|min|mins|minutes?|s|sec|secs|"
    "days?|weeks?|months?|years?|gb|mb|kb|tb|w|kw|kwh|v|mph|kmh|c|f|p"
)
_CURRENCIES = {
    "£": r"pounds? sterling|pounds?|gbp|quid",
    "€": r"euros?|eur",
    "$": r"us dollars?|dollars?|usd",
}
_NUMBER = r"\d+(?:\.\d+)?"
_TOKEN = re.compile(
    r"(?<!\S)-\d+(?:\.\d+)*|"  # a minus sign at the start of a word belongs to its number
    r"\d{2}:\d{2}(?!\d)|"
    rf"\d+(?:\.\d+)*(?=(?:{_UNITS})\b)|"  # 5kg = 5 kg, but 12a stays one token
    r"\d+(?:\.\d+)*(?![^\W_])|"
    r"[£€$¥%]|"
    r"'s\b|"
    r"[^\W_]+(?:'(?!s\b)[^\W_]+)*"
)

STOP_WORDS = frozenset(
    """a about after again all also am an and any are as at be because been before being below between both but by can
    could did do does doing down during each either else ever every few for from further get gets getting give given
    gives go goes got had has have having he her here hers him his how however i if in into is it its itself just let
    like made make makes many may me might mine more most much must my need needs no nor not now of off on once one
    only or other our ours out over own per please put same shall she should since so some such take takes taken tell
    than that the their theirs them then there these they thing things this those through to too under until up upon us
    use used very via want was way we well were what whatever when where whether which while who whom whose why will
    with within without would yes yet you your yours 's don't doesn't didn't isn't aren't wasn't won't can't cannot
    couldn't wouldn't shouldn't i'm i've i'll i'd it'll you're you've we're we've they're that's""".split()
)


def _number_words_to_digits(words: list[str]) -> list[str]:
    """“one hundred and twenty one” → “121”; digits before a scale count too (“3 thousand” → “3000”)."""
    output: list[str] = []
    position = 0
    while position < len(words):
        word = words[position]
        starts = word in _ONES or word in _TENS or word == "hundred" or word == "thousand"
        article = word == "a" and position + 1 < len(words) and words[position + 1] in _SCALES
        digits = word.isdecimal() and position + 1 < len(words) and words[position + 1] in _SCALES
        if not (starts or article or digits):
            output.append(word)
            position += 1
            continue
        total, current, last = 0, 0, ""  # `last` is the kind of the word before: it says what may follow
        if article or digits:
            current, last = (1 if article else int(word)), "digits"
            position += 1
        elif word in _SCALES:
            current, last = 1, "digits"  # a bare “hundred”
        while position < len(words):
            word = words[position]
            following = words[position + 1] if position + 1 < len(words) else ""
            if word in _TENS and last in ("", "hundred", "scale", "and"):
                current, last = current + _TENS[word], "tens"
            elif word in _ONES and (
                last in ("", "hundred", "scale", "and") or (last == "tens" and 0 < _ONES[word] < 10)
            ):
                current, last = current + _ONES[word], "ones"
            elif word == "hundred" and last in ("ones", "digits") and 0 < current < 100:
                current, last = current * 100, "hundred"
            elif word in ("thousand", "million") and last not in ("", "and", "scale"):
                total, current, last = total + current * _SCALES[word], 0, "scale"
            elif word == "and" and last in ("hundred", "scale") and (following in _ONES or following in _TENS):
                last = "and"
            else:
                break
            position += 1
        output.append(str(total + current))
    return output


def _clock(match: re.Match[str]) -> str:
    hour, minute = int(match["hour"]), int(match["minute"] or 0)
    half = (match["half"] or "").replace(".", "").replace(" ", "")
    if minute > 59 or hour > 23 or (half and not 1 <= hour <= 12):
        return match[0]
    if half:
        hour = hour % 12 + (12 if half == "pm" else 0)
    return f" {hour:02d}:{minute:02d} "


_TWELVE_HOUR = re.compile(r"(?<![\w.:])(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s*(?P<half>[ap]\.?\s?m\b\.?)")
_TWENTY_FOUR_HOUR = re.compile(
    r"(?<![\w.:])(?P<hour>\d{1,2}):(?P<minute>\d{2})(?![\d:])(?P<half>)(?:\s?(?:hours|hrs|h)\b)?"
)


def _money(text: str) -> str:
    for symbol, words in _CURRENCIES.items():
        text = re.sub(rf"\b(?:gbp|eur|usd)\s*(?={_NUMBER})", lambda m: {"g": "£", "e": "€", "u": "$"}[m[0][0]], text)
        text = re.sub(rf"(?<![\w.£€$])({_NUMBER})\s*(?:{words})\b", rf"{symbol}\1", text)
        text = re.sub(rf"{re.escape(symbol)}\s*({_NUMBER})\s*(?:{words})\b", rf"{symbol}\1", text)

    def amount(match: re.Match[str]) -> str:
        whole, _, part = match["amount"].partition(".")
        part = part.rstrip("0")
        return f" {match['symbol']} {whole}" + (f".{part.ljust(2, '0')}" if part else "") + " "

    text = re.sub(rf"(?P<symbol>[£€$¥])\s*(?P<amount>{_NUMBER})", amount, text)
    return re.sub(rf"(?<![\w.])({_NUMBER})\s*(?:pence|p)\b", r"\1 p ", text)


def tokens(text: str) -> list[str]:
    """Text → canonical tokens, in order.

    Case, white space, hyphens and punctuation go; number words become digits (twenty-one → 21), thousands separators go
    (3,260 → 3260), 5 pm = 5:00 p.m. = 17:00, £ 5 = £5.00 = 5 pounds (two tokens, “£” and “5”), per cent = percent = %.
    """
    # Thin spaces between groups of three digits; afterwards they would be ordinary ones (“01632 960 144” is no number).
    text = re.sub(r"(?<=\d)[\u202f\u2009](?=\d{3}(?!\d))", "", text)
    text = unicodedata.normalize("NFKC", text).lower()
    text = re.sub(r"[\u2018\u2019\u02bc]", "'", text)
    text = re.sub(r"[\u2212\u2010\u2011]", "-", text)
    text = re.sub(r"(?<![\d.,])\d{1,3}(?:,\d{3})+(?![\d])", lambda match: match[0].replace(",", ""), text)
    text = re.sub(r"(?<=\w)-(?=\w)|[\u2013\u2014]", " ", text)
    # Only runs of letters and plain integers take part in reading number words; the glue between them stays as it is,
    # except inside a number, where it is white space.
    pieces = re.split(r"((?<![\d.:])(?:[^\W\d_]+|\d+(?![\d.:]))(?:\s+(?:[^\W\d_]+|\d+(?![\d.:])))*)", text)
    text = "".join(
        " ".join(_number_words_to_digits(piece.split())) if index % 2 else piece for index, piece in enumerate(pieces)
    )
    text = re.sub(r"\b(?:12:00|12)\s*(?:noon|midday)\b", " 12:00 ", text)
    text = re.sub(r"\b(?:12:00|12)\s*midnight\b", " 00:00 ", text)
    text = re.sub(r"\b(?:noon|midday)\b", "12:00", text)
    text = re.sub(r"\bmidnight\b", "00:00", text)
    text = _TWELVE_HOUR.sub(_clock, text)
    text = _TWENTY_FOUR_HOUR.sub(_clock, text)
    text = _money(text)
    text = re.sub(r"\b(?:per\s+cent|percent|pct)\b", "%", text)
    return _TOKEN.findall(text)


def occurs(needle: list[str], hay: list[str]) -> bool:
    """Whether the tokens of `needle` stand in `hay` one after another; an empty needle occurs nowhere."""
    width = len(needle)
    return width > 0 and any(hay[start : start + width] == needle for start in range(len(hay) - width + 1))


def _undouble(word: str) -> str:
    return word[:-1] if len(word) > 3 and word[-1] == word[-2] and word[-1] not in "aeiousl" else word


def stem(word: str) -> str:
    """A light English stem: plural, -ing, -ed, -er and -ment go, so that hire, hires, hired and hiring meet."""
    if len(word) <= 3 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 4:
        word = word[:-3] + "y"
    elif word.endswith(("ches", "shes", "sses", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending, shortest in (("ing", 6), ("ed", 5), ("ment", 7), ("er", 6)):
        if word.endswith(ending) and len(word) >= shortest and re.search("[aeiouy]", word[: -len(ending)]):
            word = _undouble(word[: -len(ending)])
            break
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def is_number(token: str) -> bool:
    """Whether a token carries a figure: a number, a time, or a code such as ek7."""
    return any(character.isdigit() for character in token)


def content_stems(text: str) -> list[str]:
    """The stems of a text's content words, in order, repeats kept; figures stay, stop words and lone symbols go."""
    return [stem(token) for token in tokens(text) if token not in STOP_WORDS and (is_number(token) or len(token) > 1)]
