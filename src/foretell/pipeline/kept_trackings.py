"""The trackings of the last run, one a horizon, kept beside the model cards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from foretell.forecasts.orders.tracking import Tracking, as_tracking
from foretell.pipeline.exports import all_written

FILE_NAME = "tracking.json"


def keep_trackings(found: Sequence[Tracking | None], state: Path) -> None:
    """Write those of a run, in the order of its model cards, into the folder of its state."""
    text = json.dumps([one and asdict(one) for one in found])

    def write(path: Path) -> None:
        path.write_text(text, encoding="utf-8")

    all_written(state, {FILE_NAME: write})


def kept_trackings(state: Path, cards: int) -> list[Tracking | None]:
    """What `keep_trackings` left, one for each of so many cards; None where nothing fits them."""
    try:
        kept = json.loads((state / FILE_NAME).read_text(encoding="utf-8"))
        found = [None if one is None else as_tracking(one) for one in kept]
    except (OSError, ValueError, KeyError, TypeError):
        found = []
    return found if len(found) == cards else [None] * cards
