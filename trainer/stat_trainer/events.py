"""The job folder's append-only event log, heartbeat and exit file: what the other side reads, whatever ssh says."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any


def _plain(value: Any) -> Any:
    """Numbers JSON can hold: NaN and infinities become null."""
    if isinstance(value, float) and (value != value or value in (float("inf"), float("-inf"))):
        return None
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return value


class Events:
    """Writes FOLDER/events.jsonl, one object a line, each line in one write; touches FOLDER/heartbeat every few seconds.

    A log that ends in the middle of a line (the trainer was killed while writing) is closed with a newline first, so
    that readers lose that line only. A file FOLDER/cancelled ends the job as a SIGTERM would: it reaches a trainer on
    another node over the shared file system, whatever the scheduler does. Of several processes the first alone `writes`.
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
        """Appends one event with the time (UTC, ISO 8601) and its kind. What a full disk does not take is lost, the training
        goes on: the next event closes the line that was torn."""
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
                pass  # a full disk must not end the training; the next beat may come through
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
