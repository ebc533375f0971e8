"""Generates student answers: k samples per question under the student's template, in batches, resumable after each
batch.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .batches import in_batches
from .data import DataError, read_lines, text_of
from .events import Events
from .spec import GenerateSettings, Spec, SpecError, TrainSettings
from .students import has, load, load_tokenizer, resolve, sample_texts
from .template import end_ids, prompt_ids


def done_questions(path: Path) -> int:
    """Counts the questions that an earlier run answered completely, and truncates a torn last line."""
    if not path.exists():
        return 0
    whole = 0
    lines = 0
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            lines += 1
    os.truncate(path, whole)
    return lines


def pace(began: float, since: int, step: int, steps: int) -> dict[str, float | int | None]:
    """Returns the time fields of a `step` event: seconds this process has run, the step it began after, and seconds
    remaining.
    """
    seconds = time.monotonic() - began
    done = step - since
    return {
        "seconds": round(seconds, 3),
        "since": since,
        "eta": round(seconds / done * (steps - step), 1) if done > 0 else None,
    }


def generate(folder: Path, spec: Spec, events: Events) -> None:
    """Recipe `generate`: writes out/answers.jsonl, whose lines are {question, questionId?, responses, finish_reasons}.

    Both lists have k entries. A finish reason is "stop", or "length" if the token limit cut the answer off.
    """
    settings: GenerateSettings = spec.settings
    path = folder / spec.data
    source = resolve(
        spec.model, folder, sample_texts(path, ("question",)) if spec.model.name == "tiny" else [], settings.seed
    )
    rows = [
        {"question": text_of(row, "question", path, number), "questionId": row.get("questionId")}
        for number, row in read_lines(path)
    ]
    if not rows:
        raise DataError(f"{path.name}: no question to answer")
    (folder / "out").mkdir(exist_ok=True)
    answer_questions(AnswerJob(spec, settings, source, rows, folder / "out" / "answers.jsonl"), events)


@dataclass(frozen=True)
class AnswerJob:
    """The questions to answer, the student that answers them, and the output file."""

    spec: Spec
    settings: GenerateSettings
    source: str
    """Path or name from which the model is loaded."""
    rows: list[dict[str, Any]]
    """Each row is {question, questionId: string or None}."""
    target: Path
    """The output file. It may already contain answers from an earlier run."""
    validates: bool = False
    """Whether this follows a training run, in which case the events have their own kinds (`validation`, `answered`)
    instead of `start` and `step`.
    """
    method: str = "none"
    """How the base model is loaded, as for training."""


def answer_questions(job: AnswerJob, events: Events) -> None:
    """Answers every row's question `settings.samples` times and writes one line per question to `target`.

    At temperature 0, decoding is greedy. Each answer has its own seed, so that a resumed run, or one with different
    batches, draws the same answers (exactly in float32; in bfloat16 as far as rounding allows).
    """
    rows, settings = job.rows, job.settings
    engine = choose_engine(settings.engine)
    finished = done_questions(job.target)
    answers, about = _vllm(job) if engine == "vllm" else _transformers(job, events)
    if engine == "transformers" and about["device"] == "cuda" and not has("vllm"):
        events.write(
            "note", text="vLLM is not installed on this host: answers are generated with transformers, in batches"
        )
    events.write(
        "validation" if job.validates else "start",
        recipe=job.spec.recipe,
        model=job.spec.model.name,
        engine=engine,
        rows=len(rows),
        steps=len(rows),
        samples=settings.samples,
        **about,
    )
    if finished and not job.validates:
        events.write("resumed", step=finished, steps=len(rows))
    began = time.monotonic()
    step = finished
    with job.target.open("ab") as out:
        for batch in answers([row["question"] for row in rows], finished):
            for row, answered in zip(rows[step : step + len(batch)], batch, strict=True):
                answer = {
                    "question": row["question"],
                    **({"questionId": row["questionId"]} if isinstance(row["questionId"], str) else {}),
                    "responses": [one.text for one in answered],
                    "finish_reasons": ["length" if one.cut else "stop" for one in answered],
                }
                out.write(json.dumps(answer, ensure_ascii=True).encode() + b"\n")
            out.flush()
            os.fsync(out.fileno())
            step += len(batch)
            events.write(
                "answered" if job.validates else "step",
                step=step,
                steps=len(rows),
                **pace(began, finished, step, len(rows)),
            )


@dataclass(frozen=True)
class Answer:
    """One answer, and whether the token limit cut it off."""

    text: str
    cut: bool


Answers = Callable[[list[str], int], Iterator[list[list[Answer]]]]
"""A function that takes the questions and the number of them already answered, and yields the responses to the others
in order, in batches of questions.
"""


def choose_engine(requested: str) -> str:
    """Returns vLLM if it is installed and there is a GPU, else transformers. Raises SpecError if vLLM is requested but
    missing.
    """
    import torch

    if requested == "vllm" and not has("vllm"):
        raise SpecError(
            "settings.engine: vllm is requested, but it is not installed in this host's environment: install it there, "
            "or leave engine at auto"
        )
    if requested == "auto":
        return "vllm" if has("vllm") and torch.cuda.is_available() else "transformers"
    return requested


def _seed(settings: GenerateSettings, index: int, sample: int = 0) -> int:
    return settings.seed * 1_000_003 + index * 1009 + sample


def _transformers(job: AnswerJob, events: Events) -> tuple[Answers, dict[str, Any]]:
    import torch
    from transformers import GenerationConfig

    from .draws import Draws

    spec, settings = job.spec, job.settings
    student = load(spec.model, job.source, job.method, template=spec.template)
    model, tokenizer = student.model.eval(), student.tokenizer
    ends: list[int] = model.generation_config.eos_token_id or []
    pad = tokenizer.pad_token_id
    # Keep only the end tokens of the model's own configuration: its repetition penalty would also count the padding.
    model.generation_config = GenerationConfig(eos_token_id=ends or None, pad_token_id=pad)
    greedy = settings.temperature == 0
    drawn = 1 if greedy else settings.samples

    def answers(questions: list[str], answered: int) -> Iterator[list[list[Answer]]]:
        prompts = [prompt_ids(spec.template, tokenizer, question) for question in questions]
        steps = _room(model, prompts, settings, events)

        def continue_prompts(turns: Sequence[tuple[int, int]]) -> list[Answer]:
            width = max(len(prompts[at]) for at, _ in turns)
            ids = torch.tensor(
                [[pad] * (width - len(prompts[at])) + prompts[at] for at, _ in turns], device=model.device
            )
            mask = torch.tensor(
                [[0] * (width - len(prompts[at])) + [1] * len(prompts[at]) for at, _ in turns], device=model.device
            )
            seeds = [_seed(settings, at, sample) for at, sample in turns]
            choose = [] if greedy else [Draws(seeds, width, steps, settings.temperature, settings.top_p, model.device)]
            with torch.inference_mode():
                made = model.generate(
                    input_ids=ids, attention_mask=mask, do_sample=False, max_new_tokens=steps, logits_processor=choose
                )
            spoken = [(row, _until(row, ends)) for row in made[:, width:].tolist()]
            return [
                Answer(tokenizer.decode(tokens, skip_special_tokens=True), cut=len(tokens) == len(row))
                for row, tokens in spoken
            ]

        waiting: list[Answer] = []
        for made in in_batches(
            [(at, sample) for at in range(answered, len(questions)) for sample in range(drawn)],
            settings.batch,
            continue_prompts,
            events,
        ):
            waiting += made
            whole = len(waiting) // drawn
            if whole:
                yield [waiting[at * drawn : (at + 1) * drawn] * (settings.samples // drawn) for at in range(whole)]
                del waiting[: whole * drawn]

    return answers, {"device": student.device, "dtype": student.dtype, "quantized": student.quantized}


def _until(row: list[int], ends: list[int]) -> list[int]:
    """Returns the tokens before the one that ends the answer; the rest is padding and need not be a special token."""
    return row[: next((at for at, token in enumerate(row) if token in ends), len(row))]


def _room(model: Any, prompts: list[list[int]], settings: GenerateSettings, events: Events) -> int:
    """Returns the number of tokens an answer may have: fewer than `max_new_tokens` if the student's context is too
    short.

    Logs a smaller limit. Raises SpecError if the longest prompt leaves no room for an answer.
    """
    context = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    longest = max(map(len, prompts), default=0)
    if not isinstance(context, int) or longest + settings.max_new_tokens <= context:
        return settings.max_new_tokens
    if longest >= context:
        raise SpecError(
            f"the longest question has {longest} tokens under the template, and this student reads {context}: omit it, "
            "or choose a student that reads more"
        )
    events.write(
        "note",
        text=f"answers end after {context - longest} tokens, not {settings.max_new_tokens}: this student reads "
        f"{context}, and the longest question takes {longest}",
    )
    return context - longest


VLLM_CHUNK = 256
"""Number of questions passed to vLLM at a time: enough to fill its batches, but few enough that a kill loses little."""


def _vllm(job: AnswerJob) -> tuple[Answers, dict[str, Any]]:
    """Runs the same prompts and sampling through vLLM, with an adapter loaded by its LoRA support; yields one chunk at
    a time.
    """
    import torch
    from vllm import LLM, SamplingParams

    spec, settings = job.spec, job.settings
    tokenizer = load_tokenizer(spec.model, job.source)
    lora: dict[str, Any] = (
        {"enable_lora": True, "max_lora_rank": _lora_rank(spec.model.adapter)} if spec.model.adapter else {}
    )
    engine = LLM(
        model=job.source,
        revision=spec.model.revision,
        trust_remote_code=spec.model.trust_remote_code,
        seed=settings.seed,
        tensor_parallel_size=max(1, torch.cuda.device_count()),
        **lora,
    )
    request: dict[str, Any] = {}
    if spec.model.adapter:
        from vllm.lora.request import LoRARequest

        request["lora_request"] = LoRARequest("student", 1, spec.model.adapter)
    ends = end_ids(spec.template, tokenizer, None)

    def answers(questions: list[str], answered: int) -> Iterator[list[list[Answer]]]:
        for begin in range(answered, len(questions), VLLM_CHUNK):
            chunk = questions[begin : begin + VLLM_CHUNK]
            prompts = [{"prompt_token_ids": prompt_ids(spec.template, tokenizer, question)} for question in chunk]
            sampling = [
                SamplingParams(
                    n=settings.samples if settings.temperature > 0 else 1,
                    temperature=settings.temperature,
                    top_p=settings.top_p,
                    max_tokens=settings.max_new_tokens,
                    stop_token_ids=ends,
                    seed=_seed(settings, begin + at),
                )
                for at in range(len(chunk))
            ]
            made = [
                [Answer(one.text, cut=one.finish_reason == "length") for one in output.outputs]
                for output in engine.generate(prompts, sampling, use_tqdm=False, **request)
            ]
            yield [drawn if settings.temperature > 0 else drawn * settings.samples for drawn in made]

    return answers, {"device": "cuda", "dtype": "auto", "quantized": False}


def _lora_rank(adapter: str) -> int:
    """Returns the smallest maximum rank that vLLM accepts and that covers the adapter's rank."""
    rank = json.loads((Path(adapter) / "adapter_config.json").read_text(encoding="utf-8")).get("r", TrainSettings.rank)
    return next((size for size in (8, 16, 32, 64, 128, 256, 512) if size >= rank), 512)
