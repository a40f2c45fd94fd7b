"""Files appear whole or not at all, and whatever failed leaves what was there before."""

from __future__ import annotations

from pathlib import Path

import pytest

from foretell.project.errors import InputError
from foretell.storage.written_aside import all_written, text_writer


def full_disk(path: Path) -> None:
    path.write_text("half")
    raise OSError("No space left on device")


def broken(path: Path) -> None:
    path.write_text("half")
    raise RuntimeError("a mistake in the writer")


@pytest.mark.parametrize("text", ["", "a\nb\n", "é € 😀", "\ufeffmarked"])
def test_a_text_is_written_in_utf_8(text: str, tmp_path: Path) -> None:
    text_writer(text)(tmp_path / "told.txt")
    assert (tmp_path / "told.txt").read_bytes() == text.encode()


def test_all_files_are_there_and_nothing_else(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    found = all_written(folder, {"one.txt": text_writer("é"), "two.txt": text_writer("")})
    assert found == {"one.txt": folder / "one.txt", "two.txt": folder / "two.txt"}
    assert (folder / "one.txt").read_bytes() == "é".encode()
    assert {path.name for path in folder.iterdir()} == {"one.txt", "two.txt"}
    assert all_written(folder, {}) == {}


def test_an_older_file_is_replaced(tmp_path: Path) -> None:
    for text in ("old and long", "new"):
        all_written(tmp_path, {"told.txt": text_writer(text)})
    assert (tmp_path / "told.txt").read_text() == "new"


def test_a_full_disk_is_told_and_leaves_the_old_files(tmp_path: Path) -> None:
    all_written(tmp_path, {"one.txt": text_writer("old")})
    with pytest.raises(InputError, match="The results cannot be written") as refused:
        all_written(tmp_path, {"one.txt": text_writer("new"), "two.txt": full_disk})
    assert (refused.value.file, refused.value.found) == (str(tmp_path), "No space left on device")
    assert refused.value.hint == "is the disk full, or the folder read-only?"
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("one.txt", "old")]


def test_a_mistake_in_a_writer_stays_one_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="mistake"):
        all_written(tmp_path, {"one.txt": text_writer("new"), "two.txt": broken})
    assert not list(tmp_path.iterdir())


def test_a_file_where_the_folder_should_be_is_refused(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("")
    with pytest.raises(InputError, match="The results cannot be written"):
        all_written(tmp_path / "out", {"one.txt": text_writer("")})
