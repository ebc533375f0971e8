"""Turns a question and its solution into tokens and labels, under the student's own template.

Training, the mask X-ray, answering and evaluation all use this module: a mismatch would teach format instead of
skill. `user_text`, `prompt_messages` and the plain `prompt_text` have counterparts in
src/core/questions/studentPrompt.ts; the cases in tests/cases/prompts.json check that both give the same results.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .spec import SpecError, Template

IGNORED = -100
"""The label of a token that carries no loss."""


def user_text(template: Template, question: str) -> str:
    """Returns the question as the student reads it. The instruction, if any, follows on its own line."""
    return f"{question}\n{template.instruction}" if template.instruction else question


def prompt_messages(template: Template, question: str) -> list[dict[str, str]]:
    """Returns the chat messages that precede the answer."""
    system = [{"role": "system", "content": template.system}] if template.system else []
    return [*system, {"role": "user", "content": user_text(template, question)}]


def plain_prompt(template: Template, question: str) -> str:
    """Returns the prompt for a student without a chat template. It ends with a blank line, after which the answer
    follows.
    """
    head = f"{template.system}\n\n" if template.system else ""
    return f"{head}{user_text(template, question)}\n\n"


def _chat(tokenizer: Any, messages: list[dict[str, str]], **more: Any) -> str:
    """Renders the messages in the model's own format. Raises SpecError if its template rejects them, e.g. because of a
    system prompt.
    """
    from jinja2 import TemplateError

    try:
        return tokenizer.apply_chat_template(messages, tokenize=False, **more)
    except TemplateError as error:
        roles = ", ".join(message["role"] for message in messages)
        raise SpecError(
            f"template: this model's chat template refuses the turns {roles}: {str(error)[:200]}; without a system "
            "prompt it may accept them, else use kind plain"
        ) from None


def prompt_text(template: Template, tokenizer: Any, question: str) -> str:
    """Returns the exact text that the student continues. Raises SpecError if a chat is requested but there is no chat
    template.
    """
    if template.kind != "chat":
        return plain_prompt(template, question)
    if not getattr(tokenizer, "chat_template", None):
        raise SpecError(
            "template.kind: chat, but this model's tokenizer has no chat template: use kind plain, or another model"
        )
    return _chat(tokenizer, prompt_messages(template, question), add_generation_prompt=True)


def answer_text(template: Template, tokenizer: Any, question: str, solution: str) -> str:
    """Returns the text after the prompt: the solution and the end of the turn. Raises SpecError if nothing would end
    the turn.
    """
    if template.kind == "chat":
        prompt = prompt_text(template, tokenizer, question)
        whole = _chat(tokenizer, [*prompt_messages(template, question), {"role": "assistant", "content": solution}])
        if whole.startswith(prompt):
            return whole[len(prompt) :]
        # Some templates rewrite earlier turns or strip the answer, so rely only on the end-of-text token.
    if not tokenizer.eos_token:
        raise SpecError(
            "template.kind: this model's tokenizer has no end-of-text token and no chat template that closes a turn, "
            "so the student would never learn to stop: name one in its tokenizer_config.json, or choose another model"
        )
    return f"{solution}{tokenizer.eos_token}"


@dataclass(frozen=True)
class Encoded:
    """One pair as the model sees it: token ids, and labels that are IGNORED for tokens without loss."""

    input_ids: list[int]
    labels: list[int]

    @property
    def supervised(self) -> int:
        """Returns the number of tokens that carry loss."""
        return sum(label != IGNORED for label in self.labels)


def prompt_ids(template: Template, tokenizer: Any, question: str) -> list[int]:
    """Returns the prompt's tokens, which are the same for training and for generation."""
    special = template.kind != "chat"  # a chat template writes its own beginning-of-text
    ids = tokenizer(prompt_text(template, tokenizer, question), add_special_tokens=special)["input_ids"]
    if special and ids and tokenizer.eos_token_id is not None and ids[-1] == tokenizer.eos_token_id:
        ids = ids[:-1]  # some tokenizers close every text
    return ids


def encode(template: Template, tokenizer: Any, question: str, solution: str) -> Encoded:
    """Tokenises the prompt and the answer separately, as in generation, so that no token spans the boundary."""
    prompt = prompt_ids(template, tokenizer, question)
    answer = tokenizer(answer_text(template, tokenizer, question, solution), add_special_tokens=False)["input_ids"]
    return Encoded(prompt + answer, [IGNORED] * len(prompt) + answer)


def end_ids(template: Template, tokenizer: Any, model_ends: int | list[int] | None) -> list[int]:
    """Returns the tokens that end an answer: the model's own, the tokenizer's, and the one that closes a chat turn.

    A base model trained under a chat template learns only the last one and would not stop at its own end token.
    """
    ends = {*(model_ends if isinstance(model_ends, list) else [model_ends]), tokenizer.eos_token_id}
    if template.kind == "chat":
        closing = answer_text(template, tokenizer, "1", "1").partition("1")[2]
        first = tokenizer(closing, add_special_tokens=False)["input_ids"][:1]
        ends.update(
            token for token in first if token in tokenizer.all_special_ids or token in tokenizer.added_tokens_decoder
        )
    return sorted(end for end in ends if end is not None)
