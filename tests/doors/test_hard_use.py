"""Hard use, each kind with its neighbours: a result, or one clear error with exit code 2."""

from __future__ import annotations

import gzip
import os
import sys
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from foretell.cli.main import main

HEAD = "customer_id,date,amount\n"
ROWS = "".join(f"c{n % 7},2024-0{n % 9 + 1}-1{n % 9},{n}.50\n" for n in range(30))
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """`foretell run WORDS --yes` in a folder of its own: the exit code, and what was said."""
    workplace = tmp_path / "work"
    workplace.mkdir()
    monkeypatch.chdir(workplace)

    def runner(*words: str | Path, out: str = "out") -> tuple[int, str]:
        said = [str(word) for word in words]
        where = ["--out", out] if "--out" not in said else []
        more = [] if "--label" in said else ["--yes", "--workers", "1"]
        monkeypatch.setattr(sys, "argv", ["foretell", "run", *said, *more, *where])
        try:
            main()
        except SystemExit as ended:
            printed = capsys.readouterr()
            return int(ended.code or 0), printed.err + printed.out
        printed = capsys.readouterr()
        return 0, printed.err + printed.out

    return runner


@pytest.fixture
def orders(tmp_path: Path) -> Path:
    path = tmp_path / "orders.csv"
    path.write_text(HEAD + ROWS)
    return path


@pytest.mark.parametrize(("days", "horizon"), [(1, "7d"), (2, "30d"), (5, "1d"), (25, "90d")])
def test_a_short_log_that_names_products_is_answered(days: int, horizon: str, tmp_path: Path, run: Run) -> None:
    begin = datetime(2024, 1, 1, 9)
    rows = [
        (f"c{n % 40}", begin + timedelta(days=n % days, minutes=n), f"P{n % 5}", f"K{n % 3}", 5.5 + n % 9)
        for n in range(300)
    ]
    path = tmp_path / "orders.csv"
    polars.DataFrame(rows, ["customer_id", "date", "product", "category", "amount"], orient="row").write_csv(path)
    code, said = run(path, "--horizon", horizon)
    assert (code, "Not proved" in said) == (0, True), said


N = 40
PARQUET: dict[str, dict[str, pa.Array]] = {
    "lists of amounts": {"amount": pa.array([[1, 2]] * N)},
    "nested customers": {"customer_id": pa.array([{"a": n % 5} for n in range(N)])},
    "maps beside": {"more": pa.array([[("a", 1)]] * N, pa.map_(pa.string(), pa.int64()))},
    "ids beyond int64": {"customer_id": pa.array([2**63 + n % 5 for n in range(N)], pa.uint64())},
    "amounts beyond int64": {"amount": pa.array([2**63 + n for n in range(N)], pa.uint64())},
    "wide decimals": {"amount": pa.array([Decimal(10) ** 50 + n for n in range(N)], pa.decimal256(60, 2))},
    "times of day": {"date": pa.array([datetime(2024, 1, 1).time()] * N)},
    "durations": {"amount": pa.array([timedelta(days=1)] * N)},
    "bytes": {"customer_id": pa.array([b"c%d" % (n % 5) for n in range(N)])},
    "no customer at all": {"customer_id": pa.nulls(N)},
}


@pytest.mark.parametrize("name", PARQUET)
def test_parquet_of_any_types_gives_a_result_or_one_error(name: str, tmp_path: Path, run: Run) -> None:
    usual = {
        "customer_id": pa.array([f"c{n % 7}" for n in range(N)]),
        "date": pa.array([date(2024, 1, 1) + timedelta(days=3 * n) for n in range(N)]),
        "amount": pa.array([n + 0.5 for n in range(N)]),
    }
    path = tmp_path / "orders.parquet"
    pq.write_table(pa.table(usual | PARQUET[name]), path)
    code, said = run(path, "--plan", "--columns", "customer=customer_id,time=date,amount=amount")
    assert code in (0, 2), said
    assert said.count("foretell: ") == (code == 2)


def test_a_gzip_of_parquet_is_read(tmp_path: Path, run: Run) -> None:
    table = pa.table({"customer_id": ["a", "b"] * 9, "date": [date(2024, 1, 2)] * 18, "amount": [5.5] * 18})
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink)
    path = tmp_path / "orders.parquet.gz"
    path.write_bytes(gzip.compress(sink.getvalue().to_pybytes()))
    assert run(path)[0] == 0


def test_a_folder_may_hold_more_than_tables(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "orders.csv").write_text(HEAD + ROWS)
    (folder / "README").write_text("These are the orders, all of them.\nAsk Ada.\n")
    (folder / "desktop.ini").write_text("[.ShellClassInfo]\nIconResource=shop.ico,0\n")
    (folder / "data.json").write_text('{"exported": "2025-01-01", "rows": 3}\n')
    (folder / "empty").write_text("")
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\x1a\n")
    code, said = run(folder, out=str(folder / "results"))
    assert code == 0, said
    assert "Passed over, as they are no tables: README, data.json, desktop.ini and 2" in " ".join(said.split())
    again = run(folder, out=str(folder / "results"))
    assert again[0] == 0, again[1]
    assert "the results of an earlier run in results" in " ".join(again[1].split())
    code, said = run(folder / "results" / "scores.csv")
    assert (code, "the result of a Foretell run" in said) == (2, True)


def test_a_file_of_another_shape_or_that_cannot_be_read_is_refused_by_name(tmp_path: Path, run: Run) -> None:
    folder = tmp_path / "shop"
    folder.mkdir()
    (folder / "orders.csv").write_text(HEAD + ROWS)
    (folder / "people.csv").write_text("name,town\nAda,Bern\nBela,Graz\n")
    code, said = run(folder)
    assert (code, "people.csv" in said, "Traceback" in said) == (2, True, False)
    for content in (b"\x1f\x8b" + b"broken" * 9, b""):
        (folder / "people.csv").write_bytes(content)
        code, said = run(folder)
        assert (code, "people.csv" in said, "Traceback" in said) == (2, True, False)


def test_paths_that_are_no_files(tmp_path: Path, orders: Path, run: Run) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\xfe.csv"))
    odd.write_bytes(orders.read_bytes())
    for path in (pipe, odd, tmp_path / ("x" * 300), Path("/dev/null")):
        code, said = run(path)
        assert (code, said.count("foretell: "), "Traceback" in said) == (2, 1, False), said


@pytest.mark.parametrize(
    "words",
    [
        ["--as-of", "0001-01-01"], ["--as-of", "9999-12-31"], ["--as-of", "2199-12-31"],
        ["--as-of", ""], ["--seed", "-1"],
        ["--seed", "99999999999"], ["--timezone", "localtime"], ["--timezone", "Factory"], ["--timezone", ""],
        ["--horizon", ",".join(f"{n}d" for n in range(1, 200))], ["--horizon", "99999d"], ["--horizon", ""],
        ["--out", "-"], ["--out", "../orders.csv"], ["--out", "x" * 300], ["--first-day", ""], ["--sheet", "May"],
        ["--columns", "customer=customer_id,time=date,amount=customer_id"],
        ["--columns", "customer=customer_id,time=date,amount=date"],
        ["--label", "amount", "--keep", "date", "--drop", "date"], ["--label", "amount", "--id", "amount"],
        ["--label", "amount", "--keep", "amount"], ["--label", "amount", "--seed", "-1"],
    ],
    ids=lambda words: " ".join(words)[:40],
)  # fmt: skip
def test_an_option_beyond_its_bounds_is_one_clear_error(words: Sequence[str], orders: Path, run: Run) -> None:
    code, said = run(orders, *words)
    assert (code, said.count("foretell: "), "Traceback" in said) == (2, 1, False), said
    assert "expected:" in said
    assert list(Path.cwd().iterdir()) == []


def test_codes_are_no_amounts(tmp_path: Path, run: Run) -> None:
    path = tmp_path / "orders.csv"
    path.write_text("who,when,code\n" + "".join(f"c{n % 5},2024-01-{n + 1:02d},P0{n:02d}\n" for n in range(20)))
    code, said = run(path, "--columns", "customer=who,time=when,amount=code")
    assert (code, "'P000' in code" in said) == (2, True), said


def test_a_label_of_a_table_of_thousands_of_columns_is_refused(tmp_path: Path, run: Run) -> None:
    names = [f"c{n}" for n in range(3_000)]
    path = tmp_path / "wide.csv"
    path.write_text(
        ",".join(["id", "left", *names]) + "\n" + "".join(f"{n},{n % 2}" + ",1" * 3_000 + "\n" for n in range(9))
    )
    code, said = run(path, "--label", "left")
    assert (code, "at most 500" in said) == (2, True), said


def test_toml_nested_a_thousand_deep_is_refused(run: Run) -> None:
    Path("foretell.toml").write_text("a = " + "[" * 3_000 + "]" * 3_000)
    code, said = run(out="out")
    assert (code, "nested too deeply" in said) == (2, True), said
