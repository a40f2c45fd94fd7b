"""A flat table is what its content says: neither the order of columns nor the numbers of levels change a key."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from foretell.customer_log.files.source_files import source_files
from foretell.examples.flat.columns import FlatColumn
from foretell.examples.flat.table import FlatRows, content_keys, flat_table, read_rows
from foretell.project.errors import InputError

NUMBER = FlatColumn("tenure", "number", np.array([1.0, np.nan, 1.0, 0.0]))
PLAN = FlatColumn("plan", "category", np.array([0.0, 1.0, 0.0, np.nan]), ("month", "year"))
DATE = FlatColumn("joined", "date", np.array([10.0, 20.0, 10.0, 30.0]))
CELLS = st.lists(st.tuples(st.integers(0, 2), st.integers(-1, 2)), min_size=1, max_size=12)


def test_columns_stand_by_name() -> None:
    table = flat_table([NUMBER, PLAN, DATE], 4)
    assert table.names == ("joined", "plan", "tenure")
    assert table.kinds == ("date", "category", "number")
    assert table.levels == ((), ("month", "year"), ())
    assert table.is_category.tolist() == [False, True, False]
    np.testing.assert_array_equal(table.values, np.column_stack([DATE.values, PLAN.values, NUMBER.values]))
    again = flat_table([DATE, NUMBER, PLAN], 4)
    assert (again.values.tobytes(), again.key.tobytes()) == (table.values.tobytes(), table.key.tobytes())


def test_rows_are_taken_with_their_keys() -> None:
    table = flat_table([NUMBER, PLAN], 4)
    some = table.take(np.array([3, 0]))
    assert len(some) == 2
    assert some.key.tolist() == table.key[[3, 0]].tolist()
    np.testing.assert_array_equal(some.values, table.values[[3, 0]])
    assert table.take(table.values[:, 1] == 1.0).key.tolist() == table.key[[0, 2]].tolist()


@given(CELLS)
def test_rows_have_equal_keys_exactly_where_their_cells_are_equal(cells: list[tuple[int, int]]) -> None:
    number, level = np.array(cells, dtype=np.float64).T
    columns = [
        FlatColumn("a", "number", np.where(number == 2, np.nan, number)),
        FlatColumn("b", "category", np.where(level < 0, np.nan, level), ("0.0", "x", "y")),
    ]
    keys = content_keys(columns, len(cells)).tolist()
    assert [[one == other for other in keys] for one in keys] == [[a == b for b in cells] for a in cells]


@given(CELLS)
def test_a_key_does_not_depend_on_other_rows_or_the_numbers_of_levels(cells: list[tuple[int, int]]) -> None:
    level = np.array([abs(pair[1]) for pair in cells], dtype=np.float64)
    keys = content_keys([FlatColumn("b", "category", level, ("x", "y", "z"))], len(cells))
    renumbered = FlatColumn("b", "category", level[:1] + 1, ("w", "x", "y", "z"))
    assert content_keys([renumbered], 1).tolist() == keys[:1].tolist()


def test_zero_has_one_key_and_no_columns_have_none() -> None:
    assert len(set(content_keys([FlatColumn("a", "number", np.array([0.0, -0.0]))], 2).tolist())) == 1
    empty = flat_table([], 3)
    assert (empty.values.shape, empty.key.tolist(), len(empty)) == ((3, 0), [0, 0, 0], 3)


def read(folder: Path, *contents: str) -> FlatRows:
    for number, content in enumerate(contents):
        (folder / f"{number}.csv").write_text(content, encoding="utf-8")
    return read_rows(source_files([folder / f"{number}.csv" for number in range(len(contents))]))


def test_rows_of_all_files_stand_with_their_lines(tmp_path: Path) -> None:
    found = read(tmp_path, "who,plan\na,x\nb,y\n", "plan,who\nz,c\n")
    assert found.rows.to_pydict() == {"who": ["a", "b", "c"], "plan": ["x", "y", "z"]}
    assert found.lines.tolist() == [2, 3, 2]
    assert len(found.rejected) == 0


def test_a_row_that_does_not_fit_is_rejected_and_the_lines_go_on(tmp_path: Path) -> None:
    found = read(tmp_path, "who,plan\na,x\nb,y,too,many\nc,z\n")
    assert found.rows["who"].to_pylist() == ["a", "c"]
    assert found.lines.tolist() == [2, 4]
    assert [row["line"] for row in found.rejected.to_pylist()] == [3]


def test_files_with_other_columns_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="The files have different columns") as caught:
        read(tmp_path, "who,plan\na,x\n", "who,price\na,1\n")
    refused = caught.value
    assert (refused.file, refused.found, refused.expected) == (str(tmp_path / "1.csv"), "who, price", "who, plan")
    assert refused.hint == "give one file, or files with the same header"


def test_headers_without_rows_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There are no rows") as caught:
        read(tmp_path, "who,plan\n", "who,plan\n")
    assert caught.value.expected == "a header and at least one row"
    assert caught.value.file == f"{tmp_path / '0.csv'}, {tmp_path / '1.csv'}"


def test_a_file_without_rows_beside_one_with_some_is_no_error(tmp_path: Path) -> None:
    assert read(tmp_path, "who,plan\n", "who,plan\na,x\n").rows["who"].to_pylist() == ["a"]


@pytest.mark.parametrize(("second", "fits"), [(pa.array([1.5]), True), (pa.array(["x"]), False)])
def test_types_are_widened_where_they_can_be(tmp_path: Path, second: pa.Array, fits: bool) -> None:
    for name, values in (("a", pa.array([1])), ("b", second)):
        pq.write_table(pa.table({"x": values}), tmp_path / f"{name}.parquet")
    files = source_files([tmp_path])
    if fits:
        assert read_rows(files).rows["x"].to_pylist() == [1.0, 1.5]
    else:
        with pytest.raises(InputError, match="The files hold different types") as caught:
            read_rows(files)
        assert caught.value.found


@given(cells=st.lists(st.text("abcé ;'", min_size=1, max_size=6).filter(str.strip), min_size=1, max_size=8))
def test_every_cell_comes_through(tmp_path_factory: pytest.TempPathFactory, cells: list[str]) -> None:
    folder = tmp_path_factory.mktemp("cells")
    found = read(folder, "number,text\n" + "".join(f'{n},"{cell}"\n' for n, cell in enumerate(cells)))
    assert [str(cell).strip() for cell in found.rows["text"].to_pylist()] == [cell.strip() for cell in cells]
    assert found.lines.tolist() == [n + 2 for n in range(len(cells))]
