"""One codec for results: frozen dataclasses of numbers, texts, arrays and Arrow tables, written as plain files.

`value.json` holds the shape with every number and text, `arrays.npz` the arrays, `table-N.parquet` each table. What is
read is told by the annotations of the dataclass, and built anew from bytes; nothing on disk can name a class or run.
A class with its own `state()` and `restored(state)` is written as that state. The same value gives the same bytes.
"""

from __future__ import annotations

import dataclasses
import io
import json
import struct
import types
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from foretell.storage.long_table import LongTable

VALUE, ARRAYS = "value.json", "arrays.npz"
ARRAY, TABLE, PAIRS, ROWS = "$array", "$table", "$pairs", "$rows"
ROWS_WORTH_COLUMNS = 20
Bytes = Callable[[str], bytes]
BROKEN = (
    *(KeyError, TypeError, ValueError, IndexError, AttributeError, RuntimeError, MemoryError, OverflowError),
    *(OSError, EOFError, zipfile.BadZipFile, zlib.error, struct.error, pa.ArrowException),
)
"""What JSON, NumPy and Arrow raise where their bytes are not what they wrote."""


class Unreadable(ValueError):
    """What was kept does not fit the class that it is read as."""


def write(value: object, folder: Path) -> None:
    """Write a value into a folder. TypeError for what is neither number, text, array, table nor made of those."""
    writer = _Writer(folder)
    shape = writer.shape(value)
    if writer.arrays:
        with (folder / ARRAYS).open("wb") as file:
            np.savez(file, allow_pickle=False, **writer.arrays)
    text = json.dumps(shape, ensure_ascii=False, separators=(",", ":"))
    (folder / VALUE).write_text(text, encoding="utf-8")


def read(kind: Any, folder: Path, content: Bytes) -> Any:
    """The value of that kind in a folder; `content` gives the bytes of a file by its name. Raises `Unreadable`."""
    reader = _Reader(folder, content)
    try:
        return reader.value(kind, json.loads(content(VALUE)))
    except BROKEN as error:
        raise Unreadable(f"{getattr(kind, '__name__', kind)}: {error}") from error


class _Writer:
    def __init__(self, folder: Path) -> None:
        self.folder, self.arrays, self.tables = folder, dict[str, np.ndarray](), 0

    def shape(self, value: object) -> Any:  # noqa: PLR0911  a line a kind
        """The value as JSON, with arrays and tables laid aside."""
        if value is None or isinstance(value, bool | int | float | str):
            return value
        if isinstance(value, np.generic):
            return value.item()
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, pa.Table | LongTable):
            return self._table(value)
        if hasattr(value, "state") and hasattr(type(value), "restored"):
            return self.shape(dict(value.state()))
        if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {field.name: self.shape(getattr(value, field.name)) for field in dataclasses.fields(value)}
        if isinstance(value, Mapping):
            if all(isinstance(key, str) and not key.startswith("$") for key in value):
                return {key: self.shape(one) for key, one in value.items()}
            return {PAIRS: [[self.shape(key), self.shape(one)] for key, one in value.items()]}
        if isinstance(value, frozenset):
            return sorted((self.shape(one) for one in value), key=json.dumps)
        if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray | memoryview):
            return self._rows(value) if _are_plain_rows(value) else [self.shape(one) for one in value]
        raise TypeError(f"{type(value).__name__} cannot be kept")

    def _rows(self, rows: Sequence[Any]) -> dict[str, dict[str, list[object]]]:
        """Many rows of one class, column by column."""
        return {ROWS: {field.name: [getattr(row, field.name) for row in rows] for field in dataclasses.fields(rows[0])}}

    def _array(self, value: np.ndarray) -> dict[str, str]:
        if value.dtype.hasobject:
            raise TypeError("an array of objects cannot be kept")
        name = f"a{len(self.arrays)}"
        self.arrays[name] = value
        return {ARRAY: name}

    def _table(self, value: pa.Table | LongTable) -> dict[str, str]:
        name = f"table-{self.tables}.parquet"
        self.tables += 1
        if isinstance(value, LongTable):
            value.write(self.folder / name)
        else:
            pq.write_table(value, self.folder / name)
        return {TABLE: name}


class _Reader:
    def __init__(self, folder: Path, content: Bytes) -> None:
        self.folder, self.content = folder, content
        self._arrays: dict[str, np.ndarray] | None = None

    def value(self, kind: Any, shape: Any) -> Any:  # noqa: PLR0911  a line a kind
        """The shape as a value of that kind."""
        origin = get_origin(kind)
        if origin in (Union, types.UnionType):
            return self._of_union(get_args(kind), shape)
        if kind is Any or kind is object or isinstance(kind, str):
            return self._plain(shape)
        if kind is np.ndarray or origin is np.ndarray:
            return self._array(shape)
        if kind is pa.Table:
            # one thread: another one that lets go of the bytes while the interpreter ends would abort the process
            return pq.ParquetFile(pa.BufferReader(self.content(shape[TABLE]))).read(use_threads=False)
        if kind is LongTable:
            self.content(shape[TABLE])
            return LongTable.kept(self.folder / shape[TABLE])
        if hasattr(kind, "restored") and hasattr(kind, "state"):
            return kind.restored(self._plain(shape))
        if dataclasses.is_dataclass(kind):
            return self._dataclass(kind, shape)
        if origin is not None:
            return self._container(origin, get_args(kind), shape)
        if kind in (float, int, str, bool) or kind is type(None):
            return _scalar(kind, shape)
        raise TypeError(f"{kind} cannot be read")

    def _dataclass(self, kind: Any, shape: Mapping[str, Any]) -> Any:
        hints = _hints(kind)
        names = {field.name for field in dataclasses.fields(kind)}
        if set(shape) != names:
            raise Unreadable(f"{kind.__name__} has {sorted(names)}, found {sorted(shape)}")
        return kind(**{name: self.value(hints[name], one) for name, one in shape.items()})

    def _container(self, origin: Any, args: tuple[Any, ...], shape: Any) -> Any:  # noqa: PLR0911  a line a kind
        if origin is Literal:
            if shape not in args:
                raise Unreadable(f"{shape!r} is none of {args}")
            return shape
        if origin is tuple:
            if args == ((),) or not args:
                return ()
            if len(args) == 2 and args[1] is Ellipsis:
                return tuple(self._each(args[0], shape))
            return tuple(self.value(kind, one) for kind, one in zip(args, shape, strict=True))
        if isinstance(origin, type) and issubclass(origin, Mapping):
            pairs = shape[PAIRS] if PAIRS in shape else shape.items()
            return {self.value(args[0], key): self.value(args[1], one) for key, one in pairs}
        if isinstance(origin, type) and issubclass(origin, frozenset):
            return frozenset(self.value(args[0], one) for one in shape)
        if isinstance(origin, type) and issubclass(origin, Sequence):
            return self._each(args[0], shape)
        raise TypeError(f"{origin} cannot be read")

    def _each(self, kind: Any, shape: Any) -> list[Any]:
        """The elements of a sequence, which were kept one by one, or as rows column by column."""
        if not isinstance(shape, dict):
            return [self.value(kind, one) for one in shape]
        hints, columns = _hints(kind), shape[ROWS]
        if set(columns) != {field.name for field in dataclasses.fields(kind)}:
            raise Unreadable(f"{kind.__name__} is not what was kept: {sorted(columns)}")
        read = [self._column(hints[name], column) for name, column in columns.items()]
        return [kind(**dict(zip(columns, row, strict=True))) for row in zip(*read, strict=True)]

    def _column(self, kind: Any, column: list[Any]) -> list[Any]:
        """Values of one kind; each different text is read once."""
        known = {
            key: self.value(kind, key[1]) for key in {(type(one), one) for one in column if type(one) is not float}
        }
        if numbers := [one for one in column if type(one) is float]:
            self.value(kind, numbers[0])
        return [one if type(one) is float else known[type(one), one] for one in column]

    def _of_union(self, kinds: tuple[Any, ...], shape: Any) -> Any:
        if shape is None and type(None) in kinds:
            return None
        found = [kind for kind in kinds if kind is not type(None)]
        if len(found) == 1:
            return self.value(found[0], shape)
        return self._plain(shape)

    def _plain(self, shape: Any) -> Any:
        """Numbers, texts, lists, mappings and arrays as they were, without a class; tuples come back as lists."""
        if isinstance(shape, list):
            return [self._plain(one) for one in shape]
        if isinstance(shape, dict):
            if ARRAY in shape:
                return self._array(shape)
            if TABLE in shape:
                return self.value(pa.Table, shape)
            if ROWS in shape:
                return [dict(zip(shape[ROWS], row, strict=True)) for row in zip(*shape[ROWS].values(), strict=True)]
            pairs = shape[PAIRS] if PAIRS in shape else shape.items()
            return {self._plain(key): self._plain(one) for key, one in pairs}
        return shape

    def _array(self, shape: Mapping[str, str]) -> np.ndarray:
        if self._arrays is None:
            with np.load(io.BytesIO(self.content(ARRAYS)), allow_pickle=False) as stored:
                self._arrays = {name: stored[name] for name in stored.files}
        return self._arrays[shape[ARRAY]]


def _are_plain_rows(value: Sequence[Any]) -> bool:
    """Whether these are many rows of one dataclass that hold numbers and texts alone."""
    if len(value) < ROWS_WORTH_COLUMNS or not dataclasses.is_dataclass(value[0]) or hasattr(value[0], "state"):
        return False
    names = [field.name for field in dataclasses.fields(value[0])]
    plain = (type(None), bool, int, float, str)
    return all(type(row) is type(value[0]) and all(type(getattr(row, n)) in plain for n in names) for row in value)


def _scalar(kind: Any, shape: Any) -> Any:
    if kind is float and isinstance(shape, int) and not isinstance(shape, bool):
        return shape
    if not isinstance(shape, kind) or (kind is int and isinstance(shape, bool)):
        raise Unreadable(f"{shape!r} is not {kind.__name__}")
    return shape


_HINTS: dict[Any, dict[str, Any]] = {}


def _hints(kind: Any) -> dict[str, Any]:
    """The annotations of a dataclass, resolved."""
    if kind not in _HINTS:
        _HINTS[kind] = get_type_hints(kind)
    return _HINTS[kind]
