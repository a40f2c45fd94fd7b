"""Growth: whether a file is an earlier one with more behind it, so that only the new part need be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from foretell.customer_log.files.source_files import SourceFile, open_file, prefix_fingerprint
from foretell.customer_log.manifest import Load
from foretell.customer_log.versions.holders import newest_of_each
from foretell.project.fingerprints import fingerprint

QUOTE = b'"'
BLOCK_BYTES = 1 << 20


def is_known(load: Load, kept: Sequence[Load]) -> bool:
    """Whether a file holds what was read already: as the newest state of that file, or under another name."""
    same = [one for one in kept if one.load == load.load]
    return any(one.source != load.source or one == newest_of_each(kept)[load.source] for one in same)


def is_grown_from(file: SourceFile, kept: Load) -> bool:
    """Whether what a load read is the beginning of the file, up to the end of a row."""
    if not file.can_grow or kept.bytes >= file.size or not kept.bytes:
        return False
    if fingerprint([prefix_fingerprint(file.path, kept.bytes), kept.reading]) != kept.load:
        return False
    return _ends_row(file, kept.bytes)


def _ends_row(file: SourceFile, size: int) -> bool:
    """Whether a row ends there: a line does, and every quote before it is closed."""
    quotes, last = 0, b""
    for block in _blocks(file, size):
        quotes, last = quotes + block.count(QUOTE), block[-1:]
    return last == b"\n" and (file.format != "csv" or quotes % 2 == 0)


def _blocks(file: SourceFile, size: int) -> Iterator[bytes]:
    with open_file(file.path) as stream:
        while size > 0 and (block := stream.read(min(size, BLOCK_BYTES))):
            size -= len(block)
            yield block
