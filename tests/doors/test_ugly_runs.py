"""Whole runs over logs that no shop is proud of, and runs that are disturbed: the scores keep their promises."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars
import pytest

import foretell
from foretell.scores.table import SCORES
from foretell.segments.movement.tables import snake
from foretell.segments.rfm import Rfm
from typed import typed

BEGIN = datetime(2024, 1, 1)
COLUMNS = {"customer": "customer_id", "time": "date", "amount": "amount"}
ROLES = ",".join(f"{role}={name}" for role, name in COLUMNS.items())
Row = tuple[str, datetime, float]


def shop(customers: int, days: float, gap: float = 6, seed: int = 1) -> list[Row]:
    """Orders of customers with one rhythm, of whom a tenth leaves after each order."""
    random = np.random.default_rng(seed)
    rows: list[Row] = []
    for customer in range(customers):
        day = float(random.uniform(0, days / 2))
        while day < days:
            rows.append((f"C{customer:02d}", BEGIN + timedelta(days=day), round(float(random.gamma(2, 15)), 2)))
            day += float(random.exponential(gap)) + 0.1
            if random.random() < 0.1:
                break
    return rows


def written(rows: Iterable[Row], path: Path) -> Path:
    """The rows as a CSV file."""
    names, times, amounts = zip(*rows, strict=True)
    frame = {"customer_id": names, "date": [f"{moment:%Y-%m-%d %H:%M:%S}" for moment in times], "amount": amounts}
    polars.DataFrame(frame).write_csv(path, quote_style="non_numeric")
    return path


def keep_their_promises(scores: polars.DataFrame) -> None:
    """What holds of every table of scores, whatever the log."""
    behind = [f"p_next_{snake(name)}" for name in Rfm.segments]
    assert scores.columns == [*SCORES, *behind]
    chances = scores.select(behind)
    assert sum(chances.null_count().row(0)) == 0
    assert ((chances.sum_horizontal() - 1).abs() < 1e-5).all()
    likeliest = [chances.columns[place] for place in chances.to_numpy().argmax(axis=1)]
    assert likeliest == [f"p_next_{snake(name)}" for name in scores["next_segment"]]
    assert (scores["segment_since"] <= scores["as_of"]).all()
    assert set(scores["segment"]) | set(scores["previous_segment"].drop_nulls()) <= set(Rfm.segments)
    assert not (scores["segment"] == scores["previous_segment"]).any()
    assert scores["customer_id"].is_unique().all()
    numbers = scores.select(polars.col(polars.Float64))
    for name in numbers.columns:
        known = numbers[name].drop_nulls()
        assert known.is_finite().all(), name
        assert (known >= 0).all(), name
        assert (known <= 1).all() or not name.startswith("p_"), name
    always = scores.select("p_purchase", "expected_orders", "expected_spend", "median_spend", "^expected_spend_.*$")
    assert sum(always.null_count().row(0)) == 0
    assert (scores["expected_orders"] >= scores["p_purchase"]).all()
    assert (scores["expected_spend_low"] <= scores["median_spend"]).all()
    assert (scores["median_spend"] <= scores["expected_spend_high"]).all()
    churn = (scores["p_churn"] + scores["p_purchase"] - 1).drop_nulls()
    assert (churn.abs() < 1e-12).all()
    reasons = scores["reasons"].explode().drop_nulls()
    assert not [reason for reason in reasons if re.search(r"\bnan\b|\binf\b|\bNone\b|(?<!\d)1 (days|orders)\b", reason)]


WHALE = [(name, moment, amount * (1000 if name == "C03" else 1)) for name, moment, amount in shop(20, 25)]
NAMES = ["0001", "1", "\U0001f600", "<script>alert(1)</script>", "x" * 10_000, 'say "hi"', "=1+1", "two\nlines"]
NAMED = [
    (NAMES[int(name[1:])] if int(name[1:]) < len(NAMES) else name, moment, amount)
    for name, moment, amount in shop(20, 25)
]
DST = [
    (f"C{number % 7}", datetime(2024, month, day, 1, number), 9.0 + number)
    for month, day in ((3, 31), (10, 27))
    for number in range(20)
]
LOGS: dict[str, tuple[list[Row], dict[str, Any], int]] = {
    "one row": (shop(1, 1)[:1], {}, 1),
    "one customer": ([("A", BEGIN + timedelta(days=9 * n), 20.0 + n) for n in range(9)], {}, 1),
    "all on one day": ([(f"C{n}", BEGIN + timedelta(minutes=n), 5.0 + n) for n in range(30)], {}, 30),
    "each customer once": ([(f"C{n}", BEGIN + timedelta(days=n), 5.0 + n) for n in range(30)], {}, 30),
    "five days": (shop(30, 5, gap=1), {}, 30),
    "amounts of nothing": ([(name, moment, 0.0) for name, moment, _ in shop(20, 25)], {}, 20),
    "refunds among orders": ([*shop(20, 25), ("C01", BEGIN + timedelta(days=20), -5000.0)], {}, 20),
    "a whale": (WHALE, {}, 20),
    "names that do not behave": (NAMED, {}, 20),
    "the hours that clocks skip and repeat": (DST, {"timezone": "Europe/London"}, 7),
    "a horizon of a day": (shop(20, 25), {"horizon": "1d"}, 20),
    "a horizon of five years": (shop(20, 25), {"horizon": "1830d"}, 20),
    "a date in the middle": (shop(20, 25), {"as_of": "2024-01-20"}, 20),
    "a date long after": (shop(20, 25), {"as_of": "2024-12-31"}, 20),
}


@pytest.mark.parametrize("name", LOGS)
def test_an_ugly_log_gets_sound_scores(name: str, tmp_path: Path) -> None:
    rows, options, customers = LOGS[name]
    path = written(rows, tmp_path / "orders.csv")
    scores = polars.DataFrame(foretell.run(path, columns=COLUMNS, workers=1, **options).scores)
    keep_their_promises(scores)
    assert scores.height == customers


@pytest.mark.parametrize(
    ("rows", "options", "what"),
    [
        ([("A", BEGIN, -5.0), ("B", BEGIN, -6.0)], {}, "Only refunds were found"),
        (shop(5, 9), {"as_of": "2020-01-01"}, "No customer has an order"),
        (shop(5, 9), {"horizon": "0d"}, "horizon"),
        (shop(5, 9), {"horizon": "1831d"}, "horizon"),
    ],
    ids=["refunds only", "a date before all orders", "no horizon", "a horizon too long"],
)
def test_what_cannot_be_answered_is_refused_with_a_hint(
    rows: list[Row], options: dict[str, Any], what: str, tmp_path: Path
) -> None:
    path = written(rows, tmp_path / "orders.csv")
    with pytest.raises(foretell.InputError, match=what) as refused:
        foretell.run(path, columns=COLUMNS, **options)
    assert refused.value.hint


def asked(*words: str) -> list[str]:
    return ["run", *words, "--yes", "--columns", ROLES, "--workers", "1"]


def command(*words: str) -> list[str]:
    return [sys.executable, "-m", "foretell", *asked(*words)]


def ran(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """`foretell run WORDS` in this process."""
    return typed(*asked(*words), folder=folder)


def test_names_of_files_are_taken_as_they_are_and_no_home_is_needed(tmp_path: Path) -> None:
    name = "my 'or\"ders' [2024] 100% é\U0001f600.csv"
    written(NAMED, tmp_path / name)
    little = {"PATH": os.defpath, "OMP_NUM_THREADS": "1", "LANG": "C"}
    done = subprocess.run(
        command(name, "--out", "the [out] 5%"),
        cwd=tmp_path, env=little, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    keep_their_promises(polars.read_parquet(tmp_path / "the [out] 5%" / "scores.parquet", glob=False))


def test_other_data_for_the_same_folder_is_refused(tmp_path: Path) -> None:
    written(shop(20, 25), tmp_path / "orders.csv")
    written(shop(20, 25, seed=2), tmp_path / "other.csv")
    assert ran(tmp_path, "orders.csv", "--out", "out").returncode == 0
    scores = (tmp_path / "out" / "scores.parquet").read_bytes()
    done = ran(tmp_path, "other.csv", "--out", "out")
    assert done.returncode == 2
    assert "hint:" in done.stderr
    assert (tmp_path / "out" / "scores.parquet").read_bytes() == scores


@pytest.mark.parametrize("limit", [2_000, 36_000, 100_000])
def test_a_disk_that_fills_up_gives_one_clear_error_and_can_be_mended(limit: int, tmp_path: Path) -> None:
    written(shop(20, 25), tmp_path / "orders.csv")
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        "from foretell.cli.main import main; main()"
    )
    words = [sys.executable, "-B", "-c", limited, *asked("orders.csv", "--out", "out")]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 2, done.stderr
    assert done.stderr.count("foretell: ") == 1
    assert "Traceback" not in done.stderr
    assert "disk full" in done.stderr
    assert not [path.name for path in tmp_path.glob("out/*") if path.name != ".foretell"]
    mended = ran(tmp_path, "orders.csv", "--out", "out")
    assert mended.returncode == 0, mended.stderr
    keep_their_promises(polars.read_parquet(tmp_path / "out" / "scores.parquet"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of a run that nobody disturbed, beside its file."""
    folder = tmp_path_factory.mktemp("whole")
    written(shop(20, 30), folder / "orders.csv")
    assert ran(folder, "orders.csv", "--out", "out").returncode == 0
    return folder / "out"


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGINT], ids=["kill -9", "Ctrl-C"])
def test_a_run_cut_short_goes_on_and_answers_the_same(blow: signal.Signals, whole: Path, tmp_path: Path) -> None:
    written(shop(20, 30), tmp_path / "orders.csv")
    with (tmp_path / "said").open("w") as said:
        process = subprocess.Popen(command("orders.csv", "--out", "cut"), cwd=tmp_path, stderr=said)
        steps = tmp_path / "cut" / ".foretell" / "artefacts"
        for _ in range(6_000):
            if any(steps.glob("examples-*")) or process.poll() is not None:
                break
            time.sleep(0.01)
        process.send_signal(blow)
        assert process.wait() != 0
    assert "Traceback" not in (tmp_path / "said").read_text()
    finished = {path: path.stat().st_mtime_ns for path in steps.glob("[!.]*/*.json") if "test-" not in path.parent.name}
    assert {path.parent.name.split("-")[0] for path in finished} >= {"intake", "plan", "season", "examples"}
    assert ran(tmp_path, "orders.csv", "--out", "cut").returncode == 0
    assert {path: path.stat().st_mtime_ns for path in finished} == finished
    for name in ("scores.parquet", "scores.csv", "backtest.json"):
        assert (tmp_path / "cut" / name).read_bytes() == (whole / name).read_bytes(), name
