"""Frames as sources: a pandas, polars or Arrow table is kept as a file, and read as any other file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import narwhals.stable.v2 as nw
import pyarrow.parquet as pq

from foretell.customer_log.files.source_files import FRAME
from foretell.project.errors import InputError


def files_of(source: Any, folder: Path) -> list[Path]:
    """The files that a source names, or the file that holds a frame from now on; InputError where it is neither."""
    if isinstance(source, str | Path):
        return [Path(source)]
    if isinstance(source, Sequence):
        return [Path(path) for path in source]
    try:
        table = nw.from_native(source, eager_only=True).to_arrow()
    except TypeError:
        raise InputError(
            "The source cannot be read.",
            found=type(source).__name__,
            expected="a file, a list of files, or a pandas, polars or Arrow table",
            hint="collect a lazy frame first",
        ) from None
    aside, path = folder / f".{FRAME}.part", folder / FRAME
    try:
        folder.mkdir(parents=True, exist_ok=True)
        pq.write_table(table, aside)
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise InputError(
            "The frame cannot be kept for the run.", file=str(folder), found=str(error), hint="is the disk full?"
        ) from error
    return [path]


@contextmanager
def frame_folder(folder: Path) -> Iterator[Path]:
    """The folder that a frame is kept in: beside the log, so that the next frame for the same results takes its place
    and `foretell score` finds it. An error about it names the frame alone; a run refused at once leaves nothing."""
    new = [part for part in (folder, folder.parent) if not part.exists()]
    try:
        yield folder
    except InputError as error:
        if (folder / FRAME).exists() and folder in new and not (folder / "manifest.sqlite").exists():
            shutil.rmtree(folder)
            if folder.parent in new and not any(folder.parent.iterdir()):
                folder.parent.rmdir()
        told = {name: value for name, value in vars(error).items() if isinstance(value, str)}
        for named in (folder.resolve(), folder):
            told = {name: value.replace(f"{named / FRAME}", FRAME) for name, value in told.items()}
        raise replace(error, **told) from None  # type: ignore[arg-type]
