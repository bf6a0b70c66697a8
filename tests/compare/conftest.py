"""What the tests of comparing share: a voice, a message, a model that says what it is told, and a small server."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from lab.compare.panes import ModelFactory
from lab.errors import LabError
from lab.models.constraint import Constraint
from lab.tuning.styles import Style, load_style

MESSAGE = {"first_name": "Mira", "message": "Do you lend kayaks when it is windy?"}


class SaysModel(BaseChatModel):
    """Says what `says` gives for the last message, word by word, with a provenance like the embedded model's."""

    says: Callable[[str], str]
    adapter: str | None = None
    strength: float | None = None
    max_tokens: int = 5
    constraint: Constraint | None = None
    trouble: str = ""

    @property
    def _llm_type(self) -> str:
        return "says"

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        words = self.says(messages[-1].text).split(" ")
        for place, word in enumerate(words):
            if self.trouble and place:
                raise LabError(self.trouble)
            yield ChatGenerationChunk(message=AIMessageChunk(f" {word}" if place else word))
        prompt = "".join(f"<|im_start|>{message.type}\n{message.text}<|im_end|>\n" for message in messages)
        provenance = {
            "backend": "embedded", "model": "fake", "weights": "w", "prompt": f"{prompt}<|im_start|>assistant\n",
            "adapter": self.adapter, "adapter_sha256": self.adapter and f"sha of {self.adapter}",
            "strength": self.strength, "constraint": self.constraint and self.constraint.kind,
            "tokens_in": len(prompt.split()), "tokens_out": len(words), "seconds": {"first_token": 0.1, "generate": 0.5},
        }  # fmt: skip
        yield ChatGenerationChunk(message=AIMessageChunk("", response_metadata={"provenance": provenance}))

    def _generate(self, messages: list[BaseMessage], *args: Any, **kwargs: Any) -> ChatResult:
        return generate_from_stream(self._stream(messages))


@pytest.fixture(scope="session")
def voice() -> Style:
    return load_style("brand-voice")


@pytest.fixture
def make_factory() -> Callable[..., ModelFactory]:
    """A maker of model factories: base and tuned each say what they are told to."""

    def make(
        base: Callable[[str], str] = lambda _: "The answer is 2.",
        tuned: Callable[[str], str] = lambda _: (
            "Hi Mira, the wind is the thing for a kayak. What boat would you like today, please?"
        ),
        trouble: str = "",
    ) -> ModelFactory:
        def factory(adapter: str | None, strength: float) -> BaseChatModel:
            if adapter is None:
                return SaysModel(says=base)
            return SaysModel(says=tuned, adapter=adapter, strength=strength, trouble=trouble)

        return factory

    return make


@dataclass
class Server:
    """An OpenAI-compatible server: `plain` answers, `breaks` answers with error 500. asked: what it was sent."""

    url: str
    asked: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture
def server() -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found.asked.append(body)
            broken = body["model"] == "breaks"
            self.send_response(500 if broken else 200)
            self.send_header("Content-Type", "application/json" if broken else "text/event-stream")
            self.end_headers()
            if broken:
                self.wfile.write(b'{"error": {"message": "no", "type": "server_error"}}')
                return
            for word, finish in (("Ahoy", None), (" there", "stop")):
                choice = {"index": 0, "delta": {"role": "assistant", "content": word}, "finish_reason": finish}
                self._send({"choices": [choice]})
            self._send({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 2, "total_tokens": 9}})
            self.wfile.write(b"data: [DONE]\n\n")

        def _send(self, event: dict[str, Any]) -> None:
            whole = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", **event}
            self.wfile.write(f"data: {json.dumps(whole)}\n\n".encode())

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, daemon=True).start()
    found = Server(f"http://127.0.0.1:{http.server_port}/v1")
    yield found
    http.shutdown()
    http.server_close()
