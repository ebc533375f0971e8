"""Question and solution → tokens and labels, under the student's own template. Training, mask X-ray, generation and
evaluation all come through here: a mismatch would teach format instead of skill."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .spec import Template

IGNORED = -100


def user_text(template: Template, question: str) -> str:
    """The question as the student reads it: the instruction, if any, follows on a line of its own."""
    return f"{question}\n{template.instruction}" if template.instruction else question


def prompt_messages(template: Template, question: str) -> list[dict[str, str]]:
    """Chat messages before the answer."""
    system = [{"role": "system", "content": template.system}] if template.system else []
    return [*system, {"role": "user", "content": user_text(template, question)}]


def prompt_text(template: Template, tokenizer: Any, question: str) -> str:
    """The exact text the student continues."""
    if template.kind == "chat":
        if not getattr(tokenizer, "chat_template", None):
            raise ValueError("template.kind is chat, but this model's tokenizer has no chat template: use kind plain, or another model")
        return tokenizer.apply_chat_template(prompt_messages(template, question), tokenize=False, add_generation_prompt=True)
    head = f"{template.system}\n\n" if template.system else ""
    return f"{head}{user_text(template, question)}\n\n"


def answer_text(template: Template, tokenizer: Any, question: str, solution: str) -> str:
    """What follows the prompt: the solution and whatever ends a turn."""
    if template.kind == "chat":
        prompt = prompt_text(template, tokenizer, question)
        whole = tokenizer.apply_chat_template([*prompt_messages(template, question), {"role": "assistant", "content": solution}], tokenize=False)
        if whole.startswith(prompt):
            return whole[len(prompt):]
        # Templates that rewrite earlier turns or strip the answer: the turn's own end is all we may rely on.
    return f"{solution}{tokenizer.eos_token or ''}"


@dataclass(frozen=True)
class Encoded:
    """One pair as the model sees it: token ids, and labels with IGNORED where no loss falls."""

    input_ids: list[int]
    labels: list[int]

    @property
    def supervised(self) -> int:
        """Tokens that carry loss."""
        return sum(label != IGNORED for label in self.labels)


def encode(template: Template, tokenizer: Any, question: str, solution: str) -> Encoded:
    """Prompt and answer are tokenised apart, as they are at generation time, so the border never falls inside a token."""
    special = template.kind != "chat"  # a chat template writes its own beginning-of-text
    prompt = tokenizer(prompt_text(template, tokenizer, question), add_special_tokens=special)["input_ids"]
    if special and prompt and tokenizer.eos_token_id is not None and prompt[-1] == tokenizer.eos_token_id:
        prompt = prompt[:-1]  # some tokenizers close every text
    answer = tokenizer(answer_text(template, tokenizer, question, solution), add_special_tokens=False)["input_ids"]
    return Encoded(prompt + answer, [IGNORED] * len(prompt) + answer)
