"""What is kept comes back as it was, the same value as the same bytes; what does not fit is told, never guessed."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as made_arrays

from foretell.storage import codec
from foretell.storage.codec import ARRAYS, VALUE, Unreadable
from foretell.storage.long_table import LongTable


class Stateful:
    """A value that is written as its own state."""

    def __init__(self, weights: np.ndarray, names: Sequence[str]) -> None:
        self.weights, self.names = weights, tuple(names)

    def state(self) -> Mapping[str, Any]:
        return {"weights": self.weights, "names": self.names}

    @classmethod
    def restored(cls, state: Mapping[str, Any]) -> Stateful:
        return cls(state["weights"], state["names"])


@dataclass(frozen=True)
class Inner:
    """Something in something else."""

    name: str
    size: float
    rows: np.ndarray
    kind: Literal["count", "amount"] = "count"


@dataclass(frozen=True)
class Outer:
    """One of everything that a result may hold."""

    count: int
    is_on: bool
    size: float
    text: str
    maybe: float | None
    either: int | str
    inner: Inner
    inners: tuple[Inner, ...]
    pair: tuple[int, str]
    numbers: Sequence[int]
    by_name: Mapping[str, Inner | None]
    by_number: Mapping[int, tuple[str, ...]]
    by_pair: Mapping[tuple[str, float], np.ndarray]
    some: frozenset[str]
    table: pa.Table
    fitted: Stateful
    loose: Any = None


class Files(dict[str, bytes]):
    """A kept value: its files, by name."""

    @classmethod
    def of(cls, value: object) -> Files:
        with TemporaryDirectory() as folder:
            codec.write(value, Path(folder))
            return cls({path.name: path.read_bytes() for path in sorted(Path(folder).iterdir())})

    def read(self, kind: Any) -> Any:
        return codec.read(kind, Path(), self.__getitem__)


def told(value: object) -> tuple[str, object]:
    """A value as types and texts, so that two are compared in type and content, NaN like NaN."""
    if isinstance(value, np.ndarray):
        content: object = (value.dtype.str, value.shape, value.tobytes())
    elif isinstance(value, pa.Table):
        content = (str(value.schema), told(value.to_pylist()))
    elif isinstance(value, Stateful):
        content = told(dict(value.state()))
    elif dataclasses.is_dataclass(value):
        content = [told(getattr(value, field.name)) for field in dataclasses.fields(value)]
    elif isinstance(value, dict):
        content = told([*value.items()])
    elif isinstance(value, tuple | list):
        content = [told(one) for one in value]
    else:
        content = repr(sorted(value) if isinstance(value, frozenset) else value)
    return type(value).__name__, content


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(["$array", "$pairs", ""])
FLOATS = st.floats(allow_nan=True, allow_infinity=True)
TYPES = (np.float64, np.float32, np.int64, np.int8, np.uint64, np.bool_, np.dtype("U5"), np.dtype("datetime64[us]"))
SHAPES = made_arrays.array_shapes(min_dims=0, max_dims=2, min_side=0, max_side=4)
ARRAYS_OF_ANY = st.sampled_from(TYPES).flatmap(
    lambda dtype: made_arrays.arrays(
        dtype, SHAPES, elements=st.text("abcé", max_size=5) if np.dtype(dtype).kind == "U" else None
    )
)
INNERS = st.builds(Inner, TEXTS, FLOATS, ARRAYS_OF_ANY, st.sampled_from(["count", "amount"]))
COLUMNS = {
    "when": pa.timestamp("us", tz="UTC"),
    "key": pa.uint64(),
    "value": pa.float64(),
    "texts": pa.list_(pa.field("element", pa.string())),
}
TABLES = (
    st.integers(0, 5)
    .flatmap(
        lambda rows: st.tuples(
            st.lists(st.none() | st.integers(0, 2**40), min_size=rows, max_size=rows),
            st.lists(st.integers(0, 2**64 - 1), min_size=rows, max_size=rows),
            st.lists(st.none() | FLOATS, min_size=rows, max_size=rows),
            st.lists(st.none() | st.lists(st.none() | TEXTS, max_size=3), min_size=rows, max_size=rows),
        )
    )
    .map(lambda columns: pa.table(dict(zip(COLUMNS, columns, strict=True)), pa.schema(COLUMNS.items())))
)
LOOSE = st.recursive(
    st.none() | st.booleans() | st.integers() | FLOATS | TEXTS | ARRAYS_OF_ANY,
    lambda inside: (
        st.lists(inside, max_size=3)
        | st.dictionaries(TEXTS, inside, max_size=3)
        | st.dictionaries(st.integers(), inside, max_size=3)
    ),
    max_leaves=6,
)
OUTERS = st.builds(
    Outer,
    st.integers(),
    st.booleans(),
    FLOATS,
    TEXTS,
    st.none() | FLOATS,
    st.integers() | TEXTS,
    INNERS,
    st.lists(INNERS, max_size=2).map(tuple),
    st.tuples(st.integers(), TEXTS),
    st.lists(st.integers(), max_size=3),
    st.dictionaries(TEXTS, st.none() | INNERS, max_size=3),
    st.dictionaries(st.integers(), st.lists(TEXTS, max_size=3).map(tuple), max_size=3),
    st.dictionaries(st.tuples(TEXTS, st.floats(allow_nan=False)), ARRAYS_OF_ANY, max_size=2),
    st.frozensets(TEXTS, max_size=4),
    TABLES,
    st.builds(Stateful, ARRAYS_OF_ANY, st.lists(TEXTS, max_size=3)),
    LOOSE,
)


@given(OUTERS)
def test_everything_comes_back_as_it_was(value: Outer) -> None:
    assert told(Files.of(value).read(Outer)) == told(value)


@given(OUTERS)
def test_what_came_back_is_kept_as_the_same_bytes(value: Outer) -> None:
    files = Files.of(value)
    assert Files.of(files.read(Outer)) == files


@given(st.sets(TEXTS, min_size=2), st.randoms())
def test_the_same_set_is_the_same_bytes_however_it_was_filled(texts: set[str], random: Any) -> None:
    order = list(texts)
    random.shuffle(order)
    assert Files.of(frozenset(order)) == Files.of(frozenset(sorted(texts)))


@given(LOOSE)
def test_without_a_class_it_comes_back_as_it_was_too(value: Any) -> None:
    assert told(Files.of(value).read(Any)) == told(value)


@given(st.one_of(FLOATS.map(np.float64), st.integers(-9, 9).map(np.int64), st.booleans().map(np.bool_)))
def test_a_number_of_numpy_is_a_number(value: np.generic) -> None:
    assert told(Files.of(value).read(type(value.item()))) == told(value.item())


def test_a_value_without_arrays_is_one_file() -> None:
    assert set(Files.of({"a": [1, None, "b"]})) == {VALUE}
    assert set(Files.of([np.zeros(1), np.ones(2)])) == {VALUE, ARRAYS}


def test_a_long_table_is_read_where_it_lies(tmp_path: Path) -> None:
    texts = pa.array(["a", "b", "a"]).dictionary_encode()
    parts = [pa.table({"segment": texts.take(pa.array([row])), "customers": [row]}) for row in range(3)]
    codec.write({"stays": LongTable(lambda: iter(parts))}, tmp_path)
    read = codec.read(Mapping[str, LongTable], tmp_path, lambda name: (tmp_path / name).read_bytes())
    assert read["stays"].table().to_pydict() == {"segment": ["a", "b", "a"], "customers": [0, 1, 2]}
    again = tmp_path / "again"
    again.mkdir()
    codec.write(read, again)
    assert (
        codec.read(Mapping[str, LongTable], again, lambda name: (again / name).read_bytes())["stays"]
        .table()
        .equals(read["stays"].table())
    )


@pytest.mark.parametrize("value", [object(), {1, 2}, b"bytes", np.array([object()]), {"a": [lambda: 1]}, 1j])
def test_what_is_no_plain_value_is_refused(value: object) -> None:
    with pytest.raises(TypeError, match="cannot be kept"):
        Files.of(value)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (int, 1.5),
        (int, True),
        (float, "1"),
        (float, None),
        (bool, 1),
        (str, 3),
        (type(None), 0),
        (tuple[int, str], (1, "a", 2)),
        (tuple[int, ...], ("a",)),
        (Mapping[str, int], [1]),
        (Mapping[str, int], {"a": "b"}),
        (Mapping[int, int], {"1": 2}),
        (Literal["a", "b"], "c"),
        (np.ndarray, [1.0]),
        (pa.Table, {"a": 1}),
        (Inner, {"name": "a", "size": 1.0}),
        (Inner, {"name": "a", "size": 1.0, "rows": np.zeros(1), "kind": "count", "more": 1}),
        (Inner, {"name": "a", "size": 1.0, "rows": np.zeros(1), "kind": "chance"}),
        (Inner, [1, 2]),
        (Inner, 7),
        (Stateful, {"weights": np.zeros(1)}),
        (Stateful, None),
        (frozenset[str], [1]),
        (complex, 1),
    ],
)
def test_what_does_not_fit_is_unreadable(kind: Any, value: object) -> None:
    with pytest.raises(Unreadable):
        Files.of(value).read(kind)


KEPT = Outer(
    7,
    True,
    math.nan,
    "text",
    None,
    "either",
    Inner("inner", 1.0, np.arange(3)),
    (Inner("one", -math.inf, np.array(["a", "é"])),),
    (1, "b"),
    [1, 2],
    {"a": None},
    {3: ("c",)},
    {("d", 0.5): np.zeros((2, 2), dtype=np.float32)},
    frozenset("ab"),
    pa.table({"value": [1.0, None]}),
    Stateful(np.ones(2), ["e"]),
)


@settings(max_examples=400)
@given(st.sampled_from(sorted(Files.of(KEPT))), st.data())
def test_a_damaged_file_is_unreadable_or_another_value(name: str, data: st.DataObject) -> None:
    files = Files.of(KEPT)
    content = files[name]
    cut, byte = data.draw(st.integers(0, len(content) - 1)), data.draw(st.binary(max_size=3))
    files[name] = content[:cut] + byte + content[cut + data.draw(st.integers(0, 8)) :]
    with suppress(Unreadable):
        assert isinstance(files.read(Outer), Outer)


@given(st.sampled_from(sorted(Files.of(KEPT))), st.binary(max_size=40))
@example(ARRAYS, b"")
@example(VALUE, b"")
def test_a_file_that_is_another_ones_is_unreadable(name: str, content: bytes) -> None:
    with pytest.raises(Unreadable):
        Files({**Files.of(KEPT), name: content}).read(Outer)


def test_a_file_that_is_not_there_is_unreadable() -> None:
    for name in Files.of(KEPT):
        files = Files.of(KEPT)
        del files[name]
        with pytest.raises(Unreadable):
            files.read(Outer)


@dataclass(frozen=True)
class Row:
    """A row of numbers and texts."""

    name: str
    value: float | None
    count: int
    kind: Literal["count", "amount"]
    is_known: bool


@dataclass(frozen=True)
class Rows:
    """Many rows, as a result holds them."""

    listed: Sequence[Row]
    fixed: tuple[Row, ...]


ROW = st.builds(
    Row,
    st.text(max_size=3),
    st.none() | st.floats(allow_nan=False),
    st.integers(-(2**53), 2**53),
    st.sampled_from(["count", "amount"]),
    st.booleans(),
)


@given(st.lists(ROW, max_size=5), st.sampled_from([1, 4, 30]))
def test_many_rows_come_back_as_they_were(rows: list[Row], times: int) -> None:
    value = Rows(rows * times, tuple(rows) * times)
    with TemporaryDirectory() as place:
        codec.write(value, Path(place))
        found = codec.read(Rows, Path(place), lambda name: (Path(place) / name).read_bytes())
        assert found == value
        assert repr(found) == repr(value)


@pytest.mark.parametrize(("column", "given"), [("kind", "weight"), ("count", "3"), ("name", None), ("value", "much")])
def test_rows_that_do_not_fit_are_told(tmp_path: Path, column: str, given: object) -> None:
    codec.write(Rows([Row("a", 1.5, 2, "count", True)] * 30, ()), tmp_path)
    written = json.loads((tmp_path / VALUE).read_text())
    written["listed"]["$rows"][column][7] = given
    with pytest.raises(Unreadable):
        codec.read(Rows, tmp_path, lambda _: json.dumps(written).encode())
    written["listed"]["$rows"][column].pop()
    with pytest.raises(Unreadable):
        codec.read(Rows, tmp_path, lambda _: json.dumps(written).encode())
