"""Writes train.jsonl, dev.jsonl and test.jsonl: a question, three pages that look alike, and the sentence that answers it.

`PYTHONPATH=. python sample_data/styles/answer-from-pages/make_data.py` rewrites them, with the same bytes each time.

The trades, with their sentences and questions, are those that the support check was trained on
(lab/rag/grader/domains): invented houses, none of them one of the lab's own collections. A trade belongs to one file
alone, and with it every sentence and every question about it.

One page states what is asked. The others tell the same of another thing, another matter of the same thing, or touch on
it without stating it. In a sixth of the cases of dev and test no page states it; in train there are fewer of those, for
with a sixth the model refused every second question about pages of another kind. In train some pages are notes
(“Price: £4.”) or rows of a table. Beside what a style needs, a line holds `passages`
(the pages one by one), `right` (the place of the one that answers, or null) and `misleading` (the other pages' values).
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

from lab.rag.grader.data import Attribute, Domain, Entity, fill, make_value, read_domains
from lab.rag.words import tokens

FOLDER = Path(__file__).parent
SEED = 20_261_120
SIZES = {"train": 1200, "dev": 60, "test": 60}
TRADES = {
    "dev": ("bike share", "cinema", "hostel", "energy supplier"),
    "test": ("ferry company", "museum", "garden centre", "coworking space", "driving school"),
}
LEFT_OUT = ("dental laboratory",)  # too near to the clinic of the lab's own collections
UNANSWERED_EVERY = {"train": 20, "dev": 6, "test": 6}
FORMS = {"sentences": 0.65, "notes": 0.15, "rows": 0.2}  # of the pages in train
ALONE = 0.1  # of the training cases, those with the right page alone
LONGEST = 25  # words of a sentence that is an answer
REFUSAL = "The pages do not say."
WORDS = "zero one two three four five six seven eight nine ten eleven twelve".split()

Page = tuple[str, str, str]  # label, the sentence with the value, the value; "" where the page states none


def choose_domains(split: str) -> list[Domain]:
    """The trades of one file."""
    kept = {name for names in TRADES.values() for name in names} | set(LEFT_OUT)
    domains = {domain.name: domain for domain in read_domains()}
    if split in TRADES:
        return [domains[name] for name in TRADES[split]]
    return [domain for name, domain in domains.items() if name not in kept]


def draw_value(rng: random.Random, attribute: Attribute, taken: set[str]) -> str:
    """A value that no other page of the case has."""
    value = make_value(attribute.value, rng)
    for _ in range(50):
        if compare_by(value) not in taken:
            break
        value = make_value(attribute.value, rng)
    taken.add(compare_by(value))
    return value


def write_note(rng: random.Random, title: str, attribute: Attribute, entity: Entity | None, taken: set[str]) -> Page:
    """A page that states an attribute in a few words: “Price: £4.”"""
    value = draw_value(rng, attribute, taken)
    heading = capitalise(entity.noun) if entity else "Good to know"
    return f"{title}, {heading}", f"{attribute.name}: {value}.", value


def write_row(
    rng: random.Random, title: str, attribute: Attribute, entity: Entity, columns: list[Attribute], taken: set[str]
) -> Page:
    """A page that is a row of a table; the value is that of the attribute."""
    cells = {column.name: draw_value(rng, column, taken) for column in columns}
    row = "; ".join(f"{name}: {value}" for name, value in cells.items())
    return title, f"Name: {capitalise(entity.noun)}; {row}.", cells[attribute.name]


def write_page(rng: random.Random, title: str, attribute: Attribute, entity: Entity | None, taken: set[str]) -> Page:
    """A page that states an attribute in a sentence."""
    value = draw_value(rng, attribute, taken)
    short = [text for text in attribute.statements if len(text.split()) <= LONGEST - 8] or attribute.statements
    template = rng.choice(short)
    value += "s" if "{v}s" in template else ""  # on Mondays
    template = template.replace("{v}s", "{v}")
    if entity is None:
        return f"{title}, {attribute.name}", fill(template, None, value), value
    if rng.random() < 0.2 and template.startswith("{x} "):
        return f"{title}, {capitalise(entity.noun)}", fill(template, entity, value, pronoun=True), value
    heading = rng.choice((attribute.name, capitalise(entity.noun)))
    return f"{title}, {heading}", fill(template, entity, value), value


def write_evasion(rng: random.Random, title: str, attribute: Attribute, entity: Entity | None) -> Page:
    """A page that touches on the attribute without stating it."""
    return f"{title}, {attribute.name}", fill(rng.choice(attribute.distractions), entity), ""


def capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def write_others(
    rng: random.Random, domain: Domain, title: str, attribute: Attribute, entity: Entity | None, taken: set[str]
) -> list[Page]:
    """Pages that resemble the right one, more of them than are needed, the most misleading first."""
    beside = [one for one in domain.attributes if one.kind == attribute.kind and one is not attribute]
    rng.shuffle(beside)
    others: list[Page] = []
    if entity is not None:
        kind = next(kind for kind in domain.kinds if kind.name == attribute.kind)
        entities = [one for one in kind.entities if one is not entity]
        rng.shuffle(entities)
        others += [write_page(rng, title, attribute, one, taken) for one in entities[:2]]
    sort = attribute.value.partition(" ")[0]
    beside.sort(key=lambda one: one.value.partition(" ")[0] != sort)
    about = [write_page(rng, title, one, entity, taken) for one in beside[:3]]
    if attribute.distractions:
        about.insert(rng.choice((0, 1, 1)), write_evasion(rng, title, attribute, entity))
    return others[:1] + (about[:1] + others[1:] if rng.random() < 0.6 else others[1:]) + about[1 if others else 0 :]


def write_aside(rng: random.Random, attribute: Attribute, entity: Entity | None, page: Page) -> str:
    """The whole page: its sentence, now and then with one beside it that states nothing."""
    label, sentence, _ = page
    if attribute.distractions and rng.random() < 0.3:
        aside = fill(rng.choice(attribute.distractions), entity)
        if aside != sentence:
            return f"{label}: {sentence} {aside}" if rng.random() < 0.6 else f"{label}: {aside} {sentence}"
    return f"{label}: {sentence}"


def say_otherwise(value: str) -> list[str]:
    """The value, and in words or figures the other way round."""
    first, space, rest = value.partition(" ")
    if value.endswith("days") and not space:
        return [value, value.removesuffix("s")]
    if first in WORDS:
        return [value, f"{WORDS.index(first)}{space}{rest}"]
    if first.isdigit() and int(first) < len(WORDS):
        return [value, f"{WORDS[int(first)]}{space}{rest}"]
    return [value]


def compare_by(value: str) -> str:
    """What two values are compared by: “three times” is “3 times”, “2 per cent” is “2%” and “6 pm” is “18:00”."""
    return " ".join(tokens(value))


def make_pages(
    rng: random.Random, domain: Domain, title: str, attribute: Attribute, entity: Entity | None, form: str
) -> tuple[Page, str, list[Page]]:
    """(the right page, the reply it gives, the others) in one of FORMS; a table where there are too few rows is notes."""
    taken: set[str] = set()
    columns = [one for one in domain.attributes if one.kind == attribute.kind]
    rivals = [one for kind in domain.kinds if kind.name == attribute.kind for one in kind.entities if one is not entity]
    if form == "rows" and entity is not None and len(rivals) >= 3 and len(columns) >= 2:
        gold = write_row(rng, title, attribute, entity, columns, taken)
        others = [write_row(rng, title, attribute, one, columns, taken) for one in rng.sample(rivals, 3)]
        return gold, f"{attribute.name}: {gold[2]}.", others
    if form == "sentences":
        gold = write_page(rng, title, attribute, entity, taken)
        return gold, gold[1], write_others(rng, domain, title, attribute, entity, taken)
    gold = write_note(rng, title, attribute, entity, taken)
    beside = [(one, entity) for one in columns if one is not attribute] + [(attribute, one) for one in rivals]
    chosen = rng.sample(beside, min(3, len(beside)))
    return gold, gold[1], [write_note(rng, title, one, about, taken) for one, about in chosen]


def make_case(
    rng: random.Random, domain: Domain, *, answered: bool, alone: bool, form: str = "sentences"
) -> dict[str, Any] | None:
    """One line without its id; None where the drawn sentence is too long or too few pages resemble it."""
    attribute = rng.choice(domain.attributes)
    kind = next((kind for kind in domain.kinds if kind.name == attribute.kind), None)
    entity = rng.choice(kind.entities) if kind else None
    title = rng.choice((kind.heading, kind.heading, rng.choice(domain.houses))) if kind else rng.choice(domain.houses)
    gold, reply, others = make_pages(rng, domain, title, attribute, entity, form)
    question = fill(rng.choice(attribute.questions), entity)
    if len(reply.split()) > LONGEST or len(others) < 3 or gold[2] in question:
        return None
    chosen = others[: (0 if alone else 2) if answered else 3]
    pages: list[tuple[str, bool]] = []
    if answered:
        whole = write_aside(rng, attribute, entity, gold) if form == "sentences" else f"{gold[0]}: {gold[1]}"
        pages.append((whole, True))
    pages += [(f"{label}: {sentence}", False) for label, sentence, _ in chosen]
    if len({text for text, _ in pages}) < len(pages):
        return None
    rng.shuffle(pages)
    texts = [text for text, _ in pages]
    return {
        "topic": domain.name,
        "template": f"{domain.name}/{attribute.name}",
        "text": texts[0] if alone else "\n".join(f"[{place}] {text}" for place, text in enumerate(texts, start=1)),
        "question": question,
        "reply": reply if answered else REFUSAL,
        "gold": say_otherwise(gold[2]) if answered else [],
        "passages": texts,
        "right": next((place for place, (_, holds) in enumerate(pages) if holds), None),
        "misleading": [value for _, _, value in chosen if value],
    }


def make_lines(split: str) -> list[dict[str, Any]]:
    """The lines of one file; no question about the same thing comes twice with the same pages."""
    rng = random.Random(f"{SEED} {split}")
    domains = choose_domains(split)
    rows: list[dict[str, Any]] = []
    seen: set[str] = set()
    while len(rows) < SIZES[split]:
        answered = len(rows) % UNANSWERED_EVERY[split] != 0
        alone = split == "train" and answered and rng.random() < ALONE
        form = rng.choices(list(FORMS), list(FORMS.values()))[0] if split == "train" else "sentences"
        row = make_case(rng, domains[len(rows) % len(domains)], answered=answered, alone=alone, form=form)
        if row is None or row["text"] in seen or (split != "train" and row["question"] in seen):
            continue
        seen |= {row["text"], row["question"]}
        rows.append(row)
    rng.shuffle(rows)
    digits = 4 if split == "train" else 3
    return [{"id": f"{split}-{number:0{digits}}"} | row for number, row in enumerate(rows, start=1)]


def render_lines(split: str) -> str:
    """The text of a split's file: one JSON object a line."""
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in make_lines(split))


if __name__ == "__main__":
    for split in SIZES:
        (FOLDER / f"{split}.jsonl").write_text(render_lines(split), encoding="utf-8", newline="\n")
