"""What one more reply costs: counted per reply, from the tokens the model reports and the prices one sets."""

from __future__ import annotations

import json

import pytest

from lab.errors import BadInput
from lab.experiments.query_costs import EXPERIMENT, Inputs, cost_of_thousand, run
from tests.experiments.fake_behaviours import let_reply
from tests.experiments.fake_lab import no_models, quiet


def test_a_thousand_replies_cost_what_a_pocket_calculator_says() -> None:
    assert cost_of_thousand(200, 50, 0.15, 0.6) == pytest.approx(0.03 + 0.03)
    assert cost_of_thousand(1_000_000, 0, 2.0, 9.0) == pytest.approx(2_000)
    assert cost_of_thousand(0, 0, 1.0, 1.0) == 0


def test_every_reply_is_cut_at_the_same_length_and_costs_by_its_tokens(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    seen = let_reply(monkeypatch, lambda adapter, prompt: "word " * 100)
    result = run(Inputs(n=4, tokens=12, price_in=1.0, price_out=10.0), quiet)
    assert {most for _, most, _ in seen[4:]} == {12}
    assert len(seen) == 4 + 4 * 4
    for arm in result.arms:
        assert result.of(arm.id, "answer-tokens").values == (12,) * 4
        read = result.of(arm.id, "prompt-tokens").values
        assert result.of(arm.id, "cost").values == pytest.approx([(tokens + 120) / 1000 for tokens in read])
    tokens = {arm.id: result.of(arm.id, "prompt-tokens").values for arm in result.arms}
    assert tokens["closed-book"] == tokens["tuned"]
    assert all(more > less for more, less in zip(tokens["looked-up"], tokens["closed-book"], strict=True))
    assert all(more > less for more, less in zip(tokens["long-prompt"], tokens["looked-up"], strict=True))
    assert [arm.id for arm in result.arms_of("search-seconds")] == ["looked-up"]
    search, whole = result.of("looked-up", "search-seconds").values, result.of("looked-up", "seconds").values
    assert all(0 < less < more for less, more in zip(search, whole, strict=True))
    assert [adapter for adapter, _, _ in seen[4:12]].count("brand-voice") == 2
    assert "November 2026: 1 € per million" in result.notes["prices"]
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(tokens=0), "choose at least 1"),
        (Inputs(price_out=-0.5), "A price of -0.5 €"),
        (Inputs(n=0), "0 messages"),
        (Inputs(collection="nowhere"), "no collection called “nowhere”"),
    ],
)
def test_inputs_that_cannot_work_are_refused_in_a_sentence(inputs: Inputs, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        run(inputs, quiet)
