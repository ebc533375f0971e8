"""Many at a time, and fewer where memory does not suffice."""

from __future__ import annotations

from typing import Callable, Iterator, Sequence, TypeVar

from .events import Events

Item = TypeVar("Item")
Result = TypeVar("Result")


def is_out_of_memory(error: BaseException) -> bool:
    """Is it memory, of the GPU or of the machine, that did not suffice?"""
    import torch

    return (
        isinstance(error, (torch.cuda.OutOfMemoryError, MemoryError))
        or isinstance(error, RuntimeError)
        and "can't allocate memory" in str(error)
    )


def in_batches(
    items: Sequence[Item], size: int, work: Callable[[Sequence[Item]], Result], events: Events
) -> Iterator[Result]:
    """`work` of `size` items at a time, in order. A batch that does not fit into memory is tried again at half its size,
    which is said and stays; one item that does not fit raises."""
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
        # Outside the handler: the error held on to what the batch had taken.
        size = len(batch) // 2
        _give_back()
        events.write("note", text=f"{len(batch)} at a time do not fit into memory: {size} from here on")


def _give_back() -> None:
    import gc

    import torch

    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
