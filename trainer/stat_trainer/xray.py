"""Mask X-ray: which tokens carry loss, before anything is spent. 0 % and 100 % are refused: both are the sign of a
template that does not fit (TRL issues 3279, 4147)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .data import DataError, read_lines, text_of
from .spec import Template
from .template import IGNORED, Encoded, encode


class MaskError(ValueError):
    """No token, or every token, would carry loss."""


@dataclass
class Xray:
    """Totals over a data file."""

    rows: int = 0
    too_long: int = 0
    tokens: int = 0
    supervised: int = 0
    longest: int = 0

    @property
    def share(self) -> float | None:
        """Supervised tokens / tokens; None without tokens."""
        return self.supervised / self.tokens if self.tokens else None


def encode_rows(path: Path, template: Template, tokenizer: Any, max_length: int) -> tuple[list[Encoded], Xray]:
    """Every training pair of a data file, encoded; its validation questions are passed over. Pairs over `max_length` tokens are left out and counted.

    Raises DataError for a bad line, MaskError for a file whose mask is empty or full.
    """
    encoded: list[Encoded] = []
    seen = Xray()
    for number, row in read_lines(path):
        if row.get("validation") is True:
            continue
        one = encode(
            template, tokenizer, text_of(row, "question", path, number), text_of(row, "solution", path, number)
        )
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
    if not encoded:
        raise DataError(
            f"{path.name}: no pair fits into max_length {max_length} (the longest has {seen.longest} tokens)"
            if seen.too_long
            else f"{path.name}: no pair to train on"
        )
    if seen.share in (0.0, 1.0):
        raise MaskError(
            f"{path.name}: {seen.share:.0%} of the tokens would carry loss; prompts must be masked and answers must not: check the template"
        )
    return encoded, seen


def show(one: Encoded, tokenizer: Any) -> list[dict[str, Any]]:
    """One pair as runs of text with and without loss, as a person would check it."""
    runs: list[tuple[bool, list[int]]] = []
    for token, label in zip(one.input_ids, one.labels):
        loss = label != IGNORED
        if not runs or runs[-1][0] != loss:
            runs.append((loss, []))
        runs[-1][1].append(token)
    return [
        {"loss": loss, "tokens": len(tokens), "text": tokenizer.decode(tokens, skip_special_tokens=False)}
        for loss, tokens in runs
    ]
