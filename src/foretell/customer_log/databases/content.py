"""What tells the content of files: their bytes, or, where they lie far away, their names, sizes and times."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from pathlib import Path

BLOCK_BYTES = 1 << 20


def digest_of_files(paths: Iterable[Path]) -> str:
    """The SHA-256 of the bytes of those files that are there, as hex digits."""
    digest = hashlib.sha256()
    for path in paths:
        if path.is_file():
            digest.update(path.name.encode() + b"\0")
            with path.open("rb") as stream:
                while block := stream.read(BLOCK_BYTES):
                    digest.update(block)
    return digest.hexdigest()
