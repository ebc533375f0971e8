"""Job folders for tests."""

from __future__ import annotations

import json
import random
import tempfile
from pathlib import Path
from typing import Any

from stat_trainer.__main__ import main


def rows(count: int = 24, seed: int = 0) -> list[dict[str, Any]]:
    """Returns sums as the rows of a STAT dataset. Their lengths differ, so padding and masks matter."""
    draw = random.Random(seed)
    made = []
    for index in range(count):
        terms = [draw.randint(1, 99) for _ in range(draw.randint(2, 5))]
        total = sum(terms)
        made.append(
            {
                "questionId": f"q{index}",
                "question": f"What is ${'+'.join(map(str, terms))}$?",
                "solution": f"We add from the left and get ${total}$. The answer is $\\boxed{{{total}}}$.",
                "gold": str(total),
            }
        )
    return made


def make(
    recipe: str,
    data: list[dict[str, Any]],
    settings: dict[str, Any] | None = None,
    model: dict[str, Any] | None = None,
    template: dict[str, Any] | None = None,
) -> Path:
    """Creates a job folder with its spec and data."""
    folder = Path(tempfile.mkdtemp(prefix="stat-job-"))
    with (folder / "data.jsonl").open("w", encoding="utf-8") as file:
        for row in data:
            file.write(json.dumps(row) + "\n")
    spec = {
        "version": 1,
        "recipe": recipe,
        "job": folder.name,
        "model": {"name": "tiny", **(model or {})},
        "data": "data.jsonl",
        "settings": settings or {},
    }
    if template is not None:
        spec["template"] = template
    (folder / "spec.json").write_text(json.dumps(spec), encoding="utf-8")
    return folder


def run(folder: Path) -> int:
    """Runs the job in this process."""
    return main([str(folder)])


def events(folder: Path) -> list[dict[str, Any]]:
    """Returns every event in the job's log. Raises AssertionError for an event that resembles no sample in
    cases/events.jsonl.
    """
    log = [json.loads(line) for line in (folder / "events.jsonl").read_text(encoding="utf-8").splitlines()]
    for event in log:
        check_event(event)
    return log


CASES = Path(__file__).resolve().parent / "cases"

SAMPLES = [json.loads(line) for line in (CASES / "events.jsonl").read_text(encoding="utf-8").splitlines()]
"""Events as the trainer writes them. The parser on the TypeScript side is tested with the same lines."""


def check_event(event: dict[str, Any]) -> None:
    """Compares an event with the samples of its kind: it must have the same fields, each null or of a type that a
    sample has.
    """
    samples = [sample for sample in SAMPLES if sample["kind"] == event["kind"]]
    if not any(sample.keys() == event.keys() for sample in samples):
        raise AssertionError(f"no sample in {CASES / 'events.jsonl'} has the fields of {event}")
    for name, value in event.items():
        types = {_json_type(sample.get(name)) for sample in samples}
        if value is not None and _json_type(value) not in types:
            raise AssertionError(f"{event['kind']}.{name} is {value!r}, in the samples it is {types}")


def _json_type(value: Any) -> str:
    return "number" if isinstance(value, (int, float)) and not isinstance(value, bool) else type(value).__name__
