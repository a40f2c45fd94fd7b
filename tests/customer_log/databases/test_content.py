"""The digest of files."""

from __future__ import annotations

from pathlib import Path

from foretell.customer_log.databases.content import digest_of_files


def test_bytes_count_and_files_that_are_not_there_do_not(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    paths = [tmp_path / "a", tmp_path / "a-wal"]
    before = digest_of_files(paths)
    assert digest_of_files(paths[:1]) == before
    (tmp_path / "a-wal").write_bytes(b"")
    with_another = digest_of_files(paths)
    (tmp_path / "a").write_bytes(b"2")
    assert len({before, with_another, digest_of_files(paths)}) == 3
