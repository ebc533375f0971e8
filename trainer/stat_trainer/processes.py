"""Support for several processes on one machine, one per GPU, as started by `accelerate launch`.

Only the first process writes the event log, the heartbeat and the results. The first process to fail reports the
reason.
"""

from __future__ import annotations

import ctypes
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

from .spec import SpecError


def count() -> int:
    """Returns the number of processes that train together; 1 without a launcher."""
    return max(1, int(os.environ.get("WORLD_SIZE", "1") or "1"))


def rank() -> int:
    """Returns this process's number, from 0."""
    return int(os.environ.get("RANK", "0") or "0")


def local_rank() -> int:
    """Returns the index of this process's GPU on this machine."""
    return int(os.environ.get("LOCAL_RANK", "0") or "0")


def is_first() -> bool:
    return rank() == 0


def die_with_parent() -> None:
    """Makes the kernel kill this process when its launcher dies.

    Each process leads its own session: if the launcher is killed with SIGKILL, the processes would survive it, and
    the restarted trainer would run alongside them.
    """
    if count() < 2:
        return
    try:
        ctypes.CDLL(None, use_errno=True).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    except (OSError, AttributeError):
        return
    if os.getppid() == 1:
        os.kill(os.getpid(), signal.SIGKILL)


def lost_another(error: BaseException) -> bool:
    """Whether this process failed only because another one died; the reason is then how the other one ended."""
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
    """Runs the block in the first process and then in the others, which find the results of the first."""
    if count() < 2:
        yield
        return
    import torch
    from accelerate import PartialState

    with PartialState(cpu=not torch.cuda.is_available()).main_process_first():
        yield


def share(accumulation: int, name: str) -> int:
    """Returns the accumulation steps of each process that keep the effective batch size of the spec.

    Raises SpecError if the steps cannot be divided evenly.
    """
    processes = count()
    if accumulation % processes:
        raise SpecError(
            f"settings: {name} is {accumulation}, which {processes} processes cannot share evenly, and the effective "
            f"batch must stay what the recipe says: choose a smaller batch and a larger {name}"
        )
    return accumulation // processes
