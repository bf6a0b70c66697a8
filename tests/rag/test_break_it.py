"""The break-it labs: each really breaks and is really mended on the real models, and the verdict is read off the run."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from streamlit.testing.v1 import AppTest

from lab.errors import BadInput
from lab.rag.answer import AskOptions
from lab.rag.break_it import Gold, GoldPart, LabRun, diagnose, load_lab, load_labs, read_lab, run_lab
from lab.rag.break_it.labs import SHIPPED
from lab.rag.index import Index
from lab.rag.measure import FAILURES, is_right
from lab.rag.stream import ask
from lab.rag.support import AnswerabilityRule

ROOT = Path(__file__).parents[2]
LABS = load_labs()
ids = [lab.id for lab in LABS]

# ── On the real models ────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def runs() -> Mapping[tuple[str, bool], LabRun]:
    """Every lab, broken and mended, run once; a few at a time share the engine's steps."""
    jobs = [(lab, mended) for lab in LABS for mended in (False, True)]
    with ThreadPoolExecutor(4) as pool:
        done = pool.map(lambda job: run_lab(job[0], mended=job[1]), jobs)
        return {(lab.id, mended): run for (lab, mended), run in zip(jobs, done, strict=True)}


@pytest.mark.parametrize("lab", LABS, ids=ids)
def test_the_broken_system_fails_in_the_way_the_lab_says(runs: Mapping[tuple[str, bool], LabRun], lab: Any) -> None:
    run = runs[lab.id, False]
    assert run.diagnosis.failed == lab.expect, f"{run.answer.text!r}: {run.diagnosis.sentences}"
    assert not run.diagnosis.right


@pytest.mark.parametrize("lab", LABS, ids=ids)
def test_the_mended_system_is_right_or_the_lab_says_that_it_cannot_be(
    runs: Mapping[tuple[str, bool], LabRun], lab: Any
) -> None:
    run = runs[lab.id, True]
    assert run.diagnosis.right != bool(lab.unmendable), f"{run.answer.text!r}: {run.diagnosis.sentences}"
    assert run.diagnosis.failed is None or lab.unmendable


def test_the_evidence_of_every_run_agrees_with_its_verdict(runs: Mapping[tuple[str, bool], LabRun]) -> None:
    for run in runs.values():
        found = run.diagnosis
        if found.failed == "generation":
            assert found.gold_in_prompt
            assert found.gold_found_rank is not None
        if found.failed == "retrieval":
            assert not found.gold_in_prompt
        assert found.evidence[1].holds in (found.gold_in_prompt, None)
        assert all(found.sentences)
        json.dumps(run.to_json())


def test_a_style_is_learned_while_the_prompt_stays_the_same(runs: Mapping[tuple[str, bool], LabRun]) -> None:
    broken, mended = runs["style-guide", False], runs["style-guide", True]
    assert broken.answer.prompt == mended.answer.prompt
    assert "Begin with" in broken.answer.prompt
    assert broken.answer.provenance.get("adapter") != mended.answer.provenance.get("adapter")


# ── Content ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_there_are_labs_enough_and_every_cause_but_a_needless_refusal_is_among_them() -> None:
    assert len(LABS) >= 8
    assert {lab.expect for lab in LABS} == set(FAILURES) - {"refused"}


@pytest.mark.parametrize("lab", LABS, ids=ids)
def test_every_gold_string_stands_in_its_document(lab: Any) -> None:
    texts = {document.name: document.text for document in lab.documents}
    for part in lab.gold.parts:
        for name in part.documents:
            assert is_right(texts[name], part.passage or part.answers), f"{name} holds none of {part}"
            assert all(is_right(texts[name], [need]) for need in part.needs), f"{name} lacks one of {part.needs}"
    for setup in (lab.broken, lab.mended):
        for part in lab.gold.parts:
            assert set(part.documents) - set(setup.without), f"{part.documents} are all left out of the index"


@pytest.mark.parametrize("lab", LABS, ids=ids)
def test_a_lab_is_short_and_says_what_to_change(lab: Any) -> None:
    assert 2 <= lab.story.count(". ") + lab.story.endswith(".") <= 3, lab.story
    assert len(lab.change) > 60
    assert lab.term
    assert lab.broken.differences(lab.mended)
    assert all(source[:3] in {"000", "001", "002", "003", "004"} for source in lab.sources)
    assert all(option.why for option in lab.prediction.options)


def test_an_unknown_lab_is_refused_with_the_names_there_are() -> None:
    with pytest.raises(BadInput, match=r"no lab called “split”.*split-fact"):
        load_lab("split")


# ── A lab's file ──────────────────────────────────────────────────────────────────────────────────────────────────────


def changed(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> Path:
    """A copy of a lab with its YAML changed."""
    folder = tmp_path / "stale-version"
    shutil.copytree(SHIPPED / "stale-version", folder)
    data = yaml.safe_load((folder / "lab.yaml").read_text())
    change(data)
    (folder / "lab.yaml").write_text(yaml.safe_dump(data, allow_unicode=True))
    return folder


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        (lambda lab: lab.update(titel="x"), "titel is not a field"),
        (lambda lab: lab.pop("story"), "story is missing"),
        (lambda lab: lab.update(story=" "), "story must be a text"),
        (lambda lab: lab.update(id="other"), "id must be the folder's name"),
        (lambda lab: lab.update(expect="bad luck"), "expect is “bad luck”"),
        (lambda lab: lab.update(expect="answered-unanswerable"), "does not go with 1 gold passages"),
        (lambda lab: lab["gold"]["parts"][0].update(documents=["gone.md"]), "names “gone.md”"),
        (lambda lab: lab["mended"].update(without=["gone.md"]), "names “gone.md”"),
        (lambda lab: lab.update(mended=dict(lab["broken"])), "nothing is mended"),
        (lambda lab: lab["broken"].update(k="two"), "k cannot be 'two'"),
        (lambda lab: lab["broken"].update(k=True), "k cannot be True"),
        (lambda lab: lab["broken"].update(sise=3), "sise is not a field"),
        (lambda lab: lab["prediction"]["options"].pop(), "must be three, one of them right"),
        (
            lambda lab: [option.update(right=True) for option in lab["prediction"]["options"]],
            "must be three, one of them right",
        ),
        (lambda lab: lab.update(gold=[1]), "gold must be a group of"),
    ],
)
def test_a_mistake_in_a_lab_is_named_with_its_place(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], complaint: str
) -> None:
    with pytest.raises(BadInput, match=r"stale-version/lab\.yaml") as error:
        read_lab(changed(tmp_path, change))
    assert complaint in str(error.value)


def test_a_lab_that_is_no_yaml_is_refused_with_the_line(tmp_path: Path) -> None:
    folder = changed(tmp_path, lambda lab: None)
    (folder / "lab.yaml").write_text("id: stale-version\ntitle: a: b\n")
    with pytest.raises(BadInput, match=r"lab\.yaml, line 2: this is not YAML"):
        read_lab(folder)
    (folder / "lab.yaml").write_bytes(b"id: \xff\xfe")
    with pytest.raises(BadInput, match="not UTF-8"):
        read_lab(folder)


# ── The verdict, on scripted models ───────────────────────────────────────────────────────────────────────────────────

QUESTION = "How much does express delivery cost?"
GOLD = Gold((GoldPart(("delivery.md",), ("£8.50",)),), wrong=("£3.95",))
FREE = AskOptions(k=1, abstain=False, divide=False)


def verdict(index: Index, model: Any, gold: Gold = GOLD, options: AskOptions = FREE, question: str = QUESTION) -> Any:
    answer = ask(question, index, model, options)
    return diagnose(answer, index.search(question, 20), gold)


def test_a_right_answer_has_failed_nowhere(index: Index, make_model: Any) -> None:
    found = verdict(index, make_model("Express delivery costs £8.50."))
    assert (found.gold_found_rank, found.gold_in_prompt, found.answer_uses_it) == (1, True, True)
    assert found.right
    assert found.failed is None


def test_a_wrong_answer_with_the_passage_in_the_prompt_is_put_down_to_generation(index: Index, make_model: Any) -> None:
    found = verdict(index, make_model("Express delivery costs £12."))
    assert found.failed == "generation"
    assert [item.holds for item in found.evidence] == [True, True, False]


def test_an_answer_that_says_the_wrong_thing_beside_the_right_one_is_wrong(index: Index, make_model: Any) -> None:
    found = verdict(index, make_model("It costs £8.50 or £3.95."))
    assert found.answer_uses_it
    assert found.failed == "generation"
    assert "£3.95" in found.sentences[2]


def test_a_passage_that_k_cut_off_is_found_but_was_not_in_the_prompt(index: Index, make_model: Any) -> None:
    gold = replace(GOLD, parts=(*GOLD.parts, GoldPart(("people.txt",), ("tents",))))
    found = verdict(index, make_model("Express delivery costs £8.50."), gold)
    assert found.gold_found_rank is not None
    assert found.gold_found_rank > 1
    assert not found.gold_in_prompt
    assert found.failed == "retrieval"
    both = verdict(index, make_model("£8.50, and Marek repairs tents."), gold, replace(FREE, k=20))
    assert both.right


def test_a_value_without_what_it_needs_beside_it_does_not_count_as_found(index: Index, make_model: Any) -> None:
    gold = Gold((GoldPart(("delivery.md",), ("£8.50",), needs=("five working days",)),))
    found = verdict(index, make_model("Express delivery costs £12."), gold)
    assert found.gold_found_rank is None
    assert found.failed == "retrieval"
    assert "in one piece" in found.sentences[0]


def test_the_same_words_in_another_document_are_not_the_gold_passage(index: Index, make_model: Any) -> None:
    gold = Gold((GoldPart(("returns.md",), ("£8.50",)),))
    assert verdict(index, make_model("It is £9."), gold).gold_found_rank is None


def test_a_threshold_that_leaves_nothing_is_a_failure_of_retrieval(index: Index, make_model: Any) -> None:
    found = verdict(index, make_model("£8.50"), options=replace(FREE, threshold=0.999))
    assert found.gold_found_rank == 1
    assert found.failed == "retrieval"
    assert "not asked" in found.sentences[1]


def test_refusing_although_the_passage_was_handed_over_is_called_that(index: Index, make_model: Any) -> None:
    careful = replace(FREE, abstain=True, check="rule", rule=AnswerabilityRule(threshold=1000.0))
    assert verdict(index, make_model("£8.50"), options=careful).failed == "refused"
    doubting = replace(FREE, abstain_unsupported=True)
    assert verdict(index, make_model("Pelicans sleep on Mount Zarn."), options=doubting).failed == "refused"


def test_an_unanswerable_question_must_be_refused_and_the_verdict_says_so(index: Index, make_model: Any) -> None:
    answered = verdict(index, make_model("It is £4."), Gold())
    assert answered.failed == "answered-unanswerable"
    assert answered.sentences[0].startswith("Neither found nor to be found")
    assert "should have refused" in answered.sentences[2]
    refused = verdict(index, make_model("It is £4."), Gold(), replace(FREE, threshold=0.999))
    assert refused.right
    assert refused.failed is None


def test_manner_is_judged_by_the_models_own_words(index: Index, make_model: Any) -> None:
    gold = replace(GOLD, begins="Hi Mira", ends="?")
    assert verdict(index, make_model("Hi Mira, it costs £8.50. Shall I book it?"), gold).right
    stiff = verdict(index, make_model("Express delivery costs £8.50."), gold)
    assert stiff.failed == "generation"
    assert "begin with “Hi Mira”" in stiff.sentences[2]


# ── The page ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def open_page(lab: str = "stale-version") -> AppTest:
    page = AppTest.from_file(str(ROOT / "pages" / "break_it.py"), default_timeout=120)
    page.query_params["lab"] = lab
    return page.run()


def press(page: AppTest, label: str) -> AppTest:
    next(button for button in page.button if button.label == label).click()
    page.run()
    assert not page.exception, page.exception
    return page


def labels(page: AppTest) -> list[str]:
    return [button.label for button in page.button]


def test_a_learner_predicts_runs_blames_and_mends() -> None:
    page = open_page()
    assert page.selectbox[0].value == "stale-version"
    assert page.button[0].disabled, "Run must wait for the prediction"
    page.radio[0].set_value(1).run()
    press(page, "Run it, broken")
    assert any("20p" in item.value for item in page.markdown)
    assert not page.table, "the evidence must wait for the learner's verdict"
    press(page, "Generation failed")
    assert "Retrieval failed" in page.error[0].value
    assert len(page.table[0].value) == 3
    press(page, "Start this lab again")
    assert page.radio[0].value is None
    page.radio[0].set_value(0).run()
    press(page, "Run it, broken")
    press(page, "Retrieval failed")
    assert page.success[0].value.startswith("Right")
    press(page, "Mend it")
    assert any(item.value.startswith("Mended") for item in page.success)
    assert any("35p" in item.value for item in page.markdown)
    assert "Mend it" not in labels(page)
    page.selectbox[0].set_value("no-answer").run()
    assert page.query_params["lab"] in ("no-answer", ["no-answer"])
    assert labels(page) == ["Run it, broken"]
    assert "stale-version" in page.session_state["kept-break-it-solved"]


def test_a_link_to_a_lab_that_is_not_there_shows_the_first_one() -> None:
    page = open_page("<b>nothing</b>")
    assert not page.exception
    assert page.selectbox[0].value == ids[0]
    assert "no lab called" in page.warning[0].value
    assert "<b>" not in page.warning[0].value
