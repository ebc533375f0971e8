"""Sampling with one seed per answer, so that an answer's text does not depend on its batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from transformers import LogitsProcessor, TemperatureLogitsWarper, TopPLogitsWarper


class Draws(LogitsProcessor):
    """Draws the next token of each row with a uniform random number from that row's own seed.

    Only that token keeps a score, so greedy decoding picks it. `torch.multinomial` would draw all rows from one
    stream. `width`: the number of tokens in the padded prompts; `steps`: the maximum number of tokens in an answer.
    """

    def __init__(
        self, seeds: Sequence[int], width: int, steps: int, temperature: float, top_p: float, device: Any
    ) -> None:
        self._width = width
        # Drawn on the CPU, so that the numbers are the same on every device.
        self._uniform = torch.stack(
            [torch.rand(steps, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) for seed in seeds]
        ).to(device)
        self._warpers = [TemperatureLogitsWarper(temperature), *([TopPLogitsWarper(top_p)] if top_p < 1 else [])]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        for warp in self._warpers:
            scores = warp(input_ids, scores)
        cumulative = scores.double().softmax(-1).cumsum(-1)
        drawn = self._uniform[:, input_ids.shape[1] - self._width, None] * cumulative[:, -1:]
        token = torch.searchsorted(cumulative, drawn, right=True).clamp(max=scores.shape[-1] - 1)
        return torch.full_like(scores, -torch.inf).scatter_(1, token, 0.0)
