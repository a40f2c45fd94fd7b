"""False alarms: experiments in which contact does the same to everybody, so that no choice of whom can pay."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from scipy.special import expit
from scipy.stats import beta
from threadpoolctl import threadpool_limits

from bench.uplift.problems import flat
from foretell.uplift.proof import proved
from foretell.uplift.trial import Trial, Worth

ROWS = 1200


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


def false_alarms(name: str, draws: int) -> dict[str, Any]:
    """How often the proof says at a nominal 5 % that targeting pays, with the upper 95 % limit of that share
    (Clopper and Pearson)."""
    alarms = 0
    with threadpool_limits(limits=1):
        for draw in range(draws):
            trial, worth = NULLS[name](np.random.default_rng([13, draw]))
            alarms += proved(trial, worth, draw).p_value < 0.05
            if draw % 100 == 99:
                print(f"null {name}: {alarms} of {draw + 1}", file=sys.stderr, flush=True)
    high = float(beta.ppf(0.95, alarms + 1, draws - alarms)) if alarms < draws else 1.0
    return {"draws": draws, "alarms": int(alarms), "share": alarms / draws, "upper": high}
