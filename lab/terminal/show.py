"""What a person reads in the terminal: a command's dictionary → text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

Data = Mapping[str, Any]


def plain(data: Any) -> str:
    return str(data)


def share(value: float | None, interval: Sequence[float] | None = None) -> str:
    """0.81 [0.66, 0.91], or a dash where it is not defined."""
    if value is None:
        return "–"
    return f"{value:.2f}" + (f" [{interval[0]:.2f}, {interval[1]:.2f}]" if interval else "")


def models(data: Data) -> str:
    model, server = data["language_model"], data["server"]
    state = "ready" if model["converted"] else "fetched" if model["fetched"] else "not here yet: python -m lab fetch"
    instead = f"{server['model']} on {server['host']}" if server else "none (the embedded model answers)"
    lines = [
        f"Language model  {model['name']} ({model['licence']}): {state}",
        f"Embedder        {data['embedder']['name']} ({data['embedder']['licence']})",
        f"Adapters        {', '.join(data['adapters']) or 'none'}",
        f"Server          {instead}",
        f"Cache folder    {data['cache_folder']}",
    ]
    return "\n".join(lines)


def fetched(data: Data) -> str:
    return f"The language model is ready in {data['folder']}"


def index(data: Data) -> str:
    lines = [f"{data['documents']} documents, {data['chunks']} chunks, {data['seconds']:.1f} s"]
    lines += [f"Left out {item['file']}: {item['reason']}" for item in data["refused"]]
    for hit in data.get("hits", ()):
        lines += [f"  {hit['rank']}. {hit['document']} ({hit['score']:.2f}): {hit['text']}", f"     {hit['why']}"]
    if "hits" in data and not data["hits"]:
        lines.append("  Nothing was found.")
    return "\n".join(lines)


def edit(data: Data) -> str:
    return "\n".join(
        [
            f"Before: {data['before']['answer']}",
            f"After:  {data['after']['answer']}",
            f"{data['embedded']} texts embedded again, {data['kept']} of {data['chunks']} chunks kept, {data['removed']} "
            f"removed, in {data['update_seconds']:.3f} s; a full rebuild took {data['rebuild_seconds']:.2f} s",
        ]
    )


def answer(data: Data) -> str:
    lines = [data["answer"]]
    lines += [
        f"  [{item['number']}] {item['document']} {item['start']}–{item['end']} ({item['score']:.2f}): {item['text']}"
        for item in data["citations"]
    ]
    if data["reason"]:
        lines.append(f"  ({data['reason']})")
    return "\n".join(lines)


def break_it(data: Data) -> str:
    if "labs" in data:
        return "\n".join(f"{item['id']}: {item['title']}" for item in data["labs"])
    found = data["diagnosis"]
    state = "right" if found["right"] else f"failed: {found['failed']}"
    head = [data["question"], data["answer"], f"  ({'mended' if data['mended'] else 'broken'}; {state})"]
    return "\n".join([*head, *(f"  {line}" for line in found["sentences"])])


def take_home(data: Data) -> str:
    return f"Written to {data['folder']}: {', '.join(data['files'])}"


def evaluation(data: Data) -> str:
    if "comparison" in data:
        compared = data["comparison"]
        return "\n".join([compared["summary"], *(f"  {item['verdict']}" for item in compared["differences"])])
    names = (
        "recall_at_1", "recall_at_3", "mrr", "passage_recall_at_1", "passage_recall_at_3", "passage_recall_at_5",
        "passage_mrr", "ndcg_at_10", "answer_accuracy", "abstention_precision", "abstention_recall", "abstention_f1",
        "citation_precision",
    )  # fmt: skip
    lines = [f"{data['n']} questions, {data['n_answerable']} of them answerable"]
    lines += [f"  {name:22} {share(data[name], data['intervals'].get(name))}" for name in names]
    lines += [
        f"  {kind:22} " + ", ".join(f"{key} {value}" for key, value in figures.items())
        for kind, figures in data["by_kind"].items()
    ]
    return "\n".join(lines)


def training(data: Data) -> str:
    return f"Trained {data['steps']} steps in {data['seconds']:.0f} s; the adapter is in {data['folder']}"


def adherence(data: Data) -> str:
    lines = [f"{data['n']} messages, all rules kept: {share(data['rate'], data['interval'])}"]
    lines += [f"  {rule:24} {rate:.2f}" for rule, rate in data["rules"].items()]
    if data["values_right"] is not None:
        lines.append(f"Right in content, of {data['n_gold']}: {share(data['values_right'], data['values_interval'])}")
    elif data["fits"] is not None:
        lines.append(f"Fits its message: {share(data['fits'])}")
    return "\n".join(lines)


def compare(data: Data) -> str:
    if "saved" in data:
        return f"Saved in {data['saved']}"
    lines = []
    for pane in data["panes"]:
        if "rate" in pane:  # over a file of messages
            lines.append(f"{pane['pane']:12} every rule kept {share(pane['rate'], pane['interval'])}")
            if pane["values_right"] is not None:
                lines.append(f"{'':12} right in content {share(pane['values_right'], pane['values_interval'])}")
            continue
        lines += [
            f"── {pane['pane']}: {pane['rules_kept']} of {len(pane['rules'])} rules",
            pane["text"] or pane["error"],
        ]
        lines += [f"   {rule['reason']}" for rule in pane["rules"] if not rule["passed"]]
    return "\n".join(lines)


def experiment(data: Data) -> str:
    if "experiments" in data:
        return "\n".join(f"{item['id']}: {item['title']}. {item['claim']}" for item in data["experiments"])
    return "\n".join([f"{data['experiment']}, {data['made']}", *data["lines"]])


def claims(data: list[dict[str, Any]]) -> str:
    """One line for each claim, and how many came out how."""
    lines = []
    for item in data:
        n = f", n = {item['n']}" if item["n"] else ""
        lines.append(f"{item['verdict']:18} {item['id']}{n} ({item['experiment'] or 'no experiment'})")
    counted = Counter(item["verdict"] for item in data)
    return "\n".join([*lines, ", ".join(f"{count} {verdict}" for verdict, count in counted.items()) or "No claim."])


def quiz(data: Data) -> str:
    if "cases" in data:
        blocks = []
        for number, case in enumerate(data["cases"], start=1):
            options = "\n".join(f"   {place}. {text}" for place, text in enumerate(case["options"], start=1))
            blocks.append(f"{number}. {case['scenario']} {case['question']}\n{options}")
        return "\n\n".join(blocks)
    lines = [
        f"{data['right']} of {data['of']} right, 95 % interval {share(None) if not data['of'] else data['interval']}"
    ]
    lines += [f"  {'right' if row['right'] else 'not  '} {row['id']}: {row['why']}" for row in data["rows"]]
    return "\n".join(lines)
