"""Process rewards: one score in [0, 1] per step, with one forward pass per answer.

A causal model's logits at a position depend only on the preceding tokens, so one pass over the whole conversation
gives the scores of all steps. One pass per step, as in the paper's code, gives the same numbers but is t times
slower for t steps.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .batches import in_batches
from .data import DataError, read_lines, text_of
from .events import Events
from .generate import done_questions, pace
from .spec import ScoreSettings, Spec, SpecError
from .students import load, resolve, sample_texts

GOOD, BAD = "+", "-"
QWEN_STEP = "<extra_0>"


def rlhflow_messages(question: str, steps: list[str]) -> list[dict[str, str]]:
    """Returns the conversation in RLHFlow's form: each step is a user turn (the first one follows the question), and
    each `+` is an assistant turn.
    """
    messages: list[dict[str, str]] = []
    for index, step in enumerate(steps):
        messages.append({"role": "user", "content": f"{question} {step}" if index == 0 else step})
        messages.append({"role": "assistant", "content": GOOD})
    return messages


def verdict_positions(tokenizer: Any, question: str, steps: list[str]) -> tuple[list[int], list[int]]:
    """Returns the token ids of the whole conversation, and the position of each step's `+`.

    The position is found from the prefix that ends with the assistant's header, so it works with any template.
    Raises SpecError if the template does not put a `+` token right after that prefix.
    """
    messages = rlhflow_messages(question, steps)
    whole = _ids(tokenizer.apply_chat_template(messages, tokenize=True))
    good = _single(tokenizer, GOOD)
    positions: list[int] = []
    for index in range(len(steps)):
        prefix = _ids(
            tokenizer.apply_chat_template(messages[: 2 * index + 1], tokenize=True, add_generation_prompt=True)
        )
        at = len(prefix)
        # White space at the end of the header may merge with the sign, so look a few tokens ahead.
        while at < len(whole) and whole[at] != good and at < len(prefix) + 4:
            at += 1
        if at >= len(whole) or whole[at] != good:
            raise SpecError(
                "settings.form: this tokenizer's chat template does not put '+' in a token of its own after the "
                "assistant's header: not an RLHFlow reward model"
            )
        positions.append(at)
    return whole, positions


def _ids(encoded: Any) -> list[int]:
    return list(encoded["input_ids"]) if hasattr(encoded, "keys") else list(encoded)


def _single(tokenizer: Any, sign: str) -> int:
    return tokenizer.encode(sign, add_special_tokens=False)[-1]


def rlhflow_scores(model: Any, tokenizer: Any, answers: list[tuple[str, list[str]]]) -> list[list[float]]:
    """Returns P('+') against P('-') at the position before each step's sign, for a batch of (question, steps)."""
    import torch

    encoded = [verdict_positions(tokenizer, question, steps) for question, steps in answers]
    logits = _logits(model, tokenizer, [ids for ids, _ in encoded])
    signs = [_single(tokenizer, GOOD), _single(tokenizer, BAD)]
    return [
        [float(torch.softmax(logits[row, at - 1, signs].float(), dim=-1)[0]) for at in positions]
        for row, (_, positions) in enumerate(encoded)
    ]


def qwen_scores(model: Any, tokenizer: Any, answers: list[tuple[str, list[str]]]) -> list[list[float]]:
    """Scores in Qwen2.5-Math-PRM's form: a two-way head is read at the `<extra_0>` after each step."""
    import torch

    marker = _single(tokenizer, QWEN_STEP)
    sequences: list[list[int]] = []
    for question, steps in answers:
        messages = [
            {"role": "user", "content": question},
            {"role": "assistant", "content": QWEN_STEP.join(steps) + QWEN_STEP},
        ]
        sequences.append(_ids(tokenizer.apply_chat_template(messages, tokenize=True)))
    logits = _logits(model, tokenizer, sequences)
    return [
        [float(torch.softmax(logits[row, at].float(), dim=-1)[1]) for at, token in enumerate(ids) if token == marker]
        for row, ids in enumerate(sequences)
    ]


def _logits(model: Any, tokenizer: Any, sequences: list[list[int]]) -> Any:
    import torch

    longest = max(map(len, sequences))
    pad = tokenizer.pad_token_id
    ids = torch.tensor([row + [pad] * (longest - len(row)) for row in sequences], device=model.device)
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in sequences], device=model.device)
    with torch.inference_mode():
        output = model(input_ids=ids, attention_mask=mask)
    return output.logits if hasattr(output, "logits") else output[0]


FORMS = {"rlhflow": rlhflow_scores, "qwen-prm": qwen_scores}


def score(folder: Path, spec: Spec, events: Events) -> None:
    """Recipe `score`: reads rows {question, steps: [string, …], …} and writes them with step_scores to
    out/scores.jsonl.

    step_scores is null if the answer is longer than `max_length` tokens: answers are never truncated.
    """
    settings: ScoreSettings = spec.settings
    path = folder / spec.data
    rows: list[dict[str, Any]] = []
    for number, row in read_lines(path):
        text_of(row, "question", path, number)
        steps = row.get("steps")
        if (
            not isinstance(steps, list)
            or not steps
            or not all(isinstance(step, str) and step.strip() for step in steps)
        ):
            raise DataError(f"{path.name}:{number}: steps: expected a list of texts, none empty")
        rows.append(row)
    if not rows:
        raise DataError(f"{path.name}: no answer to score")
    source = resolve(spec.model, folder, [*sample_texts(path, ("question",)), GOOD, BAD], 0)
    student = load(spec.model, source, "none", "reward" if settings.form == "qwen-prm" else "text")
    model, tokenizer = student.model.eval(), student.tokenizer
    form = FORMS[settings.form]
    (folder / "out").mkdir(exist_ok=True)
    began = time.monotonic()
    target = folder / "out" / "scores.jsonl"
    finished = done_questions(target)
    events.write(
        "start",
        recipe="score",
        model=spec.model.name,
        device=student.device,
        dtype=student.dtype,
        rows=len(rows),
        steps=len(rows),
        form=settings.form,
    )
    if finished:
        events.write("resumed", step=finished, steps=len(rows))
    step = finished

    def scored(batch: Sequence[dict[str, Any]]) -> list[list[float] | None]:
        fits = [_length(tokenizer, row) <= settings.max_length for row in batch]
        fitting = [(row["question"], row["steps"]) for row, fit in zip(batch, fits, strict=True) if fit]
        found = iter(form(model, tokenizer, fitting) if fitting else [])
        return [next(found) if fit else None for fit in fits]

    with target.open("ab") as out:
        for scores in in_batches(rows[finished:], settings.batch, scored, events):
            for row, found in zip(rows[step : step + len(scores)], scores, strict=True):
                out.write(json.dumps({**row, "step_scores": found}, ensure_ascii=True).encode() + b"\n")
            out.flush()
            step += len(scores)
            events.write("step", step=step, steps=len(rows), **pace(began, finished, step, len(rows)))
        os.fsync(out.fileno())


def _length(tokenizer: Any, row: dict[str, Any]) -> int:
    """Returns the number of tokens in the question and steps, with room for the template around each step."""
    text = row["question"] + "".join(row["steps"])
    return len(tokenizer(text, add_special_tokens=False)["input_ids"]) + 16 * len(row["steps"])
