"""What tells two panes apart: the sentence names the true cause, and the marks lie on the words that differ."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from lab.compare.differences import difference, differing_words, likeness
from lab.compare.panes import ModelFactory, find_pane
from lab.compare.replies import open_panes
from lab.models.constraint import Constraint
from lab.tuning.styles import Style

MESSAGE = {"first_name": "Mira", "message": "Do you lend kayaks when it is windy?"}


@pytest.fixture
def provenances(voice: Style, make_factory: Callable[..., ModelFactory]) -> Callable[..., list[Any]]:
    """The provenances of panes, left to right."""

    def ask(*pane_ids: str, strength: float = 1.0) -> list[Any]:
        held = replace(voice, constraint=Constraint("json_schema", "{}"))
        panes = [find_pane(pane_id) for pane_id in pane_ids]
        streams = open_panes(panes, held, MESSAGE, make_factory(), adapter="voice", strength=strength)
        return [stream.finish().provenance for stream in streams.values()]

    return ask


@pytest.mark.parametrize(
    ("left", "right", "says"),
    [
        ("base", "tuned", "Only the weights differ: the adapter voice at strength 1 here, the base model to the left. "
                          "The prompt is the same, letter by letter."),
        ("tuned", "base", "Only the weights differ: the base model here, the adapter voice at strength 1 to the left."),
        ("base", "prompted", "Only the prompt differs: its instruction is 103 words longer. The weights are the same."),
        ("prompted", "base", "Only the prompt differs: its instruction is 103 words shorter."),
        ("base", "few-shot", "Only the prompt differs: it shows three examples. The weights are the same."),
        ("few-shot", "base", "Only the prompt differs: it shows no examples."),
        ("base", "constrained", "Only the grammar differs: a JSON schema allows only certain letters here. The weights "
                                "and the prompt are the same."),
        ("constrained", "base", "Only the grammar differs: here every letter is free; to the left a JSON schema"),
        ("prompted", "tuned", "Both differ, the weights and the prompt: the adapter voice at strength 1 here, the base "
                              "model to the left; its instruction is 103 words shorter."),
        ("constrained", "tuned", "The weights and the grammar differ: "),
        ("prompted", "constrained", "The prompt and the grammar differ: "),
        ("base", "base", "Nothing differs. The weights and the prompt are the same, letter by letter."),
    ],
)  # fmt: skip
def test_the_sentence_names_what_differs(
    provenances: Callable[..., list[Any]], left: str, right: str, says: str
) -> None:
    found = provenances(left, right) if left != right else provenances(left) * 2
    assert difference(*found).startswith(says)


def test_strength_0_is_the_base_model_and_the_sentence_says_so(provenances: Callable[..., list[Any]]) -> None:
    assert difference(*provenances("base", "tuned", strength=0.0)).startswith(
        "Nothing differs: strength 0 is the base model."
    )


def test_the_same_adapter_at_two_strengths_differs_in_weights(provenances: Callable[..., list[Any]]) -> None:
    [strong], [weak] = provenances("tuned", strength=1.5), provenances("tuned", strength=0.5)
    assert difference(strong, weak).startswith("Only the weights differ: voice at strength 0.5 here, 1.5 to the left.")


def test_a_passage_before_the_message_is_the_prompt(provenances: Callable[..., list[Any]]) -> None:
    [base] = provenances("base")
    looked_up = {**base, "prompt": base["prompt"].replace("Customer:", "Text: A kayak costs £9.\n\nCustomer:")}
    assert difference(base, looked_up).startswith(
        "Only the prompt differs: a text of 5 words stands before the message. The weights are the same."
    )
    assert "no text stands before the message" in difference(looked_up, base)


def test_a_servers_two_models_differ_in_weights_and_its_prompts_are_read_too() -> None:
    def side(model: str, system: str) -> dict[str, Any]:
        return {"backend": "server", "model": model, "weights": "", "prompt": f"[system]\n{system}\n\n[human]\nHello"}

    left, right = side("small at host", "Be kind."), side("small-voice at host", "Be kind.")
    assert difference(left, right).startswith("Only the weights differ: small-voice at host here, small at host to the")
    longer = side("small at host", "Be kind and very brief.")
    assert difference(left, longer).startswith("Only the prompt differs: its instruction is 3 words longer.")


def test_a_pane_without_an_answer_cannot_be_told_apart() -> None:
    assert "gave no answer" in difference({}, {"prompt": "x"})


def test_a_hostile_prompt_is_only_text_to_the_sentence() -> None:
    left, right = {"prompt": "<|im_start|>" * 50}, {"prompt": "[system]\n" + "\\" * 5000 + "("}
    assert difference(left, right).startswith("Only the prompt differs: its text is another one.")


def test_marks_lie_on_the_words_that_differ_and_nowhere_else() -> None:
    left, right = "Hi Mira, the boat  is red.", "Hi Mira, the big boat is blue now."
    spans = differing_words(left, right)
    assert [left[start:end] for start, end in spans[0]] == ["red."]
    assert [right[start:end] for start, end in spans[1]] == ["big", "blue now."]
    assert differing_words("same words", "same\nwords") == ((), ())
    assert differing_words("", "a b") == ((), ((0, 3),))


def test_likeness_runs_from_nothing_to_the_same() -> None:
    assert likeness("a b c", "a b c") == 1.0
    assert likeness("a b", "c d") == 0.0
    assert likeness("a b", "a c") == pytest.approx(0.5)
