"""Student answers: k samples a question under the student's template, many at a time, resumable batch by batch."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any, Callable, Iterator, Sequence

from .batches import in_batches
from .data import DataError, read_lines, text_of
from .events import Events
from .spec import GenerateSettings, Spec, SpecError, TrainSettings
from .students import has, load, load_tokenizer, resolve, sample_texts
from .template import end_ids, prompt_ids


def done_questions(path: Path) -> int:
    """Questions whose answers are whole in an earlier run's output; a torn last line is cut off."""
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
    """What a `step` event says of time: seconds of this process, the step it began at, seconds to go."""
    seconds = time.monotonic() - began
    done = step - since
    return {
        "seconds": round(seconds, 3),
        "since": since,
        "eta": round(seconds / done * (steps - step), 1) if done > 0 else None,
    }


def generate(folder: Path, spec: Spec, events: Events) -> None:
    """Recipe `generate`: writes out/answers.jsonl, one line a question: {question, questionId?, responses: [k texts]}."""
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
    answer_questions(spec, settings, source, rows, folder / "out" / "answers.jsonl", events)


def answer_questions(
    spec: Spec,
    settings: GenerateSettings,
    source: str,
    rows: list[dict[str, Any]],
    target: Path,
    events: Events,
    of: str = "answers",
    method: str = "none",
) -> None:
    """Every row's question answered `settings.samples` times, a line each in `target`; what an earlier run left stays.

    Temperature 0 is greedy. Every answer is drawn by a seed of its own, so a resumed run, or one with another batch,
    draws what an uncut one would have (in float32; in bfloat16 as far as rounding lets it). `of`: what
    the events call it, for training goes before validation in one log.
    """
    engine = choose_engine(settings.engine)
    finished = done_questions(target)
    answers, about = (
        _vllm(spec, settings, source) if engine == "vllm" else _transformers(spec, settings, source, method, events)
    )
    if engine == "transformers" and about["device"] == "cuda" and not has("vllm"):
        events.write(
            "note", text="vLLM is not installed on this host: answers are made with transformers, a batch at a time"
        )
    training = of != "answers"
    events.write(
        of if training else "start",
        recipe=spec.recipe,
        model=spec.model.name,
        engine=engine,
        rows=len(rows),
        steps=len(rows),
        samples=settings.samples,
        **about,
    )
    if finished and not training:
        events.write("resumed", step=finished, steps=len(rows))
    began = time.monotonic()
    step = finished
    with target.open("ab") as out:
        for batch in answers([row["question"] for row in rows], finished):
            for row, responses in zip(rows[step:], batch):
                answer = {
                    "question": row["question"],
                    **({"questionId": row["questionId"]} if isinstance(row["questionId"], str) else {}),
                    "responses": responses,
                }
                out.write(json.dumps(answer, ensure_ascii=True).encode() + b"\n")
            out.flush()
            os.fsync(out.fileno())
            step += len(batch)
            events.write(
                "answered" if training else "step", step=step, steps=len(rows), **pace(began, finished, step, len(rows))
            )


Answers = Callable[[list[str], int], Iterator[list[list[str]]]]
"""(questions, how many of them are answered) → the others' responses, in order, as many questions at a time as come together."""


def choose_engine(wanted: str) -> str:
    """vLLM where it is installed and a GPU is there, else transformers. Raises SpecError where vLLM is asked for in vain."""
    import torch

    if wanted == "vllm" and not has("vllm"):
        raise SpecError(
            "settings.engine: vllm is asked for, but it is not installed in this host's environment: install it there, or leave engine at auto"
        )
    return (
        "vllm" if wanted == "vllm" or wanted == "auto" and has("vllm") and torch.cuda.is_available() else "transformers"
    )


def _seed(settings: GenerateSettings, index: int, sample: int = 0) -> int:
    return settings.seed * 1_000_003 + index * 1009 + sample


def _transformers(
    spec: Spec, settings: GenerateSettings, source: str, method: str, events: Events
) -> tuple[Answers, dict[str, Any]]:
    import torch
    from transformers import GenerationConfig

    from .draws import Draws

    student = load(spec.model, source, method, template=spec.template)
    model, tokenizer = student.model.eval(), student.tokenizer
    ends: list[int] = model.generation_config.eos_token_id or []
    pad = tokenizer.pad_token_id
    # Of what the model brings, only where an answer ends: a repetition penalty of its own would count the padding too.
    model.generation_config = GenerationConfig(eos_token_id=ends or None, pad_token_id=pad)
    greedy = settings.temperature == 0
    drawn = 1 if greedy else settings.samples

    def answers(questions: list[str], answered: int) -> Iterator[list[list[str]]]:
        prompts = [prompt_ids(spec.template, tokenizer, question) for question in questions]
        steps = _room(model, prompts, settings, events)

        def go_on(turns: Sequence[tuple[int, int]]) -> list[str]:
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
            return [tokenizer.decode(_until(row, ends), skip_special_tokens=True) for row in made[:, width:].tolist()]

        waiting: list[str] = []
        for texts in in_batches(
            [(at, sample) for at in range(answered, len(questions)) for sample in range(drawn)],
            settings.batch,
            go_on,
            events,
        ):
            waiting += texts
            whole = len(waiting) // drawn
            if whole:
                yield [waiting[at * drawn : (at + 1) * drawn] * (settings.samples // drawn) for at in range(whole)]
                del waiting[: whole * drawn]

    return answers, {"device": student.device, "dtype": student.dtype, "quantized": student.quantized}


def _until(row: list[int], ends: list[int]) -> list[int]:
    """An answer up to the token that ends it: what follows is padding, which need not be a special token."""
    return row[: next((at for at, token in enumerate(row) if token in ends), len(row))]


def _room(model: Any, prompts: list[list[int]], settings: GenerateSettings, events: Events) -> int:
    """Tokens an answer may have. Less than `max_new_tokens` where the longest prompt and the answer would not fit into
    what the student reads, which is said. Raises SpecError where nothing is left."""
    context = getattr(model.config.get_text_config(), "max_position_embeddings", None)
    longest = max(map(len, prompts), default=0)
    if not isinstance(context, int) or longest + settings.max_new_tokens <= context:
        return settings.max_new_tokens
    if longest >= context:
        raise SpecError(
            f"the longest question has {longest} tokens under the template, and this student reads {context}: leave it out, or ask a student that reads more"
        )
    events.write(
        "note",
        text=f"answers end after {context - longest} tokens, not {settings.max_new_tokens}: this student reads {context}, and the longest question takes {longest}",
    )
    return context - longest


# Questions handed to vLLM at a time: enough to fill its batches, few enough that a kill loses little.
VLLM_CHUNK = 256


def _vllm(spec: Spec, settings: GenerateSettings, source: str) -> tuple[Answers, dict[str, Any]]:
    """The same prompts and sampling through vLLM, an adapter by its LoRA support. Answers come a chunk at a time."""
    import torch
    from vllm import LLM, SamplingParams

    tokenizer = load_tokenizer(spec.model, source)
    lora: dict[str, Any] = (
        {"enable_lora": True, "max_lora_rank": _lora_rank(spec.model.adapter)} if spec.model.adapter else {}
    )
    engine = LLM(
        model=source,
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

    def answers(questions: list[str], answered: int) -> Iterator[list[list[str]]]:
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
                [one.text for one in output.outputs]
                for output in engine.generate(prompts, sampling, use_tqdm=False, **request)
            ]
            yield [texts if settings.temperature > 0 else texts * settings.samples for texts in made]

    return answers, {"device": "cuda", "dtype": "auto", "quantized": False}


def _lora_rank(adapter: str) -> int:
    """vLLM is told the largest rank beforehand, one of these."""
    rank = json.loads((Path(adapter) / "adapter_config.json").read_text(encoding="utf-8")).get("r", TrainSettings.rank)
    return next((size for size in (8, 16, 32, 64, 128, 256, 512) if size >= rank), 512)
