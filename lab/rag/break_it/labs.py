"""The labs as they are written down in sample_data/break-it: documents, question, gold, two setups; read strictly."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from lab.errors import BadInput
from lab.rag.answer import AskOptions
from lab.rag.build import IndexOptions
from lab.rag.prompt import PromptTemplate
from lab.settings import SAMPLE_DATA, get_settings

if TYPE_CHECKING:
    from lab.rag.documents import Document
    from lab.rag.measure.evaluation import Failure

SHIPPED = SAMPLE_DATA / "break-it"
LAB_FILE = "lab.yaml"
ORDER_FILE = "order.yaml"
_EXPECT = ("retrieval", "generation", "refused", "answered-unanswerable")
_ASK = ("k", "template", "retriever", "threshold", "rerank", "divide", "max_tokens", "abstain", "check")
_PLAIN: dict[str, Any] = {  # a lab breaks one thing, so what could hide it is off
    "abstain": False, "divide": False, "retriever": "right-kind", "rerank": "none",
}  # fmt: skip
_CUT = ("splitter", "size", "overlap", "embedder")


@dataclass(frozen=True)
class GoldPart:
    """One passage the answer has to rest on.

    documents: where it stands, in any one of them. answers: what the answer must say, any one of them. needs: what must
    stand in the same passage for it to be understood, such as the condition it holds under. passage: what to look for in
    the document where the answer is told in other words (the answers unless given).
    """

    documents: tuple[str, ...]
    answers: tuple[str, ...]
    needs: tuple[str, ...] = ()
    passage: tuple[str, ...] = ()


@dataclass(frozen=True)
class Gold:
    """What is right: one answer of every part and nothing of `wrong`. No parts: the documents do not hold the answer.

    begins, ends: how the model's own words must begin and end, where the lab is about manner; `manner` says that in words.
    """

    parts: tuple[GoldPart, ...] = ()
    wrong: tuple[str, ...] = ()
    begins: str = ""
    ends: str = ""

    @property
    def manner(self) -> str:
        """“begin with “Hi Mira” and end with “?””, or nothing."""
        wanted = ((verb, text) for verb, text in (("begin with", self.begins), ("end with", self.ends)) if text)
        return " and ".join(f"{verb} “{text}”" for verb, text in wanted)

    def keeps_manner(self, raw_text: str) -> bool:
        """Whether the model's words begin and end as they should."""
        return raw_text.strip().startswith(self.begins) and raw_text.strip().endswith(self.ends)


@dataclass(frozen=True)
class Setup:
    """One way of running a lab: how to cut and embed, how to ask, which documents stay out, which adapter is on.

    Unless a lab says otherwise nothing is refused beforehand, ranked again or divided.
    """

    index: IndexOptions = field(default_factory=IndexOptions)
    ask: AskOptions = field(default_factory=lambda: AskOptions(**_PLAIN))
    without: tuple[str, ...] = ()
    adapter: str = ""

    def differences(self, other: Setup) -> tuple[tuple[str, str, str], ...]:
        """(setting, here, there) for all that differs."""
        here, there = self._told(), other._told()
        return tuple((name, here[name], there[name]) for name in here if here[name] != there[name])

    def to_json(self) -> dict[str, Any]:
        """A plain dictionary of the settings a lab may change."""
        told = {name: getattr(self.index, name) for name in _CUT} | {name: getattr(self.ask, name) for name in _ASK}
        template = self.ask.template
        told["template"] = template if isinstance(template, str) else asdict(template)
        return {**told, "without": list(self.without), "adapter": self.adapter}

    def _told(self) -> dict[str, str]:
        told = {name: str(getattr(self.index, name)) for name in _CUT}
        told |= {name: str(getattr(self.ask, name)) for name in _ASK}
        template = self.ask.template
        told["template"] = template if isinstance(template, str) else template.title
        told["threshold"] = "none" if self.ask.threshold is None else f"{self.ask.threshold:g}"
        told["divide"] = "asked part by part" if self.ask.divide else "asked at once"
        told["abstain"] = "may refuse" if self.ask.abstain else "never refuses"
        told["without"] = ", ".join(self.without) or "nothing"
        told["adapter"] = self.adapter or "none"
        return {_WORDS[name]: value for name, value in told.items()}


_WORDS = {
    "splitter": "Splitter",
    "size": "Chunk size (tokens)",
    "overlap": "Overlap (tokens)",
    "embedder": "Embedder",
    "k": "Passages in the prompt (k)",
    "template": "Prompt",
    "retriever": "Retriever",
    "threshold": "Threshold (cosine)",
    "rerank": "Re-ranker",
    "divide": "Question of several parts",
    "max_tokens": "Longest answer (tokens)",
    "abstain": "When in doubt",
    "check": "Check before answering",
    "without": "Left out of the index",
    "adapter": "Adapter (learned behaviour)",
}


@dataclass(frozen=True)
class PredictionOption:
    """One thing a learner may expect; `why` is told once the run is over."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True)
class Prediction:
    """The question before the run: three options, one of them right."""

    question: str
    options: tuple[PredictionOption, ...]


@dataclass(frozen=True)
class Lab:
    """One thing that breaks. `expect`: what fails in the broken setup, a key of `lab.rag.measure.FAILURES`.

    change: what to change and why; term: what the field calls it. unmendable: why this small model cannot be mended, ""
    where the mended run is right. sources: places in the five texts, “002 § Mistake 3”.
    """

    id: str
    title: str
    story: str
    question: str
    gold: Gold
    broken: Setup
    mended: Setup
    prediction: Prediction
    change: str
    term: str
    expect: Failure
    sources: tuple[str, ...] = ()
    unmendable: str = ""

    @property
    def folder(self) -> Path:
        """Where its documents lie."""
        return SHIPPED / self.id / "documents"

    def setup(self, *, mended: bool) -> Setup:
        return self.mended if mended else self.broken

    @property
    def documents(self) -> tuple[Document, ...]:
        """All its documents, those that a setup leaves out included."""
        return _documents(self.folder)


@lru_cache(maxsize=64)
def _documents(folder: Path) -> tuple[Document, ...]:
    from lab.rag.load import load_paths

    settings = get_settings()
    loaded = load_paths([folder], max_file_bytes=settings.max_file_bytes, max_files=settings.max_files)
    return loaded.require_documents().documents


@lru_cache(maxsize=1)
def load_labs() -> tuple[Lab, ...]:
    """The shipped labs in the order a learner meets them; raises BadInput that names file and field."""
    names = _Reader(_read_yaml(SHIPPED / ORDER_FILE), ORDER_FILE).texts("labs")
    folders = sorted(path.parent.name for path in SHIPPED.glob(f"*/{LAB_FILE}"))
    if sorted(names) != folders:
        raise BadInput(f"{ORDER_FILE}: labs must name every folder once: {', '.join(folders)}.")
    return tuple(read_lab(SHIPPED / name) for name in names)


def load_lab(name: str) -> Lab:
    """A shipped lab by its id; raises BadInput with the ids there are."""
    labs = {lab.id: lab for lab in load_labs()}
    if name not in labs:
        raise BadInput(f"There is no lab called “{name}”. Choose one of: {', '.join(labs)}.")
    return labs[name]


def read_lab(folder: Path) -> Lab:
    """A lab from its folder; raises BadInput when a field is missing, unknown or not what it should be."""
    where = f"{folder.name}/{LAB_FILE}"
    reader = _Reader(_read_yaml(folder / LAB_FILE), where)
    if reader.text("id") != folder.name:
        raise BadInput(f"{where}: id must be the folder's name, {folder.name}.")
    names = {document.name for document in _documents(folder / "documents")}
    lab = Lab(
        id=folder.name,
        title=reader.text("title"),
        story=reader.text("story"),
        question=reader.text("question"),
        gold=_read_gold(reader, names),
        broken=_read_setup(reader.inside("broken"), names),
        mended=_read_setup(reader.inside("mended"), names),
        prediction=_read_prediction(reader.inside("prediction")),
        change=reader.text("change"),
        term=reader.text("term"),
        expect=cast("Failure", reader.one_of("expect", _EXPECT)),
        sources=reader.texts("sources", optional=True),
        unmendable=reader.text("unmendable", optional=True),
    )
    reader.done()
    if not lab.broken.differences(lab.mended):
        raise BadInput(f"{where}: broken and mended are the same, so nothing is mended.")
    if (lab.expect == "answered-unanswerable") == bool(lab.gold.parts):
        raise BadInput(
            f"{where}: expect is “{lab.expect}”, which does not go with {len(lab.gold.parts)} gold passages."
        )
    return lab


def _read_gold(reader: _Reader, names: Collection[str]) -> Gold:
    parts = []
    gold = reader.inside("gold")
    for entry in gold.entries("parts"):
        part = GoldPart(
            entry.texts("documents", known=names),
            entry.texts("answers"),
            entry.texts("needs", optional=True),
            entry.texts("passage", optional=True),
        )
        entry.done()
        parts.append(part)
    read = Gold(
        tuple(parts),
        gold.texts("wrong", optional=True),
        gold.text("begins", optional=True),
        gold.text("ends", optional=True),
    )
    gold.done()
    return read


def _read_setup(reader: _Reader, names: Collection[str]) -> Setup:
    cut = {name: reader.take(name) for name in _CUT if reader.has(name)}
    ask = {name: reader.take(name) for name in _ASK if reader.has(name)}
    for name, value in (cut | ask).items():
        if name != "template" and type(value) not in _TYPES[name]:
            raise reader.wrong(name, f"cannot be {value!r}")
    if isinstance(ask.get("template"), Mapping):
        own = _Reader(ask["template"], f"{reader.where}, template")
        ask["template"] = PromptTemplate(
            own.text("name"), own.text("title"), own.text("description"), own.text("system"), own.text("user")
        )
        own.done()
    without = reader.texts("without", optional=True, known=names)
    adapter = reader.text("adapter", optional=True)
    reader.done()
    return Setup(IndexOptions(**cut), AskOptions(**{**_PLAIN, **ask}), without, adapter)


_TYPES: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("splitter", "embedder", "retriever", "rerank", "check"), (str,)),
    **dict.fromkeys(("size", "overlap", "k", "max_tokens"), (int,)),
    "threshold": (int, float),
    **dict.fromkeys(("divide", "abstain"), (bool,)),
}


def _read_prediction(reader: _Reader) -> Prediction:
    options = []
    for entry in reader.entries("options"):
        options.append(PredictionOption(entry.text("text"), entry.take("right") is True, entry.text("why")))
        entry.done()
    prediction = Prediction(reader.text("question"), tuple(options))
    reader.done()
    if len(options) != 3 or sum(option.right for option in options) != 1:
        raise reader.wrong("options", "must be three, one of them right")
    return prediction


class _Reader:
    """One mapping of a YAML file, read field by field; `done` refuses what nobody asked for."""

    def __init__(self, data: object, where: str) -> None:
        if not isinstance(data, Mapping):
            raise BadInput(f"{where} must be a group of “field: value” lines.")
        self.where = where
        self._left: dict[str, Any] = {str(key): value for key, value in data.items()}

    def has(self, name: str) -> bool:
        return name in self._left

    def take(self, name: str) -> Any:
        if name not in self._left:
            raise self.wrong(name, "is missing")
        return self._left.pop(name)

    def text(self, name: str, *, optional: bool = False) -> str:
        if optional and name not in self._left:
            return ""
        value = self.take(name)
        if not isinstance(value, str) or not value.strip():
            raise self.wrong(name, "must be a text that is not empty; put it in quotation marks")
        return value.strip()

    def texts(self, name: str, *, optional: bool = False, known: Collection[str] = ()) -> tuple[str, ...]:
        if optional and name not in self._left:
            return ()
        value = self.take(name)
        if not isinstance(value, list) or not value or not all(isinstance(item, str) and item for item in value):
            raise self.wrong(name, "must be a list of texts with at least one in it; put each in quotation marks")
        if len(set(value)) < len(value):
            raise self.wrong(name, "says the same twice")
        if known and (unknown := [item for item in value if item not in known]):
            raise self.wrong(name, f"names “{unknown[0]}”; known are {', '.join(sorted(known))}")
        return tuple(value)

    def one_of(self, name: str, known: Collection[str]) -> str:
        value = self.text(name)
        if value not in known:
            raise self.wrong(name, f"is “{value}”; known are {', '.join(sorted(known))}")
        return value

    def inside(self, name: str) -> _Reader:
        return _Reader(self.take(name), f"{self.where}, {name}")

    def entries(self, name: str) -> tuple[_Reader, ...]:
        value = self.take(name)
        if not isinstance(value, list):
            raise self.wrong(name, "must be a list")
        return tuple(_Reader(item, f"{self.where}, {name}, number {at}") for at, item in enumerate(value, start=1))

    def done(self) -> None:
        for name in self._left:
            raise self.wrong(name, "is not a field that is known here")

    def wrong(self, name: str, complaint: str) -> BadInput:
        return BadInput(f"{self.where}: {name} {complaint}.")


def _read_yaml(path: Path) -> object:
    import yaml

    where = f"{path.parent.name}/{path.name}"
    try:
        return yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise BadInput(f"{where} cannot be read: {error.strerror or error}.") from None
    except UnicodeDecodeError:
        raise BadInput(f"{where} is not UTF-8 text. Save the file as UTF-8.") from None
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark else ""
        raise BadInput(
            f"{where}{line}: this is not YAML ({getattr(error, 'problem', None) or 'unreadable'})."
        ) from None
