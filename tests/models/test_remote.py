"""An OpenAI-compatible server instead of the embedded model: answers stream, trouble is a sentence, the key stays secret."""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.load import dumps
from langchain_core.messages import HumanMessage, SystemMessage
from langchain_core.prompts import ChatPromptTemplate

from lab.errors import BadInput, LabError
from lab.models.catalogue import choose_model
from lab.models.chat import EmbeddedChatModel
from lab.models.constraint import Constraint
from lab.models.remote import Endpoint, RemoteChatModel, check_endpoint, endpoint_from
from lab.settings import Settings, read_settings

KEY = "sk-very-secret-key-123"
REMAINS = "The embedded model is still here: switch the server off in the model panel (or unset LAB_CHAT_URL)."
ANSWERS = {"small": ["Hello", " from", " base", "."], "small-tuned": ["Ahoy", " from", " tuned", "!"]}


@dataclass
class Server:
    """A tiny OpenAI-compatible server on this machine; what it does depends on the model that is asked for."""

    url: str
    host: str
    release: threading.Event  # lets the slow ones go on, when the test is over
    asked: list[dict[str, Any]] = field(default_factory=list)


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    release = threading.Event()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            found.asked.append({"path": self.path, "key": self.headers.get("Authorization"), **body})
            key, model = self.headers.get("Authorization", ""), body["model"]
            if key != f"Bearer {KEY}":
                self.fail(401, f"Incorrect API key provided: {key}")
            elif self.path != "/v1/chat/completions" or model == "unheard-of":
                self.fail(404, f"The model does not exist, {key}")
            elif model.startswith("fails-"):
                self.fail(int(model.removeprefix("fails-")), f"Something went wrong for {key}")
            elif model == "slow":
                release.wait(30)
            elif model == "hangs-up":
                self.begin("text/event-stream", {"Transfer-Encoding": "chunked"})
                self.wfile.write(b"1000\r\n")  # announces 4096 bytes
                self.stream("breaks-off")
            elif model == "a-web-page":
                self.begin("text/html")
                self.wfile.write(b"<html>Welcome</html>")
            else:
                self.begin("text/event-stream")
                self.stream(model)

        def fail(self, status: int, words: str) -> None:
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps({"error": {"message": words, "type": "invalid_request_error"}}).encode())

        def begin(self, kind: str, headers: Mapping[str, str] | None = None) -> None:
            self.send_response(200)
            for name, value in {"Content-Type": kind, **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()

        def stream(self, model: str) -> None:
            words = ANSWERS.get(model, ["Half an", " answer"])
            for place, word in enumerate(words):
                last = place == len(words) - 1 and (model in ANSWERS or model == "counts-nothing")
                self.send({"choices": [self.choice(word, "stop" if last else None)]})
            if model == "stalls":
                release.wait(30)
            elif model == "breaks-off":
                self.wfile.write(b'data: {"id": "x", "choi')
            elif model == "broken-json":
                self.wfile.write(b"data: {nothing of the kind}\n\n")
            elif model == "error-in-the-stream":
                self.send({"error": {"message": f"overloaded, {KEY}"}})
            elif model in ANSWERS:
                self.send({"choices": [], "usage": {"prompt_tokens": 7, "completion_tokens": 4, "total_tokens": 11}})
                self.wfile.write(b"data: [DONE]\n\n")
            else:
                self.wfile.write(b"data: [DONE]\n\n")

        def choice(self, word: str, finish: str | None) -> dict[str, Any]:
            return {"index": 0, "delta": {"role": "assistant", "content": word}, "finish_reason": finish}

        def send(self, event: dict[str, Any]) -> None:
            whole = {"id": "x", "object": "chat.completion.chunk", "created": 1, "model": "m", **event}
            self.wfile.write(f"data: {json.dumps(whole)}\n\n".encode())
            self.wfile.flush()

        def log_message(self, format: str, *args: Any) -> None:
            """Quiet."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    threading.Thread(target=http.serve_forever, daemon=True).start()
    host = f"127.0.0.1:{http.server_port}"
    found = Server(f"http://{host}/v1", host, release)
    yield found
    release.set()
    http.shutdown()
    http.server_close()


@pytest.fixture
def endpoint(server: Server) -> Endpoint:
    server.asked.clear()
    return Endpoint(server.url, "small", "small-tuned", KEY)


def message_for(endpoint: Endpoint) -> str:
    with pytest.raises(LabError) as error:
        RemoteChatModel(endpoint=endpoint).invoke("Hello?")
    assert KEY not in str(error.value)
    assert KEY not in repr(error.value)
    return str(error.value)


class TestAnswers:
    def test_an_answer_streams_word_by_word_and_its_end_says_where_it_came_from(
        self, endpoint: Endpoint, server: Server
    ) -> None:
        model = RemoteChatModel(endpoint=endpoint, max_tokens=9, seed=4)
        chunks = list(model.stream([SystemMessage("Be brief."), HumanMessage("Who are you?")]))
        assert [chunk.text for chunk in chunks if chunk.text] == ANSWERS["small"]
        provenance = chunks[-1].response_metadata["provenance"]
        seconds = provenance.pop("seconds")
        assert provenance == {
            "backend": "server",
            "model": f"small at {server.host}",
            "weights": "",
            "prompt": "[system]\nBe brief.\n\n[human]\nWho are you?",
            "adapter": None,
            "adapter_sha256": None,
            "strength": None,
            "temperature": 0.0,
            "seed": 4,
            "constraint": None,
            "tokens_in": 7,
            "tokens_out": 4,
            "finish": "stop",
        }
        assert 0 < seconds["first_token"] <= seconds["generate"]
        whole = chunks[0]
        for chunk in chunks[1:]:
            whole += chunk
        assert whole.usage_metadata is not None
        assert whole.usage_metadata["total_tokens"] == 11

    def test_a_json_schema_goes_along_and_another_grammar_is_refused(self, endpoint: Endpoint, server: Server) -> None:
        schema = {"type": "object", "properties": {"a": {"type": "string"}}}
        held = RemoteChatModel(endpoint=endpoint, constraint=Constraint("json_schema", json.dumps(schema)))
        held.invoke("Who are you?")
        sent = server.asked[-1]["response_format"]
        assert sent == {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
        with pytest.raises(BadInput, match="only a JSON schema"):
            RemoteChatModel(endpoint=endpoint, constraint=Constraint("regex", "a|b")).invoke("Who are you?")

    def test_the_server_is_asked_in_words_that_ollama_understands(self, endpoint: Endpoint, server: Server) -> None:
        RemoteChatModel(endpoint=endpoint, max_tokens=9, seed=4).invoke("Who are you?", stop=["\n\n"])
        (asked,) = server.asked
        assert asked["path"] == "/v1/chat/completions"
        assert (asked["max_tokens"], asked["temperature"], asked["seed"]) == (9, 0.0, 4)
        assert (asked["stop"], asked["stream"]) == (["\n\n"], True)
        assert asked["messages"] == [{"role": "user", "content": "Who are you?"}]
        assert asked["key"] == f"Bearer {KEY}"

    def test_invoke_stream_and_batch_give_the_same_text(self, endpoint: Endpoint) -> None:
        model = RemoteChatModel(endpoint=endpoint)
        assert model.invoke("Hi").text == "Hello from base."
        assert "".join(chunk.text for chunk in model.stream("Hi")) == "Hello from base."
        assert [answer.text for answer in model.batch(["Hi", "Ho", "Hi"])] == ["Hello from base."] * 3

    def test_the_second_model_name_plays_the_tuned_side(self, endpoint: Endpoint, settings: Settings) -> None:
        base = choose_model(settings, endpoint=endpoint)
        tuned = choose_model(settings, endpoint=endpoint, adapter="any name")
        assert base.invoke("Hi").text == "Hello from base."
        answer = tuned.invoke("Hi")
        assert answer.text == "Ahoy from tuned!"
        assert answer.response_metadata["provenance"]["adapter"] == "small-tuned"

    def test_without_a_second_name_the_tuned_side_is_refused(self, endpoint: Endpoint, settings: Settings) -> None:
        with pytest.raises(BadInput) as error:
            choose_model(settings, endpoint=replace(endpoint, tuned_model=""), adapter="any name")
        assert str(error.value) == (
            f"{endpoint.host} was given no second model name, so there is no tuned side to ask there. "
            "Name one in the model panel (or LAB_CHAT_TUNED_MODEL), or use the embedded model."
        )

    def test_a_server_that_counts_nothing_leaves_the_counts_open(self, endpoint: Endpoint) -> None:
        answer = RemoteChatModel(endpoint=replace(endpoint, model="counts-nothing")).invoke("Hi")
        assert answer.text == "Half an answer"
        provenance = answer.response_metadata["provenance"]
        assert (provenance["tokens_in"], provenance["tokens_out"]) == (None, None)

    def test_in_a_chain_each_word_is_reported_once(self, endpoint: Endpoint) -> None:
        class Words(BaseCallbackHandler):
            def __init__(self) -> None:
                self.heard: list[str] = []
                self.starts = 0

            def on_chat_model_start(self, *args: Any, **kwargs: Any) -> None:
                self.starts += 1

            def on_llm_new_token(self, token: Any, **kwargs: Any) -> None:
                self.heard.append(token)

        words = Words()
        chain = ChatPromptTemplate.from_template("Say {what}") | RemoteChatModel(endpoint=endpoint)
        assert (
            "".join(chunk.text for chunk in chain.stream({"what": "hi"}, {"callbacks": [words]})) == "Hello from base."
        )
        assert [word for word in words.heard if word] == ANSWERS["small"]
        assert words.starts == 1

    def test_a_reader_that_leaves_half_way_closes_the_connection_quietly(self, endpoint: Endpoint) -> None:
        stream = RemoteChatModel(endpoint=replace(endpoint, model="stalls")).stream("Hi")
        assert next(stream).text == "Half an"
        stream.close()  # type: ignore[attr-defined]

    def test_checking_an_endpoint_asks_both_models_for_one_token(self, endpoint: Endpoint, server: Server) -> None:
        check_endpoint(endpoint)
        assert [(asked["model"], asked["max_tokens"]) for asked in server.asked] == [("small", 1), ("small-tuned", 1)]
        with pytest.raises(LabError, match="does not know the model “unheard-of”"):
            check_endpoint(replace(endpoint, tuned_model="unheard-of"))


class TestTrouble:
    def test_a_wrong_key_is_said_without_showing_it(self, endpoint: Endpoint) -> None:
        wrong = replace(endpoint, key="sk-wrong-but-still-secret")
        message = message_for(wrong)
        assert message == f"{endpoint.host} refuses the key. Check it and enter it again. {REMAINS}"
        assert "sk-wrong" not in message

    def test_a_forbidden_key_and_no_key_at_all_are_the_same_sentence(self, endpoint: Endpoint) -> None:
        expected = f"{endpoint.host} refuses the key. Check it and enter it again. {REMAINS}"
        assert message_for(replace(endpoint, model="fails-403")) == expected
        assert message_for(replace(endpoint, key="")) == expected

    def test_an_unknown_model_is_named(self, endpoint: Endpoint) -> None:
        expected = f"{endpoint.host} does not know the model “unheard-of” (or the address lacks its /v1). {REMAINS}"
        assert message_for(replace(endpoint, model="unheard-of")) == expected

    def test_an_address_without_v1_is_guessed(self, endpoint: Endpoint) -> None:
        expected = f"{endpoint.host} does not know the model “small” (or the address lacks its /v1). {REMAINS}"
        assert message_for(replace(endpoint, url=endpoint.url.removesuffix("/v1"))) == expected

    def test_a_server_that_is_not_there_is_said(self, endpoint: Endpoint) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        expected = f"127.0.0.1:{port} cannot be reached. Check the address and that the server is running. {REMAINS}"
        assert message_for(replace(endpoint, url=f"http://127.0.0.1:{port}/v1")) == expected

    def test_a_name_that_does_not_exist_is_said(self, endpoint: Endpoint) -> None:
        message = message_for(replace(endpoint, url="http://nowhere.invalid/v1", timeout_seconds=20))
        assert message.startswith("nowhere.invalid cannot be reached.")

    @pytest.mark.parametrize("model", ["slow", "stalls"])
    def test_a_slow_server_is_left_after_the_time_that_was_set(self, endpoint: Endpoint, model: str) -> None:
        assert message_for(replace(endpoint, model=model, timeout_seconds=0.5)) == (
            f"{endpoint.host} took longer than 0.5 seconds to answer. It may be loading the model: try again, "
            f"or raise LAB_CHAT_TIMEOUT_SECONDS. {REMAINS}"
        )

    @pytest.mark.parametrize("model", ["broken-json", "a-web-page"])
    def test_an_answer_in_another_language_is_said(self, endpoint: Endpoint, model: str) -> None:
        expected = f"{endpoint.host} answered something that is not the OpenAI protocol. {REMAINS}"
        assert message_for(replace(endpoint, model=model)) == expected

    @pytest.mark.parametrize(
        ("model", "words"),
        [
            ("fails-500", "answered with error 500."),
            ("fails-400", "answered with error 400."),
            ("fails-429", "says there were too many requests. Wait a little."),
            ("error-in-the-stream", "broke off its answer."),
            ("breaks-off", "broke off its answer."),
            ("hangs-up", "cannot be reached. Check the address and that the server is running."),
        ],
    )
    def test_other_trouble_of_the_server_is_one_sentence_in_our_words(
        self, endpoint: Endpoint, model: str, words: str
    ) -> None:
        assert message_for(replace(endpoint, model=model)) == f"{endpoint.host} {words} {REMAINS}"

    def test_after_trouble_the_embedded_model_remains(self, endpoint: Endpoint, settings: Settings) -> None:
        message_for(replace(endpoint, model="fails-500"))
        assert choose_model(settings, max_tokens=3).invoke("Hi").text


class TestTheKey:
    def test_the_key_is_in_no_text_that_can_be_shown_or_stored(
        self, endpoint: Endpoint, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        own = read_settings({"LAB_CHAT_URL": endpoint.url, "LAB_CHAT_MODEL": "small", "LAB_CHAT_KEY": KEY})
        model = RemoteChatModel(endpoint=endpoint)
        answer = model.invoke("Hi")
        message_for(replace(endpoint, model="fails-500"))
        shown = [repr(own), str(own), repr(endpoint), str(endpoint), repr(model), str(model), dumps(model)]
        shown += [repr(answer), json.dumps(answer.response_metadata), str(model._identifying_params), caplog.text]
        assert own.chat_key == KEY
        assert [text for text in shown if KEY in text] == []

    def test_the_key_is_in_no_traceback(self, endpoint: Endpoint) -> None:
        import traceback

        with pytest.raises(LabError) as error:
            RemoteChatModel(endpoint=replace(endpoint, model="fails-500")).invoke("Hi")
        assert KEY not in "".join(traceback.format_exception(error.value))

    @pytest.mark.parametrize("key", ["sk-ключ-非", "sk with\nline"])
    def test_a_key_that_cannot_be_sent_is_refused_unshown(self, endpoint: Endpoint, key: str) -> None:
        with pytest.raises(BadInput) as error:
            replace(endpoint, key=key)
        assert str(error.value) == "The key holds characters that no key has. Copy it again, without spaces or lines."


class TestEndpoint:
    @pytest.mark.parametrize(
        "url", ["", "localhost:11434", "ftp://x/v1", "http://", "file:///etc/passwd", "http:///v1"]
    )
    def test_an_address_that_is_none_is_refused(self, url: str) -> None:
        with pytest.raises(BadInput) as error:
            Endpoint(url, "small")
        assert str(error.value) == "The server's address must look like http://localhost:11434/v1 (http or https)."

    @pytest.mark.parametrize("url", ["http://[::1/v1", "http://host:port/v1", "http://host:99999/v1"])
    def test_a_broken_address_is_refused(self, url: str) -> None:
        with pytest.raises(BadInput) as error:
            Endpoint(url, "small")
        assert str(error.value) == "The server's address must look like http://localhost:11434/v1 (http or https)."

    @pytest.mark.parametrize("url", [f"http://{KEY}@host/v1", f"http://me:{KEY}@host/v1", f"http://host/v1?key={KEY}"])
    def test_a_key_in_the_address_is_refused_without_repeating_it(self, url: str) -> None:
        with pytest.raises(BadInput) as error:
            Endpoint(url, "small")
        assert str(error.value) == "Put the key into its own field, not into the server's address."

    def test_a_server_without_a_model_name_is_refused(self) -> None:
        with pytest.raises(BadInput, match=r"^Name the model that the server should use"):
            Endpoint("http://localhost:11434/v1", " ")

    def test_the_environment_names_a_server_or_none(self, tmp_path: Path) -> None:
        assert endpoint_from(Settings(tmp_path)) is None
        environment = {
            "LAB_CHAT_URL": " http://localhost:8000/v1 ",
            "LAB_CHAT_MODEL": "m",
            "LAB_CHAT_TUNED_MODEL": "t",
            "LAB_CHAT_KEY": KEY,
            "LAB_CHAT_TIMEOUT_SECONDS": "2.5",
        }
        assert endpoint_from(read_settings(environment)) == Endpoint("http://localhost:8000/v1", "m", "t", KEY, 2.5)


def test_the_catalogue_gives_the_embedded_model_unless_a_server_is_named(
    settings: Settings, make_adapter: Callable[..., Path]
) -> None:
    folder = make_adapter("small-one", rank=1, layers=[0])
    model = choose_model(settings, adapter=str(folder), strength=0.5, max_tokens=7)
    assert isinstance(model, EmbeddedChatModel)
    assert model.adapter is not None
    assert (model.adapter.name, model.strength, model.max_tokens) == ("small-one", 0.5, 7)
    with pytest.raises(BadInput, match="There is no adapter called “nothing”"):
        choose_model(settings, adapter="nothing")
    with pytest.raises(BadInput, match="max_tokens is 0: an answer needs at least 1 token"):
        choose_model(settings, max_tokens=0)
