"""Several processes on one machine, one a GPU, as `accelerate launch` starts them: who is the first, and what each may do.

The first process alone writes the event log, the heartbeat and the results. Whoever fails first says why the job ended.
"""

from __future__ import annotations

import ctypes
import os
import signal
from contextlib import contextmanager
from typing import Iterator

from .spec import SpecError


def count() -> int:
    """How many processes train together; 1 without a launcher."""
    return max(1, int(os.environ.get("WORLD_SIZE", "1") or "1"))


def rank() -> int:
    """From 0."""
    return int(os.environ.get("RANK", "0") or "0")


def local_rank() -> int:
    """Which of this machine's GPUs is this process's."""
    return int(os.environ.get("LOCAL_RANK", "0") or "0")


def is_first() -> bool:
    return rank() == 0


def die_with_parent() -> None:
    """A launcher that is killed -9 must not leave its processes behind: they lead sessions of their own, and a second
    trainer would be started beside them."""
    if count() < 2:
        return
    try:
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    except (OSError, AttributeError):
        return
    if os.getppid() == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def lost_another(error: BaseException) -> bool:
    """Did this process fail only because another one is gone? Then that one's end is the reason, not this."""
    if count() < 2:
        return False
    import torch.distributed

    kinds = tuple(
        getattr(torch.distributed, name)
        for name in ("DistBackendError", "DistNetworkError", "DistStoreError")
        if hasattr(torch.distributed, name)
    )
    return (
        isinstance(error, kinds)
        or isinstance(error, RuntimeError)
        and any(word in str(error) for word in ("by peer", "gloo", "NCCL", "Broken pipe"))
    )


@contextmanager
def first_goes_first() -> Iterator[None]:
    """What is in the block is done by the first process, then by the others, which find what it left."""
    if count() < 2:
        yield
        return
    import torch
    from accelerate import PartialState

    with PartialState(cpu=not torch.cuda.is_available()).main_process_first():
        yield


def share(accumulation: int, name: str) -> int:
    """Accumulation steps of each process, so that the effective batch stays the spec's. Raises SpecError where it cannot."""
    processes = count()
    if accumulation % processes:
        raise SpecError(
            f"settings: {name} is {accumulation}, which {processes} processes cannot share evenly, and the effective batch must stay what the recipe says: choose a smaller batch and a larger {name}"
        )
    return accumulation // processes
