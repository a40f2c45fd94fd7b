"""What sets each segment apart, beside the run: written with the scores, read by whoever asks about a segment."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from foretell.pipeline.exports import all_written
from foretell.pipeline.run import Outcome
from foretell.project.errors import InputError
from foretell.scores.segment_reasons import segment_reasons

FILE_NAME = "segment_reasons.json"


def keep_segment_reasons(outcome: Outcome) -> None:
    """Write down what sets the segments of a run apart, over each of its horizons."""
    write_segment_reasons([(one.customers, one.scores) for one in outcome.horizons], outcome.request.state,
                          outcome.request.currency)  # fmt: skip


def write_segment_reasons(tables: Sequence[tuple[pa.Table, pa.Table]], state: Path, currency: str) -> None:
    """Write down what sets segments apart: of customers with the facts behind their scores, and their scores."""
    kept = [
        {"horizon_days": scores["horizon_days"][0].as_py(), "as_of": str(scores["as_of"][0].as_py().date())}
        | {"segments": [asdict(one) for one in segment_reasons(customers, scores["segment"].to_pylist(), currency)]}
        for customers, scores in tables
    ]
    all_written(state, {FILE_NAME: lambda path: _write(path, json.dumps(kept, indent=1, ensure_ascii=False))})


def kept_segment(name: str, state: Path, horizon_days: int | None) -> dict[str, Any]:
    """`segment`, `customers`, `reasons`, `as_of` and `horizon_days` of one segment of the last run; InputError, with
    the names there are, where it has no such segment."""
    path = state / FILE_NAME
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(
            "What sets segments apart cannot be read.", file=str(path), found=str(error), hint="foretell run"
        ) from None
    whole = next((one for one in kept if one["horizon_days"] == horizon_days), kept[0])
    wanted = name.strip().casefold()
    for segment in whole["segments"]:
        if segment["segment"].casefold() == wanted:
            return {**segment, "as_of": whole["as_of"], "horizon_days": whole["horizon_days"]}
    names = ", ".join(segment["segment"] for segment in whole["segments"])
    raise InputError("No customer is in that segment.", found=name, expected=f"one of {names}")


def _write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
