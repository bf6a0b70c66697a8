"""Freshness: one document indexed again is the index built afresh, and only that one tells the new fact."""

from __future__ import annotations

import json

import pytest

from lab.errors import BadInput
from lab.experiments import freshness
from lab.experiments.freshness import EXPERIMENT, Inputs, index_again, load_changes, other_change, run
from lab.experiments.measured import Measured
from lab.experiments.parts.questions import ALL
from lab.rag.build import IndexOptions, build_index
from lab.rag.collections import index_collection, shipped_documents
from lab.rag.documents import Document
from tests.experiments.fake_lab import no_models, quiet, quoting


def measure(inputs: Inputs, digests: list[str] | None = None) -> Measured:
    left = iter(digests or ["same"] * 99)
    with pytest.MonkeyPatch.context() as patch:
        no_models(patch)
        patch.setattr(freshness, "choose_model", lambda settings: quoting())
        patch.setattr(freshness, "hash_weights", lambda: next(left))
        return run(inputs, quiet)


@pytest.fixture(scope="module")
def result() -> Measured:
    return measure(Inputs(rebuilds=1))


def test_each_change_puts_the_new_fact_in_the_place_of_the_old_one() -> None:
    changes = load_changes(ALL)
    assert len(changes) == 30
    for change in changes:
        assert change.edit.find in change.before.text
        assert change.edit.find not in change.after.text
        assert change.edit.replace in change.after.text
        other = other_change(change, changes)
        assert other.collection == change.collection
        assert other.before.name != change.before.name


def test_indexing_one_document_again_makes_the_index_that_building_it_afresh_makes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    no_models(monkeypatch)
    change = load_changes("tarnmoor-help")[4]
    old = index_collection("tarnmoor-help")
    updated, seconds = index_again(old, change.after)
    documents = [change.after if item == change.before else item for item in shipped_documents("tarnmoor-help")]
    assert updated.fingerprint == build_index(documents, IndexOptions()).fingerprint != old.fingerprint
    assert 0 < seconds < 60
    with pytest.raises(BadInput, match=r"no document “nowhere\.md”"):
        index_again(old, Document("nowhere.md", "", "Text.", ""))


def test_only_the_changed_document_brings_the_new_fact(result: Measured) -> None:
    new, old, other = (result.of(arm, "tells-new").values for arm in ("new-index", "old-index", "other-document"))
    assert sum(new) >= 5
    assert sum(old) == sum(other) == 0
    assert result.of("old-index", "tells-old").values == result.of("other-document", "tells-old").values
    assert result.of("old-index", "tells-old").mean >= 0.5
    assert not any(told and old for told, old in zip(new, result.of("new-index", "tells-old").values, strict=True))
    assert result.of("new-index", "seconds").n == 10
    assert result.of("rebuild", "seconds").n == 1
    assert result.of("new-index", "weights-same").mean == 1


def test_weights_that_change_are_noticed_when_and_where() -> None:
    inputs = Inputs(n=3, rebuilds=1)
    assert measure(inputs, [*"aabaa"]).of("new-index", "weights-same").values == (1, 0, 1)
    assert measure(inputs, [*"aaaab"]).of("new-index", "weights-same").values == (1, 1, 0)


def test_a_result_can_be_read_again(result: Measured) -> None:
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert len(result.shown) == 15
    assert {row.arm for row in result.shown} == {"old-index", "new-index", "other-document"}


@pytest.mark.parametrize("inputs", [Inputs(n=0), Inputs(rebuilds=0)])
def test_numbers_that_cannot_work_are_refused(inputs: Inputs) -> None:
    with pytest.raises(BadInput, match="at least 1 of each"):
        run(inputs, quiet)
