"""The results as Markdown tables."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from bench.measure import Cost

LIBRARIES = ("numpy", "pyarrow", "duckdb", "pandas", "scikit-learn", "lightgbm")


def machine() -> dict[str, str]:
    """What the figures were measured on, and with."""
    processor = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "processor": f"{processor}, {os.cpu_count()} cores, {pages / 1e9:.0f} GB",
        "system": f"{platform.system()} {platform.release()}, Python {platform.python_version()}",
        "libraries": ", ".join(f"{name} {version(name)}" for name in LIBRARIES),
    }


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; the first column to the left, figures to the right."""
    widths = [max(len(row[i]) for row in (header, *rows)) for i in range(len(header))]
    lines = [
        _line(header, widths),
        _line(["-" * w if not i else "-" * (w - 1) + ":" for i, w in enumerate(widths)], widths),
    ]
    return "\n".join([*lines, *(_line(row, widths) for row in rows)])


def costs(measured: Mapping[str, Cost], ours: Sequence[str]) -> str:
    """One row a contender; for each of `ours`, how many times its CPU the contender takes."""
    header = [
        "contender",
        "CPU-seconds",
        "seconds",
        "peak memory, MB",
        *(f"CPU of `{name}` x" for name in ours if name in measured),
    ]
    rows = [
        [
            name,
            f"{cost.cpu_seconds:.1f}",
            f"{cost.wall_seconds:.1f}",
            f"{cost.peak_mb:,.0f}",
            *(f"{cost.cpu_seconds / measured[mine].cpu_seconds:.1f}" for mine in ours if mine in measured),
        ]
        for name, cost in measured.items()
    ]
    return table(header, rows)


def steps(spent: Mapping[str, Sequence[float]]) -> str:
    """One row a step, in the order of the run."""
    whole = sum(seconds for seconds, _ in spent.values())
    rows = [
        [name, f"{seconds:.1f}", f"{cpu:.1f}", f"{seconds / max(whole, 1e-9):.0%}"]
        for name, (seconds, cpu) in spent.items()
    ]
    return table(["step", "seconds", "CPU-seconds", "share of time"], rows)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = [
        cell.rjust(width) if i else cell.ljust(width) for i, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(padded)} |"
