"""Processes work in batches that shrink when memory is short."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from .events import Events

Item = TypeVar("Item")
Result = TypeVar("Result")


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the GPU or the machine ran out of memory."""
    import torch

    return (
        isinstance(error, (torch.cuda.OutOfMemoryError, MemoryError))
        or isinstance(error, RuntimeError)
        and "can't allocate memory" in str(error)
    )


def in_batches(
    items: Sequence[Item], size: int, work: Callable[[Sequence[Item]], Result], events: Events
) -> Iterator[Result]:
    """Yields `work(batch)` for batches of `size` items, in order.

    Retries a batch that does not fit into memory at half the size; the smaller size is logged and remains in effect.
    Raises if a single item does not fit.
    """
    at = 0
    while at < len(items):
        batch = items[at : at + size]
        try:
            result = work(batch)
        except (RuntimeError, MemoryError) as error:
            if len(batch) == 1 or not is_out_of_memory(error):
                raise
        else:
            yield result
            at += len(batch)
            continue
        # This is outside the exception handler because the error, while it is alive, holds the memory of the failed
        # batch.
        size = len(batch) // 2
        free_memory()
        events.write("note", text=f"a batch of {len(batch)} does not fit into memory: {size} at a time from now on")


def free_memory() -> None:
    """Releases unreferenced memory, including memory on the GPU."""
    import gc

    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
