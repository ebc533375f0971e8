"""The job spec: what a job is to do, checked before anything is spent.

Every number's default is the paper's (sec. C.1). A bad spec is one line that names the field, what was expected and
what was found.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

RECIPES = ("sft", "grpo", "generate", "score", "xray")


class SpecError(ValueError):
    """One line a person can act on."""


@dataclass(frozen=True)
class Model:
    """Which student. `name` is `tiny` (made on the spot), a directory on the host, or a hub name."""

    name: str
    revision: str | None = None
    adapter: str | None = None
    """Directory of a LoRA adapter to start from (GRPO after SFT) or to answer with."""
    trust_remote_code: bool = False
    """Only with a pinned `revision`, and only because a person said yes."""


@dataclass(frozen=True)
class Template:
    """How the student is asked; the same for generate, training and evaluation, or training teaches format."""

    kind: str = "chat"
    system: str | None = None
    instruction: str | None = None


@dataclass(frozen=True)
class TrainSettings:
    """What both ways to train share, sec. C.1: QLoRA, rank 16, alpha 32, dropout 0.05 on attention and MLP projections."""

    method: str = "qlora"
    """`qlora` (4-bit NF4 base), `lora`, `full`."""
    rank: int = 16
    alpha: int = 32
    dropout: float = 0.05
    weight_decay: float = 0.1
    clip: float = 0.3
    seed: int = 0
    max_steps: int = -1


@dataclass(frozen=True)
class SftSettings(TrainSettings):
    """Supervised fine-tuning, sec. C.1."""

    epochs: float = 3.0
    lr: float = 2e-4
    """Peak; the paper picks it per method from 5e-4, 2e-4, 1e-4, 8e-5, 2e-5 by validation accuracy."""
    batch: int = 2
    accumulation: int = 4
    max_length: int = 2048
    """Tokens; longer pairs are left out and counted, never cut: a cut solution teaches stopping early."""
    warmup: float = 0.03
    """Share of all optimiser steps."""
    schedule: str = "cosine"
    group_by_length: bool = True
    gradient_checkpointing: bool = False
    save_every: int = 100
    """Optimiser steps between checkpoints."""
    max_new_tokens: int = 2048
    """Tokens of an answer to a validation question (rows with `"validation": true`), which the trained student answers at
    the end; by this accuracy the paper picks the learning rate."""
    validation_temperature: float = 0.1
    """As for pass@1."""
    engine: str = "auto"
    """Who makes those answers; see GenerateSettings."""


@dataclass(frozen=True)
class GrpoSettings(TrainSettings):
    """GRPO, sec. C.1: 256 questions a batch, 4 rollouts each, mini-batches of 64 questions, no KL, no entropy bonus."""

    epochs: float = 6.0
    lr: float = 5e-7
    questions: int = 256
    rollouts: int = 4
    mini_batch: int = 64
    """Questions per optimiser update: 256 / 64 = 4 updates a batch."""
    micro_batch: int = 8
    """Completions per forward pass; memory only."""
    max_completion: int = 2048
    temperature: float = 1.0
    save_every: int = 20


@dataclass(frozen=True)
class GenerateSettings:
    """Student answers, sec. C.1: temperature 0.1 for pass@1, 1.0 for avg@64 and pass@64, seed 0."""

    samples: int = 5
    temperature: float = 1.0
    top_p: float = 1.0
    max_new_tokens: int = 2048
    batch: int = 16
    """Answers made at a time; memory and speed only. Fewer where they do not fit."""
    seed: int = 0
    engine: str = "auto"
    """`vllm`, `transformers`, or `auto`: vLLM where it is installed and a GPU is there."""


@dataclass(frozen=True)
class ScoreSettings:
    """Process rewards. `form`: `rlhflow` (chat turns, P("+") against P("-")) or `qwen-prm` (`<extra_0>` after each step)."""

    form: str = "rlhflow"
    batch: int = 8
    max_length: int = 4096


SETTINGS = {
    "sft": SftSettings,
    "grpo": GrpoSettings,
    "generate": GenerateSettings,
    "score": ScoreSettings,
    "xray": SftSettings,
}

_CHOICES = {
    "method": ("qlora", "lora", "full"),
    "engine": ("auto", "vllm", "transformers"),
    "form": ("rlhflow", "qwen-prm"),
    "schedule": ("cosine", "linear", "constant"),
    "kind": ("chat", "plain"),
}
_POSITIVE = {
    "epochs",
    "lr",
    "batch",
    "accumulation",
    "rank",
    "alpha",
    "max_length",
    "questions",
    "rollouts",
    "mini_batch",
    "micro_batch",
    "max_completion",
    "samples",
    "max_new_tokens",
    "clip",
    "save_every",
}
_SHARE = {"dropout", "warmup", "top_p"}
_NOT_NEGATIVE = {"temperature", "validation_temperature", "weight_decay"}


@dataclass(frozen=True)
class Spec:
    """A whole job."""

    recipe: str
    job: str
    model: Model
    data: str
    """The input file, relative to the job folder: dataset rows, questions or answers as JSON lines."""
    template: Template = field(default_factory=Template)
    settings: Any = None
    version: int = 1


def _take(kind: type, given: Any, where: str) -> Any:
    if not isinstance(given, dict):
        raise SpecError(f"spec.json: {where}: expected an object, found {_show(given)}")
    known = {f.name: f for f in fields(kind)}
    for name in given:
        if name not in known:
            raise SpecError(f"spec.json: {where}.{name}: unknown; known are {', '.join(sorted(known))}")
    values: dict[str, Any] = {}
    for name, f in known.items():
        if name not in given:
            continue
        values[name] = _check(given[name], str(f.type), name, f"{where}.{name}")
    try:
        return kind(**values)
    except TypeError as error:
        missing = str(error).split(":")[-1].strip()
        raise SpecError(f"spec.json: {where}: missing {missing}") from None


def _check(value: Any, kind: str, name: str, where: str) -> Any:
    optional = "None" in kind
    if value is None:
        if optional:
            return None
        raise SpecError(f"spec.json: {where}: expected {kind}, found null")
    if kind.startswith("bool"):
        ok = isinstance(value, bool)
    elif kind.startswith("int"):
        ok = isinstance(value, int) and not isinstance(value, bool)
    elif kind.startswith("float"):
        ok = isinstance(value, (int, float)) and not isinstance(value, bool) and abs(value) < 1e300
    else:
        ok = isinstance(value, str)
    if not ok:
        raise SpecError(f"spec.json: {where}: expected {kind.split(' |')[0]}, found {_show(value)}")
    if name in _CHOICES and value not in _CHOICES[name]:
        raise SpecError(f"spec.json: {where}: expected one of {', '.join(_CHOICES[name])}, found {_show(value)}")
    if name in _POSITIVE and value <= 0:
        raise SpecError(f"spec.json: {where}: expected more than 0, found {_show(value)}")
    if name in _NOT_NEGATIVE and value < 0:
        raise SpecError(f"spec.json: {where}: expected 0 or more, found {_show(value)}")
    if name == "seed" and not 0 <= value < 2**32:
        raise SpecError(f"spec.json: {where}: expected 0 to {2**32 - 1}, found {_show(value)}")
    if name in _SHARE and not 0 <= value <= 1:
        raise SpecError(f"spec.json: {where}: expected 0 to 1, found {_show(value)}")
    # JSON writes 1.0 as 1; what takes a temperature or a rate may insist on a float.
    return float(value) if kind.startswith("float") else value


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def parse_spec(given: Any) -> Spec:
    """Checks a decoded spec.json. Raises SpecError."""
    if not isinstance(given, dict):
        raise SpecError(f"spec.json: expected an object, found {_show(given)}")
    if given.get("version") != 1:
        raise SpecError(
            f"spec.json: version: this trainer reads version 1, found {_show(given.get('version'))}; send the trainer of the same release"
        )
    recipe = given.get("recipe")
    if recipe not in RECIPES:
        raise SpecError(f"spec.json: recipe: expected one of {', '.join(RECIPES)}, found {_show(recipe)}")
    for name in given:
        if name not in {"version", "recipe", "job", "model", "data", "template", "settings"}:
            raise SpecError(f"spec.json: {name}: unknown field")
    model = _take(Model, given.get("model"), "model")
    if model.trust_remote_code and not model.revision:
        raise SpecError("spec.json: model.trust_remote_code: needs model.revision, a pinned commit whose code was read")
    data = _check(given.get("data"), "str", "data", "data")
    if data.startswith("/") or ".." in Path(data).parts:
        raise SpecError(f"spec.json: data: expected a path inside the job folder, found {_show(data)}")
    return Spec(
        recipe=recipe,
        job=_check(given.get("job"), "str", "job", "job"),
        model=model,
        data=data,
        template=_take(Template, given.get("template", {}), "template"),
        settings=_take(SETTINGS[recipe], given.get("settings", {}), "settings"),
    )


def read_spec(folder: Path) -> Spec:
    """Reads and checks FOLDER/spec.json. Raises SpecError."""
    try:
        given = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SpecError(f"{folder / 'spec.json'}: no such file") from None
    except ValueError as error:
        raise SpecError(f"spec.json: not JSON: {error}") from None
    return parse_spec(given)
