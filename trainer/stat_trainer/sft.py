"""Supervised fine-tuning of a student on a STAT dataset (sec. C.1), on TRL's SFTTrainer.

The rows are tokenised by template.py, so the mask shown by the X-ray is the mask used in training.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

from .batches import free_memory
from .data import read_lines, text_of
from .events import Events
from .generate import AnswerJob, answer_questions
from .processes import is_first, share
from .spec import GenerateSettings, SftSettings, Spec
from .students import Student, load, load_tokenizer, new_adapter, resolve, sample_texts
from .xray import Xray, encode_rows, show


def encode_job(folder: Path, spec: Spec, events: Events) -> tuple[list[Any], Xray, Any, str]:
    """Encodes the data exactly as it will be trained on, and writes an `xray` event.

    Returns the encoded rows, their totals, the tokenizer, and the path or name from which the model is loaded.
    """
    settings: SftSettings = spec.settings
    path = folder / spec.data
    source = resolve(
        spec.model,
        folder,
        sample_texts(path, ("question", "solution")) if spec.model.name == "tiny" else [],
        settings.seed,
    )
    tokenizer = load_tokenizer(spec.model, source)
    rows, seen = encode_rows(path, spec.template, tokenizer, settings.max_length)
    events.write(
        "xray",
        rows=seen.rows,
        too_long=seen.too_long,
        tokens=seen.tokens,
        supervised=seen.supervised,
        share=seen.share,
        longest=seen.longest,
        examples=[show(row, tokenizer) for row in rows[:3]],
    )
    return rows, seen, tokenizer, source


def xray(folder: Path, spec: Spec, events: Events) -> None:
    """Recipe `xray`: reports the mask and trains nothing."""
    encode_job(folder, spec, events)


def training_arguments(settings: SftSettings, student: Student, out: Path, steps_hint: int) -> Any:
    """Returns the paper's recipe as TRL arguments. `steps_hint`: optimizer steps in the whole training."""
    from trl import SFTConfig

    cuda = student.device == "cuda"
    return SFTConfig(
        output_dir=str(out / "checkpoints"),
        per_device_train_batch_size=settings.batch,
        gradient_accumulation_steps=share(settings.accumulation, "accumulation"),
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
    """Returns a TRL trainer that is ready to run, with its adapter; tests read the recipe back from it."""
    from datasets import Dataset
    from trl import SFTTrainer

    settings: SftSettings = spec.settings
    rows, seen, tokenizer, source = encode_job(folder, spec, events)
    student = load(spec.model, source, settings.method, template=spec.template)
    if settings.method == "qlora" and not student.quantized:
        events.write(
            "note",
            text="qlora was requested, but there is no GPU with bitsandbytes: the base stays in full precision",
        )
    dataset = Dataset.from_dict(
        {
            "input_ids": [row.input_ids for row in rows],
            "labels": [row.labels for row in rows],
            "length": [len(row.input_ids) for row in rows],
        }
    )
    effective = settings.batch * settings.accumulation
    steps = settings.max_steps if settings.max_steps > 0 else math.ceil(settings.epochs * -(-len(rows) // effective))
    arguments = training_arguments(settings, student, folder / "out", steps)
    trainer = SFTTrainer(
        model=student.model,
        args=arguments,
        train_dataset=dataset,
        processing_class=tokenizer,
        peft_config=new_adapter(spec.model, settings, student.model),
        data_collator=_collator(tokenizer),
        callbacks=callbacks or [],
    )
    events.write(
        "start",
        recipe="sft",
        model=spec.model.name,
        device=student.device,
        dtype=student.dtype,
        quantized=student.quantized,
        rows=seen.rows,
        steps=steps,
        effective_batch=effective,
        trainable=trainable_parameters(trainer.model),
    )
    return trainer


def _collator(tokenizer: Any) -> Any:
    """Pads on the right and drops the length column, which is used only to group the batches."""
    from trl.trainer.sft_trainer import DataCollatorForLanguageModeling

    inner = DataCollatorForLanguageModeling(pad_token_id=tokenizer.pad_token_id)
    return lambda rows: inner([{"input_ids": row["input_ids"], "labels": row["labels"]} for row in rows])


def trainable_parameters(model: Any) -> int:
    """Returns the number of trainable parameters."""
    return sum(parameter.numel() for parameter in model.parameters() if parameter.requires_grad)


def reporter(events: Events) -> Any:
    """Returns a callback that writes `recipe`, `step`, `checkpoint` and `resumed` events."""
    import torch
    from transformers import TrainerCallback

    class Reporter(TrainerCallback):
        def __init__(self) -> None:
            self.began = 0.0
            self.first = 0
            self.tokens: float | None = None
            """Number of tokens trained on before this process began: the rate of a resumed run counts only its own
            tokens.
            """

        def on_train_begin(self, args, state, control, **more):
            self.began = time.monotonic()
            self.first = state.global_step
            events.write("recipe", **in_force(args, state, **more))
            if state.global_step > 0:
                events.write("resumed", step=state.global_step, steps=state.max_steps)

        def on_log(self, args, state, control, logs=None, **_):
            logs = logs or {}
            if "loss" not in logs and "reward" not in logs:
                return
            _check_finite(args, state.global_step, logs)
            done = state.global_step - self.first
            seconds = time.monotonic() - self.began
            tokens = _number(logs.get("num_tokens"))
            if self.tokens is None:
                self.tokens = 0.0 if self.first == 0 or tokens is None else tokens
            memory = torch.cuda.max_memory_allocated() if torch.cuda.is_available() else None
            events.write(
                "step",
                step=state.global_step,
                steps=state.max_steps,
                epoch=state.epoch,
                loss=_number(logs.get("loss")),
                lr=_number(logs.get("learning_rate")),
                grad_norm=_number(logs.get("grad_norm")),
                reward=_number(logs.get("reward")),
                tokens=tokens,
                tokens_per_second=round((tokens - self.tokens) / seconds, 1)
                if tokens is not None and seconds > 0
                else None,
                seconds=round(seconds, 3),
                since=self.first,
                eta=round(seconds / done * (state.max_steps - state.global_step), 1) if done > 0 else None,
                gpu_memory=memory,
            )

        def on_save(self, args, state, control, **_):
            events.write("checkpoint", step=state.global_step)

    return Reporter()


class Diverged(RuntimeError):
    """The weights are ruined, and no later step can repair them."""


def _check_finite(args: Any, step: int, logs: dict[str, Any]) -> None:
    """Raises Diverged if the loss or the gradient is not finite.

    In float16 a gradient may overflow: that step is skipped and the loss is rescaled.
    """
    for name in ("loss", *(() if args.fp16 else ("grad_norm",))):
        value = _number(logs.get(name))
        if value is not None and not math.isfinite(value):
            raise Diverged(
                f"{name.replace('_', ' ')} is no longer a number at step {step}, and no later step would repair "
                f"the weights: lower settings.lr (here {args.learning_rate:g}) or settings.clip; "
                "the last checkpoint remains"
            )


def in_force(
    args: Any, state: Any, model: Any = None, optimizer: Any = None, lr_scheduler: Any = None, **_: Any
) -> dict[str, Any]:
    """Returns the recipe actually in effect, read from the parts of the running trainer rather than from the spec."""
    lora = next(iter(getattr(model, "peft_config", {}).values()), None)
    groups = getattr(optimizer, "param_groups", [])
    inner = getattr(optimizer, "optimizer", optimizer)
    return {
        "effective_batch": args.per_device_train_batch_size * args.gradient_accumulation_steps * args.world_size,
        "batch": args.per_device_train_batch_size,
        "accumulation": args.gradient_accumulation_steps,
        "processes": args.world_size,
        "steps": state.max_steps,
        "epochs": args.num_train_epochs,
        "schedule": str(getattr(args.lr_scheduler_type, "value", args.lr_scheduler_type)),
        "warmup_steps": args.get_warmup_steps(state.max_steps),
        "peak_lr": max((group.get("initial_lr", group["lr"]) for group in groups), default=args.learning_rate),
        "weight_decay": max((group["weight_decay"] for group in groups), default=None),
        "optimizer": type(inner).__name__,
        "clip": args.max_grad_norm,
        "seed": args.seed,
        "rank": getattr(lora, "r", None),
        "alpha": getattr(lora, "lora_alpha", None),
        "dropout": getattr(lora, "lora_dropout", None),
        "target_modules": sorted(lora.target_modules)
        if lora is not None and not isinstance(lora.target_modules, str)
        else None,
    }


def _number(value: Any) -> float | None:
    try:
        return None if value is None else float(value)
    except (TypeError, ValueError):
        return None


def last_checkpoint(out: Path) -> str | None:
    """Returns the newest complete checkpoint. A kill during saving leaves a checkpoint without a trainer state."""
    folders = sorted((out / "checkpoints").glob("checkpoint-*"), key=lambda path: int(path.name.split("-")[1]))
    for folder in reversed(folders):
        if (folder / "trainer_state.json").exists() and (folder / "optimizer.pt").exists():
            return str(folder)
    return None


def train(folder: Path, spec: Spec, events: Events) -> None:
    """Recipe `sft`: trains from the last complete checkpoint and saves the adapter (or the model) to out/model.

    If the data has validation questions, the trained student then answers them in out/validation.jsonl.
    """
    target, trained = folder / "out" / "model", folder / "out" / "trained"
    if not trained.exists():
        trainer = build_trainer(folder, spec, events, [reporter(events)])
        trainer.train(resume_from_checkpoint=last_checkpoint(folder / "out"))
        trainer.save_model(str(target))
        if not is_first():
            return
        trainer.processing_class.save_pretrained(str(target))
        trained.touch()
        _release(trainer)
    if is_first():
        _validate(folder, spec, events, target)


def _release(trainer: Any) -> None:
    """Frees the trainer's memory before the student answers."""
    trainer.model = trainer.optimizer = trainer.lr_scheduler = None
    free_memory()


def _validate(folder: Path, spec: Spec, events: Events, target: Path) -> None:
    """Writes the trained student's answers to the validation questions, with the same template and sampled as for
    pass@1.
    """
    settings: SftSettings = spec.settings
    path = folder / spec.data
    rows = [
        {"question": text_of(row, "question", path, number), "questionId": row.get("questionId")}
        for number, row in read_lines(path)
        if row.get("validation") is True
    ]
    if not rows:
        return
    full = settings.method == "full"
    model = (
        replace(spec.model, name=str(target), adapter=None, revision=None)
        if full
        else replace(spec.model, adapter=str(target))
    )
    drawn = GenerateSettings(
        samples=1,
        temperature=settings.validation_temperature,
        max_new_tokens=settings.max_new_tokens,
        seed=settings.seed,
        engine=settings.engine,
    )
    source = str(target) if full else resolve(spec.model, folder, [], settings.seed)
    job = AnswerJob(
        spec=replace(spec, model=model),
        settings=drawn,
        source=source,
        rows=rows,
        target=folder / "out" / "validation.jsonl",
        validates=True,
        method="none" if full else settings.method,
    )
    answer_questions(job, events)
