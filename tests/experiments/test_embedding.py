"""The trade's own words: the pages and questions are what they say they are, and each search is asked both ways."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import fields

import pytest

from lab.errors import BadInput
from lab.experiments.embedding import ARMS, EXPERIMENT, FOLDER, Inputs, draw_pairs, load_pages, run
from lab.experiments.measured import Measured
from lab.rag.build import IndexOptions, build_index, split_with
from lab.rag.measure import Relevance
from lab.rag.retrieve import retrieve
from lab.rag.words import content_stems
from tests.experiments.fake_lab import no_models, quiet
from tests.tuning.generated import load_generator

SPLITS = ("dev", "test")
EVERYDAY = "old lesser north south lower upper long double winter"  # words of terms that everybody uses


def measure(monkeypatch: pytest.MonkeyPatch, inputs: Inputs | None = None) -> Measured:
    no_models(monkeypatch)
    return run(inputs or Inputs(), quiet)


def test_the_files_are_those_that_the_generator_makes() -> None:
    made = load_generator(FOLDER).make_data()
    for name, text in made.items():
        assert (FOLDER / name).read_text(encoding="utf-8") == text, f"run make_data.py again: {name} differs"
    assert {f"documents/{path.name}" for path in (FOLDER / "documents").iterdir()} == {
        name for name in made if name.startswith("documents/")
    }


@pytest.mark.parametrize("split", SPLITS)
def test_every_fact_has_exactly_one_passage_and_is_asked_both_ways(split: str, monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    relevance = Relevance(build_index(load_pages()))
    pairs = draw_pairs(40, 0, split)
    assert len(pairs) == 40
    for plain, jargon in pairs:
        assert (plain.id, plain.parts) == (jargon.id, jargon.parts)
        assert plain.question != jargon.question
        assert [len(part) for part in relevance.of(jargon)] == [1], jargon.id


def test_dev_and_test_ask_for_other_facts_in_other_templates() -> None:
    pages = load_generator(FOLDER).read_pages()
    assert len(pages) == 13
    assert sum(len(page.facts) for page in pages) == 80
    for page in pages:
        assert page.asked["dev"] != page.asked["test"]
    facts = [(question.document, question.answers) for split in SPLITS for _, question in draw_pairs(40, 0, split)]
    assert len(set(facts)) == 80


def test_plain_questions_avoid_every_term_of_the_mill() -> None:
    pages = load_generator(FOLDER).read_pages()
    terms = {stem for page in pages for term, *_ in page.facts for stem in content_stems(term)}
    own = terms - set(content_stems(EVERYDAY))
    assert len(own) > 70
    for split in SPLITS:
        for plain, jargon in draw_pairs(40, 0, split):
            assert not own & set(content_stems(plain.question)), plain.question
            assert own & set(content_stems(jargon.question)), jargon.question


def test_every_page_names_its_things_in_words_too() -> None:
    texts = {document.name: document.text for document in load_pages()}
    for page in load_generator(FOLDER).read_pages():
        for term, words, _, value in page.facts:
            (line,) = [line for line in texts[page.file].split("\n") if value in line and term.casefold() in line.casefold()
                       and words in line]  # fmt: skip
            assert line.startswith("- ")


def test_each_search_is_asked_both_ways_and_counted_by_what_it_puts_first(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch)
    index = build_index(load_pages(), IndexOptions())
    relevance = Relevance(index)
    for side, figure in enumerate(("found-plain", "found-jargon")):
        questions = [pair[side] for pair in draw_pairs(40, 0, "dev")]
        for arm, retriever in (("minilm", "dense"), ("bm25", "bm25"), ("hybrid", "hybrid")):
            found = []
            for question in questions:
                hits = retrieve(index, question.question, 1, retriever=retriever)
                found.append(float(bool(hits) and hits[0].chunk.id in relevance.of(question)[0]))
            assert result.of(arm, figure).values == tuple(found)
        assert result.of("static", figure).values == result.of("minilm", figure).values  # one embedder stands for both
        assert result.of("random", figure).mean < 0.2
    assert result.of("bm25", "found-jargon").mean > 0.9 > result.of("bm25", "found-plain").mean


def test_more_passages_find_no_less(monkeypatch: pytest.MonkeyPatch) -> None:
    one, ten = measure(monkeypatch), measure(monkeypatch, Inputs(k=10))
    for arm in ARMS[:4]:
        for figure in ("found-plain", "found-jargon"):
            assert ten.of(arm.id, figure).mean >= one.of(arm.id, figure).mean
    assert ten.of("hybrid", "found-plain").mean > one.of("hybrid", "found-plain").mean


def test_a_result_can_be_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    result = measure(monkeypatch, Inputs(n=5))
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert Counter(row.arm for row in result.shown) == {arm.id: 4 for arm in ARMS}
    assert result.notes["passages"] == str(len(split_with(load_pages(), IndexOptions())))
    assert [arm.id for arm in result.arms if arm.control] == ["random"]


def test_every_input_says_what_it_is() -> None:
    for item in fields(Inputs):
        assert item.metadata["label"]
        assert item.metadata["help"]
        assert "range" in item.metadata or "options" in item.metadata


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(n=0), "Facts is 0; choose from 1 to 40"),
        (Inputs(n=41), "Facts is 41"),
        (Inputs(split="x"), "“x”"),
        (Inputs(k=0), "k is 0"),
    ],
)
def test_inputs_that_cannot_work_are_refused(inputs: Inputs, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        run(inputs, quiet)
