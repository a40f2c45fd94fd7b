"""Delta Lake tables: the files of the newest version."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from foretell.customer_log.databases.datasets import DatasetConnection
from foretell.customer_log.databases.relation import Relation
from foretell.project.errors import InputError

try:
    import deltalake
except ImportError:  # pragma: no cover - a table that is not asked for needs no library
    deltalake = None  # type: ignore[assignment]

INSTALL = "pip install 'foretell[delta]'"


@contextmanager
def connected(relation: Relation) -> Iterator[DatasetConnection]:
    """The newest version of the table; it is known by the table's id and the version's number."""
    if deltalake is None:
        raise InputError("Delta tables need a library that is not installed.", expected="deltalake", hint=INSTALL)
    try:
        table = deltalake.DeltaTable(relation.address)
        dataset, told = table.to_pyarrow_dataset(), f"{table.metadata().id} {table.version()}"
    except Exception as error:  # its errors are of several kinds, some of them bare
        raise relation.error("The Delta table cannot be read.", error) from None
    yield DatasetConnection(relation, dataset, told)
