"""Reading a job's input: JSON lines split on 0x0A alone, bad lines named."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Iterator


class DataError(ValueError):
    """One line that names file, line and field."""


def read_lines(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line number from 1, object) of each line. Raises DataError on the first bad one: a job trains on all or nothing."""
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
    """A string field that is there. Raises DataError."""
    value = row.get(field)
    if not isinstance(value, str) or value == "":
        raise DataError(f"{path.name}:{number}: {field}: expected text")
    return value
