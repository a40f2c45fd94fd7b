"""What was read of the source files, and what was refused and why."""

from __future__ import annotations

import pyarrow as pa

from foretell.words.wording import count, joined


def most_common_reasons(rejected: pa.Table) -> str:
    """The three most common reasons for which rows were refused, each with its count where there are several."""
    counts = rejected["reason"].combine_chunks().value_counts().to_pylist()
    counts.sort(key=lambda found: (-found["counts"], found["values"]))
    if len(counts) == 1:
        return str(counts[0]["values"])
    return joined([f"{found['values']} {count(found['counts'])}" for found in counts[:3]])
