"""Student answers: k samples a question under the student's template, resumable question by question."""

from __future__ import annotations

import json
import os
import time
from pathlib import Path
from typing import Any, Callable, Iterator

from .data import read_lines, text_of
from .events import Events
from .spec import GenerateSettings, Spec, SpecError
from .students import has, load, load_tokenizer, resolve, sample_texts
from .template import prompt_text


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
    return {"seconds": round(seconds, 3), "since": since, "eta": round(seconds / done * (steps - step), 1) if done > 0 else None}


def generate(folder: Path, spec: Spec, events: Events) -> None:
    """Recipe `generate`: writes out/answers.jsonl, one line a question: {question, questionId?, responses: [k texts]}."""
    settings: GenerateSettings = spec.settings
    path = folder / spec.data
    source = resolve(spec.model, folder, sample_texts(path, ("question",)) if spec.model.name == "tiny" else [], settings.seed)
    rows = [{"question": text_of(row, "question", path, number), "questionId": row.get("questionId")} for number, row in read_lines(path)]
    (folder / "out").mkdir(exist_ok=True)
    answer_questions(spec, settings, source, rows, folder / "out" / "answers.jsonl", events)


def answer_questions(spec: Spec, settings: GenerateSettings, source: str, rows: list[dict[str, Any]], target: Path, events: Events, of: str = "answers", method: str = "none") -> None:
    """Every row's question answered `settings.samples` times, a line each in `target`; what an earlier run left stays.

    Temperature 0 is greedy. The seed is set a question at a time, so a resumed run draws what an uncut one would have.
    `of`: what the events call it, for training goes before validation in one log.
    """
    engine = choose_engine(settings.engine)
    finished = done_questions(target)
    answers, about = (_vllm if engine == "vllm" else _transformers)(spec, settings, source, method)
    if engine == "transformers" and about["device"] == "cuda" and not has("vllm"):
        events.write("note", text="vLLM is not installed on this host: answers are made with transformers, a question at a time")
    training = of != "answers"
    events.write(of if training else "start", recipe=spec.recipe, model=spec.model.name, engine=engine, rows=len(rows), steps=len(rows), samples=settings.samples, **about)
    if finished and not training:
        events.write("resumed", step=finished, steps=len(rows))
    began = time.monotonic()
    with target.open("ab") as out:
        for index, responses in enumerate(answers([row["question"] for row in rows[finished:]], finished), start=finished):
            row = rows[index]
            answer = {"question": row["question"], **({"questionId": row["questionId"]} if isinstance(row["questionId"], str) else {}), "responses": responses}
            out.write(json.dumps(answer, ensure_ascii=True).encode() + b"\n")
            out.flush()
            events.write("answered" if training else "step", step=index + 1, steps=len(rows), **pace(began, finished, index + 1, len(rows)))
        os.fsync(out.fileno())


Answers = Callable[[list[str], int], Iterator[list[str]]]


def choose_engine(wanted: str) -> str:
    """vLLM where it is installed and a GPU is there, else transformers. Raises SpecError where vLLM is asked for in vain."""
    import torch

    if wanted == "vllm" and not has("vllm"):
        raise SpecError("settings.engine: vllm is asked for, but it is not installed in this host's environment: install it there, or leave engine at auto")
    return "vllm" if wanted == "vllm" or wanted == "auto" and has("vllm") and torch.cuda.is_available() else "transformers"


def _seed(settings: GenerateSettings, index: int, sample: int = 0) -> int:
    return settings.seed * 1_000_003 + index * 1009 + sample


def _transformers(spec: Spec, settings: GenerateSettings, source: str, method: str) -> tuple[Answers, dict[str, Any]]:
    import torch

    student = load(spec.model, source, method)
    model, tokenizer = student.model.eval(), student.tokenizer

    def answers(questions: list[str], first: int) -> Iterator[list[str]]:
        for index, question in enumerate(questions, start=first):
            prompt = tokenizer(prompt_text(spec.template, tokenizer, question), return_tensors="pt", add_special_tokens=spec.template.kind != "chat").to(model.device)
            prompt.pop("token_type_ids", None)
            responses: list[str] = []
            while len(responses) < settings.samples:
                count = min(settings.batch, settings.samples - len(responses)) if settings.temperature > 0 else 1
                torch.manual_seed(_seed(settings, index, len(responses)))
                sampling: dict[str, Any] = {"do_sample": True, "temperature": settings.temperature, "top_p": settings.top_p, "top_k": 0} if settings.temperature > 0 else {"do_sample": False}
                with torch.inference_mode():
                    output = model.generate(**prompt, **sampling, num_return_sequences=count, max_new_tokens=settings.max_new_tokens, pad_token_id=tokenizer.pad_token_id)
                texts = tokenizer.batch_decode(output[:, prompt["input_ids"].shape[1]:], skip_special_tokens=True)
                responses.extend(texts if settings.temperature > 0 else texts * settings.samples)
            yield responses[: settings.samples]

    return answers, {"device": student.device, "dtype": student.dtype, "quantized": student.quantized}


# Questions handed to vLLM at a time: enough to fill its batches, few enough that a kill loses little.
VLLM_CHUNK = 256


def _vllm(spec: Spec, settings: GenerateSettings, source: str, method: str) -> tuple[Answers, dict[str, Any]]:
    """The same prompts and sampling through vLLM, an adapter by its LoRA support. Answers come a chunk at a time."""
    import torch
    from vllm import LLM, SamplingParams

    tokenizer = load_tokenizer(spec.model, source)
    lora: dict[str, Any] = {"enable_lora": True, "max_lora_rank": _lora_rank(spec.model.adapter)} if spec.model.adapter else {}
    engine = LLM(model=source, revision=spec.model.revision, trust_remote_code=spec.model.trust_remote_code, seed=settings.seed, tensor_parallel_size=max(1, torch.cuda.device_count()), **lora)
    request: dict[str, Any] = {}
    if spec.model.adapter:
        from vllm.lora.request import LoRARequest

        request["lora_request"] = LoRARequest("student", 1, spec.model.adapter)
    special = spec.template.kind != "chat"

    def answers(questions: list[str], first: int) -> Iterator[list[str]]:
        for begin in range(0, len(questions), VLLM_CHUNK):
            chunk = questions[begin : begin + VLLM_CHUNK]
            prompts = [{"prompt_token_ids": tokenizer(prompt_text(spec.template, tokenizer, question), add_special_tokens=special)["input_ids"]} for question in chunk]
            sampling = [SamplingParams(n=settings.samples if settings.temperature > 0 else 1, temperature=settings.temperature, top_p=settings.top_p, max_tokens=settings.max_new_tokens, seed=_seed(settings, first + begin + at)) for at in range(len(chunk))]
            for output in engine.generate(prompts, sampling, use_tqdm=False, **request):
                texts = [one.text for one in output.outputs]
                yield texts if settings.temperature > 0 else texts * settings.samples

    return answers, {"device": "cuda", "dtype": "auto", "quantized": False}


def _lora_rank(adapter: str) -> int:
    """vLLM is told the largest rank beforehand, one of these."""
    rank = json.loads((Path(adapter) / "adapter_config.json").read_text(encoding="utf-8")).get("r", 16)
    return next((size for size in (8, 16, 32, 64, 128, 256, 512) if size >= rank), 512)
