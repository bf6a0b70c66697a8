"""The stream of news: a later notice takes the place of the earlier one, and the index before it does not know it."""

from __future__ import annotations

import json

import pytest

from lab.errors import BadInput
from lab.experiments import news_stream
from lab.experiments.measured import Measured
from lab.experiments.news_stream import EXPERIMENT, Inputs, add_notice, run
from lab.experiments.parts.notices import PAGE, as_document, make_notices
from lab.rag.build import IndexOptions, build_index
from lab.rag.measure import is_right
from tests.experiments.fake_lab import no_models, quiet, quoting

INPUTS = Inputs(n=24)


@pytest.fixture(scope="module")
def result() -> Measured:
    with pytest.MonkeyPatch.context() as patch:
        no_models(patch)
        patch.setattr(news_stream, "choose_model", lambda settings: quoting())
        return run(INPUTS, quiet)


def test_notices_say_their_value_and_know_what_they_replace() -> None:
    notices = make_notices(150, 0)
    told: dict[str, str] = {}
    for notice in notices:
        assert is_right(notice.text, (notice.value,))
        assert notice.before == told.get(notice.about, "")
        assert notice.value != notice.before
        assert notice.document.name == f"{notice.about}.txt"
        told[notice.about] = notice.value
    changes = sum(bool(notice.before) for notice in notices)
    assert 50 <= changes <= 140
    assert notices[:20] == make_notices(20, 0) != make_notices(20, 1)
    assert not any(is_right(PAGE, (notice.value,)) for notice in notices)


def test_a_later_notice_takes_the_place_of_the_earlier_one(monkeypatch: pytest.MonkeyPatch) -> None:
    no_models(monkeypatch)
    index = build_index([as_document("harbour", PAGE)], IndexOptions())
    notices = make_notices(60, 0)
    for notice in notices:
        index = add_notice(index, notice)
    text = [chunk.text for chunk in index.chunks]
    latest = {notice.about: notice for notice in notices}
    assert [item for item in text if item not in PAGE] == [
        latest[about].text
        for about in sorted(latest, key=lambda about: max(p for p, n in enumerate(notices) if n.about == about))
    ]


def test_only_the_index_with_the_notice_tells_it(result: Measured) -> None:
    assert result.of("arrived", "right").n == result.of("before-arrival", "right").n == 12
    assert result.of("arrived", "right").mean >= 0.7
    assert result.of("before-arrival", "right").mean == 0
    assert result.of("arrived", "seconds").n == 12
    assert result.of("arrived", "index-seconds").n == 24
    asked = make_notices(24, 0)[1::2]
    indexing = result.of("arrived", "index-seconds").values[1::2]
    pairs = zip(result.of("arrived", "seconds").values, indexing, strict=True)
    assert all(total > index > 0 for total, index in pairs)
    changed = sum(bool(notice.before) for notice in asked)
    assert changed > 2
    assert result.notes["changed"] == f"{changed} of the 12 answers replace an earlier one"


def test_a_result_can_be_read_again_and_shows_both_sides(result: Measured) -> None:
    assert EXPERIMENT.read(json.loads(json.dumps(result.to_json()))) == result
    assert [row.arm for row in result.shown] == ["arrived"] * 8 + ["before-arrival"] * 8
    assert [row.item for row in result.shown[:8]] == [row.item for row in result.shown[8:]]


@pytest.mark.parametrize(
    ("inputs", "says"),
    [
        (Inputs(n=1, every=1), "1 notices are no stream"),
        (Inputs(every=0), "asks nothing"),
        (Inputs(every=31), "asks nothing"),
    ],
)
def test_inputs_that_cannot_work_are_refused(inputs: Inputs, says: str) -> None:
    with pytest.raises(BadInput, match=says):
        run(inputs, quiet)
