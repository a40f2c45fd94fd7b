from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from foretell.customer_log.files.source_files import SourceFile, source_files
from foretell.customer_log.manifest import Load
from foretell.customer_log.versions.growth import is_grown_from, is_known
from foretell.project.fingerprints import fingerprint


def load_of(file: SourceFile) -> Load:
    return Load(fingerprint([file.fingerprint(), "read"]), str(file.path), "read", file.size, number=1)


@pytest.mark.parametrize(
    ("begin", "whole", "is_grown"),
    [
        ("a,b\n1,2\n", "a,b\n1,2\n3,4\n", True),
        ("a,b\n1,2\n", "a,b\n1,9\n3,4\n", False),
        ("a,b\n1,2", "a,b\n1,2\n3,4\n", False),
        ('a,b\n1,"x\n', 'a,b\n1,"x\ny"\n', False),
        ('a,b\n1,"x\ny"\n', 'a,b\n1,"x\ny"\n2,z\n', True),
        ("a,b\n1,2\n", "a,b\n1,2\n", False),
    ],
)
def test_a_file_has_grown_where_whole_rows_came_behind(tmp_path: Path, begin: str, whole: str, is_grown: bool) -> None:
    path = tmp_path / "a.csv"
    path.write_text(begin)
    kept = load_of(source_files([path])[0])
    path.write_text(whole)
    assert is_grown_from(source_files([path])[0], kept) is is_grown


def test_content_is_known_unless_the_file_held_something_else_since(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n")
    load = load_of(source_files([path])[0])
    later = replace(load, load="other", number=2)
    assert is_known(load, [load])
    assert not is_known(load, [load, later])
    assert is_known(replace(load, source="/copy.csv"), [load, later])
    assert not is_known(load, [later])
