"""The forecasts of every contender for a case; each is made once, until its code, data or libraries change."""

from __future__ import annotations

import contextlib
import hashlib
import io
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import numpy as np

import foretell
from bench.accuracy.peers import PEERS
from bench.accuracy.peers.history import Forecasts
from bench.accuracy.truth import Asked
from foretell.answers.headline import figures
from foretell.project.fingerprints import fingerprint, fingerprint_of_arrays

OURS = "Foretell"
CACHE = Path(__file__).parents[1] / "cache"
LIBRARIES = ("numpy", "scipy", "scikit-learn", "lightgbm", "lifetimes")
COLUMNS = {
    "purchase": "p_purchase",
    "orders": "expected_orders",
    "spend": "expected_spend",
    "median_spend": "median_spend",
    "spend_low": "expected_spend_low",
    "spend_high": "expected_spend_high",
    "spend_low_50": "expected_spend_low_50",
    "spend_high_50": "expected_spend_high_50",
    "spend_low_90": "expected_spend_low_90",
    "spend_high_90": "expected_spend_high_90",
    "high_value": "p_high_value",
    "becomes_high_value": "p_becomes_high_value",
}
TOTALS = ("orders", "spend")


@dataclass(frozen=True)
class Answer:
    """Forecasts by target, the seconds that they took when they were made, who served each target (ours), and the 80 %
    interval of the coming totals of orders and spend (ours)."""

    forecasts: Forecasts
    seconds: float
    serving: dict[str, str]
    totals: dict[str, tuple[float, float]] = field(default_factory=dict)


def forecast_of(contender: str, asked: Asked) -> Answer:
    """What a contender says of a case, from the cache where nothing has changed."""
    if contender == OURS:
        ours = fingerprint([_code_of(Path(foretell.__file__).parent), [*COLUMNS.values(), *TOTALS]])
        return _cached(asked, OURS, ours, lambda: _ours(asked))
    peer = PEERS[contender]
    code = _code_of(Path(__file__).parent / "peers")

    def made() -> tuple[Forecasts, dict[str, str]]:
        with contextlib.redirect_stdout(io.StringIO()):  # lifetimes prints the fits that fail
            return peer.forecast(asked.known, asked.case.horizon_days), {}

    return _cached(asked, contender, code, made)


def _ours(asked: Asked) -> tuple[Forecasts, dict[str, str]]:
    """The scores as a user gets them, from the lines before the day."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.parquet"
        asked.log.write_before(asked.case.as_of, path)
        result = foretell.run(
            path,
            as_of=asked.case.as_of.isoformat(),
            horizon=f"{asked.case.horizon_days}d",
            columns=asked.log.columns,
            value="gross",
            workers=1,
        )
    row = {str(one): at for at, one in enumerate(result.scores["customer_id"].to_pylist())}
    wanted = [str(one) for one in asked.customer_ids]
    if set(row) != set(wanted):
        raise RuntimeError(f"{asked.log.name}, {asked.case}: {len(row)} customers scored, {len(wanted)} expected")
    order = np.array([row[one] for one in wanted])
    forecasts = {
        target: result.scores[column].to_numpy().astype(np.float64)[order] for target, column in COLUMNS.items()
    }
    told = figures(result.run.main)
    for target in TOTALS:
        forecasts[f"total/{target}"] = np.array([told[f"expected_{target}_{end}"] for end in ("low", "high")])
    models = result.run.main.models
    serving, learned = dict(models.names), models.trained_horizon_days
    if learned != asked.case.horizon_days:
        serving["learned"] = f"over {learned} days"
    return forecasts, serving


def _cached(asked: Asked, contender: str, code: str, made: Callable[[], tuple[Forecasts, dict[str, str]]]) -> Answer:
    data = fingerprint_of_arrays(asked.known.customer, asked.known.day, asked.known.amount)
    libraries = [version(name) for name in LIBRARIES]
    key = fingerprint([data, len(asked.log.lines), str(asked.case), contender, code, libraries])
    path = CACHE / f"{asked.log.name}-{contender.replace('/', '-').replace(' ', '-')}-{key}.npz"
    if not path.exists():
        began = time.perf_counter()
        forecasts, serving = made()
        CACHE.mkdir(exist_ok=True)
        texts = {f"serving/{target}": np.array(model) for target, model in serving.items()}
        np.savez(path, seconds=np.array(time.perf_counter() - began), **texts, **forecasts)  # type: ignore[arg-type]
    with np.load(path) as kept:
        stored = {name: kept[name] for name in kept.files}
    seconds = float(stored.pop("seconds"))
    serving = {
        name.removeprefix("serving/"): str(stored.pop(name)) for name in [*stored] if name.startswith("serving/")
    }
    totals = {target: stored.pop(f"total/{target}") for target in TOTALS if f"total/{target}" in stored}
    return Answer(
        stored, seconds, serving, {target: (float(low), float(high)) for target, (low, high) in totals.items()}
    )


def _code_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()
