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


def write_exit(folder: Path, code: int, message: str) -> None:
    """exit.json appears whole or not at all; readers take its presence as the end of the job."""
    temporary = folder / f"exit.json.{os.getpid()}.tmp"
    temporary.write_text(json.dumps({"code": code, "at": datetime.now(timezone.utc).isoformat(timespec="seconds").replace("+00:00", "Z"), "message": message}), encoding="utf-8")
    os.replace(temporary, folder / "exit.json")


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

    from .data import DataError
    from .events import Events
    from .spec import SpecError, read_spec
    from .xray import MaskError

    events = Events(folder)
    code, message = 0, ""
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
        code, message = 1, f"{type(error).__name__}: {error}"
        events.write("trace", text=traceback.format_exc()[-8000:])
    if code:
        events.write("end", code=code, message=message)
        print(message, file=sys.stderr)
    events.close()
    write_exit(folder, code, message)
    return code


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
