"""The job spec describes what a job does. It is checked before anything is spent.

The default of every number is the paper's (sec. C.1). An invalid spec is reported in one line that names the field,
what was expected and what was found. `schema.py` exports the fields with their rules and defaults as a JSON schema.
"""

from __future__ import annotations

import json
from dataclasses import MISSING, Field, dataclass, field, fields
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

RECIPES = ("sft", "grpo", "generate", "score", "xray")

VERSION = 1
"""The spec version that this trainer reads."""

MAX_SEED = 2**32 - 1


class SpecError(ValueError):
    """An invalid spec, described in one line that the user can act on."""


@dataclass(frozen=True)
class Rule:
    """The values that a field accepts in addition to its type. Bounds apply to numbers, `choices` to strings."""

    about: str = ""
    """The meaning of the field, with its unit."""
    choices: tuple[str, ...] = ()
    """The allowed values. If empty, any value is allowed."""
    above: float | None = None
    """Exclusive lower bound."""
    least: float | None = None
    """Inclusive lower bound."""
    most: float | None = None
    """Inclusive upper bound."""

    @property
    def expected(self) -> str:
        """Returns the rule in the wording of an error message."""
        if self.choices:
            return f"one of {', '.join(self.choices)}"
        if self.above is not None:
            return f"more than {self.above}"
        return f"{self.least} or more" if self.most is None else f"{self.least} to {self.most}"

    def allows(self, value: Any) -> bool:
        """Whether a value of the right type is in range."""
        return (
            (not self.choices or value in self.choices)
            and (self.above is None or value > self.above)
            and (self.least is None or value >= self.least)
            and (self.most is None or value <= self.most)
        )


def setting(default: Any = MISSING, about: str = "", **rule: Any) -> Any:
    """Returns a dataclass field that carries its rule. The keyword arguments are those of `Rule`."""
    return field(default=default, metadata={"rule": Rule(about, **rule)})


def rule_of(one: Field[Any]) -> Rule:
    """Returns the rule that a dataclass field carries."""
    return one.metadata.get("rule", Rule())


@dataclass(frozen=True)
class Model:
    """The student."""

    name: str = setting(about="`tiny` (made in the job folder), a directory on the host, or a hub name.")
    revision: str | None = setting(None, "The commit of a hub model.")
    adapter: str | None = setting(None, "Directory of a LoRA adapter to start from (GRPO after SFT) or to answer with.")
    trust_remote_code: bool = setting(
        False, "Runs the model repository's own code: only with a pinned `revision` that a person has read."
    )


@dataclass(frozen=True)
class Template:
    """How a question is presented to the student.

    It is the same for answering, training and evaluation: a mismatch would teach format instead of skill.
    """

    kind: str = setting(
        "chat", "`chat`: the model's own chat template; `plain`: text alone.", choices=("chat", "plain")
    )
    system: str | None = setting(None, "System prompt.")
    instruction: str | None = setting(None, "Follows the question on a line of its own.")


ENGINES = ("auto", "vllm", "transformers")


def _seed() -> Any:
    return setting(0, "Seed of every draw.", least=0, most=MAX_SEED)


def _max_new_tokens() -> Any:
    return setting(2048, "Tokens of an answer, at most.", above=0)


def _max_steps() -> Any:
    return setting(-1, "Optimizer steps; 0 or less: as many as `epochs` takes.")


def _engine() -> Any:
    return setting(
        "auto",
        "`vllm`, `transformers`, or `auto`: vLLM where it is installed and there is a GPU.",
        choices=ENGINES,
    )


@dataclass(frozen=True)
class TrainSettings:
    """The settings shared by SFT and GRPO (sec. C.1): QLoRA on attention and MLP projections, rank 16, alpha 32."""

    method: str = setting(
        "qlora",
        "`qlora`: LoRA on a 4-bit NF4 base; `lora`: LoRA on the base as it is; `full`: all weights.",
        choices=("qlora", "lora", "full"),
    )
    rank: int = setting(16, "Rank of the LoRA matrices.", above=0)
    alpha: int = setting(32, "LoRA scaling: updates count alpha / rank times.", above=0)
    dropout: float = setting(0.05, "Dropout on the LoRA input.", least=0, most=1)
    weight_decay: float = setting(0.1, "AdamW weight decay.", least=0)
    clip: float = setting(0.3, "Largest norm of the gradients.", above=0)
    seed: int = _seed()
    max_steps: int = _max_steps()


@dataclass(frozen=True)
class SftSettings(TrainSettings):
    """Supervised fine-tuning (sec. C.1)."""

    epochs: float = setting(3.0, "Passes over the data.", above=0)
    lr: float = setting(
        2e-4,
        "Peak learning rate; the paper chooses from 5e-4, 2e-4, 1e-4, 8e-5, 2e-5 by validation accuracy.",
        above=0,
    )
    batch: int = setting(2, "Pairs in one forward pass.", above=0)
    accumulation: int = setting(4, "Forward passes per optimizer step: 2 x 4 = 8 pairs a step.", above=0)
    max_length: int = setting(
        2048,
        "Tokens of a pair, at most. Longer pairs are omitted and counted, never cut: a cut solution teaches the student"
        " to stop early.",
        above=0,
    )
    warmup: float = setting(0.03, "Share of all optimizer steps.", least=0, most=1)
    schedule: str = setting("cosine", "Learning rate schedule.", choices=("cosine", "linear", "constant"))
    group_by_length: bool = setting(True, "Batches hold pairs of similar length, for less padding.")
    gradient_checkpointing: bool = setting(False, "Recomputes activations to save memory.")
    save_every: int = setting(100, "Optimizer steps between checkpoints.", above=0)
    max_new_tokens: int = _max_new_tokens()
    validation_temperature: float = setting(
        0.1, "Sampling temperature for the validation questions, as for pass@1.", least=0
    )
    engine: str = _engine()


@dataclass(frozen=True)
class GrpoSettings(TrainSettings):
    """GRPO (sec. C.1): 256 questions per batch, 4 rollouts each, mini-batches of 64, no KL term, no entropy bonus."""

    epochs: float = setting(6.0, "Passes over the questions.", above=0)
    lr: float = setting(5e-7, "Learning rate, constant.", above=0)
    questions: int = setting(256, "Questions per generation batch.", above=0)
    rollouts: int = setting(4, "Completions per question.", above=0)
    mini_batch: int = setting(64, "Questions per optimizer step: 256 / 64 = 4 steps a batch.", above=0)
    micro_batch: int = setting(8, "Completions in one forward pass; memory only.", above=0)
    max_completion: int = setting(2048, "Tokens of a completion, at most.", above=0)
    temperature: float = setting(1.0, "Sampling temperature of the rollouts.", least=0)
    save_every: int = setting(20, "Optimizer steps between checkpoints.", above=0)


@dataclass(frozen=True)
class GenerateSettings:
    """Student answers (sec. C.1): temperature 0.1 for pass@1, 1.0 for avg@64 and pass@64, seed 0."""

    samples: int = setting(5, "Answers per question.", above=0)
    temperature: float = setting(1.0, "Sampling temperature; 0 is greedy.", least=0)
    top_p: float = setting(1.0, "Nucleus sampling.", least=0, most=1)
    max_new_tokens: int = _max_new_tokens()
    batch: int = setting(16, "Answers generated at a time, fewer where memory is short; speed only.", above=0)
    seed: int = _seed()
    engine: str = _engine()


@dataclass(frozen=True)
class ScoreSettings:
    """Process rewards for the steps of an answer."""

    form: str = setting(
        "rlhflow",
        '`rlhflow`: chat turns, P("+") against P("-"); `qwen-prm`: `<extra_0>` after each step.',
        choices=("rlhflow", "qwen-prm"),
    )
    batch: int = setting(8, "Answers scored at a time, fewer where memory is short; speed only.", above=0)
    max_length: int = setting(4096, "Tokens of an answer, at most; longer ones get no scores.", above=0)


SETTINGS: dict[str, type] = {
    "sft": SftSettings,
    "grpo": GrpoSettings,
    "generate": GenerateSettings,
    "score": ScoreSettings,
    "xray": SftSettings,
}


@dataclass(frozen=True)
class Spec:
    """A whole job."""

    recipe: str
    job: str
    model: Model
    data: str
    """The input file, relative to the job folder. It contains dataset rows, questions or answers as JSON lines."""
    template: Template = field(default_factory=Template)
    settings: Any = None
    version: int = VERSION


def _take(kind: type, value: Any, where: str) -> Any:
    """Returns an instance of the dataclass `kind` made from a decoded JSON object. Raises SpecError."""
    if not isinstance(value, dict):
        raise SpecError(f"spec.json: {where}: expected an object, found {_show(value)}")
    known = {one.name: one for one in fields(kind)}
    for name in value:
        if name not in known:
            raise SpecError(f"spec.json: {where}.{name}: unknown; known are {', '.join(sorted(known))}")
    required = [name for name, one in known.items() if one.default is MISSING and name not in value]
    if required:
        raise SpecError(f"spec.json: {where}: missing {', '.join(required)}")
    types = get_type_hints(kind)
    return kind(
        **{
            name: _check(value[name], types[name], rule_of(one), f"{where}.{name}")
            for name, one in known.items()
            if name in value
        }
    )


def value_type(kind: Any) -> tuple[type, bool]:
    """Returns a field's type without `None`, and whether `None` is allowed."""
    options = get_args(kind)
    if not options:
        return kind, False
    [inner] = [option for option in options if option is not NoneType]
    return inner, NoneType in options


def _check(value: Any, kind: Any, rule: Rule, where: str) -> Any:
    inner, optional = value_type(kind)
    if value is None and optional:
        return None
    if not _is_a(inner, value):
        raise SpecError(f"spec.json: {where}: expected {inner.__name__}, found {_show(value)}")
    if not rule.allows(value):
        raise SpecError(f"spec.json: {where}: expected {rule.expected}, found {_show(value)}")
    # JSON may write 1.0 as 1, but the libraries require a float for a temperature or a rate.
    return float(value) if inner is float else value


def _is_a(kind: type, value: Any) -> bool:
    if kind is bool or isinstance(value, bool):
        return kind is bool and isinstance(value, bool)
    if kind is float:
        return isinstance(value, (int, float)) and abs(value) < 1e300
    return isinstance(value, kind)


def _show(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, default=str)
    return text if len(text) <= 60 else text[:57] + "..."


def parse_spec(value: Any) -> Spec:
    """Checks a decoded spec.json. Raises SpecError."""
    if not isinstance(value, dict):
        raise SpecError(f"spec.json: expected an object, found {_show(value)}")
    if value.get("version") != VERSION:
        raise SpecError(
            f"spec.json: version: this trainer reads version {VERSION}, found {_show(value.get('version'))}; "
            "send the trainer of the same release"
        )
    recipe = value.get("recipe")
    if recipe not in RECIPES:
        raise SpecError(f"spec.json: recipe: expected one of {', '.join(RECIPES)}, found {_show(recipe)}")
    known = {one.name for one in fields(Spec)}
    for name in value:
        if name not in known:
            raise SpecError(f"spec.json: {name}: unknown field")
    model = _take(Model, value.get("model"), "model")
    if model.trust_remote_code and not model.revision:
        raise SpecError("spec.json: model.trust_remote_code: needs model.revision, a pinned commit whose code was read")
    data = _check(value.get("data"), str, Rule(), "data")
    if data.startswith("/") or ".." in Path(data).parts:
        raise SpecError(f"spec.json: data: expected a path inside the job folder, found {_show(data)}")
    return Spec(
        recipe=recipe,
        job=_check(value.get("job"), str, Rule(), "job"),
        model=model,
        data=data,
        template=_take(Template, value.get("template", {}), "template"),
        settings=_take(SETTINGS[recipe], value.get("settings", {}), "settings"),
    )


def read_spec(folder: Path) -> Spec:
    """Reads and checks FOLDER/spec.json. Raises SpecError."""
    try:
        value = json.loads((folder / "spec.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise SpecError(f"{folder / 'spec.json'}: no such file") from None
    except ValueError as error:
        raise SpecError(f"spec.json: not JSON: {error}") from None
    return parse_spec(value)
