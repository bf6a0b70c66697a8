"""Writes train.jsonl, dev.jsonl and test.jsonl: notes to Cinder & Tongs, a made-up bench that repairs gas stoves.

`python sample_data/styles/repair-triage/make_data.py` rewrites the three files, with the same bytes each time.

A reply goes from what is reported to what is done next, and each step follows from the one before: the sign points to
a part, the part has a risk, and risk, part and guarantee say what comes next. The whole pattern is in PATTERN and in
style.yaml. The signs, parts and names of stoves are the same in every file, for they are the trade's own words.
How customers put a sign, how they tell of the guarantee, and the sentences round it belong to one file alone.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

FOLDER = Path(__file__).parent
SEED = 20_261_120
SIZES = {"train": 720, "dev": 60, "test": 60}
PATTERN = {  # sign → the part it points to
    "gas smell": "hose",
    "hissing": "hose",
    "stuck flame": "valve",
    "stiff knob": "valve",
    "smoke": "flue",
    "soot": "flue",
    "yellow flame": "jet",
    "weak flame": "jet",
    "no spark": "igniter",
    "slow clicking": "igniter",
    "wobble": "feet",
    "rattle": "feet",
}
HIGH = ("hose", "valve", "flue")  # the parts that can hurt somebody

# A line is: sign | the ways train puts it | dev's | test's; the ways are parted by semicolons.
SIGNS = """
gas smell | it smells of gas; there is a smell of gas near it; I can smell gas when I come in; we get a faint gas smell;
  a gas smell comes from the back; my wife smells gas in the morning
  | the hut smells of gas; there is a strong smell of gas
  | I smelled gas last night; a smell of gas hangs about
hissing | it hisses; there is a hissing noise; I hear hissing behind it; it keeps hissing after supper; it is hissing at
  the back; a hissing sound comes from below
  | it has begun to hiss; we hear a hissing sound
  | it hisses all evening; something is hissing underneath
stuck flame | the flame is stuck; the flame will not go out; the flame stays on; I cannot turn the flame off; the flame
  burns on when I switch it off; the flame is stuck on full
  | the flame stays on all night; I cannot get the flame to go out
  | the flame will not turn off; the flame is stuck and stays on
stiff knob | the knob is stiff; the knob hardly turns; the knob is hard to turn; I can barely turn the knob; the knob has
  gone stiff; it takes two hands to turn the knob
  | the knob is very stiff; the knob will not turn
  | I cannot turn the knob; the knob has become stiff
smoke | it smokes; there is smoke in the room; smoke comes out at the front; it fills the kitchen with smoke; we get smoke
  when it is lit; smoke drifts out of it
  | the room fills with smoke; it has started to smoke
  | smoke comes into the room; there is a lot of smoke
soot | there is soot on the wall; it leaves soot on the pans; soot falls out of it; I find soot round it; the wall is
  black with soot; it makes a lot of soot
  | soot lies on the floor; I wipe off soot every day
  | there is soot on the ceiling; it leaves soot everywhere
yellow flame | the flame is yellow; the flame burns yellow; the flame has turned yellow; I see a yellow flame; it has a
  yellow flame now; the flame looks yellow and tall
  | the flame went yellow; there is a yellow flame
  | the flame comes out yellow; it burns with a yellow flame
weak flame | the flame is weak; the flame is very small; the flame has got weak; I only get a small flame; the flame is
  too weak to boil water; there is just a weak little flame
  | it has a weak flame; the flame stays small
  | the flame has become weak; we only get a weak flame
no spark | there is no spark; it gives no spark; it will not spark; I press the button and see no spark; the spark is
  gone; no spark comes at all
  | it does not spark; there has been no spark
  | we get no spark; the spark has gone
slow clicking | it clicks slowly; the clicking is slow; it gives slow clicks; it clicks very slowly before it lights; the
  clicks come slowly; the clicking has become slow
  | it only clicks slowly; the clicking got slow
  | I hear slow clicking; the clicks are slow
wobble | it wobbles; it stands with a wobble; it has a wobble; it wobbles when I stir; it has begun to wobble; the whole
  thing wobbles
  | it wobbles on the floor; there is a wobble
  | it wobbles badly; I notice a wobble
rattle | it rattles; there is a rattle; it rattles when a cart goes by; I hear a rattle from below; it has a rattle; it has
  begun to rattle
  | it rattles all day; we hear a rattle
  | it rattles on the floor; there is a loud rattle
"""
# covered by the guarantee, or not: the ways of train, dev and test
GUARANTEE = {
    True: (
        "It is still under guarantee.; The guarantee is still good.; I have a valid guarantee.; "
        "It is under guarantee until spring.; The guarantee still runs.; We are still within the guarantee.",
        "It is under guarantee.; My guarantee still holds.",
        "The guarantee is still valid.; It is still within its guarantee.",
    ),
    False: (
        "It is out of guarantee.; The guarantee has ended.; There is no guarantee any more.; "
        "The guarantee ran out last year.; It has no guarantee.; I have no guarantee for it.",
        "The guarantee is over.; We have no guarantee.",
        "The guarantee has run out.; There is no guarantee on it.",
    ),
}
# {sign} is the complaint, {Sign} the same at the beginning of a sentence, {guarantee} a sentence of its own.
FRAMES = {
    "train": (
        "Hello, I have a {stove} and {sign}. {guarantee}",
        "{Sign}. It is a {stove}. {guarantee}",
        "My {stove} needs help: {sign}. {guarantee} Thanks, {name}",
        "Good morning. Since {day} {sign}. {guarantee} The stove is a {stove}.",
        "{guarantee} My {stove} was fine until {day}. Now {sign}.",
        "Dear bench, {sign}. {guarantee} It is the {stove} in our {place}. {name}",
        "We use a {stove} in the {place}. {Sign}. {guarantee}",
        "I bought a {stove} from you. {guarantee} Lately {sign}.",
        "{stove}, {place}. {Sign}. {guarantee}",
        "Please look at our {stove}. {Sign}, and nothing I try helps. {guarantee}",
        "{name} here. {guarantee} With my {stove} {sign}.",
        "Whenever we cook, {sign}. It is a {stove}. {guarantee} Yours, {name}",
        "Can you take in a {stove} on {day}? {Sign}. {guarantee}",
        "A question about my {stove}. {guarantee} {Sign}. What now?",
        "My aunt's {stove} stands in the {place}, and {sign}. {guarantee}",
        "Hi! {Sign}. {guarantee} I could bring the {stove} on {day}.",
    ),
    "dev": (
        "Our {stove} is in trouble. {Sign}. {guarantee}",
        "Greetings from the {place}. {guarantee} With the {stove} {sign}.",
        "On {day} I noticed that {sign}. {guarantee} The make is {stove}. {name}",
        "{Sign}. {guarantee} When may I bring you the {stove}?",
        "This is {name}. {Sign}. {guarantee} It happens with our {stove}.",
    ),
    "test": (
        "I am writing about a {stove}. {Sign}. {guarantee}",
        "{guarantee} Even so, {sign}. We are talking of a {stove} in a {place}.",
        "Could somebody see to the {stove} of {name}? {Sign}. {guarantee}",
        "It began on {day}: {sign}. {guarantee} The stove is called {stove}.",
        "Evening all. {Sign}. {guarantee} Our {stove} was a present.",
    ),
}
STOVES = ("Ember Two", "Ember Six", "Pilgrim", "Little Bear", "Tarn Cook", "Hollin", "Moorland", "Cricket")
NAMES = (
    "Ada Bram Clara Dunstan Edda Fergus Greta Hamza Iris Jonah Kezia Lorcan Maud Nils Orla Percy Rhoda Silas".split()
)
PLACES = ("kitchen", "cabin", "barge", "van", "shed", "guest house", "boat house", "old mill")
DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()


def read_signs(split: str) -> dict[str, list[str]]:
    """Sign → the ways in which customers of that file put it."""
    found: dict[str, list[str]] = {}
    for entry in re.split(r"\n(?! )", SIGNS.strip()):
        sign, *ways = (" ".join(part.split()) for part in entry.split("|"))
        found[sign] = ways[list(SIZES).index(split)].split("; ")
    return found


def follow_pattern(sign: str, guaranteed: bool) -> dict[str, str]:
    """The four values that the trade's rules give."""
    part = PATTERN[sign]
    high = part in HIGH
    deed = f"{'swap' if high else 'clean'} the {part}, {'free' if guaranteed else 'quote first'}"
    return {"Sign": sign, "Part": part, "Risk": "high" if high else "low", "Next": deed}


def write_reply(gold: dict[str, str]) -> str:
    """The four numbered lines."""
    return "\n".join(f"{number}. {label}: {value}" for number, (label, value) in enumerate(gold.items(), start=1))


def draw_note(rng: random.Random, split: str, sign: str, guaranteed: bool) -> tuple[str, str]:
    """(template, note): a frame of the file with one of its ways of putting the sign and the guarantee."""
    at = list(SIZES).index(split)
    frame = rng.choice(FRAMES[split])
    way = rng.choice(read_signs(split)[sign])
    slots = {
        "sign": way,
        "Sign": way[0].upper() + way[1:],
        "guarantee": rng.choice(GUARANTEE[guaranteed][at].split("; ")),
        "stove": rng.choice(STOVES),
        "name": rng.choice(NAMES),
        "place": rng.choice(PLACES),
        "day": rng.choice(DAYS),
    }
    return f"{split}-{FRAMES[split].index(frame) + 1:02}: {way}", frame.format(**slots)


def make_lines(split: str) -> list[dict[str, object]]:
    """The lines of one file: every sign equally often, half of the stoves under guarantee."""
    rng = random.Random(f"{SEED} {split}")
    rows: list[dict[str, object]] = []
    seen: set[str] = set()
    signs = list(PATTERN)
    while len(rows) < SIZES[split]:
        sign = signs[len(rows) % len(signs)]
        guaranteed = (len(rows) // len(signs) + len(rows)) % 2 == 0
        template, text = draw_note(rng, split, sign, guaranteed)
        if text.casefold() in seen:
            continue
        seen.add(text.casefold())
        gold = follow_pattern(sign, guaranteed)
        rows.append(
            {"topic": gold["Part"], "template": template, "text": text, "reply": write_reply(gold), "gold": gold}
        )
    rng.shuffle(rows)
    digits = 4 if split == "train" else 3
    return [{"id": f"{split}-{number:0{digits}}"} | row for number, row in enumerate(rows, start=1)]


def render_lines(split: str) -> str:
    """The text of a split's file: one JSON object a line."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in make_lines(split))


if __name__ == "__main__":
    for split in SIZES:
        (FOLDER / f"{split}.jsonl").write_text(render_lines(split), encoding="utf-8", newline="\n")
