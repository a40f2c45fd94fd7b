"""Folders of Parquet whose names divide them (month=2024-01), and those in stores of objects (s3://bucket/orders)."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import pyarrow as pa
import pyarrow.dataset as ds
from pyarrow import fs

from foretell.customer_log.databases.datasets import DatasetConnection
from foretell.customer_log.databases.relation import Relation

ENDPOINT = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")
HINT = "check bucket and path; credentials are those of the environment (AWS_ACCESS_KEY_ID ..., AWS_ENDPOINT_URL)"


@contextmanager
def connected(relation: Relation) -> Iterator[DatasetConnection]:
    """All Parquet files below a folder as one table; the names of folders are columns. Known by the names, sizes and
    times of the files."""
    try:
        system, path = _system(relation.address)
        selected = fs.FileSelector(path, recursive=True)
        files = sorted(
            (found for found in system.get_file_info(selected) if _is_table(found, path)), key=lambda found: found.path
        )
        if not files:
            raise relation.error("The folder holds no Parquet files.", hint=HINT if "://" in relation.address else None)
        paths = [found.path for found in files]
        parts = ds.HivePartitioning.discover()
        dataset = ds.dataset(paths, filesystem=system, format="parquet", partitioning=parts, partition_base_dir=path)
    except (pa.ArrowException, OSError) as error:
        hint = HINT if "://" in relation.address else None
        raise relation.error("The folder of Parquet files cannot be read.", error, hint=hint) from None
    told = repr([(found.path, found.size, found.mtime_ns) for found in files])
    yield DatasetConnection(relation, dataset, hashlib.sha256(told.encode()).hexdigest())


def _system(address: str) -> tuple[fs.FileSystem, str]:
    """The file system of a folder, and the folder's path in it."""
    if "://" not in address:
        return fs.LocalFileSystem(), address.rstrip("/")
    endpoint = next(filter(None, map(os.environ.get, ENDPOINT)), "")
    parts = urlsplit(address)
    if parts.scheme == "s3" and endpoint:
        away = urlsplit(endpoint)
        system = fs.S3FileSystem(endpoint_override=away.netloc or endpoint, scheme=away.scheme or "https")
        return system, f"{parts.netloc}{parts.path}".rstrip("/")
    found: tuple[fs.FileSystem, str] = fs.FileSystem.from_uri(address)
    return found[0], found[1].rstrip("/")


def _is_table(found: fs.FileInfo, folder: str) -> bool:
    inner = found.path[len(folder) :].strip("/").split("/")
    hidden = any(part.startswith((".", "_")) for part in inner)
    return found.type == fs.FileType.File and not hidden and found.path.endswith((".parquet", ".pq"))
