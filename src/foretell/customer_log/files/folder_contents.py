"""What lies in a folder beside tables: read-me files, settings, pictures, the results of an earlier run."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

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
        return path.stat().st_size > 0
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
