"""A frame is kept as one file, which the next one replaces; a refused run leaves nothing, and names no path of ours."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.customer_log.files.source_files import FRAME
from foretell.pipeline.intake.frames import files_of, frame_folder
from foretell.project.errors import InputError

ROWS = {"customer": ["a", "b"], "amount": [1.5, -2.0]}


@pytest.mark.parametrize("frame", [pd.DataFrame(ROWS), pl.DataFrame(ROWS), pa.table(ROWS)])
def test_every_kind_of_frame_is_kept_row_by_row(frame: object, tmp_path: Path) -> None:
    [path] = files_of(frame, tmp_path / "new")
    assert path == tmp_path / "new" / FRAME
    assert pq.read_table(path).to_pydict() == ROWS
    assert [found.name for found in path.parent.iterdir()] == [FRAME]


def test_the_next_frame_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    files_of(pa.table(ROWS), tmp_path)
    [path] = files_of(pa.table({"customer": ["c"]}), tmp_path)
    assert pq.read_table(path).to_pydict() == {"customer": ["c"]}


def test_paths_stay_as_they_are(tmp_path: Path) -> None:
    assert files_of("a.csv", tmp_path) == [Path("a.csv")]
    assert files_of(["a.csv", Path("b.csv")], tmp_path) == [Path("a.csv"), Path("b.csv")]


def test_what_is_neither_is_refused_by_its_type(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        files_of(3.5, tmp_path)
    assert (error.value.found, error.value.hint) == ("float", "collect a lazy frame first")


def refused(folder: Path, begun: bool) -> None:
    """A run on a frame that is refused, perhaps after a log was begun."""
    with frame_folder(folder):
        [path] = files_of(pa.table(ROWS), folder)
        if begun:
            (folder / "manifest.sqlite").touch()
        raise InputError("The rows cannot be used.", file=str(path))


def test_a_refused_run_leaves_nothing_and_speaks_of_the_frame_alone(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        refused(tmp_path / "out" / ".foretell", begun=False)
    assert error.value.file == FRAME
    assert list(tmp_path.iterdir()) == []


def test_a_log_that_was_begun_stays(tmp_path: Path) -> None:
    with pytest.raises(InputError):
        refused(tmp_path, begun=True)
    assert {path.name for path in tmp_path.iterdir()} == {FRAME, "manifest.sqlite"}
