"""Two evaluations of the same questions, side by side: what differs, by how much, and whether that could be chance."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Literal

from lab.errors import BadInput
from lab.rag.measure.evaluation import FAILURES, Evaluation, Row, abstention_pair, citation_pair
from lab.rag.measure.metrics import RESAMPLES, Interval, paired_ratios, ratio, sign_test

ENOUGH = 6  # differing questions, all one way, are the fewest that the sign test tells from chance at 5 %

Unit = Literal["share", "score", "seconds", "tokens"]
Pair = tuple[float, float]  # numerator, denominator
_UNITS: dict[Unit, tuple[str, int]] = {  # how a difference is written, and with how many decimals
    "share": (" points", 0), "score": ("", 2), "seconds": (" s", 2), "tokens": (" tokens", 0),
}  # fmt: skip


@dataclass(frozen=True)
class _Metric:
    """One figure as a ratio of sums over questions. `says`: what a system does when it counts (“finds …”)."""

    name: str
    says: str
    pair: Callable[[Row], Pair]
    applies: Callable[[Row], bool]
    unit: Unit = "score"
    lower_is_better: bool = False


def _answerable(row: Row) -> bool:
    return row.question.is_answerable


def _score(name: str) -> Callable[[Row], Pair]:
    return lambda row: (row.scores[name], 1.0)


def _told(name: str) -> Callable[[Row], Pair]:
    """A number that the answer's JSON tells, or nothing."""

    def pair(row: Row) -> Pair:
        value = row.answer.provenance.get(name) if row.answer else None
        return (float(value), 1.0) if isinstance(value, int) else (0.0, 0.0)

    return pair


def _asked(row: Row) -> bool:
    return row.answer is not None


_METRICS = (
    _Metric(
        "answer_accuracy", "answers {} right", lambda row: (float(bool(row.right)), 1.0),
        lambda row: _answerable(row) and _asked(row), "share",
    ),
    _Metric(
        "passage_recall_at_1", "puts the passage first in {}", _score("passage_recall_at_1"), _answerable, "share"
    ),
    _Metric(
        "passage_recall_at_3", "finds the passage among the first 3 in {}", _score("passage_recall_at_3"), _answerable,
        "share",
    ),
    _Metric(
        "passage_recall_at_5", "finds the passage among the first 5 in {}", _score("passage_recall_at_5"), _answerable,
        "share",
    ),
    _Metric("passage_mrr", "has the passage nearer the top (MRR)", _score("passage_mrr"), _answerable),
    _Metric("ndcg_at_10", "ranks passages better (nDCG@10)", _score("ndcg_at_10"), _answerable),
    _Metric(
        "passage_precision_at_k", "puts fewer idle passages into the prompt (precision)",
        _score("passage_precision_at_k"), _answerable,
    ),
    _Metric("recall_at_1", "puts the document first in {}", _score("recall_at_1"), _answerable, "share"),
    _Metric("recall_at_3", "finds the document among the first 3 in {}", _score("recall_at_3"), _answerable, "share"),
    _Metric("mrr", "has the document nearer the top (MRR)", _score("mrr"), _answerable),
    _Metric("document_ndcg_at_10", "ranks documents better (nDCG@10)", _score("document_ndcg_at_10"), _answerable),
    _Metric(
        "abstention_recall", "refuses {} that have no answer", lambda row: (float(row.refused), 1.0),
        lambda row: not _answerable(row) and _asked(row), "share",
    ),
    _Metric("abstention_f1", "is better at telling when to refuse (F1)", abstention_pair, _asked),
    _Metric("citation_precision", "cites the right place more often", citation_pair, _asked),
    _Metric(
        "mean_seconds", "is quicker", lambda row: (row.answer.seconds.get("total", 0.0) if row.answer else 0.0, 1.0),
        _asked, "seconds", True,
    ),
    _Metric("mean_tokens_in", "reads fewer tokens", _told("tokens_in"), _asked, "tokens", True),
    _Metric("mean_tokens_out", "writes fewer tokens", _told("tokens_out"), _asked, "tokens", True),
)  # fmt: skip


@dataclass(frozen=True)
class Difference:
    """One figure on both sides, over the same n questions.

    difference: second − first; low and high: its 95 % paired-bootstrap interval. second_ahead and first_ahead: the
    questions on which either does better; sign_p: how likely so lopsided a split is by chance (exact sign test). winner is
    None as long as the interval holds 0. verdict: all that in a sentence.
    """

    metric: str
    n: int
    first: float
    second: float
    difference: float
    low: float
    high: float
    first_ahead: int
    second_ahead: int
    sign_p: float
    winner: str | None
    verdict: str

    @property
    def interval(self) -> Interval:
        """(low, high) of the difference."""
        return self.low, self.high


@dataclass(frozen=True)
class Comparison:
    """`second` against `first` on the same questions; the names are what verdicts and columns call them.

    basis says what a question is won by: a right decision (the answer right, or a due refusal) where both asked a model,
    else every passage found. only_first and only_second: ids of the questions that one side alone won. failures: for each
    side, how often each stage of `FAILURES` failed. moves: (stage failed in first or "", stage failed in second or "") →
    the ids that moved from the one to the other. Every figure that is looked at is another chance of a lucky one: with
    twenty of them, about one interval leaves out 0 where nothing differs.
    """

    names: tuple[str, str]
    n: int
    basis: Literal["answer", "passage"]
    differences: tuple[Difference, ...]
    only_first: tuple[str, ...]
    only_second: tuple[str, ...]
    failures: tuple[Mapping[str, int], Mapping[str, int]]
    moves: Mapping[tuple[str, str], tuple[str, ...]]
    resamples: int
    seed: int
    settings: tuple[Mapping[str, Any], Mapping[str, Any]]
    pairs: tuple[tuple[Row, Row], ...]

    def difference(self, metric: str) -> Difference | None:
        """The difference in one figure, None where it is not defined on both sides."""
        return next((item for item in self.differences if item.metric == metric), None)

    @property
    def summary(self) -> str:
        """The first figure's verdict: of the answers where a model was asked, else of the passages found."""
        return self.differences[0].verdict if self.differences else "There is no figure that both sides have."

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary: the figures, the groups and one row a question."""
        return {
            "names": list(self.names),
            "n": self.n,
            "basis": self.basis,
            "summary": self.summary,
            "settings": [dict(side) for side in self.settings],
            "bootstrap": {"resamples": self.resamples, "seed": self.seed, "interval": 0.95, "unit": "question"},
            "differences": [asdict(item) for item in self.differences],
            "only_first": list(self.only_first),
            "only_second": list(self.only_second),
            "failures": [dict(side) for side in self.failures],
            "moves": [
                {"first": first or None, "second": second or None, "ids": list(ids)}
                for (first, second), ids in self.moves.items()
            ],
            "rows": [self._row(first, second) for first, second in self.pairs],
        }

    def _row(self, first: Row, second: Row) -> dict[str, Any]:
        question = first.question
        return {
            "id": question.id,
            "kind": question.kind,
            "question": question.question,
            "documents": list(question.documents),
            "answers": [list(part.answers) for part in question.parts],
            "sides": [
                {
                    "right": row.right,
                    "won": _won(row, self.basis),
                    "failure": row.failure,
                    "refused": row.refused,
                    "passage_rank": row.passage_rank,
                    "answer": row.answer.text if row.answer else "",
                }
                for row in (first, second)
            ],
        }

    def to_csv(self) -> str:
        """One line a question under a header row, both sides beside each other; safe to open in a spreadsheet program."""
        fields = ("won", "right", "failure", "refused", "passage_rank", "answer")
        header = ["id", "kind", "question", "documents", "answers"]
        header += [f"{name}: {field.replace('_', ' ')}" for name in self.names for field in fields]
        target = io.StringIO()
        writer = csv.writer(target, lineterminator="\n")
        writer.writerow([safe_cell(text) for text in header])
        for first, second in self.pairs:
            row = self._row(first, second)
            cells: list[Any] = [row["id"], row["kind"], row["question"], " + ".join(row["documents"])]
            cells.append(" + ".join(" | ".join(part) for part in row["answers"]))
            cells += [side[field] for side in row["sides"] for field in fields]
            writer.writerow([safe_cell(cell) for cell in cells])
        return target.getvalue()


def safe_cell(value: object) -> str:
    """A cell's text on one line, with an apostrophe before what a spreadsheet program would take for a formula.

    Source: OWASP, “CSV Injection”.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = " ".join(str(value).replace("\0", " ").split())
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _won(row: Row, basis: str) -> bool | None:
    """Whether a question was won; None where the basis says nothing about it (a passage of an unanswerable one)."""
    if basis == "answer":
        return bool(row.right) if row.question.is_answerable else row.refused
    return row.found if row.question.is_answerable else None


def compare(
    first: Evaluation,
    second: Evaluation,
    *,
    names: tuple[str, str] = ("A", "B"),
    resamples: int = RESAMPLES,
    seed: int = 0,
) -> Comparison:
    """Pair two evaluations question by question, in the first one's order.

    Raises BadInput when they are not of the same questions (one was stopped early, say) or there is none.
    """
    pairs = _pair(first, second, names)
    asked = all(row.answer is not None for pair in pairs for row in pair)
    basis: Literal["answer", "passage"] = "answer" if asked else "passage"
    differences = []
    for metric in _METRICS:
        both = [pair for pair in pairs if all(metric.applies(row) for row in pair)]
        sides = [[metric.pair(pair[side]) for pair in both] for side in (0, 1)]
        if metric.unit == "tokens":  # a refusal reads and writes nothing: only what both told is alike
            alike = [place for place in range(len(both)) if sides[0][place][1] and sides[1][place][1]]
            sides = [[side[place] for place in alike] for side in sides]
        if all(ratio(side) is not None for side in sides):
            differences.append(_difference(metric, sides[0], sides[1], names, resamples, seed))
    moves: dict[tuple[str, str], list[str]] = {}
    for one, other in pairs:
        if one.failure != other.failure:
            moves.setdefault((one.failure or "", other.failure or ""), []).append(one.question.id)
    counters = [Counter(pair[side].failure for pair in pairs) for side in (0, 1)]
    won = [(one.question.id, bool(_won(one, basis)), bool(_won(other, basis))) for one, other in pairs]
    return Comparison(
        names=names,
        n=len(pairs),
        basis=basis,
        differences=tuple(differences),
        only_first=tuple(id for id, one, other in won if one and not other),
        only_second=tuple(id for id, one, other in won if other and not one),
        failures=(
            {name: counters[0][name] for name in FAILURES},
            {name: counters[1][name] for name in FAILURES},
        ),
        moves={move: tuple(ids) for move, ids in sorted(moves.items(), key=lambda item: -len(item[1]))},
        resamples=resamples,
        seed=seed,
        settings=(first.provenance, second.provenance),
        pairs=tuple(pairs),
    )


def _pair(first: Evaluation, second: Evaluation, names: tuple[str, str]) -> list[tuple[Row, Row]]:
    others = {row.question.id: row for row in second.rows}
    ids = {row.question.id for row in first.rows}
    alone = [row.question.id for row in first.rows if row.question.id not in others]
    alone += [id for id in others if id not in ids]
    changed = [row.question.id for row in first.rows if row.question.id in others
               and row.question != others[row.question.id].question]  # fmt: skip
    if alone or changed:
        example = (alone or changed)[0]
        why = "is on one side only" if alone else "does not read the same on both sides"
        raise BadInput(
            f"“{names[0]}” has {len(first.rows)} questions and “{names[1]}” has {len(second.rows)}, and they are not the "
            f"same ones: “{example}” {why}. Run both on one question file, to its end."
        )
    if not first.rows:
        raise BadInput("There is nothing to compare: no question was asked. Run both evaluations to their end.")
    return [(row, others[row.question.id]) for row in first.rows]


def _difference(
    metric: _Metric, first: Sequence[Pair], second: Sequence[Pair], names: tuple[str, str], resamples: int, seed: int
) -> Difference:
    found = paired_ratios(second, first, resamples=resamples, seed=seed)
    a, b = ratio(first) or 0.0, ratio(second) or 0.0
    ahead, behind = found.first_better, found.second_better
    if metric.lower_is_better:
        ahead, behind = behind, ahead
    winner = None
    if found.low > 0 or found.high < 0:
        winner = names[(found.difference > 0) != metric.lower_is_better]
    sign_p = sign_test(ahead, behind)
    return Difference(
        metric=metric.name,
        n=found.n,
        first=a,
        second=b,
        difference=found.difference,
        low=found.low,
        high=found.high,
        first_ahead=behind,
        second_ahead=ahead,
        sign_p=sign_p,
        winner=winner,
        verdict=_verdict(metric, first, second, found.low, found.high, names, winner, ahead + behind),
    )


def _verdict(
    metric: _Metric, first: Sequence[Pair], second: Sequence[Pair], low: float, high: float, names: tuple[str, str],
    winner: str | None, differing: int,
) -> str:  # fmt: skip
    """The difference in plain words, told of the side that is ahead."""
    n = len(first)
    a, b = ratio(first) or 0.0, ratio(second) or 0.0
    if differing == 0 and a == b:
        return f"{names[0]} and {names[1]} are the same here, on all {n} questions."
    ahead = 1 if (b > a) != metric.lower_is_better else 0
    if a == b:
        ahead = 1
    if (ahead == 0) != metric.lower_is_better:  # told of the first: its lead is the difference turned round
        low, high = -high, -low
    name, other = names[ahead], names[1 - ahead]
    unit, digits = _UNITS[metric.unit]
    scale = 100 if metric.unit == "share" else 1
    lead = f"{scale * abs(b - a):.{max(digits, 1) if scale == 100 else digits}f}{unit}"
    interval = f"{_rounded(scale * low, digits)} … {_rounded(scale * high, digits)}{unit}"
    if metric.unit != "share":
        lead_text = f"{metric.says} by {lead} over {n} questions"
    elif all(value.is_integer() for value, _ in (*first, *second)):
        more = round(sum(value for value, _ in second) - sum(value for value, _ in first))
        lead_text = metric.says.format(f"{abs(more)} more of {n} questions")
    else:
        lead_text = metric.says.format(f"{lead} more of {n} questions")
    if winner is None:
        if a == b:
            return (
                f"{names[0]} and {names[1]} come out level and cannot be told apart: "
                f"the interval of their difference is {interval}."
            )
        return f"{name} and {other} cannot be told apart: {name} {lead_text}, but the interval {interval} holds 0."
    if differing < ENOUGH and metric.unit == "share":
        return (
            f"{name} {lead_text}; the interval {interval} leaves out 0, but only {differing} questions differ, which is "
            "too few to rely on. Ask more questions."
        )
    return f"{name} {lead_text}; the interval {interval} leaves out 0."


def _rounded(value: float, digits: int) -> str:
    """Without a minus before a zero."""
    text = f"{value:.{digits}f}"
    return text.removeprefix("-") if float(text) == 0 else text.replace("-", "−")
