"""`foretell check leakage` on a user's own files and features."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from foretell.features import FEATURES, features_of
from foretell.pipeline.intake.requests import request_for_files
from foretell.pipeline.leakage import check_leakage, user_features
from foretell.project.errors import InputError
from foretell.project.progress import Silent
from made_shop import shop_rows, write_csv

CLEAN = """
import numpy as np
from foretell.features.registry import feature

@feature("orders_per_line", unit="orders")
def orders_per_line(view):
    '''Orders over order lines, ever.'''
    return view.orders.count() / np.maximum(view.lines.count(), 1)
"""
LEAKING = """
import numpy as np
from foretell.features.registry import feature

@feature("all_my_orders", unit="orders")
def all_my_orders(view):
    '''Orders ever, and those to come.'''
    return np.diff(view.orders._facts.offsets)
"""


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_csv(tmp_path_factory.mktemp("shop") / "orders.csv", shop_rows(customers=60))


def checked(folder: Path, *arguments: str) -> tuple[int, str, str]:
    """Exit code, output and errors of the command, run where nothing else is."""
    command = [sys.executable, "-m", "foretell", "check", "leakage", *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    return run.returncode, run.stdout, run.stderr


def written(folder: Path, code: str) -> str:
    path = folder / "my_features.py"
    path.write_text(code)
    return str(path)


def test_clean_data_and_features_pass(shop: Path, tmp_path: Path) -> None:
    code, out, _ = checked(
        tmp_path, str(shop), "--features", written(tmp_path, CLEAN), "--as-of", "2010-06-15", "--json"
    )
    told = json.loads(out)
    assert code == 0
    assert told["clean"]
    assert told["features"] == len(features_of(())) + 1
    assert told["leaks"] == []
    assert told["customers"] > 40
    assert told["cutoffs"][-1] == "2010-06-15"
    assert len(told["cutoffs"]) == 4
    assert told["times"]["known_late"] == 0
    assert sorted(path.name for path in tmp_path.iterdir()) in (["my_features.py"], ["__pycache__", "my_features.py"])


def test_a_leak_is_named(shop: Path, tmp_path: Path) -> None:
    code, out, _ = checked(tmp_path, str(shop), "--features", written(tmp_path, LEAKING))
    first, *others = out.splitlines()
    assert code == 1
    assert first.endswith("1 with a leak")
    assert others
    assert all(line.startswith("  all_my_orders at 2010-") for line in others)


def test_the_leaks_of_all_buckets_are_added_up(shop: Path, tmp_path: Path) -> None:
    path = Path(written(tmp_path, LEAKING))
    reports = []
    for buckets in (1, 4):
        request = request_for_files([shop], tmp_path / "out", buckets=buckets)
        reports.append(check_leakage(request, path, Silent()))
    one, four = (
        [(leak.feature, leak.cutoff, leak.change, leak.customers, leak.of) for leak in r.leaks] for r in reports
    )
    assert one == four != []
    assert reports[0].times == reports[1].times
    assert "all_my_orders" not in FEATURES
    assert not (tmp_path / "out").exists()


BROKEN = {
    "no such file": (None, "cannot be read"),
    "nothing registered": ("answer = 42\n", "registers no feature"),
    "not Python": ("def f(:\n", "line 1"),
    "fails when run": ("import math\nmath.sqrt(-1)\n", "line 2"),
    "a name that is taken": (CLEAN.replace("orders_per_line", "orders_life"), "registered twice"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_file_that_cannot_be_used_says_why(case: str, tmp_path: Path) -> None:
    code, message = BROKEN[case]
    path = tmp_path / "my_features.py"
    if code is not None:
        path.write_text(code)
    before = dict(FEATURES)
    with pytest.raises(InputError, match=message), user_features(path):
        pass
    assert before == FEATURES


def test_an_error_ends_with_two(tmp_path: Path) -> None:
    code, out, errors = checked(tmp_path, "missing.csv")
    assert (code, out) == (2, "")
    assert "missing.csv" in errors
    assert "Traceback" not in errors
