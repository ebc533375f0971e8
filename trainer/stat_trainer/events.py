"""The job folder's event log and heartbeat. STAT Studio reads both, even after a lost connection.

Each line of events.jsonl is one JSON object with `at` (ISO 8601, UTC), `kind` and the fields of that kind. The
corresponding type in STAT Studio is in src/core/training/jobEvent.ts; tests/cases/events.jsonl contains samples of
each kind for the tests on both sides.
"""

from __future__ import annotations

import json
import math
import os
import signal
import threading
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any


def _plain(value: Any) -> Any:
    """Returns the value with NaN and infinities replaced by null, since JSON cannot represent them."""
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


class Events:
    """Appends to FOLDER/events.jsonl, each line in one write, and touches FOLDER/heartbeat every few seconds.

    If the trainer was killed while writing, the last line may be torn; it is first closed with a newline, so that
    readers lose only that line. A file FOLDER/cancelled ends the job like a SIGTERM: over a shared file system it
    reaches a trainer on another node, whatever the scheduler does. If there are several processes, only the first
    one `writes`.
    """

    def __init__(self, folder: Path, heartbeat_seconds: float = 5.0, writes: bool = True) -> None:
        self._writes = writes
        self._path = folder / "events.jsonl"
        self._heartbeat = folder / "heartbeat"
        self._cancelled = folder / "cancelled"
        self._lock = threading.Lock()
        self._torn = False
        if not writes:
            return
        self._file = os.open(self._path, os.O_CREAT | os.O_RDWR | os.O_APPEND, 0o644)
        size = os.fstat(self._file).st_size
        if size > 0 and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")
        self._stop = threading.Event()
        self._beat()
        self._thread = threading.Thread(target=self._beats, args=(heartbeat_seconds,), daemon=True)
        self._thread.start()

    def write(self, kind: str, **fields: Any) -> None:
        """Appends one event.

        If the disk is full, the event is lost and the training continues; the next event closes a torn line.
        """
        if not self._writes:
            return
        now = datetime.now(timezone.utc).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps(_plain({"at": now, "kind": kind, **fields}), ensure_ascii=False, allow_nan=False)
        with self._lock:
            whole = b"\n" * self._torn + line.encode("utf-8", "backslashreplace") + b"\n"
            try:
                written = os.write(self._file, whole)
            except OSError:
                return
            self._torn = written < len(whole)

    def _beat(self) -> None:
        temporary = self._heartbeat.with_name(f"heartbeat.{os.getpid()}.tmp")
        temporary.write_text(f"{time.time():.0f} {os.getpid()}\n")
        os.replace(temporary, self._heartbeat)

    def _beats(self, seconds: float) -> None:
        while not self._stop.wait(seconds):
            try:
                self._beat()
            except OSError:
                pass  # a full disk must not end the training; a later beat may succeed
            if self._cancelled.exists():
                os.kill(os.getpid(), signal.SIGTERM)
                return

    def close(self) -> None:
        """Stops the heartbeat and closes the log."""
        if not self._writes:
            return
        self._stop.set()
        self._thread.join(timeout=2)
        os.fsync(self._file)
        os.close(self._file)
