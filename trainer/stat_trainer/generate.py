"""Student answers: k samples a question under the student's template, resumable question by question."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

from .data import read_lines, text_of
from .events import Events
from .sft import sample_texts
from .spec import GenerateSettings, Spec
from .students import load, resolve
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


def generate(folder: Path, spec: Spec, events: Events) -> None:
    """Recipe `generate`: writes out/answers.jsonl, one line a question: {question, questionId?, responses: [k texts]}.

    Temperature 0 is greedy. The seed is set a question at a time, so a resumed run draws what an uncut one would have.
    """
    import torch

    settings: GenerateSettings = spec.settings
    path = folder / spec.data
    source = resolve(spec.model, folder, sample_texts(path, ("question",)) if spec.model.name == "tiny" else [], settings.seed)
    student = load(spec.model, source, "none")
    model, tokenizer = student.model.eval(), student.tokenizer
    rows = [(number, row) for number, row in read_lines(path)]
    (folder / "out").mkdir(exist_ok=True)
    target = folder / "out" / "answers.jsonl"
    finished = done_questions(target)
    events.write("start", recipe="generate", model=spec.model.name, device=student.device, dtype=student.dtype, rows=len(rows), steps=len(rows), samples=settings.samples)
    if finished:
        events.write("resumed", step=finished, steps=len(rows))
    with target.open("ab") as out:
        for index in range(finished, len(rows)):
            number, row = rows[index]
            prompt = tokenizer(prompt_text(spec.template, tokenizer, text_of(row, "question", path, number)), return_tensors="pt", add_special_tokens=spec.template.kind != "chat").to(model.device)
            prompt.pop("token_type_ids", None)
            responses: list[str] = []
            while len(responses) < settings.samples:
                count = min(settings.batch, settings.samples - len(responses)) if settings.temperature > 0 else 1
                torch.manual_seed(settings.seed * 1_000_003 + index * 1009 + len(responses))
                sampling: dict[str, Any] = {"do_sample": True, "temperature": settings.temperature, "top_p": settings.top_p, "top_k": 0} if settings.temperature > 0 else {"do_sample": False}
                with torch.inference_mode():
                    output = model.generate(**prompt, **sampling, num_return_sequences=count, max_new_tokens=settings.max_new_tokens, pad_token_id=tokenizer.pad_token_id)
                texts = tokenizer.batch_decode(output[:, prompt["input_ids"].shape[1]:], skip_special_tokens=True)
                responses.extend(texts if settings.temperature > 0 else texts * settings.samples)
            answer = {"question": row["question"], **({"questionId": row["questionId"]} if isinstance(row.get("questionId"), str) else {}), "responses": responses[: settings.samples]}
            out.write(json.dumps(answer, ensure_ascii=True).encode() + b"\n")
            out.flush()
            events.write("step", step=index + 1, steps=len(rows))
        os.fsync(out.fileno())
