"""Laws of the house: small files and folders, mirror tests for modules that do something, words for features."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from foretell.features import FEATURES
from foretell.features.themes import THEMES, theme_in_words
from foretell.words.reasons import Fact, Reason, Told

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "foretell"
MODULES = sorted(path for path in SOURCE.rglob("*.py") if path.stem not in ("__init__", "__main__"))
LONGEST_FILE, FULLEST_FOLDER = 250, 15
COMMANDS = SOURCE / "cli"
"""Commands are opened as doors; the demo where the README is compared with what it prints."""


def functions(path: Path) -> Iterator[ast.FunctionDef]:
    """The functions and methods of a module that do more than declare themselves."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            body = [
                line for line in node.body if not (isinstance(line, ast.Expr) and isinstance(line.value, ast.Constant))
            ]
            if body:
                yield node


def test_files_are_short_and_folders_small() -> None:
    long = {
        str(path.relative_to(SOURCE)): n
        for path in MODULES
        if (n := len(path.read_text("utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long
    everything = [path for part in ("src", "bench", "tests") for path in (ROOT / part).rglob("*.py")]
    everything = [path for path in everything if ROOT / "bench" / "cache" not in path.parents]
    files = Counter(path.parent for path in everything if path.name != "__init__.py")
    assert {str(folder.relative_to(ROOT)): n for folder, n in files.items() if n > FULLEST_FOLDER} == {}


def test_every_module_that_does_something_has_its_mirror_test() -> None:
    missing = []
    for path in MODULES:
        if path.parent == COMMANDS or not any(functions(path)):
            continue
        mirror = ROOT / "tests" / path.relative_to(SOURCE).parent / f"test_{path.stem}.py"
        if not mirror.is_file() or "def test_" not in mirror.read_text(encoding="utf-8"):
            missing.append(str(path.relative_to(SOURCE)))
    assert missing == []


def test_every_command_is_opened_as_a_door() -> None:
    doors = [path for part in ("doors", "cli") for path in (ROOT / "tests" / part).rglob("test_*.py")]
    opened = "".join(path.read_text(encoding="utf-8") for path in doors)
    commands = [path.stem for path in COMMANDS.glob("*.py") if path.stem not in ("__init__", "main", "options", "demo")]
    assert [name for name in commands if not re.search(rf"[\"'\s]{name}\b", opened)] == []


@pytest.mark.parametrize("name", sorted(FEATURES))
def test_every_feature_has_words_of_its_own_and_a_theme_that_is_known(name: str) -> None:
    words = FEATURES[name].words
    assert words.theme in THEMES
    assert len({words.more, words.less, ""}) == 3
    assert "_" not in words.more + words.less
    assert theme_in_words(words.theme)


@pytest.mark.parametrize("theme", sorted(THEMES))
def test_every_theme_yields_a_sentence(theme: str) -> None:
    own = [feature for feature in FEATURES.values() if feature.words.theme == theme and feature.words.says]
    assert own
    told = Told(lambda name: FEATURES[name].unit, lambda name: FEATURES[name].words, "GBP")
    feature = own[0]
    fact = Fact(feature.name, 3.0, dict.fromkeys(feature.words.told, 30.0), 1.0, "a word")
    sentence = told.reason(Reason(1, theme, (fact,)))
    assert sentence.startswith("likelier: ")
    assert not re.search(r"[{}_]|nan", sentence)
