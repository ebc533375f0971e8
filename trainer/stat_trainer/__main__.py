"""python -m stat_trainer JOB_FOLDER: runs the job described in JOB_FOLDER/spec.json.

Writes events.jsonl, heartbeat and out/, and at the very end, atomically, exit.json with {code, at, message}. Exit
codes: 0 for success, 2 for an invalid spec or invalid data (nothing was spent), 143 for a cancelled job, 1 for
anything else.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from datetime import datetime, timezone
from importlib import import_module
from pathlib import Path
from typing import Any

from . import processes

EXIT_DONE, EXIT_FAILED, EXIT_INVALID, EXIT_CANCELLED = 0, 1, 2, 143

# Maps each recipe to the module of this package and the function in it that runs the recipe. The modules are imported
# only when a job needs them: torch and the packages around it take seconds to load.
RECIPE_FUNCTIONS = {
    "sft": ("sft", "train"),
    "grpo": ("grpo", "train"),
    "generate": ("generate", "generate"),
    "score": ("score", "score"),
    "xray": ("sft", "xray"),
}

OUT_OF_MEMORY = (
    "out of memory: lower settings.max_new_tokens (answers), settings.batch with settings.accumulation raised by as "
    "much (training; the effective batch stays), settings.micro_batch (GRPO), or choose a smaller model. "
)


def write_exit(folder: Path, code: int, message: str) -> None:
    """Writes exit.json atomically; its presence marks the end of the job.

    If several processes fail, only the first failure is recorded, since it caused the others. The run script on the
    host reads the code from the start of the line, so `code` must stay the first field.
    """
    at = datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z")
    temporary = folder / f"exit.json.{os.getpid()}.tmp"
    temporary.write_text(json.dumps({"code": code, "at": at, "message": message}), encoding="utf-8")
    if processes.count() < 2:
        os.replace(temporary, folder / "exit.json")
        return
    try:
        os.link(temporary, folder / "exit.json")
    except FileExistsError:
        pass
    temporary.unlink()


def main(arguments: list[str]) -> int:
    """Runs one job and returns its exit code."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m stat_trainer JOB_FOLDER (a folder that holds spec.json)", file=sys.stderr)
        return EXIT_INVALID
    folder = Path(arguments[0]).resolve()
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("TRL_EXPERIMENTAL_SILENCE", "1")

    def cancelled(*_: object) -> None:
        raise KeyboardInterrupt

    signal.signal(signal.SIGTERM, cancelled)
    processes.die_with_parent()

    from .data import DataError
    from .events import Events
    from .spec import SpecError, read_spec
    from .xray import MaskError

    events = Events(folder, writes=processes.is_first())
    code, message = EXIT_DONE, ""
    # Set when this process failed because another process failed. That process reports the reason; if it was killed and
    # reports nothing, the job restarts from its checkpoint.
    because_of_another = False
    try:
        spec = read_spec(folder)
        recipe_function(spec.recipe)(folder, spec, events)
        events.write("end", code=EXIT_DONE)
    except (SpecError, DataError, MaskError) as error:
        code, message = EXIT_INVALID, str(error)
    except KeyboardInterrupt:
        code, message = EXIT_CANCELLED, "cancelled"
    except BaseException as error:  # noqa: BLE001  the log must hold the reason, whatever it is (out of memory included)
        code, message = EXIT_FAILED, _reason(error)
        because_of_another = processes.lost_another(error)
        print(traceback.format_exc()[-8000:], file=sys.stderr)
        events.write("trace", text=traceback.format_exc()[-8000:])
    if code == EXIT_CANCELLED and processes.count() > 1:
        because_of_another = not any((folder / name).exists() for name in ("cancelled", "stopped"))
    if code and not processes.is_first():
        message = f"process {processes.rank() + 1} of {processes.count()}: {message}"
    if code:
        print(message, file=sys.stderr)
        if not because_of_another:
            events.write("end", code=code, message=message)
    events.close()
    if not because_of_another and (code or processes.is_first()):
        write_exit(folder, code, message)
    return code


def recipe_function(name: str) -> Callable[[Path, Any, Any], None]:
    """Returns the function that runs a recipe, which takes (job folder, spec, events)."""
    module, function = RECIPE_FUNCTIONS[name]
    return getattr(import_module(f".{module}", __package__), function)


def _reason(error: BaseException) -> str:
    """Returns the error as one line, with advice if there is any."""
    from .batches import is_out_of_memory

    return f"{OUT_OF_MEMORY if is_out_of_memory(error) else ''}{type(error).__name__}: {error}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
