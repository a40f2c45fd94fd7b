"""The scores that were served, of the newest runs, with the models behind them: what a change is measured against.

Each run, and each `foretell score`, leaves a folder of its own: what it was, the forecasts and counts of every
customer, and the models that made them, season included. Of each horizon the two newest stay, so that the last scores
always have those before them beside them, whatever is tidied away among the finished steps.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from foretell import __version__
from foretell.project.errors import InputError

if TYPE_CHECKING:
    from foretell.examples.plan import Plan
    from foretell.forecasts.orders.serving import Serving
    from foretell.project.request import Request
    from foretell.timelines.survey import Survey

FOLDER = "served"
KEPT = 2
FORECASTS = ("p_purchase", "expected_spend")
COUNTS = ("lifetime_orders", "lifetime_spend", "refunds_life", "refunded_life")
BEHIND = ("purchase", "orders", "spend")
"""The targets whose models make the forecasts that are kept."""


@dataclass(frozen=True)
class KeptRun:
    """Scores that were served as of `as_of` (microseconds UTC; `day` is its local date). `models` has the id of the
    model of each horizon, by its days; `seasons` what the season added to its level."""

    folder: Path
    foretell: str
    as_of: int
    day: str
    value: str
    prior: Mapping[str, float]
    log_start: int
    models: Mapping[int, str]
    seasons: Mapping[int, float]

    def customer(self, customer_id: str, horizon_days: int) -> dict[str, float] | None:
        """Forecasts and counts of one customer; None where the customer had no scores."""
        path = self.folder / _table_name(horizon_days)
        found = pq.read_table(path, filters=pc.field("customer_id") == customer_id).drop_columns("customer_id")
        return found.to_pylist()[0] if len(found) else None

    def serving(self, horizon_days: int) -> Serving:
        """The models of a horizon; InputError, OSError, ValueError or KeyError where they are gone."""
        from foretell.forecasts.orders.serving import read_serving  # noqa: PLC0415  it loads the learners' libraries

        return read_serving(self.folder / _models_name(horizon_days))

    def survey(self, timezone: str) -> Survey:
        """What views may know of everybody: when the log began, and the gaps between orders."""
        from foretell.timelines.survey import Survey, Tally  # noqa: PLC0415

        with np.load(self.folder / "gaps.npz", allow_pickle=False) as stored:
            return Survey(timezone, self.log_start, gaps=Tally(stored["codes"], stored["counts"]))


def keep_scores(
    request: Request,
    plan: Plan,
    prior: Mapping[str, float],
    served: Mapping[int, tuple[Serving, pa.Table]],
    scores: pa.Table,
) -> None:
    """Keep the scores of a run, unless they are those that were kept last.

    `served` has, by the days of each horizon, the models and the facts of the customers, in the order of their rows in
    `scores`; `prior` is what was forecast where nothing could be learned.
    """
    root = request.state / FOLDER
    card = {
        "foretell": __version__,
        "as_of": plan.as_of,
        "day": plan.as_of_day(),
        "value": request.value,
        "prior": dict(prior),
        "log_start": plan.survey.log_start,
        "models": {str(days): serving.model_id for days, (serving, _) in sorted(served.items())},
        "seasons": {str(days): serving.season.value for days, (serving, _) in sorted(served.items())},
    }
    tables = {days: _table(scores, customers, days) for days, (_, customers) in served.items()}
    kept = _folders(root)
    if kept and _is_kept(kept[-1], card, tables):
        return
    number = int(kept[-1].name) + 1 if kept else 1
    aside = root / f".{number:06d}.part"
    try:
        shutil.rmtree(aside, ignore_errors=True)
        aside.mkdir(parents=True)
        for days, (serving, _) in served.items():
            pq.write_table(tables[days], aside / _table_name(days))
            _write_models(serving, aside / _models_name(days))
        gaps = plan.survey.gaps
        np.savez(aside / "gaps.npz", allow_pickle=False, codes=gaps.codes, counts=gaps.counts)
        (aside / "run.json").write_text(json.dumps(card), encoding="utf-8")
        os.replace(aside, root / f"{number:06d}")
    except OSError as error:
        raise InputError(
            "The scores cannot be kept for the next run.", file=str(root), found=str(error), hint="is the disk full?"
        ) from error
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    _tidy(root)


def kept_runs(state: Path) -> list[KeptRun]:
    """The runs whose scores are kept, oldest first; those that cannot be read are left out."""
    found = []
    for folder in _folders(state / FOLDER):
        try:
            card = json.loads((folder / "run.json").read_text(encoding="utf-8"))
            for name in ("models", "seasons"):
                card[name] = {int(days): one for days, one in card[name].items()}
            found.append(KeptRun(folder, **card))
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            continue
    return found


def _write_models(serving: Serving, folder: Path) -> None:
    from foretell.forecasts.orders.serving import write_serving  # noqa: PLC0415

    names = {target: name for target, name in serving.names.items() if target in BEHIND}
    folder.mkdir()
    write_serving(
        replace(serving, names=names, models={target: serving.models[target] for target in names}, scatter=None),
        folder,
    )


def _table(scores: pa.Table, customers: pa.Table, days: int) -> pa.Table:
    own = scores.filter(pc.equal(scores["horizon_days"], days))
    columns = {"customer_id": own["customer_id"].cast(pa.string()), **{name: own[name] for name in FORECASTS}}
    return pa.table(columns | {name: customers[name].cast(pa.float64()) for name in COUNTS})


def _is_kept(folder: Path, card: Mapping[str, Any], tables: Mapping[int, pa.Table]) -> bool:
    try:
        same = json.loads((folder / "run.json").read_text(encoding="utf-8")) == card
        return same and all(pq.read_table(folder / _table_name(days)).equals(one) for days, one in tables.items())
    except (OSError, ValueError):
        return False


def _tidy(root: Path) -> None:
    """Remove runs of whose horizons there are newer ones enough, and what is left of interrupted ones."""
    newer: dict[int, int] = {}
    needed = set()
    for run in reversed(kept_runs(root.parent)):
        if any(newer.get(days, 0) < KEPT for days in run.models):
            needed.add(run.folder)
        for days in run.models:
            newer[days] = newer.get(days, 0) + 1
    for folder in root.iterdir():
        if folder not in needed:
            shutil.rmtree(folder, ignore_errors=True)


def _folders(root: Path) -> list[Path]:
    return sorted(path for path in root.glob("[0-9]*") if path.name.isdigit())


def _table_name(days: int) -> str:
    return f"scores-{days}d.parquet"


def _models_name(days: int) -> str:
    return f"models-{days}d"
