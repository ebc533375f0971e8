"""Mask X-ray: shows which tokens carry loss, before anything is spent.

Shares of 0% and 100% are rejected, since both mean that the template does not fit (TRL issues 3279, 4147).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .data import DataError, read_lines, text_of
from .spec import Template
from .template import IGNORED, Encoded, encode


class MaskError(ValueError):
    """Raised if no token, or every token, would carry loss."""


@dataclass
class Xray:
    """Totals for a data file."""

    rows: int = 0
    """Number of pairs used in training."""
    too_long: int = 0
    """Number of pairs omitted because of their length."""
    tokens: int = 0
    supervised: int = 0
    """Number of tokens that carry loss."""
    longest: int = 0
    """Number of tokens in the longest pair, including omitted pairs."""

    @property
    def share(self) -> float | None:
        """Returns supervised tokens / tokens, or None if there are no tokens."""
        return self.supervised / self.tokens if self.tokens else None


def encode_rows(path: Path, template: Template, tokenizer: Any, max_length: int) -> tuple[list[Encoded], Xray]:
    """Returns every training pair of a data file, encoded; skips its validation questions.

    Pairs over `max_length` tokens are omitted and counted. Raises DataError for an invalid line, and MaskError if
    the mask is empty or full.
    """
    encoded: list[Encoded] = []
    seen = Xray()
    for number, row in read_lines(path):
        if row.get("validation") is True:
            continue
        question, solution = (text_of(row, field, path, number) for field in ("question", "solution"))
        one = encode(template, tokenizer, question, solution)
        if one.supervised == 0:
            raise MaskError(f"{path.name}:{number}: no token of this pair would carry loss; check the template")
        seen.longest = max(seen.longest, len(one.input_ids))
        if len(one.input_ids) > max_length:
            seen.too_long += 1
            continue
        encoded.append(one)
        seen.rows += 1
        seen.tokens += len(one.input_ids)
        seen.supervised += one.supervised
    if not encoded and seen.too_long:
        raise DataError(
            f"{path.name}: no pair fits into max_length {max_length} (the longest has {seen.longest} tokens)"
        )
    if not encoded:
        raise DataError(f"{path.name}: no pair to train on")
    if seen.share in (0.0, 1.0):
        raise MaskError(
            f"{path.name}: {seen.share:.0%} of the tokens would carry loss; prompts must be masked and answers must "
            "not: check the template"
        )
    return encoded, seen


def show(one: Encoded, tokenizer: Any) -> list[dict[str, Any]]:
    """Returns one pair as runs of text with and without loss, for the user to check."""
    runs: list[tuple[bool, list[int]]] = []
    for token, label in zip(one.input_ids, one.labels, strict=True):
        loss = label != IGNORED
        if not runs or runs[-1][0] != loss:
            runs.append((loss, []))
        runs[-1][1].append(token)
    return [
        {"loss": loss, "tokens": len(tokens), "text": tokenizer.decode(tokens, skip_special_tokens=False)}
        for loss, tokens in runs
    ]
