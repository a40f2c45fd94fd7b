"""Files written aside and renamed, so that nothing is ever half-written."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

from foretell.project.errors import InputError

Writer = Callable[[Path], None]


def all_written(folder: Path, writers: Mapping[str, Writer]) -> dict[str, Path]:
    """Write each file aside, then rename them all; gives name to path. InputError where that cannot be done."""
    asides = {folder / name: folder / f".{name}.{uuid.uuid4().hex[:8]}.part" for name in writers}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for aside, write in zip(asides.values(), writers.values(), strict=True):
            write(aside)
        for path, aside in asides.items():
            os.replace(aside, path)
    except OSError as error:
        raise InputError(
            "The results cannot be written.",
            file=str(folder),
            found=str(error),
            hint="is the disk full, or the folder read-only?",
        ) from error
    finally:
        for aside in asides.values():
            with suppress(OSError):
                aside.unlink(missing_ok=True)
    return {path.name: path for path in asides}


def text_writer(text: str) -> Writer:
    """Writes the text in UTF-8."""

    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    return write
