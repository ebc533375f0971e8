"""Answers the same questions with the same student in two ways: one question at a time (as `generate` used to) and
through the trainer's recipe. Prints JSON lines, from which bench/generate.ts makes the table.
"""

import io
import json
import sys
import tempfile
import time
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "trainer"))

import torch

from stat_trainer.__main__ import main
from stat_trainer.spec import Model, Template
from stat_trainer.students import load
from stat_trainer.template import prompt_ids

torch.set_num_threads(1)
QUESTIONS, LONGEST, BATCHES = 64, 64, (1, 4, 16, 64)
rows = [{"question": f"What is ${n}+{n * n}$?" + " Say why." * (n % 7)} for n in range(QUESTIONS)]


def job(model, settings):
    folder = Path(tempfile.mkdtemp(prefix="stat-job-"))
    (folder / "data.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    (folder / "spec.json").write_text(
        json.dumps(
            {
                "version": 1,
                "recipe": "generate",
                "job": folder.name,
                "model": {"name": model},
                "data": "data.jsonl",
                "settings": settings,
            }
        ),
        encoding="utf-8",
    )
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        assert main([str(folder)]) == 0
    steps = [json.loads(line) for line in (folder / "events.jsonl").read_text().splitlines()]
    return folder, [step["seconds"] for step in steps if step["kind"] == "step"][-1]


def a_question_at_a_time(student, samples):
    """The earlier loop of the recipe, line by line."""
    model, tokenizer = student.model.eval(), student.tokenizer
    texts = []
    for index, row in enumerate(rows):
        prompt = torch.tensor([prompt_ids(Template(), tokenizer, row["question"])])
        torch.manual_seed(index)
        sampling = (
            {"do_sample": True, "temperature": 1.0, "top_k": 0, "num_return_sequences": samples}
            if samples > 1
            else {"do_sample": False}
        )
        with torch.inference_mode():
            made = model.generate(
                input_ids=prompt,
                attention_mask=torch.ones_like(prompt),
                **sampling,
                max_new_tokens=LONGEST,
                pad_token_id=tokenizer.pad_token_id,
            )
        texts.append(tokenizer.batch_decode(made[:, prompt.shape[1] :], skip_special_tokens=True))
    return texts


folder, _ = job("tiny", {"samples": 1, "max_new_tokens": 1})
home = str(folder / "tiny")
with redirect_stderr(io.StringIO()):
    student = load(Model(name=home), home, "none")
for samples in (1, 5):
    a_question_at_a_time(student, samples)
    began = time.perf_counter()
    before = a_question_at_a_time(student, samples)
    apart = time.perf_counter() - began
    for batch in BATCHES:
        made, seconds = job(
            home,
            {"samples": samples, "temperature": 1.0 if samples > 1 else 0, "max_new_tokens": LONGEST, "batch": batch},
        )
        answers = [json.loads(line)["responses"] for line in (made / "out" / "answers.jsonl").read_text().splitlines()]
        print(
            json.dumps(
                {
                    "samples": samples,
                    "batch": batch,
                    "ours": QUESTIONS / seconds,
                    "apart": QUESTIONS / apart,
                    "same": sum(a == b for a, b in zip(before, answers)) if samples == 1 else None,
                }
            ),
            flush=True,
        )
