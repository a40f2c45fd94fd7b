"""False alarms: experiments in which contact does the same to everybody, so that no choice of whom can pay."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit
from scipy.stats import beta
from threadpoolctl import threadpool_limits

from bench.uplift.environment import CACHE, code_of_ours
from bench.uplift.problems import flat
from foretell.project.fingerprints import fingerprint
from foretell.uplift.proof import proved
from foretell.uplift.trial import Trial, Worth

ROWS = 600
AT_ONCE = 25


def _table(random: np.random.Generator) -> tuple[np.ndarray, Any]:
    z = random.standard_normal((ROWS, 4))
    columns = {f"x{at}": np.round(z[:, at], 3) for at in range(4)}
    return z, flat({**columns, "kind": np.array(["a", "b", "c"])[random.integers(0, 3, ROWS)]})


def nothing(random: np.random.Generator) -> tuple[Trial, Worth]:
    """One arm, which does nothing; a quarter have the outcome, by columns."""
    z, table = _table(random)
    arm = random.integers(0, 2, ROWS)
    outcome = (random.random(ROWS) < expit(-1.3 + 0.8 * z[:, 0] - 0.5 * z[:, 1])).astype(np.float64)
    return Trial(table, arm, outcome, ("0", "1"), np.array([0.5, 0.5])), Worth(1.0, np.zeros(2))


def same(random: np.random.Generator) -> tuple[Trial, Worth]:
    """Two arms that add as much as they cost to everybody's heavy-tailed spend; one in six has any."""
    z, table = _table(random)
    arm = random.integers(0, 3, ROWS)
    buys = random.random(ROWS) < expit(-2.0 + 0.7 * z[:, 0])
    spend = np.where(buys, np.exp(2 + 0.3 * z[:, 1] + 0.9 * random.standard_normal(ROWS)), 0.0) + 0.3 * (arm > 0)
    return Trial(table, arm, spend, ("0", "1", "2"), np.full(3, 1 / 3)), Worth(1.0, np.array([0.0, 0.3, 0.3]))


NULLS: dict[str, Callable[[np.random.Generator], tuple[Trial, Worth]]] = {"nothing": nothing, "same": same}


def false_alarms(draws: int) -> dict[str, dict[str, Any]]:
    """How often the proof says at a nominal 5 % that targeting pays, of each kind and of all, with the upper 95 % limit
    of that share (Clopper and Pearson)."""
    each = draws // len(NULLS)
    found = {name: p_values(name, each) for name in NULLS}
    return {name: _share(p) for name, p in {**found, "both": np.concatenate(list(found.values()))}.items()}


def p_values(name: str, draws: int) -> np.ndarray:
    """float64 [draws], kept in the cache some at a time."""
    found = []
    for first in range(0, draws, AT_ONCE):
        kept = CACHE / f"uplift-null-{name}-{first}-{fingerprint([code_of_ours(), ROWS])}.npy"
        if not kept.exists():
            half = kept.with_suffix(".half.npy")
            np.save(half, [_p_value(name, draw) for draw in range(first, first + AT_ONCE)], allow_pickle=False)
            half.replace(kept)
            print(f"null {name}: {first + AT_ONCE} draws", file=sys.stderr, flush=True)
        found.append(np.load(kept))
    return np.concatenate(found)[:draws]


def _p_value(name: str, draw: int) -> float:
    trial, worth = NULLS[name](np.random.default_rng([13, draw]))
    with threadpool_limits(limits=1):
        return proved(trial, worth, draw).p_value


def _share(p: np.ndarray) -> dict[str, Any]:
    alarms, draws = int((p < 0.05).sum()), len(p)
    high = float(beta.ppf(0.95, alarms + 1, draws - alarms)) if alarms < draws else 1.0
    return {"draws": draws, "alarms": alarms, "share": alarms / draws, "upper": high}
