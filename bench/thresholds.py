"""Where to refuse: `python -m bench.thresholds` prints what each bound on the grader's logit costs and brings.

Development questions only. `lab/rag/decide.py` holds the two bounds that were chosen from this table.
"""

from __future__ import annotations

from dataclasses import replace

from lab.rag.answer import AskOptions
from lab.rag.asked import divide_question
from lab.rag.collections import index_collection, list_collections, load_collection
from lab.rag.decide import CANDIDATES, decide
from lab.rag.index import Index
from lab.rag.measure import gold_removed, load_questions
from lab.rag.retrieve import retrieve

BOUNDS = (-6.0, -5.0, -4.0, -3.0, -2.0, -1.0, 0.0, 1.0, 2.0, 3.0, 4.0)


def best_grade(question: str, index: Index, options: AskOptions) -> float:
    """The logit that decides: the best of a question's parts, since one answered part is an answer."""
    grades = []
    for part in divide_question(question):
        hits = retrieve(index, part, CANDIDATES, retriever=options.retriever, rerank=options.rerank)
        grades.append(decide(part, hits, index, options.k).score)
    return max(grades)


def main() -> None:
    options = replace(AskOptions(), check="grader")
    answerable: list[float] = []
    unanswerable: list[float] = []
    removed: list[float] = []
    for name in list_collections():
        index = index_collection(name)
        questions = load_questions(load_collection(name).questions("dev"))
        for question in questions:
            grade = best_grade(question.question, index, options)
            (answerable if question.is_answerable else unanswerable).append(grade)
        removed += [best_grade(question.question, left, options) for question, left in gold_removed(index, questions)]
    print(f"| refuse below | answerable refused, of {len(answerable)} | unanswerable refused, of {len(unanswerable)} | "
          f"gold removed and refused, of {len(removed)} | F1 |\n|---|---|---|---|---|")  # fmt: skip
    for bound in BOUNDS:
        wrong, due, gone = (sum(grade < bound for grade in some) for some in (answerable, unanswerable, removed))
        f1 = 2 * due / (wrong + due + len(unanswerable)) if wrong + due else 0.0
        print(f"| {bound:g} | {wrong} | {due} | {gone} | {f1:.2f} |")


if __name__ == "__main__":
    main()
