"""The shared engine on the real model: base stays base, learners share steps, cancelling saves compute."""

from __future__ import annotations

import os
import queue
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from subprocess import Popen
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from lab.errors import BadInput, Busy, LabError
from lab.models.adapters import Adapter, read_adapter
from lab.models.convert import ensure_serving_model
from lab.models.engine import Completion, Engine, Generation, Request, get_engine, loaded_engine
from lab.models.lanes import PROPERTIES, Job, Lane, LaneLimits
from lab.settings import Settings

TOKENS = 16


@pytest.fixture(scope="module")
def plain_answers(settings: Settings, prompts: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """Greedy token ids from the plain OpenVINO pipeline, which has never heard of adapters or of us: the oracle."""
    import openvino_genai

    folder = ensure_serving_model(settings)
    pipeline = openvino_genai.LLMPipeline(str(folder), "CPU", **PROPERTIES)
    config = openvino_genai.GenerationConfig()
    config.max_new_tokens = TOKENS
    config.set_eos_token_id(pipeline.get_tokenizer().get_eos_token_id())
    answers = {}
    for prompt in prompts:
        ids = pipeline.get_tokenizer().encode(prompt, add_special_tokens=False)
        answers[prompt] = tuple(int(token) for token in pipeline.generate(ids, config).tokens[0])
    return answers


@pytest.fixture(scope="module")
def alone(engine: Engine) -> Callable[[Request], Completion]:
    """The answer to a request when nobody else asks, computed once."""
    known: dict[tuple[Any, ...], Completion] = {}

    def ask(request: Request) -> Completion:
        key = (request.prompt, request.key(), request.max_tokens, request.temperature, request.seed)
        if key not in known:
            known[key] = engine.submit(request).wait()
        return known[key]

    return ask


@pytest.fixture(scope="module")
def half_strong(make_adapter: Callable[..., Path]) -> Adapter:
    """Another adapter: rank 8, only the last ten layers, lora_alpha half the rank."""
    return read_adapter(make_adapter("late-layers", rank=8, alpha=4, seed=1, layers=range(20, 30)))


class TestBaseIsBase:
    def test_base_is_the_same_before_and_after_a_tuned_answer(
        self, engine: Engine, prompts: Sequence[str], strong: Adapter, plain_answers: dict[str, tuple[int, ...]]
    ) -> None:
        prompt = prompts[1]
        before = engine.submit(Request(prompt, TOKENS)).wait()
        tuned = engine.submit(Request(prompt, TOKENS, adapter=strong)).wait()
        after = engine.submit(Request(prompt, TOKENS)).wait()
        assert before.token_ids == plain_answers[prompt]
        assert after.token_ids == plain_answers[prompt]
        assert tuned.token_ids != plain_answers[prompt]
        assert tuned.text != before.text

    def test_base_stays_base_while_others_ask_the_tuned_model(
        self,
        engine: Engine,
        prompts: Sequence[str],
        strong: Adapter,
        plain_answers: dict[str, tuple[int, ...]],
        alone: Callable[[Request], Completion],
    ) -> None:
        requests = [
            Request(prompt, TOKENS, adapter=adapter)
            for prompt in prompts[:4]
            for adapter in (None, strong, None, strong)
        ]
        generations = [engine.submit(request) for request in requests]
        assert len(generations) == 16
        for request, generation in zip(requests, generations, strict=True):
            answer = generation.wait()
            if request.adapter is None:
                assert answer.token_ids == plain_answers[request.prompt]
            else:
                assert answer.token_ids != plain_answers[request.prompt]
                assert answer.token_ids == alone(request).token_ids

    def test_every_prompt_alone_gets_the_plain_pipelines_answer(
        self, prompts: Sequence[str], plain_answers: dict[str, tuple[int, ...]], alone: Callable[[Request], Completion]
    ) -> None:
        assert {prompt: alone(Request(prompt, TOKENS)).token_ids for prompt in prompts} == plain_answers

    def test_strength_zero_is_the_base_model(
        self, engine: Engine, prompts: Sequence[str], strong: Adapter, plain_answers: dict[str, tuple[int, ...]]
    ) -> None:
        engine.submit(Request(prompts[0], TOKENS, adapter=strong)).wait()
        generations = [engine.submit(Request(prompt, TOKENS, adapter=strong, strength=0)) for prompt in prompts[:4]]
        assert [generation.wait().token_ids for generation in generations] == [plain_answers[p] for p in prompts[:4]]

    def test_almost_no_strength_on_the_tuned_lane_is_the_base_model(
        self, engine: Engine, prompts: Sequence[str], strong: Adapter, plain_answers: dict[str, tuple[int, ...]]
    ) -> None:
        generations = [engine.submit(Request(p, TOKENS, adapter=strong, strength=1e-12)) for p in prompts[:4]]
        assert [generation.wait().token_ids for generation in generations] == [plain_answers[p] for p in prompts[:4]]

    def test_the_lane_that_carries_adapters_is_the_base_model_at_alpha_zero(
        self,
        settings: Settings,
        engine: Engine,
        prompts: Sequence[str],
        strong: Adapter,
        plain_answers: dict[str, tuple[int, ...]],
    ) -> None:
        lane = Lane(ensure_serving_model(settings), LaneLimits(8, 1), with_adapters=True)
        answers: dict[float, dict[int, tuple[int, ...]]] = {}
        for factor in (1.0, 0.0):  # the strong one first, so that something would be left behind
            lane.attach((strong.sha256, factor), str(strong.file))
            for number, prompt in enumerate(prompts[:3]):
                lane.add(Job(id=number, token_ids=tuple(engine.encode(prompt)), max_tokens=TOKENS))
            found: dict[int, tuple[int, ...]] = {0: (), 1: (), 2: ()}
            while lane.busy:
                for job, what, value in lane.step():
                    found[job] += tuple(value) if what == "tokens" else ()
            answers[factor] = found
        expected = {number: plain_answers[prompt] for number, prompt in enumerate(prompts[:3])}
        assert answers[0.0] == expected
        assert all(answers[1.0][number] != expected[number] for number in expected)

    def test_one_adapter_leaves_nothing_behind_for_the_next(
        self, settings: Settings, engine: Engine, prompts: Sequence[str], strong: Adapter, half_strong: Adapter
    ) -> None:
        request = Request(prompts[2], TOKENS, adapter=half_strong)
        before = engine.submit(request).wait()
        engine.submit(
            Request(prompts[2], TOKENS, adapter=strong)
        ).wait()  # touches twenty layers that the other does not
        assert engine.submit(request).wait().token_ids == before.token_ids

    def test_the_strength_slider_gives_the_same_answers_forth_and_back(
        self, engine: Engine, prompts: Sequence[str], strong: Adapter
    ) -> None:
        strengths = (0.5, 1.0, 0.0, 1.0, 0.5)
        answers = [
            engine.submit(Request(prompts[1], TOKENS, adapter=strong, strength=strength)).wait().token_ids
            for strength in strengths
        ]
        assert answers == answers[::-1]
        assert len(set(answers)) == 3

    def test_the_strength_slider_works_for_an_adapter_that_leaves_some_layers_alone(
        self, engine: Engine, prompts: Sequence[str], half_strong: Adapter
    ) -> None:
        strengths = (2.0, 1.5, 0.0, 1.5, 2.0)
        answers = [
            engine.submit(Request(prompts[2], TOKENS, adapter=half_strong, strength=strength)).wait().token_ids
            for strength in strengths
        ]
        assert answers == answers[::-1]
        assert len(set(answers)) > 1

    def test_a_change_of_lora_alpha_alone_changes_the_answer(
        self, engine: Engine, prompts: Sequence[str], strong: Adapter
    ) -> None:
        """The same file with another lora_alpha is another adapter, though its hash is the same."""
        request = Request(prompts[1], TOKENS, adapter=strong)
        weaker = replace(strong, scaling=strong.scaling / 2)
        by_alpha = [engine.submit(replace(request, adapter=adapter)).wait().token_ids for adapter in (strong, weaker)]
        by_strength = engine.submit(replace(request, strength=0.5)).wait().token_ids
        assert by_alpha[0] != by_alpha[1]
        assert by_alpha[1] == by_strength


class TestLearnersShareSteps:
    def test_sixteen_learners_at_once_cost_about_as_many_steps_as_one(
        self, engine: Engine, prompts: Sequence[str], alone: Callable[[Request], Completion]
    ) -> None:
        requests = [Request(prompts[number % len(prompts)], TOKENS - number % 3) for number in range(16)]
        expected = [alone(request).token_ids for request in requests]
        before = engine.steps
        with ThreadPoolExecutor(16) as pool:
            answers = list(pool.map(lambda request: engine.submit(request).wait(), requests))
        steps = engine.steps - before
        longest = max(len(answer.token_ids) for answer in answers)
        print(f"16 requests, {sum(len(a.token_ids) for a in answers)} tokens, longest {longest}, {steps} steps")
        assert [answer.token_ids for answer in answers] == expected
        assert steps < 3 * longest < sum(len(answer.token_ids) for answer in answers)

    def test_two_strengths_and_a_base_reader_all_finish_with_their_own_answers(
        self, engine: Engine, prompts: Sequence[str], strong: Adapter, alone: Callable[[Request], Completion]
    ) -> None:
        kinds = (
            Request("", TOKENS),
            Request("", TOKENS, adapter=strong),
            Request("", TOKENS, adapter=strong, strength=0.5),
        )
        requests = [replace(kind, prompt=prompt) for prompt in prompts[:3] for kind in kinds]
        expected = [alone(request).token_ids for request in requests]
        generations = [engine.submit(request) for request in requests]
        assert [generation.wait().token_ids for generation in generations] == expected

    def test_a_second_adapter_gets_its_turn_while_the_first_is_asked_without_end(
        self,
        engine: Engine,
        prompts: Sequence[str],
        strong: Adapter,
        half_strong: Adapter,
        wait_until: Callable[..., None],
    ) -> None:
        first = engine.submit(Request(prompts[1], 40, adapter=half_strong))
        wait_until(lambda: first.admitted > 0, "the first adapter to run")
        other = engine.submit(Request(prompts[1], 4, adapter=strong))
        followers = [engine.submit(Request(prompts[1], 40, adapter=half_strong)) for _ in range(3)]
        other.wait()
        answers = {follower.wait().token_ids for follower in followers}
        assert first.admitted < other.admitted < min(follower.admitted for follower in followers)
        assert answers == {first.wait().token_ids}

    def test_an_answer_with_chance_in_it_is_the_same_for_the_same_seed_whoever_else_asks(
        self, engine: Engine, prompts: Sequence[str]
    ) -> None:
        request = Request(prompts[1], 12, temperature=1.0, seed=7)
        alone = engine.submit(request).wait()
        crowd = [engine.submit(replace(request, seed=seed)) for seed in (1, 2, 7, 3, 4)]
        answers = [generation.wait().token_ids for generation in crowd]
        assert answers[2] == alone.token_ids
        assert len(set(answers)) > 1

    def test_a_long_prompt_is_answered_the_same_beside_others(
        self, engine: Engine, prompts: Sequence[str], endless_prompt: str, alone: Callable[[Request], Completion]
    ) -> None:
        long = Request(endless_prompt.replace("1\n2\n", "1\n2\n" * 300), 6)
        assert engine.count_tokens(long.prompt) > 512  # more than one slice
        expected = alone(long).token_ids
        beside = [engine.submit(Request(prompt, TOKENS)) for prompt in prompts[:3]]
        assert engine.submit(long).wait().token_ids == expected
        assert [generation.wait().token_ids for generation in beside] == [
            alone(Request(prompt, TOKENS)).token_ids for prompt in prompts[:3]
        ]


class TestCancel:
    LONG = 1500

    def test_a_closed_tab_stops_costing_compute(
        self, engine: Engine, endless_prompt: str, assert_idle: Callable[[Engine], None]
    ) -> None:
        before = engine.steps
        generation = engine.submit(Request(endless_prompt, self.LONG))
        pieces = iter(generation)
        first = [next(pieces), next(pieces), next(pieces)]
        generation.cancel()
        rest = list(pieces)
        assert_idle(engine)
        assert engine.steps - before < self.LONG / 4
        assert generation.completion is not None
        assert generation.completion.finish == "cancelled"
        assert generation.completion.text == "".join(first + rest)

    def test_a_reader_that_walks_away_cancels(
        self, engine: Engine, endless_prompt: str, assert_idle: Callable[[Engine], None]
    ) -> None:
        before = engine.steps
        generation = engine.submit(Request(endless_prompt, self.LONG))
        pieces = iter(generation)
        read = next(pieces) + next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        assert_idle(engine)
        assert engine.steps - before < self.LONG / 4
        assert generation.completion is not None
        assert (generation.completion.text, generation.completion.finish) == (read, "cancelled")

    def test_cancelling_one_leaves_the_others_alone(
        self, engine: Engine, endless_prompt: str, prompts: Sequence[str], alone: Callable[[Request], Completion]
    ) -> None:
        doomed = engine.submit(Request(endless_prompt, self.LONG))
        request = Request(prompts[1], TOKENS)
        kept = engine.submit(request)
        pieces = iter(doomed)
        next(pieces)
        doomed.cancel()
        assert kept.wait().token_ids == alone(request).token_ids

    def test_a_tuned_answer_can_be_cancelled_and_the_lane_turns_to_the_next(
        self,
        engine: Engine,
        endless_prompt: str,
        strong: Adapter,
        half_strong: Adapter,
        assert_idle: Callable[[Engine], None],
    ) -> None:
        doomed = engine.submit(Request(endless_prompt, self.LONG, adapter=half_strong, strength=0.01))
        waiting = engine.submit(Request(endless_prompt, 3, adapter=strong))
        pieces = iter(doomed)
        next(pieces)
        doomed.cancel()
        assert len(waiting.wait().token_ids) == 3
        assert_idle(engine)

    def test_what_is_cancelled_while_it_waits_never_runs(
        self,
        small_engine: Engine,
        endless_prompt: str,
        wait_until: Callable[..., None],
        assert_idle: Callable[[Engine], None],
    ) -> None:
        running = [small_engine.submit(Request(endless_prompt, self.LONG)) for _ in range(2)]
        wait_until(lambda: all(generation.admitted for generation in running), "two to run")
        waiting = small_engine.submit(Request(endless_prompt, self.LONG))
        waiting.cancel()
        completion = waiting.wait()
        assert (completion.finish, completion.text, completion.token_ids) == ("cancelled", "", ())
        assert waiting.admitted == 0
        for generation in running:
            generation.cancel()
        assert_idle(small_engine)

    def test_an_answer_read_twice_is_empty_the_second_time_and_does_not_hang(
        self, engine: Engine, prompts: Sequence[str]
    ) -> None:
        generation = engine.submit(Request(prompts[0], 4))
        first = generation.wait()
        assert list(generation) == []
        assert generation.wait() is first


class TestStop:
    def test_the_answer_ends_exactly_before_the_stop_string_and_computing_stops(
        self, engine: Engine, endless_prompt: str, assert_idle: Callable[[Engine], None]
    ) -> None:
        whole = engine.submit(Request(endless_prompt, 50)).wait().text
        stop = whole[40:44]  # from the middle of the answer; may begin and end inside tokens
        before = engine.steps
        generation = engine.submit(Request(endless_prompt, 1500, stop=("never written", stop)))
        pieces = list(generation)
        assert_idle(engine)
        assert generation.completion is not None
        assert generation.completion.text == "".join(pieces) == whole[: whole.index(stop)]
        assert generation.completion.finish == "stop"
        assert engine.steps - before < 400

    def test_without_the_stop_string_nothing_is_cut(
        self, engine: Engine, prompts: Sequence[str], alone: Callable[[Request], Completion]
    ) -> None:
        request = Request(prompts[1], TOKENS)
        answer = engine.submit(replace(request, stop=("zebra crossing", "\n\n\n\n"))).wait()
        assert answer.text == alone(request).text
        assert answer.finish == alone(request).finish

    def test_the_first_of_several_stop_strings_counts(self, engine: Engine, endless_prompt: str) -> None:
        whole = engine.submit(Request(endless_prompt, 40)).wait().text
        late, early = whole[30:34], whole[10:14]
        expected = whole[: min(whole.index(late), whole.index(early))]
        assert engine.submit(Request(endless_prompt, 40, stop=(late, early))).wait().text == expected


class Bytes:
    """A tokenizer whose tokens are single bytes: the hardest case for stop strings and half characters."""

    def decode(self, ids: Sequence[int]) -> str:
        return bytes(ids).decode("utf-8", "replace")

    def get_eos_token_id(self) -> int:
        return -1

    def cancel(self, job_id: int) -> None:
        """Stands in for the engine as well."""


def read_in_slices(text: str, slices: Sequence[int], stop: tuple[str, ...]) -> tuple[list[str], Completion]:
    fake: Any = Bytes()
    generation = Generation(1, Request("p", 10_000, stop), 1, fake, fake)
    data = list(text.encode())
    while data:
        for size in slices:
            generation.feed(data[:size])
            data = data[size:]
    generation.feed(None)
    pieces = list(generation)
    assert generation.completion is not None
    return pieces, generation.completion


ALPHABET = st.text("ab日é👩 \n", max_size=30)


@given(text=ALPHABET, slices=st.lists(st.integers(1, 4), min_size=1, max_size=5), stop=st.text("ab日é", max_size=3))
@hypothesis_settings(max_examples=300, deadline=None)
def test_streamed_pieces_are_the_text_up_to_the_stop_string_however_tokens_fall(
    text: str, slices: list[int], stop: str
) -> None:
    pieces, completion = read_in_slices(text, slices, (stop,) if stop else ())
    expected = text.split(stop)[0] if stop else text
    assert "".join(pieces) == completion.text == expected
    assert completion.finish == ("stop" if stop and stop in text else "end")
    assert all("\ufffd" not in piece for piece in pieces)


class TestHowAnAnswerEnds:
    def test_a_finished_answer_says_end_even_when_it_used_its_last_token(
        self, engine: Engine, prompts: Sequence[str]
    ) -> None:
        whole = engine.submit(Request(prompts[0], 60)).wait()
        assert whole.finish == "end"
        exact = engine.submit(Request(prompts[0], len(whole.token_ids))).wait()
        assert (exact.text, exact.finish) == (whole.text, "end")
        short = engine.submit(Request(prompts[0], len(whole.token_ids) - 2)).wait()
        assert short.finish == "length"
        assert whole.text.startswith(short.text)

    def test_counts_and_seconds_are_those_of_the_request(self, engine: Engine, prompts: Sequence[str]) -> None:
        answer = engine.submit(Request(prompts[0], 5)).wait()
        assert answer.tokens_in == engine.count_tokens(prompts[0])
        assert len(answer.token_ids) == 5
        assert 0 <= answer.seconds_waiting <= answer.seconds_to_first_token <= answer.seconds
        assert engine.decode(list(answer.token_ids)) == answer.text

    def test_control_tokens_are_not_shown(self, engine: Engine, prompts: Sequence[str]) -> None:
        assert "<|" not in engine.submit(Request(prompts[0], 60)).wait().text


class TestWhatIsRefused:
    @pytest.mark.parametrize(
        ("request_", "message"),
        [
            (Request("Hi", 0), "max_tokens is 0: an answer needs at least 1 token."),
            (Request("Hi", 9000), "max_tokens is 9000: with a prompt of"),
            (Request("Hi", -5), "max_tokens is -5: an answer needs at least 1 token."),
            (Request("Hi", strength=2.5), "The strength is 2.5: choose a value from 0 to 2."),
            (Request("Hi", strength=-0.1), "The strength is -0.1: choose a value from 0 to 2."),
            (Request("Hi", strength=float("nan")), "The strength is nan: choose a value from 0 to 2."),
            (Request(""), "The prompt is empty: there is nothing to answer."),
            (Request("Hi", stop=("", "x")), "A stop string is empty, so the answer would stop before its first word."),
            (Request("a\ud800b"), "The text holds characters that are not valid Unicode."),
        ],
        ids=lambda value: value.split(":")[0] if isinstance(value, str) else "",
    )
    def test_a_request_that_cannot_work_is_refused_in_words(
        self, engine: Engine, request_: Request, message: str
    ) -> None:
        with pytest.raises(BadInput) as error:
            engine.submit(request_)
        assert str(error.value).startswith(message)

    def test_a_prompt_that_is_too_long_is_refused_with_both_numbers(self, engine: Engine) -> None:
        with pytest.raises(BadInput) as error:
            engine.submit(Request("word " * 5000))
        assert str(error.value) == ("The prompt is 5001 tokens long and this model is given at most 4096. Shorten it.")


class TestBusy:
    def test_the_fifth_learner_hears_how_many_are_ahead_and_the_four_still_finish(
        self, small_engine: Engine, endless_prompt: str, prompts: Sequence[str], wait_until: Callable[..., None]
    ) -> None:
        running = [small_engine.submit(Request(endless_prompt, 400)) for _ in range(2)]
        wait_until(lambda: all(generation.admitted for generation in running), "two to run")
        waiting = [small_engine.submit(Request(prompts[0], 6)) for _ in range(2)]
        with pytest.raises(Busy) as error:
            small_engine.submit(Request(prompts[0], 6))
        assert error.value.ahead == 4
        assert str(error.value) == (
            "The model is busy: 4 requests are ahead of you. Wait a few seconds, then press the button again."
        )
        running[0].cancel()
        running[1].cancel()
        assert [generation.wait().token_ids for generation in waiting] == [
            small_engine.submit(Request(prompts[0], 6)).wait().token_ids
        ] * 2
        assert {generation.wait().finish for generation in running} == {"cancelled"}

    def test_a_class_that_presses_the_button_in_the_same_moment_is_let_in_up_to_the_bound(
        self, small_engine: Engine, prompts: Sequence[str]
    ) -> None:
        for _ in range(5):
            generations = [small_engine.submit(Request(prompts[0], 2)) for _ in range(4)]
            assert [len(generation.wait().token_ids) for generation in generations] == [2] * 4


def is_running(pid: int) -> bool:
    """Whether a process is there and not merely waiting to be reaped."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


class TestTrouble:
    GONE = "The model's process has ended in the middle of this answer. Press the button again."

    def test_closing_the_engine_tells_readers_and_waiters(
        self, settings: Settings, endless_prompt: str, wait_until: Callable[..., None]
    ) -> None:
        engine = Engine(replace(settings, max_batch=1))
        generations = [engine.submit(Request(endless_prompt, 1500)) for _ in range(2)]
        heard: queue.SimpleQueue[str] = queue.SimpleQueue()

        def read(generation: Generation) -> None:
            try:
                generation.wait()
            except LabError as error:
                heard.put(str(error))

        readers = [threading.Thread(target=read, args=(generation,)) for generation in generations]
        for reader in readers:
            reader.start()
        wait_until(lambda: engine.steps > 3, "the first to be written")
        engine.close()
        assert [heard.get(timeout=60), heard.get(timeout=60)] == [self.GONE] * 2
        assert not engine.alive
        with pytest.raises(LabError, match=r"The model has been shut down\. Restart the app\."):
            engine.submit(Request(endless_prompt))
        with pytest.raises(LabError, match=r"The model's process has ended while it was getting ready\."):
            engine.warm_tuned_lane()  # neither of these may hang on an engine that has gone
        engine.close()

    def test_when_the_system_kills_the_models_process_the_reader_hears_and_the_next_question_works(
        self, settings: Settings, endless_prompt: str
    ) -> None:
        own = replace(settings, max_batch=3)
        engine = get_engine(own)
        generation = engine.submit(Request(endless_prompt, 1500))
        pieces = iter(generation)
        next(pieces)
        os.kill(engine._process.pid, signal.SIGKILL)
        with pytest.raises(LabError) as error:
            list(pieces)
        assert str(error.value) == self.GONE
        another = get_engine(own)
        assert another is not engine
        assert another.submit(Request(endless_prompt, 3)).wait().finish == "length"
        another.close()

    def test_an_adapter_deleted_or_changed_after_it_was_chosen_is_an_error_and_the_next_adapter_works(
        self, engine: Engine, prompts: Sequence[str], make_adapter: Callable[..., Path], half_strong: Adapter
    ) -> None:
        gone, changed = (read_adapter(make_adapter(name, seed=5, layers=[0])) for name in ("gone", "changed"))
        gone.file.unlink()
        changed.file.write_bytes(half_strong.file.read_bytes())
        with pytest.raises(LabError, match="The model could not start this answer"):
            engine.submit(Request(prompts[0], 6, adapter=gone)).wait()
        with pytest.raises(LabError, match="the adapter's file has changed since it was chosen: choose it again"):
            engine.submit(Request(prompts[0], 6, adapter=changed)).wait()
        assert engine.submit(Request(prompts[0], 6, adapter=half_strong)).wait().token_ids

    def test_a_damaged_converted_model_says_which_folder_to_delete(self, settings: Settings, tmp_path: Path) -> None:
        folder = tmp_path / "serving-1"
        folder.mkdir()
        for file in ensure_serving_model(settings).iterdir():
            cut = 1000 if file.name == "openvino_model.bin" else -1
            (folder / file.name).write_bytes(file.read_bytes()[:cut])
        with pytest.raises(LabError) as error:
            Engine(replace(settings, cache_folder=tmp_path))
        assert f"The converted model in {folder} could not be loaded" in str(error.value)
        assert "Delete that folder and start again: it is made anew from the weights." in str(error.value)

    @pytest.mark.parametrize("ending", ["the program ends", "the program is killed"])
    def test_nothing_is_left_running_and_nothing_is_printed_when_it_ends_in_the_middle_of_an_answer(
        self, start_python: Callable[..., Popen[str]], wait_until: Callable[..., None], ending: str
    ) -> None:
        process = start_python(
            "import os, signal\n"
            "from lab.models.engine import Request, get_engine\n"
            "from lab.settings import get_settings\n"
            "engine = get_engine(get_settings())\n"
            "pieces = iter(engine.submit(Request('Once upon a time', 2000)))\n"
            "next(pieces)\n"
            "print(engine._process.pid, flush=True)\n"
            + ("os.kill(os.getpid(), signal.SIGKILL)\n" if ending == "the program is killed" else "")
        )
        output, errors = process.communicate(timeout=120)
        assert errors == ""
        assert process.returncode == (-signal.SIGKILL if ending == "the program is killed" else 0)
        wait_until(lambda: not is_running(int(output)), "the model's process to go")


def test_the_whole_process_shares_one_engine(settings: Settings, engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        assert {id(found) for found in pool.map(lambda _: get_engine(settings), range(8))} == {id(engine)}
    assert loaded_engine(settings) is engine
    assert loaded_engine(replace(settings, max_batch=31)) is None


@pytest.fixture
def busy_engine(engine: Engine, endless_prompt: str) -> Iterator[Engine]:
    """The engine while it answers somebody else."""
    generation = engine.submit(Request(endless_prompt, 1500))
    pieces = iter(generation)
    next(pieces)
    yield engine
    generation.cancel()


def test_many_threads_count_and_decode_tokens_beside_a_running_answer(busy_engine: Engine) -> None:
    texts = [f"Text number {number} — naïve, 日本語, {'word ' * number}" for number in range(40)]
    expected = [busy_engine.count_tokens(text) for text in texts]
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(busy_engine.count_tokens, texts)) == expected
        round_trips = list(pool.map(lambda text: busy_engine.decode(busy_engine.encode(text)), texts))
    assert round_trips == texts
