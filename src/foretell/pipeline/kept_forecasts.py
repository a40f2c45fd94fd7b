"""Forecasts at past cutoffs on disk: arrays and text, so that a run that was interrupted need not make them again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from foretell.backtest.forecast import Forecast


def write_forecasts(forecasts: Sequence[Forecast], cannot: Mapping[str, str], folder: Path) -> None:
    """Arrays in forecasts.npz, all else in forecasts.json."""
    arrays: dict[str, np.ndarray] = {}
    plain: list[dict[str, object]] = []
    for position, forecast in enumerate(forecasts):
        fields = dict(vars(forecast))
        slices = fields.pop("slices")
        found = {name: value for name, value in fields.items() if isinstance(value, np.ndarray)}
        found |= {f"slice.{name}": value for name, value in slices.items()}
        arrays |= {f"{position}.{name}": value for name, value in found.items()}
        plain.append({name: value for name, value in fields.items() if name not in found} | {"arrays": list(found)})
    np.savez(folder / "forecasts.npz", allow_pickle=False, **arrays)
    (folder / "forecasts.json").write_text(json.dumps({"forecasts": plain, "cannot": dict(cannot)}))


def read_forecasts(folder: Path) -> tuple[list[Forecast], dict[str, str]]:
    """What `write_forecasts` left."""
    kept = json.loads((folder / "forecasts.json").read_text())
    forecasts = []
    with np.load(folder / "forecasts.npz", allow_pickle=False) as stored:
        for position, plain in enumerate(kept["forecasts"]):
            arrays = {name: stored[f"{position}.{name}"] for name in plain.pop("arrays")}
            slices = {n.removeprefix("slice."): v for n, v in arrays.items() if n.startswith("slice.")}
            own = {n: v for n, v in arrays.items() if not n.startswith("slice.")}
            forecasts.append(Forecast(**plain | own, slices=slices))
    return forecasts, kept["cannot"]
