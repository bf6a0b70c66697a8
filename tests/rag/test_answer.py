"""Answering: cited or refused, streamed or stopped, and always with where it came from."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, BaseMessage

from lab.errors import BadInput, LabError
from lab.rag.answer import AskOptions, check_question
from lab.rag.asked import divide_question
from lab.rag.citations import place_citations
from lab.rag.documents import Document
from lab.rag.index import Index
from lab.rag.prompt import PromptTemplate
from lab.rag.stream import CANNOT_FIND, ask, stream, tidy

QUESTION = "How much does express delivery cost?"
ALWAYS = AskOptions(abstain=False)


def test_an_answer_cites_document_and_offsets(
    index: Index, documents: tuple[Document, ...], quoting_model: Any
) -> None:
    answer = ask(QUESTION, index, quoting_model)
    assert answer.text == "Express delivery costs £8.50. [1]"
    assert answer.raw_text == "Express delivery costs £8.50."
    (citation,) = answer.citations
    source = next(document for document in documents if document.name == citation.document)
    assert citation.document == "delivery.md"
    assert citation.text == source.text[citation.start : citation.end] == "Express delivery costs £8.50."
    assert citation.score == answer.hits[0].score
    assert (answer.abstained, answer.unsupported, answer.stopped, answer.reason) == (False, False, False, "")


def test_the_model_gets_the_prompt_the_bound_and_the_stop(index: Index, quoting_model: Any) -> None:
    answer = ask(QUESTION, index, quoting_model, AskOptions(max_tokens=17))
    (call,) = quoting_model.calls
    assert call["max_tokens"] == 17
    assert "\n\n" in call["stop"]
    assert call["messages"][-1].text == "The text says this about it:"
    assert f"human: Text: Express delivery costs £8.50.\n\nQuestion: {QUESTION}" in answer.prompt


def test_a_model_with_a_bound_of_its_own_is_bounded_by_it(index: Index, quoting_model: Any) -> None:
    class Bounded(type(quoting_model)):  # type: ignore[misc]
        max_tokens: int = 128

        def _stream(self, messages: list[BaseMessage], stop: Any = None, run_manager: Any = None, **kwargs: Any) -> Any:
            assert "max_tokens" not in kwargs
            yield from super()._stream(messages, stop, run_manager, bound=self.max_tokens, **kwargs)

    model = Bounded(reply=quoting_model.reply)
    ask(QUESTION, index, model, AskOptions(max_tokens=9))
    assert model.max_tokens == 128
    assert model.calls[0]["bound"] == 9


def test_a_plain_langchain_model_will_do(index: Index) -> None:
    model = GenericFakeChatModel(messages=iter([AIMessage("Express delivery costs £8.50.")]))
    assert ask(QUESTION, index, model).citations


def test_what_cannot_be_answered_is_refused_without_asking_the_model(index: Index, quoting_model: Any) -> None:
    pieces = stream("Zebra xylophone quantum?", index, quoting_model)
    assert list(pieces) == [CANNOT_FIND]
    answer = pieces.answer
    assert answer.abstained
    assert answer.text == CANNOT_FIND == "I cannot find that in the documents."
    assert answer.reason
    assert answer.citations == ()
    assert answer.prompt == ""
    assert len(answer.hits) > 1  # the closest passages are there to be shown
    assert quoting_model.calls == []
    assert answer.provenance["asked_model"] is False


def test_made_up_words_are_kept_and_flagged_or_refused_on_demand(index: Index, make_model: Callable[..., Any]) -> None:
    model = make_model("A unicorn brings it for £99.")
    kept = ask(QUESTION, index, model, ALWAYS)
    assert kept.text == "A unicorn brings it for £99."
    assert (kept.unsupported, kept.abstained, kept.citations) == (True, False, ())
    assert "No passage supports" in kept.reason
    refused = ask(QUESTION, index, model, AskOptions(abstain=False, abstain_unsupported=True))
    assert refused.text == CANNOT_FIND
    assert (refused.unsupported, refused.abstained) == (True, True)
    assert refused.raw_text == "A unicorn brings it for £99."


def test_closed_book_needs_no_index_and_cites_nothing(make_model: Callable[..., Any]) -> None:
    model = make_model("It is 12.")
    answer = ask(QUESTION, None, model, AskOptions(rag=False))
    assert answer.text == "It is 12."
    assert (answer.citations, answer.hits, answer.unsupported, answer.abstained) == ((), (), False, False)
    assert answer.provenance["template"] == "closed-book"
    assert "£8.50" not in answer.prompt


def test_provenance_is_merged_and_everything_is_json(index: Index, make_model: Callable[..., Any]) -> None:
    model = make_model(
        "Express delivery costs £8.50.",
        provenance={"model": "m", "seed": 3, "seconds": {"generate": 0.5}},
        prompt="<|im_start|>system exactly this",
    )
    answer = ask(QUESTION, index, model)
    assert answer.prompt == "<|im_start|>system exactly this"
    provenance = json.loads(json.dumps(answer.to_json()))["provenance"]
    assert (provenance["model"], provenance["seed"], provenance["model_seconds"]) == ("m", 3, {"generate": 0.5})
    assert (provenance["template"], provenance["index"]) == ("short", index.fingerprint)
    assert (provenance["embedder"], provenance["retriever"], provenance["k"]) == ("hashing-256", "hybrid", 1)
    assert set(answer.seconds) == {"embed_search", "decide", "generate", "cite", "total"}
    assert answer.seconds["total"] >= answer.seconds["embed_search"] + answer.seconds["generate"] > 0
    assert {"answer", "abstained", "citations", "prompt", "provenance", "seconds"} <= set(answer.to_json())
    named = {"number", "document", "start", "end", "text", "score", "page", "row"}
    assert set(answer.to_json()["citations"][0]) == named


def test_pieces_come_one_by_one_and_hits_are_there_before_them(index: Index, quoting_model: Any) -> None:
    with stream(QUESTION, index, quoting_model) as pieces:
        assert pieces.hits[0].chunk.document == "delivery.md"
        assert pieces.candidates
        assert quoting_model.calls == []
        with pytest.raises(RuntimeError, match="to its end, or close it"):
            _ = pieces.answer
        assert "".join(pieces) == "Express delivery costs £8.50. "
    assert not pieces.answer.stopped


def test_closing_an_answer_stops_the_model(index: Index, make_model: Callable[..., Any]) -> None:
    model = make_model("Express delivery costs £8.50. " * 1000)
    pieces = stream(QUESTION, index, model)
    next(pieces)
    next(pieces)
    assert model.closed == []
    pieces.close()
    assert model.closed == [True]
    assert pieces.answer.stopped
    assert pieces.answer.raw_text == "Express delivery"
    pieces.close()


def test_closing_before_the_first_piece_asks_nothing(index: Index, quoting_model: Any) -> None:
    pieces = stream(QUESTION, index, quoting_model)
    pieces.close()
    assert pieces.answer.stopped
    assert pieces.answer.text == ""
    assert quoting_model.calls == []


def test_an_error_of_the_model_reaches_the_caller(index: Index, make_model: Callable[..., Any]) -> None:
    def fail(_: list[BaseMessage]) -> str:
        raise LabError("The model is busy.")

    model = make_model("")
    model.reply = fail
    with pytest.raises(LabError, match="The model is busy"):
        ask(QUESTION, index, model)


@pytest.mark.parametrize(
    ("question", "options", "message"),
    [
        ("", AskOptions(), "The question is empty. Type a question and ask again."),
        (" \n ", AskOptions(), "The question is empty"),
        ("x" * 10_000, AskOptions(), "The question is 10,000 characters long, and the limit is 2,000. Shorten it."),
        ("x", AskOptions(k=0), "k is 0: between 1 and 20 passages can be put into the prompt."),
        ("x", AskOptions(k=21), "k is 21"),
        ("x", AskOptions(max_tokens=0), "an answer needs at least 1 token"),
        ("x", AskOptions(template="magic"), "There is no prompt template “magic”"),
        ("x", AskOptions(template="closed-book"), "has no place for the passages"),
        ("x", AskOptions(retriever="magic"), "There is no retriever “magic”"),
    ],
)
def test_bad_input_says_what_to_do(
    index: Index, quoting_model: Any, question: str, options: AskOptions, message: str
) -> None:
    with pytest.raises(BadInput) as error:
        ask(question, index, quoting_model, options)
    assert message in str(error.value)
    assert quoting_model.calls == []


def test_looking_up_without_documents_says_so(quoting_model: Any) -> None:
    with pytest.raises(BadInput, match="There are no documents to look it up in"):
        ask("x", None, quoting_model)
    assert check_question("  Who?  ") == "Who?"


def test_more_passages_are_numbered_and_cited_by_their_number(index: Index, make_model: Callable[..., Any]) -> None:
    model = make_model("Standard delivery takes five working days [7]. Express delivery costs £8.50 [2].")
    answer = ask("How much does express delivery cost?", index, model, AskOptions(k=3, abstain=False, template="plain"))
    numbers = {hit.chunk.text: hit.rank for hit in answer.hits}
    express = numbers["Express delivery costs £8.50."]
    assert f"Express delivery costs £8.50. [{express}]" in answer.text
    assert "[7]" in answer.text  # no such passage was given, so it is the model's text and not a citation
    assert "[2]. [" not in answer.text


def test_the_models_own_marks_give_way_to_checked_ones(index: Index) -> None:
    hits = index.search(QUESTION, 2)
    text, citations, sentences = place_citations("A unicorn brings it for £99 [1]. Ask again.", hits)
    assert text == "A unicorn brings it for £99. Ask again."
    assert citations == ()
    assert [(sentence.state, sentence.number) for sentence in sentences] == [
        ("cited-unsupported", 1),
        ("uncited", None),
    ]
    assert "99" in sentences[0].missing


def test_every_sentence_is_judged_where_it_stands(index: Index) -> None:
    hits = index.search(QUESTION, 2)
    raw = "Express delivery costs £8.50. It is brought by a swan named Otto."
    text, citations, (first, second) = place_citations(raw, hits)
    rank = next(hit.rank for hit in hits if "8.50" in hit.chunk.text)
    assert text == f"Express delivery costs £8.50. [{rank}] It is brought by a swan named Otto."
    assert [citation.number for citation in citations] == [rank]
    assert (first.state, first.number, text[first.start : first.end]) == (
        "supported", rank, "Express delivery costs £8.50.",
    )  # fmt: skip
    assert (second.state, text[second.start : second.end]) == ("uncited", "It is brought by a swan named Otto.")


def test_a_passage_that_does_not_fit_into_the_prompt_is_named(index: Index, quoting_model: Any) -> None:
    shown = index.search(QUESTION, 3)
    room = sum(-(-len(hit.chunk.text) // 4) for hit in shown[:2])
    answer = ask(QUESTION, index, quoting_model, AskOptions(k=3, abstain=False, max_context_tokens=room))
    assert len(answer.hits) + len(answer.left_out) == 3
    assert answer.left_out
    assert all(hit.chunk.text not in answer.prompt for hit in answer.left_out)
    with pytest.raises(BadInput, match="Not one of the passages"):
        ask(QUESTION, index, quoting_model, AskOptions(k=3, abstain=False, max_context_tokens=1))


def test_a_threshold_that_nothing_reaches_refuses_and_says_so(index: Index, quoting_model: Any) -> None:
    answer = ask(QUESTION, index, quoting_model, AskOptions(threshold=1.0, abstain=False))
    assert answer.abstained
    assert answer.hits == ()
    assert "No passage reaches the threshold" in answer.reason
    assert quoting_model.calls == []


@pytest.mark.parametrize(
    ("continuation", "text"),
    [
        ('"a zip costs £9."', "A zip costs £9."),
        ('"a zip costs £9', "A zip costs £9"),
        ("“A zip costs £9”.", "A zip costs £9."),
        ('"A zip" costs £9.', '"A zip" costs £9.'),
        ("a zip costs £9.", "A zip costs £9."),
        ("", ""),
    ],
)
def test_what_follows_an_opening_reads_as_a_sentence(continuation: str, text: str) -> None:
    assert tidy(continuation) == text


def test_a_template_of_ones_own_is_used_with_and_without_passages(index: Index, quoting_model: Any) -> None:
    own = PromptTemplate("own", "Own", "", "Be kind.", "Text: {context}\n\nQuestion: {question}")
    answer = ask(QUESTION, index, quoting_model, AskOptions(template=own))
    assert "system: Be kind." in answer.prompt
    assert answer.provenance["template"] == "own"
    bare = PromptTemplate("bare", "Bare", "", "Be kind.", "{question}")
    closed = ask(QUESTION, None, quoting_model, AskOptions(template=bare, rag=False))
    assert closed.provenance["template"] == "bare"


TWICE = "How much does express delivery cost, and who is the manager at Harrowby Quay?"


def test_a_question_for_two_things_is_looked_up_and_answered_part_by_part(index: Index, quoting_model: Any) -> None:
    answer = ask(TWICE, index, quoting_model, AskOptions(abstain=False, retriever="dense"))
    first, second = answer.parts
    assert (first, second) == ("How much does express delivery cost?", "Who is the manager at Harrowby Quay?")
    assert answer.text == "Express delivery costs £8.50. [1]\n\nDelphine Marsh is the manager at Harrowby Quay. [2]"
    assert [citation.document for citation in answer.citations] == ["delivery.md", "people.txt"]
    assert [answer.text[item.start : item.end] for item in answer.sentences] == [
        "Express delivery costs £8.50.",
        "Delphine Marsh is the manager at Harrowby Quay.",
    ]
    assert len(quoting_model.calls) == 2
    assert first in answer.prompt
    assert second in answer.prompt
    whole = ask(TWICE, index, quoting_model, AskOptions(abstain=False, retriever="dense", divide=False))
    assert whole.parts == ()
    assert len(whole.hits) == 1


def test_a_part_that_nothing_answers_is_refused_by_name_and_the_other_answered(
    index: Index, quoting_model: Any
) -> None:
    question = "How much does express delivery cost, and which planet has the most moons?"
    answer = ask(question, index, quoting_model, AskOptions(check="rule", retriever="dense"))
    assert not answer.abstained
    assert "Express delivery costs £8.50. [1]" in answer.text
    assert f"{CANNOT_FIND} (“Which planet has the most moons?”)" in answer.text
    assert len(quoting_model.calls) == 1


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("What do bread and butter cost?", ()),
        ("Who came and went?", ()),
        (
            "I am new. How long is the wait, and what does it cost?",
            ("I am new. How long is the wait?", "I am new. What does it cost?"),
        ),
        ("When does it start and for how long does it last?", ("When does it start?", "For how long does it last?")),
        ("", ()),
    ],
)
def test_only_what_asks_twice_is_divided(question: str, parts: tuple[str, ...]) -> None:
    assert divide_question(question) == (parts or (question,))
