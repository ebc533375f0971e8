"""Reads a job's input: JSON lines, split only at byte 0x0A. An invalid line is reported with its number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any


class DataError(ValueError):
    """Invalid input, described in one line that names the file, the line and the field."""


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yields (line number from 1, object) for each line.

    Raises DataError on the first invalid line: a job trains on the whole file or not at all.
    """
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
            except ValueError as error:
                raise DataError(f"{path.name}:{number}: not JSON: {error}") from None
            if not isinstance(row, dict):
                raise DataError(f"{path.name}:{number}: expected an object")
            yield number, row


def text_of(row: dict[str, Any], field: str, path: Path, number: int) -> str:
    """Returns a required text field. Raises DataError if it is missing, empty or not a string."""
    value = row.get(field)
    if not isinstance(value, str) or value == "":
        raise DataError(f"{path.name}:{number}: {field}: expected text")
    return value
