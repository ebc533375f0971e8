"""python -m stat_trainer JOB_FOLDER: runs the job its spec.json describes.

Leaves events.jsonl, heartbeat, out/ and, at the very end and atomically, exit.json {code, at, message}. Exit codes:
0 done, 2 a bad spec or data (nothing was spent), 143 cancelled, 1 anything else.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import traceback
from datetime import datetime, timezone
from pathlib import Path

from . import processes


def write_exit(folder: Path, code: int, message: str) -> None:
    """exit.json appears whole or not at all; readers take its presence as the end of the job. Of several processes the
    first to say why it ended is heard: the others end because of it."""
    temporary = folder / f"exit.json.{os.getpid()}.tmp"
    temporary.write_text(
        json.dumps(
            {
                "code": code,
                "at": datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z"),
                "message": message,
            }
        ),
        encoding="utf-8",
    )
    if processes.count() < 2:
        os.replace(temporary, folder / "exit.json")
        return
    try:
        os.link(temporary, folder / "exit.json")
    except FileExistsError:
        pass
    temporary.unlink()


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("usage: python -m stat_trainer JOB_FOLDER (a folder that holds spec.json)", file=sys.stderr)
        return 2
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
    code, message = 0, ""
    # Ended because another process did: that one's word counts, or, if it was killed, the job begins again from its
    # checkpoint.
    because_of_another = False
    try:
        spec = read_spec(folder)
        recipe = _recipe(spec.recipe)
        recipe(folder, spec, events)
        events.write("end", code=0)
    except (SpecError, DataError, MaskError) as error:
        code, message = 2, str(error)
    except KeyboardInterrupt:
        code, message = 143, "cancelled"
    except BaseException as error:  # noqa: BLE001  the log must say why, whatever it was (out of memory included)
        code, message = 1, _reason(error)
        because_of_another = processes.lost_another(error)
        print(traceback.format_exc()[-8000:], file=sys.stderr)
        events.write("trace", text=traceback.format_exc()[-8000:])
    if code == 143 and processes.count() > 1:
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


def _reason(error: BaseException) -> str:
    """Why it ended, with what to do where that is known."""
    from .batches import is_out_of_memory

    advice = (
        "out of memory: lower settings.max_new_tokens (answers), settings.batch with settings.accumulation raised by as much (training; the effective batch stays), settings.micro_batch (GRPO), or choose a smaller model. "
        if is_out_of_memory(error)
        else ""
    )
    return f"{advice}{type(error).__name__}: {error}"


def _recipe(name: str):
    if name == "sft":
        from .sft import train

        return train
    if name == "grpo":
        from .grpo import train

        return train
    if name == "generate":
        from .generate import generate

        return generate
    if name == "score":
        from .score import score

        return score
    from .sft import xray

    return xray


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
