"""What lies in a folder beside tables: read-me files, settings, pictures, the results of an earlier run."""

from __future__ import annotations

import glob
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from foretell.project.errors import InputError

READABLE = "CSV or other delimited text, Parquet, JSON lines or Excel; plain or as .gz, .bz2, .xz"
NO_TABLE = (
    ".md", ".rst", ".ini", ".log", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".html", ".htm", ".xml", ".toml",
    ".yaml", ".yml", ".sql", ".py", ".r", ".sh", ".bat", ".doc", ".docx", ".ppt", ".pptx", ".lnk", ".url", ".db",
    ".tmp", ".lock", ".sha256", ".md5", ".crc",
)  # fmt: skip
TABLE = (
    ".csv", ".tsv", ".tab", ".psv", ".dat", ".parquet", ".pq", ".jsonl", ".ndjson", ".xlsx", ".xls", ".xlsb", ".xlsm",
    ".ods", ".gz", ".bz2", ".xz", ".zip",
)  # fmt: skip
RESULTS = (
    "scores.parquet", "scores.csv", "backtest.json", "memberships.parquet", "migration.parquet",
    "segment_forecast.parquet", "segments.json", "rejected.parquet", "report.html",
)  # fmt: skip
SIGNS_OF_RESULTS = {"scores.parquet", "backtest.json"}
AGREED = 0.6
SHOWN = 3
LINES_LOOKED_AT = 40


def paths_behind(given: str | Path, beside: list[str]) -> list[Path]:
    """The files behind a file, a folder or a pattern; what is passed over of a folder is added to `beside`. InputError
    where there is none, or one that cannot be read more than once."""
    path = Path(given).expanduser()
    try:
        str(path).encode()
        if path.is_dir():
            paths = [p for p in sorted(path.rglob("*")) if p.is_file() and not _hidden(p.relative_to(path))]
            tables, told = tables_among(paths)
            beside += told
            if not tables:
                found = "; ".join(told) or None
                raise InputError("The folder holds no files.", file=str(given), found=found, expected=READABLE)
            return tables
        if path.is_file():
            return [path]
        if path.exists():
            raise InputError(
                "This is no ordinary file, so that it cannot be read more than once.",
                file=str(given),
                found="a named pipe, a socket or a device",
                expected="a file or a folder",
                hint="write what comes out of it into a file first",
            )
    except UnicodeEncodeError:
        raise InputError(
            "The name of the file is not UTF-8.", found=ascii(str(path)), hint="give the file another name"
        ) from None
    except OSError as error:
        raise InputError("The file cannot be opened.", file=str(given), found=error.strerror or str(error)) from None
    if glob.has_magic(str(given)):
        paths = [Path(p) for p in glob.glob(str(path), recursive=True) if Path(p).is_file() and not _hidden(Path(p))]
        if paths:
            return paths
        raise InputError("No file fits the pattern.", file=str(given), hint="quote the pattern and check the folder")
    raise InputError("The file does not exist.", file=str(given), hint="check the spelling and the folder")


def tables_among(paths: Sequence[Path]) -> tuple[list[Path], list[str]]:
    """The paths that may be tables, and a line for people on those that are passed over."""
    of_runs = {folder for folder in {path.parent for path in paths} if _holds_results(folder)}
    results = [path for path in paths if path.parent in of_runs and path.name in RESULTS]
    rest = [path for path in paths if path not in set(results)]
    others = [path for path in rest if not _may_be_table(path)]
    told = []
    if results:
        told.append(
            f"Passed over were the results of an earlier run in {', '.join(sorted({p.parent.name for p in results}))}"
        )
    if others:
        named = ", ".join(path.name for path in others[:3]) + (
            f" and {len(others) - 3} more" if len(others) > 3 else ""
        )
        told.append(f"Passed over, as {'it is no table' if len(others) == 1 else 'they are no tables'}: {named}")
    return [path for path in rest if path not in set(others)], told


def _holds_results(folder: Path) -> bool:
    return all((folder / name).is_file() for name in SIGNS_OF_RESULTS)


def _may_be_table(path: Path) -> bool:
    """Whether a file may be a table, by how its name ends, else by its first lines; one that does not open may be."""
    ending = path.suffix.lower()
    if ending in NO_TABLE:
        return False
    if ending in TABLE:
        return True
    try:
        with path.open("rb") as stream:
            head = stream.read(1 << 16)
    except OSError:
        return True
    if not head.strip():
        return False
    if head.lstrip().startswith((b"{", b"[")):
        return not _is_one_value(path) if ending == ".json" else True
    return _has_columns(head) or b"\x00" in head


def _is_one_value(path: Path) -> bool:
    """Whether a JSON file is a single object, as settings are, rather than one a line."""
    first = path.open("rb").readline(1 << 20)
    try:
        alone = isinstance(json.loads(first), dict)
    except ValueError:
        return True
    return alone and path.stat().st_size <= len(first) + 2


def _has_columns(head: bytes) -> bool:
    """Whether most of the first lines have as many commas, semicolons, tabs or bars as each other."""
    lines = [line for line in head.split(b"\n")[:LINES_LOOKED_AT] if line.strip()]
    for mark in (b",", b";", b"\t", b"|"):
        number, count = Counter(line.count(mark) for line in lines).most_common(1)[0]
        if number and count >= AGREED * len(lines):
            return True
    return False


def _hidden(path: Path) -> bool:
    return (
        any(part.startswith((".", "~$")) and part not in (".", "..") for part in path.parts) or path.name == "_SUCCESS"
    )
