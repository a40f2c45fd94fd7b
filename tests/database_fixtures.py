"""A PostgreSQL server of the tests' own, in a temporary folder, reached over a socket in it."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from shops.sales_in_databases import written_sales

USER, PASSWORD = "shopkeeper", "s3cret-of-the-shop"


@pytest.fixture(scope="session")
def postgresql_folder(postgresql_programs: Path) -> Iterator[Path]:
    """The folder of the socket of a running server whose only user is `USER` with `PASSWORD`."""
    folder = Path(tempfile.mkdtemp(prefix="foretell-pg-", dir="/tmp"))
    (folder / "password").write_text(PASSWORD)
    (folder / "log").touch()
    if os.getuid() == 0:
        for path in (folder, *folder.iterdir()):
            shutil.chown(path, "postgres", "postgres")
    data = str(folder / "data")
    try:
        of_user = ["--username", USER, "--pwfile", str(folder / "password"), "--auth", "scram-sha-256"]
        _as_server(
            postgresql_programs / "initdb",
            "--pgdata",
            data,
            *of_user,
            "--no-sync",
            "--encoding",
            "UTF8",
            "--locale",
            "C",
        )
        how = f"-c listen_addresses= -c unix_socket_directories={folder} -c fsync=off -c timezone=Asia/Tokyo"
        _as_server(
            postgresql_programs / "pg_ctl", "--pgdata", data, "--wait", "--log", str(folder / "log"), "-o", how, "start"
        )
        yield folder
    finally:
        _as_server(postgresql_programs / "pg_ctl", "--pgdata", data, "--mode", "immediate", "stop", check=False)
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def postgresql(postgresql_folder: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL of the server, without a password; user and password stand in the environment."""
    monkeypatch.setenv("PGUSER", USER)
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    return f"postgresql:///postgres?host={postgresql_folder}"


def _as_server(program: Path, *arguments: str, check: bool = True) -> None:
    """Run a program of the server, which refuses to be root."""
    other = {"user": "postgres", "group": "postgres"} if os.getuid() == 0 else {}
    subprocess.run(
        [str(program), *arguments], check=check, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, **other
    )  # type: ignore[call-overload]


@pytest.fixture
def sales(tmp_path: Path) -> Path:
    """A SQLite file of three order lines."""
    return written_sales(tmp_path)
