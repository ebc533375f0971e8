"""Loading a student: weights, tokenizer, quantisation, adapters. Hub names are downloaded only while a token or the
network is there; jobs themselves run offline."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, Iterator

from .data import read_lines
from .processes import first_goes_first, local_rank
from .spec import Model, SpecError, Template, TrainSettings
from .template import end_ids

# Attention and MLP projections by the names the common architectures give them (sec. C.1).
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
    """A loaded model and what was decided about it."""

    model: Any
    tokenizer: Any
    device: str
    dtype: str
    quantized: bool


def sample_texts(path: Path, fields: tuple[str, ...], limit: int = 2000) -> list[str]:
    """Texts to train the tiny student's tokenizer on."""
    texts: list[str] = []
    for number, row in read_lines(path):
        texts.extend(row[name] for name in fields if isinstance(row.get(name), str))
        if number >= limit:
            break
    return texts


def resolve(model: Model, folder: Path, texts: Iterable[str], seed: int) -> str:
    """The path or name to load from; makes the tiny student in the job folder."""
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
    """A model that is not there, in one line: jobs run offline, and the library's own word sends people to look for a network."""
    try:
        yield
    except OSError as error:
        raise SpecError(
            f"{field}: {source} could not be loaded, as a folder of this host or from its cache (jobs run offline): {str(error).splitlines()[0][:300]}"
        ) from error


def load_tokenizer(model: Model, source: str) -> Any:
    """The student's tokenizer, with a pad token and right padding. Raises SpecError where it has none to offer."""
    from transformers import AutoTokenizer

    with _named("model.name", source):
        tokenizer = AutoTokenizer.from_pretrained(
            source, revision=model.revision, trust_remote_code=model.trust_remote_code
        )
    if tokenizer.pad_token_id is None:
        if tokenizer.eos_token_id is None:
            raise SpecError(
                "model.name: this model's tokenizer has neither a padding nor an end-of-text token, so that nothing could be batched and no answer would end: name them in its tokenizer_config.json, or choose another model"
            )
        tokenizer.pad_token = tokenizer.eos_token
    tokenizer.padding_side = "right"
    return tokenizer


def load(model: Model, source: str, method: str, head: str = "text", template: Template | None = None) -> Student:
    """`method` qlora loads the base in 4-bit NF4 with bfloat16 compute; without a GPU (or bitsandbytes) it is said and
    the base stays in full precision, so that the same code runs on a tiny model. `full` keeps the weights in float32 and
    computes in half precision: half precision would round away the small steps of training. `template`: the model's answers
    end where it closes a turn, too (template.py, end_ids). `head` reward: a reward model with a head
    of its own (Qwen2.5-Math-PRM) rather than one that answers in tokens."""
    import torch
    from transformers import AutoModel, AutoModelForCausalLM

    tokenizer = load_tokenizer(model, source)
    cuda = torch.cuda.is_available()
    dtype = torch.bfloat16 if cuda and torch.cuda.is_bf16_supported() else torch.float16 if cuda else torch.float32
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
                f"model.adapter: {model.adapter} holds no adapter_config.json on this host: name the folder of a LoRA adapter"
            )
        loaded = PeftModel.from_pretrained(loaded, model.adapter, is_trainable=True)
    return Student(loaded, tokenizer, "cuda" if cuda else "cpu", str(dtype).removeprefix("torch."), quantized)


def target_modules(model: Any) -> list[str]:
    """The attention and MLP projections this architecture has. Raises SpecError where none has a known name."""
    import torch

    found = {
        name.rsplit(".", 1)[-1]
        for name, module in model.named_modules()
        if isinstance(module, torch.nn.Linear) or module.__class__.__name__ in ("Conv1D", "Linear4bit")
    }
    names = [name for name in PROJECTIONS if name in found]
    if not names:
        raise SpecError(
            f"settings.method: no attention or MLP projection with a known name in this model, for LoRA to adapt; it has {', '.join(sorted(found))}"
        )
    return names


def new_adapter(model: Model, settings: TrainSettings, loaded: Any) -> Any:
    """The LoRA to train, as peft wants it; None where all weights are trained, or an adapter that is there already."""
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
    """Is it installed?"""
    from importlib.util import find_spec

    return find_spec(package) is not None
