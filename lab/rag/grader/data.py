"""Questions with graded passages, generated: invented collections of thirty trades, each fact stated in one and not in another.

A domain file says how a trade talks: kinds of things, their attributes, sentences (`s`) that state one, sentences (`d`) that
touch on it without stating it, questions (`q`) and key words (`k`). From it `make_groups` builds small collections, leaves
facts out at random, and asks every question of several collections: answerable in one, not in the other, in the same words.
So nothing about a question alone tells whether it can be answered.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from lab.errors import BadInput

DOMAINS = Path(__file__).parent / "domains"
VALIDATION_DOMAINS = frozenset(
    ("allotments", "theatre", "bank", "campsite", "dental laboratory", "radio station", "wine merchant")
)


@dataclass(frozen=True)
class Attribute:
    """What can be said of every thing of a kind: `value` says what its values look like (“days 5-35”)."""

    kind: str  # "-" for a fact about the whole place
    name: str
    value: str
    statements: tuple[str, ...]
    distractions: tuple[str, ...]
    questions: tuple[str, ...]


@dataclass(frozen=True)
class Entity:
    """A thing: “a picture book”, its plural where it has one, and the bare noun."""

    one: str
    many: str

    @property
    def noun(self) -> str:
        return re.sub(r"^(?:an?|the) ", "", self.one)


@dataclass(frozen=True)
class Kind:
    """Things that share attributes, with the heading they stand under."""

    name: str
    heading: str
    entities: tuple[Entity, ...]


@dataclass(frozen=True)
class Domain:
    """One trade, with the names of several houses in it."""

    name: str
    houses: tuple[str, ...]
    kinds: tuple[Kind, ...]
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True)
class Group:
    """One question and some passages of one collection; `labels[i]` is 1 when passage i answers it (all 0: unanswerable).

    `nature`: answerable | withheld (never stated here) | removed (stated, and the stating passages taken out).
    """

    domain: str
    question: str
    passages: tuple[str, ...]
    labels: tuple[int, ...]
    nature: str
    cosines: tuple[float, ...] = ()


@dataclass(frozen=True)
class _Passage:
    label: str
    body: str
    facts: frozenset[tuple[str, str]]

    @property
    def text(self) -> str:
        return f"{self.label}: {self.body}"


# ── Reading the domain files ──────────────────────────────────────────────────────────────────────────────────────────


def read_domains(folder: Path = DOMAINS) -> tuple[Domain, ...]:
    """All domains of a folder's text files; raises BadInput naming the line that cannot be read."""
    domains: list[Domain] = []
    for path in sorted(folder.glob("*.txt")):
        for block in re.split(r"(?m)^= ", path.read_text(encoding="utf-8"))[1:]:
            domains.append(_read_domain(block, path.name))
    if len({domain.name for domain in domains}) != len(domains):
        raise BadInput("Two domains have the same name. Rename one of them.")
    return tuple(domains)


def _read_domain(block: str, file: str) -> Domain:
    lines = [line.strip() for line in block.splitlines() if line.strip()]
    name, _, houses = lines[0].partition(" | ")
    kinds: list[Kind] = []
    attributes: list[tuple[str, str, str]] = []
    texts: list[dict[str, list[str]]] = []
    for line in lines[1:]:
        mark, _, rest = line.partition(" ")
        if mark == "%":
            label, _, things = rest.partition(": ")
            kind, _, heading = label.partition(" ")
            entities = []
            for thing in things.split("; "):
                one, _, many = thing.partition("|")
                entities.append(Entity(one, many))
            kinds.append(Kind(kind, heading, tuple(entities)))
        elif mark == "@" and rest.count(" | ") == 2:
            kind, attribute, value = rest.split(" | ")
            attributes.append((kind, attribute, value))
            texts.append({"s": [], "d": [], "q": []})
        elif mark in ("s", "d", "q", "k") and texts:
            texts[-1]["q" if mark == "k" else mark].append(rest)
        elif mark == "q:" or not rest:
            raise BadInput(f"{file}, domain “{name}”: the line “{line}” cannot be read.")
        elif texts and line.startswith("q"):
            texts[-1]["q"].append(rest)
        else:
            raise BadInput(f"{file}, domain “{name}”: the line “{line}” cannot be read.")
    known = {kind.name for kind in kinds} | {"-"}
    read = []
    for (kind, attribute, value), text in zip(attributes, texts, strict=True):
        if kind not in known or not text["s"] or not text["q"]:
            raise BadInput(f"{file}, domain “{name}”: “{attribute}” needs a known kind, an s line and a q line.")
        read.append(Attribute(kind, attribute, value, tuple(text["s"]), tuple(text["d"]), tuple(text["q"])))
    return Domain(name, tuple(houses.split("; ")), tuple(kinds), tuple(read))


# ── Values ────────────────────────────────────────────────────────────────────────────────────────────────────────────

_FIRST = """Ada Bernard Carys Desmond Elspeth Farida Gwen Hamish Imogen Jonas Keziah Lorcan Maud Nikhil Odette Piers Quentin
Rosalind Stellan Tamsin Ulrich Verity Wilf Xanthe Yusuf Zadie Anneke Bogdan Clemence Dov Esme Fergus Greta Hugo""".split()
_LAST = """Abery Bexfield Crundall Dunnock Eastop Fairlamb Gorringe Hathersall Ivory Jellicoe Kettlewell Lazenby Mossop
Nightingale Oyelaran Pardew Quarmby Rainbird Sixsmith Tindale Underhay Vantongeren Wigram Yarwood Zamoyski Achterberg
Brightmore Castellan Drinkwater Egerton Fothergill""".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_MONTHS = "January February March April May June July August September October November December".split()
_WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()


def _count(number: int, rng: random.Random) -> str:
    return _WORDS[number] if number < len(_WORDS) and rng.random() < 0.5 else str(number)


def make_value(recipe: str, rng: random.Random) -> str:
    """One value as it stands in a text, of what the domain file asked for (“days 5-35”, “person”, “pick a; b”)."""
    sort, _, rest = recipe.partition(" ")
    if sort == "pick":
        return rng.choice(rest.split("; "))
    if sort == "person":
        return f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"
    if sort == "day":
        return rng.choice(_DAYS)
    if sort == "month":
        return rng.choice(_MONTHS)
    if sort == "date":
        return f"{rng.randint(1, 28)} {rng.choice(_MONTHS)}"
    if sort == "ext":
        return str(rng.randint(201, 989))
    span, _, unit = rest.partition(" ")
    low, high = (int(part) for part in span.split("-"))
    number = rng.randint(low, high)
    if sort == "money":
        pence = rng.choice(("", "", "", ".50", ".25", ".75", ".95", ".20")) if high < 200 else ""
        return f"£{number if number < 1000 else format(number, ',')}{pence}"
    if sort == "pence":
        return f"{number}p"
    if sort == "pct":
        return f"{number}{rng.choice(('%', '%', ' per cent'))}"
    if sort == "clock":
        minutes = rng.choice(("", "", ":30", ":15", ":45"))
        if rng.random() < 0.3:
            return f"{number:02d}{minutes or ':00'}"
        return f"{number if number <= 12 else number - 12}{minutes} {'am' if number < 12 else 'pm'}"
    if sort == "times":
        return {1: "once", 2: "twice"}.get(number, f"{_count(number, rng)} times")
    if sort == "years-ad":
        return str(number)
    unit = unit or sort
    if number == 1:
        unit = unit.removesuffix("s")
    return f"{_count(number, rng)} {unit}"


# ── Writing a collection ──────────────────────────────────────────────────────────────────────────────────────────────

# Everything named and nothing said: the hardest passages to tell from an answer.
_EVASIONS = (
    "{Attribute} of {x}: please ask at the desk.",
    "{x}: the {attribute} will be announced in spring.",
    "The {attribute} for {x} depends on the season.",
    "For {x}, the {attribute} is shown on the notice board.",
    "We have changed the {attribute} of {x}, so do check before you come.",
    "Questions about {x} and the {attribute}? Write to us.",
    "The {attribute} of {x} has not been settled yet.",
    "You will be told the {attribute} when you ask for {x}.",
    "Please note the {attribute} for {x}.",
    "The {attribute} of {x} is the same for everybody.",
    "Not everybody likes the {attribute} of {x}.",
)
_FILLERS = (
    "We look forward to seeing you.",
    "Please read this page with care, and ask if anything is unclear.",
    "Our staff are glad to help on {n} days a week.",
    "This page was last changed in {month}.",
    "{person} answers letters about this page.",
    "In {year} we moved into the present building.",
    "You can reach us by telephone on extension {n}{n}{n}.",
    "Prices include tax.",
    "Our accounts are looked after by {person}.",
    "Call us before {n} pm if you are unsure.",
    "We were given a prize for it in {year}.",
    "About {n}00 people used it last year.",
    "It was a gift of {person}.",
    "Complaints go to {person}, who writes back within {n} days.",
    "We close for {n} days over the new year.",
)
_OLD = ("Until {year}: ", "Old rule, no longer in force: ", "Before {year} it was different. ", "In {year}, ")
_TITLES = ("{house}", "{heading}", "{heading}", "{heading}", "{heading} and more", "{heading} | {house}",
           "Visitors' guide", "Questions and answers", "{house}: {heading}",
           "House rules", "Your guide to {heading}", "Good to know", "Handbook")  # fmt: skip

TRAINING_OPENINGS = (
    "Hello,", "Hi there,", "Quick question:", "Sorry if this is on your website somewhere, but",
    "My mother asked me to find out:", "I rang and nobody answered, so I'm writing.",
    "We'll be there with two small children and a pram.", "Can you help?", "I am new in town.",
    "Last time there was some confusion about it.", "It's my first time.", "Thanks for a lovely visit last week!",
    "I've looked everywhere and can't find it.", "My friend says one thing and my husband another.",
    "For the sake of planning:", "I hope I've come to the right place.", "We're on a tight budget this year.",
    "I don't have much time.",
)  # fmt: skip
VALIDATION_OPENINGS = (
    "Good morning,", "One more thing:", "My neighbour told me about you.", "I tried your website on my phone and gave up.",
    "Bear with me.", "I was with you two years ago and much may have changed.",
)  # fmt: skip
_ENDINGS = ("Thanks!", "Thank you.", "Cheers", "Please let me know.", "It's rather urgent.", "Many thanks in advance.")


def _sentence(text: str) -> str:
    text = " ".join(text.split())
    return text[:1].upper() + text[1:]


def fill(template: str, entity: Entity | None, value: str = "", *, pronoun: bool = False) -> str:
    """A template with the thing and the value put in, as a sentence that begins with a capital."""
    if entity is not None:
        template = template.replace("{xs}", entity.many or entity.one).replace("{n}", entity.noun)
        template = template.replace("{x}", "it" if pronoun else entity.one)
    return _sentence(template.replace("{v}", value))


class _Writer:
    """One invented collection: which facts it states, and the passages that do."""

    def __init__(self, domain: Domain, rng: random.Random) -> None:
        self.domain, self.rng = domain, rng
        self.house = rng.choice(domain.houses)
        self.passages: list[_Passage] = []
        self.asked: list[tuple[Entity | None, Attribute, bool]] = []  # (thing, attribute, stated)
        for kind in domain.kinds:
            self._write_kind(kind)
        self._write_facts()
        for _ in range(rng.randint(2, 6)):
            self._add(self._title("Contact"), self._filled(rng.choice(_FILLERS)))
        self._join_some()

    def _title(self, heading: str) -> str:
        return self.rng.choice(_TITLES).format(house=self.house, heading=heading)

    def _filled(self, template: str) -> str:
        return template.format(
            n=self.rng.randint(2, 9),
            month=self.rng.choice(_MONTHS),
            year=self.rng.randint(1950, 2024),
            person=make_value("person", self.rng),
        )

    def _add(self, label: str, text: str, *facts: tuple[str, str]) -> None:
        self.passages.append(_Passage(label, text, frozenset(facts)))

    def _write_kind(self, kind: Kind) -> None:
        rng = self.rng
        attributes = [attribute for attribute in self.domain.attributes if attribute.kind == kind.name]
        if not attributes:
            return
        present = [entity for entity in kind.entities if rng.random() < 0.8]
        absent = {attribute.name for attribute in attributes if rng.random() < 0.2}
        stated: dict[tuple[Entity, Attribute], str] = {}
        for entity in kind.entities:
            for attribute in attributes:
                told = entity in present and attribute.name not in absent and rng.random() < 0.75
                self.asked.append((entity, attribute, told))
                if told:
                    stated[entity, attribute] = make_value(attribute.value, rng)
        layout = rng.choice(("attribute", "entity", "table", "list", "mixed", "mixed"))
        title = self._title(kind.heading)
        in_table = [
            attribute for attribute in attributes if layout == "table" or (layout == "mixed" and rng.random() < 0.35)
        ]
        in_list = [
            attribute
            for attribute in attributes
            if attribute not in in_table and (layout == "list" or (layout == "mixed" and rng.random() < 0.3))
        ]
        if in_table:
            self._write_table(title, kind, present, in_table, stated)
        style = rng.choice(("colon", "sentence", "dash"))
        for attribute in in_list:
            for entity in present:
                value = stated.get((entity, attribute))
                if value:
                    text = {"colon": f"{entity.noun}: {value}", "dash": f"{entity.noun} – {value}"}.get(style)
                    text = text or fill(rng.choice(attribute.statements), entity, value)
                    self._add(f"{title}, {attribute.name}", _sentence(text), (entity.one, attribute.name))
        for entity in kind.entities:
            by_entity = layout == "entity" or (layout == "mixed" and rng.random() < 0.3)
            for attribute in attributes:
                heading = entity.noun if by_entity else rng.choice((attribute.name, attribute.name, kind.heading))
                label = f"{title}, {_sentence(heading)}"
                fact = (entity.one, attribute.name)
                value = stated.get((entity, attribute), "")
                if value and attribute not in in_table and attribute not in in_list:
                    template = rng.choice(attribute.statements)
                    pronoun = by_entity and "{xs}" not in template and rng.random() < 0.6
                    text = fill(template, entity, value, pronoun=pronoun)
                    if rng.random() < 0.1:  # a page of questions and answers
                        label = f"{title}, {fill(rng.choice(attribute.questions), entity).rstrip('?')}"
                    self._add(label, text, fact)
                if entity in present and attribute.distractions and rng.random() < (0.15 if value else 0.3):
                    self._add(label, fill(rng.choice(attribute.distractions), entity))
                if entity in present and rng.random() < (0.05 if value else 0.3):
                    evasion = rng.choice(_EVASIONS)
                    named = evasion.replace("{attribute}", attribute.name.lower()).replace(
                        "{Attribute}", attribute.name
                    )
                    self._add(label, fill(named, entity))
                self._write_old(title, entity, attribute, value)

    def _write_old(self, title: str, entity: Entity | None, attribute: Attribute, value: str) -> None:
        """Now and then, what used to hold: it answers nothing that is asked today."""
        rng = self.rng
        if rng.random() > 0.06:
            return
        year = rng.randint(2012, 2023)
        old = make_value(attribute.value, rng)
        if old == value:
            return
        text = fill(rng.choice(attribute.statements), entity, old)
        if rng.random() < 0.5:
            self._add(f"{title} {year} (no longer valid), {attribute.name}", text)
        else:
            opening = rng.choice(_OLD).format(year=year)
            self._add(f"{title}, {attribute.name}", opening + text)

    def _write_table(
        self,
        title: str,
        kind: Kind,
        present: Sequence[Entity],
        attributes: Sequence[Attribute],
        stated: dict[tuple[Entity, Attribute], str],
    ) -> None:
        style = self.rng.choice(("columns", "columns", "columns", "titled", "short"))
        first = self.rng.choice(("Name", kind.heading, kind.name.capitalize(), "Description"))
        label = title if self.rng.random() < 0.5 else f"{title}, {kind.heading}"
        blank = self.rng.choice(("–", "n/a", "", "on request"))
        for entity in present:
            cells = [(attribute, stated.get((entity, attribute), "")) for attribute in attributes]
            facts = [(entity.one, attribute.name) for attribute, value in cells if value]
            shown = [(attribute.name, value or blank) for attribute, value in cells if value or blank]
            if style == "short":
                text = f"{_sentence(entity.noun)}: " + ", ".join(f"{name.lower()} {value}" for name, value in shown)
            else:
                text = f"{first}: {_sentence(entity.noun)}; " + "; ".join(f"{name}: {value}" for name, value in shown)
            self._add(f"{label}, {_sentence(entity.noun)}" if style == "titled" else label, text, *facts)

    def _write_facts(self) -> None:
        rng = self.rng
        for attribute in (one for one in self.domain.attributes if one.kind == "-"):
            told = rng.random() < 0.55
            self.asked.append((None, attribute, told))
            label = f"{self._title(attribute.name)}, {rng.choice((attribute.name, 'Good to know', 'Rules'))}"
            value = make_value(attribute.value, rng) if told else ""
            if told:
                form = rng.random()
                if form < 0.12:
                    self._add(label, f"{attribute.name}: {value}", ("", attribute.name))
                else:
                    if form > 0.92:
                        label = f"{self.house}, {rng.choice(attribute.questions).rstrip('?')}"
                    text = fill(rng.choice(attribute.statements), None, value)
                    if rng.random() < 0.15:
                        text = f"{self._filled(rng.choice(_FILLERS))} {text}"
                    self._add(label, text, ("", attribute.name))
            if rng.random() < (0.3 if told else 0.75) and attribute.distractions:
                self._add(label, fill(rng.choice(attribute.distractions), None))
            if not told and rng.random() < 0.2:
                evasion = rng.choice(_EVASIONS[1:]).replace("of {x}", "here").replace("for {x}", "with us")
                named = evasion.replace("{attribute}", attribute.name.lower()).replace("{x}", self.house)
                self._add(label, _sentence(named))
            self._write_old(self._title(attribute.name), None, attribute, value)

    def _join_some(self) -> None:
        """Longer chunks too: two neighbours under one label become one passage."""
        joined: list[_Passage] = []
        for passage in self.passages:
            before = joined[-1] if joined else None
            if before and before.label == passage.label and len(before.body) < 160 and self.rng.random() < 0.25:
                stop = "" if before.body.endswith((".", "!", "?")) else "."
                body = f"{before.body}{stop} {passage.body}"
                joined[-1] = _Passage(before.label, body, before.facts | passage.facts)
            else:
                joined.append(passage)
        self.passages = joined


def _ask(entity: Entity | None, attribute: Attribute, openings: Sequence[str], rng: random.Random) -> str:
    question = fill(rng.choice(attribute.questions), entity)
    chance = rng.random()
    if chance < 0.18:
        opening = rng.choice(openings)
        own_sentence = opening.endswith((".", "!", "?", ":")) or question.startswith(("I ", "I'"))
        question = f"{opening} {question if own_sentence else question[:1].lower() + question[1:]}"
    elif chance < 0.26:
        question = f"{question} {rng.choice(_ENDINGS)}"
    if rng.random() < 0.08:
        question = question.lower().rstrip("?")
    return question


Embed = Callable[[list[str]], "list[list[float]]"]


def make_groups(
    domains: Sequence[Domain],
    embed: Embed,
    *,
    seed: int,
    collections: int,
    passages: int = 5,
    questions: int = 45,
    openings: Sequence[str] = TRAINING_OPENINGS,
    swaps: bool = False,
) -> Iterator[Group]:
    """Groups of one question and up to `passages` passages, from `collections` invented collections of every domain.

    The passages are those that a search by cosine finds first (`embed` gives vectors of length 1), with the ones that
    answer put in where it missed them. About half of the groups hold no answer: the fact was left out of the collection,
    or its passages were taken out. `swaps` adds to half of the groups of a stated fact its own passage with another thing in
    the place of the one asked about. The same seed gives the same groups.
    """
    import numpy as np

    for domain in domains:
        rng = random.Random(f"{seed}/{domain.name}")
        swapping = random.Random(f"{seed}/{domain.name}/swaps")  # its own dice: the rest is the same without swaps
        for _ in range(collections):
            writer = _Writer(domain, rng)
            asked = rng.sample(writer.asked, min(questions, len(writer.asked)))
            wordings = [_ask(entity, attribute, openings, rng) for entity, attribute, _ in asked]
            texts = [passage.text for passage in writer.passages]
            vectors = np.asarray(embed(texts + wordings), dtype=np.float32)
            cosines = vectors[len(texts) :] @ vectors[: len(texts)].T  # questions × passages
            for row, (entity, attribute, _told), wording in zip(cosines, asked, wordings, strict=True):
                fact = (entity.one if entity else "", attribute.name)
                gold = [place for place, passage in enumerate(writer.passages) if fact in passage.facts]
                order = [int(place) for place in np.argsort(-row)]
                other = [place for place in order if place not in gold]
                nature = "answerable" if gold else "withheld"
                chosen = gold[:2] + other[: passages - len(gold[:2])]
                if gold and rng.random() < 0.15:
                    nature, chosen = "removed", other[:passages]
                elif rng.random() < 0.5:
                    chosen[-1] = rng.choice(other)
                chosen = list(dict.fromkeys(chosen))
                group = Group(
                    domain.name,
                    wording,
                    tuple(texts[place] for place in chosen),
                    tuple(int(place in gold) for place in chosen),
                    nature,
                    tuple(round(float(row[place]), 4) for place in chosen),
                )
                swapped = _swap(writer.passages[gold[0]].text, entity, domains, swapping) if swaps and gold else ""
                if swapped and swapping.random() < 0.5:
                    asked_vector = vectors[len(texts) + wordings.index(wording)]
                    cosine = round(float(asked_vector @ np.asarray(embed([swapped])[0], dtype=np.float32)), 4)
                    group = replace(
                        group,
                        passages=(*group.passages, swapped),
                        labels=(*group.labels, 0),
                        cosines=(*group.cosines, cosine),
                    )
                yield group


def _swap(text: str, entity: Entity | None, domains: Sequence[Domain], rng: random.Random) -> str:
    """The passage told of another thing, of the same kind or of any other trade; "" when it does not name its thing."""
    if entity is None:
        return ""
    mates = [kind for domain in domains for kind in domain.kinds if entity in kind.entities]
    kind = mates[0] if mates and rng.random() < 0.5 else rng.choice(rng.choice([d for d in domains if d.kinds]).kinds)
    other = rng.choice(kind.entities)
    if other.noun == entity.noun or entity.noun in other.one:
        return ""
    pairs = [(entity.many, other.many or other.one), (entity.one, other.one), (entity.noun, other.noun)]
    swapped = text
    for before, after in pairs:
        if before:
            swapped = re.sub(rf"(?i)\b{re.escape(before)}\b", partial(_like, new=after), swapped)
    return swapped if swapped != text else ""


def _like(old: re.Match[str], new: str) -> str:
    return _sentence(new) if old[0][:1].isupper() else new
