"""The files of a source: which there are, what each is made of, and by what content it is known again."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO, Literal, cast

from foretell.customer_log.databases.relation import Relation, Since
from foretell.customer_log.files.folder_contents import READABLE, paths_behind
from foretell.customer_log.files.foreign_files import FOREIGN
from foretell.project.errors import InputError
from foretell.project.fingerprints import fingerprint

Format = Literal["csv", "parquet", "json_lines", "excel", "database"]
Packing = Literal["gz", "bz2", "xz", ""]

FRAME = "the frame"
"""The name of the file that keeps a frame."""


@dataclass(frozen=True)
class SourceFile:
    """A file of a source, its format told from its content.

    `name` is how people know it, `packing` the compression ("" for none). Reading begins at
    `skip_bytes`: what lies before was read by an earlier load (delimited text and JSON lines only). `sheet` is the one
    that is to be read of a workbook ("": those that hold the table); `day_column` counts days, of which day 1 is
    `first_day` (ISO); with `count_visits` each row counts as 1. `beside` tells what was passed over in its folder.

    A table or query of a database is one too: a `relation`, with what its content is `told` by; the column that grows
    has come up to `until`, and only the rows `since` an earlier load are read, where there was one.
    """

    path: Path
    name: str
    format: Format
    packing: Packing = ""
    size: int = 0
    skip_bytes: int = 0
    sheet: str = ""
    day_column: str = ""
    first_day: str = ""
    count_visits: bool = False
    beside: tuple[str, ...] = ()
    relation: Relation | None = None
    told: tuple[str, ...] = ()
    until: str = ""
    since: Since | None = None

    @property
    def source(self) -> str:
        """What tells it from every other file; no secret is in it."""
        return self.relation.source if self.relation else str(self.path.resolve())

    @property
    def changed_at(self) -> int:
        """When it was written last (nanoseconds); 0 for a relation."""
        return 0 if self.relation else self.path.stat().st_mtime_ns

    @property
    def is_frame(self) -> bool:
        """Whether it keeps a frame, which takes the place of the one before."""
        return self.path.name == FRAME

    @property
    def can_grow(self) -> bool:
        """Whether more can be added behind the old part, so that only the new part need be read."""
        return self.format in ("csv", "json_lines") and not self.packing

    def fingerprint(self) -> str:
        """Sixteen hex digits of the SHA-256 of the content and of how it is to be read: a load is known by it."""
        content = fingerprint(self.told) if self.relation else prefix_fingerprint(self.path, self.size)
        read = (self.sheet, self.day_column, self.first_day, self.count_visits)
        return hashlib.sha256(repr((content, *read)).encode()).hexdigest()[:16] if any(read) else content

    def open(self) -> BinaryIO:
        """The unpacked bytes; of a file that can grow those that were there when it was looked at."""
        match self.packing:
            case "gz":
                return cast("BinaryIO", gzip.open(self.path, "rb"))
            case "bz2":
                return cast("BinaryIO", bz2.open(self.path, "rb"))
            case "xz":
                return cast("BinaryIO", lzma.open(self.path, "rb"))
            case _:
                stream = self.path.open("rb")
                return cast("BinaryIO", UpTo(stream, self.size)) if self.can_grow and self.size else stream


class UpTo(io.RawIOBase):
    """The first bytes of a stream, as if there were no others: a file may grow while it is read."""

    def __init__(self, stream: BinaryIO, size: int) -> None:
        self._stream, self._left = stream, size

    def read(self, size: int | None = -1) -> bytes:
        wanted = self._left if size is None or size < 0 else min(size, self._left)
        found = self._stream.read(wanted)
        self._left -= len(found)
        return found

    def close(self) -> None:
        self._stream.close()
        super().close()


def source_files(paths: Sequence[str | Path]) -> list[SourceFile]:
    """The files behind paths, each a file, a pattern such as `orders/*.csv` or a folder, sorted by name.

    Hidden files are left out, a file named twice is taken once; what else lies in a folder and is no table, or the
    result of a run, is passed over, which the first file tells. Raises InputError for a path that does
    not exist, a folder or pattern without files, an empty file, and a file of another kind.
    """
    if isinstance(paths, str | Path):
        paths = [paths]
    found: dict[Path, SourceFile] = {}
    beside: list[str] = []
    for given in paths:
        for path in paths_behind(given, beside):
            found.setdefault(path.resolve(), _told(path))
    if not found:
        raise InputError("No file was given.", expected=READABLE, hint="foretell init orders.csv")
    first, *rest = sorted(found.values(), key=lambda file: (file.name, str(file.path)))
    return [replace(first, beside=tuple(beside)), *rest]


def prefix_fingerprint(path: str | Path, size: int) -> str:
    """Sixteen hex digits of the SHA-256 of the first `size` bytes of a file (all of it where it is shorter)."""
    digest = hashlib.sha256()
    with open_file(Path(path)) as stream:
        left = size
        while left > 0 and (block := stream.read(min(left, 1 << 20))):
            digest.update(block)
            left -= len(block)
    return digest.hexdigest()[:16]


def open_file(path: Path) -> BinaryIO:
    """The bytes of a file; InputError where it cannot be opened."""
    try:
        return path.open("rb")
    except OSError as error:
        raise InputError("The file cannot be opened.", file=str(path), found=error.strerror or str(error)) from None


def _told(path: Path) -> SourceFile:
    with open_file(path) as stream:
        head = stream.read(8192)
    size = path.stat().st_size
    packing: Packing = ""
    if head.startswith(b"\x1f\x8b"):
        packing = "gz"
    elif head.startswith(b"BZh"):
        packing = "bz2"
    elif head.startswith(b"\xfd7zXZ\x00"):
        packing = "xz"
    file = SourceFile(path, path.name, "csv", packing, size)
    if packing:
        head = read_head(file, 8192)
    return SourceFile(path, path.name, _format_of(file, head), packing, size)


def read_head(file: SourceFile, size: int) -> bytes:
    """The first `size` unpacked bytes; InputError where the archive is damaged."""
    with file.open() as stream:
        return read_block(file, stream, size)


def read_block(file: SourceFile, stream: BinaryIO, size: int) -> bytes:
    """Up to `size` unpacked bytes; InputError where the archive is damaged or cut off."""
    try:
        return stream.read(size)
    except EOFError:
        raise InputError(
            "The archive is cut off.", file=str(file.path), hint="copy or download the file once more"
        ) from None
    except Exception as error:
        raise InputError(
            "The file cannot be read.", file=str(file.path), found=str(error), hint="copy or download it once more"
        ) from None


def _format_of(file: SourceFile, head: bytes) -> Format:
    if not head.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        what = "The file holds nothing but zero bytes." if b"\x00" in head else "The file is empty."
        raise InputError(what, file=str(file.path), expected="a header and at least one row")
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK\x03\x04"):
        return _excel_or_refused(file)
    if head.startswith(b"\xd0\xcf\x11\xe0"):
        return "excel"
    for magic, (kind, hint) in FOREIGN.items():
        if head.startswith(magic):
            raise InputError(f"This is {kind}.", file=str(file.path), expected=READABLE, hint=hint)
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith(b"{"):
        return "json_lines"
    if start.startswith(b"[") and start[1:].lstrip()[:1] in (b"{", b"["):
        raise InputError(
            "This is one JSON list.",
            file=str(file.path),
            expected="JSON lines: one object on each line",
            hint=f"jq -c '.[]' {file.name} > orders.jsonl",
        )
    if start[:200].lower().startswith((b"<!doctype", b"<html", b"<?xml", b"<table")):
        raise InputError(
            "This is a web page or XML.",
            file=str(file.path),
            expected=READABLE,
            hint="export the table as CSV or Excel",
        )
    return "csv"


def _excel_or_refused(file: SourceFile) -> Format:
    try:
        with file.open() as stream:
            names = zipfile.ZipFile(io.BytesIO(stream.read()) if file.packing else file.path).namelist()
    except (zipfile.BadZipFile, OSError, EOFError):
        raise InputError(
            "The Excel or zip file is damaged or cut off.", file=str(file.path), hint="copy or download it once more"
        ) from None
    if any(name.startswith("xl/") for name in names) or "content.xml" in names:
        return "excel"
    raise InputError(
        "This is a zip archive.",
        file=str(file.path),
        found=", ".join(names[:5]),
        expected=READABLE,
        hint="unpack it and give the files in it",
    )
