"""Models taught on disjoint halves of the customers, and what each makes of everybody."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.util import find_spec
from pathlib import Path

import numpy as np

from foretell.examples.assembly import Assembly, completed, telling
from foretell.examples.examples import Examples
from foretell.features import FEATURES
from foretell.models.contract import Contributions, Fitted
from foretell.models.level import Level
from foretell.models.levelled import levelled
from foretell.models.registry import MODELS
from foretell.project.objectives import TARGETS
from foretell.timelines.survey import Survey
from made_orders import DAY, Line, batch_of

EPOCH = datetime(1970, 1, 1)


def cdnow_lines() -> list[Line]:
    """The published CDNOW sample, as the package lifetimes carries it."""
    package = find_spec("lifetimes")
    assert package is not None
    assert package.origin is not None
    text = (Path(package.origin).parent / "datasets" / "CDNOW_sample.txt").read_text(encoding="ascii")
    found = []
    for row in map(str.split, text.splitlines()):
        if row:
            moment = (datetime.strptime(row[2], "%Y%m%d") - EPOCH).days * DAY
            found.append(Line(row[1], moment, moment, None, None, None, float(row[3]), round(float(row[4]) * 10_000)))
    return found


def told_by_halves(
    lines: Sequence[Line], as_of: int, horizon_days: int, cutoffs: int, model: str = "blend"
) -> tuple[Contributions, Contributions]:
    """Everybody at `as_of`, as models see them that each learned from one half of the customers at past cutoffs."""
    batch = batch_of(lines, "UTC", as_of)
    survey = Survey.of(batch)
    past = [as_of - (horizon_days + 15 * back) * DAY for back in reversed(range(cutoffs))]
    taught = completed(Assembly(past, horizon_days, tuple(FEATURES), survey)(batch))
    today = completed(Assembly((as_of,), horizon_days, tuple(FEATURES), survey, labelled=False)(batch))
    names = telling(taught)
    taught, today = taught.with_features(names), today.with_features(names)
    first, second = (_taught(_half(taught, side), _half(today, side), model) for side in (0, 1))
    return first.contributions(today), second.contributions(today)


def _taught(rows: Examples, today: Examples, model: str) -> Fitted:
    target = TARGETS["purchase"]
    return levelled(MODELS[model].fit(rows, target, 3), today, target, Level())


def _half(rows: Examples, side: int) -> Examples:
    return rows.take((rows.customer_key >> np.uint64(7)) % np.uint64(2) == side)
