"""What holds for every file: names that say something, a length one can read, a docstring, no stray address."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import warnings
from pathlib import Path

import pytest

import foretell

SOURCE = Path(foretell.__file__).parent
ROOT = SOURCE.parents[1]
MODULES = {str(path.relative_to(SOURCE)): path for path in sorted(SOURCE.rglob("*.py"))}

LONG, TOO_LONG = 250, 320
SAY_NOTHING = {"util", "utils", "common", "base", "core", "helper", "helpers", "misc", "manager", "managers"}
REGISTRY_HOST = re.compile(r"pypi\.|pythonhosted|--(extra-)?index-url|--find-links|file://", re.IGNORECASE)
LARGEST_FILE_BYTES = 2_500_000


def public_without_docstring(module: Path) -> list[str]:
    """Public functions and classes of a module that say nothing about themselves.

    Methods answer to their class: a property or a method named by a protocol may speak for itself.
    """
    tree = ast.parse(module.read_text(encoding="utf-8"))
    definitions = [node for node in tree.body if isinstance(node, ast.FunctionDef | ast.ClassDef)]
    return [node.name for node in definitions if not node.name.startswith("_") and not ast.get_docstring(node)]


@pytest.mark.parametrize("module", MODULES)
def test_names_say_something(module: str) -> None:
    words = re.split(r"[/_.]", module.lower())
    assert not SAY_NOTHING & set(words)


@pytest.mark.parametrize("module", MODULES)
def test_a_file_can_be_read_at_once(module: str) -> None:
    lines = len(MODULES[module].read_text(encoding="utf-8").splitlines())
    if lines > LONG:
        warnings.warn(f"{module} has {lines} lines: is it still one noun?", stacklevel=1)
    assert lines <= TOO_LONG


@pytest.mark.parametrize("module", MODULES)
def test_what_is_public_is_explained(module: str) -> None:
    assert public_without_docstring(MODULES[module]) == []


@pytest.mark.parametrize("module", [name for name, path in MODULES.items() if path.stat().st_size])
def test_every_module_begins_with_its_purpose(module: str) -> None:
    assert ast.get_docstring(ast.parse(MODULES[module].read_text(encoding="utf-8")))


def test_the_docstring_law_finds_a_silent_function(tmp_path: Path) -> None:
    silent = tmp_path / "silent.py"
    silent.write_text("def spoken():\n    'Says so.'\ndef silent(): ...\ndef _own(): ...\nclass Mute: ...\n")
    assert public_without_docstring(silent) == ["silent", "Mute"]


def tracked() -> list[Path]:
    """The files that git knows."""
    listing = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    return [ROOT / name for name in listing.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_nothing_names_a_package_registry() -> None:
    texts = [path for path in tracked() if path.suffix not in {".parquet", ".png", ".xlsx"} and path != Path(__file__)]
    named = [str(path.relative_to(ROOT)) for path in texts if REGISTRY_HOST.search(path.read_text(errors="replace"))]
    assert named == []


def test_every_locked_package_has_its_hashes() -> None:
    for lock in ("run", "dev"):
        blocks = re.split(r"\n(?=\S)", (ROOT / "requirements" / f"{lock}.txt").read_text().strip())
        assert all(re.match(r"[\w.-]+==\S+[^\n]*\\\n +--hash=sha256:[0-9a-f]{64}", block) for block in blocks)


def test_both_locks_agree() -> None:
    run, dev = (
        set(re.findall(r"^[\w.-]+==.*?(?= \\)", (ROOT / "requirements" / f"{lock}.txt").read_text(), re.MULTILINE))
        for lock in ("run", "dev")
    )
    assert run <= dev


def test_nothing_large_is_kept_in_git() -> None:
    assert [path.name for path in tracked() if path.stat().st_size > LARGEST_FILE_BYTES] == []


NEEDS_CHROMIUM = """
import pytest
@pytest.mark.outside("chromium")
def test_page(): ...
def test_other(): ...
"""


def closing_lines(folder: Path, **environment: str) -> tuple[int, list[str]]:
    """The exit code and the output of a run of one test that needs Chromium and one that needs nothing, without it."""
    text = (ROOT / "tests" / "conftest.py").read_text()
    (folder / "conftest.py").write_text(re.sub(r"^pytest_plugins = .*$", "", text, flags=re.MULTILINE))
    (folder / "test_pages.py").write_text(NEEDS_CHROMIUM)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n2", "-p", "no:cacheprovider", str(folder)],
        cwd=folder,
        env={"PATH": str(folder), "HOME": str(folder), **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout.splitlines()


def test_a_missing_part_is_left_out_and_said_last(tmp_path: Path) -> None:
    code, lines = closing_lines(tmp_path)
    assert code == 0
    assert lines[-2].startswith("1 passed, 1 skipped")
    assert lines[-1] == "Left out: 1 test, which needs chromium. To run it: sudo apt-get install chromium"


def test_a_missing_part_fails_on_the_build_server(tmp_path: Path) -> None:
    code, lines = closing_lines(tmp_path, CI="true")
    assert code == 1
    assert lines[-1].startswith("1 passed, 1 error")
