"""The grader: honest training data, weights that are checked before use, grades that order passages, and verdicts."""

from __future__ import annotations

import json
import math
import random
import shutil
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from safetensors.numpy import load, save

from lab.errors import BadInput
from lab.rag.grader.data import VALIDATION_DOMAINS, fill, make_groups, make_value, read_domains
from lab.rag.grader.grader import RECORD_NAME, SHIPPED, WEIGHTS_NAME, Grader, get_grader, read_weights
from lab.rag.grader.model import encode_pair, make_tokenizer, tensor_shapes
from lab.rag.grader.verdict import Thresholds, judge
from lab.rag.index import Hit
from lab.rag.rerank import rerank_hits
from lab.rag.split import Chunk

DOMAINS = read_domains()


def embed(texts: list[str]) -> list[list[float]]:
    """Unit vectors that depend on nothing but the text, and mean nothing."""
    vectors = np.array([[random.Random(f"{text}{place}").gauss(0, 1) for place in range(8)] for text in texts])
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).tolist()


def hit(text: str, rank: int, score: float) -> Hit:
    chunk = Chunk(f"a.md#{rank}", "a.md", "Shop", (), 0, len(text), text)
    return Hit(rank, chunk, score, f"Shop: {text}")


# ── Data ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_many_trades_and_none_of_the_shipped_collections() -> None:
    names = {domain.name for domain in DOMAINS}
    assert len(names) >= 24
    text = " ".join(names | {house for domain in DOMAINS for house in domain.houses}).lower()
    for shipped in ("outdoor", "outfitter", "tarnmoor", "handbook", "quillhaven", "clinic", "fernwick"):
        assert shipped not in text


def test_validation_domains_exist_and_leave_most_for_training() -> None:
    names = {domain.name for domain in DOMAINS}
    assert 5 <= len(names & VALIDATION_DOMAINS) <= len(names) / 2


@pytest.mark.parametrize("domain", DOMAINS, ids=lambda domain: domain.name)
def test_every_sentence_and_question_is_filled_in_completely(domain) -> None:
    rng = random.Random(0)
    kinds = {kind.name: kind for kind in domain.kinds}
    for attribute in domain.attributes:
        things = kinds[attribute.kind].entities if attribute.kind in kinds else (None,)
        for thing in things:
            value = make_value(attribute.value, rng)
            for template in attribute.statements:
                assert value in fill(template, thing, value) or value[:1].upper() + value[1:] in fill(
                    template, thing, value
                )
            for template in (*attribute.statements, *attribute.distractions, *attribute.questions):
                assert "{" not in fill(template, thing, value)


def test_the_same_seed_gives_the_same_groups_and_another_seed_others() -> None:
    first, again, other = (list(make_groups(DOMAINS[:2], embed, seed=seed, collections=1)) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_same_question_is_answered_in_one_collection_and_not_in_another() -> None:
    outcomes: dict[str, set[bool]] = defaultdict(set)
    groups = list(make_groups(DOMAINS[:1], embed, seed=0, collections=40))
    for group in groups:
        outcomes[group.question].add(any(group.labels))
    counts = [outcomes[group.question] for group in groups]
    assert sum(len(outcome) == 2 for outcome in counts) > len(groups) / 2
    share = sum(any(group.labels) for group in groups) / len(groups)
    assert 0.35 < share < 0.65


def test_groups_say_truly_whether_a_passage_answers_and_never_contradict_themselves() -> None:
    for group in make_groups(DOMAINS[:3], embed, seed=3, collections=2):
        assert any(group.labels) == (group.nature == "answerable")
        assert len(group.passages) == len(group.labels) == len(group.cosines)
        answering = {text for text, label in zip(group.passages, group.labels, strict=True) if label}
        assert not answering & {text for text, label in zip(group.passages, group.labels, strict=True) if not label}


def test_a_passage_told_of_another_thing_is_added_as_a_near_miss_and_changes_nothing_else() -> None:
    plain = list(make_groups(DOMAINS[:2], embed, seed=4, collections=1))
    swapped = list(make_groups(DOMAINS[:2], embed, seed=4, collections=1, swaps=True))
    assert [group.question for group in plain] == [group.question for group in swapped]
    added = 0
    for before, after in zip(plain, swapped, strict=True):
        assert after.passages[: len(before.passages)] == before.passages
        assert after.labels == before.labels + (0,) * (len(after.passages) - len(before.passages))
        added += len(after.passages) - len(before.passages)
    assert added >= 5


# ── Weights ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def copy_shipped(folder: Path) -> Path:
    for name in (WEIGHTS_NAME, RECORD_NAME):
        shutil.copy(SHIPPED / name, folder / name)
    return folder


def write(folder: Path, content: bytes) -> None:
    import hashlib

    (folder / WEIGHTS_NAME).write_bytes(content)
    record = {"sha256": hashlib.sha256(content).hexdigest()}
    (folder / RECORD_NAME).write_text(json.dumps(record), encoding="utf-8")


def test_the_shipped_weights_are_small_and_fit_the_network() -> None:
    tensors, digest = read_weights(SHIPPED)
    assert {name: tensor.shape for name, tensor in tensors.items()} == tensor_shapes()
    assert get_grader().fingerprint == digest[:12]
    assert (SHIPPED / WEIGHTS_NAME).stat().st_size < 5_000_000


def test_changed_weights_are_refused(tmp_path: Path) -> None:
    copy_shipped(tmp_path)
    content = bytearray((tmp_path / WEIGHTS_NAME).read_bytes())
    content[-1] ^= 1
    (tmp_path / WEIGHTS_NAME).write_bytes(bytes(content))
    with pytest.raises(BadInput, match="not the file that was trained"):
        read_weights(tmp_path)


def test_a_pickle_under_our_name_is_refused_and_not_run(tmp_path: Path) -> None:
    import pickle

    class Harm:
        def __reduce__(self) -> tuple[object, tuple[str]]:
            return (open, (str(tmp_path / "harm"), "w"))  # type: ignore[return-value]

    write(tmp_path, pickle.dumps(Harm()))
    with pytest.raises(BadInput, match="not a whole safetensors file"):
        read_weights(tmp_path)
    assert not (tmp_path / "harm").exists()


@pytest.mark.parametrize("change", ["missing", "shape", "extra", "nan"])
def test_weights_of_another_network_are_refused(tmp_path: Path, change: str) -> None:
    tensors = load((SHIPPED / WEIGHTS_NAME).read_bytes())
    if change == "missing":
        del tensors["head.out.bias"]
    elif change == "shape":
        tensors["head.out.bias"] = np.zeros(2, np.float16)
    elif change == "extra":
        tensors["surprise"] = np.zeros(2, np.float16)
    else:
        tensors["head.out.bias"] = np.array([np.nan], np.float16)
    write(tmp_path, save(tensors))
    with pytest.raises(BadInput, match=r"another network|no number"):
        read_weights(tmp_path)


def test_missing_weights_say_how_to_get_them(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"python -m lab\.rag\.grader train"):
        Grader(tmp_path).grade("Who?", ["Shop: Ada."], [0.5])


# ── Grades ────────────────────────────────────────────────────────────────────────────────────────────────────────────

QUESTION = "How much does a late kite cost per day?"
ANSWER = "Kite library, Charges: A late kite costs £2.50 a day."
OTHERS = [
    "Kite library, Charges: A late balloon costs £4 a day.",
    "Kite library, Kites: A kite can be borrowed for nine days.",
    "Kite library, Charges: Please bring kites back on time, because somebody else may be waiting.",
    "Kite library, Contact: Wilf Mossop looks after the kites.",
]


def test_the_passage_that_answers_is_graded_above_near_misses() -> None:
    logits = get_grader().grade(QUESTION, [*OTHERS, ANSWER], [0.6] * 5)
    assert int(np.argmax(logits)) == 4


def test_grades_do_not_depend_on_what_else_is_in_the_batch_or_on_the_thread() -> None:
    grader = get_grader()
    passages, cosines = [ANSWER, *OTHERS], [0.7, 0.6, 0.5, 0.4, 0.3]
    together = grader.grade(QUESTION, passages, cosines)
    with ThreadPoolExecutor(4) as pool:
        alone = list(
            pool.map(lambda pair: grader.grade(QUESTION, [pair[0]], [pair[1]])[0], zip(passages, cosines, strict=True))
        )
    assert together == pytest.approx(alone, abs=0.1)  # bfloat16, where the processor has it


def test_a_higher_cosine_never_lowers_a_grade() -> None:
    low, high = get_grader().grade(QUESTION, [ANSWER, ANSWER], [0.4, 0.6])
    assert high > low


def test_no_passages_no_grades_and_a_missing_cosine_is_a_mistake() -> None:
    assert get_grader().grade(QUESTION, [], []) == []
    with pytest.raises(ValueError, match="1 passages and 0 cosines"):
        get_grader().grade(QUESTION, [ANSWER], [])


def test_very_long_and_empty_texts_are_graded_too() -> None:
    logits = get_grader().grade("why " * 3000 + "?", ["word " * 5000, ""], [0.1, 0.0])
    assert all(math.isfinite(logit) for logit in logits)


def test_a_long_story_keeps_its_question_at_the_end() -> None:
    tokenizer = make_tokenizer()
    ids, second = encode_pair(tokenizer, "We walked for hours. " * 50 + "How much is a kite?", ANSWER)
    assert "how much is a kite?" in tokenizer.decode(ids[:second])
    assert "costs" in tokenizer.decode(ids[second:])


# ── Verdicts ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("logits", "decision", "sure", "rank"),
    [([-5.0, -3.0], False, False, 2), ([-1.0, -4.0], True, False, 1), ([-4.0, -1.0, 2.0], True, True, 3)],
)
def test_two_thresholds_make_refuse_not_sure_and_answer(
    logits: list[float], decision: bool, sure: bool, rank: int
) -> None:
    verdict = judge(logits, Thresholds(refuse=-2.0, sure=0.0))
    assert (verdict.decision, verdict.sure, verdict.best_rank, verdict.score) == (decision, sure, rank, max(logits))
    assert verdict.reason


def test_nothing_found_is_a_refusal() -> None:
    verdict = judge([], Thresholds(refuse=-2.0, sure=0.0))
    assert not verdict.decision
    assert verdict.best_rank is None
    assert "no passages" in verdict.reason


def test_reranking_puts_the_answer_first_and_keeps_every_hit_with_its_cosine() -> None:
    texts = [other.removeprefix("Kite library, ") for other in OTHERS] + [ANSWER.removeprefix("Kite library, ")]
    hits = [hit(text, rank, 0.6) for rank, text in enumerate(texts, start=1)]
    ordered = rerank_hits(QUESTION, hits, "cross-encoder")
    assert ordered[0].chunk.text == texts[-1]
    assert [one.rank for one in ordered] == [1, 2, 3, 4, 5]
    assert sorted(one.chunk.id for one in ordered) == sorted(one.chunk.id for one in hits)
    assert {one.score for one in ordered} == {0.6}
