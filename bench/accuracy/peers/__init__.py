"""The peers by name, and what each can be judged by; each file says what its peer does."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bench.accuracy.peers import bg_nbd, frequency_money, own_rate, pareto_nbd, recency, rfm_score, status_quo, tutorial
from bench.accuracy.peers.history import Forecasts, History


@dataclass(frozen=True)
class Peer:
    """`figures` are the targets for which it gives a probability or a mean; by the others it only ranks."""

    forecast: Callable[[History, int], Forecasts]
    figures: frozenset[str]


NOTHING: frozenset[str] = frozenset()
AMOUNTS = frozenset({"orders", "spend"})
ALL = AMOUNTS | {"purchase"}

PEERS: dict[str, Peer] = {
    "recency": Peer(recency.forecast, NOTHING),
    "RFM score": Peer(rfm_score.forecast, NOTHING),
    "frequency x money": Peer(frequency_money.forecast, NOTHING),
    "status quo": Peer(status_quo.forecast, AMOUNTS),
    "own past rate": Peer(own_rate.forecast, ALL),
    "BG/NBD": Peer(bg_nbd.forecast, ALL),
    "Pareto/NBD": Peer(pareto_nbd.forecast, ALL),
    "tutorial logistic": Peer(tutorial.logistic, ALL),
    "tutorial forest": Peer(tutorial.random_forest, ALL),
    "tutorial LightGBM": Peer(tutorial.lightgbm, ALL),
}
SLOW = frozenset({"Pareto/NBD", "tutorial forest"})
