from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from foretell.customer_log.manifest import Load, Manifest, StoredFile

FIRST, SECOND = Load("a1", "/a.csv", "as it is", 10, 3, 2, 1, 0), Load("b2", "/b.csv", "as it is", 20)


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    return Manifest(tmp_path / "manifest.sqlite")


def file(load: Load, bucket: int = 0, kind: str = "orders") -> StoredFile:
    return StoredFile(f"loads/{load.load}/{kind}-{bucket}.parquet", load.load, kind, bucket, 5, "digest")


def test_a_load_counts_with_its_files(manifest: Manifest) -> None:
    manifest.add(SECOND, [file(SECOND)])
    manifest.add(FIRST, [file(FIRST), file(FIRST, 1), file(FIRST, 0, "order_lines")])
    again = Manifest(manifest.path)
    assert again.loads() == [FIRST, SECOND]
    assert again.files("orders", 0) == [file(FIRST), file(SECOND)]
    assert again.files("orders") == [file(FIRST), file(FIRST, 1), file(SECOND)]


def test_the_first_setting_stays(manifest: Manifest) -> None:
    assert manifest.setting("buckets", "8") == "8"
    assert Manifest(manifest.path).setting("buckets", "2") == "8"


def test_a_retired_load_counts_no_more(manifest: Manifest) -> None:
    manifest.add(FIRST, [file(FIRST)])
    assert manifest.add(SECOND, [file(SECOND)], retired=[FIRST.load]) == [file(FIRST).path]
    assert manifest.loads() == [SECOND]
    assert manifest.retire([SECOND.load, "unknown"]) == [file(SECOND).path]
    assert manifest.files("orders") == []


def test_a_file_that_is_there_already_changes_nothing(manifest: Manifest) -> None:
    manifest.add(FIRST, [file(FIRST)])
    manifest.add(SECOND, [file(SECOND)])
    with pytest.raises(sqlite3.IntegrityError):
        manifest.add(replace(FIRST, number=3), [file(FIRST)], retired=[SECOND.load])
    assert manifest.loads() == [FIRST, SECOND]
    assert manifest.files("orders") == [file(FIRST), file(SECOND)]


def test_content_that_comes_again_is_the_newest_load_and_its_old_files_stay(manifest: Manifest) -> None:
    manifest.add(FIRST, [file(FIRST)])
    manifest.add(replace(FIRST, number=3), [file(FIRST, 1)])
    assert manifest.loads() == [replace(FIRST, number=3)]
    assert manifest.files("orders") == [file(FIRST), file(FIRST, 1)]


def test_files_take_the_place_of_others_with_what_is_said_of_loads_and_settings(manifest: Manifest) -> None:
    manifest.add(FIRST, [file(FIRST)])
    manifest.setting("missing", "0")
    gone = manifest.settle([replace(FIRST, gone=2)], [file(FIRST, 1)], [file(FIRST).path], {"missing": "2"})
    assert gone == [file(FIRST).path]
    assert manifest.loads() == [replace(FIRST, gone=2)]
    assert manifest.files() == [file(FIRST, 1)]
    assert manifest.settings() == {"missing": "2"}
