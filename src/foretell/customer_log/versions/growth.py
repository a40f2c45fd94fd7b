"""Growth: whether a file is an earlier one with more behind it, so that only the new part need be read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from foretell.customer_log.databases.relation import Since
from foretell.customer_log.files.source_files import SourceFile, open_file, prefix_fingerprint
from foretell.customer_log.manifest import Load
from foretell.customer_log.versions.holders import newest_of_each
from foretell.project.fingerprints import fingerprint

QUOTE = b'"'
BLOCK_BYTES = 1 << 20
READ_UNTIL = "read until: "
"""Settings of the manifest, by load: how far the column had come by which a relation grows."""


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


def rest_of(file: SourceFile, before: Sequence[Load], settings: Mapping[str, str]) -> tuple[SourceFile, Load | None]:
    """The file as far as it was not read by one of the loads `before`, and the load that it goes on from; all of it,
    and None, where there is none. A relation goes on from the last load of it whose end the `settings` tell."""
    if file.until:
        known = [one for one in before if one.source == file.source and READ_UNTIL + one.load in settings]
        last = max(known, key=lambda one: one.number, default=None)
        after = settings[READ_UNTIL + last.load] if last else ""
        return replace(file, since=Since(after, file.until)), last
    begin = max((one for one in before if is_grown_from(file, one)), key=lambda one: one.bytes, default=None)
    return replace(file, skip_bytes=begin.bytes if begin else 0), begin


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
