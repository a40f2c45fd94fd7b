"""The files of a source are found, told apart by their content, and known again by it."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import lzma
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from foretell.customer_log.files.foreign_files import FOREIGN
from foretell.customer_log.files.source_files import prefix_fingerprint, read_block, read_head, source_files
from foretell.project.errors import InputError

TEXT = b"customer,amount\nC1,5\n"
PACKED: dict[str, Callable[[bytes], bytes]] = {"gz": gzip.compress, "bz2": bz2.compress, "xz": lzma.compress}
Write = Callable[..., Path]


def refused(*given: Path | str) -> InputError:
    with pytest.raises(InputError) as error:
        source_files(given)
    return error.value


def test_a_folder_gives_its_files_by_name_without_the_hidden_ones(write: Write, tmp_path: Path) -> None:
    for name in ("b/2.csv", "a/3.csv", "1.csv", ".hidden", ".git/4.csv", "~$5.csv", "_SUCCESS"):
        write(TEXT, name)
    names = ["1.csv", "2.csv", "3.csv"]
    assert [file.name for file in source_files([tmp_path])] == names
    assert [file.name for file in source_files([tmp_path / "a", tmp_path / "1.csv", f"{tmp_path}/**/?.csv"])] == names
    assert [file.name for file in source_files(str(tmp_path / "1.csv"))] == ["1.csv"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [(TEXT, "csv"), (b'\xef\xbb\xbf {"a": 1}', "json_lines"), (b"PAR1rest", "parquet"),
     (b"\xd0\xcf\x11\xe0rest", "excel"), (b"[7],8\n", "csv")],
)  # fmt: skip
def test_the_format_is_told_by_the_content(write: Write, content: bytes, kind: str) -> None:
    (file,) = source_files([write(content, "orders.dat")])
    assert (file.format, file.packing, file.size) == (kind, "", len(content))
    assert file.can_grow == (kind in ("csv", "json_lines"))


@pytest.mark.parametrize("packing", PACKED)
def test_a_packed_file_is_told_by_what_is_in_it(write: Write, packing: str) -> None:
    (file,) = source_files([write(PACKED[packing](b'{"a": 1}'), "orders")])
    assert (file.format, file.packing, file.can_grow) == ("json_lines", packing, False)
    assert read_head(file, 4) == b'{"a"'
    with file.open() as stream:
        assert read_block(file, stream, 99) == b'{"a": 1}'


@pytest.mark.parametrize("packing", PACKED)
def test_an_archive_that_is_cut_off_is_refused(write: Write, packing: str) -> None:
    whole = PACKED[packing](bytes(range(256)) * 200)
    assert refused(write(whole[: len(whole) // 2])).what in ("The archive is cut off.", "The file cannot be read.")


def test_files_of_other_kinds_are_refused_with_what_to_do(write: Write) -> None:
    for magic, (kind, hint) in FOREIGN.items():
        error = refused(write(magic + b"rest of the file"))
        assert (error.what, error.hint) == (f"This is {kind}.", hint)
    assert refused(write(b'[ {"a": 1}]')).what == "This is one JSON list."
    assert refused(write(b"\n<!DOCTYPE html>")).what == "This is a web page or XML."
    assert refused(write(b"PK\x03\x04rest")).what == "The Excel or zip file is damaged or cut off."
    assert refused(write(b" \r\n")).what == "The file is empty."
    assert refused(write(b"\0\0\0")).what == "The file holds nothing but zero bytes."


def test_a_zip_archive_is_a_workbook_by_what_is_in_it(write: Write, tmp_path: Path) -> None:
    path = tmp_path / "orders.zip"
    for name, is_one in (("xl/workbook.xml", True), ("content.xml", True), ("orders.csv", False)):
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(name, "")
        if is_one:
            assert source_files([path])[0].format == "excel"
        else:
            assert (refused(path).what, refused(path).found) == ("This is a zip archive.", "orders.csv")


def test_what_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refused().what == "No file was given."
    assert refused(tmp_path).what == "The folder holds no files."
    assert refused(tmp_path / "orders.csv").what == "The file does not exist."
    assert refused(f"{tmp_path}/*.csv").what == "No file fits the pattern."


def test_a_file_is_known_by_its_first_bytes(write: Write) -> None:
    path = write(TEXT)
    (file,) = source_files([path])
    assert file.fingerprint() == prefix_fingerprint(path, 10**9) == hashlib.sha256(TEXT).hexdigest()[:16]
    path.write_bytes(TEXT + b"C2,6\n")
    assert file.fingerprint() == prefix_fingerprint(path, len(TEXT)) == hashlib.sha256(TEXT).hexdigest()[:16]
    assert source_files([path])[0].fingerprint() != file.fingerprint()
    with pytest.raises(InputError, match="The file cannot be opened"):
        prefix_fingerprint(path.parent, 1)
