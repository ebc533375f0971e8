"""Sampling in which every answer has a seed of its own: what is drawn does not depend on who shares its batch."""

from __future__ import annotations

from typing import Any, Sequence

import torch
from transformers import LogitsProcessor, TemperatureLogitsWarper, TopPLogitsWarper


class Draws(LogitsProcessor):
    """Chooses each row's next token by one uniform number of that row's seed, and leaves that token alone in the scores,
    so that greedy decoding takes it. `torch.multinomial` would draw all rows from one stream.

    `width`: tokens of the padded prompts; `steps`: the most tokens an answer may have.
    """

    def __init__(
        self, seeds: Sequence[int], width: int, steps: int, temperature: float, top_p: float, device: Any
    ) -> None:
        self._width = width
        # Drawn on the CPU: the same numbers on every device.
        self._uniform = torch.stack(
            [torch.rand(steps, generator=torch.Generator().manual_seed(seed), dtype=torch.float64) for seed in seeds]
        ).to(device)
        self._warpers = [TemperatureLogitsWarper(temperature), *([TopPLogitsWarper(top_p)] if top_p < 1 else [])]

    def __call__(self, input_ids: torch.Tensor, scores: torch.Tensor) -> torch.Tensor:
        for warp in self._warpers:
            scores = warp(input_ids, scores)
        below = scores.double().softmax(-1).cumsum(-1)
        drawn = self._uniform[:, input_ids.shape[1] - self._width, None] * below[:, -1:]
        token = torch.searchsorted(below, drawn, right=True).clamp(max=scores.shape[-1] - 1)
        return torch.full_like(scores, -torch.inf).scatter_(1, token, 0.0)
