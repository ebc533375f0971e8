"""Supervised fine-tuning of a student on a STAT dataset (sec. C.1), on TRL's SFTTrainer.

Rows are tokenised here (template.py), so the mask the X-ray shows is the mask that trains.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

from .events import Events
from .spec import SftSettings, Spec
from .students import Student, load, load_tokenizer, resolve, target_modules
from .data import read_lines
from .xray import Xray, encode_rows, show


def sample_texts(path: Path, fields: tuple[str, ...], limit: int = 2000) -> list[str]:
    """Texts to train the tiny student's tokenizer on."""
    texts: list[str] = []
    for number, row in read_lines(path):
        texts.extend(row[name] for name in fields if isinstance(row.get(name), str))
        if number >= limit:
            break
    return texts


def encode_job(folder: Path, spec: Spec, events: Events) -> tuple[list[Any], Xray, Any, str]:
    """The data as it will train: encoded rows, totals, tokenizer and where the model loads from; writes an `xray` event."""
    settings: SftSettings = spec.settings
    path = folder / spec.data
    source = resolve(spec.model, folder, sample_texts(path, ("question", "solution")) if spec.model.name == "tiny" else [], settings.seed)
    tokenizer = load_tokenizer(spec.model, source)
    rows, seen = encode_rows(path, spec.template, tokenizer, settings.max_length)
    events.write("xray", rows=seen.rows, too_long=seen.too_long, tokens=seen.tokens, supervised=seen.supervised, share=seen.share, longest=seen.longest, examples=[show(row, tokenizer) for row in rows[:3]])
    return rows, seen, tokenizer, source


def xray(folder: Path, spec: Spec, events: Events) -> None:
    """Recipe `xray`: the mask alone, nothing trained."""
    encode_job(folder, spec, events)


def training_arguments(settings: SftSettings, student: Student, out: Path, steps_hint: int) -> Any:
    """The paper's recipe as TRL arguments; tests read it back from the running trainer."""
    from trl import SFTConfig

    cuda = student.device == "cuda"
    return SFTConfig(
        output_dir=str(out / "checkpoints"),
        per_device_train_batch_size=settings.batch,
        gradient_accumulation_steps=settings.accumulation,
        num_train_epochs=settings.epochs,
        max_steps=settings.max_steps,
        learning_rate=settings.lr,
        lr_scheduler_type=settings.schedule,
        warmup_steps=settings.warmup if settings.warmup < 1 else steps_hint,
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.clip,
        optim="paged_adamw_8bit" if student.quantized else "adamw_torch",
        train_sampling_strategy="group_by_length" if settings.group_by_length else "random",
        activation_checkpointing=settings.gradient_checkpointing,
        seed=settings.seed,
        data_seed=settings.seed,
        bf16=cuda and student.dtype == "bfloat16",
        fp16=cuda and student.dtype == "float16",
        use_cpu=not cuda,
        max_length=None,
        packing=False,
        dataset_kwargs={"skip_prepare_dataset": True},
        remove_unused_columns=False,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="steps",
        save_steps=settings.save_every,
        save_total_limit=2,
        report_to=[],
        disable_tqdm=True,
        dataloader_pin_memory=cuda,
    )


def build_trainer(folder: Path, spec: Spec, events: Events, callbacks: list[Any] | None = None) -> Any:
    """A TRL trainer ready to run, with its adapter. Apart from `train` so that tests can read the recipe back."""
    from datasets import Dataset
    from trl import SFTTrainer

    settings: SftSettings = spec.settings
    rows, seen, tokenizer, source = encode_job(folder, spec, events)
    student = load(spec.model, source, settings.method)
    if settings.method == "qlora" and not student.quantized:
        events.write("note", text="qlora asked for, but there is no GPU with bitsandbytes here: the base stays in full precision")
    peft_config = None
    if settings.method != "full" and not spec.model.adapter:
        from peft import LoraConfig

        peft_config = LoraConfig(r=settings.rank, lora_alpha=settings.alpha, lora_dropout=settings.dropout, target_modules=target_modules(student.model), bias="none", task_type="CAUSAL_LM")
    dataset = Dataset.from_dict({"input_ids": [row.input_ids for row in rows], "labels": [row.labels for row in rows], "length": [len(row.input_ids) for row in rows]})
    effective = settings.batch * settings.accumulation
    steps = settings.max_steps if settings.max_steps > 0 else int(settings.epochs * -(-len(rows) // effective))
    arguments = training_arguments(settings, student, folder / "out", steps)
    trainer = SFTTrainer(model=student.model, args=arguments, train_dataset=dataset, processing_class=tokenizer, peft_config=peft_config, data_collator=_collator(tokenizer), callbacks=callbacks or [])
    events.write("start", recipe="sft", model=spec.model.name, device=student.device, dtype=student.dtype, quantized=student.quantized, rows=seen.rows, steps=steps, effective_batch=effective, trainable=_trainable(trainer.model))
    return trainer


def _collator(tokenizer: Any) -> Any:
    """Right padding; the length column that groups batches is dropped before the model sees them."""
    from trl.trainer.sft_trainer import DataCollatorForLanguageModeling

    inner = DataCollatorForLanguageModeling(pad_token_id=tokenizer.pad_token_id)
    return lambda rows: inner([{"input_ids": row["input_ids"], "labels": row["labels"]} for row in rows])


def _trainable(model: Any) -> int:
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


def reporter(events: Events) -> Any:
    """A callback that writes `step`, `checkpoint` and `resumed` events."""
    import torch
    from transformers import TrainerCallback

    class Reporter(TrainerCallback):
        def __init__(self) -> None:
            self.began = 0.0
            self.first = 0
            self.tokens: float | None = None
            """Tokens seen before this process began: a resumed run's rate counts its own."""

        def on_train_begin(self, args, state, control, **_):
            self.began = time.monotonic()
            self.first = state.global_step
            if state.global_step > 0:
                events.write("resumed", step=state.global_step, steps=state.max_steps)

        def on_log(self, args, state, control, logs=None, **_):
            logs = logs or {}
            if "loss" not in logs and "reward" not in logs:
                return
            done = state.global_step - self.first
            seconds = time.monotonic() - self.began
            tokens = _number(logs.get("num_tokens"))
            if self.tokens is None:
                self.tokens = 0.0 if self.first == 0 or tokens is None else tokens
            memory = torch.cuda.max_memory_allocated() if torch.cuda.is_available() else None
            events.write(
                "step", step=state.global_step, steps=state.max_steps, epoch=state.epoch, loss=_number(logs.get("loss")), lr=_number(logs.get("learning_rate")), grad_norm=_number(logs.get("grad_norm")),
                reward=_number(logs.get("reward")), tokens=tokens, tokens_per_second=round((tokens - self.tokens) / seconds, 1) if tokens is not None and seconds > 0 else None, seconds=round(seconds, 3),
                eta=round(seconds / done * (state.max_steps - state.global_step), 1) if done > 0 else None, gpu_memory=memory,
            )

        def on_save(self, args, state, control, **_):
            events.write("checkpoint", step=state.global_step)

    return Reporter()


def _number(value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None


def last_checkpoint(out: Path) -> str | None:
    """The newest checkpoint that is whole: a kill while saving leaves one without its trainer state."""
    folders = sorted((out / "checkpoints").glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]))
    for folder in reversed(folders):
        if (folder / "trainer_state.json").exists() and (folder / "optimizer.pt").exists():
            return str(folder)
    return None


def train(folder: Path, spec: Spec, events: Events) -> None:
    """Recipe `sft`: trains, resuming from the last whole checkpoint, and leaves the adapter (or model) in out/model."""
    trainer = build_trainer(folder, spec, events, [reporter(events)])
    trainer.train(resume_from_checkpoint=last_checkpoint(folder / "out"))
    target = folder / "out" / "model"
    trainer.save_model(str(target))
    trainer.processing_class.save_pretrained(str(target))
