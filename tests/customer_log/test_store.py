from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import textwrap
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from foretell.customer_log.manifest import Load
from foretell.customer_log.schema import ORDER_LINES, REJECTED, LinesBatch
from foretell.customer_log.store import ROWS_PER_BUCKET, Store, suitable_buckets
from foretell.project.errors import InputError

DAY = 86_400_000_000


def lines(*rows: tuple[str, int, str | None, int]) -> pa.Table:
    """Order lines from (customer, day, order, amount)."""
    return pa.Table.from_pylist(
        [
            {"customer_id": c, "happened_at": d * DAY, "known_at": d * DAY, "order_id": o, "amount": a, "product": "p"}
            for c, d, o, a in rows
        ],
        schema=ORDER_LINES,
    )


def given_as(*tables: pa.Table) -> list[LinesBatch]:
    return [LinesBatch(table, REJECTED.empty_table(), len(table)) for table in tables]


def load(name: str) -> Load:
    return Load(name.ljust(16, "0"), f"/{name}.csv", "as it is", 1)


def rows(store: Store, kind: str) -> list[dict[str, Any]]:
    """All rows of a kind, over all buckets, in the order of customers, then as they stand."""
    tables = [pq.read_table(path) for bucket in range(store.buckets) for path in store.files(kind, bucket)]
    found = pa.concat_tables(tables).to_pylist() if tables else []
    return sorted(found, key=lambda row: row["customer_key"])


def ids(store: Store) -> dict[object, object]:
    """The id of each customer key."""
    return {row["customer_key"]: row["customer_id"] for row in rows(store, "customers")}


def files_below(root: Path) -> set[str]:
    return {path.name for path in root.rglob("*") if path.is_file()}


def test_lines_and_orders_are_written_by_bucket(tmp_path: Path) -> None:
    store = Store(tmp_path, "shop", "UTC", 4)
    done = store.add(load("a"), given_as(lines(("x", 1, "7", 5), ("x", 1, "7", 6), ("y", 2, None, -3)), lines()))
    assert (done.rows_read, done.lines, done.rejected, done.equal_lines) == (3, 3, 0, 0)
    orders = {ids(store)[row["customer_key"]]: row for row in rows(store, "orders")}
    assert (orders["x"]["amount"], orders["x"]["lines"], orders["x"]["taken_back"]) == (11, 2, 0)
    assert (orders["y"]["amount"], orders["y"]["taken_back"], orders["y"]["order_key"]) == (-3, 3, -3)
    assert store.rows("order_lines") == 3
    for bucket in range(4):
        for path in store.files("orders", bucket):
            assert set(pq.read_table(path)["customer_key"].to_numpy() % 4) == {bucket}
    assert not [name for name in files_below(tmp_path) if "spilled" in name]


def test_equal_lines_are_kept_and_counted(tmp_path: Path) -> None:
    store = Store(tmp_path, "shop", "UTC")
    done = store.add(load("a"), given_as(lines(("x", 1, "7", 5), ("x", 1, "8", 5)), lines(("x", 1, "7", 5))))
    assert (done.lines, done.equal_lines) == (3, 1)
    assert {row["order_key"]: row["amount"] for row in rows(store, "orders")} == {7: 10, 8: 5}


def test_rejected_rows_come_back_by_file_and_line(tmp_path: Path) -> None:
    store = Store(tmp_path, "shop", "UTC")
    assert store.rejected().schema == REJECTED
    refused = [{"file": "b.csv", "line": 9}, {"file": "a.csv", "line": 3}, {"file": "b.csv", "line": 2}]
    batch = LinesBatch(lines(("x", 1, None, 5)), pa.Table.from_pylist(refused, schema=REJECTED), 4)
    assert store.add(load("a"), [batch]).rejected == 3
    assert [(row["file"], row["line"]) for row in store.rejected().to_pylist()] == [
        ("a.csv", 3),
        ("b.csv", 2),
        ("b.csv", 9),
    ]


def test_a_grown_file_adds_and_leaves_the_old_files_alone(tmp_path: Path) -> None:
    store = Store(tmp_path, "shop", "UTC", 2)
    store.add(load("old"), given_as(lines(("x", 1, "7", 5), ("y", 1, "8", 5))))
    before = {path: path.stat().st_mtime_ns for bucket in range(2) for path in store.files("orders", bucket)}
    store.add(load("new"), given_as(lines(("x", 1, "7", 4), ("z", 3, "9", 1))))
    assert sum(row["amount"] for row in rows(store, "orders") if ids(store)[row["customer_key"]] == "x") == 9
    assert {path: path.stat().st_mtime_ns for path in before} == before
    assert [kept.load for kept in store.manifest.loads()] == sorted([load("old").load, load("new").load])


def test_a_retired_load_vanishes_with_its_files(tmp_path: Path) -> None:
    store = Store(tmp_path, "shop", "UTC")
    store.add(load("first"), given_as(lines(("x", 1, "7", 5))))
    old = store.files("orders", 0) + store.files("order_lines", 0)
    store.add(load("second"), given_as(lines(("y", 1, "7", 8))), retired=(load("first").load,))
    assert list(ids(store).values()) == ["y"]
    assert not any(path.exists() for path in old)
    store.retire([load("second").load])
    assert rows(store, "orders") == []
    assert store.rows("order_lines") == 0


def test_an_error_while_reading_leaves_nothing(tmp_path: Path) -> None:
    store = Store(tmp_path, "shop", "UTC", 2)
    store.add(load("a"), given_as(lines(("x", 1, "7", 5))))
    before, found = files_below(tmp_path), rows(store, "orders")

    def broken() -> Iterator[LinesBatch]:
        yield from given_as(lines(("y", 1, "7", 5)))
        raise RuntimeError("the file ends here")

    with pytest.raises(RuntimeError, match="ends here"):
        store.add(load("b"), broken())
    assert files_below(tmp_path) == before
    assert rows(store, "orders") == found
    assert store.add(load("b"), given_as(lines(("y", 1, "7", 5)))).lines == 1


def in_another_process(code: str, *arguments: object) -> subprocess.CompletedProcess[str]:
    head = f"import sys\nsys.path.insert(0, {str(Path(__file__).parent)!r})\nfrom test_store import *\n"
    command = [sys.executable, "-c", head + textwrap.dedent(code), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_a_killed_write_counts_for_nothing(tmp_path: Path) -> None:
    Store(tmp_path, "shop", "UTC", 2).add(load("a"), given_as(lines(("x", 1, "7", 5))))
    killed = in_another_process(
        """
        from foretell.project.progress import Silent

        class Kill(Silent):
            def advance(self, parts=1):
                os.kill(os.getpid(), signal.SIGKILL)

        store = Store(Path(sys.argv[1]), "shop", "UTC", 2)
        store.add(load("b"), given_as(lines(*((f"c{n}", 1, "7", 5) for n in range(50)))), progress=Kill())
        """,
        tmp_path,
    )
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    store = Store(tmp_path, "shop", "UTC", 2)
    assert list(ids(store).values()) == ["x"]
    assert store.add(load("b"), given_as(lines(("y", 1, "8", 5)))).lines == 1
    assert set(ids(store).values()) == {"x", "y"}


def test_a_full_disk_is_one_clear_error_and_leaves_nothing(tmp_path: Path) -> None:
    limited = in_another_process(
        """
        import resource
        store = Store(Path(sys.argv[1]), "shop", "UTC", 2)
        store.add(load("a"), given_as(lines(("x", 1, "7", 5))))
        before = files_below(store.root)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
        try:
            store.add(load("b"), given_as(lines(*((f"c{n}", n % 99, str(n), n) for n in range(20_000)))))
        except InputError as error:
            print(error.what, error.hint, files_below(store.root) == before, len(rows(store, "orders")))
        """,
        tmp_path,
    )
    assert limited.stdout == "The customer log cannot be written. is the disk full? True 1\n", limited.stderr


def test_a_folder_that_cannot_be_made_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        Store(tmp_path / "file" / "state", "shop", "UTC")


@pytest.mark.parametrize(("identity", "timezone"), [("other", "UTC"), ("shop", "Europe/Paris")])
def test_the_state_of_another_source_or_zone_is_refused(tmp_path: Path, identity: str, timezone: str) -> None:
    Store(tmp_path, "shop", "UTC")
    with pytest.raises(InputError, match="give another --out"):
        Store(tmp_path, identity, timezone)


def test_the_number_of_buckets_stays(tmp_path: Path) -> None:
    assert Store(tmp_path, "shop", "UTC", 8).buckets == 8
    assert Store(tmp_path, "shop", "UTC", 2).buckets == 8


def test_suitable_buckets_are_powers_of_two() -> None:
    assert [suitable_buckets(n) for n in (0, ROWS_PER_BUCKET, ROWS_PER_BUCKET + 1, 10**12)] == [1, 1, 2, 1024]


LINE = st.tuples(
    st.sampled_from(["a", "b", "ü", "17850"]), st.integers(0, 5), st.sampled_from([None, "1", "A2", "0001"]),
    st.integers(-3, 9),
)  # fmt: skip


@settings(max_examples=25)
@given(st.lists(LINE, max_size=12), st.integers(0, 12), st.sampled_from([1, 4]), st.randoms(use_true_random=False))
def test_neither_order_nor_batches_nor_buckets_matter(
    made: list[tuple[str, int, str | None, int]], split: int, buckets: int, random: Random
) -> None:
    shuffled = list(made)
    random.shuffle(shuffled)
    with tempfile.TemporaryDirectory() as folder:
        one, other = Store(Path(folder) / "one", "shop", "UTC"), Store(Path(folder) / "other", "shop", "UTC", buckets)
        first = one.add(load("a"), given_as(lines(*made)))
        second = other.add(load("a"), given_as(lines(*shuffled[:split]), lines(*shuffled[split:])))
        assert (first.lines, first.equal_lines) == (second.lines, second.equal_lines)
        for kind in ("orders", "order_lines"):
            assert rows(one, kind) == rows(other, kind)


def test_buckets_are_in_the_order_of_customers_and_time(tmp_path: Path) -> None:
    random = np.random.default_rng(3)
    store = Store(tmp_path, "shop", "UTC", 2)
    made = [(f"c{random.integers(20)}", int(random.integers(90)), str(random.integers(1, 99)), 1) for _ in range(500)]
    store.add(load("a"), given_as(lines(*made)))
    assert os.path.exists(store.files("orders", 0)[0])
    for kind in ("orders", "order_lines"):
        for bucket in range(2):
            table = pq.read_table(store.files(kind, bucket)[0])
            keys = list(
                zip(*(table[name].to_pylist() for name in ("customer_key", "happened_at", "order_key")), strict=True)
            )
            assert keys == sorted(keys)


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-9])


def changed(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


@pytest.mark.parametrize("damage", [cut_short, changed, Path.unlink], ids=["cut short", "changed", "gone"])
def test_a_file_that_is_not_as_written_is_found(damage: Callable[[Path], None], tmp_path: Path) -> None:
    Store(tmp_path, "shop", "UTC", 2).add(load("a"), given_as(lines(("x", 1, "7", 5), ("y", 2, None, 3))))
    store = Store.kept(tmp_path)
    store.check()
    for path in sorted((tmp_path / "loads").rglob("*.parquet")):
        content = path.read_bytes()
        damage(path)
        with pytest.raises(InputError, match="damaged") as refused:
            store.check()
        assert refused.value.file == str(path)
        assert refused.value.hint
        path.write_bytes(content)
    store.check()


def test_a_kept_store_is_read_and_nothing_is_written(tmp_path: Path) -> None:
    first = Store(tmp_path, "shop", "Europe/London", 2)
    first.add(load("a"), given_as(lines(("x", 1, "7", 5))))
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    kept = Store.kept(tmp_path)
    assert (kept.timezone, kept.buckets, rows(kept, "orders")) == ("Europe/London", 2, rows(first, "orders"))
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before
    with pytest.raises(InputError, match="no customer log"):
        Store.kept(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()
