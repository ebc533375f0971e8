"""Loads a student: weights, tokenizer, quantisation, adapters.

Jobs run offline: models come from the disk or the hub's cache.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .data import read_lines
from .processes import first_goes_first, local_rank
from .spec import Model, SpecError, Template, TrainSettings
from .template import end_ids

# Attention and MLP projections under the names used by common architectures (sec. C.1).
PROJECTIONS = (
    "q_proj",
    "k_proj",
    "v_proj",
    "o_proj",
    "gate_proj",
    "up_proj",
    "down_proj",
    "qkv_proj",
    "gate_up_proj",
    "c_attn",
    "c_proj",
    "c_fc",
)


@dataclass
class Student:
    """A loaded model, and how it was loaded."""

    model: Any
    tokenizer: Any
    device: str
    """`cuda` or `cpu`."""
    dtype: str
    quantized: bool
    """Whether the base model is loaded in 4-bit precision."""


def sample_texts(path: Path, fields: tuple[str, ...], limit: int = 2000) -> list[str]:
    """Returns text from the first `limit` lines, to train the tiny student's tokenizer on."""
    texts: list[str] = []
    for number, row in read_lines(path):
        texts.extend(row[name] for name in fields if isinstance(row.get(name), str))
        if number >= limit:
            break
    return texts


def resolve(model: Model, folder: Path, texts: Iterable[str], seed: int) -> str:
    """Returns the path or name from which to load the model; creates the tiny student in the job folder."""
    if model.name != "tiny":
        return model.name
    from .tiny import make_tiny

    home = folder / "tiny"
    with first_goes_first():
        if not (home / "config.json").exists():
            make_tiny(home, texts, seed)
    return str(home)


@contextmanager
def _named(field: str, source: str) -> Iterator[None]:
    """Turns an OSError raised during loading into a SpecError that names the field.

    Jobs run offline, so the library's own message would misleadingly tell the user to check the network.
    """
    try:
        yield
    except OSError as error:
        reason = str(error).splitlines()[0][:300]
        raise SpecError(
            f"{field}: {source} could not be loaded, as a folder of this host or from its cache (jobs run offline): "
            f"{reason}"
        ) from error


def load_tokenizer(model: Model, source: str) -> Any:
    """Returns the student's tokenizer, which pads on the right. Raises SpecError if it has neither a pad nor an end
    token.
    """
    from transformers import AutoTokenizer

    with _named("model.name", source):
        tokenizer = AutoTokenizer.from_pretrained(
            source, revision=model.revision, trust_remote_code=model.trust_remote_code
        )
    if tokenizer.pad_token_id is None:
        if tokenizer.eos_token_id is None:
            raise SpecError(
                "model.name: this model's tokenizer has neither a padding nor an end-of-text token, so that nothing "
                "could be batched and no answer would end: name them in its tokenizer_config.json, or choose another "
                "model"
            )
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "right"
    return tokenizer


def load(model: Model, source: str, method: str, head: str = "text", template: Template | None = None) -> Student:
    """Loads a student for a training `method`, or with `none` for answering or scoring.

    `qlora` loads the base in 4-bit NF4 with bfloat16 compute; without a GPU or bitsandbytes the base stays in full
    precision, so that the same code runs on a tiny model. `full` holds the weights in float32 and computes in half
    precision; weights in half precision would round away the small steps of training. With a `template`, answers
    also end at the token that closes a turn (`end_ids`). `head`: `text` for a model that answers in tokens, `reward`
    for a reward model with its own head (Qwen2.5-Math-PRM). Raises SpecError if the model or the adapter cannot be
    loaded.
    """
    import torch
    from transformers import AutoModel, AutoModelForCausalLM

    tokenizer = load_tokenizer(model, source)
    cuda = torch.cuda.is_available()
    dtype = _compute_dtype()
    options: dict[str, Any] = {
        "revision": model.revision,
        "trust_remote_code": model.trust_remote_code,
        "dtype": torch.float32 if method == "full" else dtype,
    }
    quantized = method == "qlora" and cuda and has("bitsandbytes")
    if quantized:
        from transformers import BitsAndBytesConfig

        options["quantization_config"] = BitsAndBytesConfig(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_compute_dtype=dtype
        )
    if cuda:
        options["device_map"] = {"": local_rank()}
    with _named("model.name", source):
        loaded = (AutoModel if head == "reward" else AutoModelForCausalLM).from_pretrained(source, **options)
    if template:
        loaded.generation_config.eos_token_id = (
            end_ids(template, tokenizer, loaded.generation_config.eos_token_id) or None
        )
    if model.adapter:
        from peft import PeftModel

        if not (Path(model.adapter) / "adapter_config.json").is_file():
            raise SpecError(
                f"model.adapter: {model.adapter} holds no adapter_config.json on this host: name the folder of a LoRA "
                "adapter"
            )
        loaded = PeftModel.from_pretrained(loaded, model.adapter, is_trainable=True)
    return Student(loaded, tokenizer, "cuda" if cuda else "cpu", str(dtype).removeprefix("torch."), quantized)


def _compute_dtype() -> Any:
    """Returns bfloat16 or float16 on a GPU, and float32 on the CPU."""
    import torch

    if not torch.cuda.is_available():
        return torch.float32
    return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float16


def target_modules(model: Any) -> list[str]:
    """Returns this architecture's attention and MLP projections. Raises SpecError if none has a known name."""
    import torch

    found = {
        name.rsplit(".", 1)[-1]
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) or module.__class__.__name__ in ("Conv1D", "Linear4bit")
    }
    names = [name for name in PROJECTIONS if name in found]
    if not names:
        raise SpecError(
            "settings.method: no attention or MLP projection with a known name in this model, for LoRA to adapt; it "
            f"has {', '.join(sorted(found))}"
        )
    return names


def new_adapter(model: Model, settings: TrainSettings, loaded: Any) -> Any:
    """Returns the configuration of the LoRA to train, or None if all weights or an existing adapter are trained."""
    if settings.method == "full" or model.adapter:
        return None
    from peft import LoraConfig

    return LoraConfig(
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        target_modules=target_modules(loaded),
        bias="none",
        task_type="CAUSAL_LM",
    )


def has(package: str) -> bool:
    """Whether a package is installed."""
    from importlib.util import find_spec

    return find_spec(package) is not None
