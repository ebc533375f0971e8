"""GRPO after SFT (sec. C.1), on TRL's GRPOTrainer. The reward is Math-Verify's verdict on the final answer."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from .data import DataError, read_lines, text_of
from .events import Events
from .processes import is_first, share
from .sft import last_checkpoint, reporter, trainable_parameters
from .spec import GrpoSettings, Spec, SpecError
from .students import load, new_adapter, resolve, sample_texts
from .template import prompt_messages, prompt_text


def target_of(gold: str) -> list[Any]:
    """Returns what Math-Verify parses from a gold answer, or an empty list if it cannot parse it."""
    from math_verify import parse

    # Math-Verify's timeout uses SIGALRM, which is free in the main thread of a job's own process.
    return parse(f"${gold}$")


def correctness(completions: list[Any], gold: list[str], **_: Any) -> list[float]:
    """Returns the reward of each completion: 1.0 if its final answer equals the gold answer, else 0.0."""
    from math_verify import parse, verify

    texts = [completion if isinstance(completion, str) else completion[-1]["content"] for completion in completions]
    return [
        1.0 if verify(target_of(reference), parse(text)) else 0.0 for text, reference in zip(texts, gold, strict=True)
    ]


def training_arguments(settings: GrpoSettings, device: str, dtype: str, quantized: bool, out: Path) -> Any:
    """Returns the paper's recipe as TRL arguments.

    256 questions × 4 rollouts per generation batch, 64 × 4 completions per step, a constant learning rate, no KL
    term and no entropy bonus.
    """
    from trl import GRPOConfig

    cuda = device == "cuda"
    update = settings.mini_batch * settings.rollouts
    micro = min(settings.micro_batch, update)
    if update % micro or settings.questions % settings.mini_batch:
        raise SpecError(
            f"settings: mini_batch × rollouts ({update}) must be a multiple of micro_batch ({micro}), and questions "
            f"({settings.questions}) of mini_batch ({settings.mini_batch})"
        )
    accumulation = share(update // micro, "mini_batch × rollouts / micro_batch")
    return GRPOConfig(
        output_dir=str(out / "checkpoints"),
        per_device_train_batch_size=micro,
        gradient_accumulation_steps=accumulation,
        steps_per_generation=accumulation * (settings.questions // settings.mini_batch),
        num_generations=settings.rollouts,
        max_completion_length=settings.max_completion,
        temperature=settings.temperature,
        num_train_epochs=settings.epochs,
        max_steps=settings.max_steps,
        learning_rate=settings.lr,
        lr_scheduler_type="constant",
        beta=0.0,
        entropy_coef=0.0,
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.clip,
        optim="paged_adamw_8bit" if quantized else "adamw_torch",
        bf16=cuda and dtype == "bfloat16",
        fp16=cuda and dtype == "float16",
        use_cpu=not cuda,
        seed=settings.seed,
        data_seed=settings.seed,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="steps",
        save_steps=settings.save_every,
        save_total_limit=2,
        report_to=[],
        disable_tqdm=True,
    )


def train(folder: Path, spec: Spec, events: Events) -> None:
    """Recipe `grpo`: trains an existing or a new adapter with rewards and saves it to out/model."""
    from datasets import Dataset
    from trl import GRPOTrainer

    settings: GrpoSettings = spec.settings
    path = folder / spec.data
    rows = [
        (text_of(row, "question", path, number), text_of(row, "gold", path, number)) for number, row in read_lines(path)
    ]
    questions = [(question, gold) for question, gold in rows if target_of(gold)]
    if not questions:
        raise DataError(
            f"{path.name}: no question to learn from"
            + (f": Math-Verify reads none of the {len(rows)} gold answers" if rows else "")
        )
    if len(questions) < len(rows):
        events.write(
            "note",
            text=f"{len(rows) - len(questions)} of {len(rows)} questions are omitted: Math-Verify cannot read their "
            "gold answers, so no completion could be rewarded",
        )
    left = len(questions) % settings.questions
    if left == len(questions):
        raise SpecError(
            f"settings.questions: a batch takes {settings.questions} different questions, and {path.name} has {left}: "
            "lower it (settings.mini_batch too), or send more questions"
        )
    if left:
        events.write(
            "note",
            text=f"every epoch omits {left} of {len(questions)} questions, different ones each time: they do not fill "
            f"a batch of {settings.questions}",
        )
    source = resolve(
        spec.model,
        folder,
        sample_texts(path, ("question", "solution")) if spec.model.name == "tiny" else [],
        settings.seed,
    )
    student = load(spec.model, source, settings.method, template=spec.template)
    chat = spec.template.kind == "chat"
    dataset = Dataset.from_dict(
        {
            "prompt": [
                prompt_messages(spec.template, question)
                if chat
                else prompt_text(spec.template, student.tokenizer, question)
                for question, _ in questions
            ],
            "gold": [gold for _, gold in questions],
        }
    )
    arguments = training_arguments(settings, student.device, student.dtype, student.quantized, folder / "out")
    trainer = GRPOTrainer(
        model=student.model,
        reward_funcs=correctness,
        args=arguments,
        train_dataset=dataset,
        processing_class=student.tokenizer,
        peft_config=new_adapter(spec.model, settings, student.model),
        callbacks=[reporter(events)],
    )
    events.write(
        "start",
        recipe="grpo",
        model=spec.model.name,
        device=student.device,
        dtype=student.dtype,
        quantized=student.quantized,
        rows=len(questions),
        steps=None,
        trainable=trainable_parameters(trainer.model),
    )
    trainer.train(resume_from_checkpoint=last_checkpoint(folder / "out"))
    target = folder / "out" / "model"
    trainer.save_model(str(target))
    if is_first():
        student.tokenizer.save_pretrained(str(target))
